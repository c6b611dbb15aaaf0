"""When people first change their answer: a regression in the discrete time of waves."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats
from opinionpanel.errors import count_people, unknown
from opinionpanel.estimates import Coded, free_names, kinds_at_waves
from opinionpanel.measures import (
    CutOff,
    Interval,
    Waves,
    about_of,
    intervals_until_change,
    refuse_nobody,
    wave_names,
)
from opinionpanel.models.formula import read_formula
from opinionpanel.models.likelihood_families import ComplementaryLogLog, Family, MultinomialLogit
from opinionpanel.models.patterns import Observed, Patterns, patterns_of
from opinionpanel.models.regression import (
    PARAMETERS,
    Regression,
    comparisons_of,
    fit_kinds,
    later_notes,
    notes_on_fit,
)
from opinionpanel.panel import Panel

Link = Literal["logit", "cloglog"]
FAMILIES: dict[str, Family] = {"logit": MultinomialLogit(), "cloglog": ComplementaryLogLog()}
OUTCOMES = ("unchanged", "changed")
INTERVAL, ORIGIN = "interval", "origin"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HazardModel(Regression):
    """A fitted regression of the first change of answer.

    Attributes
    ----------
    coefficients : Estimates
        Labels ``term`` and ``outcome``, which is ``changed``: with ``link="logit"`` the change in
        the log odds of changing in an interval, for those who have not changed yet; with
        ``link="cloglog"`` in the log of the rate of change, so that exp is a ratio of rates. Terms
        are named as formulaic names them: ``gender[T.woman]`` is a woman compared with the first
        category of gender, ``interval[T.w2 → w3]`` that interval compared with the first.
    effects : Estimates or None
        Average marginal effects. Labels ``term``, ``category``, ``reference`` and ``outcome``: by
        how much the probability of changing in an interval differs, as the model has it, between
        everyone being in the category of the group (``term``) and everyone in its reference, the
        first category, with all else as it is; averaged over the intervals of all people. None
        without groups.
    loglik : float
        Weighted log-likelihood, with weights that add up to the number of intervals. Descriptive:
        its differences have no χ² distribution under weights or clusters; use `test`.
    formula : str
        The right-hand side, as it was given.
    terms : dict of str to tuple of str
        Term of the formula to the names of its coefficients.
    working : numpy.ndarray, shape (m, m)
        Covariance that the coefficients would have if intervals had been drawn one by one.
    caution : str
        What must be known of any such model; it stands below the printed tables.
    """

    caution: str = (
        "These are associations, not causes of change. Response error counts as change, and a "
        "change that was taken back between two waves is not seen. In later intervals those are "
        "left who change less readily, so that differences between groups shrink or turn."
    )


@checked
def hazard(
    panel: Panel, formula: str, *, item: str, waves: Waves | None = None, link: Link = "logit"
) -> HazardModel:
    """Regress the first change of answer on groups, interval by interval.

    Each person counts once for every interval between two waves from the first answer on, until
    the interval in which the answer changed for the first time, or nothing more is known.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    formula : str
        The right-hand side, of groups of the panel, ``origin`` (the answer that was given so far)
        and ``interval``, such as ``"age_group + gender"`` or ``"interval * gender"``; an intercept
        and, of several, the interval are always in it, and nothing is taken out with ``-`` or
        ``0``. ``C(gender, contr.treatment("woman"))`` sets the reference of the coefficients. A
        group that is named ``interval`` itself is ``interval (group)``, in backquotes, as every
        name with a space.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Two waves or more, in the order of fieldwork; by default every wave that asked the item and
        at which people of the first were due.
    link : {"logit", "cloglog"}
        Of the probability of changing in an interval: log odds; or the complementary log-log, with
        which coefficients are those of a proportional-hazards model in continuous time, however
        long the intervals are.

    Returns
    -------
    HazardModel
        Coefficients and average marginal effects, both `Estimates`. The base is those with answers
        at two waves in a row and known groups; each interval has the weight of its two waves. A
        group by wave counts as at the start of each interval. ``n`` is people, however many
        intervals each is in.

    Raises
    ------
    SelectionError
        An item, wave, group or link that does not exist, a formula that cannot be read, or waves
        out of order; nobody with answers at two waves in a row.
    DesignError
        Nobody changed, or everybody; fewer than two categories of a group have anybody, terms
        repeat each other, some coefficients have no finite estimate, or the fit does not converge.

    Notes
    -----
    logit h or log(−log(1 − h)) = x′β, with h the probability that the answer changes in an
    interval, given that it has not before (Allison 1982, Sociological Methodology 13; Prentice &
    Gloeckler 1978, Biometrics 34). By weighted maximum likelihood over people and intervals; the
    scores of a person in all intervals are added up before they are squared, and those of a PSU,
    as R's ``svyglm`` does with the person or the PSU as cluster. Standard errors and degrees of
    freedom are those of `change_model`; with ``cloglog`` the information is the expected one, as
    in R.

    Whoever misses a wave, or gives no answer there, is not followed beyond it, even if they come
    back: in the gap the answer may have changed and changed back, which no link can know. They and
    those who drop out count up to then, which takes them to be no different, given the formula,
    from those who stay. People who joined after the first wave count from their first answer on,
    in the intervals of the calendar.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> fit = op.hazard(panel, "gender", item="support")
    >>> frame = fit.effects.to_frame()
    >>> frame[["category", "reference", "outcome", "estimate", "std_error"]].round(3)
      category    reference  outcome  estimate  std_error
    0    woman  against man  changed    -0.002      0.021
    """
    if link not in FAMILIES:
        raise unknown("link", link, get_args(Link))
    names = wave_names(panel, item, waves, at_least=2, in_order=True, one_chain=True)
    named = dict(zip(free_names([*panel.groups], [INTERVAL, ORIGIN]), panel.groups, strict=True))
    always = [INTERVAL] if len(names) > 2 else []
    parsed = read_formula(formula, named, [*always, ORIGIN], always)
    groups = [named[label] for label in parsed.groups]
    states, intervals, cut_off = intervals_until_change(panel, item, names, from_first_wave=False)
    observed = [
        _observed(panel, each, place, parsed.own, groups) for place, each in enumerate(intervals)
    ]
    categories = {INTERVAL: [" → ".join(each.waves) for each in intervals], ORIGIN: states}
    variables = {name: categories[name] for name in parsed.own}
    for label, group in zip(parsed.groups, groups, strict=True):
        variables[label] = panel.group(group).categories
    whole = sum(int(time.inside.sum()) for time in observed)
    refuse_nobody(item, names, whole)
    patterns = patterns_of(parsed, variables, OUTCOMES, observed)
    weights = [each.weight for each in intervals]
    coded = map(Coded, patterns.kinds, patterns.sizes, weights)
    kinds = kinds_at_waves(panel.sampling, list(coded))
    who = "people with answers at two waves in a row, in each interval until the first change"
    about = replace(
        about_of(panel, item, names, groups, who, {}),
        measure="hazard",
        weights={each.waves: each.weight.text for each in intervals},
        roles=PARAMETERS,
    )
    compared = [name for name in [*parsed.own, *parsed.groups] if name != INTERVAL]
    fitted = fit_kinds(
        kinds, patterns, FAMILIES[link], comparisons_of(patterns, compared), about, {}
    )
    notes = _notes(patterns, kinds.people, cut_off, names[0])
    notes += notes_on_fit(
        patterns,
        int(whole - kinds.people.sum()),
        parsed.groups,
        "{} with an interval and",
        fitted.both.replicates,
    )
    notes += later_notes(panel, groups, names[1])
    about = replace(about, notes={(): " ".join(notes)})
    scale = "Log odds" if link == "logit" else "Log rate"
    title = f"{scale} of a first change of {item}, in intervals between waves"
    effects = fitted.effects([OUTCOMES[1]])
    return HazardModel(
        coefficients=replace(fitted.coefficients, about=replace(about, title=title)),
        effects=effects
        and replace(
            effects,
            about=replace(about, title=f"Average marginal effects on a first change of {item}"),
        ),
        loglik=fitted.loglik,
        formula=formula,
        terms=patterns.terms,
        working=fitted.working,
    )


def _observed(
    panel: Panel, each: Interval, place: int, own: list[str], groups: list[str]
) -> Observed:
    """Say what is known of people in an interval."""
    inside = each.at_risk & (each.weight.values > 0)
    codes = {INTERVAL: np.zeros_like(each.changed) + place, ORIGIN: each.state}
    at = panel.position(each.waves[0])
    return Observed(
        inside,
        [*(codes[name] for name in own), *(panel.group(name).at(at) for name in groups)],
        each.changed,
    )


def _notes(patterns: Patterns, people: Floats, cut_off: CutOff, first: str) -> list[str]:
    """Say how many intervals and changes there are, and who was cut off or came late."""
    changed = people[patterns.cells % len(OUTCOMES) == 1].sum()
    notes = [f"{int(people.sum()):,} intervals, in {int(changed):,} of which the answer changed."]
    if told := cut_off.words():
        notes.append(told)
    if cut_off.later:
        notes.append(f"{count_people(cut_off.later)} joined after {first}.")
    return notes
