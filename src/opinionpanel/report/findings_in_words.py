"""What tests found about an item, in sentences that cannot contradict each other."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from opinionpanel.disclosure import Published
from opinionpanel.drawing import Language
from opinionpanel.report.families import Family, Kind
from opinionpanel.report.item_tests import ItemTests

Direction = Literal["up", "down", "some", "none", "unknown", "estimate"]
# Of the comparisons of a family, those that are told in sentences; the table has all.
MOST_SINGLES = 3
MOST_FINDINGS = 3

# What a single comparison of a state found: more, and less.
RISEN: dict[Kind, tuple[str, str]] = {
    "trend": (
        "“{state}” rose by {points} points ({limits}; n = {n}) between {first} and {last}.",
        "“{state}” fell by {points} points ({limits}; n = {n}) between {first} and {last}.",
    ),
    "net": (
        "Among the same people “{state}” rose by {points} points ({limits}; n = {n}) between "
        "{first} and {last}.",
        "Among the same people “{state}” fell by {points} points ({limits}; n = {n}) between "
        "{first} and {last}.",
    ),
}
# What a comparison of two flows or categories found, the larger of which is named first.
LARGER: dict[Kind, str] = {
    "balance": "Between {first} and {last} more people went from “{origin}” to “{destination}” "
    "than back, by {points} points ({limits}; n = {n}).",
    "turnover by": "Between {first} and {last} a larger share gave another answer in “{category}” "
    "than in “{other}”, by {points} points ({limits}; n = {n}).",
    "net change by": "Between {first} and {last} the change of “{state}” was {points} points "
    "({limits}; n = {n}) higher in “{category}” than in “{other}”.",
    "shares by": "In {wave} “{state}” was more common in “{category}” than in “{other}”, by "
    "{points} points ({limits}; n = {n}).",
}
# The joint test found a difference, and no single comparison says where.
TOGETHER: dict[Kind, str] = {
    "trend": "Taken together, the shares of the answers changed over the waves from {first} to "
    "{last}, but no single one detectably differs between these two.",
    "net": "Among the same people the shares of the answers changed between {first} and {last}, "
    "taken together, but no single one detectably.",
    "balance": "Between {first} and {last} the flows between answers do not balance, taken "
    "together, but no two opposite flows can be told apart.",
    "turnover by": "Between {first} and {last} the share that gave another answer differs by "
    "{group}, taken together, but no two categories can be told apart.",
    "net change by": "Between {first} and {last} the shares of the answers changed differently by "
    "{group}, taken together, but no two categories can be told apart.",
    "shares by": "In {wave} the answers differ by {group}, taken together, but no two categories "
    "can be told apart in a single answer.",
}
# The joint test found nothing.
OPEN: dict[Kind, str] = {
    "trend": "Among all who answered, the shares of the answers did not detectably change from "
    "{first} to {last}.",
    "net": "Among the same people the shares of the answers did not detectably change between "
    "{first} and {last}.",
    "balance": "Between {first} and {last} no flow detectably differs from the flow back.",
    "turnover by": "Between {first} and {last} the share that gave another answer does not "
    "detectably differ by {group}.",
    "net change by": "Between {first} and {last} the shares of the answers did not detectably "
    "change in other ways by {group}.",
    "shares by": "In {wave} the answers do not detectably differ by {group}.",
}
UNTESTED: dict[Kind, str] = {
    "trend": "Whether the shares of the answers changed was not tested: {reason}.",
    "net": "Whether the shares of the answers changed among the same people between {first} and "
    "{last} was not tested: {reason}.",
    "balance": "Whether flows there and back between {first} and {last} differ was not tested: "
    "{reason}.",
    "turnover by": "Whether the share that gave another answer between {first} and {last} differs "
    "by {group} was not tested: {reason}.",
    "net change by": "Whether the shares of the answers changed differently by {group} between "
    "{first} and {last} was not tested: {reason}.",
    "shares by": "Whether the answers in {wave} differ by {group} was not tested: {reason}.",
}
CHANGED = (
    "Of the people who answered both times {share} gave different answers in {first} and {last} "
    "(n = {n})."
)
CHANGED_ONLY = (
    "Of the people who answered both times {share} gave different answers in {first} and {last} "
    "(n = {n}); no share changed detectably, and no flow differs detectably from the flow back."
)
# The columns of single comparisons that say what is compared; of two, one is taken from the other.
STATE, TWO = "state", (("origin", "destination"), ("category", "other"))


@dataclass(frozen=True)
class Claim:
    """A sentence, and what it says in a form that can be compared.

    Attributes
    ----------
    text : str
    subject : tuple of str
        The kind and key of a family; for a single comparison then what is compared.
    direction : {"up", "down", "some", "none", "unknown", "estimate"}
        Of a single comparison, whether the first is more or less; of a family, whether there is a
        difference somewhere, none was detected, or it was not tested; "estimate" for a figure
        that no test stands behind.
    size : float
        Of the difference.
    """

    text: str
    subject: tuple[str, ...]
    direction: Direction
    size: float = 0.0


def family_claims(family: Family, language: Language, names: Mapping[str, str]) -> list[Claim]:
    """Say what a family of comparisons found: the largest differences, the joint one, or none.

    Parameters
    ----------
    family : Family
    language : Language
    names : dict of str to str
        How waves, states, groups and categories are called; others have their own names.
    """
    values = _named(family, names)
    subject = (family.kind, *family.key)
    if family.pvalue is None:
        reason = language.tell(family.untested)
        text = language.say(UNTESTED[family.kind], **values, reason=reason)
        return [Claim(text, subject, "unknown")]
    if not family.holds:
        return [Claim(language.say(OPEN[family.kind], **values), subject, "none")]
    found = _once(family.found, family.singles).head(MOST_SINGLES)
    if not len(found):
        return [Claim(language.say(TOGETHER[family.kind], **values), subject, "some")]
    return [_single(family, row, language, names) for row in found.to_dict(orient="records")]


def item_claims(tests: ItemTests, language: Language, names: Mapping[str, str]) -> list[Claim]:
    """Say what all families of an item found."""
    return [claim for family in tests.families for claim in family_claims(family, language, names)]


def three_findings(
    tests: ItemTests, published: Published, language: Language, names: Mapping[str, str]
) -> list[Claim]:
    """Say in at most three sentences what a reader should know first, the most telling first.

    The largest finding of each family comes by size, those about change before those about
    groups at a wave. Where they are few, or none is about change, how many gave another answer
    follows those about change: an estimate, which no test makes a finding. Where not even that is
    shown, the first sentence says that no change was found, or why it was not looked for.
    """
    found = [
        claims[0]
        for family in tests.families
        if family.holds and (claims := family_claims(family, language, names))
    ]
    # What was found over all waves is not said again of the same people.
    risen = {(claim.subject[1:], claim.direction) for claim in found if claim.subject[0] == "trend"}
    found = [
        claim
        for claim in found
        if claim.subject[0] != "net" or (claim.subject[1:], claim.direction) not in risen
    ]
    found.sort(key=lambda claim: -round(claim.size, 9))
    # Where no single comparison says what differs, the finding comes after those that do.
    found.sort(key=lambda claim: claim.direction == "some")
    change = [claim for claim in found if claim.subject[0] != "shares by"]
    levels = [claim for claim in found if claim.subject[0] == "shares by"]
    single = [claim for claim in change if claim.direction != "some"]
    if not single or len(single) + len(levels) < MOST_FINDINGS:
        change[len(single) : len(single)] = _changed(tests, published, language, names)
    if not change:
        change = family_claims(tests.trend, language, names)
    return [*change, *levels][:MOST_FINDINGS]


def _changed(
    tests: ItemTests, published: Published, language: Language, names: Mapping[str, str]
) -> list[Claim]:
    """Say how many gave another answer between the last waves that link people, where shown."""
    if not tests.net:
        return []
    pair = list(tests.net)[-1]
    frame = published.turnover(*pair).frame()
    total = frame[frame["component"] == "total"].iloc[0]
    if not np.isfinite(total["conf_high"] - total["conf_low"]):
        return []
    nothing = (tests.trend, tests.net[pair], tests.balance[pair])
    quiet = all(family.pvalue is not None and not family.holds for family in nothing)
    first, last = (names.get(wave, wave) for wave in pair)
    text = language.say(
        CHANGED_ONLY if quiet else CHANGED,
        share=language.estimate(*total[["estimate", "conf_low", "conf_high"]], digits=0),
        first=first,
        last=last,
        n=int(total["n"]),
    )
    return [Claim(text, ("turnover", *pair), "estimate", float(total["estimate"]))]


def _once(found: pd.DataFrame, singles: pd.DataFrame) -> pd.DataFrame:
    """Leave out what says the same again: of two states, what one gains the other loses."""
    if STATE in singles and singles[STATE].nunique() == 2:
        found = found.loc[found[STATE] == singles[STATE].iloc[0]]
    return found


def _single(
    family: Family, row: Mapping[Hashable, Any], language: Language, names: Mapping[str, str]
) -> Claim:
    """Say what a single comparison found, with the larger of two named first."""
    up = bool(row["estimate"] > 0)
    compared = {name: str(row[name]) for name in (STATE, *sum(TWO, ())) if name in row}
    shown = {name: names.get(value, value) for name, value in compared.items()}
    for one, other in TWO:
        if one in shown and not up:
            shown[one], shown[other] = shown[other], shown[one]
    low, high = sorted(abs(row[name]) for name in ("conf_low", "conf_high"))
    # With two digits where one would hide how far from nothing the difference is.
    digits = 1 if low >= 0.0005 else 2
    size = abs(float(row["estimate"]))
    text = language.say(
        LARGER[family.kind] if family.kind in LARGER else RISEN[family.kind][0 if up else 1],
        **_named(family, names),
        **shown,
        points=language.points(size, digits=digits).removeprefix("+"),
        limits=language.limits(low, high, digits),
        n=int(row["n"]),
    )
    subject = (family.kind, *family.key, *compared.values())
    return Claim(text, subject, "up" if up else "down", size)


def _named(family: Family, names: Mapping[str, str]) -> dict[str, str]:
    """Name what a family is about, by the places of its sentences."""
    key = [names.get(name, name) for name in family.key]
    if len(key) == 3:
        return dict(zip(("group", "first", "last"), key, strict=True))
    places = ("group", "wave") if family.kind == "shares by" else ("first", "last")
    # A trend of a single wave has no waves to name.
    return dict(zip(places, key, strict=False))
