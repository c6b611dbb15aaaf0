"""One test body on every engine: the same figures as in memory, and the same errors."""

import importlib.util

import pytest
from engine_cases import (
    CASES,
    ON_SLOW_ENGINES_TOO,
    check_constants,
    check_errors,
    check_figures,
    check_operators,
)
from engine_frames import DASK, ON_STAND_INS, STAND_INS, dask_cluster

# Dask takes seconds for what the others do in a tenth of one.
SLOW = [DASK, pytest.mark.slow]


@pytest.fixture(scope="module", params=[*STAND_INS, pytest.param("dask", marks=SLOW)])
def engine(request):
    """The name of an engine."""
    name = request.param
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    return name


@ON_STAND_INS
@pytest.mark.parametrize("case", CASES)
def test_the_same_figures(case, engine):
    check_figures(engine, case, whole=True)


@pytest.mark.slow
@DASK
@pytest.mark.parametrize("case", [case for case in ON_SLOW_ENGINES_TOO if case != "clustered"])
def test_the_same_figures_on_dask(case):
    pytest.importorskip("dask")
    check_figures("dask", case, whole=False)


@pytest.mark.slow
@DASK
def test_the_same_figures_by_the_scheduler_of_clusters():
    pytest.importorskip("distributed")
    with dask_cluster():
        check_figures("distributed", "clustered", whole=False)


def test_the_same_errors(engine):
    check_errors(engine)


def test_constants_count_everyone(engine):
    check_constants(engine)


def test_the_same_operators(engine):
    check_operators(engine)


@DASK
def test_a_choice_of_figures_on_dask():
    """Also where slow tests are left out."""
    pytest.importorskip("dask")
    check_figures("dask", "clustered", whole=False)
