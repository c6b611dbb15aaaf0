"""Regression of change: the destination of people, given their origin and their groups."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.engines import PersonColumn
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.estimates import PAIR, Estimates, Role, free_names, kinds_of
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
from opinionpanel.models.likelihood_families import MultinomialLogit
from opinionpanel.models.patterns import Observed, patterns_of
from opinionpanel.models.regression import (
    PARAMETERS,
    Regression,
    comparisons_of,
    fit_kinds,
    later_notes,
    notes_on_fit,
)
from opinionpanel.panel import Panel

Outcome = Literal["destination", "changed"]
CAUTION = (
    "These are associations given the origin, not causes of change. Response error counts as "
    "change: a group that answers less reliably moves more, and groups that differ at the first "
    "wave can show an effect where nobody changed."
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ChangeModel(Regression):
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
    caution : str
        What must be known of any such model; it stands below the printed tables.
    """

    caution: str = CAUTION


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
    coded = [panel.group(name) for name in groups]
    variables = {"origin": states, **dict(zip(used, (g.categories for g in coded), strict=True))}
    outcomes, reached = _reached(outcome, states, origin, destination)
    at = panel.position(names[0])
    observed = Observed(answered, [origin, *(group.at(at) for group in coded)], reached)
    patterns = patterns_of(parsed, variables, outcomes, [observed])
    kinds = kinds_of(panel.sampling, weight, patterns.kinds[0], len(patterns.cells))
    key = (names[0], names[1])
    roles: dict[str, Role] = {**WAVES, **PARAMETERS}
    who = base_words("answered", names, pairs=True)
    accounts = accounts_of(panel, names, [key], "answered")
    about = replace(
        about_of(panel, item, names, groups, who, accounts),
        measure="change_model",
        weights={key: weight.text},
        roles=roles,
    )
    waves_told = dict(zip(PAIR, names, strict=True))
    fitted = fit_kinds(
        kinds, patterns, MultinomialLogit(), comparisons_of(patterns, used), about, waves_told
    )
    lost = int(answered.sum() - kinds.people.sum())
    of, replicates = "{} with both answers and", fitted.both.replicates
    notes = notes_on_fit(patterns, lost, used, of, replicates)
    notes += later_notes(panel, groups, names[1])
    what = f"the destination of {item}" if outcome == "destination" else f"a change of {item}"
    against = f" against {patterns.outcomes[0]!r}" if outcome == "destination" else ""
    effects = fitted.effects(patterns.outcomes if outcome == "destination" else ["changed"])
    title = f"Average marginal effects on {what}, given the origin"
    noted: dict[tuple[str, ...], str] = {key: " ".join(notes)} if notes else {}
    return ChangeModel(
        coefficients=_told(
            fitted.coefficients, f"Log odds of {what}{against}, given the origin", noted
        ),
        effects=effects and _told(effects, title, noted),
        loglik=fitted.loglik,
        formula=formula,
        terms=patterns.terms,
        working=fitted.working,
    )


def _told(estimates: Estimates, title: str, notes: Mapping[tuple[str, ...], str]) -> Estimates:
    return replace(estimates, about=replace(estimates.about, title=title, notes=notes))


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
) -> tuple[tuple[str, ...], PersonColumn]:
    """Give the outcomes, and that of each person."""
    if outcome == "destination":
        return states, destination
    if outcome == "changed":
        return ("stayed", "changed"), (origin != destination).astype(np.int64)
    raise unknown("outcome", outcome, get_args(Outcome))
