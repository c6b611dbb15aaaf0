"""Time small calls one by one, as in a loop over many questions: what does not grow with people."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from panels import PSUS, PSUS_PER_STRATUM, People, check_transitions, make_people
from timing import Row, in_turn

import opinionpanel as op

PEOPLE, GROUPS = 10_000, 20
# How many calls make up a run, and how many runs count.
CALLS, RUNS = 500, 20
# How many PSUs are put together where there are fewer of them.
MERGED = 5


def fewer_psus(made: People) -> People:
    """Put every five PSUs of a stratum together, so that there are 25 people in each, not five."""
    stratum, number = made.stratum, made.psu % PSUS_PER_STRATUM
    return replace(made, psu=stratum * PSUS_PER_STRATUM + number // MERGED)


def loop(measure: Callable[[], op.Estimates], calls: int) -> Callable[[], object]:
    """Make the loop that is timed, each time until values and covariance are there."""

    def run() -> None:
        for _ in range(calls):
            found = measure()
            assert found.value.size == len(found.covariance)

    return run


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure tables, what is derived from them, and a table by groups."""
    # Nobody's PSU is missing, as at random some of so many would be.
    made = replace(make_people(PEOPLE, 2, groups=GROUPS), psu=np.arange(PEOPLE) % PSUS)
    panel, grouped = made.panel(clustered=True), made.panel(clustered=True, grouped=True)
    few = fewer_psus(made).panel(clustered=True, grouped=True)
    check_transitions(op.transitions(panel, "support"), made, clustered=True)
    calls = 20 if quick else CALLS
    for what, measure, at_most in (
        ("transitions", lambda: op.transitions(panel, "support"), 1.2),
        ("flows", lambda: op.flows(panel, "support"), 1.2),
        ("net change", lambda: op.net_change(panel, "support"), None),
        ("turnover", lambda: op.turnover(panel, "support"), None),
        ("number of changes", lambda: op.number_of_changes(panel, "support"), None),
        ("paths", lambda: op.paths(panel, "support"), None),
        (
            f"shares by {GROUPS} groups, {PSUS:,} PSUs",
            lambda: op.shares(grouped, "support", by="group"),
            2.5,
        ),
        (
            f"shares by {GROUPS} groups, {few.sampling.sampled.sum():,} PSUs",
            lambda: op.shares(few, "support", by="group"),
            2.5,
        ),
    ):
        (spent,), runs = in_turn((loop(measure, calls),), RUNS)
        yield Row(
            part="calls",
            what=f"a call: {what}",
            ours=spent / calls,
            at_most=at_most,
            people=PEOPLE,
            waves=2,
            runs=runs * calls,
            note=f"median of {runs} loops of {calls}, values and full covariance",
        )
