"""Hypothesis strategies for panels, to test what is built on opinionpanel.

Needs ``hypothesis`` (``pip install "opinionpanel[strategies]"``); nothing else imports this module.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import AnyDesign, Design, ReplicateDesign
from opinionpanel.panel import Panel
from opinionpanel.questions import Item

__all__ = ["PanelParts", "panel_parts", "panels"]

DesignKind = Literal["people", "stratified", "clustered", "jackknife", "replicates"]
WeightKind = Literal["none", "constant", "varying", "longitudinal"]

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


@dataclass(frozen=True, kw_only=True, eq=False)
class PanelParts:
    """What a panel is built from, so that a test can change one part and build it again.

    Attributes
    ----------
    frames : dict of str to pandas.DataFrame
        Wave (``w1``, ``w2``, …) to one row per person interviewed: ``person``, ``answer``, and,
        as far as the design and the groups use them, ``stratum``, ``psu``, ``weight``,
        longitudinal weights such as ``weight_w1_w2``, replicates such as ``weight_rep_1`` and
        ``weight_w1_w2_rep_1``, and a column for each group.
    item : Item
        The question, called ``opinion`` in the panel; its states are a, b, … with the codes 1, 2,
        ….
    groups : tuple of str
        Columns to group people by.
    design : Design, ReplicateDesign or Resampling

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
    groups: tuple[str, ...]
    design: AnyDesign

    def panel(self) -> Panel:
        """Build the panel."""
        return Panel.from_waves(
            self.frames,
            person="person",
            items={"opinion": self.item},
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
    designs: Sequence[DesignKind] = DESIGNS,
    weights: Sequence[WeightKind] = WEIGHTS,
    movers: bool = True,
    complete: bool = False,
) -> PanelParts:
    """Draw the frames, the item and the design of a panel.

    Parameters
    ----------
    waves, states, people : tuple of int
        Least and most; there are always four people or more. Someone interviewed at no wave
        appears nowhere.
    groups : dict of str to sequence of str
        Group column to its categories; everyone belongs to one of each, and each has someone.
    designs : sequence of {"people", "stratified", "clustered", "jackknife", "replicates"}
        People as their own PSUs; the same within two or three strata; PSUs within one to three
        strata; JKn replicates made from such PSUs; bootstrap replicates delivered as columns. Every
        stratum has at least two PSUs with a positive weight.
    weights : sequence of {"none", "constant", "varying", "longitudinal"}
        Unweighted (all weights 1 where replicates are delivered); a weight by person, the same at
        every wave, sometimes zero or missing; a weight by person and wave; and that with a
        longitudinal weight for each consecutive pair.
    movers : bool
        Whether people may change state.
    complete : bool
        Whether everyone is interviewed at every wave, answers, and has a positive weight.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of PanelParts

    Notes
    -----
    Rows come from a generator with a drawn seed, so that big panels stay fast; sizes and rates
    are drawn on their own, so that a failing panel shrinks to few people, waves and states.
    Drop-out, return and refreshment all occur; people are in order of their ids in every wave.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=10, deadline=None)
    ... @given(panel_parts(waves=(3, 3), designs=["clustered"]))
    ... def has_psus(parts):
    ...     assert list(parts.frames) == ["w1", "w2", "w3"]
    ...     assert parts.frames["w1"].groupby("stratum")["psu"].nunique().min() >= 2
    >>> has_psus()
    """
    design: DesignKind = draw(st.sampled_from(list(designs)))
    kind: WeightKind = draw(st.sampled_from(list(weights)))
    names = [f"w{wave}" for wave in range(1, draw(st.integers(*waves)) + 1)]
    letters = [chr(ord("a") + state) for state in range(draw(st.integers(*states)))]
    size = draw(st.integers(*people))
    strata = _strata(draw, design, size)
    per_stratum = draw(st.integers(2, max(2, min(4, size // (2 * strata)))))
    change = draw(st.sampled_from([0.0, 0.3, 0.7])) if movers else 0.0
    silence = 0.0 if complete else draw(st.sampled_from([0.0, 0.1, 0.4]))
    absence = 0.0 if complete else draw(st.sampled_from([0.0, 0.2, 0.5]))
    unweighted = 0.0 if complete else draw(st.sampled_from([0.0, 0.2]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    # The first people are one per PSU, are interviewed and weighted at every wave, and so keep
    # every stratum at two PSUs and every wave linked.
    units = strata * per_stratum if design in CLUSTERED else 2 * strata
    unit = np.r_[np.arange(units), rng.integers(0, units, max(size - units, 0))]
    anchor = np.arange(len(unit)) < units
    everyone = _people(rng, design, unit, strata, groups)
    shape = (len(names), len(unit))
    present = (rng.random(shape) >= absence) | anchor
    answers = _answers(rng, shape, len(letters), change)
    answers[rng.random(shape) < silence] = np.nan
    columns = _weights(rng, kind, names, anchor, unweighted)
    if design == "replicates":
        columns = _replicated(rng, columns, unit)
    frames = {}
    for row, name in enumerate(names):
        frame = everyone.assign(answer=answers[row], **columns[name])
        frames[name] = frame[present[row]].reset_index(drop=True)
    return PanelParts(
        frames=frames,
        item=Item("answer", {letter: [code + 1] for code, letter in enumerate(letters)}),
        groups=tuple(groups),
        design=_design(design, _declared(kind, names)),
    )


@checked
def panels(
    *,
    waves: tuple[int, int] = (2, 4),
    states: tuple[int, int] = (2, 4),
    people: tuple[int, int] = (4, 40),
    groups: Mapping[str, Sequence[str]] = GENDER,
    designs: Sequence[DesignKind] = DESIGNS,
    weights: Sequence[WeightKind] = WEIGHTS,
    movers: bool = True,
    complete: bool = False,
) -> st.SearchStrategy[Panel]:
    """Draw panels with one item, ``opinion``.

    Parameters
    ----------
    waves, states, people, groups, designs, weights, movers, complete
        As in `panel_parts`.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of Panel

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
        designs=designs,
        weights=weights,
        movers=movers,
        complete=complete,
    ).map(PanelParts.panel)


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
) -> pd.DataFrame:
    """Give people ids, what the design needs to know, and groups of which each has someone."""
    people = pd.DataFrame({"person": np.arange(1, len(unit) + 1)})
    if design != "people":
        people["stratum"] = unit % strata + 1
    if design in CLUSTERED:
        people["psu"] = unit + 1
    for name, categories in groups.items():
        drawn = rng.integers(0, len(categories), len(unit))
        first = np.arange(min(len(categories), len(unit)))
        drawn[first] = first
        people[name] = np.array(categories, dtype=object)[drawn]
    return people


def _answers(
    rng: np.random.Generator, shape: tuple[int, int], states: int, change: float
) -> Floats:
    """Codes 1 … states by wave and person; each wave a share `change` answers afresh."""
    fresh = rng.integers(1, states + 1, shape).astype(np.float64)
    moved = rng.random(shape) < change
    for wave in range(1, shape[0]):
        fresh[wave] = np.where(moved[wave], fresh[wave], fresh[wave - 1])
    return fresh


def _weights(
    rng: np.random.Generator,
    kind: WeightKind,
    names: Sequence[str],
    anchor: Booleans,
    unweighted: float,
) -> dict[str, dict[str, Floats]]:
    """Weight columns by wave; others than the anchors may have a weight of zero or none."""

    def column() -> Floats:
        weight = np.round(rng.lognormal(0.0, 0.6, len(anchor)), 3) + 0.001
        lost = (rng.random(len(anchor)) < unweighted) & ~anchor
        return np.where(lost, rng.choice([0.0, np.nan], len(anchor)), weight)

    if kind == "none":
        return {name: {} for name in names}
    if kind == "constant":
        constant = column()
        return {name: {"weight": constant} for name in names}
    columns = {name: {"weight": column()} for name in names}
    if kind == "longitudinal":
        for first, second in pairwise(names):
            columns[second][f"weight_{first}_{second}"] = column()
    return columns


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
    for first, second in pairwise(names):
        declared[first, second] = f"weight_{first}_{second}"
    return declared
