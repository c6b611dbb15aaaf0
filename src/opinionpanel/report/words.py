"""Estimates in sentences that claim no more than their intervals allow."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.estimates import NO_INTERVAL, WITHHELD, TestResult, cell_texts, p_text
from opinionpanel.measures import NOT_INTERVIEWED

LATENT = (
    "Part of turnover may be unsteady answering. A latent Markov model tells it from true change, "
    "as far as its assumptions hold: they stand under the table. It takes most of what is said "
    "once and taken back for error, short-lived changes of mind included."
)
NO_SYMMETRY = (
    "No test of whether flows balance: it rests on all flows between states, and some are withheld."
)
NO_TURNOVER = (
    "How many gave an answer in another state is withheld: it would tell of flows of few people."
)
NO_BREAK_EVEN = (
    "How many wrong answers would be enough for all of turnover is withheld: it would tell of "
    "flows of few people."
)
TOO_FEW = f"Fewer than {MIN_N} people are in the base, so no number is shown."


def waves_left_out(waves: Sequence[str]) -> str:
    """Say at which waves there are no shares, and that those of a pair tell nearly the same."""
    return (
        f"Left out at {_and(list(waves))}: few people answered, or nearly all who did are in the "
        "tables of two waves, and the difference would tell of the few others."
    )


@checked
def turnover(parts: Shown, first: str, second: str) -> str:
    """Say how many gave an answer in another state, and how that splits up."""
    cells = _cells(parts)
    if cells is None:
        return TOO_FEW
    names = parts.estimates.labels["component"]
    by = dict(zip(names, cells, strict=True))
    hidden = set(names[parts.hidden])
    total = (
        f"{_per_cent(by['total'])} of the people who answered at both waves gave an answer in "
        f"another state at {second} than at {first}."
    )
    texts = [NO_TURNOVER if "total" in hidden else total]
    texts.append(
        f"Of the base, {_per_cent(by['net'])} is net change: the least that must have moved for "
        "the shares to become what they are."
    )
    if "exchange" in hidden:
        texts.append("The rest is not parted further, as that would tell of flows of few people.")
    else:
        texts.append(
            f"{_per_cent(by['exchange'])} is exchange: people who swapped states with each other, "
            f"which the shares do not show. {_per_cent(by['shift'])} is shift: the rest, moves "
            "that involve three or more states at once. Where flows are nearly equal, net and "
            "shift are estimated too high and exchange too low, and their intervals are rough."
        )
    texts.append("Two waves alone cannot tell a change of mind from an unsteady answer.")
    return " ".join(texts)


@checked
def symmetry(test: TestResult) -> str:
    """Say whether the flows between states balance; without this, parts of turnover mislead."""
    text = (
        f"Do the flows between each two states balance? {test.note} F({test.df1:.3g}, "
        f"{test.df2:.0f}) = {test.statistic:.2f}, {p_text(test.pvalue)}."
    )
    if test.pvalue < 0.05:
        return text
    return f"{text} Net change and shift of the table above may then be nothing but chance."


@checked
def break_even(rates: Shown) -> str:
    """Say how many wrong answers would be enough to produce all of the turnover."""
    if rates.hidden.all():
        return TOO_FEW if rates.estimates.n.max() < MIN_N else NO_BREAK_EVEN
    cells, labels = _cells(rates), rates.estimates.labels
    if cells is None:
        return "Turnover is as great as that of answers at random: no share of errors explains it."
    said = np.isfinite(rates.frame()["estimate"])
    rows = zip(labels["from_wave"], labels["to_wave"], cells, said, strict=True)
    texts = [
        f"{_per_cent(cell)} from {first} to {second}" for first, second, cell, one in rows if one
    ]
    return (
        "If nobody changed their mind, and at each wave some answers fell on another state by "
        "mistake, any other with the same chance, these shares of wrong answers would be enough "
        f"for all of the turnover: {_and(texts)}. That is an assumption to weigh, not an estimate "
        "of how often people err."
    )


@checked
def net_change(changes: Shown, first: str, second: str) -> str:
    """Say which states have more or fewer people, where the interval excludes zero."""
    frame, cells = changes.frame(), _cells(changes)
    if cells is None:
        return TOO_FEW
    parts, open_ones, unsure = [], [], []
    for state, low, high, cell in zip(
        frame["state"], frame["conf_low"], frame["conf_high"], cells, strict=True
    ):
        if np.isnan(low + high):
            unsure.append(f"{state} {cell.removesuffix(NO_INTERVAL).strip()}")
        elif low > 0 or high < 0:
            parts.append(f"{state} {'rose' if low > 0 else 'fell'} by {_points(cell)} points")
        else:
            open_ones.append(str(state))
    if unsure:
        parts.append(f"without an interval, in points: {_and(unsure)}")
    if open_ones:
        parts.append(f"no detectable difference for {_and(open_ones)}")
    text = f"Among the same people, from {first} to {second}: {'; '.join(parts)}."
    if len(unsure) == len(cells):
        return text
    return text + " Each interval stands alone: of many, some exclude zero by chance."


def opposite_flows(flows: Shown) -> Shown:
    """Compare the flow from each state to each other with the flow back, of one pair of waves.

    Pairs of states that fewer people than `MIN_N` moved between are left out: a symmetric interval
    from so few is too narrow. So are those of which a flow is withheld.
    """
    cell, pairs = _positions(flows), _pairs(flows)
    matrix = np.zeros((len(pairs), len(flows.estimates)))
    for row, (a, b) in enumerate(pairs):
        matrix[row, cell[a, b]], matrix[row, cell[b, a]] = 1.0, -1.0
    labels = pd.DataFrame({"flows": [f"{a} → {b} minus {b} → {a}" for a, b in pairs]})
    title = f"Opposite flows of {flows.estimates.about.item} compared"
    return flows.contrast(matrix, labels, title)


def opposites(flows: Shown) -> str:
    """Say whether the two largest opposite flows, of one pair of waves, can be told apart."""
    frame, cells = flows.frame(), _cells(flows)
    cell, pairs = _positions(flows), _pairs(flows)
    if cells is None and flows.estimates.n.max() < MIN_N:
        return TOO_FEW
    if cells is None or not pairs:
        return (
            "No opposite flows are compared: too few people moved between any two states, or the "
            "flows are withheld."
        )
    sums = [frame["estimate"][cell[a, b]] + frame["estimate"][cell[b, a]] for a, b in pairs]
    largest = int(np.argmax(sums))
    a, b = pairs[largest]
    differences = opposite_flows(flows)
    low, high = differences.frame()[["conf_low", "conf_high"]].iloc[largest]
    there, back = _per_cent(cells[cell[a, b]]), _per_cent(cells[cell[b, a]])
    shown_difference = (_cells(differences) or [""])[largest]
    if not np.isfinite(low + high):
        verdict = "The design is too small for an interval, so they cannot be compared"
    elif low > 0 or high < 0:
        more = f"{a} → {b}" if low > 0 else f"{b} → {a}"
        verdict = f"The flow {more} is the larger: the interval of the difference excludes zero"
    else:
        verdict = "There is no detectable difference between them: its interval includes zero"
    which = " of those shown" if flows.hidden.any() else ""
    return (
        f"The two opposite flows with the largest shares{which}: {there} of the base went from {a} "
        f"to {b}, and {back} from {b} to {a}. {verdict}; the difference is {shown_difference} "
        "percentage points. The interval takes into account that both flows come from the same "
        "people."
    )


def drop_out(shares: Shown) -> str:
    """Say how many of those who answered first are missing later; shares with base="panel"."""
    cells = _cells(shares)
    if cells is None:
        return TOO_FEW
    labels = shares.estimates.labels.assign(cell=cells)
    first = labels["wave"].iloc[0]
    absent = labels[(labels["state"] == NOT_INTERVIEWED) & (labels["wave"] != first)]
    ways = zip(absent["wave"], absent["cell"], strict=True)
    later = [f"{_per_cent(cell)} at {wave}" for wave, cell in ways]
    later[0] = later[0].replace(" at ", " were not interviewed at ", 1)
    return (
        f"Of the people who answered at {first}, {_and(later)}. They stay in the base here, "
        "as people without an answer. People who joined after the first wave are not in it."
    )


def _cells(shown: Shown) -> list[str] | None:
    """Show the estimates; None where every one of them is withheld or undefined."""
    frame = shown.frame()
    if frame["estimate"].isna().all():
        return None
    texts = cell_texts(frame, shown.estimates.unit)
    return [WITHHELD if gone else text for text, gone in zip(texts, shown.hidden, strict=True)]


def _positions(flows: Shown) -> dict[tuple[str, str], int]:
    labels = flows.estimates.labels
    ways = zip(labels["origin"], labels["destination"], strict=True)
    return {way: position for position, way in enumerate(ways)}


def _pairs(flows: Shown) -> list[tuple[str, str]]:
    people, cell = flows.estimates.n_cell, _positions(flows)
    assert people is not None
    states = flows.estimates.labels["origin"].drop_duplicates()
    return [
        (a, b)
        for a, b in combinations(states, 2)
        if people[cell[a, b]] + people[cell[b, a]] >= MIN_N
        and not flows.hidden[[cell[a, b], cell[b, a]]].any()
    ]


def _per_cent(cell: str) -> str:
    value, _, interval = cell.replace(NO_INTERVAL, "(no interval)").partition(" ")
    return f"{value}\u00a0% {interval}".strip()


def _points(cell: str) -> str:
    """Drop the sign that the verb already says; the interval keeps its own."""
    value, _, interval = cell.partition(" ")
    return f"{value.lstrip('+−')} {interval}".strip()


def _and(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
