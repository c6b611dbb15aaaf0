"""An attacker: what can be computed of figures that a report withholds?

Reads nothing but what a report shows, and solves linear programs: between which numbers does a
number of people lie, given everything that is printed at the precision at which it is printed? It
shares no code with the library. In studies without weights, shares are numbers of people over
their base; those are what it is for.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from charts_read import take_chart
from program import ContradictionError, Program
from said import Page, Said
from tables_read import Tables, states_of
from unknowns import Unknowns
from words_read import take_note, take_sentences, take_summary

# Fewer people than this must not be told apart; see `Target.protection`.
PROTECTION = 5
# How far a linear program may be from a whole number that is meant.
FUZZ = 1e-5
# Sums of many targets, pushed up and down at once: most are then seen to be open.
PUSHES = 3


@dataclass(frozen=True, eq=False)
class Target:
    """A number of people that a report withholds.

    Attributes
    ----------
    key : tuple
        What it is, for the verdict.
    row : numpy.ndarray
        Its coefficients on the unknowns.
    truth : int
        The number, for the test's eyes only: the attacker does not look.
    protection : int
        The width that the interval of the attacker must have at least: 5 people, or less where
        the totals around it leave less open.
    """

    key: tuple
    row: np.ndarray
    truth: int
    protection: int


@dataclass(frozen=True)
class Verdict:
    """A target that was determined: between which numbers it lies, and what gave it away."""

    target: Target
    low: int
    high: int
    sources: tuple = ()


@dataclass
class Attack:
    """Everything read from the parts of a page, and the linear programs about it.

    Attributes
    ----------
    unknowns : Unknowns
    statements : list of Statement
    shown : set
        The cells that stand there as numbers, see `Said`.
    unread : list
        Tables that told nothing, by part and title: withheld throughout, or not understood.
    page : Page
        What the page is about.
    """

    unknowns: Unknowns
    statements: list
    shown: set = field(default_factory=set)
    unread: list = field(default_factory=list)
    page: Page | None = None

    @classmethod
    def read(cls, outline, parts, summary=""):
        """Read the parts of a page and the summary of the panel."""
        said = Said(Unknowns(outline))
        take_summary(said, summary)
        unread = []
        for part in parts:
            said.states = states_of(outline, part, parts)
            for table in part.tables:
                take_note(said, part, table)
                before = len(said.statements)
                Tables(said).take(part, table)
                if len(said.statements) == before:
                    unread.append((part.name, *part.arguments, table.caption))
            for rows in part.charts:
                take_chart(said, part, rows)
        said.states = states_of(outline, parts[0], parts) if parts else said.states
        take_sentences(said, parts)
        said.page.states = said.states
        return cls(said.unknowns, said.statements, said.shown, unread, said.page)

    @classmethod
    def on(cls, outline, parts, summary=""):
        """Read the same, and put places in charts aside where they contradict the rest."""
        attack = cls.read(outline, parts, summary)
        if attack.possible():
            return attack
        attack = attack.without(lambda source: source.startswith("places"))
        if not attack.possible():
            raise ContradictionError("No numbers of people fit all that was read.")
        return attack

    def without(self, left_out):
        """Return the attack on what remains when some sources are not read."""
        kept = [one for one in self.statements if not left_out(one.source)]
        return Attack(self.unknowns, kept, self.shown, self.unread, self.page)

    @cached_property
    def _program(self):
        return Program(self.unknowns, self.statements)

    def possible(self):
        """Tell whether any numbers of people fit."""
        return self._program.minimum(np.zeros(self.unknowns.size)) is not None

    def determined(self, targets):
        """Return a verdict on every target whose interval is narrower than its protection."""
        rows = np.array([target.row for target in targets]).reshape(-1, self.unknowns.size)
        needed = np.array([target.protection for target in targets])
        lows, highs = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)

        def push(direction):
            values = rows @ self._found(direction)
            np.minimum(lows, values, out=lows)
            np.maximum(highs, values, out=highs)

        def open_ones():
            return np.floor(highs + FUZZ) - np.ceil(lows - FUZZ) < needed

        ways = np.random.default_rng(0).choice([-1.0, 1.0], (PUSHES, len(targets)))
        ways[0] = 1.0
        for number in range(2 * PUSHES):
            if (left := open_ones()).any():
                direction = (left * ways[number // 2]) @ rows
                push(direction if number % 2 == 0 else -direction)
        verdicts = []
        for place, target in enumerate(targets):
            for sign in (1.0, -1.0):
                if open_ones()[place]:
                    push(sign * target.row)
            if open_ones()[place]:
                low, high = np.ceil(lows[place] - FUZZ), np.floor(highs[place] + FUZZ)
                verdicts.append(Verdict(target, int(low), int(high)))
        return verdicts

    def interval(self, row):
        """Return the least and the greatest number of people that a sum of unknowns can be."""
        ends = [row @ self._found(sign * row) for sign in (-1.0, 1.0)]
        return int(np.ceil(ends[0] - FUZZ)), int(np.floor(ends[1] + FUZZ))

    def _found(self, direction):
        """Return unknowns that fit, as far in a direction as they can be."""
        found = self._program.minimum(-direction)
        if found is None:
            raise ContradictionError("No numbers of people fit all that was read.")
        return found

    def explained(self, verdict):
        """Find sources that together give a target away, as few as leaving out can tell."""
        needed = sorted({one.source for one in self.statements}, key=_last_resort)

        def enough(sources):
            return self.without(lambda one: one not in sources).determined([verdict.target])

        alone = [source for source in reversed(needed) if enough([source])]
        for source in [] if alone else list(needed):
            fewer = [one for one in needed if one != source]
            if enough(fewer):
                needed = fewer
        needed = alone[:1] or needed
        return Verdict(verdict.target, verdict.low, verdict.high, tuple(sorted(needed)))


def _last_resort(source):
    """Leave out first what is most roundabout, so that the plainest explanation remains."""
    order = ("places", "note", "words", "summary", "chart", "table")
    return order.index(source.partition(" ")[0]), source
