"""The waves of a panel along a line: at the days of fieldwork, where these are known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.estimates import About


@dataclass(frozen=True)
class TimeAxis:
    """Waves in the order of fieldwork, and where they are between 0 and 1.

    Attributes
    ----------
    waves : tuple of str
        Those that are shown, and those between them that did not ask.
    asked : tuple of bool
        Which of them did.
    middle, first, last : numpy.ndarray, shape (waves,)
        Of fieldwork; where its days are not known, all three are the same.
    dated : bool
        Whether distances are those between days. Else all are equal.
    """

    waves: tuple[str, ...]
    asked: tuple[bool, ...]
    middle: Floats
    first: Floats
    last: Floats
    dated: bool

    def runs(self, waves: Sequence[str]) -> list[list[str]]:
        """Take waves apart where one on the axis is missing between two of them."""
        places = sorted(self.waves.index(wave) for wave in waves)
        runs: list[list[str]] = []
        for place in places:
            wave = self.waves[place]
            if runs and runs[-1][-1] == self.waves[place - 1]:
                runs[-1].append(wave)
            else:
                runs.append([wave])
        return runs


def time_axis(waves: Sequence[str], about: About) -> TimeAxis:
    """Place waves on an axis of time.

    Parameters
    ----------
    waves : sequence of str
        Those that estimates are shown of.
    about : About
        Knows the other waves of the panel, and the days of fieldwork.
    """
    ordered = tuple(waves)
    if set(waves) <= set(about.all_waves):
        shown = [place for place, wave in enumerate(about.all_waves) if wave in waves]
        between = about.all_waves[shown[0] : shown[-1] + 1]
        # A wave that asked and is not shown was left out by whoever drew the chart.
        silent = {wave for wave in between if about.asked_waves and wave not in about.asked_waves}
        ordered = tuple(wave for wave in between if wave in waves or wave in silent)
    asked = tuple(wave in waves for wave in ordered)
    first, last = _days(ordered, about)
    middle = (first + last) / 2
    if len(ordered) < 2 or not (np.diff(middle) > 0).all():
        even = np.linspace(0, 1, len(ordered)) if len(ordered) > 1 else np.array([0.5])
        return TimeAxis(ordered, asked, even, even, even, dated=False)
    start, whole = first.min(), last.max() - first.min()
    middle, first, last = ((days - start) / whole for days in (middle, first, last))
    return TimeAxis(ordered, asked, middle, first, last, dated=True)


def _days(waves: Sequence[str], about: About) -> tuple[Floats, Floats]:
    """Count the days on which fieldwork began and ended; NaN where they are not known."""
    days = [about.days.get(wave) for wave in waves]
    first = np.array([day[0].toordinal() if day else np.nan for day in days], dtype=np.float64)
    # The last day is over at its end.
    last = np.array([day[1].toordinal() + 1 if day else np.nan for day in days], dtype=np.float64)
    return first, last
