"""Groups that are answers to another item: which of them may have tables beside its own page."""

from collections.abc import Iterator, Sequence

import numpy as np

from opinionpanel.arrays import Booleans
from opinionpanel.disclosure.merging import with_large_states, with_one_base
from opinionpanel.disclosure.people import Base, in_base
from opinionpanel.panel import Panel


def safe_groups(
    panel: Panel,
    item: str,
    groups: Sequence[str],
    bases: Sequence[tuple[Panel, Base]],
    min_n: int,
    min_cell: int,
) -> list[str]:
    """Leave out groups of answers whose tables would tell what another page withholds.

    Parameters
    ----------
    panel : Panel
        As every page has it, before anything is put together for one item.
    item : str
    groups : sequence of str
        Those that are to have tables on the page of the item.
    bases : sequence of (Panel, tuple of str)
        Who is in these tables, by the waves whose answers they need.
    min_n, min_cell : int
        As in `publish`.

    Notes
    -----
    By its own answers an item has transitions, of which small ones are withheld. How two items
    are crossed stands on one page only, that of the item which the study names first: two such
    tables would be about nearly the same people. Bands of a score have none: its own page tells the
    means of nearly the same people. And how large the groups are must not tell, beside
    the shares of the other item, what few people answered who gave no answer to this one.
    """
    made = {name: panel.groups[name].answers_to for name in groups}
    crossed = {answers[0] for answers in made.values() if answers is not None}
    order = list(panel.items)
    kept = []
    for name, answers in made.items():
        if answers is not None:
            other = answers[0]
            if other == item or other in panel.scores:
                continue
            if item in crossed and order.index(other) < order.index(item):
                continue
            known = [
                in_base(own, item, base) & np.asarray(own.domain & (panel.groups[name].codes >= 0))
                for own, base in bases
            ]
            pages = _who_is_told(panel, *answers, min_n, min_cell)
            if any(_few_apart(one, people, min_n, min_cell) for people in pages for one in known):
                continue
        kept.append(name)
    return kept


def _who_is_told(
    panel: Panel, item: str, wave: str, min_n: int, min_cell: int
) -> Iterator[Booleans]:
    """Mark whose answers at a wave the page of an item tells, table by table."""
    merged, _ = with_large_states(panel, item, min_n)
    pairs = [pair for pair in merged.pairs(item) if merged.linked[pair]]
    narrowed, _ = with_one_base(merged, item, pairs, min_n, min_cell)
    bases: list[Base] = [(wave,), *(pair for pair in pairs if wave in pair)]
    for base in bases:
        yield in_base(narrowed, item, base) & np.asarray(narrowed.domain)


def _few_apart(one: Booleans, other: Booleans, min_n: int, min_cell: int) -> bool:
    """Tell whether two bases differ by few people, as of tables of one item."""
    only_one, only_other = (one & ~other).sum(), (other & ~one).sum()
    return bool(min(only_one, only_other) < min_cell and 0 < max(only_one, only_other) < min_n)
