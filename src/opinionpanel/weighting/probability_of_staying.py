"""Who stayed between two waves, and the probability of staying."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Floats, Integers
from opinionpanel.design import key_text, multiplied
from opinionpanel.engines import Key, PersonColumn, Table
from opinionpanel.errors import DesignError, count_people
from opinionpanel.estimates import refuse_negative
from opinionpanel.panel import Panel
from opinionpanel.progress import steps

# A probability this near to 0 or 1 is on its way there: the logit has no solution.
CERTAIN = 1e-7
# Of a sum, by which the order of adding may change it.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class Staying:
    """Who stayed between two waves, by pattern of state and groups at the earlier one.

    Attributes
    ----------
    pair : tuple of str
    pattern : numpy.ndarray of int, shape (people,)
        -1 for people who were not interviewed at the earlier wave, or have no weight there.
    stayed : numpy.ndarray of bool, shape (people,)
        Those with a pattern who have an answer at the later wave.
    levels : numpy.ndarray of int, shape (patterns, factors)
        What each pattern stands for: positions among the categories of each factor.
    factors : tuple of (str, tuple of str)
        The name and the categories of the state, "no answer" last, and of each group, "unknown"
        last.
    """

    pair: tuple[str, str]
    pattern: PersonColumn
    stayed: PersonColumn
    levels: Integers
    factors: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(
        cls, panel: Panel, item: str, groups: Sequence[str], first: str, second: str
    ) -> "Staying":
        """Find the patterns of a pair of waves."""
        position, answers = panel.position(first), panel.answers[item]
        inside = panel.present[position] & (panel.weights[first] > 0)
        inside = panel.were_due(inside, [second])
        factors = [(f"{item} at {first}", (*panel.item(item).state_names, "no answer"))]
        codes = [answers[position].astype(np.int64)]
        for name in groups:
            factors.append((name, (*panel.group(name).categories, "unknown")))
            codes.append(panel.group(name).at(position))
        sizes = [len(categories) for _, categories in factors]
        known = [
            np.where(code >= 0, code, size - 1) for code, size in zip(codes, sizes, strict=True)
        ]
        levels, pattern = engines.combinations(known, sizes, inside)
        return cls(
            pair=(first, second),
            pattern=engines.named(pattern),
            stayed=inside & (answers[panel.position(second)] >= 0),
            levels=levels,
            factors=tuple(factors),
        )

    @property
    def _silent(self) -> int:
        """The level of people without an answer at the earlier wave."""
        return len(self.factors[0][1]) - 1

    @cached_property
    def people(self) -> tuple[Integers, Integers]:
        """How many people there are of each pattern, and how many of them stayed."""
        base, stayed = self._sums()
        return base.astype(np.int64), stayed.astype(np.int64)

    @property
    def lost(self) -> int:
        """How many people dropped out."""
        base, stayed = self.people
        return int(base.sum() - stayed.sum())

    def factors_of(self, weight: PersonColumn, trim: float | None) -> Floats:
        """Find what the weights of those who stayed are multiplied by, shape (patterns,)."""
        total, stayed = self._sums(weight)
        try:
            return stay_factors(self.levels, total, stayed, trim, self._silent)
        except NoProbabilityError as reason:
            raise DesignError(self._refusal(reason)) from None

    def multiply(self, factors: Floats) -> Floats:
        """Give each person the factor of the pattern; 0 for those who did not stay."""
        return np.where(self.stayed, engines.take(factors, self.pattern), 0.0)

    def replicated(self, replicates: Any, trim: float | None) -> Any:
        """Fit again under every replicate of the weight.

        Parameters
        ----------
        replicates : numpy.ndarray, shape (people, R), or ReplicateWeights
        trim : float or None
        """
        size, stayed = len(self.levels), np.where(self.stayed, self.pattern, -1)
        sums = [engines.column_sums(codes, size, replicates) for codes in (self.pattern, stayed)]
        lost = sums[0] - sums[1]
        lost[np.abs(lost) < ROUNDING * np.abs(sums[0])] = 0.0
        refuse_negative(np.hstack([*sums, lost]), "attrition weights", "answer and groups")
        factors = np.zeros(sums[0].shape)
        reasons: list[NoProbabilityError] = []
        both = list(zip(*sums, strict=True))
        for place, (base, again) in enumerate(steps(both, "attrition weights: replicates")):
            try:
                factors[place] = stay_factors(self.levels, base, again, trim, self._silent)
            except NoProbabilityError as reason:
                reasons.append(reason)
        if reasons:
            where = f"in {len(reasons)} of {len(both)} replicate weights, "
            raise DesignError(self._refusal(reasons[0], where))
        return multiplied(replicates, stayed, factors.T)

    def note(self, weight: PersonColumn, factors: Floats, trim: float | None) -> str:
        """Say who stayed and what weights are multiplied by, for the panel's summary."""
        (base, again), (total, weighted) = self.people, self._sums(weight)
        stayed, used = int(again.sum()), factors[again > 0]
        text = (
            f"{key_text(self.pair)}: {stayed:,} of {count_people(int(base.sum()))} answered again "
            f"({weighted.sum() / total.sum():.1%} weighted); multiplied by {used.min():.3g} to "
            f"{used.max():.3g}"
        )
        if trim is None:
            return text + ", not trimmed"
        cut = int(again[factors >= trim].sum())
        if not cut:
            return f"{text}, none above the limit of {trim:g}"
        return f"{text}, cut at {trim:g} for {count_people(cut)} ({cut / stayed:.1%})"

    def _sums(self, *weight: PersonColumn) -> tuple[Floats, Floats]:
        """Add up a weight, or count, by pattern: all, and those who stayed."""
        key = (Key(self.pattern, len(self.levels)),)
        base, stayed = engines.tables([Table(key, weight), Table(key, (*weight, self.stayed))])
        return base, stayed

    def _refusal(self, reason: "NoProbabilityError", where: str = "") -> str:
        start = f"Attrition weights for {key_text(self.pair)}: {where}"
        if reason.factor is None:
            return (
                f"{start}the logit has no solution (separation): in some combination of its "
                "categories nobody stayed, or everyone did. Leave a group out, or put small "
                "categories together."
            )
        name, categories = self.factors[reason.factor]
        category = categories[reason.level]
        people = self.people[0][self.levels[:, reason.factor] == reason.level]
        return (
            f"{start}nobody with {name} {category!r} stayed "
            f"({count_people(int(people.sum()))}), so no weight can stand for them. Put the "
            "category together with another, leave the group out, or leave out the wave."
        )


class NoProbabilityError(Exception):
    """Where the probability of staying is 0, or has no estimate.

    Attributes
    ----------
    factor, level : int or None
        The category in which nobody stayed; None where it is no single category.
    """

    def __init__(self, factor: int | None = None, level: int = 0) -> None:
        super().__init__()
        self.factor, self.level = factor, level


def stay_factors(
    levels: Integers, total: Floats, stayed: Floats, trim: float | None, silent: int = -1
) -> Floats:
    """Divide the overall share who stayed by the probability of staying of each pattern.

    Parameters
    ----------
    levels : numpy.ndarray of int, shape (patterns, factors)
    total, stayed : numpy.ndarray, shape (patterns,)
        Weighted sums of all people with the pattern and of those who stayed.
    trim : float or None
    silent : int
        The level of the first factor that is left out where nobody stayed: people without an answer
        at the earlier wave, who are in no table of pairs anyway.

    Returns
    -------
    numpy.ndarray, shape (patterns,)
        0 for patterns without weight.
    """
    # Patterns that are left to the logit; where everyone stayed the probability is 1.
    quiet = levels[:, 0] == silent
    left, settled = (total > 0) & ~(quiet & (stayed[quiet].sum() == 0)), False
    probability = np.where(left, 1.0, np.inf)
    while left.any() and not settled:
        settled = True
        for factor in range(levels.shape[1]):
            for level in np.unique(levels[left, factor]):
                members = left & (levels[:, factor] == level)
                if not stayed[levels[:, factor] == level].sum() > 0:
                    raise NoProbabilityError(factor, int(level))
                if not stayed[members].sum() > 0:
                    # Only those stayed whose other category stayed as one.
                    raise NoProbabilityError
                if (stayed[members] >= total[members] * (1 - 1e-12)).all():
                    left, settled = left & ~members, False
    if left.any():
        probability[left] = _logit(levels[left], total[left], stayed[left])
    factors = np.asarray(stayed.sum() / total.sum() / probability)
    return factors if trim is None else np.minimum(factors, trim)


def _logit(levels: Integers, total: Floats, stayed: Floats) -> Floats:
    """Fit the probability of staying by pattern: main effects, weighted."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    dummies = [np.ones((len(levels), 1))]
    dummies += [(column[:, None] == np.unique(column)[1:]).astype(float) for column in levels.T]
    with warnings.catch_warnings():
        # Said of saturated models too; what matters is looked at below.
        warnings.simplefilter("ignore")
        with np.errstate(all="ignore"):
            model = GLM(
                np.minimum(stayed / total, 1.0),
                np.hstack(dummies),
                family=Binomial(),
                freq_weights=total / total.mean(),
            )
            fitted = model.fit(tol=1e-12, maxiter=60)
    probability = np.asarray(fitted.fittedvalues, dtype=np.float64)
    inside = (probability > CERTAIN) & (probability < 1 - CERTAIN)
    if not (fitted.converged and inside.all()):
        raise NoProbabilityError
    return probability
