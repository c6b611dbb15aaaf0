"""What a report shows of a score: means of people who do not differ by few.

Of two means of nearly the same people, and how many these are, a reader can compute the mean of the
few others: with one of them, the number that somebody gave. Of the interval of a change, and of how
many moved, a reader can compute how few went which way.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np

from opinionpanel import measures
from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.disclosure.decision import decided, few_apart
from opinionpanel.disclosure.kinds import numbered
from opinionpanel.disclosure.merging import (
    among_all,
    with_large_categories,
    with_steady_groups,
)
from opinionpanel.disclosure.people import Base, in_base
from opinionpanel.disclosure.publication import MIN_N, Published, Shown
from opinionpanel.disclosure.published_tables import GROUP, SHARES, Key, Table, known_table
from opinionpanel.disclosure.publishing import publish
from opinionpanel.disclosure.same_answers import (
    in_bands,
    items_like,
    people_told,
    quiet_groups,
    scores_like,
    told_by_group,
)
from opinionpanel.disclosure.score_moves import (
    LIMITS,
    MOST_ANSWERS,
    MOST_NUMBERS,
    MOVES,
    told_of_moves,
    ways_of,
)
from opinionpanel.estimates import MIN_CELL, Estimates, Withheld
from opinionpanel.panel import Panel

# Whose numbers at which wave a table shows.
Populations = Sequence[tuple[str, Booleans]]


class PublishedScore:
    """The tables of a score that leave together; made by `publish_score`.

    Attributes
    ----------
    panel : Panel
        With small categories of groups put together.
    score : str
    notes : list of str
        What readers must know of that.
    main_pair : tuple of str or None
        The latest pair of waves that links enough people, which the tables of change are about;
        None where these are left out.
    compared : tuple of str or None
        The waves that tables by group are about: the main pair, or of a series its last wave.
    waves, groups : list of str
        Those with a table.
    """

    def __init__(
        self,
        panel: Panel,
        score: str,
        notes: list[str],
        main_pair: tuple[str, str] | None,
        compared: Base | None,
        kept: Sequence[Key],
        dials: tuple[int, int],
        moves: Collection[Key],
    ) -> None:
        self.panel, self.score, self.notes, self._dials = panel, score, notes, dials
        self._moves, self.compared = moves, compared
        self.main_pair = main_pair if main_pair in kept else None
        self.waves = [wave for wave in panel.asked(score) if (SHARES, wave) in kept]
        self.groups = [key[1] for key in kept if key[0] == GROUP]

    @property
    def out(self) -> list[str]:
        """The waves that are left out."""
        return [wave for wave in self.panel.asked(self.score) if wave not in self.waves]

    def means(self) -> Shown | None:
        """Means at every wave; None where all are left out."""
        if not self.waves:
            return None
        return self._shown(measures.means(self.panel, self.score, waves=self.waves))

    def change(self) -> Shown | None:
        """Means before and after, and the change, in the main pair; None where it is left out.

        The change has no interval where that would tell how few moved up, or down.
        """
        return None if self.main_pair is None else self._change(None)

    def change_by(self, group: str) -> Shown | None:
        """Means and change in the categories of a group; None where they are left out."""
        return self._change(group) if self.main_pair and group in self.groups else None

    def means_by(self, group: str) -> Shown | None:
        """Means in the categories of a group at the last wave of a series; None of others."""
        if self.compared is None or len(self.compared) > 1 or group not in self.groups:
            return None
        waves = list(self.compared)
        return self._shown(measures.means(self.panel, self.score, waves=waves, by=group))

    def moved(self) -> Shown | None:
        """Shares who moved up, moved down and stayed; None where these would tell of few people."""
        if self.main_pair is None or (MOVES,) not in self._moves:
            return None
        return self._shown(measures.direction(self.panel, self.score, waves=list(self.main_pair)))

    def people_told(self) -> Iterator[tuple[str, Booleans]]:
        """Give whose numbers at which wave the page shows, table by table."""
        inside = np.asarray(self.panel.domain)
        bases: list[Base] = [(wave,) for wave in self.waves]
        bases += [self.main_pair] if self.main_pair else []
        for base in bases:
            people = in_base(self.panel, self.score, base) & inside
            yield from ((wave, people) for wave in base)
        for name in self.groups if self.compared else ():
            people = in_base(self.panel, self.score, self.compared or ()) & inside
            codes = np.asarray(self.panel.groups[name].codes)
            for code in range(len(self.panel.groups[name].categories)):
                yield from ((wave, people & (codes == code)) for wave in self.compared or ())

    def _change(self, group: str | None) -> Shown:
        pair = list(self.main_pair or ())
        found = measures.mean_change(self.panel, self.score, waves=pair, by=group)
        # The mean of the steps up tells, where one person made one, how long it was.
        found = found.select(moment=["before", "after", "change"])
        shown = self._shown(replace(found, n_cell=None))
        labels = shown.estimates.labels
        columns = found.about.columns(labels, "group")
        of = [(group or "", name) for name in labels[columns[0]]] if columns else [()] * len(labels)
        limits = [
            moment == "change" and (LIMITS, *who) not in self._moves
            for moment, who in zip(labels["moment"], of, strict=True)
        ]
        return replace(shown, withheld=replace(shown.withheld, limits=np.array(limits)))

    def _shown(self, found: Estimates) -> Shown:
        min_n, min_cell = self._dials
        return Shown(found, Withheld(found.n < min_n, min_n, min_cell))


def publish_score(
    panel: Panel,
    score: str,
    groups: Sequence[str] = (),
    *,
    published: Callable[[str], Published] | None = None,
    min_n: int = MIN_N,
    min_cell: int = MIN_CELL,
) -> PublishedScore:
    """Decide what a report shows of a score.

    Parameters
    ----------
    panel : Panel
    score : str
    groups : sequence of str
        Groups that are to have tables about the latest pair of waves, or of a series about the
        last wave.
    published : function, optional
        Decides what the page of an item shows beside this one; by default `publish` does, with the
        same groups.
    min_n, min_cell : int
        The fewest people in a base; and beside others whom nobody may tell apart, or who moved from
        one number to another.

    Notes
    -----
    Where bases differ by few people and nearly everyone answered every time, all tables are about
    these. Tables of few people are left out; so is a table of people who differ by few from those
    of another table, the one named later: means by wave come first, then those who answered twice,
    then groups of these. All people but those of a category count as a table, too, and so do
    categories together that make one of another group.

    At last it withholds intervals of change and how many moved up and down, as far as they would
    tell how many of few people moved: by themselves, together, or beside the page of an item with
    the same answers, which withholds nothing for their sake.
    """
    # By bands of a score, means would tell the few who are in a band.
    groups = [name for name in groups if not in_bands(panel, score, name)]
    whole, dials = panel, (min_n, min_cell)
    linked = [pair for pair in panel.pairs(score) if panel.linked[pair]]
    main = next((p for p in reversed(linked) if in_base(panel, score, p).sum() >= min_n), None)
    bases: list[Base] = [(wave,) for wave in panel.asked(score)]
    bases += [main] if main is not None else []
    compared: Base | None = bases[-1] if main is not None or panel.independent else None
    published = published or cache(
        lambda item: publish(whole, item, groups, min_n=min_n, min_cell=min_cell)
    )
    pages = [published(item) for item in items_like(whole, score)]
    beside = [one for page in pages for one in people_told(page)]
    for other in scores_like(whole, score):
        # The page of a score that is named earlier goes first, as those of items do.
        page = publish_score(
            whole, other, groups, published=published, min_n=min_n, min_cell=min_cell
        )
        beside += page.people_told()
    panel, narrowed = _with_one_base(panel, score, bases, beside, min_n, min_cell)
    notes, names = [narrowed] if narrowed else [], list[str]()
    if compared is not None and groups:
        panel, steady = with_steady_groups(panel, groups, compared[-1])
        panel, names = with_large_categories(panel, score, groups, compared, min_n, min_cell)
        names = told_by_group(panel, score, compared, names, pages)
        notes += [steady] if steady else []
    inside = np.asarray(panel.domain)
    here = {base: (in_base(panel, score, base) & inside) for base in bases}
    codes = {name: np.asarray(panel.groups[name].codes) for name in names}
    columns = [*(mask.astype(np.int64) for mask in here.values()), *(c + 1 for c in codes.values())]
    columns += [people.astype(np.int64) for _, people in beside]
    # Also people of other pages who are not in any table here.
    inside = np.logical_or.reduce([inside, *(people for _, people in beside)])
    number, found = numbered([column[inside] for column in columns])
    counts = np.bincount(number, minlength=found.shape[1]).astype(np.float64)
    masks = dict(zip(here, found.astype(bool), strict=False))
    of_groups = dict(zip(codes, found[len(here) :], strict=False))
    others = found[len(here) + len(codes) :].astype(bool)
    elsewhere = [(wave, mask) for (wave, _), mask in zip(beside, others, strict=True)]
    tables = [_table(_key(base), [(wave, masks[base]) for wave in base], counts) for base in bases]
    if compared is not None:
        sizes = {name: len(panel.groups[name].categories) for name in names}
        tables += _group_tables(compared, masks[compared], of_groups, sizes, counts)
    known = known_table(np.zeros((0, len(counts))), elsewhere)
    told = {key for key in decided(counts, [known], tables, *dials).hidden if key != known.key}
    told -= _of_few_numbers(panel, score, here, codes, compared, dials)
    # What stands on a table that is left out goes with it.
    kept = [table.key for table in tables if table.key in told and told >= {*table.needs}]
    moves: set[Key] = set()
    if main in kept:
        in_tables = {
            name: (codes[name], panel.groups[name].categories)
            for name in names
            if (GROUP, name) in kept
        }
        every = {published(item): False for item in items_like(whole, score, MOST_ANSWERS)}
        every |= dict.fromkeys(pages, True)
        quiet = quiet_groups(panel, score, main, here[main], codes, every, min_cell)
        if quiet is not None:
            ways = ways_of(panel, score, main, here[main])
            moves = told_of_moves(ways, here[main], in_tables, quiet, *dials)
    return PublishedScore(panel, score, notes, main, compared, kept, dials, moves)


def _of_few_numbers(
    panel: Panel,
    score: str,
    bases: Mapping[Base, Booleans],
    codes: Mapping[str, Integers],
    compared: Base | None,
    dials: tuple[int, int],
) -> set[Key]:
    """Name the tables about people who gave two or three numbers, one of which few gave.

    Such a mean and its standard error tell how many gave each, as shares would. Of all people the
    pages of items put together what fewer than a base gave; by group they withhold small cells.
    """
    min_n, min_cell = dials

    def few(wave: str, people: Booleans, least: int) -> bool:
        given = np.asarray(panel.answers[score][panel.position(wave)])[people]
        counts = np.unique(given, return_counts=True)[1]
        return 0 < len(counts) <= MOST_NUMBERS and bool(counts.min() < least)

    found = {
        _key(base)
        for base, people in bases.items()
        if any(few(wave, people, min_n) for wave in base)
    }
    for name, of in codes.items():
        people = bases[compared or ()]
        parts = [people & (of == code) for code in range(len(panel.groups[name].categories))]
        if any(few(wave, part, min_cell) for wave in compared or () for part in parts):
            found.add((GROUP, name))
    return found


def _group_tables(
    waves: Base,
    inside: Booleans,
    codes: Mapping[str, Integers],
    sizes: Mapping[str, int],
    counts: Floats,
) -> list[Table]:
    """List the tables by group; a code is 1 more than the place of a category, and 0 for none."""
    tables, before = list[Table](), list[list[Booleans]]()
    for name, size in sizes.items():
        parts = [inside & (codes[name] == code) for code in range(1, size + 1)]
        every = np.logical_or.reduce(parts)
        people = [every, *parts, *(every & ~part for part in parts)]
        people += [mask for others in before for mask in _like(parts, others, counts)]
        before.append(parts)
        populations = [(wave, mask) for wave in waves for mask in people]
        tables.append(replace(_table((GROUP, name), populations, counts), needs=[_key(waves)]))
    return tables


def _with_one_base(
    panel: Panel,
    score: str,
    bases: Sequence[Base],
    beside: Populations,
    min_n: int,
    min_cell: int,
) -> tuple[Panel, str]:
    """Narrow a panel to those who answered every time, where bases differ by few people.

    Also from those of other pages, which tell of the same numbers.
    """
    inside = np.asarray(panel.domain)
    masks = [in_base(panel, score, base) & inside for base in bases]
    people = np.ones(len(inside))
    tables = [
        _table(_key(base), [(wave, mask) for wave in base], people)
        for base, mask in zip(bases, masks, strict=True)
    ]
    others = known_table(np.zeros((0, len(people))), beside)
    every = combinations([*tables, others], 2)
    if not any(few_apart(people, a, b, min_n, min_cell) for a, b in every):
        return panel, ""
    pairs = [mask.sum() for base, mask in zip(bases, masks, strict=True) if len(base) > 1]
    return among_all(panel, score, max(pairs, default=np.inf), min_n)


def _like(parts: Sequence[Booleans], others: Sequence[Booleans], counts: Floats) -> list[Booleans]:
    """Put categories together that are mostly in the same one of another group.

    Towns add up to a region, but for few people, whom the region less its towns would tell.
    """
    shared = np.array([[counts[part & other].sum() for other in others] for part in parts])
    home = shared.argmax(axis=1)
    return [
        np.logical_or.reduce([part for part, at in zip(parts, home, strict=True) if at == place])
        for place in sorted(set(home.tolist()))
    ]


def _key(base: Base) -> Key:
    return base if len(base) > 1 else (SHARES, *base)


def _table(key: Key, populations: Populations, counts: Floats) -> Table:
    """Make a table that counts nobody: all it tells is means of populations."""
    return Table(
        key=key,
        figures={},
        parts=np.zeros((0, len(counts))),
        price=np.zeros(0),
        few=np.zeros(0, dtype=bool),
        room=np.zeros(0),
        populations=populations,
    )
