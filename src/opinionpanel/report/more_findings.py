"""Sentences that make three findings of fewer: estimates, which find no difference."""

from collections.abc import Iterator

from opinionpanel.disclosure import Published, Shown
from opinionpanel.measures import NOT_INTERVIEWED
from opinionpanel.report.item_tests import ItemTests
from opinionpanel.report.told import Told


def more_findings(published: Published, tests: ItemTests, told: Told) -> Iterator[str]:
    """Say what a reader should know where tests found little: moves, shares, and drop-out.

    Parameters
    ----------
    published : Published
    tests : ItemTests
        Of the item.
    told : Told
        That tells of it.
    """
    yield from _there_and_back(published, tests, told)
    shares = list(_shares_at_last(published, told))
    yield from shares[:1]
    way = published.way()
    if way is not None:
        yield from lost_text(way[1], told)
    elif published.main_pair is not None:
        lost = published.flows(*published.main_pair).estimates.about.lost
        yield from map(told.language.tell, lost.values())
    yield from shares[1:]


def _there_and_back(published: Published, tests: ItemTests, told: Told) -> Iterator[str]:
    """Say how many went from one answer to another and back, of the two with most moves.

    Nothing where that is not shown or not tested, or where these two flows differ: then that is
    what was found, and the next two would stand in their place.
    """
    pair = published.main_pair
    if pair is None or tests.balance[pair].pvalue is None:
        return
    singles = tests.balance[pair].singles
    frame = published.flows(*pair).frame().dropna(subset=["conf_low", "conf_high"])
    flows = {(row["origin"], row["destination"]): row for _, row in frame.iterrows()}
    both = [
        (flows[a, b], flows[b, a], differ)
        for a, b, differ in singles[["origin", "destination", "found"]].itertuples(index=False)
        if {(a, b), (b, a)} <= set(flows)
    ]
    if not both:
        return
    *most, differ = max(both, key=lambda two: two[0]["estimate"] + two[1]["estimate"])
    if differ:
        return
    there, back = sorted(most, key=lambda row: -row["estimate"])
    # Of small shares whole per cents would hide the interval.
    digits = 0 if back["estimate"] >= 0.03 else 1
    shares = [
        told.language.estimate(*row[["estimate", "conf_low", "conf_high"]], digits=digits)
        for row in (there, back)
    ]
    yield told.say(
        "{there} went from “{origin}” to “{destination}” between {first} and {last}, and {back} "
        "went back (n = {n}); all comparisons considered, they cannot be told apart.",
        first=told.name(pair[0]),
        last=told.name(pair[1]),
        there=shares[0],
        back=shares[1],
        origin=told.name(there["origin"]),
        destination=told.name(there["destination"]),
        n=int(there["n"]),
    )


def _shares_at_last(published: Published, told: Told) -> Iterator[str]:
    """Say how many gave each answer at the last wave, the most first; not that they were most."""
    shown, _ = published.shares()
    if shown is None:
        return
    frame = shown.frame()
    last = frame[frame["wave"] == frame["wave"].iloc[-1]].dropna(subset=["conf_low", "conf_high"])
    for _, row in last.sort_values("estimate", ascending=False, kind="stable").iterrows():
        yield told.say(
            "“{state}” was the answer of {share} in {wave} (n = {n}).",
            wave=told.name(row["wave"]),
            share=told.language.estimate(*row[["estimate", "conf_low", "conf_high"]], digits=0),
            state=told.name(row["state"]),
            n=int(row["n"]),
        )


def lost_text(shares: Shown, told: Told) -> Iterator[str]:
    """Say how many of those who answered first were not interviewed at each later wave.

    Parameters
    ----------
    shares : Shown
        Shares of those who answered first, at every wave.
    told : Told
    """
    frame = shares.frame()
    first = frame["wave"].iloc[0]
    absent = frame[(frame["state"] == NOT_INTERVIEWED) & (frame["wave"] != first)]
    if not absent["estimate"].gt(0).any():
        return
    parts = [
        told.say(
            "{share} in {wave}",
            share=told.language.estimate(*row[["estimate", "conf_low", "conf_high"]], digits=0),
            wave=told.name(row["wave"]),
        )
        for _, row in absent.iterrows()
    ]
    yield told.say(
        "Of those who answered in {first}, these shares were not interviewed later: {parts}.",
        first=told.name(first),
        parts=told.listed(parts),
    )
