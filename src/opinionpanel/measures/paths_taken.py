"""The paths that people took through several waves, found once for every measure of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from opinionpanel.arrays import Array, Integers
from opinionpanel.design import PersonWeight
from opinionpanel.engines import Key, PersonColumn, Table, combinations, tables, take
from opinionpanel.errors import SelectionError, count_people
from opinionpanel.estimates import (
    About,
    Labels,
    Totals,
    crossed,
    free_names,
    repeated,
    tally,
    weighted_cells,
)
from opinionpanel.measures.bases import (
    Base,
    By,
    Way,
    about_of,
    accounts_of,
    base_of,
    base_words,
    by_text,
    cross_of,
    group_names,
    state_codes,
)
from opinionpanel.measures.pairs_of_waves import Waves, wave_names
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase


@dataclass(frozen=True, eq=False, kw_only=True)
class Paths:
    """The ways of people through the states of several waves, by group.

    Attributes
    ----------
    steps : numpy.ndarray of int, shape (kinds, waves)
        The state at every wave, for each path that somebody of a group took; in the order of the
        groups, and then of the states.
    group : numpy.ndarray of int, shape (kinds,)
        The group, as a row of `groups`.
    groups : Labels
        Those of the groups; one row without columns where there are none.
    codes : PersonColumn of int
        The group and path of each person; -1 outside the base, and without a group.
    states : tuple of str
    weight : PersonWeight
    about : About
    by : list of str
        The groups, as the panel names them.
    """

    steps: Integers
    group: Integers
    groups: Labels
    codes: PersonColumn
    states: tuple[str, ...]
    weight: PersonWeight
    about: About
    by: list[str]

    def people(self, by_kind: Array) -> PersonColumn:
        """Look up what is known by group and path; -1 for people outside the base."""
        return take(by_kind, self.codes)


def observed_paths(
    panel: Panel,
    item: str,
    waves: Waves | None,
    base: Way,
    measure: str,
    *,
    at_least: int,
    own: Sequence[str] = (),
    by: By = None,
    skip: int = 0,
) -> Paths:
    """Find the path and the group of every person with a weight.

    Parameters
    ----------
    panel, item, waves, by
        As in `flows`. A group by wave counts with its value at the first wave; looking back, at the
        last.
    base : {"balanced", "panel", "last"}
    measure : str
        For the caption.
    at_least : int
        The fewest waves that make sense.
    own : sequence of str
        The label columns that the measure adds to those of the groups.
    skip : int
        The fewest answers of people of whom those between the first and the last wave may be
        missing: the answer before then stands there. 0 where they need all of them.
    """
    if base == "answered":
        raise SelectionError(
            "A path needs one base for all its waves: choose base='balanced', 'panel' or 'last'."
        )
    chain = base != "last"
    names = wave_names(panel, item, waves, at_least=at_least, in_order=True, one_chain=chain)
    groups = group_names(by)
    states, codes = state_codes(panel, item, names, base)
    ends = (names[0], names[-1])
    needed = [*ends] if skip else names
    inside, weight = base_of(panel, item, needed, ends, base)
    inside = inside & (weight.values > 0)
    if skip:
        codes = {name: np.where(code >= 0, code, len(states)) for name, code in codes.items()}
    categories = (panel.group(name).categories for name in groups)
    labels = crossed(dict(zip(free_names(groups, own), categories, strict=True)))
    at = names[-1 if base == "last" else 0]
    cross = cross_of(panel, groups, at, [], [], inside)
    inside = reduce(np.logical_and, (key.codes >= 0 for key in cross.keys), inside)
    keys = [*cross.keys, *(Key(codes[name], len(states) + bool(skip)) for name in names)]
    kinds, people = combinations([key.codes for key in keys], [key.size for key in keys], inside)
    group = np.zeros(len(kinds), dtype=np.int64)
    for key, column in zip(cross.keys, kinds.T, strict=False):
        group = group * key.size + column
    accounts = accounts_of(panel, needed, [ends], base)
    who = base_words(base, needed, pairs=False)
    if skip:
        who = _skipped_words(ends, skip)
    about = about_of(panel, item, names, groups, who, accounts)
    weights: dict[tuple[str, ...], str] = {ends: weight.text}
    about = replace(about, measure=measure, states=states, weights=weights)
    found = Paths(
        steps=kinds[:, len(groups) :],
        group=group,
        groups=labels,
        codes=people,
        states=states,
        weight=weight,
        about=about,
        by=groups,
    )
    return _without_gaps(found, skip) if skip else found


def complete_paths(
    panel: Panel,
    item: str,
    waves: Waves | None,
    by: By,
    base: Base,
    measure: str,
    *,
    own: Sequence[str],
    at_least: int = 2,
    skip: int = 0,
) -> Paths:
    """Find the paths of people with an answer at every wave; of others no change is known.

    With `skip` those may lack answers in between who have as many: see `observed_paths`.
    """
    if base != "balanced":
        raise SelectionError(
            "Changes over several waves are counted among people with an answer at all of them, "
            "base='balanced': whoever was not interviewed or gave no answer may or may not have "
            f"changed, so not base={base!r}. paths(panel, {item!r}, base='panel') shows them, as "
            "states of their own."
        )
    return observed_paths(
        panel, item, waves, base, measure, at_least=at_least, own=own, by=by, skip=skip
    )


def _skipped_words(ends: tuple[str, str], skip: int) -> str:
    """Say who is in a base in which answers between the first and the last wave are skipped."""
    first, last = ends
    if skip > len(ends):
        return Phrase(
            "people with an answer at {first} and {last} and at {n} waves or more; missing answers "
            "in between are skipped",
            first=first,
            last=last,
            n=skip,
        )
    return Phrase(
        "people with an answer at {first} and {last}; missing answers in between are skipped",
        first=first,
        last=last,
    )


def _without_gaps(found: Paths, least: int) -> Paths:
    """Put the answer before into the gaps of paths, and count the people who have any.

    So that the changes along a path are those between answers that follow each other.
    """
    gap = found.steps == len(found.states)
    enough = (~gap).sum(axis=1) >= least
    # Of every wave the last one that has an answer; the first always has.
    place = np.maximum.accumulate(np.where(gap, 0, np.arange(gap.shape[1])), axis=1)
    steps = np.take_along_axis(found.steps, place, axis=1)
    kind = np.cumsum(enough) - 1
    codes = found.people(np.where(enough, kind, -1))
    kinds = int(enough.sum())
    about = found.about
    torn = gap[enough].any(axis=1)
    if torn.any():
        people = tables([Table((Key(codes, kinds),))])[0][torn].sum()
        note = Phrase(
            "Without an answer at one wave or more in between: {people} of the base. A change "
            "there counts at the next wave with an answer.",
            people=count_people(int(people)),
        )
        about = replace(about, notes={(about.waves[0], about.waves[-1]): note})
    return replace(found, steps=steps[enough], group=found.group[enough], codes=codes, about=about)


def caption_of(panel: Panel, found: Paths, title: str, *, last: bool = False) -> About:
    """Complete the caption; a group by wave counts where the paths begin, or at the `last` wave."""
    side = "last" if last else "first"
    return replace(found.about, title=title + by_text(panel, found.by, pairs=True, side=side))


def path_totals(panel: Panel, found: Paths, labels: Labels, cells: Integers) -> Totals:
    """Tally what paths come to, by group.

    `cells` is the row of `labels` for each group and path; -1 for those outside the base.
    """
    codes = found.people(np.where(cells >= 0, found.group * len(labels) + cells, -1))
    named = repeated(labels, found.groups)
    return tally(panel.sampling, [weighted_cells(codes, found.weight, named)])
