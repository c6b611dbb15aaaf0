"""Sentences that make three findings of fewer: estimates, which compare nothing."""

from collections.abc import Iterator

from opinionpanel.disclosure import Published, Shown
from opinionpanel.measures import NOT_INTERVIEWED
from opinionpanel.report.told import Told


def more_findings(published: Published, told: Told) -> Iterator[str]:
    """Say what a reader should know where tests found little: an answer's share, and drop-out.

    Parameters
    ----------
    published : Published
    told : Told
        That tells of the item.
    """
    yield from _share_at_last(published, told)
    way = published.way()
    if way is not None:
        yield from lost_text(way[1], told)
    elif published.main_pair is not None:
        lost = published.flows(*published.main_pair).estimates.about.lost
        yield from map(told.language.tell, lost.values())


def _share_at_last(published: Published, told: Told) -> Iterator[str]:
    """Say how many gave the answer that most gave at the last wave; not that they were most."""
    shown, _ = published.shares()
    if shown is None:
        return
    frame = shown.frame()
    last = frame[frame["wave"] == frame["wave"].iloc[-1]].dropna(subset=["conf_low", "conf_high"])
    if last.empty:
        return
    row = last.loc[last["estimate"].idxmax()]
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
    if absent["estimate"].isna().all():
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
