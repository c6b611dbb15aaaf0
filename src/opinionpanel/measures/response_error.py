"""What response error would do to turnover: assumptions tried out, as two waves cannot tell."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from numbers import Real
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array, Booleans, Floats
from opinionpanel.errors import SelectionError, unknown
from opinionpanel.estimates import PAIR, Estimates
from opinionpanel.measures.assumed_errors import Response, correction, several_rates
from opinionpanel.measures.bases import Base, By, Own
from opinionpanel.measures.flow_sums import Rows, Table, by_table, table_keys
from opinionpanel.measures.pairs_of_waves import Waves
from opinionpanel.measures.tabulation import moved, pair_totals
from opinionpanel.panel import Panel

ErrorMeasure = Literal["turnover", "flows"]
ASSUMED = "an assumption, not an estimate"
# Which errors are meant, beside every number that rests on them.
ALIKE = "errors that are independent between the two waves and as frequent at both"
EVEN = (
    "Assumed: the same share of wrong answers in every state, spread evenly over the other states; "
    f"{ALIKE}."
)
GIVEN = f"Assumed: the response probabilities as given; {ALIKE}."
# Rounding leaves a corrected flow of 0 at -1e-17.
ROUNDING = 1e-12


@checked
def error_sensitivity(
    panel: Panel,
    item: str,
    *,
    response: Response = (0.0, 0.02, 0.05, 0.1),
    measure: ErrorMeasure = "turnover",
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> Estimates:
    """Turnover or flows as they would be without response error, if people answered as assumed.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    response : float, sequence of float, array_like, pandas.DataFrame or dict
        What people answer, given what they think: the share of wrong answers, spread evenly over
        the other states; several such shares, to see what each would do; or, in rows that add up to
        1, the probability of every answer for each true state (an array in the order of the states,
        a frame with the true states as index and the answers as columns, or a dict of dicts).
    measure : {"turnover", "flows"}
        What is corrected. Flows take a single share of wrong answers, or the probabilities.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. Who was not interviewed gave no answer that could be wrong.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``component``: the turnover ``observed``
        and ``corrected``; with several shares of wrong answers ``parameter``, a row for each, such
        as ``2% errors``. NaN for a corrected turnover below 0 or above 1, which contradicts the
        data; a note says so, also where only flows are negative. With ``measure="flows"`` the
        labels are ``from_wave``, ``to_wave``, the groups, ``origin`` and ``destination``; the flows
        of a pair and group add up to 1, and one below 0 or above 1, which contradicts the
        assumption, is shown and has no standard error.

    Raises
    ------
    SelectionError
        A response that is no matrix of probabilities for these states or tells nothing of the
        true state, no shares or the same one twice, several for flows, another measure, the base
        "panel"; an item, wave or group that the panel does not have; or fewer than two waves.

    Notes
    -----
    With R the response probabilities, the same at both waves, and errors independent of each
    other, observed flows are π = Rᵀ τ R. So τ = R⁻ᵀ π R⁻¹, and turnover 1 − tr τ, is linear in π
    (Kuha & Skinner 1997, in Lyberg et al., Survey Measurement and Process Quality). For a share e
    of wrong answers among k states, with λ = 1 − e k / (k − 1) and t the observed turnover, it is
    1 − 1/k − (1 − 1/k − t) / λ². Two waves hold no information on R: it comes from elsewhere, such
    as an interview repeated after days. Its own uncertainty is not in the standard errors.
    `break_even` finds the share of wrong answers that would explain all turnover.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("agresti_approval")
    >>> found = op.error_sensitivity(panel, "opinion")
    >>> found.to_frame()[["parameter", "estimate", "std_error"]].round(3)
        parameter  estimate  std_error
    0   0% errors     0.148      0.009
    1   2% errors     0.118      0.010
    2   5% errors     0.065      0.011
    3  10% errors       NaN        NaN
    >>> op.error_sensitivity(panel, "opinion", response=0.05).value.round(3).tolist()
    [0.148, 0.065]
    >>> flows = op.error_sensitivity(panel, "opinion", response=0.05, measure="flows")
    >>> flows.matrix().round(3).to_numpy().tolist()
    [[0.545, 0.055], [0.01, 0.39]]
    """
    if measure not in get_args(ErrorMeasure):
        raise unknown("measure", measure, get_args(ErrorMeasure))
    joint = _flows(panel, item, waves, by, base)
    rates = several_rates(response, joint.about.states)
    if measure == "turnover":
        return _rates(joint, item, rates) if rates else _turnover(joint, item, response)
    if rates:
        raise SelectionError(
            "Flows are corrected for one share of wrong answers, not for several: write "
            f"response={rates[-1]:g}, or measure='turnover'."
        )
    return _corrected_flows(joint, item, response)


@checked
def break_even(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> Estimates:
    """Share of wrong answers at which all observed change of state would be response error.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. Who was not interviewed gave no answer that could be wrong.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``parameter``, the ``break-even error
        rate``. NaN where turnover is as great as that of answers at random; without a standard
        error where nobody changed.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves
        with ``base="balanced"``; ``base="panel"``.

    Notes
    -----
    The errors are these: the same share of wrong answers in every state, spread evenly over the
    k − 1 other states, as frequent at both waves, and independent between them; the note of the
    table says so. They give a turnover of t without any true change at the rate
    e = (1 − √(1 − t / r)) r, with r = 1 − 1/k the turnover of answers at random. Errors that are
    more frequent in some states than in others, or that a person repeats, have another rate.
    People who do not change then have the same shares at both waves: a net change is no error of
    this kind.

    Examples
    --------
    >>> import opinionpanel as op
    >>> found = op.break_even(op.datasets.load("agresti_approval"), "opinion")
    >>> found.to_frame()[["parameter", "estimate", "std_error"]].round(3)
                   parameter  estimate  std_error
    0  break-even error rate      0.08      0.005
    """
    joint = _flows(panel, item, waves, by, base)
    title = f"Error rate at which all turnover of {item} would be error ({ASSUMED})"
    own = [Own("parameter", ["break-even error rate"], "parameter")]
    observed = _by_table(joint, _moved(joint)[None, :], own, title)
    random = _random(joint)

    def rate(turnover: Array) -> Array:
        left = 1 - turnover / random
        return np.asarray((1 - np.sqrt(np.where(left.real > ROUNDING, left, np.nan))) * random)

    found = observed.derive(rate, observed.labels)
    possible = np.array([[0.0, random]] * len(found))
    found = replace(
        found, about=observed.about, unit="share", possible=possible, **_bases(observed)
    )
    note = "Such errors alone leave the shares the same at both waves: they explain no net change."
    return _shares(found, np.ones(len(found), dtype=bool)).noted({(): f"{EVEN} {note}"})


def _turnover(joint: Estimates, item: str, response: Response) -> Estimates:
    """Give turnover as observed, and as corrected for one response."""
    inverse, text = correction(response, joint.about.states)
    away = _moved(joint)
    title = f"Turnover of {item}, observed and corrected for response error {text} ({ASSUMED})"
    own = [Own("component", ["observed", "corrected"], "component")]
    found = _by_table(joint, np.vstack([away, away @ inverse]), own, title)
    even = isinstance(response, Real)
    found = _possible(found, joint, even=even).noted({(): EVEN if even else GIVEN})
    return found.noted(_infeasible(_by_table(joint, inverse, moved(joint.about.states), title)))


def _rates(joint: Estimates, item: str, rates: Sequence[float]) -> Estimates:
    """Give turnover as corrected for each of several shares of wrong answers."""
    names = [f"{100 * rate:g}% errors" for rate in rates]
    random, rows = _random(joint), []
    for rate in rates:
        fading = (1 - rate / random) ** 2
        rows.append(random * (1 - 1 / fading) + _moved(joint) / fading)
    title = f"Turnover of {item} corrected for response error spread evenly ({ASSUMED})"
    own = [Own("parameter", names, "parameter")]
    found = _by_table(joint, np.vstack(rows), own, title)
    return _possible(found, joint, even=True).noted({(): EVEN})


def _corrected_flows(joint: Estimates, item: str, response: Response) -> Estimates:
    inverse, text = correction(response, joint.about.states)
    title = f"Flows of {item} corrected for response error {text} ({ASSUMED})"
    found = _by_table(joint, inverse, moved(joint.about.states), title)
    found = found.noted({(): EVEN if isinstance(response, Real) else GIVEN})
    return found.noted(_infeasible(found))


def _flows(panel: Panel, item: str, waves: Waves | None, by: By, base: Base) -> Estimates:
    if base == "panel":
        raise SelectionError(
            "base='panel' adds people who were not interviewed, who give no wrong answers: choose "
            "base='answered' or 'balanced'."
        )
    totals, about, groups = pair_totals(panel, item, waves, by, base, "error_sensitivity", item)
    return totals.shares([*PAIR, *groups], about)


def _random(joint: Estimates) -> float:
    """Give the turnover of answers at random."""
    return 1 - 1 / len(joint.about.states)


def _moved(joint: Estimates) -> Floats:
    """Mark the cells of one table in which people change state."""
    k = len(joint.about.states)
    return np.asarray(1.0 - np.eye(k).ravel())


def _by_table(joint: Estimates, coefficients: Floats, own: Sequence[Own], title: str) -> Estimates:
    """Combine the flows of each table by the same coefficients, shape (rows, k²)."""
    keys = list(product(*(column.categories for column in own)))

    def rows(value: Floats, part: Table) -> Rows:
        placed: Rows = {key: np.zeros(len(value)) for key in keys}
        for key, row in zip(keys, coefficients, strict=True):
            placed[key][part.places] = row
        return placed

    found = by_table(joint, {column.name: column.role for column in own}, rows)
    found = replace(found, unit="share", about=replace(found.about, title=title))
    # Rows that only add up flows, uncorrected, are shares of people like any other.
    corrected = ~np.isin(coefficients, (0.0, 1.0)).all(axis=1)
    return _shares(found, np.tile(corrected, len(found) // len(keys)))


def _bases(estimates: Estimates) -> dict[str, Any]:
    """List what a table passes on to all that is derived from it."""
    return {name: getattr(estimates, name) for name in ("freedom", "n", "n_effective", "exact")}


def _shares(found: Estimates, corrected: Booleans) -> Estimates:
    """Give corrected values Wald limits, and no standard error where they are no share.

    Nor at 0 or 1 without variance: "0 (0 to 0)" would claim certainty.
    """
    impossible = (found.value < -ROUNDING) | (found.value > 1 + ROUNDING)
    at_end = (np.abs(found.value) < ROUNDING) | (np.abs(found.value - 1) < ROUNDING)
    certain = at_end & (found.std_error < ROUNDING)
    return replace(found.without_error(corrected & (impossible | certain)), wald=corrected)


def _possible(found: Estimates, joint: Estimates, *, even: bool) -> Estimates:
    """Blank corrected turnover below 0 or above 1, and say for each pair of waves why."""
    below, above = found.value < -ROUNDING, found.value > 1 + ROUNDING
    away = _moved(joint)
    tables = joint.labels[table_keys(joint)].iloc[:: len(away)].reset_index(drop=True)
    left = 1 - joint.value.reshape(-1, len(away)) @ away / _random(joint)
    rates = (1 - np.sqrt(np.clip(left, 0, 1))) * _random(joint)
    each = len(found) // len(tables)
    notes: dict[tuple[str, ...], str] = {}
    for key, part in tables.groupby(list(PAIR), sort=False):
        first, last = (str(name) for name in key)
        here = [place for place in part.index if below[place * each : (place + 1) * each].any()]
        texts = []
        if here and even:
            named = [
                " ".join([f"{100 * rates[place]:.1f}%", *_in_group(tables.iloc[place])])
                for place in here
            ]
            texts.append(f"more wrong answers than the break-even rate of {', '.join(named)}")
        elif here:
            texts.append("so much response error that turnover would be below 0")
        if any(above[place * each : (place + 1) * each].any() for place in part.index):
            texts.append("so much response error that turnover would be above 1")
        if texts:
            notes[first, last] = f"{first} to {last}: {'; '.join(texts)}: contradicts the data."
    found = found.without_error(below | above)
    # Rounding leaves the turnover at the break-even rate at -1e-17.
    value = np.where(below | above, np.nan, np.clip(found.value, 0, 1))
    return replace(found, value=value).noted(notes)


def _in_group(table: pd.Series) -> list[str]:
    """Name the group of a table, in brackets."""
    groups = [str(value) for value in table.iloc[len(PAIR) :]]
    return [f"({', '.join(groups)})"] if groups else []


def _infeasible(flows: Estimates) -> dict[tuple[str, ...], str]:
    """Say for each pair of waves how many corrected flows are negative."""
    negative = flows.labels[list(PAIR)].assign(negative=flows.value < -ROUNDING)
    notes: dict[tuple[str, ...], str] = {}
    for key, part in negative.groupby(list(PAIR), sort=False)["negative"]:
        first, last = (str(name) for name in key)
        if part.any():
            notes[first, last] = (
                f"{first} to {last}: {part.sum()} of {len(part)} corrected flows would be "
                "negative. That much response error contradicts the data, unless the flow is "
                "within sampling error of 0."
            )
    return notes
