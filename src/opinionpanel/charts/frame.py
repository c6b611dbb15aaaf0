"""What all kinds of charts start from: estimates as figures, and a reader's names and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.charts.called_names import called, column_called
from opinionpanel.charts.chart_captions import short_caption
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.own_words import values_called
from opinionpanel.charts.score_figures import Writing, writing_of
from opinionpanel.charts.wholes import neutral_of
from opinionpanel.drawing import (
    MOST_STATES,
    NO_BREAK,
    SILENT,
    KeyEntry,
    Language,
    Palette,
    Sheet,
    Size,
    Text,
    Theme,
    language_of,
    palette,
    theme_of,
)
from opinionpanel.errors import SelectionError, listing
from opinionpanel.escaping import in_order, one_line
from opinionpanel.estimates import LESS, Estimates, Withheld, check_level, frame_of

# In letters: a name of a wave that is not broken.
SHORT = 12


@dataclass(frozen=True)
class Figures:
    """The figures of estimates, as far as they may be shown.

    Attributes
    ----------
    labels : pandas.DataFrame, m rows
    value, low, high : numpy.ndarray, shape (m,)
        NaN where there is none, and where it is withheld.
    n, people : numpy.ndarray, shape (m,)
        Unweighted people in the base, and in the cell; NaN where that makes no sense.
    hidden : numpy.ndarray of bool, shape (m,)
        Withheld.
    """

    labels: pd.DataFrame
    value: Floats
    low: Floats
    high: Floats
    n: Floats
    people: Floats
    hidden: Booleans

    def at(self, rows: Any) -> "Figures":
        """Keep some rows."""
        parts = (self.value, self.low, self.high, self.n, self.people, self.hidden)
        labels = self.labels.iloc[rows].reset_index(drop=True)
        return Figures(labels, *(part[rows] for part in parts))


@dataclass(frozen=True)
class Frame:
    """Estimates of which it is decided what may be shown, and how a chart is to look.

    Attributes
    ----------
    estimates : Estimates
    withheld : Withheld
    options : Options
    """

    estimates: Estimates
    withheld: Withheld
    options: Options

    def __post_init__(self) -> None:
        check_level(self.options.level)
        check_rows(self.estimates)
        check_labels(self.options.labels or {}, names_of(self.estimates))

    @cached_property
    def figures(self) -> Figures:
        """The figures, without those that are withheld."""
        estimates = self.estimates
        shown = frame_of(
            estimates,
            level=self.options.level,
            interval=self.options.interval,
            withheld=self.withheld,
        )
        none = np.full(len(estimates), np.nan)
        people = none if estimates.n_cell is None else estimates.n_cell.astype(np.float64)
        hidden = self.withheld.rows
        names = ("estimate", "conf_low", "conf_high")
        value, low, high = (shown[name].to_numpy(dtype=np.float64) for name in names)
        return Figures(
            estimates.labels.reset_index(drop=True),
            *(value, low, high),
            n=estimates.n.astype(np.float64),
            people=np.where(hidden, np.nan, people),
            hidden=hidden,
        )

    @cached_property
    def language(self) -> Language:
        """The reader's language."""
        return language_of(self.options.language)

    @cached_property
    def theme(self) -> Theme:
        """Paper and inks."""
        return theme_of(self.options.theme)

    @cached_property
    def size(self) -> Size:
        """The size of the chart, and of its letters."""
        return self.options.measures

    def palette(self, states: Sequence[str]) -> Palette:
        """Colours of states; the undecided one is neutral wherever it stands."""
        return palette(
            states,
            self.options.colors,
            neutral=neutral_of(self.estimates),
            theme=self.theme,
        )

    @cached_property
    def inks(self) -> Mapping[str, tuple[str, str]]:
        """The colour of each state's name and dots, and that of their intervals.

        None of them where there are more states than colours.
        """
        states = self.estimates.about.states
        if isinstance(self.options.colors, str) and len({*states} - {*SILENT}) > MOST_STATES:
            return {}
        found = self.palette(states)
        return dict(zip(states, zip(found.lettering, found.ribbon, strict=True), strict=True))

    def say(self, phrase: str, **values: str | int) -> str:
        """Say a phrase in the reader's language."""
        return self.language.say(phrase, **values)

    def name(self, name: Any) -> str:
        """Name a state, wave or group, or a difference of two, as readers see it."""
        return called(str(name), self._labels, self.language)

    def column(self, name: str) -> str:
        """Name a column of groups, or of items, as readers see it."""
        if self.estimates.about.role(name) == "item" and name not in self._labels:
            return self.say("option" if name == "option" else "item")
        return column_called(name, self._labels, self.language)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        """What things are called: by the reader, else by the study, else by their items."""
        told = {**self.estimates.about.called, **self.options.all_labels}

        def name(value: str) -> str:
            return called(value, told, self.language)

        return {**values_called(self.estimates, self.language, name), **told}

    def write(
        self,
        text: str,
        x: float,
        y: float,
        *,
        kind: str = "",
        size: float | None = None,
        color: str | None = None,
        bold: bool = False,
        align: str = "left",
    ) -> Text:
        """Write a text as large as names are and in the main ink, unless another is asked for."""
        size = self.size.label if size is None else size
        color = self.theme.text if color is None else color
        return Text(kind=kind, x=x, y=y, text=text, size=size, color=color, bold=bold, align=align)

    def remark(self, text: str, x: float, y: float, *, kind: str = "", align: str = "left") -> Text:
        """Write what comes second, such as n, in small letters and a softer ink."""
        size, color = self.size.small, self.theme.muted
        return Text(kind=kind, x=x, y=y, text=text, size=size, color=color, align=align)

    @property
    def item(self) -> str:
        """What the item is called in titles; empty where it has no label."""
        about = self.estimates.about
        shown = self.options.all_labels.get(about.item, about.label)
        return in_order(one_line(shown))

    @property
    def level(self) -> str:
        """The confidence level, such as 95%."""
        return self.language.level(self.options.level)

    @property
    def writing(self) -> Writing:
        """How the figures are written."""
        return writing_of(self.estimates, self.language)

    def few(self, n: float) -> str:
        """Say why a figure is withheld that rests on `n` people."""
        least = self.withheld.min_n
        return self.say("n < {n}", n=least) if n < least else self.say("withheld")

    def count(self, n: float) -> str:
        """Say how many people something rests on, or that they are too few."""
        return self.few(n) if n < self.withheld.min_n else self.say("n = {n}", n=int(n))

    def _unbroken(self, title: str) -> str:
        """Let no line of a title end within the short name of a wave, such as Jul 2024."""
        for wave in map(self.name, self.estimates.about.waves):
            title = title.replace(wave, unbroken(wave))
        return title

    def sheet(
        self,
        *,
        title: str,
        subtitle: str | None = None,
        notes: Sequence[str] = (),
        key: Sequence[KeyEntry] = (),
        intervals: bool = True,
    ) -> Sheet:
        """Lay out the texts around a plot.

        Parameters
        ----------
        title : str
            Where the reader gave none.
        subtitle : str, optional
            Likewise; by default the question.
        notes : sequence of str
            What must be known to read the chart, for the caption.
        key : sequence of KeyEntry
        intervals : bool
            Whether the chart has any.
        """
        options, about = self.options, self.estimates.about
        question = about.question if subtitle is None else subtitle
        title = title if options.title is None else options.title
        if title == question and options.subtitle is None:
            question = ""
        caption = short_caption(
            self.estimates,
            self.language,
            level=options.level,
            interval=options.interval,
            min_n=self.withheld.min_n,
            intervals=intervals,
        )
        if options.caption is not None:
            # Base and n are part of every number.
            caption = [*filter(None, [options.caption]), *caption[:1]]
        else:
            caption = [" ".join([*notes, *caption])] if notes else caption
        return Sheet(
            self.size,
            self.theme,
            self.language,
            title=self._unbroken(one_line(title)),
            subtitle=one_line(question if options.subtitle is None else options.subtitle),
            notes=caption,
            key=key,
        )


def unbroken(name: str) -> str:
    """Let no line end within a short name, such as Jul 2024."""
    return name.replace(" ", NO_BREAK) if len(name) <= SHORT else name


def check_rows(estimates: Estimates) -> None:
    """Refuse to draw nothing."""
    if not len(estimates):
        raise SelectionError(f"There is nothing to draw: {estimates.about.title} has no rows.")


def own_columns(estimates: Estimates) -> set[str]:
    """Name the label columns that are the library's own: a study may call its groups likewise."""
    return {*map(str, estimates.labels)} - {*part_columns(estimates)}


def part_columns(estimates: Estimates) -> list[str]:
    """Name the label columns whose values each have figures of their own: items, and groups."""
    return estimates.about.columns(estimates.labels, "item", "group")


def names_of(estimates: Estimates) -> set[str]:
    """List what labels= can rename in estimates: groups and their columns, states, waves, item."""
    labels, about = estimates.labels, estimates.about
    names = {str(name) for column in labels for name in labels[column].unique()}
    # A difference is named by what it is of.
    names |= {part for name in names for part in name.split(LESS)}
    return names | {*map(str, labels), *about.states, *about.waves, about.item, *about.called}


def check_labels(labels: Mapping[str, str], known: set[str]) -> None:
    """Refuse labels for names that no estimates have."""
    if strange := [name for name in labels if name not in known]:
        raise SelectionError(
            f"labels= names {listing(strange)}, which these estimates do not have. They have "
            f"{listing(sorted(known))}."
        )
