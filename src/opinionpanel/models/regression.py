"""Regressions over kinds of people: coefficients and average marginal effects with the design."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.errors import count_people, listing, unknown
from opinionpanel.escaping import terminal_line
from opinionpanel.estimates import (
    WIDTH,
    About,
    Estimates,
    Kinds,
    Labels,
    Replicates,
    Role,
    TestResult,
    left_out,
    text_table,
)
from opinionpanel.hypotheses import joint_test
from opinionpanel.models.likelihood_families import Family, Fit
from opinionpanel.models.patterns import Patterns
from opinionpanel.panel import Panel

# A group, a category and its reference; and the columns of the patterns with everyone in each.
Comparison = tuple[str, str, str]
Ends = tuple[Floats, Floats]
# The label columns of coefficients and effects, besides the waves.
LABELS = ("term", "category", "reference", "outcome")
PARAMETERS: Mapping[str, Role] = dict.fromkeys(LABELS, "parameter")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Regression:
    """A fitted regression: what those of change, of first change and of answers have in common."""

    coefficients: Estimates
    effects: Estimates | None
    loglik: float
    formula: str
    terms: Mapping[str, tuple[str, ...]]
    working: Floats

    # What must be known of any such model, below its tables.
    caution: str = ""

    def test(self, term: str) -> TestResult:
        """Test whether all coefficients of a term are zero.

        Parameters
        ----------
        term : str
            A term of the formula, for example ``"age_group"`` or ``"age_group:gender"``. Beside an
            interaction, a main effect is that in the reference category of the other.

        Returns
        -------
        TestResult
            The joint Wald F of the coefficients of the term; or, where the design has few degrees
            of freedom, the second-order form of Rao and Scott (1984, Annals of Statistics 12). Its
            note says what was found.

        Raises
        ------
        SelectionError
            No such term.
        DesignError
            No coefficient of it has a standard error.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> fit = op.hazard(panel, "gender", item="support")
        >>> fit.test("gender").df1
        1.0
        """
        if term not in self.terms:
            raise unknown("term", term, self.terms)
        names = self.terms[term]
        rows = np.flatnonzero(self.coefficients.labels["term"].isin(names))
        estimates = self.coefficients.select(term=names)
        result = joint_test(estimates, self.working[np.ix_(rows, rows)])
        sentence = (
            f"Given the rest of the formula, the outcome differs by {term} by more than chance "
            "would explain."
            if result.pvalue < 0.05
            else f"No detectable difference by {term}; that does not show that there is none."
        )
        waves = " → ".join(self.coefficients.about.waves)
        return replace(
            result,
            name=f"Coefficients of {term}, {waves}",
            note=sentence + left_out(estimates),
        )

    def __str__(self) -> str:
        parts = [text_table(self.coefficients)]
        if self.effects is not None:
            # The caption is the same: it stands once, below the second table.
            parts = [parts[0].rpartition("\n\n")[0], text_table(self.effects)]
        n = int(self.coefficients.n[0])
        last = (
            f"Formula: {self.formula}; n = {n:,}; log-likelihood {self.loglik:.2f}. {self.caution}"
        )
        parts.append(
            "\n".join(textwrap.wrap(terminal_line(last), width=WIDTH, break_on_hyphens=False))
        )
        return "\n\n".join(parts)

    __repr__ = __str__


def comparisons_of(patterns: Patterns, variables: Sequence[str]) -> dict[Comparison, Ends]:
    """Set everyone to each category of each variable, and to its first."""
    found: dict[Comparison, Ends] = {}
    for name in variables:
        first, *others = patterns.frame[name].cat.categories
        reference = patterns.with_everyone(name, first)
        for category in others:
            ends = patterns.with_everyone(name, category), reference
            found[name, category, f"against {first}"] = ends
    return found


@dataclass(frozen=True, eq=False, kw_only=True)
class Fitted:
    """A regression that was fitted to kinds of people.

    Attributes
    ----------
    both : Estimates
        The coefficients, whose category is empty, and the effects.
    fit : Fit
    counts : numpy.ndarray, shape (patterns, outcomes)
        Weighted people.
    times : float
        How many people these are, unweighted; each as often as observed.
    """

    both: Estimates
    fit: Fit
    counts: Floats
    times: float

    @property
    def coefficients(self) -> Estimates:
        """The coefficients."""
        found = self.both.select(category="")
        labels = Labels.of(found.labels.drop(columns=["category", "reference"]))
        return replace(found, named=labels)

    def effects(self, outcomes: Sequence[str]) -> Estimates | None:
        """Average marginal effects on some outcomes; None without groups."""
        categories = self.both.labels["category"].drop_duplicates().tolist()
        compared = [name for name in categories if name]
        if not compared:
            return None
        found = self.both.select(category=compared, outcome=list(outcomes))
        return replace(found, unit="change")

    @property
    def loglik(self) -> float:
        """The log-likelihood with weights that add up to the number of people."""
        return self.fit.loglik * self.times / float(self.counts.sum())

    @property
    def working(self) -> Floats:
        """The covariance of coefficients that people drawn one by one would have."""
        return np.asarray(self.fit.inverse * self.counts.sum() / self.times)


def fit_kinds(
    kinds: Kinds,
    patterns: Patterns,
    family: Family,
    comparisons: Mapping[Comparison, Ends],
    about: About,
    waves: Mapping[str, str],
) -> Fitted:
    """Fit, and bring the design to the coefficients and the effects, refitted together.

    Parameters
    ----------
    kinds : Kinds
        Those of the patterns.
    patterns : Patterns
    family : Family
    comparisons : dict of Comparison to Ends
    about : About
    waves : dict of str to str
        Label columns before the others, the same for all.

    Raises
    ------
    DesignError
        Some coefficients have no finite estimate, or the fit does not converge.
    """
    counts = patterns.counts(kinds.totals)
    patterns.check(counts > 0, family)
    fit = family.fit(patterns.design, counts)
    by_cell = fit.scores(patterns.design)
    columns, effects = [by_cell], _effects(comparisons, counts, fit)
    weight = counts.sum(axis=1)
    for ends, effect in zip(comparisons.values(), effects, strict=True):
        # Through the average, and through the coefficients in it.
        average = (_differences(ends, fit) - effect) / counts.sum()
        slopes = fit.slopes_of(ends[0], weight) - fit.slopes_of(ends[1], weight)
        columns.append(average[:, None, :] + by_cell @ slopes.T)
    value = np.concatenate([fit.value, *effects])
    table = np.concatenate(columns, axis=2).reshape(-1, len(value))

    def refit(other: Floats) -> Floats:
        again = patterns.counts(other)
        if ((again > 0) != (counts > 0)).any() and not patterns.estimable(again > 0, family):
            return np.full(len(value), np.nan)
        refitted = family.fit(patterns.design, again, fit.value)
        return np.concatenate([refitted.value, *_effects(comparisons, again, refitted)])

    rows = [
        (name, "", "", out) for name, out in family.parameters(patterns.columns, patterns.outcomes)
    ]
    rows += [(*key, out) for key in comparisons for out in patterns.outcomes]
    labels = pd.DataFrame(rows, columns=list(LABELS))
    for place, (name, wave) in enumerate(waves.items()):
        labels.insert(place, name, wave)
    both = kinds.estimates(
        Labels.of(labels),
        value,
        base=np.ones((len(value), len(patterns.cells)), dtype=bool),
        scores=table[patterns.cells],
        refit=refit,
        about=about,
        unit="number",
        what=f"{about.measure.replace('_', ' ')}: replicates",
    )
    return Fitted(both=both, fit=fit, counts=counts, times=float(kinds.people.sum()))


def notes_on_fit(
    patterns: Patterns, lost: int, groups: Sequence[str], of: str, replicates: Replicates | None
) -> list[str]:
    """Say how many are left out, what nobody has, and under how many replicates nothing fits.

    Parameters
    ----------
    patterns : Patterns
    lost : int
        People, or answers, without a category of the groups.
    groups : sequence of str
    of : str
        What they have all the same, in words.
    replicates : Replicates or None
    """
    notes = []
    if lost:
        notes.append(f"Left out: {of.format(count_people(lost))} no known {' or '.join(groups)}.")
    if patterns.empty:
        notes.append(f"Left out, nobody there: {listing(patterns.empty)}.")
    if replicates is not None:
        counted = replicates.values[replicates.rscales > 0]
        unfitted = int(np.isnan(counted).all(axis=1).sum())
        if unfitted:
            notes.append(
                f"No standard errors: {unfitted} of {len(counted)} replicates have no finite fit."
            )
    return notes


def later_notes(panel: Panel, groups: Sequence[str], wave: str) -> list[str]:
    """Say which groups are answers given after a wave at which outcomes are known already."""
    made = {name: panel.group(name).answers_to for name in groups}
    return [
        f"{name!r} is what people answered at {answers[1]}, after {wave}: it may follow from what "
        "it is to explain."
        for name, answers in made.items()
        if answers is not None and panel.position(answers[1]) > panel.position(wave)
    ]


def _differences(ends: Ends, fit: Fit) -> Floats:
    """Take the differences of probabilities between two sets of patterns."""
    return fit.shares_of(ends[0]) - fit.shares_of(ends[1])


def _effects(comparisons: Mapping[Comparison, Ends], counts: Floats, fit: Fit) -> list[Floats]:
    """Average the differences of every comparison."""
    mean = counts.sum(axis=1) / counts.sum()
    return [mean @ _differences(ends, fit) for ends in comparisons.values()]
