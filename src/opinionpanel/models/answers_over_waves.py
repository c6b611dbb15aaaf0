"""Answers at several waves in one regression: binary, multinomial, or of ordered states."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from opinionpanel import questions
from opinionpanel.arguments import checked
from opinionpanel.arrays import Integers
from opinionpanel.engines import PersonColumn, take
from opinionpanel.errors import SelectionError, count_people, listing, unknown
from opinionpanel.estimates import Coded, TestResult, free_names, kinds_at_waves
from opinionpanel.measures import (
    Base,
    Waves,
    about_of,
    accounts_of,
    base_of,
    base_words,
    state_codes,
    wave_names,
)
from opinionpanel.models.formula import read_formula
from opinionpanel.models.likelihood_families import Family, MultinomialLogit, OrderedLogit
from opinionpanel.models.patterns import Observed, patterns_of
from opinionpanel.models.proportional_odds import proportional_odds
from opinionpanel.models.regression import (
    PARAMETERS,
    Regression,
    comparisons_of,
    fit_kinds,
    later_notes,
    notes_on_fit,
)
from opinionpanel.models.within_people import CAUTION, at_all_waves, fit_within
from opinionpanel.panel import Panel

Kind = Literal["multinomial", "ordered", "binary", "within"]
# Those about one state against all other answers.
OF_ONE_STATE = ("binary", "within")
WAVE = "wave"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AnswerModel(Regression):
    """A fitted regression of the answers at several waves.

    Attributes
    ----------
    coefficients : Estimates
        Labels ``term`` and ``outcome``. Of ``kind="multinomial"`` and ``"binary"`` the change in
        the log odds of the outcome against the reference: the first state, or all other answers.
        Of ``"within"`` the same as of ``"binary"``, for a person at one wave against another.
        Of ``"ordered"`` the change in the log odds of a higher state, whichever it is, with the
        outcome ""; and the thresholds between the states, with the term ``threshold``. Terms are
        named as formulaic names them: ``gender[T.woman]`` is a woman compared with the first
        category of gender.
    effects : Estimates or None
        Average marginal effects. Labels ``term``, ``category``, ``reference`` and ``outcome``: by
        how much the probability of the outcome differs, as the model has it, between everyone being
        in the category of the group or wave (``term``) and everyone in its reference, the first
        category, with all else as it is; averaged over the answers of all waves. None without
        groups and waves in the formula, and of ``kind="within"``, which says nothing of levels.
    proportional_odds : TestResult or None
        Of ``kind="ordered"``: the test whether the slopes are the same at every threshold, as the
        model assumes. None for other kinds, for two states, and where the slopes at a threshold
        have no finite estimate, which a note says.
    loglik : float
        Weighted log-likelihood, with weights that add up to the number of answers; of
        ``kind="within"``, of people who changed. Descriptive:
        its differences have no χ² distribution under weights or clusters; use `test`.
    formula : str
        The right-hand side, as it was given.
    terms : dict of str to tuple of str
        Term of the formula to the names of its coefficients.
    working : numpy.ndarray, shape (m, m)
        Covariance that the coefficients would have if answers had been drawn one by one; of
        ``kind="within"``, people.
    caution : str
        What must be known of any such model; it stands below the printed tables.
    """

    proportional_odds: TestResult | None = None

    caution: str = (
        "These are associations, not causes. They compare people with one another as well as with "
        "themselves at other waves; a difference by wave is change only as far as those who "
        "answered at each wave stand for the same people."
    )

    def __str__(self) -> str:
        text = super().__str__()
        test = self.proportional_odds
        return text if test is None else f"{text}\n\n{test}"

    __repr__ = __str__


@checked
def answer_model(
    panel: Panel,
    formula: str,
    *,
    item: str,
    waves: Waves | None = None,
    kind: Kind = "multinomial",
    state: str | None = None,
    without: Sequence[str] = (),
) -> AnswerModel:
    """Regress the answers at several waves on groups and waves, in one model.

    Each answer counts, with the weight of its wave; the answers of a person belong together.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    formula : str
        The right-hand side, of groups of the panel and ``wave``, such as ``"age_group + wave"`` or
        ``"gender * wave"``; an intercept is always in it, and nothing is taken out with ``-`` or
        ``0``. ``C(gender, contr.treatment("woman"))`` sets the reference of the coefficients. A
        group that is named ``wave`` itself is ``wave (group)``, in backquotes, as every name with
        a space.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        By default every wave that asked the item.
    kind : {"multinomial", "ordered", "binary", "within"}
        Log odds of every state against the first; log odds of being above each threshold between
        the states in their order, with the same slopes (proportional odds); log odds of one
        `state` against all other answers; or the same, comparing people with themselves only
        (conditional logit). For the last the formula names what differs between waves: ``wave``,
        groups that count as at each wave, or a group crossed with them, ``"wave * gender"``.
    state : str, optional
        The state that ``kind="binary"`` and ``"within"`` are about; by default the last of an item
        with two.
    without : str or sequence of str
        States that are left out, as if nobody had given an answer: of an order, those that have no
        place in it.

    Returns
    -------
    AnswerModel
        Coefficients and average marginal effects, both `Estimates`. The base is those with an
        answer at the wave and known groups; a group by wave counts as at each wave. ``n`` is
        people, however many answers each gave. Of ``kind="within"`` only coefficients: the base is
        those with an answer and known groups at all waves, with one weight, that of the first and
        the last wave, and of them those who were of the state at some waves and not at others.

    Raises
    ------
    SelectionError
        An item, wave, group, kind or state that does not exist, or a formula that cannot be read;
        within people, a term that is the same at all waves.
    DesignError
        Fewer than two outcomes or categories have anybody, terms repeat each other, some
        coefficients have no finite estimate, or the fit does not converge.

    Notes
    -----
    By weighted maximum likelihood over people and waves; the scores of a person at all waves are
    added up before they are squared, and those of a PSU, as R's ``svyglm`` and ``svyolr`` do with
    the person or the PSU as cluster (Binder 1983, International Statistical Review 51; Liang &
    Zeger 1986, Biometrika 73, with independence as the working correlation). Ordered:
    logit P(answer above j) = x′β − θ_j (McCullagh 1980, Journal of the Royal Statistical Society
    B 42); the assumption is tested by the joint Wald or Rao–Scott test that the slopes of the
    separate binary logits of being above each threshold are equal (Brant 1990, Biometrics 46),
    with their joint design covariance. Standard errors and degrees of freedom are those of
    `change_model`.

    Within: the conditional likelihood of the waves at which a person was of the state, given at how
    many, in which the person's own level cancels (Andersen 1970, Journal of the Royal Statistical
    Society B 32; Chamberlain 1980, Review of Economic Studies 47); likelihood and score of people
    are those of statsmodels' ``ConditionalLogit``, weighted. With two waves it is the logit of the
    later answer on the differences of the columns, without an intercept, among those who changed.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> one = {"kind": "binary", "state": "approve"}
    >>> fit = op.answer_model(panel, "gender + wave", item="support", **one)
    >>> frame = fit.effects.to_frame()
    >>> frame[["category", "reference", "outcome", "estimate", "std_error"]].round(3)
       category         reference  outcome  estimate  std_error
    0  Nov 2024  against Jul 2024  approve    -0.002      0.014
    1  Mar 2025  against Jul 2024  approve     0.014      0.018
    2  Jul 2025  against Jul 2024  approve     0.011      0.018
    3     woman       against man  approve    -0.096      0.026
    """
    within = kind == "within"
    names = wave_names(panel, item, waves, at_least=1 + within, in_order=within, one_chain=within)
    named = dict(zip(free_names([*panel.groups], [WAVE]), panel.groups, strict=True))
    parsed = read_formula(formula, named, [WAVE], [])
    groups = [named[label] for label in parsed.groups]
    states, codes = state_codes(panel, item, names, "answered")
    left = [without] if isinstance(without, str) else list(without)
    outcomes, places = _outcomes(states, kind, state, left, item)
    way: Base = "balanced" if within else "answered"
    observed, weights = [], []
    for place, name in enumerate(names):
        inside, weight = base_of(panel, item, names, (name,), way)
        outcome = take(places, codes[name])
        inside = inside & (outcome >= 0) & (weight.values > 0)
        at = panel.position(name)
        own: list[PersonColumn] = [np.zeros_like(codes[name]) + place for _ in parsed.own]
        own += [panel.group(group).at(at) for group in groups]
        observed.append(Observed(inside, own, outcome))
        weights.append(weight)
    if within:
        observed, whole = at_all_waves(observed)
    else:
        whole = sum(int(time.inside.sum()) for time in observed)
    variables: dict[str, Sequence[str]] = dict.fromkeys(parsed.own, names)
    for label, group in zip(parsed.groups, groups, strict=True):
        variables[label] = panel.group(group).categories
    patterns = patterns_of(parsed, variables, outcomes, observed)
    keys: list[tuple[str, ...]] = [(name,) for name in names]
    who = base_words(way, names, pairs=False)
    if within:
        # The weight is the same at all waves.
        keys = [(names[0], names[-1])]
        who = f"{who}, who were {outcomes[1]!r} at some of them only"
    about = replace(
        about_of(
            panel,
            item,
            names,
            groups,
            who,
            accounts_of(panel, names, keys, way),
        ),
        measure="answer_model",
        weights={key: weight.text for key, weight in zip(keys, weights, strict=False)},
        roles=PARAMETERS,
    )
    told = [f"Left out: {listing(left)}."] if left else []
    told += later_notes(panel, groups, names[0])
    if within:
        alone = fit_within(panel.sampling, patterns, parsed, weights[0], about)
        lost, replicates = whole - alone.people, alone.coefficients.replicates
        notes = [*alone.notes, *told]
        notes += notes_on_fit(
            patterns, lost, parsed.groups, "{} with an answer at all waves and", replicates
        )
        title = f"Log odds of {_what(kind, outcomes, item)[0]}, within people"
        return AnswerModel(
            coefficients=replace(
                alone.coefficients, about=replace(about, title=title, notes={(): " ".join(notes)})
            ),
            effects=None,
            loglik=alone.loglik,
            formula=formula,
            terms=alone.terms,
            working=alone.working,
            caution=CAUTION,
        )
    kinds = kinds_at_waves(
        panel.sampling, list(map(Coded, patterns.kinds, patterns.sizes, weights))
    )
    family: Family = OrderedLogit() if kind == "ordered" else MultinomialLogit()
    compared = [*parsed.own, *parsed.groups]
    fitted = fit_kinds(kinds, patterns, family, comparisons_of(patterns, compared), about, {})
    notes = [f"{int(kinds.people.sum()):,} answers of {count_people(int(fitted.both.n[0]))}."]
    notes += told
    notes += notes_on_fit(
        patterns,
        int(whole - kinds.people.sum()),
        parsed.groups,
        "answers of {} with",
        fitted.both.replicates,
    )
    parallel = None
    if kind == "ordered" and len(patterns.outcomes) > 2 and len(patterns.columns) > 1:
        parallel, why = proportional_odds(kinds, patterns, about)
        notes += [why] if why else []
    about = replace(about, notes={(): " ".join(notes)})
    effects = fitted.effects([outcomes[1]] if kind == "binary" else patterns.outcomes)
    what = _what(kind, patterns.outcomes, item)
    return AnswerModel(
        coefficients=replace(
            fitted.coefficients, about=replace(about, title=f"Log odds of {what[0]}")
        ),
        effects=effects
        and replace(effects, about=replace(about, title=f"Average marginal effects on {what[1]}")),
        loglik=fitted.loglik,
        formula=formula,
        terms=patterns.terms,
        working=fitted.working,
        proportional_odds=parallel,
    )


def _outcomes(
    states: tuple[str, ...], kind: str, state: str | None, left: Sequence[str], item: str
) -> tuple[list[str], Integers]:
    """List the outcomes, and the place of each state among them; -1 for what is left out."""
    if kind not in get_args(Kind):
        raise unknown("kind", kind, get_args(Kind))
    for name in [*left, *([] if state is None else [state])]:
        if name not in states:
            raise unknown(f"state of item {item!r}:", name, states)
    kept = [name for name in states if name not in left]
    if kind not in OF_ONE_STATE:
        if state is not None:
            raise SelectionError(
                f"state={state!r} is for kind='binary' or 'within', one state against all other "
                f"answers; kind={kind!r} is about all states. Leave it out, or say kind='binary'."
            )
        outcomes, place = kept, {name: number for number, name in enumerate(kept)}
    else:
        if state is None and len(kept) != 2:
            raise SelectionError(
                f"kind={kind!r} is about one state of {item!r} against all other answers: name "
                f"it with state=, one of {listing(kept)}."
            )
        chosen = kept[-1] if state is None else state
        if chosen not in kept:
            raise SelectionError(f"State {chosen!r} is left out by without=, and is the outcome.")
        outcomes = [f"not {chosen}", chosen]
        place = {name: int(name == chosen) for name in kept}
    # Negative codes, of those without an answer, pick from the end.
    table = np.full(len(states) - questions.NOT_DUE, -1)
    table[: len(states)] = [place.get(name, -1) for name in states]
    return outcomes, table


def _what(kind: str, outcomes: Sequence[str], item: str) -> tuple[str, str]:
    """Say in titles what coefficients, and effects, are about."""
    if kind == "ordered":
        order = " < ".join(outcomes)
        return f"a higher answer to {item} ({order})", f"the answers to {item}"
    if kind in OF_ONE_STATE:
        return (f"{outcomes[1]!r} at {item} against all other answers",) * 2
    return f"the answers to {item} against {outcomes[0]!r}", f"the answers to {item}"
