"""On Spark: the figures, errors and panels that other engines and memory give.

Starting Java takes seconds and every query a good part of one, so all of it counts as slow.
"""

import importlib.util
import shutil

import pytest
from engine_cases import (
    ON_SLOW_ENGINES_TOO,
    check_constants,
    check_errors,
    check_figures,
    check_operators,
)
from engine_frames import FRAMES, SPARK, spark
from panel_table import (
    ON_SPARK,
    REFUSALS,
    check_built,
    check_refusal,
    check_result,
    constructions,
    from_long,
)

pytestmark = [
    SPARK,
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="no pyspark"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and there is none"),
]


@pytest.fixture(scope="module", autouse=True)
def session():
    """The one session, ended with the last test."""
    yield
    spark().stop()


@pytest.mark.parametrize("case", ON_SLOW_ENGINES_TOO)
def test_the_same_figures(case):
    check_figures("spark", case, whole=False)


def test_the_same_errors():
    check_errors("spark")


def test_constants_count_everyone():
    check_constants("spark")


def test_the_same_operators():
    check_operators("spark")


def make(engine, frame):
    return FRAMES[engine](frame)


def test_a_panel_is_built_as_in_memory():
    check_built(from_long, make, "spark")


@pytest.mark.parametrize(("name", "build"), constructions(ON_SPARK, whole=False))
def test_the_same_panel(name, build):
    check_result(name, build, make, "spark")


# What is found by linking people, in rows and in weights; the rest is refused by the same queries.
ASKED = {name: REFUSALS[name] for name in ("twice", "no overlap", "negative")}


@pytest.mark.parametrize(("name", "build"), constructions(ASKED, whole=False))
def test_the_same_refusal(name, build):
    check_refusal(name, build, make, "spark")
