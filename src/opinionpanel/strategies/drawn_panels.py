"""Panels, and the parts that they are built from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from opinionpanel.arguments import checked
from opinionpanel.design import AnyDesign, Design
from opinionpanel.panel import Panel
from opinionpanel.questions import AnyQuestion, Item, Score, Use
from opinionpanel.strategies.drawn_people import (
    CLUSTERED,
    DESIGNS,
    GENDER,
    JOB,
    NOT_ASKED,
    SCALES,
    WEIGHTS,
    DesignKind,
    WeightKind,
    changing_groups,
    declared_design,
    declared_weight,
    draw_answers,
    draw_numbers,
    draw_people,
    draw_weights,
    number_of_strata,
    rotated,
    with_replicates,
)

FIRST: Use = "first"
AT_WAVE: Use = "wave"


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
    strata = number_of_strata(draw, design, size)
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
    everyone = draw_people(rng, design, unit, strata, groups, gathered=gathered)
    shape = (len(names), len(unit))
    present = (rng.random(shape) >= absence) & rotated(rng, shape, rotating=rotating) | anchor
    answers = draw_answers(rng, shape, len(letters), change)
    answers[rng.random(shape) < filtered] = NOT_ASKED
    answers[rng.random(shape) < silence] = np.nan
    columns = draw_weights(rng, kind, names, anchor, unweighted, scale)
    if design == "replicates":
        columns = with_replicates(rng, columns, unit)
    changes = changing_groups(rng, shape, changing)
    numbers = None if score is None else draw_numbers(rng, answers, score, change)
    frames = {}
    for row, name in enumerate(names):
        here: dict[str, Any] = {group: column[row] for group, column in changes.items()}
        if numbers is not None:
            here["number"] = numbers[row]
        frame = everyone.assign(**here, answer=answers[row], **columns[name])
        frames[name] = frame[present[row]].reset_index(drop=True)
    declared = declared_design(design, declared_weight(kind, names))
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
