"""Reliability and stability of an ordered item over three waves, after Heise."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, Estimates, Labels, Role, label_rows, repeated
from opinionpanel.measures import (
    WAVES,
    Account,
    By,
    OneTable,
    Waves,
    about_of,
    accounts_of,
    base_of,
    base_words,
    by_text,
    group_names,
    moved,
    not_due_text,
    state_codes,
    tabulate,
    wave_names,
)
from opinionpanel.panel import Panel

# Of the three waves: which pairs are correlated.
PAIRS = ((0, 1), (1, 2), (0, 2))
PARAMETERS = (
    "reliability",
    "stability, first to second",
    "stability, second to third",
    "stability, first to third",
)
# Label columns on the way, in brackets so that no group is named like them.
SCRATCH = ("(pair)", "(moment)")
# A squared standard error below this is rounding: where a correlation is 1, nothing varies.
NO_VARIANCE = 1e-12
# Rounding leaves a variance or a correlation of 0 at 1e-17.
NOTHING = 1e-9


@checked
def reliability(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    scores: Mapping[str, float] | None = None,
    by: By = None,
) -> Estimates:
    """Reliability of the answers to an ordered item, and how stable the attitude behind them is.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel; its states must be in order.
    waves : sequence of str, optional
        Three waves or more, in their order; every three consecutive ones are taken together. By
        default all that asked the item and at which people of the first were due.
    scores : dict of str to float, optional
        A score for each state; by default 1, 2, … in the order of the states.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the first
        of the three waves.

    Returns
    -------
    Estimates
        Labels ``from_wave`` and ``to_wave``, the first and the last of the three waves, the groups
        and ``parameter``. Numbers without a unit, meant to lie between 0 and 1, where their limits
        are cut; one beyond has no limits. NaN where all scores are the same at a wave, or the
        first and the third are uncorrelated. The standard error is NaN where a perfect correlation
        in the sample leaves nothing to vary.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, fewer than three waves, or scores
        that do not fit the states.

    Notes
    -----
    With r the weighted correlations among people with an answer at all three waves: reliability
    r12 r23 / r13; stabilities r13 / r23, r13 / r12 and r13² / (r12 r23), of the attitude without
    the error (Heise 1969, American Sociological Review 34). It is assumed that the reliability is
    the same at all three waves, that errors are unrelated to each other and to the attitude, and
    that the third attitude depends on the first through the second only. A value above 1 or below
    0 says that these assumptions fail, or that the sample is small.

    Examples
    --------
    >>> import opinionpanel as op
    >>> found = op.reliability(op.datasets.load("nes_ideology"), "ideology")
    >>> found.to_frame()[["parameter", "estimate", "std_error"]].round(2)
                        parameter  estimate  std_error
    0                 reliability      0.75       0.05
    1  stability, first to second      0.95       0.05
    2  stability, second to third      0.96       0.05
    3   stability, first to third      0.91       0.08
    """
    names = wave_names(panel, item, waves, at_least=1, in_order=True, one_chain=True)
    groups = group_names(by)
    if len(names) < 3:
        raise SelectionError(
            f"Heise's reliability needs three waves or more; got {listing(names)}. From the "
            "correlation of two waves change and unreliable answers cannot be told apart."
            + ("" if waves else not_due_text(panel, item))
        )
    states, codes = state_codes(panel, item, names, "balanced")
    score = _checked(scores, states, item)
    triples = list(zip(names, names[1:], names[2:], strict=False))
    tables: list[OneTable] = []
    weights: dict[tuple[str, ...], str] = {}
    accounts: dict[tuple[str, ...], Account] = {}
    for triple in triples:
        ends = (triple[0], triple[2])
        inside, weight = base_of(panel, item, list(triple), ends, "balanced")
        weights[ends] = weight.text
        accounts |= accounts_of(panel, triple, [ends], "balanced")
        for place, (a, b) in enumerate(PAIRS):
            both = [codes[triple[a]], codes[triple[b]]]
            tables.append(OneTable((*ends, str(place)), triple[0], inside, weight, both))
    who = "people with an answer at all three"
    if len(triples) == 1:
        who = base_words("balanced", names, pairs=False)
    title = f"Reliability and stability of {item} (Heise)" + by_text(panel, groups, pairs=True)
    about = about_of(panel, item, names, groups, who, accounts)
    about = replace(about, measure="heise", title=title)
    apart: dict[str, Role] = {**WAVES, SCRATCH[0]: "parameter"}
    totals, about, groups = tabulate(panel, about, groups, apart, moved(states), tables)
    about = replace(about, weights=weights, roles={**about.roles, "parameter": "parameter"})
    keys = [*PAIR, *groups]
    joint = totals.shares([*keys, SCRATCH[0]], about)
    scored = dict(zip(states, score, strict=True))
    found = _derived(joint, keys, scored)
    return replace(found, about=replace(about, notes=_notes(found, triples, scored)))


def _checked(
    scores: Mapping[str, float] | None, states: tuple[str, ...], item: str
) -> tuple[float, ...]:
    """List the scores in the order of the states."""
    if scores is None:
        return tuple(float(place) for place in range(1, len(states) + 1))
    if set(scores) != set(states):
        raise SelectionError(
            f"scores must give a number for each state of item {item!r}, {listing(states)}; got "
            f"{listing(scores)}."
        )
    values = tuple(scores[state] for state in states)
    numbers = all(isinstance(value, (int, float, np.number)) for value in values)
    if not numbers or not np.isfinite(values).all() or len(set(values)) < 2:
        raise SelectionError(f"scores must be numbers, not all the same; got {listing(values)}.")
    return tuple(float(value) for value in values)


def _derived(joint: Estimates, keys: list[str], score: Mapping[str, float]) -> Estimates:
    """From flows over three pairs of waves to moments, and from these to the parameters."""
    labels = joint.labels
    # Correlations know no scale; around 0 and one wide, moments lose the fewest digits.
    low, high = min(score.values()), max(score.values())
    plain = {state: (value - (low + high) / 2) / (high - low) for state, value in score.items()}
    first, second = (labels[name].map(plain).to_numpy() for name in ("origin", "destination"))
    pair = labels[SCRATCH[0]].astype(int).to_numpy()
    # Means and squares at the three waves, then the products.
    at_wave = ((0, first), (0, second), (1, second))
    moments = [np.where(pair == place, x, 0.0) for place, x in at_wave]
    moments += [np.where(pair == place, x**2, 0.0) for place, x in at_wave]
    moments += [np.where(pair == place, first * second, 0.0) for place in range(len(PAIRS))]
    table = labels.groupby(keys, sort=False).ngroup().to_numpy()
    tables = labels[keys].drop_duplicates().reset_index(drop=True)
    rows = [np.where(table == number, row, 0.0) for number in range(len(tables)) for row in moments]
    named = Labels.of(tables)
    names = repeated(label_rows({SCRATCH[1]: range(len(moments))}), named)
    parameters = repeated(label_rows({"parameter": PARAMETERS}), named)
    found = joint.combination(np.vstack(rows), names).derive(_parameters, parameters.frame)
    # The base of each table: an empty one depends on nothing that `derive` could see.
    base = np.unique(table, return_index=True)[1].repeat(len(PARAMETERS))
    found = replace(
        found,
        n=joint.n[base],
        freedom=joint.freedom.at(base),
        n_effective=joint.n_effective[base],
        possible=np.array([[0.0, 1.0]] * len(found)),
    )
    # Where everyone was sampled nothing varies either, and that is known without error.
    varies = [(joint.spread.variances[table == number] > 0).any() for number in tables.index]
    edge = found.spread.variances < NO_VARIANCE
    return found.without_error(edge & np.repeat(varies, len(PARAMETERS)))


def _parameters(moments: Array) -> Array:
    """Heise's reliability and stabilities of each table, from nine moments."""
    means, squares, products = moments.reshape(-1, 3, 3).transpose(1, 2, 0)
    variances = squares - means**2
    variances = np.where(variances.real > NOTHING, variances, np.nan)
    r12, r23, r13 = (
        (products[place] - means[a] * means[b]) / np.sqrt(variances[a] * variances[b])
        for place, (a, b) in enumerate(PAIRS)
    )
    r12, r23, r13 = (np.where(np.abs(r) > NOTHING, r, np.nan) for r in (r12, r23, r13))
    found = [r12 * r23 / r13, r13 / r23, r13 / r12, r13**2 / (r12 * r23)]
    return np.asarray(np.stack(found, axis=1).ravel())


def _notes(
    found: Estimates, triples: list[tuple[str, str, str]], score: Mapping[str, float]
) -> dict[tuple[str, ...], str]:
    """Name the waves and scores, and say where the model does not hold or leaves no error."""
    scored = ", ".join(f"{state} {value:g}" for state, value in score.items())
    outside = (found.value < -NOTHING) | (found.value > 1 + NOTHING)
    edge = (np.abs(np.abs(found.value) - 1) < NOTHING) & ~np.isfinite(found.std_error)
    notes: dict[tuple[str, ...], str] = {}
    for first, middle, last in triples:
        here = (found.labels[list(PAIR)] == [first, last]).all(axis=1).to_numpy()
        text = f"{first} to {last}: waves {first}, {middle}, {last}; scores {scored}."
        if (here & outside).any():
            text += (
                " Values below 0 or above 1 are a sign that the model does not hold, or that the "
                "sample is small."
            )
        if (here & edge).any():
            text += " No standard error where two waves are correlated perfectly."
        notes[first, last] = text
    return notes
