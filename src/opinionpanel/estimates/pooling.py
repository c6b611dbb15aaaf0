"""Estimates of the same figures from several imputed data sets, pooled by Rubin's rules."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Places
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.covariances import of_deviations, weighted_sum
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.imputations import Imputations
from opinionpanel.estimates.labels import Labels

Kept = TypeVar("Kept")
# Measures that list what people were seen to do: what nobody did in a data set has a share of 0.
LISTING = ("paths",)
# The row that adds up the rare ones.
OTHER = "other paths"


def pooled(parts: Sequence[Estimates], answered: Estimates | None = None) -> Estimates:
    """Pool the estimates of several data sets that differ only in what was imputed.

    Parameters
    ----------
    parts : sequence of Estimates
        The same measure of each data set, two or more.
    answered : Estimates, optional
        The same measure of those who answered: their numbers decide on what is withheld. Without
        it, or where it has other rows, nobody is taken to have answered.

    Returns
    -------
    Estimates
        The mean of each figure, with what it varies by within and between data sets as one
        covariance, and with its ``missing_information``; a base that differs between data sets is
        the mean of them, in whole people.

    Raises
    ------
    SelectionError
        The data sets have other rows, or limits without an error, which have no pooled form.

    Notes
    -----
    θ̄ the mean of the M estimates, W̄ that of their design covariances, and B their covariance over
    data sets: T = W̄ + (1 + 1/M) B (Rubin 1987, Multiple Imputation for Nonresponse in Surveys,
    ch. 3). What is derived from the estimates is derived from both parts. Shares are pooled as
    shares, not on the scale of logits; their logit intervals are made of the pooled error.
    """
    parts = _same_rows(parts)
    first, number = parts[0], len(parts)
    if first.own_limits is not None and first.own_limits.alone:
        raise SelectionError(
            f"{first.about.title}: these have limits, and no standard errors that could be pooled. "
            "Look at those of one imputation, .panels[0], or of the panel before it was imputed."
        )
    answered = _bases(first, answered)
    values = np.stack([part.value for part in parts])
    value = values.mean(axis=0)
    within = weighted_sum([part.spread for part in parts], [1 / number] * number)
    factor = np.sqrt((1 + 1 / number) / (number - 1))
    between = of_deviations(factor * (values - value), value)
    complete = Freedom(lambda: np.min([part.df for part in parts], axis=0))
    times = np.full(len(value), float(number))
    imputations = Imputations(within, between, times, complete, answered.n, answered.n_cell)
    ends = np.stack([part.ends for part in parts])
    return replace(
        first,
        value=value,
        spread=imputations.spread,
        freedom=imputations.freedom,
        n=_mean([part.n for part in parts]),
        n_effective=np.mean([part.n_effective for part in parts], axis=0),
        n_cell=None if first.n_cell is None else _mean([*_known(part.n_cell for part in parts)]),
        possible=np.stack([ends[:, 0].min(axis=0), ends[:, 1].max(axis=0)], axis=1),
        rough=_all_marks([part.rough for part in parts], any_of_them=True),
        exact=_all_marks([part.exact for part in parts], any_of_them=False),
        own_limits=None,
        replicates=None,
        sources=answered.sources,
        imputations=imputations,
    )


def _bases(first: Estimates, answered: Estimates | None) -> Estimates:
    """Bring those who answered into the order of pooled rows; without them nobody is there."""
    names = [*first.named]
    keys = first.named.keys(names)
    if answered is not None and [*answered.named] == names and len(answered):
        own = answered.named.keys(names)
        if own == keys:
            return answered
        if first.about.measure in LISTING:
            known = {key: place for place, key in enumerate(own)}
            places = np.array([known.get(key, -1) for key in keys])
            found = _at_rows(answered, first.named, places)
            return replace(found, n=np.where(places < 0, answered.n.min(), found.n))
    none = np.zeros(len(first))
    return replace(first, n=none, n_cell=None if first.n_cell is None else none)


def _same_rows(parts: Sequence[Estimates]) -> list[Estimates]:
    """Bring all into the order of the first, and add the rows that only others of a list have."""
    names = [*parts[0].named]
    if any([*part.named] != names for part in parts):
        raise SelectionError("The measure has other columns of labels in each imputed data set.")
    keys = [part.named.keys(names) for part in parts]
    if all(own == keys[0] for own in keys):
        return list(parts)
    rows = list(dict.fromkeys(key for own in keys for key in own))
    measure = parts[0].about.measure
    if measure not in LISTING and any(set(own) != set(rows) for own in keys):
        raise SelectionError(
            "The measure has other rows in each imputed data set, so that they cannot be pooled: "
            "it names only what somebody was seen to do. Merge rare states or groups."
        )
    if any(OTHER in row for row in rows):
        raise SelectionError(
            f"In each imputed data set {OTHER!r} are other ones, as rare paths are not the same. "
            "To pool them give every path a row of its own, with min_n=1."
        )
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    named = Labels.of(pd.DataFrame(columns))
    found = []
    for part, own in zip(parts, keys, strict=True):
        places = {key: place for place, key in enumerate(own)}
        found.append(_at_rows(part, named, [places.get(row, -1) for row in rows]))
    return found


def _at_rows(part: Estimates, named: Labels, places: Sequence[int] | Places) -> Estimates:
    """Put estimates at new places; a share that is not there is 0, of the same base as another."""
    taken, there = np.maximum(places, 0), np.asarray(places) >= 0
    moved = np.zeros((len(places), len(part)))
    moved[np.flatnonzero(there), taken[there]] = 1.0
    found = part.at(taken)
    cells = found.n_cell
    return replace(
        found,
        named=named,
        about=part.about,
        value=np.where(there, found.value, 0.0),
        spread=part.spread.through(moved, np.ones(len(places), dtype=bool)),
        n_cell=None if cells is None else np.where(there, cells, 0.0),
        own_limits=None,
        replicates=None,
        sources=None,
    )


def _mean(columns: Sequence[Floats]) -> Floats:
    """Take the mean of numbers of people, in whole people."""
    return np.asarray(np.stack(columns).mean(axis=0).round())


def _all_marks(marks: Sequence[Booleans | None], *, any_of_them: bool) -> Booleans | None:
    """Join marks of the same values: marked in any data set, or only where in all."""
    known = _known(marks)
    if not known:
        return None
    if any_of_them:
        return np.asarray(np.logical_or.reduce(known))
    return np.asarray(np.logical_and.reduce(known)) if len(known) == len(marks) else None


def _known(columns: Iterable[Kept | None]) -> list[Kept]:
    return [column for column in columns if column is not None]
