"""What the weights of a panel look like, and how far each margin was off its target."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel import engines
from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats
from opinionpanel.design import Calibration, Margin, key_text
from opinionpanel.engines import PersonColumn, is_lazy, nw
from opinionpanel.estimates import frame_text
from opinionpanel.panel import Panel

SHIFT = ["weight", "calibration", "of", "share", "most", "rounded_to"]
NUMBERS = ("target", "before", "after", "points_before", "points_after")


@dataclass(frozen=True, eq=False)
class WeightsSummary:
    """Weights and margins of a panel as frames.

    Attributes
    ----------
    weights : pandas.DataFrame
        By `weight` (a wave, or a pair of waves such as "Jul → Nov"): `n` people with a positive
        weight, `sum min median max ratio` (greatest over least) and `cv` (standard deviation over
        mean) of their weights, the Kish `design_effect` of the weights and `n_effective`. The
        median is NaN on Dask, which has none.
    margins : pandas.DataFrame
        By `weight`, `calibration`, `margin` and `category`: the `target` and the shares `before`
        that calibration and `after` all of them, between 0 and 1, and both less the target in
        percentage points, `points_before` and `points_after`. Empty without calibration. Beside
        states of any size, known results are shares of the others.
    shifts : pandas.DataFrame
        By `weight` and `calibration` how far `anchor` moved the answers: the `share` of the weight
        that stands in another flow than before, or at one wave in another state, and the `most`
        that one of them changed, both between 0 and 1 and `rounded_to` steps of ten people or more.
        Empty without `anchor`.
    """

    weights: pd.DataFrame
    margins: pd.DataFrame
    shifts: pd.DataFrame

    def __str__(self) -> str:
        """Show the frames as text."""
        parts = [frame_text(_shown(self.weights))]
        if len(self.margins):
            parts.append(
                "Margins in per cent; differences in percentage points:\n"
                + frame_text(_shown(self.margins))
            )
        if len(self.shifts):
            parts.append(
                "How far anchoring moved the answers, in per cent and points:\n"
                + frame_text(_shown(self.shifts))
            )
        return "\n\n".join(parts)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        parts = [_shown(self.weights).to_html(index=False, border=0)]
        if len(self.margins):
            parts.append("<p>Margins in per cent; differences in percentage points:</p>")
            parts.append(_shown(self.margins).to_html(index=False, border=0))
        if len(self.shifts):
            parts.append("<p>How far anchoring moved the answers, in per cent and points:</p>")
            parts.append(_shown(self.shifts).to_html(index=False, border=0))
        return "\n".join(parts)


@checked
def weights_summary(panel: Panel) -> WeightsSummary:
    """Summarise the weights of a panel, and the margins they were calibrated to.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.

    Returns
    -------
    WeightsSummary
        Frames: ``weights``, with a row for each wave or pair of waves; ``margins``, with a row for
        each category that weights were calibrated to; and ``shifts``, with a row for each weight
        that `anchor` made. Printed as tables.

    Raises
    ------
    ArgumentError
        What is no panel.

    Notes
    -----
    Kish (1965): the design effect of the weights is n Σw²/(Σw)², which is 1 + cv², and the
    effective n is n over it.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> weights_summary(panel).weights[["weight", "n", "design_effect"]].round(2)
         weight     n  design_effect
    0  Jul 2024  1500           1.26
    1  Nov 2024  1192           1.25
    2  Mar 2025  1137           1.24
    3  Jul 2025  1051           1.24
    """
    weights = [
        {"weight": key_text(key)} | _figures(weight) for key, weight in panel.weights.items()
    ]
    margins = [
        _margin(key_text(key), step, margin, weight)
        for key, weight in panel.weights.items()
        for step in panel.calibrations.get(key, ())
        for margin in step.margins
    ]
    shifts = [
        (key_text(key), step.method, *astuple(step.shift))
        for key in panel.weights
        for step in panel.calibrations.get(key, ())
        if step.shift is not None
    ]
    columns = ["weight", "calibration", "margin", "category", *NUMBERS]
    return WeightsSummary(
        pd.DataFrame(weights),
        pd.concat(margins, ignore_index=True) if margins else pd.DataFrame(columns=columns),
        pd.DataFrame(shifts, columns=SHIFT),
    )


def _figures(weight: PersonColumn) -> dict[str, float]:
    """Describe the positive ones among everyone's weights."""
    if is_lazy(weight):
        n, mean, spread, low, median, high = _described(weight)
    else:
        positive = np.asarray(weight[weight > 0])
        n, mean, spread = len(positive), positive.mean(), positive.std()
        low, median, high = positive.min(), np.median(positive), positive.max()
    kish = 1 + (spread / mean) ** 2
    return {
        "n": n,
        "sum": n * mean,
        "min": low,
        "median": median,
        "max": high,
        "ratio": high / low,
        "cv": spread / mean,
        "design_effect": kish,
        "n_effective": n / kish,
    }


def _described(weight: Any) -> tuple[float, ...]:
    """Ask an engine for the n, mean, standard deviation, least, median and most of the weights."""
    people, number = weight.people, nw.col("weight")
    frame = people.frame.select(weight=weight.expression()).filter(number > 0)
    asked = [number.len(), number.mean(), number.min(), number.max()]
    # The median of Dask is that of some of the people.
    exact = not frame.implementation.is_dask()
    if exact:
        asked.append(number.median())
    found = people.collect(frame.select(*(each.alias(f"v{i}") for i, each in enumerate(asked))))
    n, mean, low, high, *median = (float(value) for value in found.iloc[0])
    # About the mean in a second pass: sums of squares leave too much to rounding.
    away = np.where(weight > 0, np.square(weight - mean), 0.0)
    return int(n), mean, math.sqrt(away.sum() / n), low, *(median or [np.nan]), high


def _margin(name: str, step: Calibration, margin: Margin, weight: PersonColumn) -> pd.DataFrame:
    """Compare a margin with its targets, before its calibration and in the weight as it is."""
    target = margin.targets[~np.isnan(margin.targets)] / margin.total
    before, after = (_shares(margin, values) for values in (step.before, weight))
    return pd.DataFrame(
        {
            "weight": name,
            "calibration": step.method,
            "margin": margin.name,
            "category": margin.categories[: len(target)],
            "target": target,
            "before": before,
            "after": after,
            "points_before": 100 * (before - target),
            "points_after": 100 * (after - target),
        }
    )


def _shares(margin: Margin, weight: PersonColumn) -> Floats:
    sums = engines.sums([margin.codes], [len(margin.categories)], weight)
    sums = sums[~np.isnan(margin.targets)]
    return np.asarray(sums / sums.sum())


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Round for reading."""
    shown = frame.copy()
    for name in ("target", "before", "after", "share", "most", "rounded_to"):
        if name in shown:
            shown[name] = (100 * shown[name]).map("{:.1f}".format)
    for name in ("points_before", "points_after"):
        if name in shown:
            # Adding zero turns -0.0 into 0.0.
            shown[name] = (shown[name].round(1) + 0.0).map("{:+.1f}".format)
    for name in ("sum", "n_effective"):
        if name in shown:
            shown[name] = shown[name].map("{:,.0f}".format)
    for name in ("min", "median", "max", "ratio", "cv", "design_effect"):
        if name in shown:
            shown[name] = shown[name].map("{:.3g}".format)
    return shown
