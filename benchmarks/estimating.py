"""Time all transitions of ten waves, with their joint covariance, against bare counts of them."""

from collections.abc import Callable, Iterator

from panels import PSUS, STRATA, bare_counts, check_transitions, combined, make_people
from timing import Row, explained, in_turn

import opinionpanel as op

WAVES = 10
RUNS = 7


def transitions_of(panel: op.Panel) -> Callable[[], object]:
    """Make the call that is timed: estimates that have their values and their covariance."""

    def estimate() -> object:
        found = op.transitions(panel, "support")
        return found.value, found.covariance

    return estimate


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure with PSUs and without, with one weight and with one for each wave."""
    people = 100_000 if quick else 1_000_000
    psus = f"{PSUS:,} PSUs in {STRATA} strata"
    for what, clustered, weight_per_wave, unanswered, at_most in (
        (psus, True, False, 0.0, 1.5),
        ("people as PSUs", False, False, 0.0, 2.0),
        ("people as PSUs, a weight per wave", False, True, 0.0, 7.5),
        ("PSUs, a weight per wave", True, True, 0.0, None),
        ("PSUs, 5 % without an answer", True, False, 0.05, None),
    ):
        made = make_people(people, WAVES, weight_per_wave=weight_per_wave, unanswered=unanswered)
        panel, codes = made.panel(clustered=clustered), combined(made)
        check_transitions(op.transitions(panel, "support"), made, clustered=clustered)
        (ours, theirs), runs = in_turn(
            (transitions_of(panel), lambda: bare_counts(made, codes)),  # noqa: B023
            RUNS,
        )
        row = Row(
            part="estimating",
            what=f"{WAVES - 1} transition tables, {what}",
            ours=ours,
            against=f"{WAVES - 1} bare bincounts",
            theirs=theirs,
            at_most=at_most,
            people=people,
            waves=WAVES,
            runs=runs,
            note="full covariance of all 81 cells; values and covariance checked",
        )
        yield explained(row, transitions_of(panel))
