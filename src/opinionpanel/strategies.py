"""Hypothesis strategies for panels, to test what is built on opinionpanel.

By default the panels are uneven, so that what usually coincides can differ: weights and a group by
wave, groups within one PSU, people who join late and leave early, waves and people not asked,
weights of the order of 1 or of 10,000,000.

Needs ``hypothesis`` (``pip install "opinionpanel[strategies]"``); nothing else imports this module.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Floats, Integers, Objects
from opinionpanel.design import AnyDesign, Design, ReplicateDesign
from opinionpanel.panel import Panel
from opinionpanel.questions import AnyQuestion, Item, Score, Use, multiple

__all__ = ["PanelParts", "batteries", "panel_parts", "panels"]

DesignKind = Literal["people", "stratified", "clustered", "jackknife", "replicates"]
WeightKind = Literal["none", "constant", "varying", "longitudinal"]

JOB: Mapping[str, Sequence[str]] = MappingProxyType({"job": ("at home", "at work")})
GENDER: Mapping[str, Sequence[str]] = MappingProxyType({"gender": ("man", "woman")})
DESIGNS: tuple[DesignKind, ...] = (
    "people",
    "stratified",
    "clustered",
    "jackknife",
    "replicates",
)
CLUSTERED: tuple[DesignKind, ...] = ("clustered", "jackknife", "replicates")
REPLICATES = 8
WEIGHTS: tuple[WeightKind, ...] = ("none", "constant", "varying", "longitudinal")
FIRST: Use = "first"
AT_WAVE: Use = "wave"
SCALES = (1.0, 1e7)
NOT_ASKED = 99


@dataclass(frozen=True, kw_only=True, eq=False)
class PanelParts:
    """What a panel is built from, so that a test can change one part and build it again.

    Attributes
    ----------
    frames : dict of str to pandas.DataFrame
        Wave (``w1``, ``w2``, …) to one row per person interviewed: ``person``, ``answer``, and,
        as far as the design and the groups use them, ``stratum``, ``psu``, ``weight``,
        longitudinal weights such as ``weight_w1_w2``, replicates such as ``weight_rep_1`` and
        ``weight_w1_w2_rep_1``, ``number`` where there is a score, and a column for each group.
    item : Item
        The question, called ``opinion`` in the panel; its states are a, b, … with the codes 1, 2,
        …, and 99 is the code of people whom it was not put to.
    groups : dict of str to {"first", "latest", "wave"}
        Columns to group people by, and which of a person's values counts.
    design : Design, ReplicateDesign or Resampling
        How people were sampled, in columns of the frames.
    person : str or None
        The column of ids; None where every wave asked other people.
    score : Score, optional
        A question whose answers are numbers, called ``number`` in the panel, asked at the same
        waves.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from hypothesis import given, settings
    >>> import opinionpanel as op
    >>> @settings(max_examples=10, deadline=None)
    ... @given(panel_parts())
    ... def order_does_not_matter(parts):
    ...     turned = {wave: frame[::-1] for wave, frame in parts.frames.items()}
    ...     again = replace(parts, frames=turned).panel()
    ...     assert (again.present.sum(axis=1) == parts.panel().present.sum(axis=1)).all()
    >>> order_does_not_matter()
    """

    frames: Mapping[str, pd.DataFrame]
    item: Item
    groups: Mapping[str, Use]
    design: AnyDesign
    person: str | None = "person"
    score: Score | None = None

    def panel(self) -> Panel:
        """Build the panel.

        Returns
        -------
        Panel
            With the item ``opinion``, the score if there is one, and the groups and the design of
            these parts.

        Raises
        ------
        OpinionPanelError
            Parts that were changed so that they do not fit each other.

        Examples
        --------
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=5, deadline=None)
        ... @given(panel_parts(complete=True))
        ... def has_the_item(parts):
        ...     assert list(parts.panel().items) == ["opinion"]
        >>> has_the_item()
        """
        items: dict[str, AnyQuestion] = {"opinion": self.item}
        if self.score is not None:
            items["number"] = self.score
        return Panel.from_waves(
            self.frames,
            person=self.person,
            items=items,
            groups=self.groups,
            design=self.design,
        )


@checked
@st.composite
def panel_parts(
    draw: st.DrawFn,
    *,
    waves: tuple[int, int] = (2, 4),
    states: tuple[int, int] = (2, 4),
    people: tuple[int, int] = (4, 40),
    groups: Mapping[str, Sequence[str]] = GENDER,
    changing: Mapping[str, Sequence[str]] = JOB,
    designs: Sequence[DesignKind] = DESIGNS,
    weights: Sequence[WeightKind] = WEIGHTS,
    scales: Sequence[float] = SCALES,
    movers: bool = True,
    complete: bool = False,
    independent: bool = False,
    score: tuple[float, float] | None = None,
) -> PanelParts:
    """Draw the frames, the item and the design of a panel, and a score if one is asked for.

    Parameters
    ----------
    waves, states, people : tuple of int
        Least and most; there are always four people or more. Someone interviewed at no wave
        appears nowhere. Beyond the least number of waves there may be one that did not ask the
        question, never the first.
    groups : dict of str to sequence of str
        Group column to its categories; everyone belongs to one of each, and each has someone. Where
        there are PSUs, the last category may be that of everyone in one of them and of nobody
        else.
    changing : dict of str to sequence of str
        Likewise columns where people may have another category at another wave, of which that at
        the wave counts.
    designs : sequence of {"people", "stratified", "clustered", "jackknife", "replicates"}
        People as their own PSUs; the same within two or three strata; PSUs within one to three
        strata; JKn replicates made from such PSUs; bootstrap replicates delivered as columns. Every
        stratum has at least two PSUs with a positive weight.
    weights : sequence of {"none", "constant", "varying", "longitudinal"}
        Unweighted (all weights 1 where replicates are delivered); a weight by person, the same at
        every wave, sometimes zero or missing; a weight by person and wave; and that with a
        longitudinal weight for each consecutive pair, and for the first and the last wave.
    scales : sequence of float
        What all weights are multiplied by: one of these.
    movers : bool
        Whether people may change state.
    complete : bool
        Whether everyone is interviewed at every wave, asked, answers, and has a positive weight.
    independent : bool
        Whether every wave asked other people, ``person=None``, without longitudinal weights. Names
        of strata and PSUs are the same at every wave, and PSUs may be declared to be.
    score : tuple of float, optional
        The ends of a score, ``number`` in the panel, of numbers with one decimal; none by default.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of PanelParts
        Parts from which ``.panel()`` builds a panel, after a test has changed one or none.

    Raises
    ------
    ArgumentError
        An argument of another kind, such as text where numbers are meant.

    Notes
    -----
    Rows come from a generator with a drawn seed, so that big panels stay fast; sizes and rates
    are drawn on their own, so that a failing panel shrinks to few people, waves and states.
    Drop-out, return and refreshment all occur, and cohorts that rotate: each person is there from
    some wave to some other. People are in order of their ids in every wave.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=10, deadline=None)
    ... @given(panel_parts(waves=(3, 3), designs=["clustered"]))
    ... def has_psus(parts):
    ...     assert list(parts.frames) == ["w1", "w2", "w3"]
    ...     assert parts.frames["w1"].groupby("stratum")["psu"].nunique().min() >= 2
    >>> has_psus()

    Even panels, for what is only true of them:

    >>> @settings(max_examples=10, deadline=None)
    ... @given(panel_parts(changing={}, weights=["constant"], scales=[1.0], complete=True))
    ... def is_even(parts):
    ...     first, second, *_ = parts.frames.values()
    ...     assert first.drop(columns="answer").equals(second.drop(columns="answer"))
    >>> is_even()
    """
    design: DesignKind = draw(st.sampled_from(list(designs)))
    # A weight of two waves is one of people who were asked at both.
    kinds = [kind for kind in weights if not (independent and kind == "longitudinal")]
    kind: WeightKind = draw(st.sampled_from(kinds))
    names = [f"w{wave}" for wave in range(1, draw(st.integers(*waves)) + 1)]
    letters = [chr(ord("a") + state) for state in range(draw(st.integers(*states)))]
    size = draw(st.integers(*people))
    strata = _strata(draw, design, size)
    per_stratum = draw(st.integers(2, max(2, min(4, size // (2 * strata)))))
    change = draw(st.sampled_from([0.0, 0.3, 0.7])) if movers else 0.0
    silence, filtered, absence, unweighted = (
        0.0 if complete else draw(st.sampled_from(rates))
        for rates in ([0.0, 0.1, 0.4], [0.0, 0.2], [0.0, 0.2, 0.5], [0.0, 0.2])
    )
    rotating = not complete and draw(st.booleans())
    skipping = not complete and len(names) > waves[0]
    skipped = draw(st.sampled_from([None, *names[1:]])) if skipping else None
    gathered = design in CLUSTERED and draw(st.booleans())
    scale = draw(st.sampled_from(list(scales)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    # The first people are one per PSU, are interviewed and weighted at every wave, and so keep
    # every stratum at two PSUs and every wave linked.
    units = strata * per_stratum if design in CLUSTERED else 2 * strata
    unit = np.r_[np.arange(units), rng.integers(0, units, max(size - units, 0))]
    anchor = np.arange(len(unit)) < units
    everyone = _people(rng, design, unit, strata, groups, gathered=gathered)
    shape = (len(names), len(unit))
    present = (rng.random(shape) >= absence) & _rotated(rng, shape, rotating=rotating) | anchor
    answers = _answers(rng, shape, len(letters), change)
    answers[rng.random(shape) < filtered] = NOT_ASKED
    answers[rng.random(shape) < silence] = np.nan
    columns = _weights(rng, kind, names, anchor, unweighted, scale)
    if design == "replicates":
        columns = _replicated(rng, columns, unit)
    changes = _changed(rng, shape, changing)
    numbers = None if score is None else _numbers(rng, answers, score, change)
    frames = {}
    for row, name in enumerate(names):
        here: dict[str, Any] = {group: column[row] for group, column in changes.items()}
        if numbers is not None:
            here["number"] = numbers[row]
        frame = everyone.assign(**here, answer=answers[row], **columns[name])
        frames[name] = frame[present[row]].reset_index(drop=True)
    declared = _design(design, _declared(kind, names))
    if independent:
        frames = {name: frame.drop(columns="person") for name, frame in frames.items()}
        if isinstance(declared, Design) and declared.psu:
            declared = replace(declared, same_psus=draw(st.booleans()))
    asked = [name for name in names if name != skipped]
    return PanelParts(
        frames=frames,
        item=Item(
            dict.fromkeys(asked, "answer") if skipped else "answer",
            {letter: [code + 1] for code, letter in enumerate(letters)},
            not_asked=[NOT_ASKED],
        ),
        groups={**dict.fromkeys(groups, FIRST), **dict.fromkeys(changing, AT_WAVE)},
        design=declared,
        person=None if independent else "person",
        score=None
        if score is None
        else Score(
            dict.fromkeys(asked, "number") if skipped else "number",
            low=score[0],
            high=score[1],
            not_asked=[score[1] + 1],
        ),
    )


@checked
def panels(
    *,
    waves: tuple[int, int] = (2, 4),
    states: tuple[int, int] = (2, 4),
    people: tuple[int, int] = (4, 40),
    groups: Mapping[str, Sequence[str]] = GENDER,
    changing: Mapping[str, Sequence[str]] = JOB,
    designs: Sequence[DesignKind] = DESIGNS,
    weights: Sequence[WeightKind] = WEIGHTS,
    scales: Sequence[float] = SCALES,
    movers: bool = True,
    complete: bool = False,
    independent: bool = False,
    score: tuple[float, float] | None = None,
) -> st.SearchStrategy[Panel]:
    """Draw panels with one item, ``opinion``, and with a score if one is asked for.

    Parameters
    ----------
    waves, states, people : tuple of int
        Least and most; there are always four people or more. Someone interviewed at no wave
        appears nowhere. Beyond the least number of waves there may be one that did not ask the
        question, never the first.
    groups : dict of str to sequence of str
        Group column to its categories; everyone belongs to one of each, and each has someone. Where
        there are PSUs, the last category may be that of everyone in one of them and of nobody
        else.
    changing : dict of str to sequence of str
        Likewise columns where people may have another category at another wave, of which that at
        the wave counts.
    designs : sequence of {"people", "stratified", "clustered", "jackknife", "replicates"}
        People as their own PSUs; the same within two or three strata; PSUs within one to three
        strata; JKn replicates made from such PSUs; bootstrap replicates delivered as columns. Every
        stratum has at least two PSUs with a positive weight.
    weights : sequence of {"none", "constant", "varying", "longitudinal"}
        Unweighted (all weights 1 where replicates are delivered); a weight by person, the same at
        every wave, sometimes zero or missing; a weight by person and wave; and that with a
        longitudinal weight for each consecutive pair, and for the first and the last wave.
    scales : sequence of float
        What all weights are multiplied by: one of these.
    movers : bool
        Whether people may change state.
    complete : bool
        Whether everyone is interviewed at every wave, asked, answers, and has a positive weight.
    independent : bool
        Whether every wave asked other people, ``person=None``, without longitudinal weights. Names
        of strata and PSUs are the same at every wave, and PSUs may be declared to be.
    score : tuple of float, optional
        The ends of a score, ``number`` in the panel, of numbers with one decimal; none by default.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of Panel
        Panels with one item, ``opinion``, and the groups named.

    Raises
    ------
    ArgumentError
        An argument of another kind, such as text where numbers are meant.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> import opinionpanel as op
    >>> @settings(max_examples=10, deadline=None)
    ... @given(panels(complete=True))
    ... def shares_add_up(panel):
    ...     total = op.shares(panel, "opinion").value.sum()
    ...     assert abs(total - len(panel.waves)) < 1e-9
    >>> shares_add_up()
    """
    return panel_parts(
        waves=waves,
        states=states,
        people=people,
        groups=groups,
        changing=changing,
        designs=designs,
        weights=weights,
        scales=scales,
        movers=movers,
        complete=complete,
        independent=independent,
        score=score,
    ).map(PanelParts.panel)


@checked
@st.composite
def batteries(
    draw: st.DrawFn,
    *,
    items: tuple[int, int] = (2, 3),
    options: tuple[int, int] = (2, 3),
    waves: tuple[int, int] = (2, 3),
    people: tuple[int, int] = (4, 40),
    designs: Sequence[DesignKind] = DESIGNS,
) -> Panel:
    """Draw panels with a battery of items, and a question that takes several answers.

    Parameters
    ----------
    items, options : tuple of int
        Least and most: items of the battery, and options of the question.
    waves, people, designs
        As of `panel_parts`, which draws the first item and all else.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of Panel
        Panels with the items ``opinion``, ``opinion 2``, … with the same states, each with its own
        people who gave no answer, and ``media``, the name of a `multiple` with the options ``A``,
        ``B``, …; files have 0 or nothing where an option was not selected.

    Raises
    ------
    ArgumentError
        An argument of another kind, such as text where numbers are meant.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> import opinionpanel as op
    >>> @settings(max_examples=10, deadline=None)
    ... @given(batteries(items=(2, 2)))
    ... def both_add_up(panel):
    ...     shares = op.shares(panel, ["opinion", "opinion 2"])
    ...     assert abs(shares.value.sum() - len(shares) / len(shares.about.states)) < 1e-9
    >>> both_add_up()
    """
    parts = draw(panel_parts(waves=waves, people=people, designs=designs))
    names = [f"opinion {number}" for number in range(2, draw(st.integers(*items)) + 1)]
    letters = [chr(ord("A") + place) for place in range(draw(st.integers(*options)))]
    nothing = draw(st.sampled_from([0.0, np.nan]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frames = {wave: frame.copy() for wave, frame in parts.frames.items()}
    for frame in frames.values():
        for name in names:
            codes = rng.integers(1, len(parts.item.state_names) + 1, len(frame))
            # The first people answer: each item links its waves.
            silent = (rng.random(len(frame)) < 0.2) & (np.arange(len(frame)) > 1)
            frame[name] = np.where(silent, np.nan, codes)
        for letter in (*letters, "none"):
            marked = (rng.random(len(frame)) < 0.4) | (np.arange(len(frame)) < 2)
            frame[letter] = np.where(marked, 1.0, nothing)
    others = {name: Item(name, parts.item.states) for name in names}
    media = multiple(
        {letter: letter for letter in letters}, selected=[1], unselected=[0], none="none"
    )
    return Panel.from_waves(
        frames,
        person="person",
        items={"opinion": parts.item, **others, "media": media},
        groups=parts.groups,
        design=parts.design,
    )


def _strata(draw: st.DrawFn, design: DesignKind, size: int) -> int:
    if design == "people":
        return 1
    return draw(st.integers(2 if design == "stratified" else 1, max(2, min(3, size // 4))))


def _people(
    rng: np.random.Generator,
    design: DesignKind,
    unit: Integers,
    strata: int,
    groups: Mapping[str, Sequence[str]],
    *,
    gathered: bool,
) -> pd.DataFrame:
    """Give people ids, what the design needs to know, and groups of which each has someone.

    With `gathered` everyone in one PSU, and nobody else, is in the last category.
    """
    people = pd.DataFrame({"person": np.arange(1, len(unit) + 1)})
    if design != "people":
        people["stratum"] = unit % strata + 1
    if design in CLUSTERED:
        people["psu"] = unit + 1
    for name, categories in groups.items():
        last = len(categories) - 1
        if gathered and 0 < last < unit.max():
            drawn = np.where(unit == last, last, rng.integers(0, last, len(unit)))
        else:
            drawn = rng.integers(0, last + 1, len(unit))
        people[name] = _one_of_each(drawn, categories)
    return people


def _one_of_each(drawn: Integers, categories: Sequence[str]) -> Objects:
    """Name categories by person, of which the first people have one each."""
    first = np.arange(min(len(categories), len(drawn)))
    drawn[first] = first
    return np.array(categories, dtype=object)[drawn]


def _changed(
    rng: np.random.Generator, shape: tuple[int, int], changing: Mapping[str, Sequence[str]]
) -> dict[str, list[Objects]]:
    """Categories by wave and person; a third of the people draw again at every wave."""
    return {
        name: [_one_of_each(codes - 1, categories) for codes in drawn.astype(np.int64)]
        for name, categories in changing.items()
        for drawn in [_answers(rng, shape, len(categories), 1 / 3)]
    }


def _rotated(rng: np.random.Generator, shape: tuple[int, int], *, rotating: bool) -> Booleans:
    """Tell who could be there: with `rotating`, each from a wave to a later one."""
    wave = np.arange(shape[0])[:, None]
    ends = np.sort(rng.integers(0, shape[0], (2, shape[1])), axis=0)
    there: Booleans = (wave >= ends[0]) & (wave <= ends[1]) | (not rotating)
    return there


def _answers(
    rng: np.random.Generator, shape: tuple[int, int], states: int, change: float
) -> Floats:
    """Codes 1 … states by wave and person; each wave a share `change` answers afresh."""
    fresh = rng.integers(1, states + 1, shape).astype(np.float64)
    moved = rng.random(shape) < change
    for wave in range(1, shape[0]):
        fresh[wave] = np.where(moved[wave], fresh[wave], fresh[wave - 1])
    return fresh


def _numbers(
    rng: np.random.Generator, answers: Floats, ends: tuple[float, float], change: float
) -> Floats:
    """Numbers by wave and person, of whom those without an answer have none either."""
    low, high = ends
    found = np.round(rng.uniform(low, high, answers.shape), 1).clip(low, high)
    moved = rng.random(answers.shape) < change
    for wave in range(1, len(found)):
        found[wave] = np.where(moved[wave], found[wave], found[wave - 1])
    found[answers == NOT_ASKED] = high + 1
    found[np.isnan(answers)] = np.nan
    return found


def _weights(
    rng: np.random.Generator,
    kind: WeightKind,
    names: Sequence[str],
    anchor: Booleans,
    unweighted: float,
    scale: float,
) -> dict[str, dict[str, Floats]]:
    """Weight columns by wave; others than the anchors may have a weight of zero or none."""

    def column() -> Floats:
        weight = np.round(rng.lognormal(0.0, 0.6, len(anchor)), 3) + 0.001
        lost = (rng.random(len(anchor)) < unweighted) & ~anchor
        return scale * np.where(lost, rng.choice([0.0, np.nan], len(anchor)), weight)

    if kind == "none":
        return {name: {} for name in names}
    if kind == "constant":
        constant = column()
        return {name: {"weight": constant} for name in names}
    columns = {name: {"weight": column()} for name in names}
    if kind == "longitudinal":
        for first, second in _pairs(names):
            columns[second][f"weight_{first}_{second}"] = column()
    return columns


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pair the waves that have a longitudinal weight."""
    return list(dict.fromkeys([*pairwise(names), (names[0], names[-1])]))


def _replicated(
    rng: np.random.Generator,
    columns: Mapping[str, Mapping[str, Floats]],
    unit: Integers,
) -> dict[str, dict[str, Floats]]:
    """Add the replicates of every weight, all multiplied by the same numbers, one for each PSU."""
    factors = np.round(rng.exponential(size=(REPLICATES, unit.max() + 1)), 3) + 0.001
    weighted = {}
    for name, given in columns.items():
        weights = dict(given) or {"weight": np.ones(len(unit))}
        weighted[name] = weights | {
            f"{column}_rep_{replicate + 1}": weight * factors[replicate][unit]
            for column, weight in weights.items()
            for replicate in range(REPLICATES)
        }
    return weighted


def _design(design: DesignKind, weight: str | Mapping[Hashable, str | None] | None) -> AnyDesign:
    if design == "replicates":
        if not isinstance(weight, Mapping):
            return ReplicateDesign.bootstrap(weight="weight", replicates="weight_rep_*")
        patterns = {key: f"{column}_rep_*" for key, column in weight.items()}
        return ReplicateDesign.bootstrap(weight=weight, replicates=patterns)
    declared = Design(
        weight=weight,
        stratum=None if design == "people" else "stratum",
        psu=None if design in ("people", "stratified") else "psu",
    )
    return declared.as_replicates("jkn") if design == "jackknife" else declared


def _declared(kind: WeightKind, names: Sequence[str]) -> str | Mapping[Hashable, str | None] | None:
    if kind == "none":
        return None
    if kind != "longitudinal":
        return "weight"
    declared: dict[Hashable, str | None] = dict.fromkeys(names, "weight")
    for first, second in _pairs(names):
        declared[first, second] = f"weight_{first}_{second}"
    return declared
