"""What is said below a Sankey: how to read it, and what is drawn together."""

from collections.abc import Callable, Iterator, Sequence
from math import ceil

from opinionpanel.charts.frame import Frame
from opinionpanel.charts.sankey_marks import stub
from opinionpanel.charts.sankey_numbers import LABELLED
from opinionpanel.charts.sankey_tables import FlowTable
from opinionpanel.drawing import KeyEntry, Mark, Palette, Rect


def notes(
    frame: Frame,
    tables: Sequence[FlowTable],
    *,
    threshold: float,
    by_origin: bool,
    entrants: bool,
    left_out: float,
    margins: bool,
) -> list[str]:
    """Say what must be known to read the chart.

    Parameters
    ----------
    frame, tables, threshold, by_origin
        What is drawn, and how.
    entrants : bool
        Whether new people are drawn.
    left_out : float
        The largest move without a number.
    margins : bool
        Whether any number has a ±.
    """
    told = [frame.say("±: half of the {level} interval.", level=frame.level)] if margins else []
    if by_origin:
        told.append(frame.say("Shares on flows are of those who were in the state before."))
    told += _unlabelled(frame, tables, left_out)
    told += _together(frame, tables, threshold)
    if entrants:
        told.append(
            frame.say(
                "New: first interviewed at that wave; they are in no flow and no other share, and "
                "their shares are among themselves."
            )
        )
    return [" ".join(told)] if told else []


def _unlabelled(frame: Frame, tables: Sequence[FlowTable], left_out: float) -> list[str]:
    """Say which moves have no number."""
    if left_out:
        least = frame.language.share(ceil(100 * left_out + 1e-9) / 100)
        return [frame.say("Some moves under {share} are not labelled.", share=least)]
    if any(((table.share > 0) & (table.share < LABELLED)).any() for table in tables):
        least = frame.language.share(LABELLED)
        return [frame.say("Moves under {share} are not labelled.", share=least)]
    return []


def _together(frame: Frame, tables: Sequence[FlowTable], threshold: float) -> Iterator[str]:
    """Say which flows are drawn together, and how much of the base they are."""
    language = frame.language
    shown = [table for table in tables if not table.blank]
    one = len(shown) == 1 and len(shown[0].merged) == 1
    merged = max((part for table in shown for part in table.merged), default=0.0)
    if merged > 0:
        yield frame.say(
            "Moves under {least} are drawn together, as stubs: {share} of the base."
            if one
            else "Moves under {least} are drawn together, as stubs: at most {share} of the base "
            "between two waves.",
            least=language.level(threshold),
            share=language.share(merged, digits=1),
        )
    withheld = sum(table.withheld.sum() for table in shown)
    if withheld > 0:
        yield frame.say(
            "Stubs: other flows together, of fewer than {n} people each, or from which these could "
            "be computed; {share} of the base."
            if one
            else "Stubs: other flows together, of fewer than {n} people each, or from which these "
            "could be computed.",
            n=frame.withheld.min_cell,
            share=language.share(withheld, digits=1),
        )


def key(frame: Frame, tables: Sequence[FlowTable], palette: Palette) -> list[KeyEntry]:
    """Draw samples of what needs an explanation."""
    shown = [table for table in tables if not table.blank]
    entries = []
    if any((table.share > 0).any() for table in shown):
        text = frame.say("estimate, and in its core the lower {level} limit", level=frame.level)
        entries.append(KeyEntry(text, _ribbon_sample(palette)))
    if any((table.withheld + table.merged > 0).any() for table in shown):
        text = frame.say("other flows together")
        entries.append(
            KeyEntry(text, lambda x, y, width, height: [stub(x, y, width, height, palette, 0)])
        )
    return entries


def _ribbon_sample(palette: Palette) -> Callable[[float, float, float, float], list[Mark]]:
    def sample(x: float, y: float, width: float, height: float) -> list[Mark]:
        fringe = Rect(x=x, y=y, width=width, height=height, fill=palette.ribbon[0])
        core = Rect(x=x, y=y + height / 4, width=width, height=height / 2, fill=palette.core[0])
        return [fringe, core]

    return sample
