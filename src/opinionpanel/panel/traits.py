"""Do linked people agree on what cannot change? If not, the ids are not those of people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opinionpanel import engines
from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Integers
from opinionpanel.engines import PersonColumn, PersonRows, how_many
from opinionpanel.errors import LinkError, listing
from opinionpanel.panel.id_errors import OTHER_PEOPLE
from opinionpanel.questions import Group, nameable_categories, small_text

# If a share c of the links are right and the others join strangers, kappa (or the correlation)
# of a trait that cannot change is c on average; mistakes and recodings take a few hundredths off.
# Below a half, most links are wrong.
FIXED = 0.5
# A group may change, so kappa is c times its own stability; this leaves room for traits half of
# whose signal is gone by the next wave.
MOVING = 0.2
# Fewer people show nothing.
MIN_PEOPLE = 30
# Categories from which numbers are compared by correlation: everybody's age is another one a year
# later, and a birth year computed from age is often one off.
MANY_NUMBERS = 10
# Categories from which a table of all pairs of them would be large, and nearly empty.
MANY_CATEGORIES = 1_000


@dataclass(frozen=True)
class Agreement:
    """How far people linked between two waves agree on a trait.

    Attributes
    ----------
    compared : int
        People with a valid value at both waves.
    same, chance : float
        The share with the same value, and that expected among strangers.
    kappa : float
        (same - chance) / (1 - chance); for a trait of many numbers, the correlation of their
        ranks among the categories. NaN where the trait cannot tell people apart.
    std_error : float
        Of kappa, for people drawn independently.
    """

    compared: int
    same: float
    chance: float
    kappa: float
    std_error: float

    @property
    def upper(self) -> float:
        """The upper end of an interval for kappa."""
        return self.kappa + 2 * self.std_error

    def __str__(self) -> str:
        return (
            f"{self.same:.0%} of {self.compared:,} have the same value, where chance alone gives "
            f"{self.chance:.0%}"
        )


@checked
def agreement(group: Group, first: int, last: int) -> Agreement:
    """Compare the values of a trait at two waves."""
    size = len(group.categories)
    before, after, n = _pairs(group.valid_at(first), group.valid_at(last), size)
    compared = int(n.sum())
    if not compared:
        return Agreement(0, np.nan, np.nan, np.nan, np.nan)
    margins = [np.bincount(codes, n, size) / compared for codes in (before, after)]
    same, chance = float(n[before == after].sum() / compared), float(margins[0] @ margins[1])
    numbers = np.array([_is_number(text) for text in group.categories])
    if numbers.sum() > MANY_NUMBERS:
        known = numbers[before] & numbers[after]
        kappa, std_error = _correlation(before[known], after[known], n[known])
    elif chance < 1:
        kappa = (same - chance) / (1 - chance)
        std_error = float(np.sqrt(same * (1 - same) / compared) / (1 - chance))
    else:
        kappa = std_error = np.nan
    return Agreement(compared, same, chance, kappa, std_error)


def _pairs(
    before: PersonColumn, after: PersonColumn, size: int
) -> tuple[Integers, Integers, Integers]:
    """Find the pairs of categories that people have, and how many have each."""
    if size < MANY_CATEGORIES:
        table = engines.counts([before, after], [size, size])
        rows, columns = np.nonzero(table)
        return rows, columns, table[rows, columns]
    both = (before >= 0) & (after >= 0)
    levels, which = engines.combinations([before, after], [size, size], both)
    return levels[:, 0], levels[:, 1], engines.counts([which], [len(levels)])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _correlation(before: Integers, after: Integers, n: Integers) -> tuple[float, float]:
    if n.sum() < MIN_PEOPLE or np.ptp(before) == 0 or np.ptp(after) == 0:
        return np.nan, np.nan
    (variance, shared), (_, other) = np.cov(before, after, fweights=n)
    value = float(shared / np.sqrt(variance * other))
    return value, (1 - value**2) / float(np.sqrt(n.sum()))


def check_traits(
    groups: Mapping[str, Group],
    fixed: Mapping[str, Group],
    waves: Sequence[str],
    present: PersonRows,
    *,
    numbered: Sequence[str] = (),
) -> list[str]:
    """Refuse a panel whose linked people are strangers to themselves.

    Parameters
    ----------
    groups : dict of str to Group
        Groupings; those by wave are expected to change and say nothing.
    fixed : dict of str to Group
        Traits that cannot change, such as gender.
    waves : sequence of str
    present : numpy.ndarray of bool, shape (waves, people)
    numbered : sequence of str
        Waves whose ids look like row numbers.

    Returns
    -------
    list of str
        A note where nothing shows that the people are the same.

    Raises
    ------
    LinkError
        Between two waves, people agree on a fixed trait little more than strangers would; or so
        on every group; or ids look like row numbers and no trait speaks against it.

    Notes
    -----
    A trait is compared between each wave that has it and the latest one before that shares people
    with it. It is refused only if the interval of its kappa (two standard errors) ends below a
    half, so that a few people, or a trait that nearly everyone shares, refuse nothing. A group may
    change: groups are refused if kappa is below .2 for all of them.
    """
    steady = {name: group for name, group in groups.items() if group.use != "wave"} | dict(fixed)
    found: dict[tuple[int, int], dict[str, Agreement]] = {}
    for name, group in steady.items():
        held = how_many((position, row >= 0) for position, row in enumerate(group.by_wave))
        holding = [position for position, number in held.items() if number]
        for place, last in enumerate(holding):
            # The latest wave that shares people: in a rotating panel not always the one before.
            for first in reversed(holding[:place]):
                compared = agreement(group, first, last)
                if compared.compared >= MIN_PEOPLE:
                    if not np.isnan(compared.kappa):
                        found.setdefault((first, last), {})[name] = compared
                    break
    for (first, last), traits in found.items():
        broken = {name: one for name, one in traits.items() if name in fixed and one.upper < FIXED}
        if not broken and all(one.kappa < MOVING and one.upper < FIXED for one in traits.values()):
            broken = traits
        if broken:
            if all(one.chance == 0 for one in broken.values()):
                raise _named_otherwise(steady, list(broken), waves, first, last)
            linked = how_many([("both", present[first] & present[last])])["both"]
            raise _strangers(waves[first], waves[last], broken, fixed, linked)
    if numbered and not found:
        raise LinkError(
            f"The ids of waves {listing(numbered)} are exactly the numbers 1, 2, 3, … of the rows, "
            "as if every wave were numbered anew. Name the id column that is kept across waves in "
            "person=. If these are the same people, name traits that show it: fixed=['gender']. "
            f"{OTHER_PEOPLE}"
        )
    if found or how_many([("linked", repeated(present))])["linked"] < MIN_PEOPLE:
        return []
    return [
        "nothing shows that linked people are the same: no trait stands in two waves, and the ids "
        "are taken on trust. Name one that does, such as fixed=['gender']"
    ]


def _named_otherwise(
    steady: Mapping[str, Group], names: Sequence[str], waves: Sequence[str], first: int, last: int
) -> LinkError:
    texts = []
    for name in names:
        group = steady[name]
        values = [_values(group, row) for row in (group.valid_at(first), group.valid_at(last))]
        texts.append(f"{name!r} is {values[0]} and {values[1]}")
    return LinkError(
        f"Waves {waves[first]!r} and {waves[last]!r} have no value in common: {'; '.join(texts)}. "
        "Name the values alike in both; if one looks garbled, give its wave another encoding=."
    )


def repeated(rows: Iterable[Any]) -> Booleans:
    """Tell for whom more than one of some conditions holds."""
    once, *others = rows
    several: Booleans = np.zeros_like(once)
    for here in others:
        several, once = several | (once & here), once | here
    return several


def _values(group: Group, codes: PersonColumn) -> str:
    """Name the categories that people have, those of few people by their number."""
    counts = engines.counts([codes], [len(group.categories)])
    people = {group.categories[code]: int(counts[code]) for code in np.flatnonzero(counts)}
    named = nameable_categories(people, group.told)
    small = small_text(n for text, n in people.items() if text not in named)
    shown = listing(named, most=5) if named else ""
    return " and ".join(part for part in (shown, small) if part)


def _strangers(
    first: str,
    last: str,
    broken: Mapping[str, Agreement],
    fixed: Mapping[str, Group],
    linked: int,
) -> LinkError:
    traits = "; ".join(f"{name!r}: {one}" for name, one in broken.items())
    ways = [
        "name the id column that is kept across waves in person=",
        'or, if every wave asked other people, say person=None, in study.toml person = "none"',
    ]
    if all(one.upper < 0 for one in broken.values()):
        # Strangers agree as often as chance has it, not less often.
        ways = [
            "fewer agree than strangers would, so the codes look swapped in one wave: recode it"
        ]
    elif not any(name in fixed for name in broken):
        example = next(iter(broken))
        ways.append(f"or, if people may change so much, say groups={{{example!r}: 'wave'}}")
    else:
        ways.append(
            "or, if the codes of the trait changed their meaning, recode it or say what they mean "
            "at each wave by the states of a Grouping"
        )
    else_ids = "" if len(ways) == 1 else "The ids seem to restart in every wave: "
    return LinkError(
        f"Waves {first!r} and {last!r}: {linked:,} people link, but they are hardly the same "
        f"people ({traits}). {else_ids}{'; '.join(ways)}."
    )
