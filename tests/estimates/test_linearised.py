"""Covariance of totals under calibration: residuals of people, by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from opinionpanel import engines
from opinionpanel.design.calibrated import Calibration, Margin
from opinionpanel.design.sample_design import Design
from opinionpanel.design.sampling import compile_sampling
from opinionpanel.design.weights import PersonWeight
from opinionpanel.engines import Cross, Key
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.linearised import (
    Weighted,
    margins_of,
    plan,
    read_sums,
    wanted_sums,
)
from opinionpanel.estimates.totals import tally, weighted_cells
from opinionpanel.estimates.varying_cells import covariance_of

PEOPLE, STRATA = 36, 3
few = settings(max_examples=20)


def sampling_of(clustered):
    psu = np.arange(PEOPLE) % 12 if clustered else None
    design = Design(weight="w", stratum="s", psu="p" if clustered else None)
    stratum = np.arange(PEOPLE) % STRATA
    return compile_sampling(design, np.ones(PEOPLE, dtype=bool), stratum, psu, None)


def post_stratified(rng):
    """A weight that meets the totals of two categories."""
    codes, before = rng.integers(0, 2, PEOPLE), rng.lognormal(size=PEOPLE)
    codes[:2] = [0, 1]
    targets = np.array([40.0, 60.0])
    values = before * (targets / np.bincount(codes, before, 2))[codes]
    margin = Margin("gender", ("man", "woman"), codes, targets)
    steps = (Calibration("post-stratified", before, (margin,)),)
    return PersonWeight(values, "w", calibrations=steps), codes


def found(sampling, cross, weight):
    margins = margins_of([(cross, weight, None)])
    planned = plan(sampling, [Weighted(cross, weight.values), *margins.cells])
    sums = read_sums(planned, iter(engines.tables(wanted_sums(planned))))
    return covariance_of(planned, sums, margins.effect).full


@pytest.mark.parametrize("clustered", [False, True])
@few
@given(seed=st.integers(0, 2**32 - 1))
def test_post_stratified_totals_vary_by_the_residuals_within_strata(clustered, seed):
    rng = np.random.default_rng(seed)
    weight, category = post_stratified(rng)
    codes = rng.integers(0, 3, PEOPLE)
    sampling = sampling_of(clustered)
    ours = found(sampling, Cross((Key(codes, 3),)), weight)
    cells = (codes[:, None] == np.arange(3)).astype(float)
    before = weight.calibrations[0].before
    means = np.stack(
        [np.average(cells[category == c], axis=0, weights=before[category == c]) for c in (0, 1)]
    )
    z = weight.values[:, None] * (cells - means[category])
    unit = np.arange(PEOPLE) % 12 if clustered else np.arange(PEOPLE)
    by_unit = np.zeros((unit.max() + 1, 3))
    np.add.at(by_unit, unit, z)
    stratum = np.arange(len(by_unit)) % STRATA
    parts = [by_unit[stratum == h] for h in range(STRATA)]
    expected = sum(len(part) * np.cov(part.T, ddof=1) for part in parts)
    np.testing.assert_allclose(ours, expected, atol=1e-9)


@pytest.mark.parametrize("clustered", [False, True])
def test_a_margin_that_is_met_has_no_variance(clustered):
    weight, category = post_stratified(np.random.default_rng(1))
    ours = found(sampling_of(clustered), Cross((Key(category, 2),)), weight)
    np.testing.assert_allclose(ours, 0, atol=1e-9)


def test_margins_of_a_weight_that_two_variables_share_stand_once():
    weight, category = post_stratified(np.random.default_rng(2))
    plain = PersonWeight(np.ones(PEOPLE), "none")
    cross = Cross((Key(category, 2),))
    margins = margins_of([(cross, weight, None), (cross, plain, None), (cross, weight, None)])
    assert len(margins.cells) == 1
    assert margins.effect.shape == (2, 6)
    assert not margins.effect[:, 2:4].any()
    np.testing.assert_array_equal(margins.effect[:, :2], margins.effect[:, 4:])
    assert margins_of([(cross, plain, None)]).effect.shape == (0, 2)


def test_people_of_different_domains_covary_as_psus_of_one_person_do():
    """Answers are known outside a domain too: a pair of cells counts those inside both."""
    rng = np.random.default_rng(11)
    stratum, weight = np.arange(PEOPLE) % STRATA, PersonWeight(rng.lognormal(size=PEOPLE), "w")
    keys = [Key(rng.integers(0, 3, PEOPLE), 3) for _ in range(4)]
    insides = [rng.random(PEOPLE) < 0.7, rng.random(PEOPLE) < 0.6, None, None]
    labels = label_rows({"cell": list("abc")})
    variables = [
        weighted_cells(Cross((key,), inside), weight, labels)
        for key, inside in zip(keys, insides, strict=True)
    ]
    covariances = []
    for psu in (None, np.arange(PEOPLE)):
        design = Design(weight="w", stratum="s", psu=None if psu is None else "p")
        sampling = compile_sampling(design, np.ones(PEOPLE, dtype=bool), stratum, psu, None)
        covariances.append(tally(sampling, variables).covariance)
    np.testing.assert_allclose(*covariances, atol=1e-12)
