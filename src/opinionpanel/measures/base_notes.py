"""Who of those interviewed is not in a base: not asked, lost, or without a weight."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from opinionpanel import questions
from opinionpanel.arrays import Floats
from opinionpanel.design import PersonWeight
from opinionpanel.engines import Key, PersonColumn, Table, tables
from opinionpanel.errors import count_people
from opinionpanel.panel import Panel

UNWEIGHTED = "none (unweighted)"
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


def counted(
    panel: Panel, item: str, names: Sequence[str], accounts: Mapping[Pair, Account]
) -> tuple[dict[str, tuple[int, int]], dict[Pair, str], dict[Pair, str]]:
    """Count who was not asked, by wave; say who has no weight and who was lost, by account."""
    # Only an item that says so was put to some people only.
    filtered = list(names) if panel.item(item).not_asked else []
    told = {
        key: account
        for key, account in accounts.items()
        if len(account.needed) > 1 or account.weight.text != UNWEIGHTED
    }
    wanted = [_asked_table(panel, item, name) for name in filtered]
    for account in told.values():
        wanted += _tables_of(panel, item, account)
    found = iter(tables(wanted))
    asked: dict[str, tuple[int, int]] = {}
    for name in filtered:
        of_them, others = next(found)
        asked[name] = int(of_them + others), int(of_them)
    weightless, lost = {}, {}
    for key, account in told.items():
        people, weight = next(found), next(found)
        without = int(people[1, 0].sum())
        if without:
            weightless[key] = _weightless_text(panel, account, without)
        if len(account.needed) > 1 and (text := _lost_text(key, account, people, weight)):
            lost[key] = text
    return asked, weightless, lost


def _asked_table(panel: Panel, item: str, wave: str) -> Table:
    """Count who was not asked, and who was, of those interviewed at a wave."""
    place = panel.position(wave)
    inside = panel.domain & panel.present[place] & (panel.weight(wave).values > 0)
    asked = panel.answers[item][place] != questions.NOT_ASKED
    return Table((_yes(asked),), (), inside)


def _tables_of(panel: Panel, item: str, account: Account) -> list[Table]:
    """Count people, and add up their weight, by answers, weight, and weight at the start."""
    start = panel.weight(account.start).values
    codes = [panel.answers[item][panel.position(name)] for name in account.needed]
    there = panel.present[panel.position(account.start)]
    answered = reduce(np.logical_and, (part >= 0 for part in codes), there)
    keys = tuple(_yes(part) for part in (answered, account.weight.values > 0, start > 0))
    inside = panel.domain & there
    return [Table(keys, value, inside) for value in ((), (start,))]


def _yes(condition: Any) -> Key:
    codes: PersonColumn = np.where(condition, 1, 0)
    return Key(codes, 2)


def _weightless_text(panel: Panel, account: Account, people: int) -> str:
    """Say how many would be in the base, had they a weight."""
    needed = account.needed
    who, where = f"interviewed at {account.start}", ""
    if len(needed) == 1:
        who, where = "with an answer", f"{needed[0]}: "
    elif len(needed) == 2:
        who, where = "with an answer at both waves", f"{' → '.join(needed)}: "
    elif needed:
        who = f"with an answer at all of {listed(needed)}"
    nothing = "no weight or the weight 0" if any(panel.without_weight.values()) else "the weight 0"
    have, do = ("has", "does") if people == 1 else ("have", "do")
    return f"{where}{count_people(people)} {who} {have} {nothing} and {do} not count."


def _lost_text(key: Pair, account: Account, people: Floats, weight: Floats) -> str:
    """Say in a line how many of those interviewed first are in the base."""
    interviewed, answered = int(people[:, :, 1].sum()), int(people[1, :, 1].sum())
    if interviewed == answered:
        return ""
    share = weight[1, :, 1].sum() / weight[:, :, 1].sum()
    return loss_words(key, account, interviewed, answered, share) + "."


def loss_words(key: Pair, account: Account, interviewed: int, answered: int, share: float) -> str:
    """Say how many of those interviewed gave the answers that a base needs; no full stop."""
    start, last = account.start, key[-1]
    then = "then" if start == key[0] else f"at {key[0]}"
    when = f"both {then} and at {last}"
    if len(account.needed) > 2:
        when = f"at all of {listed(account.needed)}"
    weighted = "" if account.weight.text == UNWEIGHTED else ", weighted"
    per_cent = "" if answered < FEWEST else f" ({percent(share)}{weighted})"
    return (
        f"Of {count_people(interviewed)} interviewed at {start}, {answered:,}{per_cent} answered "
        f"{when}"
    )


def listed(names: Sequence[str]) -> str:
    """Name waves one after the other."""
    return ", ".join(names)


def percent(share: float) -> str:
    """Round to a whole per cent that does not say all or nobody."""
    if round(100 * share) in (0, 100):
        return "under 1%" if share < 0.5 else "over 99%"
    return f"{100 * share:.0f}%"
