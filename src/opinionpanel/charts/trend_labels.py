"""Labels at the right ends of lines: name, share and limits, none over another."""

from collections.abc import Sequence
from dataclasses import dataclass

from opinionpanel.charts.frame import Frame
from opinionpanel.drawing import LINE_HEIGHT, WHOLE, Mark, Rule, apart, text_width, wrap

# Pixels between the end of a line and its label, and between two labels.
REACH, BETWEEN_LABELS = 16.0, 3.0


@dataclass(frozen=True)
class EndLabel:
    """What stands at the end of a line.

    Attributes
    ----------
    name, share, limits : str
        The last in brackets; empty where there are none.
    color : str
    y : float
        Where the line ends, in shares of the height of the plot, from its top.
    ends : bool
        Whether it does so at the last wave.
    """

    name: str
    share: str
    limits: str
    color: str
    y: float
    ends: bool


@dataclass(frozen=True)
class Lettering:
    """How labels of some lines are written: as large, and as full, as there is room for.

    Attributes
    ----------
    size, small : float
        Of names and shares, and of limits.
    column : float
        Pixels that no line of a label should exceed.
    limits : bool
        Whether limits are written at all.
    """

    size: float
    small: float
    column: float
    limits: bool

    def lines(self, label: EndLabel) -> list[str]:
        """Break name and share into lines."""
        return wrap(f"{label.name} {label.share}", self.column, self.size, bold=True, most=WHOLE)

    def beside(self, label: EndLabel) -> bool:
        """Tell whether limits fit on the last line, after the share."""
        last = text_width(self.lines(label)[-1], self.size, bold=True)
        return last + self.blank + text_width(label.limits, self.small) <= self.column

    @property
    def blank(self) -> float:
        """Pixels between share and limits."""
        return self.size * 0.3

    def below(self, label: EndLabel) -> float:
        """Height of a line of limits by themselves."""
        alone = self.limits and label.limits and not self.beside(label)
        return self.small * LINE_HEIGHT if alone else 0.0

    def height(self, label: EndLabel) -> float:
        """Height of a label, in pixels."""
        return len(self.lines(label)) * self.size * LINE_HEIGHT + self.below(label)

    def width(self, label: EndLabel) -> float:
        """Width of a label, in pixels."""
        widths = [text_width(line, self.size, bold=True) for line in self.lines(label)]
        if self.limits and label.limits:
            limits = text_width(label.limits, self.small)
            widths.append(widths[-1] + self.blank + limits if self.beside(label) else limits)
        return max(widths)


def room_for(labels: Sequence[EndLabel], how: Lettering) -> float:
    """Measure the height that labels need below each other."""
    return sum(how.height(label) + BETWEEN_LABELS for label in labels) - BETWEEN_LABELS


def lettering(
    frame: Frame, panels: Sequence[Sequence[EndLabel]], column: float, height: float | None
) -> Lettering:
    """Choose how the labels of all panels are written: limits go first where room is short.

    Parameters
    ----------
    frame : Frame
    panels : sequence of sequence of EndLabel
    column : float
        Pixels for their width.
    height : float or None
        Pixels for those of a panel; None where it may be as high as they need.
    """
    size, small = frame.size.label, frame.size.small
    tries = [
        Lettering(size, small, column, limits=True),
        Lettering(small, small, column, limits=True),
        Lettering(small, small, column, limits=False),
    ]
    for how in tries:
        if height is None or max(room_for(labels, how) for labels in panels) <= height:
            return how
    return tries[-1]


def end_labels(
    frame: Frame,
    labels: Sequence[EndLabel],
    how: Lettering,
    *,
    x: float,
    top: float,
    height: float,
) -> list[Mark]:
    """Write labels to the right of a plot that ends at `x`, as near to their lines as can be.

    A thin line leads to a label that had to move.
    """
    heights = [how.height(label) for label in labels]
    wanted = [top + label.y * height for label in labels]
    # The middle of a label may stand where the plot ends.
    line = how.size * LINE_HEIGHT / 2
    placed = apart(wanted, heights, top - line, top + height + line, gap=BETWEEN_LABELS)
    rules, texts = list[Mark](), list[Mark]()
    for label, y, middle, tall in zip(labels, wanted, placed, heights, strict=True):
        if label.ends and abs(middle - y) > how.size / 2:
            rules.append(Rule(x=x + 6, y=y, x2=x + REACH - 3, y2=middle, color=label.color))
        texts += _label(frame, label, how, x + REACH, middle - tall / 2)
    return [*rules, *texts]


def _label(frame: Frame, label: EndLabel, how: Lettering, x: float, top: float) -> list[Mark]:
    lines = how.lines(label)
    line, small = how.size * LINE_HEIGHT, how.small * LINE_HEIGHT
    # Each line is a text of its own: limits stand beside the last, which may be the shortest.
    marks: list[Mark] = [
        frame.write(
            text,
            x,
            top + (place + 0.5) * line,
            kind="label",
            size=how.size,
            color=label.color,
            bold=True,
        )
        for place, text in enumerate(lines)
    ]
    if how.limits and label.limits:
        bottom, color = top + len(lines) * line, frame.theme.muted
        left, y = x, bottom + small / 2
        if how.beside(label):
            left += text_width(lines[-1], how.size, bold=True) + how.blank
            y = bottom - line / 2
        marks.append(frame.write(label.limits, left, y, kind="limits", size=how.small, color=color))
    return marks
