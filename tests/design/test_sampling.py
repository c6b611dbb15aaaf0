"""Strata and PSUs compiled: what is counted, what is refused, and two routes to the covariance."""

import numpy as np
import pytest

import opinionpanel as op
from opinionpanel.design.sampling import compile_sampling
from opinionpanel.errors import DesignError


def compiled(stratum, psu=None, fpc=None, inside=None, **options):
    stratum = np.array(stratum)
    inside = np.ones(len(stratum), dtype=bool) if inside is None else np.array(inside, dtype=bool)
    design = op.Design(weight="w", stratum="region", psu="village", fpc="size", **options)
    psu = None if psu is None else np.array(psu)
    fpc = None if fpc is None else np.array(fpc, dtype=float)
    return compile_sampling(design, inside, stratum, psu, fpc)


def test_sampled_psus_and_people_are_counted_by_stratum():
    assert compiled([0, 0, 1, 1, 1]).sampled.tolist() == [2, 3]
    assert compiled([0, 0, 0, 1, 1, 1], [0, 0, 1, 2, 3, 4]).sampled.tolist() == [2, 3]


def test_people_outside_the_design_count_nowhere():
    sampling = compiled([0, 0, 1, 1, 2, -1], inside=[1, 1, 1, 1, 0, 0])
    assert sampling.sampled.tolist() == [2, 2]


def test_psu_in_two_strata_needs_nest():
    with pytest.raises(DesignError, match=r"1 PSU\(s\) of column 'village'.*nest=True"):
        compiled([0, 0, 1, 1], [0, 1, 1, 2])
    assert compiled([0, 0, 1, 1], [0, 1, 0, 1], nest=True).sampled.tolist() == [2, 2]


@pytest.mark.parametrize(("psu", "what"), [(None, "person"), ([0, 1, 2], "PSU")])
def test_single_psu_stratum_is_refused_by_default(psu, what):
    with pytest.raises(DesignError, match=rf"1 of 2 strata .*'region'.* a single {what}"):
        compiled([0, 0, 1], psu)
    for rule in ("certainty", "adjust", "average"):
        assert compiled([0, 0, 1], psu, lonely_psu=rule).sampled.tolist() == [2, 1]


def test_average_needs_a_stratum_with_several():
    with pytest.raises(DesignError, match="no variance to average"):
        compiled([0, 1], lonely_psu="average")


def test_single_psu_that_is_the_whole_population_is_not_lonely():
    sampling = compiled([0, 0, 1], fpc=[10, 10, 1])
    np.testing.assert_allclose(sampling.fraction, [0.2, 1.0])
    assert sampling.population.tolist() == [10, 1]


def test_fractions_are_read_as_fractions():
    np.testing.assert_allclose(
        compiled([0, 0, 1, 1], fpc=[0.1, 0.1, 0.5, 0.5]).fraction, [0.1, 0.5]
    )
    assert compiled([0, 0, 1, 1], fpc=[0.1, 0.1, 0.5, 0.5]).fractions
    assert not compiled([0, 0, 1, 1], fpc=[20, 20, 4, 4]).fractions
    assert not compiled([0, 0, 1, 1]).fractions


@pytest.mark.parametrize(
    ("fpc", "words"),
    [
        ([10, 11, 5, 5], "one positive number in each stratum"),
        ([10, 10, 0, 0], "one positive number"),
        ([10, 10, np.nan, np.nan], "one positive number"),
    ],
)
def test_impossible_populations(fpc, words):
    with pytest.raises(DesignError, match=words):
        compiled([0, 0, 1, 1], fpc=fpc)


@pytest.mark.parametrize(("fpc", "fraction"), [(1.0, 1.0), (0.5, 0.5), (2.0, 1.0), (4.0, 0.5)])
def test_one_is_a_fraction_and_what_is_more_a_number(fpc, fraction):
    """All of them, rather than a population of one."""
    assert compiled([0, 0, 1, 1], fpc=[fpc] * 4).fraction.tolist() == [fraction, fraction]


def test_a_psu_with_nobody_in_the_design_is_not_sampled():
    sampling = compiled([0, 0, 0, 0, 0], [0, 0, 2, 2, 1], inside=[1, 1, 1, 1, 0])
    assert sampling.sampled.tolist() == [2]
    assert sampling.stratum_of_psu.tolist() == [0, 0]


def test_a_sampled_fraction_of_exactly_one_is_no_population_of_one():
    whole = compiled([0, 0, 0], fpc=[1, 1, 1])
    assert whole.fractions
    assert whole.population.tolist() == [3]
    beside = compiled([0, 0, 0, 1, 1], fpc=[1, 1, 1, 0.5, 0.5])
    assert beside.population.tolist() == [3, 4]
    assert not compiled([0, 0, 0], fpc=[3, 3, 3]).fractions
