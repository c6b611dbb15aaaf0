"""The factors that calibrate one weight and its replicates, or why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import (
    ITERATIONS,
    Bounds,
    CalibrationMethod,
    Margin,
    Solution,
    contrasts_of,
    multiplied,
    nearest_bounds,
    nearest_factors,
    solve_factors,
)
from opinionpanel.engines import PersonColumn
from opinionpanel.errors import DesignError, count_people

# "cells" is the closed form for a single margin.
Method = CalibrationMethod | Literal["cells"]

# A raking that can only end at zero gets ever nearer to it.
ZERO = 1e-8
# Room to solve beside the nearest bounds, where every factor would be at a bound.
ROOM = 0.01


@dataclass(frozen=True, eq=False)
class Factors:
    """One weight to calibrate, by combinations of margin categories.

    Attributes
    ----------
    where : str
        Names the weight in messages.
    margins : sequence of Margin
    combination : numpy.ndarray of int, shape (people,)
        Combination of categories of each person; -1 for people not sampled. People whom no margin
        is about are a combination without categories: their factor is 1.
    categories : numpy.ndarray of 0 and 1, shape (combinations, categories of all margins)
    sums : numpy.ndarray, shape (combinations,)
        Weights before calibration, brought to the total of the targets: the factors are about 1.
    scale : float
        What brought them there.
    method, bounds
        As in `calibrate`.
    part : bool
        Whether the margins are about some people only; the last combination is then the others.
    known_total : bool
        As in `Calibration`.
    """

    where: str
    margins: Sequence[Margin]
    combination: Integers
    categories: Floats
    sums: Floats
    scale: float
    method: Method
    bounds: Bounds | None
    part: bool
    known_total: bool

    @classmethod
    def of(
        cls,
        where: str,
        before: PersonColumn,
        margins: Sequence[Margin],
        method: Method,
        bounds: Bounds | None,
        inside: PersonColumn | None = None,
        *,
        known_total: bool = True,
    ) -> "Factors":
        """Combine the margins; `before` are the weights, shape (people,).

        The margins are about people `inside`, by default everyone with a weight. Where the total of
        these is not known it is what `before` adds up to.
        """
        sizes = [len(margin.categories) for margin in margins]
        codes = [margin.codes for margin in margins]
        sampled = before > 0
        within = sampled if inside is None else sampled & inside
        levels, combination = engines.combinations(codes, sizes, within)
        parts = [
            column[:, None] == np.arange(size) for column, size in zip(levels.T, sizes, strict=True)
        ]
        categories = np.hstack(parts).astype(np.float64)
        if inside is not None:
            combination = np.where(sampled & ~within, len(levels), combination)
            categories = np.vstack([categories, np.zeros(categories.shape[1])])
        combination = engines.named(combination)
        sums = engines.sums([combination], [len(categories)], before)
        total = before.sum() if inside is None else sums[:-1].sum()
        scale = margins[0].total / float(total)
        return cls(
            where=where,
            margins=margins,
            combination=combination,
            categories=categories,
            sums=sums * scale,
            scale=scale,
            method=method,
            bounds=bounds,
            part=inside is not None,
            known_total=known_total,
        )

    @cached_property
    def columns(self) -> Floats:
        """What is to be met of each combination, shape (combinations, categories)."""
        if not any(margin.free for margin in self.margins):
            return self.categories
        return self.categories @ contrasts_of(self.margins)

    @cached_property
    def targets(self) -> Floats:
        """What the columns are to add up to, margin after margin."""
        return np.concatenate([margin.wanted for margin in self.margins])

    @cached_property
    def misfit_scale(self) -> Floats:
        """What a misfit of each column is measured by."""
        return np.concatenate([margin.scale for margin in self.margins])

    def solved(self) -> Floats:
        """Find what the weights of each combination are multiplied by, shape (combinations,)."""
        solution = self._solve(self.sums)
        factors = solution.factors
        if solution.converged and self.method == "linear" and (factors <= 0).any():
            raise DesignError(
                f"{self.where}: linear calibration gives {self._people(factors <= 0)} a weight "
                "that is zero or negative. Use method='raking', or method='logit' with bounds."
            )
        if solution.converged and self.method == "raking" and (factors < ZERO).any():
            raise DesignError(
                f"{self.where}: the targets can only be met with weights of zero for "
                f"{self._people(factors < ZERO)}. Check the targets, put small categories "
                "together, or use fewer margins."
            )
        if not solution.converged:
            raise self._refusal(solution)
        # The scale is in the sums, not in the weights of people.
        return factors * self.scale

    def people(self, factors: Floats) -> PersonColumn:
        """Find everyone's factor, shape (people,), from those of combinations; 0 without one."""
        return engines.take(factors, self.combination)

    def replicated(self, replicates: Any) -> Any:
        """Calibrate every replicate of the weight to the same totals.

        Of some people without a known total, to the same shares of its own sum.

        Parameters
        ----------
        replicates : numpy.ndarray, shape (people, R), or ReplicateWeights
        """
        sums = engines.column_sums(self.combination, len(self.sums), replicates)
        reached = sums @ self.categories > 0
        if not reached.all():
            column = int((~reached).sum(axis=0).argmax())
            raise DesignError(
                f"{self.where}: {int((~reached).any(axis=1).sum())} of {len(sums)} replicate "
                f"weights cannot be calibrated; {self._category(column)} has nobody, or weights "
                f"that add up to less than 0, in {int((~reached[:, column]).sum())} of them. Put "
                "it together with another category, in the data and in the targets."
            )
        factors, failed = np.zeros(sums.shape), 0
        scales = np.full(len(sums), self.scale)
        if self.part:
            scales = self.margins[0].total / sums[:, :-1].sum(axis=1)
        for place, (row, scale) in enumerate(zip(sums, scales, strict=True)):
            solution = self._solve(scale * row)
            failed += not solution.converged or bool((solution.factors[row != 0] <= 0).any())
            factors[place] = solution.factors * (scale if self.known_total else 1.0)
        if failed:
            way_out = {
                "linear": ", or rake instead of linear calibration",
                "logit": ", or widen the bounds",
            }.get(self.method, "")
            raise DesignError(
                f"{self.where}: {failed} of {len(sums)} replicate weights cannot be calibrated to "
                f"these targets with {self._limits}. Put small categories together, or use fewer "
                f"margins{way_out}."
            )
        return multiplied(replicates, self.combination, factors.T)

    def _people(self, wanted: Booleans) -> str:
        """Count the people of some combinations, in words."""
        members = engines.counts([self.combination], [len(self.sums)])
        return count_people(int(members[wanted].sum()))

    def _solve(self, sums: Floats) -> Solution:
        if self.method == "cells":
            ratio = self.targets / (sums @ self.categories)
            return Solution(self.categories @ ratio, np.zeros(len(ratio)), converged=True)
        return solve_factors(
            sums, self.columns, self.targets, self.method, self.bounds, self.misfit_scale
        )

    def _category(self, column: int) -> str:
        """Name a column: its margin and category."""
        names = [
            f"margin {margin.name!r}, category {category!r}"
            for margin in self.margins
            for category in margin.categories
        ]
        return names[column]

    @property
    def _limits(self) -> str:
        if self.bounds is None:
            return "positive weights"
        return "factors from {:g} to {:g}".format(*self.bounds)

    def _refusal(self, solution: Solution) -> DesignError:
        """Say which margin cannot be met, and what could be."""
        equations = (self.sums, self.columns, self.targets)
        bounds = self.bounds or (0.0, np.inf)
        nearest_sums = self.sums * nearest_factors(*equations, bounds, self.misfit_scale)
        off = nearest_sums @ self.columns - self.targets
        misfit = np.abs(off / self.misfit_scale)
        worst = int(misfit.argmax())
        if misfit[worst] > ZERO:
            # Of a contrast, the category itself is said: it has a share of what is reached.
            plain = self.targets[worst] == self.misfit_scale[worst]
            reached = float((nearest_sums @ (self.columns if plain else self.categories))[worst])
            reason = (
                f"{self._limits} cannot meet the targets. Furthest off is "
                f"{self._category(worst)}: at best {reached:,.6g} instead of "
                f"{reached - off[worst]:,.6g}."
            )
        else:
            worst = int(np.abs(solution.misfit).argmax())
            reason = (
                f"the targets can only just be met with {self._limits}, and were not in "
                f"{ITERATIONS} steps. Furthest off is {self._category(worst)}."
            )
        nearest = None
        if self.bounds:
            nearest = nearest_bounds(*equations, self.bounds, self.misfit_scale)
        if nearest is None:
            way_out = "Check the targets, put small categories together, or use fewer margins."
        else:
            low, high = max(nearest[0] - ROOM, 0.0), nearest[1] + ROOM
            way_out = f"The nearest bounds that can be met are ({low:.3f}, {high:.3f})."
        return DesignError(f"{self.where}: {reason} {way_out}")
