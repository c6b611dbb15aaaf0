"""Regression of change: the destination of people, given their origin and their groups."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats
from opinionpanel.engines import PersonColumn
from opinionpanel.errors import SelectionError, count_people, listing, unknown
from opinionpanel.escaping import terminal_line
from opinionpanel.estimates import (
    PAIR,
    WIDTH,
    About,
    Estimates,
    Kinds,
    Labels,
    Replicates,
    Role,
    TestResult,
    free_names,
    kinds_of,
    left_out,
    text_table,
)
from opinionpanel.hypotheses import joint_test
from opinionpanel.measures import (
    WAVES,
    Waves,
    about_of,
    accounts_of,
    base_of,
    base_words,
    pair_names,
    state_codes,
    waves_of,
)
from opinionpanel.models.formula import read_formula
from opinionpanel.models.logit import Logit, average_slopes, differences, fit_logit
from opinionpanel.models.patterns import CodedVariable, Patterns, patterns_of
from opinionpanel.panel import Panel

Outcome = Literal["destination", "changed"]
# A group, a category and its reference; and the columns of the patterns with everyone in each.
Comparison = tuple[str, str, str]
Ends = tuple[Floats, Floats]
# The label columns of coefficients and effects, besides the waves.
LABELS = ("term", "category", "reference", "outcome")

CAUTION = (
    "These are associations given the origin, not causes of change. Response error counts as "
    "change: a group that answers less reliably moves more, and groups that differ at the first "
    "wave can show an effect where nobody changed."
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ChangeModel:
    """A fitted regression of change.

    Attributes
    ----------
    coefficients : Estimates
        Labels ``from_wave``, ``to_wave``, ``term`` and ``outcome``: the change in the log odds of
        the outcome against the reference, the first state of the item that somebody went to; for
        ``outcome="changed"``, against staying. Terms are named as formulaic names them:
        ``gender[T.woman]`` is a woman compared with the first category of gender.
    effects : Estimates
        Average marginal effects. Labels ``from_wave``, ``to_wave``, ``term``, ``category``,
        ``reference`` and ``outcome``: by how much the probability of the outcome differs, as the
        model has it, between everyone being in the category of the group (``term``) and everyone
        in its reference, the first category, with the origin and the other groups as they are;
        averaged over the base. Over the states they add up to 0. None without groups.
    loglik : float
        Weighted log-likelihood, with weights that add up to the number of people. Descriptive:
        its differences have no χ² distribution under weights or clusters; use `test`.
    formula : str
        The right-hand side, as it was given.
    terms : dict of str to tuple of str
        Term of the formula to the names of its coefficients.
    working : numpy.ndarray, shape (m, m)
        Covariance that the coefficients would have if people had been drawn one by one.
    """

    coefficients: Estimates
    effects: Estimates | None
    loglik: float
    formula: str
    terms: Mapping[str, tuple[str, ...]]
    working: Floats

    def test(self, term: str) -> TestResult:
        """Test whether all coefficients of a term are zero.

        Parameters
        ----------
        term : str
            A term of the formula, for example ``"age_group"`` or ``"origin:gender"``. Beside an
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
        >>> fit = change_model(panel, "gender", item="support", waves=["Jul 2024", "Nov 2024"])
        >>> fit.test("gender").df1
        2.0
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
        return replace(
            result,
            name=f"Coefficients of {term}, {self._pair}",
            note=sentence + left_out(estimates),
        )

    @property
    def _pair(self) -> str:
        return " → ".join(self.coefficients.labels[list(PAIR)].iloc[0])

    def __str__(self) -> str:
        parts = [text_table(self.coefficients)]
        if self.effects is not None:
            # The caption is the same: it stands once, below the second table.
            parts = [parts[0].rpartition("\n\n")[0], text_table(self.effects)]
        n = int(self.coefficients.n[0])
        last = f"Formula: {self.formula}; n = {n:,}; log-likelihood {self.loglik:.2f}. {CAUTION}"
        parts.append(
            "\n".join(textwrap.wrap(terminal_line(last), width=WIDTH, break_on_hyphens=False))
        )
        return "\n\n".join(parts)

    __repr__ = __str__


@checked
def change_model(
    panel: Panel,
    formula: str,
    *,
    item: str,
    waves: Waves | None = None,
    outcome: Outcome = "destination",
) -> ChangeModel:
    """Regress where people went on where they came from and on their groups.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    formula : str
        The right-hand side, of groups of the panel and ``origin``, such as ``"age_group +
        gender"``, ``"age_group * gender"`` or ``"origin * gender"``; an intercept and the origin
        are always in it, and nothing is taken out with ``-`` or ``0``. ``C(gender,
        contr.treatment("woman"))`` sets the reference of the coefficients; ``contr.sum``,
        ``contr.helmert``, ``contr.diff`` and ``contr.poly`` are the other contrasts. Anything else,
        such as a function, is refused. A group that is named ``origin`` itself is ``origin
        (group)``, in backquotes, as every name with a space.
    item : str
        The item's name in the panel.
    waves : sequence of str, or one pair of them, optional
        The two waves, in their order; by default the one pair that links people.
    outcome : {"destination", "changed"}
        The state at the second wave, a multinomial logit; or whether it is another than at the
        first, a binary one.

    Returns
    -------
    ChangeModel
        Coefficients and average marginal effects, both `Estimates`. The base is those with an
        answer at both waves and known groups, with the weight of the pair; a group by wave counts
        as at the first.

    Raises
    ------
    SelectionError
        An item, wave, group or outcome that does not exist, a formula that cannot be read, or
        not two waves in their order.
    DesignError
        Fewer than two outcomes or categories have anybody, terms repeat each other, some
        coefficients have no finite estimate, or the fit does not converge.

    Notes
    -----
    log(π_j / π_1) = x′β_j, by weighted maximum likelihood (statsmodels), Σ w log π. With the
    information I = Σ w (diag π − π π′) ⊗ x x′, the coefficients vary by the weight of a person as
    I⁻¹ (1(j) − π) ⊗ x, and the covariance is that of the totals of it under the design (Binder
    1983, International Statistical Review 51; for two outcomes R's ``svyglm``). The derivative of
    an average marginal effect is that of its coefficients and of its average. With replicate
    weights the model is fitted again under each; a replicate without a finite estimate leaves no
    standard error. The degrees of freedom are those of the design in the base; R's ``svyglm``
    takes the number of coefficients off.

    Odds ratios are ``numpy.exp(fit.coefficients.to_frame()[["estimate", "conf_low",
    "conf_high"]])``.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> fit = change_model(panel, "gender", item="support", waves=["Jul 2024", "Nov 2024"])
    >>> frame = fit.effects.to_frame()
    >>> frame[["category", "reference", "outcome", "estimate", "std_error"]].round(3)
      category    reference  outcome  estimate  std_error
    0    woman  against man  approve    -0.064      0.027
    1    woman  against man   unsure     0.039      0.029
    2    woman  against man   oppose     0.025      0.024
    """
    names = _two_waves(panel, item, waves)
    named = dict(zip(free_names([*panel.groups], ["origin"]), panel.groups, strict=True))
    parsed = read_formula(formula, named)
    used = parsed.groups
    groups = [named[label] for label in used]
    states, codes = state_codes(panel, item, names, "answered")
    answered, weight = base_of(panel, item, names, (names[0], names[1]), "answered")
    answered = answered & (weight.values > 0)
    origin, destination = codes[names[0]], codes[names[1]]
    variables: dict[str, CodedVariable] = {"origin": (states, origin)}
    for label, name in zip(used, groups, strict=True):
        group = panel.group(name)
        variables[label] = (group.categories, group.at(panel.position(names[0])))
    patterns = patterns_of(
        parsed, variables, _reached(outcome, states, origin, destination), answered
    )
    kinds = kinds_of(panel.sampling, weight, patterns.kinds, len(patterns.cells))
    counts = patterns.counts(kinds.totals)
    patterns.check(counts > 0)
    key = (names[0], names[1])
    roles: dict[str, Role] = {**WAVES, **dict.fromkeys(LABELS, "parameter")}
    who = base_words("answered", names, pairs=True)
    accounts = accounts_of(panel, names, [key], "answered")
    about = replace(
        about_of(panel, item, names, groups, who, accounts),
        measure="change_model",
        weights={key: weight.text},
        roles=roles,
    )
    fit = fit_logit(patterns.design, counts)
    comparisons = _comparisons(patterns, used)
    both = _estimates(kinds, patterns, fit, comparisons, about)
    lost = int(answered.sum() - kinds.people.sum())
    notes = _notes(patterns, lost, used) + _unfitted(both.replicates)
    about = replace(about, notes={key: " ".join(notes)} if notes else {})
    return _result(replace(both, about=about), patterns, fit, counts, formula, outcome)


def _two_waves(panel: Panel, item: str, waves: Waves | None) -> list[str]:
    pairs = pair_names(panel, item, waves, in_order=True)
    names = waves_of(panel, pairs)
    if len(pairs) > 1:
        raise SelectionError(
            f"A regression of change is about two waves, not {len(names)}: name them, for example "
            f"waves={[*pairs[0]]!r}. Item {item!r} was asked at {listing(panel.asked(item))}."
        )
    return names


def _reached(
    outcome: str, states: tuple[str, ...], origin: PersonColumn, destination: PersonColumn
) -> CodedVariable:
    """Give the outcomes, and that of each person."""
    if outcome == "destination":
        return states, destination
    if outcome == "changed":
        return ("stayed", "changed"), (origin != destination).astype(np.int64)
    raise unknown("outcome", outcome, get_args(Outcome))


def _notes(patterns: Patterns, lost: int, groups: Sequence[str]) -> list[str]:
    """Say how many are left out, and what nobody has."""
    notes = []
    if lost:
        notes.append(
            f"Left out: {count_people(lost)} with both answers and no known {' or '.join(groups)}."
        )
    if patterns.empty:
        notes.append(f"Left out, nobody there: {listing(patterns.empty)}.")
    return notes


def _comparisons(patterns: Patterns, groups: Sequence[str]) -> dict[Comparison, Ends]:
    """Set everyone to each category of each group, and to its first."""
    found: dict[Comparison, Ends] = {}
    for name in groups:
        first, *others = patterns.frame[name].cat.categories
        reference = patterns.with_everyone(name, first)
        for category in others:
            ends = patterns.with_everyone(name, category), reference
            found[name, category, f"against {first}"] = ends
    return found


def _estimates(
    kinds: Kinds,
    patterns: Patterns,
    fit: Logit,
    comparisons: Mapping[Comparison, Ends],
    about: About,
) -> Estimates:
    """Bring the design to the coefficients and the effects, refitted together."""
    counts = patterns.counts(kinds.totals)
    by_cell = fit.scores(patterns.design)
    columns, effects = [by_cell], _effects(comparisons, counts, fit.coefficients)
    for ends, effect in zip(comparisons.values(), effects, strict=True):
        # Through the average, and through the coefficients in it.
        average = (differences(*ends, fit.coefficients) - effect) / counts.sum()
        slopes = average_slopes(*ends, counts.sum(axis=1), fit.coefficients)
        columns.append(average[:, None, :] + by_cell @ slopes.T)
    value = np.concatenate([fit.coefficients.ravel(), *effects])
    table = np.concatenate(columns, axis=2).reshape(-1, len(value))

    def refit(other: Floats) -> Floats:
        again = patterns.counts(other)
        if ((again > 0) != (counts > 0)).any() and not patterns.estimable(again > 0):
            return np.full(len(value), np.nan)
        refitted = fit_logit(patterns.design, again, fit.coefficients).coefficients
        return np.concatenate([refitted.ravel(), *_effects(comparisons, again, refitted)])

    return kinds.estimates(
        Labels.of(_labels(patterns, comparisons, about)),
        value,
        base=np.ones((len(value), len(patterns.cells)), dtype=bool),
        scores=table[patterns.cells],
        refit=refit,
        about=about,
        unit="number",
        what="regression of change: replicates",
    )


def _effects(
    comparisons: Mapping[Comparison, Ends], counts: Floats, coefficients: Floats
) -> list[Floats]:
    """Average the differences of every comparison."""
    mean = counts.sum(axis=1) / counts.sum()
    return [mean @ differences(*ends, coefficients) for ends in comparisons.values()]


def _labels(
    patterns: Patterns, comparisons: Mapping[Comparison, Ends], about: About
) -> pd.DataFrame:
    """Label the coefficients, whose category is empty, and the effects."""
    rows = [(name, "", "", out) for name in patterns.columns for out in patterns.outcomes[1:]]
    rows += [(*key, out) for key in comparisons for out in patterns.outcomes]
    labels = pd.DataFrame(rows, columns=list(LABELS))
    for place, name in enumerate(PAIR):
        labels.insert(place, name, about.waves[place])
    return labels


def _result(
    both: Estimates, patterns: Patterns, fit: Logit, counts: Floats, formula: str, outcome: str
) -> ChangeModel:
    """Part the coefficients from the effects, and title them."""
    people, item = float(both.n[0]), both.about.item
    what = f"the destination of {item}" if outcome == "destination" else f"a change of {item}"
    against = f" against {patterns.outcomes[0]!r}" if outcome == "destination" else ""
    coefficients = both.select(category="")
    effects = None
    if len(coefficients) < len(both):
        categories = both.labels["category"].drop_duplicates().tolist()
        effects = both.select(category=[name for name in categories if name])
        if outcome == "changed":
            effects = effects.select(outcome="changed")
        title = f"Average marginal effects on {what}, given the origin"
        effects = replace(effects, unit="change", about=replace(effects.about, title=title))
    title = f"Log odds of {what}{against}, given the origin"
    return ChangeModel(
        coefficients=replace(
            coefficients,
            named=Labels.of(coefficients.labels.drop(columns=["category", "reference"])),
            about=replace(coefficients.about, title=title),
        ),
        effects=effects,
        # With weights that add up to the number of people.
        loglik=fit.loglik * people / counts.sum(),
        formula=formula,
        terms=patterns.terms,
        working=fit.inverse * counts.sum() / people,
    )


def _unfitted(replicates: Replicates | None) -> list[str]:
    """Say under how many replicates there is no finite estimate."""
    if replicates is None:
        return []
    counted = replicates.values[replicates.rscales > 0]
    lost = int(np.isnan(counted).all(axis=1).sum())
    text = f"No standard errors: {lost} of {len(counted)} replicates have no finite fit."
    return [text] if lost else []
