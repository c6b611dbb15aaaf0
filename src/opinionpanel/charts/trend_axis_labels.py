"""What stands along an axis of time: waves and their n below it, changes of the question above."""

from collections.abc import Mapping

from opinionpanel.charts.trend_lines import Plot
from opinionpanel.drawing import LINE_HEIGHT, Mark, Rule, staggered, text_width, wrap
from opinionpanel.escaping import in_order, one_line

# Pixels: from the axis to the names of waves, between two of them, and between two rows.
DROP, APART, ROWS = 8.0, 8.0, 4.0
# In sizes of letters: the widest line of the name of a wave, and of a change.
NAME, CHANGE = 7.5, 16.0
# Pixels: how thick the days of fieldwork are on the axis, and how short they may be.
THICK, SHORTEST = 5.0, 2.0


def wave_labels(
    plot: Plot, counts: Mapping[str, str], low: float, high: float, letters: float
) -> tuple[list[Mark], float]:
    """Name the waves below the axis, and say how many people each rests on.

    Parameters
    ----------
    plot : Plot
    counts : dict of str to str
        What is said of each wave below its name.
    low, high : float
        Pixels between which names may stand.
    letters : float
        Size of names.

    Returns
    -------
    tuple
        The texts, and the height that they take below the axis.
    """
    frame, small = plot.frame, plot.frame.size.small
    waves = plot.axis.waves
    names = [wrap(frame.name(wave), NAME * letters, letters) for wave in waves]
    widths = [
        max([text_width(counts[wave], small), *(text_width(line, letters) for line in name)])
        for wave, name in zip(waves, names, strict=True)
    ]
    middles = [plot.x(float(time)) for time in plot.axis.middle]
    placed = staggered(middles, widths, low, high, gap=APART)
    lines = max(map(len, names)) * letters * LINE_HEIGHT
    tall = lines + small * LINE_HEIGHT + ROWS
    marks = list[Mark]()
    for wave, name, (x, row) in zip(waves, names, placed, strict=True):
        top, height = plot.bottom + DROP + row * tall, len(name) * letters * LINE_HEIGHT
        y = top + height + small * LINE_HEIGHT / 2
        marks += [
            frame.write(
                "\n".join(name), x, top + height / 2, kind="wave", size=letters, align="center"
            ),
            frame.remark(counts[wave], x, y, kind="count", align="center"),
        ]
    return marks, DROP + tall * (1 + max(row for _, row in placed)) - ROWS


def change_labels(plot: Plot, low: float, high: float) -> tuple[list[Mark], float]:
    """Say above the plot what changed in the question, at the waves where it did.

    Parameters
    ----------
    plot : Plot
    low, high : float
        Pixels between which texts may stand.

    Returns
    -------
    tuple
        The texts, and the height that they take above the plot.
    """
    frame, small = plot.frame, plot.frame.size.small
    changes = _changes(plot)
    if not changes:
        return [], 0.0
    texts = [wrap(text, min(CHANGE * small, high - low), small) for text in changes.values()]
    widths = [max(text_width(line, small) for line in text) for text in texts]
    placed = staggered(list(changes), widths, low, high, gap=APART)
    line = small * LINE_HEIGHT
    tall = max(map(len, texts)) * line + ROWS
    marks: list[Mark] = [
        frame.remark(
            "\n".join(text),
            x,
            plot.top - ROWS - row * tall - len(text) * line / 2,
            kind="change",
            align="center",
        )
        for text, (x, row) in zip(texts, placed, strict=True)
    ]
    return marks, tall * (1 + max(row for _, row in placed))


def change_rules(plot: Plot) -> list[Mark]:
    """Draw a line through the plot at each wave where the question changed."""
    color = plot.frame.theme.muted
    return [
        Rule(kind="change", x=x, y=plot.top - 2, x2=x, y2=plot.bottom, color=color, dash=(3, 3))
        for x in _changes(plot)
    ]


def days_of_fieldwork(plot: Plot) -> list[Mark]:
    """Draw on the axis how long fieldwork took; a short line down where that is not known."""
    theme, axis, y = plot.frame.theme, plot.axis, plot.bottom
    if not axis.dated:
        places = [plot.x(float(time)) for time in axis.middle]
        return [Rule(x=x, y=y, x2=x, y2=y + 5, color=theme.muted) for x in places]
    marks = list[Mark]()
    for first, middle, last in zip(axis.first, axis.middle, axis.last, strict=True):
        # Round ends make a line longer by its thickness.
        half = max(plot.width * float(last - first) / 2 - THICK / 2, SHORTEST / 2)
        x = plot.x(float(middle))
        marks.append(Rule(x=x - half, y=y, x2=x + half, y2=y, color=theme.muted, width=THICK))
    return marks


def _changes(plot: Plot) -> dict[float, str]:
    """Give what changed, by where; at the first wave there is nothing to compare with."""
    axis, changes = plot.axis, plot.frame.estimates.about.changes
    return {
        plot.x(float(time)): in_order(text)
        for wave, time in list(zip(axis.waves, axis.middle, strict=True))[1:]
        if (text := one_line(changes.get(wave, "")))
    }
