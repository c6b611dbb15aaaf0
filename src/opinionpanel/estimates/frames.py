"""Estimates as frames: intervals, small bases withheld, reliability, and design effects."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates.about import LESS, About
from opinionpanel.estimates.intervals import (
    Interval,
    check_level,
    confidence_limits,
    level_of_each,
)
from opinionpanel.estimates.label_columns import beside
from opinionpanel.estimates.labels import Column, Labels
from opinionpanel.estimates.values import Values
from opinionpanel.estimates.withholding import Withheld

# What rounding leaves of a standard error of 0, or beyond an end of what is possible.
NOTHING = 1e-9
# Of coefficients of differences, what 2 GB hold.
MOST_FACTORS = 2**28
FIGURES = ["estimate", "std_error", "conf_low", "conf_high"]


def frame_of(
    estimates: Values,
    *,
    level: float,
    interval: Interval,
    withheld: Withheld | None = None,
    reliable: bool = False,
) -> pd.DataFrame:
    """Lay estimates out as `Estimates.to_frame` describes."""
    level = level_used(estimates, level, interval)
    low, high = limits(estimates, level, interval)
    figures = [estimates.value, estimates.std_error, low, high]
    if withheld is not None and withheld.asked:
        hidden, limited = withheld.rows, without_limits(estimates, withheld, level)
        figures = [np.where(hidden, np.nan, column) for column in figures]
        figures[1:] = [np.where(limited, np.nan, column) for column in figures[1:]]
    columns = dict(zip(FIGURES, figures, strict=True))
    frame = pd.DataFrame(columns | {"n": estimates.n.astype(np.int64)})
    if estimates.n_cell is not None:
        frame["n_cell"] = estimates.n_cell.astype(np.int64)
    if estimates.missing_information is not None:
        frame["missing_information"] = estimates.missing_information
    if reliable:
        frame["reliable"], frame["reason"] = reliability(estimates)
    if withheld is not None and withheld.asked:
        if estimates.n_cell is not None:
            frame["n_cell"] = frame["n_cell"].astype("Int64").mask(hidden)
        if estimates.missing_information is not None:
            frame.loc[hidden | limited, "missing_information"] = np.nan
        if reliable:
            # A reason such as "share of 0 or 1" would give the share away.
            frame.loc[hidden, ["reliable", "reason"]] = ""
        frame["withheld"] = hidden
    return cautioned(beside(estimates.labels, frame), estimates)


def level_used(estimates: Values, level: float, interval: Interval) -> float:
    """Give the level of each interval: of simultaneous ones that with which all hold at once."""
    if not estimates.about.simultaneous:
        return level
    count = estimates.about.family or bounded(*limits(estimates, level, interval))
    return level_of_each(level, count)


def bounded(low: Floats, high: Floats) -> int:
    """Count the intervals that there are."""
    return int(np.isfinite(high - low).sum())


def without_limits(estimates: Values, withheld: Withheld, level: float) -> Booleans:
    """Mark what is shown without an interval, as a limit would tell the number of one of few."""
    limited = np.zeros(len(estimates), dtype=bool)
    if withheld.limits is not None:
        limited |= withheld.limits
    if withheld.min_n and estimates.own_limits is not None:
        own = estimates.own_limits
        limited |= own.few(level, estimates.value, estimates.df, withheld.min_n)
    if estimates.sources is not None:
        # The error of a quantile is the width of its interval.
        alone = replace(withheld, limits=None)
        limited |= estimates.sources.any(lambda values: without_limits(values, alone, level))
    return limited


def cautioned(frame: pd.DataFrame, estimates: Values) -> pd.DataFrame:
    """Attach what must be known of rough values, which has no column of its own."""
    if texts := cautions(estimates):
        frame.attrs["caution"] = " ".join(texts)
    return frame


def cautions(estimates: Values) -> list[str]:
    """Say what must be known of rough values; nothing where there are none."""
    if estimates.rough is None or not estimates.rough.any():
        return []
    return [text for text in [estimates.about.cautions[estimates.unit != "share"]] if text]


def limits(estimates: Values, level: float, interval: Interval) -> tuple[Floats, Floats]:
    """Compute the limits of estimates, none of which is a value that cannot be.

    They are cut at the ends of what is possible, and there are none for an estimate beyond them.
    What happens not to vary in the sample is not known for certain: "0 (0 to 0)" would say so.
    Only what is `exact` is its own interval. Limits that estimates have of their own are known to
    hold, even those that are one number.
    """
    if estimates.own_limits is not None:
        return _own_limits(estimates, level)
    found = confidence_limits(
        interval,
        level,
        share=_plain_shares(estimates),
        value=estimates.value,
        std_error=estimates.std_error,
        df=estimates.df,
        n=estimates.n,
        n_effective=estimates.n_effective,
        exact=estimates.exact,
    )
    least, most = estimates.ends
    exact = np.asarray(False if estimates.exact is None else estimates.exact)
    # Limits of shares that do not vary, of some kinds of intervals, have a width all the same.
    unknown = (estimates.std_error < NOTHING) & (found[1] - found[0] < NOTHING) & ~exact
    unknown |= estimates.without_coverage
    unknown |= (estimates.value < least - NOTHING) | (estimates.value > most + NOTHING)
    # Whoever asks for Wald limits of shares compares them with those of another program.
    asked = _plain_shares(estimates) & (interval == "wald")
    low, high = (
        np.where(asked, limit, np.where(unknown, np.nan, np.clip(limit, least, most)))
        for limit in found
    )
    return low, high


def _own_limits(estimates: Values, level: float) -> tuple[Floats, Floats]:
    """Find the limits that estimates have of their own; most have none without an error."""
    check_level(level)
    error, own = estimates.std_error, estimates.own_limits
    assert own is not None
    found = own(level, estimates.value, error, estimates.df)
    known = np.isfinite(error) | own.alone
    low, high = (np.where(known, np.clip(limit, *estimates.ends), np.nan) for limit in found)
    return low, high


def _plain_shares(estimates: Values) -> Booleans:
    """Mark the shares of people in a cell, which parts of turnover are not."""
    wald = np.zeros(len(estimates), dtype=bool) if estimates.wald is None else estimates.wald
    return np.asarray(~wald & (estimates.unit == "share"))


@checked
def reliability(estimates: Values) -> tuple[list[str], list[str]]:
    """Judge shares by the NCHS standards, as `Estimates.to_frame` describes; "" for others."""
    low, high = limits(estimates, 0.95, "beta")
    effective = design_effects(estimates)["n_effective"].to_numpy()
    effective = np.where(np.isfinite(effective), effective, estimates.n_effective)
    verdicts = [
        _verdict(*row) if share else ("", "")
        for share, *row in zip(
            _plain_shares(estimates),
            estimates.value,
            high - low,
            estimates.n,
            effective,
            estimates.df,
            strict=True,
        )
    ]
    return [verdict for verdict, _ in verdicts], [reason for _, reason in verdicts]


def _verdict(share: float, width: float, n: float, effective: float, df: float) -> tuple[str, str]:
    if n < 30:
        return "no", "n < 30"
    # Rounding leaves a simple random sample of 30 worth 29.999999.
    if effective < 30 * (1 - 1e-9):
        return "no", "effective n < 30"
    if not np.isfinite(width):
        return "no", "no interval"
    if width >= 0.30:
        return "no", "interval of 30 points or more"
    wide = width > 0.05
    if wide and width > 1.3 * share:
        return "no", "interval wider than 130% of the share"
    review = ["df < 8"] if df < 8 else []
    if min(share, 1 - share) < 1e-12:
        review.append("share of 0 or 1")
    elif wide and width > 1.3 * (1 - share):
        return ("review" if review else "yes"), "; ".join(
            [*review, "interval wider than 130% of the complement"]
        )
    return ("review" if review else "yes"), "; ".join(review)


def design_effects(estimates: Values) -> pd.DataFrame:
    """Compare variances with simple random sampling, as `Estimates.design_effect` describes."""
    spread = np.where(_plain_shares(estimates), estimates.value * (1 - estimates.value), np.nan)
    # Rounding leaves a share of everybody at 1 - 2e-16.
    spread[spread < 1e-12] = np.nan
    n, variance = estimates.n, estimates.std_error**2
    people = np.where((estimates.unit == "share") & (n > 0), n, np.nan)
    # What rounding leaves of a variance of 0 is no design effect of 1e-31.
    variance = np.where(variance < 1e-12 * spread, 0.0, variance)
    effect = variance * (n - 1) / spread
    return beside(
        estimates.labels,
        {
            "design_effect": effect,
            "kish": people / np.where(n > 0, estimates.n_effective, np.nan),
            "n": n.astype(np.int64),
            "n_effective": n / np.where(effect > 0, effect, np.nan),
        },
    )


def matched(
    labels: Labels, about: About, column: str, a: Hashable, minus: Hashable
) -> tuple[Floats, Labels]:
    """Match the rows of two values of a label, for `Estimates.difference`.

    Returns
    -------
    tuple
        The coefficients of the differences, shape (k, m), and their k rows of labels.
    """
    # Both waves of a pair change together.
    left = about.columns(labels, "time") if about.role(column) == "time" else [column]
    others = [name for name in labels if name not in left]
    keys = labels.numbers(others).tolist()
    first, second = (np.flatnonzero(labels.where(column, value)) for value in (a, minus))
    places = {keys[row]: row for row in second}
    if {keys[row] for row in first} != set(places) or not len(first) == len(second) == len(places):
        raise SelectionError(
            f"{column} {a!r} and {minus!r} do not match row by row on {listing(others)}. "
            "Select one pair of waves or one group first, with .select(...)."
        )
    if (factors := len(first) * len(labels)) > MOST_FACTORS:
        raise SelectionError(
            f"{len(first):,} differences among {len(labels):,} estimates at once would take "
            f"{8 * factors / 1e9:,.0f} GB. Keep those to compare first, with .select(...)."
        )
    matrix = np.zeros((len(first), len(labels)))
    for place, row in enumerate(first):
        matrix[place, row] += 1.0
        matrix[place, places[keys[row]]] -= 1.0
    difference = {column: Column([f"{a}{LESS}{minus}"], np.zeros(len(first), dtype=np.int64))}
    return matrix, Labels({**difference, **labels.only(others).take(first).columns}, len(first))


def matrix_of(estimates: Values) -> pd.DataFrame:
    """Lay estimates out as `Estimates.matrix` describes."""
    *rows, last = list(estimates.labels)
    varying = [name for name in rows[:-1] if estimates.labels[name].nunique() > 1] + rows[-1:]
    if not varying:
        return pd.DataFrame([estimates.value], columns=pd.Index(estimates.labels[last], name=last))
    columns = in_order(estimates.labels[last].drop_duplicates().tolist(), estimates.about.states)
    cells = pd.MultiIndex.from_frame(estimates.labels[[*varying, last]])
    wide = pd.Series(estimates.value, index=cells).unstack(last)
    wide = wide.reindex(columns=pd.Index(columns, name=last))
    index = estimates.labels[varying].drop_duplicates()
    if len(varying) == 1:
        return wide.reindex(index=pd.Index(index[varying[0]], name=varying[0]))
    return wide.reindex(index=pd.MultiIndex.from_frame(index))


def in_order(names: list[Hashable], states: Sequence[str]) -> list[Hashable]:
    """Put those names that are states into the order of the states, and leave the others there."""
    ordered = iter([state for state in states if state in names])
    return [next(ordered) if name in states else name for name in names]
