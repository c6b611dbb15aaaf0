"""Who of those interviewed is not in a base: not asked, lost, or without a weight."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cache, reduce
from typing import NamedTuple

import numpy as np

from opinionpanel import questions
from opinionpanel.design import PersonWeight
from opinionpanel.engines import Key, PersonColumn, Table, how_many, is_lazy, tables
from opinionpanel.estimates import Later
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, in_a_row, per_cent

UNWEIGHTED = Phrase("none (unweighted)")
# Of fewer people no percentages are given in a line of text.
FEWEST = 10
Pair = tuple[str, ...]


class Account(NamedTuple):
    """Who may be in the base of a wave or pair: those interviewed at a wave, with some answers.

    Attributes
    ----------
    start : str
        The wave at which they were interviewed.
    needed : tuple of str
        The waves at which the base needs an answer; none where it needs none.
    weight : PersonWeight
        The weight that counts.
    """

    start: str
    needed: tuple[str, ...]
    weight: PersonWeight


class Notes(NamedTuple):
    """Who was not asked, by wave; who has no weight and who was lost, by account."""

    asked: Mapping[str, tuple[int, int]]
    weightless: Mapping[Pair, str]
    lost: Mapping[Pair, str]


def notes_on(
    panel: Panel, items: Sequence[str], names: Sequence[str], accounts: Mapping[Pair, Account]
) -> Notes:
    """Count, when somebody reads it, who of those interviewed is not in the bases.

    Of several items: who is in none of their bases.
    """
    # Only an item that says so was put to some people only.
    filtered = list(names) if all(panel.question(item).not_asked for item in items) else []
    if is_lazy(panel.domain):
        # An engine may be gone when somebody reads it.
        return _counted(panel, items, filtered, accounts)
    found = cache(lambda: _counted(panel, items, filtered, accounts))
    return Notes(
        Later(lambda: found().asked) if filtered else {},
        Later(lambda: found().weightless),
        Later(lambda: found().lost),
    )


def _counted(
    panel: Panel, items: Sequence[str], filtered: Sequence[str], accounts: Mapping[Pair, Account]
) -> Notes:
    weighted = {k: one for k, one in accounts.items() if one.weight.text != UNWEIGHTED}
    ways = {k: _kept(panel, items, one) for k, one in accounts.items() if len(one.needed) > 1}
    counts = how_many(_conditions(panel, items, filtered, weighted, accounts, ways))
    asked = {name: (counts["people", name], counts["not asked", name]) for name in filtered}
    weightless = {
        key: _weightless_text(panel, account, counts["without", key])
        for key, account in weighted.items()
        if counts["without", key]
    }
    lost = [key for key in ways if counts["kept", key] < counts["interviewed", key]]
    # Percentages are of those who could be lost, and so with the weight before.
    before = {key: accounts[key]._replace(weight=panel.weight(accounts[key].start)) for key in lost}
    sums = tables(
        [Table((Key(_steps(*ways[key]), 2),), (before[key].weight.values,)) for key in lost]
    )
    texts = {
        key: Phrase(
            "{lost}.",
            lost=loss_words(
                key,
                before[key],
                counts["interviewed", key],
                counts["kept", key],
                float(left / (gone + left)),
                weightless=counts["weightless", key] > 0,
                due=due_then(panel, accounts[key]),
            ),
        )
        for key, (gone, left) in zip(lost, sums, strict=True)
    }
    return Notes(asked, weightless, texts)


def _conditions(
    panel: Panel,
    items: Sequence[str],
    filtered: Sequence[str],
    weighted: Mapping[Pair, Account],
    accounts: Mapping[Pair, Account],
    ways: Mapping[Pair, tuple[PersonColumn, PersonColumn]],
) -> Iterator[tuple[Hashable, PersonColumn]]:
    """Name the people to count; all are counted in one pass."""
    for name in filtered:
        place = panel.position(name)
        people = panel.domain & panel.present[place] & (panel.weight(name).values > 0)
        yield ("people", name), people
        silent = (panel.answers[item][place] == questions.NOT_ASKED for item in items)
        yield ("not asked", name), reduce(np.logical_and, silent, people)
    for key, account in weighted.items():
        yield ("without", key), _answered(panel, items, account) & (account.weight.values <= 0)
    for key, (interviewed, kept) in ways.items():
        yield ("weightless", key), _started(panel, accounts[key]) & ~interviewed
        yield ("interviewed", key), interviewed
        yield ("kept", key), kept


def _answered(panel: Panel, items: Sequence[str], account: Account) -> PersonColumn:
    """Find those interviewed who gave the answers that the base needs, to any of the items."""
    there = panel.domain & panel.present[panel.position(account.start)]
    places = [panel.position(name) for name in account.needed]
    each = ([panel.answers[item][place] >= 0 for place in places] for item in items)
    found: PersonColumn = reduce(
        np.logical_or, (reduce(np.logical_and, answered, there) for answered in each)
    )
    return found


def _kept(
    panel: Panel, items: Sequence[str], account: Account
) -> tuple[PersonColumn, PersonColumn]:
    """Find who was interviewed with a weight, and who of them is in the base."""
    counts = panel.weight(account.start).values > 0
    return _started(panel, account) & counts, _answered(panel, items, account) & counts


def _started(panel: Panel, account: Account) -> PersonColumn:
    """Find those interviewed at the start who were due wherever an answer is needed."""
    there = panel.domain & panel.present[panel.position(account.start)]
    return panel.were_due(there, account.needed)


def due_then(panel: Panel, account: Account) -> list[str]:
    """Name the waves of a base at which some of those interviewed at the start were not due."""
    return [wave for wave in account.needed if panel.due_differs(account.start, wave)]


def _steps(interviewed: PersonColumn, kept: PersonColumn) -> PersonColumn:
    """Give everyone a number: 1 for those kept, 0 for those lost, -1 for all others."""
    found: PersonColumn = interviewed.astype(np.int8) + kept.astype(np.int8) - 1
    return found


def _weightless_text(panel: Panel, account: Account, people: int) -> str:
    """Say how many would be in the base, had they a weight."""
    needed = account.needed
    who = Phrase("interviewed at {wave}", wave=account.start)
    if len(needed) == 1:
        who = Phrase("with an answer")
    elif len(needed) == 2:
        who = Phrase("with an answer at both waves")
    elif needed:
        who = Phrase("with an answer at all of {waves}", waves=in_a_row(needed))
    nothing = Phrase("the weight 0")
    if any(panel.without_weight.values()):
        nothing = Phrase("no weight or the weight 0")
    if people == 1:
        text = Phrase(
            "{n} person {who} has {nothing} and does not count.", n=people, who=who, nothing=nothing
        )
    else:
        text = Phrase(
            "{n} people {who} have {nothing} and do not count.", n=people, who=who, nothing=nothing
        )
    if len(needed) not in (1, 2):
        return text
    first, *later = needed
    waves = Phrase("{first} → {last}", first=first, last=later[0]) if later else first
    return Phrase("{waves}: {text}", waves=waves, text=text)


def loss_words(
    key: Pair,
    account: Account,
    interviewed: int,
    answered: int,
    share: float,
    *,
    weightless: bool = False,
    due: Sequence[str] = (),
) -> str:
    """Say how many of those interviewed gave the answers that a base needs; no full stop.

    Parameters
    ----------
    key : tuple of str
        The waves of the base.
    account : Account
    interviewed, answered : int
        People with a positive weight at the start: all of them, and those in the base.
    share : float
        The weighted share of those in the base.
    weightless : bool
        Whether others were interviewed at the start without a positive weight there.
    due : sequence of str
        The waves at which some were not due, who are not counted.
    """
    weighted = account.weight.text != UNWEIGHTED
    return Phrase(
        "Of {started}, {answered} {when}",
        started=_started_words(account.start, interviewed, weightless, due),
        answered=_answered_words(answered, share, weighted),
        when=_when_words(key, account),
    )


def _started_words(start: str, people: int, weightless: bool, due: Sequence[str]) -> Phrase:
    """Say of whom some are left."""
    words = Phrase("{n} people interviewed at {wave}", n=people, wave=start)
    if people == 1:
        words = Phrase("{n} person interviewed at {wave}", n=people, wave=start)
    if weightless:
        words = Phrase("{people} with a positive weight there", people=words)
    if due:
        words = Phrase("{people} and due at {waves}", people=words, waves=in_a_row(due))
    return words


def _answered_words(people: int, share: float, weighted: bool) -> Phrase:
    """Say how many are left; of few people no share."""
    if people < FEWEST:
        return Phrase("{n} answered", n=people)
    if weighted:
        return Phrase("{n} ({share}, weighted) answered", n=people, share=percent(share))
    return Phrase("{n} ({share}) answered", n=people, share=percent(share))


def _when_words(key: Pair, account: Account) -> Phrase:
    """Say at which waves the base needs answers."""
    if len(account.needed) > 2:
        return Phrase("at all of {waves}", waves=in_a_row(account.needed))
    # A base of two waves is that of shares at one of them, too.
    first, last = key if len(key) == 2 else account.needed[:2]
    others = [wave for wave in (first, last) if wave != account.start]
    if len(others) == 1:
        return Phrase("both then and at {wave}", wave=others[0])
    return Phrase("both at {first} and at {last}", first=first, last=last)


def percent(share: float) -> Phrase:
    """Round to a whole per cent that does not say all or nobody."""
    if round(100 * share) in (0, 100):
        if share < 0.5:
            return Phrase("under {share}", share=per_cent(0.01))
        return Phrase("over {share}", share=per_cent(0.99))
    return per_cent(share)
