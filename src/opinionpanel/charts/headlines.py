"""Titles of charts: a finding where an estimate and a test support one, else what is shown."""

from opinionpanel.charts.frame import Frame
from opinionpanel.estimates import PAIR


def headline(frame: Frame) -> str:
    """Write the title of a chart of estimates."""
    labels = frame.estimates.labels
    if not set(PAIR) <= set(labels):
        return _titled(frame, frame.say("Shares of the answers"))
    pairs = list(labels[list(PAIR)].drop_duplicates().itertuples(index=False, name=None))
    first, last = frame.name(pairs[0][0]), frame.name(pairs[-1][1])
    return _titled(frame, frame.say("Who moved where, {first} → {last}", first=first, last=last))


def _titled(frame: Frame, text: str) -> str:
    """Begin with what the item is called, where it has a label."""
    return f"{frame.item}: {text[0].lower()}{text[1:]}" if frame.item else text
