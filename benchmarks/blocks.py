"""Time tables of which standard errors are asked for, and no covariance between all their cells."""

from collections.abc import Callable, Iterator

import numpy as np
from panels import (
    PSUS,
    PSUS_PER_STRATUM,
    STATES,
    STRATA,
    People,
    bare_counts,
    combined,
    make_people,
    transition_covariance,
    transition_shares,
)
from timing import Row, in_turn

import opinionpanel as op

RUNS = 7
WAVES = 10
PEOPLE, GROUPS = 50_000, 6_760


def errors_of(measure: Callable[[], op.Estimates]) -> Callable[[], object]:
    """Make the call that is timed: estimates that have their values and their standard errors."""

    def estimate() -> object:
        found = measure()
        return found.value, found.std_error

    return estimate


def check_shares(found: op.Estimates, made: People, *, clustered: bool) -> None:
    """Refuse a fast wrong answer: errors by linearising every person, one state at a time."""
    weight, stratum = made.weight(0), made.stratum
    names = np.unique(made.group.astype(str))
    place = np.searchsorted(names, made.group.astype(str))
    base = np.bincount(place, weight)
    unit = made.psu if clustered else np.arange(len(weight))
    units = np.bincount(stratum, minlength=STRATA)
    if clustered:
        units = np.full(STRATA, PSUS_PER_STRATUM)
    scale = units / (units - 1)
    number = len(names)
    by_name = {
        (group, state): row
        for row, (group, state) in enumerate(
            zip(found.labels["group"].astype(str), found.labels["state"], strict=True)
        )
    }
    for code, state in enumerate(STATES):
        inside = made.codes[0] == code
        share = np.bincount(place, weight * inside) / base
        score = weight * (inside - share[place]) / base[place]
        key, which = np.unique(unit * number + place, return_inverse=True)
        sums, of = np.bincount(which, score), key % number
        at = stratum if not clustered else np.arange(PSUS) // PSUS_PER_STRATUM
        squares = np.bincount(of, scale[at[key // number]] * sums**2)
        means = np.bincount(stratum * number + place, score, STRATA * number).reshape(STRATA, -1)
        variance = squares - (scale / units) @ means**2
        rows = [by_name[group, state] for group in names]
        np.testing.assert_allclose(found.value[rows], share, rtol=1e-9)
        error = np.sqrt(np.maximum(variance, 0.0))
        ours = found.spread.variances[rows] ** 0.5
        np.testing.assert_allclose(np.nan_to_num(ours), error, rtol=1e-6, atol=1e-9)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure shares in thousands of groups, and nine tables with a weight per wave."""
    for what, clustered in (("people as PSUs", False), (f"{PSUS:,} PSUs", True)):
        made = make_people(PEOPLE, 2, groups=GROUPS)
        panel = made.panel(clustered=clustered, grouped=True)

        def shares(panel: op.Panel = panel) -> op.Estimates:
            return op.shares(panel, "support", by="group", waves=["w1"])

        check_shares(shares(), made, clustered=clustered)
        (ours,), runs = in_turn((errors_of(shares),), RUNS)
        yield Row(
            part="blocks",
            what=f"shares in {GROUPS:,} groups with errors, {what}",
            ours=ours,
            at_most=1_000,
            people=PEOPLE,
            waves=1,
            runs=runs,
            note="their whole covariance would take 3 GB; values and errors checked",
        )
    people = 100_000 if quick else 1_000_000
    made = make_people(people, WAVES, weight_per_wave=True)
    panel, codes = made.panel(clustered=False), combined(made)

    def transitions() -> op.Estimates:
        return op.transitions(panel, "support")

    found, expected = transitions(), transition_covariance(made, clustered=False).diagonal()
    np.testing.assert_allclose(found.value, transition_shares(made).ravel(), rtol=1e-9)
    np.testing.assert_allclose(found.std_error, np.sqrt(expected), rtol=1e-7)
    (ours, theirs), runs = in_turn((errors_of(transitions), lambda: bare_counts(made, codes)), RUNS)
    yield Row(
        part="blocks",
        what=f"{WAVES - 1} transition tables with errors, a weight per wave",
        ours=ours,
        against=f"{WAVES - 1} bare bincounts",
        theirs=theirs,
        at_most=3.5,
        people=people,
        waves=WAVES,
        runs=runs,
        note="people as PSUs, no covariance between tables; values and errors checked",
    )
