"""The sheet that a chart is drawn on: its title, key and caption, and the room between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import altair as alt

from opinionpanel.drawing.figure import figure
from opinionpanel.drawing.languages import NO_BREAK, Language
from opinionpanel.drawing.lettering import FONT, WHOLE, text_width, wrap
from opinionpanel.drawing.marks import LINE_HEIGHT, Mark, Text, Words
from opinionpanel.drawing.sizes import MARGIN, Size
from opinionpanel.drawing.themes import Theme
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import closed

# Pixels: between title and plot, plot and key, key and caption.
ABOVE, BELOW = 16.0, 18.0
# Of a sample in the key, between it and its text, and between two entries.
SAMPLE, NEAR, APART = 26.0, 7.0, 18.0
COUNT = "n = "
SUBTITLE_PADDING = 6.0


@dataclass(frozen=True)
class KeyEntry:
    """A sample of marks, and what they mean.

    Attributes
    ----------
    text : str
    sample : callable
        Draws marks into a box, given its left edge, its top, its width and its height.
    """

    text: str
    sample: Callable[[float, float, float, float], Sequence[Mark]]


@dataclass(frozen=True)
class Drawing:
    """All marks of a chart, laid out but not drawn.

    Attributes
    ----------
    marks : list of Mark
        Plot, key and caption.
    width, height : float
        Of all, in pixels.
    corner : tuple of float
        Where the plot begins, below the title: what the places of marks count from.
    theme : Theme
    title : altair.TitleParams
    description : str
    language : Language
    """

    marks: Sequence[Mark]
    width: float
    height: float
    corner: tuple[float, float]
    theme: Theme
    title: alt.TitleParams
    description: str
    language: Language

    def chart(self) -> alt.LayerChart:
        """Draw it."""
        return figure(
            self.marks,
            width=self.width,
            height=self.height,
            corner=self.corner,
            paper=self.theme.paper,
            ink=self.theme.text,
            title=self.title,
            description=self.description,
            language=self.language,
        )


@dataclass(frozen=True)
class Sheet:
    """The texts around a plot, wrapped to its width.

    Attributes
    ----------
    size : Size
    theme : Theme
    language : Language
    title, subtitle : str
    notes : sequence of str
        Paragraphs of the caption.
    key : sequence of KeyEntry
    """

    size: Size
    theme: Theme
    language: Language
    title: str
    subtitle: str
    notes: Sequence[str]
    key: Sequence[KeyEntry] = ()

    @property
    def width(self) -> float:
        """Pixels from the left end of the plot to its right end."""
        return self.size.width - 2 * MARGIN

    @property
    def plot_height(self) -> float | None:
        """Pixels that are left for the plot; None where it may be as high as it needs."""
        if self.size.height is None:
            return None
        return self.size.height - 2 * MARGIN - self._heading - self._below(0.0)[1]

    def room(self, least: float) -> float | None:
        """Pixels for a plot that needs at least so many; None where it may have what it wants.

        A size that has a name gives way, and one in pixels does not.
        """
        room = self.plot_height
        if room is None or room >= least - 0.5:
            return room
        if self.size.exact:
            self.needs(0, least)
        return least

    def needs(self, width: float, height: float = 0.0) -> None:
        """Refuse a size that has no room for a plot of so many pixels."""
        room = self.plot_height
        if width > self.width + 0.5 or (room is not None and height > room + 0.5):
            whole = f"{ceil(max(width - self.width, 0) + self.size.width)}"
            if room is not None:
                whole += f" × {ceil(max(height - room, 0) + (self.size.height or 0))}"
            raise SelectionError(
                "The chart has too many waves, states or groups for its size: its texts would "
                f"overlap. Draw it in {whole} pixels or more (size=), or draw fewer of them."
            )

    def drawing(self, marks: Sequence[Mark], height: float, summary: str = "") -> "Drawing":
        """Put title, key and caption around the marks of a plot.

        Parameters
        ----------
        marks : sequence of Mark
        height : float
            Of the plot, in pixels.
        summary : str
            The main numbers in a sentence or two, for those who do not see the chart.
        """
        height = max(height, self.plot_height or 0.0)
        below, more = self._below(height)
        told = [self.title.replace(NO_BREAK, " "), self.subtitle, summary, *self.notes[-1:]]
        # No direction that one of them opens goes on to the figures of the next.
        told = list(map(closed, told))
        return Drawing(
            marks=[*marks, *below],
            width=self.size.width,
            height=round(height + more + self._heading + 2 * MARGIN, 1),
            corner=(MARGIN, MARGIN + self._heading),
            theme=self.theme,
            language=self.language,
            title=self._title(),
            description=" ".join(
                text if text[-1] in ".?!…”»" else f"{text}." for text in told if text
            ),
        )

    @property
    def _lines(self) -> tuple[list[str], list[str]]:
        size = self.size
        title = wrap(self.title, self.width, size.title, bold=True, most=WHOLE)
        # Once broken into lines, spaces are spaces: a title is read by others as well.
        return (
            [line.replace(NO_BREAK, " ") for line in title],
            wrap(self.subtitle, self.width, size.subtitle, most=WHOLE),
        )

    @property
    def _heading(self) -> float:
        """Height of the title, with the space below it, as Vega makes it."""
        title, subtitle = self._lines
        if not title and not subtitle:
            return 0.0
        heights = [
            LINE_HEIGHT * size * (len(lines) - 1) + size
            for lines, size in ((title, self.size.title), (subtitle, self.size.subtitle))
            if lines
        ]
        return sum(heights) + SUBTITLE_PADDING * (len(heights) - 1) + ABOVE

    def _title(self) -> alt.TitleParams:
        title, subtitle = self._lines
        size = self.size
        bold, letters, color = True, size.title, self.theme.text
        if not title and subtitle:
            title, subtitle = subtitle, []
            bold, letters, color = False, size.subtitle, self.theme.muted
        # Vega keeps a line free for a title or a subtitle that has none.
        empty = 0.0 if subtitle else size.subtitle + SUBTITLE_PADDING
        empty += 0.0 if title else letters
        return alt.TitleParams(
            text=title,
            subtitle=subtitle,
            anchor="start",
            frame="group",
            font=FONT,
            fontSize=letters,
            fontWeight="bold" if bold else "normal",
            color=color,
            lineHeight=letters * LINE_HEIGHT,
            subtitleFont=FONT,
            subtitleFontSize=size.subtitle,
            subtitleColor=self.theme.muted,
            subtitleLineHeight=size.subtitle * LINE_HEIGHT,
            subtitlePadding=SUBTITLE_PADDING,
            # It stands within the chart, so that paper of any colour lies below it.
            offset=(ABOVE if title else 0.0) - self._heading - MARGIN - empty,
            dx=MARGIN,
            # The description of the chart begins with it, in the reader's language.
            aria=False,
        )

    def _below(self, top: float) -> tuple[list[Mark], float]:
        """Place key and caption below a plot that ends at `top`; and say how high they are."""
        marks, y = self.entries(self.key, top + BELOW) if self.key else ([], top)
        lines = [line for note in self.notes for line in self._note(note)]
        if lines:
            y += BELOW / 2
            text = "\n".join(lines)
            height = len(lines) * self.size.small * LINE_HEIGHT
            marks.append(
                Text(
                    kind="note",
                    x=0,
                    y=y + height / 2,
                    text=text,
                    size=self.size.small,
                    color=self.theme.muted,
                    words=Words((), (" ".join(lines),)),
                )
            )
            y += height
        return marks, y - top

    def _note(self, note: str) -> list[str]:
        """Break a paragraph of the caption into lines, but no number of people."""
        kept = closed(note).replace(COUNT, COUNT.replace(" ", NO_BREAK))
        lines = wrap(kept, self.width, self.size.small, most=WHOLE)
        return [line.replace(COUNT.replace(" ", NO_BREAK), COUNT) for line in lines]

    def entries(self, key: Sequence[KeyEntry], top: float) -> tuple[list[Mark], float]:
        """Place entries of a key in rows; give the height at which the last ends."""
        size, marks, x, y = self.size.small, list[Mark](), 0.0, top
        line, bottom = size * LINE_HEIGHT, top
        for entry in key:
            lines = wrap(entry.text, self.width - SAMPLE - NEAR, size, most=WHOLE)
            width = SAMPLE + NEAR + max((text_width(text, size) for text in lines), default=0.0)
            if x and x + width > self.width:
                x, y = 0.0, bottom
            marks += entry.sample(x, y, SAMPLE, size + 2)
            middle = y + (size + 2) / 2 + (len(lines) - 1) * line / 2
            marks.append(
                Text(
                    kind="key",
                    x=x + SAMPLE + NEAR,
                    y=middle,
                    text="\n".join(lines),
                    size=size,
                    color=self.theme.muted,
                )
            )
            x += width + APART
            bottom = max(bottom, y + len(lines) * line + 5)
        return marks, bottom
