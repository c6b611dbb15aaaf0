"""Weights calibrated to known margins of the population, and trimmed weights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Literal

import numpy as np

from opinionpanel import engines
from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats
from opinionpanel.design import Bounds, Calibration, CalibrationMethod, WaveKey, key_text
from opinionpanel.engines import is_lazy
from opinionpanel.errors import DesignError, EngineError, count_people, listing
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, figure, one_after_another
from opinionpanel.weighting.factors import Factors, Method
from opinionpanel.weighting.targets import (
    Targets,
    keys_of,
    margins_at,
    read_targets,
    total_of,
)


@checked
def rake(panel: Panel, targets: Targets, *, waves: Sequence[WaveKey] | str | None = None) -> Panel:
    """Rake the weights to one or several margins of the population.

    Parameters
    ----------
    panel : Panel
        The linked people. Weights are calibrated for everyone with a positive weight; an unweighted
        panel starts from weights of 1.
    targets : dict
        Group of the panel to ``{category: number}``, a dict or a pandas Series. Groups named in a
        tuple are crossed: ``{("gender", "age_group"): {("man", "18-34"): 0.14, …}}``. Numbers that
        add up to 1 are proportions, and the weights keep their total; any others are population
        totals. A group by wave counts with its value at the wave; for a pair of waves, at the
        earlier one.
    waves : sequence, optional
        The weights to calibrate: waves and, for longitudinal weights, ``(from wave, to wave)``. By
        default all of the panel.

    Returns
    -------
    Panel
        With the new weights and, in a replicate design, every replicate calibrated as well.
        Standard errors of whatever is measured on it take the calibration into account.

    Raises
    ------
    SelectionError
        A group, category or wave that the panel does not have.
    DesignError
        Categories without target or without people, people without a category, totals that
        contradict each other or are of fewer people than the sample, targets that positive weights
        cannot meet; a panel narrowed by `Panel.where`.

    Notes
    -----
    Weights w* = w Π_k a_k, a factor for each category of each margin that somebody is in, so that
    the weights of every category add up to its target (Deming & Stephan 1940, Annals of
    Mathematical Statistics 11; Deville & Särndal 1992, method 2). Solved by Newton's method, to a
    relative misfit of 1e-11 in every category, in at most 100 steps. The variance is that of the
    residuals of a regression on the margins (Deville & Särndal 1992, Journal of the American
    Statistical Association 87).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> raked = rake(panel, {"gender": {"man": 0.46, "woman": 0.54}})
    >>> raked.weight("Jul 2024").text
    'wgt, raked to gender (at Jul 2024)'
    """
    return _calibrated(panel, targets, "raking", None, waves)


@checked
def poststratify(
    panel: Panel, targets: Targets, *, waves: Sequence[WaveKey] | str | None = None
) -> Panel:
    """Post-stratify the weights to exactly one margin, which may be of crossed groups.

    Parameters
    ----------
    panel : Panel
        The linked people. Weights are calibrated for everyone with a positive weight; an unweighted
        panel starts from weights of 1.
    targets : dict
        A single margin: a group of the panel to ``{category: number}``, a dict or a pandas Series.
        Groups named in a tuple are crossed:
        ``{("gender", "age_group"): {("man", "18-34"): 0.14, …}}``. Numbers that add up to 1 are
        proportions, and the weights keep their total; any others are population totals. A group by
        wave counts with its value at the wave; for a pair of waves, at the earlier one.
    waves : sequence, optional
        The weights to calibrate: waves and, for longitudinal weights, ``(from wave, to wave)``. By
        default all of the panel.

    Returns
    -------
    Panel
        With the new weights and, in a replicate design, every replicate calibrated as well.
        Standard errors of whatever is measured on it take the calibration into account.

    Raises
    ------
    SelectionError
        A group, category or wave that the panel does not have.
    DesignError
        Categories without target or without people, people without a category, totals that
        contradict each other or are of fewer people than the sample, targets that positive weights
        cannot meet; a panel narrowed by `Panel.where`; several margins.

    Notes
    -----
    In each category the weights are multiplied by the target over their sum. The variance is that
    of the residuals of a regression on the margins (Deville & Särndal 1992, Journal of the American
    Statistical Association 87).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> after = poststratify(panel, {"gender": {"man": 0.46, "woman": 0.54}})
    >>> bool(abs(after.weights["Jul 2024"].sum() - panel.weights["Jul 2024"].sum()) < 1e-6)
    True
    """
    if isinstance(targets, Mapping) and len(targets) > 1:
        raise DesignError(
            f"Post-stratification takes one margin; got {listing(targets)}. Cross them, "
            "{('gender', 'age_group'): {('man', '18-34'): …}}, or use rake for several margins."
        )
    return _calibrated(panel, targets, "cells", None, waves)


@checked
def calibrate(
    panel: Panel,
    targets: Targets,
    *,
    method: CalibrationMethod = "linear",
    bounds: Bounds | None = None,
    waves: Sequence[WaveKey] | str | None = None,
) -> Panel:
    """Calibrate the weights to margins of the population.

    Parameters
    ----------
    panel : Panel
        The linked people. Weights are calibrated for everyone with a positive weight; an unweighted
        panel starts from weights of 1.
    targets : dict
        Group of the panel to ``{category: number}``, a dict or a pandas Series. Groups named in a
        tuple are crossed: ``{("gender", "age_group"): {("man", "18-34"): 0.14, …}}``. Numbers that
        add up to 1 are proportions, and the weights keep their total; any others are population
        totals. A group by wave counts with its value at the wave; for a pair of waves, at the
        earlier one.
    method : {"linear", "raking", "logit"}
        How far weights are from those before: by squares (the regression estimator), as in raking,
        or bounded.
    bounds : tuple of float, optional
        For ``"logit"``: the least and the greatest factor by which a weight may change, for example
        ``(0.3, 3)``; beyond the one factor, if any, that brings the sum of the weights to the
        population total.
    waves : sequence, optional
        The weights to calibrate: waves and, for longitudinal weights, ``(from wave, to wave)``. By
        default all of the panel.

    Returns
    -------
    Panel
        With the new weights and, in a replicate design, every replicate calibrated as well.
        Standard errors of whatever is measured on it take the calibration into account.

    Raises
    ------
    SelectionError
        A group, category or wave that the panel does not have.
    DesignError
        Categories without target or without people, people without a category, totals that
        contradict each other or are of fewer people than the sample, targets that positive weights
        cannot meet; a panel narrowed by `Panel.where`; linear calibration that would give weights
        that are not positive; bounds that cannot be met, with the margin and the nearest bounds
        that can.

    Notes
    -----
    Deville & Särndal (1992), methods 1 (linear), 2 (raking) and 6 (logit). Solved by Newton's
    method, to a relative misfit of 1e-11 in every category, in at most 100 steps. The variance is
    that of the residuals of a regression on the margins (Deville & Särndal 1992, Journal of the
    American Statistical Association 87).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> targets = {"gender": {"man": 0.46, "woman": 0.54}}
    >>> bounded = calibrate(panel, targets, method="logit", bounds=(0.5, 2))
    >>> bounded.weight("Jul 2024").text
    'wgt, calibrated (logit, factors 0.5 to 2) to gender (at Jul 2024)'
    """
    if method not in ("linear", "raking", "logit"):
        raise DesignError(f"method must be 'linear', 'raking' or 'logit', not {method!r}.")
    if (method == "logit") != (bounds is not None):
        raise DesignError(
            "bounds go with method='logit', which needs them: bounds=(0.3, 3) keeps every factor "
            "between 0.3 and 3."
        )
    return _calibrated(panel, targets, method, checked_bounds(bounds), waves)


def checked_bounds(bounds: Bounds | None) -> Bounds | None:
    """Refuse bounds of factors that are none."""
    if bounds is None:
        return None
    try:
        low, high = (float(bound) for bound in bounds)
    except (TypeError, ValueError):
        low, high = np.nan, np.nan
    if not (0 <= low < 1 < high < np.inf):
        raise DesignError(
            f"bounds are the least and the greatest factor, the one from 0 to below 1, the "
            f"other above 1; got {bounds!r}."
        )
    return low, high


def _calibrated(
    panel: Panel,
    targets: Targets,
    method: Method,
    bounds: Bounds | None,
    waves: Sequence[WaveKey] | str | None,
) -> Panel:
    """Calibrate every weight named, and its replicates."""
    refuse_domain(panel, "Calibrate")
    wanted, keys = read_targets(panel, targets), keys_of(panel, waves)
    low, high = bounds or (0, 0)
    name = {
        "raking": Phrase("raked"),
        "cells": Phrase("post-stratified"),
        "linear": Phrase("calibrated (linear)"),
        "logit": Phrase(
            "calibrated (logit, factors {low} to {high})",
            low=figure(f"{low:g}"),
            high=figure(f"{high:g}"),
        ),
    }[method]
    weights, replicates = dict(panel.weights), dict(panel.replicates)
    calibrations = dict(panel.calibrations)
    total, least, most = total_of(wanted), np.inf, 0.0
    for key in keys:
        before = panel.weights[key]
        sum_after = float(before.sum()) if total is None else total
        margins = margins_at(panel, key, wanted, sum_after)
        where = f"Weight at {key_text(key)}"
        factors = Factors.of(where, before, margins, method, bounds)
        changes = factors.solved()
        weights[key] = engines.named(before * factors.people(changes))
        if key in panel.replicates:
            replicates[key] = factors.replicated(panel.replicates[key])
        least, most = min(least, changes.min()), max(most, changes.max())
        calibrations[key] = (*panel.calibrations.get(key, ()), Calibration(name, before, margins))
    to = "proportions" if total is None else f"totals of {total:,.10g}"
    note = (
        f"weights {name} to {', '.join(target.name for target in wanted)} ({to}) at "
        f"{', '.join(key_text(key) for key in keys)}; multiplied by {least:.3g} to {most:.3g}"
    )
    return replace(
        panel,
        weights=weights,
        replicates=replicates,
        calibrations=calibrations,
        notes=(*panel.notes, note),
    )


def refuse_domain(panel: Panel, verb: str) -> None:
    """Refuse to fit a part of the population to margins of the whole."""
    if panel.domain_text:
        raise DesignError(
            f"The panel is narrowed to {panel.domain_text}, but margins are those of the whole "
            f"population. {verb} first, then narrow with .where(…)."
        )


@checked
def trim_weights(
    panel: Panel,
    *,
    upper: float | None = None,
    lower: float | None = None,
    multiple_of: Literal["mean", "median"] | None = None,
    waves: Sequence[WaveKey] | str | None = None,
) -> Panel:
    """Cut weights at bounds, and spread what is cut over the others.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    upper, lower : float, optional
        Bounds of the weights: as they are, or times the mean or median. At least one of them.
    multiple_of : {"mean", "median"}, optional
        ``"median"`` with ``upper=5`` cuts at five times the median of the positive weights.
    waves : sequence, optional
        The weights to trim: waves and, for longitudinal weights, ``(from wave, to wave)``. By
        default all of the panel.

    Returns
    -------
    Panel
        Sums of weights stay, and no weight is outside the bounds. Replicate weights are
        multiplied by the same factors. Trimmed weights count as fixed: earlier calibrations no
        longer lower standard errors, and their margins are no longer met, so calibrate again. A
        weight with nothing to trim stays as it is.

    Raises
    ------
    SelectionError
        A wave without weights in the panel, or no bound.
    DesignError
        Bounds that no weights with the same sum can keep; a panel narrowed by `Panel.where`.
    EngineError
        The people stay on an engine, which cannot put weights in order.

    Notes
    -----
    The same amount is added to every weight inside the bounds, as ``trimWeights(strict=TRUE)`` of
    R's survey does, so often that none is outside: w* = min(max(w + c, lower), upper).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> trimmed = trim_weights(panel, upper=2, multiple_of="mean", waves="Jul 2024")
    >>> weight = trimmed.weights["Jul 2024"]
    >>> print(round(weight.max() / weight[weight > 0].mean(), 6))
    2.0
    """
    refuse_domain(panel, "Trim")
    if not all(bound is None or isinstance(bound, Real) for bound in (lower, upper)):
        raise DesignError(f"upper and lower are numbers, not {upper!r} and {lower!r}.")
    low, high = 0.0 if lower is None else float(lower), np.inf if upper is None else float(upper)
    if not (0 <= low < high) or (lower is None and upper is None):
        raise DesignError(
            "Give upper, lower or both, positive numbers with lower below upper; got "
            f"lower={lower!r}, upper={upper!r}."
        )
    if multiple_of not in (None, "mean", "median"):
        raise DesignError(f"multiple_of must be 'mean', 'median' or None, not {multiple_of!r}.")
    middle: Callable[[Floats], float] = {
        None: lambda _: 1.0,
        "mean": lambda weight: float(np.mean(weight)),
        "median": lambda weight: float(np.median(weight)),
    }[multiple_of]
    weights, replicates = dict(panel.weights), dict(panel.replicates)
    calibrations, notes = dict(panel.calibrations), list(panel.notes)
    for key in keys_of(panel, waves):
        before = panel.weights[key]
        if is_lazy(before):
            raise EngineError(
                "Trimming spreads what is cut over the other weights in the order of their size, "
                "and an engine only gives sums over people. Keep weights in bounds by calibrate("
                "…, method='logit', bounds=…), or trim the column before making the panel."
            )
        sampled = before > 0
        unit = middle(before[sampled])
        least, most = low * unit, high * unit
        outside = int((sampled & ((before < least) | (before > most))).sum())
        if not outside:
            continue
        factors = np.zeros(len(before))
        after = _spread(before[sampled], least, most, f"Weight at {key_text(key)}")
        factors[sampled] = after / before[sampled]
        weights[key] = before * factors
        if key in replicates:
            replicates[key] = np.asarray(panel.replicates[key]) * factors[:, None]
        earlier = panel.calibrations.get(key, ())
        method = _bounds_text(least, most)
        text = one_after_another([*(step.text for step in earlier), method])
        calibrations[key] = (Calibration(text, before, ()),)
        again = "; what it was calibrated to before counts no more" if earlier else ""
        notes.append(f"weight at {key_text(key)} {method}: {count_people(outside)} outside{again}")
    return replace(
        panel,
        weights=weights,
        replicates=replicates,
        calibrations=calibrations,
        notes=tuple(notes),
    )


def _bounds_text(low: float, high: float) -> Phrase:
    least, most = figure(f"{low:.4g}"), figure(f"{high:.4g}")
    if not np.isfinite(high):
        return Phrase("trimmed to at least {low}", low=least)
    if low > 0:
        return Phrase("trimmed to {low} to {high}", low=least, high=most)
    return Phrase("trimmed to at most {high}", high=most)


def _spread(weight: Floats, low: float, high: float, where: str) -> Floats:
    """Add the one amount that keeps the sum of the weights when they are cut at the bounds."""
    total = weight.sum()
    mean = total / len(weight)
    if not low < mean < high:
        raise DesignError(
            f"{where}: the mean weight is {mean:.6g}, so that no weights with the same sum stay "
            f"within {low:.6g} and {high:.6g}. Choose bounds on both sides of the mean."
        )
    # The sum after cutting grows with the amount added, in straight lines that bend wherever a
    # weight leaves the lower bound or reaches the upper one.
    high = min(high, total)
    bends = np.concatenate([low - weight, high - weight])
    order = np.argsort(bends, kind="stable")
    free = np.cumsum(np.repeat([1, -1], len(weight))[order])
    bends = bends[order]
    sums = len(weight) * low + np.r_[0.0, np.cumsum(free[:-1] * np.diff(bends))]
    added = np.interp(total, sums, bends)
    return np.asarray(np.clip(weight + added, low, high))
