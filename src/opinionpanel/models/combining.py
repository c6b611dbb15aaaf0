"""All interviews in one trend: cohorts of a panel and independent samples, combined."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Literal

import numpy as np

from opinionpanel.arguments import check_choice, checked
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.estimates import Estimates, TestResult, free_names, label_rows, p_text
from opinionpanel.measures import By
from opinionpanel.models.cohorts_together import FEWEST, SOURCE, Effects, source_words
from opinionpanel.models.interview_sources import sources_of
from opinionpanel.models.source_disagreement import agreement_of, differences, outcome
from opinionpanel.models.source_fits import Declared, Fit, fit_sources
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, in_a_row

Disagreement = Literal["refuse", "pool"]
# Notes of no wave and no pair of waves, so that they stay whatever is selected.
AGREEMENT, LEFT_OUT = ("", "", "agreement"), ("", "", "left out")
POOLED = Phrase("The sources disagree by more than chance would explain, and were pooled anyway.")


@checked
def combine(
    panel: Panel,
    item: str,
    samples: Mapping[str, Panel] | None = None,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    effects: Mapping[str, Mapping[str, str | Sequence[str] | None]] | None = None,
    declared: Mapping[str, Mapping[str, float]] | None = None,
    disagreement: Disagreement = "refuse",
) -> Estimates:
    """Share of every state at every wave, from all interviews: of the panel and other samples.

    Parameters
    ----------
    panel : Panel
        A panel with refreshments, or any panel or series beside which there are `samples`. Who
        first came at a later wave is a source of its own, ``"joined Nov 2024"``, if 50 people or
        more did; all others are ``"panel"``.
    item : str
        The item's name in the panel and in all samples.
    samples : dict of str to Panel, optional
        Name to a sample of the same population that was drawn independently, such as a telephone
        survey at one wave: a panel or a series (``person=None``) that has the item with the same
        states, and calls its waves as the panel does.
    waves : sequence of str, optional
        In the order of fieldwork. By default those of the panel that asked the item; named, there
        may be others among them that only a sample has.
    by : str or sequence of str, optional
        Groups that the panel and all samples have; several are crossed. Sources are combined
        within each group.
    effects : dict of str to dict, optional
        What sources may differ by: the name of each effect, to the sources that have it, each with
        a list of the waves at which it has, or None for all. ``{"web": {"panel": ["Mar 2025"]}}``
        lets the panel's shares at that wave differ by an amount that is estimated.
    declared : dict of str to dict, optional
        Effects of a known size, which are not estimated: the name of each to what it adds to the
        share of each state, such as ``{"web": {"approve": 0.02, "oppose": -0.02}}``.
    disagreement : {"refuse", "pool"}
        What to do where the sources disagree by more than chance would explain (p < .05).

    Returns
    -------
    Estimates
        Labels ``wave``, the groups and ``state``, as of `shares`, with the joint covariance, so
        that ``.difference("wave", …)`` gives changes. ``n`` and ``n_cell`` count the people of all
        sources at the wave. A panel without refreshments and samples gives its `shares`.

    Raises
    ------
    SelectionError
        The sources disagree; a sample of the same people, with other states, groups or waves, or
        narrowed to other people, or without a say at any wave; an effect that nothing tells from
        change, or of nobody; a combined share below 0 or above 1.
    DesignError
        A source whose shares do not vary.

    Notes
    -----
    With y the shares of every source at each wave, V their joint covariance from one tally
    (cohorts of a panel share PSUs, the same people answer at several waves; samples are
    independent), θ the levels and β the effects: y = X θ + Z β + e, and θ̂ and β̂ are those of
    generalised least squares, (DᵀV⁻¹D)⁻¹DᵀV⁻¹y with D = [X Z] (Aitken 1935), V taken as known.
    That is composite estimation (Patterson 1950, Journal of the Royal Statistical Society B 12;
    Gurney & Daly 1965; Jones 1980, same journal 42; Wolter 1979, Journal of the American
    Statistical Association 74) with an overlap of any form.

    V is estimated. Every state has weights of its own where each source has 10 people or more in
    each state, and the design 20 degrees of freedom for each difference between sources that could
    be seen. Otherwise all states have the same, those with the least sum of their variances: a
    rare state, or few PSUs, would get weights that suit the sample by chance, and errors that are
    too small.

    A cohort with fewer than 30 answers at a wave, or in a group there, counts with ``"panel"``,
    unless `effects` tell them apart. A sample with fewer is left out there, as is a source without
    a standard error, and a note says so.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> trend = op.combine(panel, "course")
    >>> trend.select(state="negotiate").value.round(3).tolist()
    [0.46, 0.476, 0.523, 0.493]
    """
    check_choice("disagreement", disagreement, Disagreement)
    fit = _fit(panel, item, samples, waves, by, effects, declared)
    test = agreement_of(fit)
    apart = test is not None and test.pvalue < 0.05
    if test is not None and apart and disagreement == "refuse":
        where = f": {told}" if (told := differences(fit)) else ""
        raise SelectionError(
            f"The sources of {item!r} disagree by more than chance would explain "
            f"({p_text(test.pvalue)}){where}. That can come of panel conditioning, of attrition, "
            "of another mode or house, or of weights that were made for all sources together. Give "
            "a source an effect of its own, such as effects={'panel effect': {'panel': […]}} with "
            "the waves that have it, whose size is estimated, or declare it, with declared=; leave "
            "a source out; or pool them all the same, with disagreement='pool', which every "
            "caption then says."
        )
    return _levels(fit, effects or {}, declared or {}, test, apart=apart)


@checked
def source_effects(
    panel: Panel,
    item: str,
    samples: Mapping[str, Panel] | None = None,
    *,
    effects: Mapping[str, Mapping[str, str | Sequence[str] | None]],
    waves: Sequence[str] | None = None,
    by: By = None,
    declared: Mapping[str, Mapping[str, float]] | None = None,
) -> Estimates:
    """Estimate what sources differ by: effects of panel, mode or house, as `combine` has them.

    Parameters
    ----------
    panel : Panel
        A panel with refreshments, or any panel or series beside which there are `samples`. Who
        first came at a later wave is a source of its own, ``"joined Nov 2024"``, if 50 people or
        more did; all others are ``"panel"``.
    item : str
        The item's name in the panel and in all samples.
    samples : dict of str to Panel, optional
        Name to a sample of the same population that was drawn independently, with the same item,
        states and names of waves.
    effects : dict of str to dict
        What sources may differ by: the name of each effect, to the sources that have it, each with
        a list of the waves at which it has, or None for all. One at least is not declared.
    waves : sequence of str, optional
        In the order of fieldwork. By default those of the panel that asked the item; named, there
        may be others among them that only a sample has.
    by : str or sequence of str, optional
        Groups that the panel and all samples have; several are crossed. Sources are compared
        within each group.
    declared : dict of str to dict, optional
        Effects of a known size, which are not estimated: the name of each to what it adds to the
        share of each state, such as ``{"web": {"approve": 0.02, "oppose": -0.02}}``.

    Returns
    -------
    Estimates
        Labels ``effect``, the groups and ``state``: what the effect adds to the share of the state,
        between −1 and 1; those of an effect add up to 0. ``n`` counts the answers of the sources
        that have the effect.

    Raises
    ------
    SelectionError
        A sample of the same people, with other states, groups or waves, or narrowed to other
        people; an effect that nothing tells from change; no effect that is not declared; waves
        that asked other people, without a sample beside them.
    DesignError
        A source whose shares do not vary.

    Notes
    -----
    The β̂ of the generalised least squares of `combine`.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> fresh = {"first interview": {"joined Nov 2024": ["Nov 2024"]}}
    >>> op.source_effects(panel, "course", effects=fresh).value.round(2).tolist()
    [-0.02, 0.02, 0.0]
    """
    if not samples:
        panel.check_same_people(item)
    fit = _fit(panel, item, samples, waves, by, effects, declared)
    if not fit.names:
        raise SelectionError(
            "No effect is left to estimate: effects= must name one that declared= does not."
        )
    sources, states = fit.sources, fit.sources.shares.about.states
    rows = [(name, *group) for group in fit.groups for name in fit.names]
    # A group may be called as the effects are.
    columns = ["effect", *free_names(sources.groups, ["effect", "state"])]
    values = zip(columns, zip(*rows, strict=True), strict=True)
    told = {name: [one for one in labels for _ in states] for name, labels in values}
    found = sources.shares.combination(
        fit.sizes,
        label_rows({**told, "state": list(states) * len(rows)}),
        title=f"Differences between sources in shares of {item}",
        measure="source_effects",
        roles={**_roles(fit), "effect": "group"},
        modelled=sources.shares.about.made(_made(fit, effects, declared or {}, apart=False)),
        base=Phrase("answers of the sources with the effect, at its waves"),
    )
    found = replace(found, n=np.repeat(fit.answers(), len(states)))
    return found.noted({AGREEMENT: _told(agreement_of(fit))})


@checked
def sources_agree(
    panel: Panel,
    item: str,
    samples: Mapping[str, Panel] | None = None,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    effects: Mapping[str, Mapping[str, str | Sequence[str] | None]] | None = None,
    declared: Mapping[str, Mapping[str, float]] | None = None,
) -> TestResult:
    """Test whether the sources of `combine` agree, after the effects that they may have.

    Parameters
    ----------
    panel : Panel
        A panel with refreshments, or any panel or series beside which there are `samples`. Who
        first came at a later wave is a source of its own, ``"joined Nov 2024"``, if 50 people or
        more did; all others are ``"panel"``.
    item : str
        The item's name in the panel and in all samples.
    samples : dict of str to Panel, optional
        Name to a sample of the same population that was drawn independently, with the same item,
        states and names of waves.
    waves : sequence of str, optional
        In the order of fieldwork. By default those of the panel that asked the item; named, there
        may be others among them that only a sample has.
    by : str or sequence of str, optional
        Groups that the panel and all samples have; several are crossed. Sources are compared
        within each group.
    effects : dict of str to dict, optional
        What sources may differ by: the name of each effect, to the sources that have it, each with
        a list of the waves at which it has, or None for all.
    declared : dict of str to dict, optional
        Effects of a known size, which are not estimated: the name of each to what it adds to the
        share of each state, such as ``{"web": {"approve": 0.02, "oppose": -0.02}}``.

    Returns
    -------
    TestResult
        One joint test over all waves and groups. Where they disagree the note says which source
        differs from the others at which wave, and by how much.

    Raises
    ------
    SelectionError
        A sample of the same people, with other states, groups or waves, or narrowed to other
        people; an effect that nothing tells from change; waves that asked other people, without a
        sample beside them.
    DesignError
        A source whose shares do not vary; no two sources tell the same.

    Notes
    -----
    The over-identification test of generalised least squares: whether all of y − D (θ̂, β̂) is 0,
    by the Wald F, or by the second-order form of Rao and Scott (1984) where the design has few
    degrees of freedom or a state few people.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> print(op.sources_agree(panel, "course").note)
    No detectable disagreement between the sources (one joint test); that does not show that there
    is none.
    """
    if not samples:
        panel.check_same_people(item)
    fit = _fit(panel, item, samples, waves, by, effects, declared)
    test = agreement_of(fit)
    if test is None:
        raise DesignError(
            f"Nothing to test on {item!r}: no wave has two sources with {FEWEST} answers or more "
            "that effects= leave to compare."
        )
    return test


def _fit(
    panel: Panel,
    item: str,
    samples: Mapping[str, Panel] | None,
    waves: Sequence[str] | None,
    by: By,
    effects: Effects | None,
    declared: Declared | None,
) -> Fit:
    sources = sources_of(panel, item, samples or {}, waves, by, effects or {})
    return fit_sources(sources, effects or {}, declared or {})


def _levels(
    fit: Fit, effects: Effects, declared: Declared, test: TestResult | None, *, apart: bool
) -> Estimates:
    """Give the level of each wave and group, as shares are given."""
    sources, shares = fit.sources, fit.sources.shares
    alone = len(sources.names) == 1 and not effects
    named = shares.named.take(np.concatenate([sources.places[cells[0]] for cells in fit.cells]))
    title = shares.about.title
    found = shares.combination(
        fit.levels,
        named.only(name for name in named if name != SOURCE),
        title=title if alone else f"{title}, all sources together",
        roles=_roles(fit),
        modelled=shares.about.made("" if alone else _made(fit, effects, declared, apart=apart)),
    )
    _check_range(found)
    states = len(shares.about.states)
    n, effective = (
        np.repeat([values[sources.places[cells, 0]].sum() for cells in fit.cells], states)
        for values in (shares.n, shares.n_effective)
    )
    assert shares.n_cell is not None
    people = [shares.n_cell[sources.places[cells]].sum(axis=0) for cells in fit.cells]
    found = replace(
        found,
        unit="share",
        possible=None,
        n=n,
        n_effective=effective,
        n_cell=np.concatenate(people),
    )
    notes: dict[tuple[str, ...], str] = {} if alone else {AGREEMENT: _told(test)}
    if sources.left_out:
        notes[LEFT_OUT] = " ".join(sources.left_out)
    return found.noted(notes) if notes else found


def _check_range(found: Estimates) -> None:
    """Refuse shares that are none: effects, or the same people at other waves, took too much."""
    out = np.flatnonzero((found.value < -1e-9) | (found.value > 1 + 1e-9))
    if len(out):
        where = ", ".join(map(str, found.labels.iloc[int(out[0])]))
        raise SelectionError(
            f"The combined share of {where} would be {100 * found.value[out[0]]:.1f} per cent. "
            "Merge states that few people chose, or look again at the effects."
        )


def _roles(fit: Fit) -> dict[str, str]:
    return {name: role for name, role in fit.sources.shares.about.roles.items() if name != SOURCE}


def _made(fit: Fit, effects: Effects, declared: Declared, *, apart: bool) -> Phrase:
    """Say of what sources figures are made, and which differences between them are allowed for."""
    names, known = fit.sources.names, [name for name in effects if name in declared]
    parts: list[Phrase] = []
    if len(names) > 1:
        sources = in_a_row([source_words(name) for name in names])
        parts.append(
            Phrase(
                "Combined from {n} sources, each weighted by its precision: {sources}.",
                n=len(names),
                sources=sources,
            )
        )
    if fit.names:
        estimated = in_a_row(fit.names)
        parts.append(Phrase("Differences between sources, estimated: {names}.", names=estimated))
    if known:
        named = in_a_row(known)
        parts.append(
            Phrase("Differences between sources, of a declared size: {names}.", names=named)
        )
    if apart:
        parts.append(POOLED)
    return reduce(lambda one, other: Phrase("{text} {more}", text=one, more=other), parts)


def _told(test: TestResult | None) -> str:
    """Say how a test of the sources came out."""
    if test is None:
        return "Nothing tests whether the sources agree: no two of them tell the same."
    df2 = f"{test.df2:.0f}"
    figures = f"F({test.df1:.3g}, {df2}) = {test.statistic:.2f}, {p_text(test.pvalue)}"
    return f"{outcome(test)} ({figures})."
