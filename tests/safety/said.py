"""What a report says, as linear statements about unknown numbers of people."""

import re
from dataclasses import dataclass, field

import numpy as np
from figures import cell, ends, pieces, single
from unknowns import NotToldApartError


@dataclass(frozen=True, eq=False)
class Statement:
    """A sum of unknowns, or its share of another sum, lies between two numbers.

    Attributes
    ----------
    row : numpy.ndarray
        Coefficients on the unknowns.
    low, high : float
    source : str
        The part of the report that says so.
    of : numpy.ndarray or None
        Coefficients of the base, where the limits are those of a share.
    helpers : dict
        Coefficients of further unknowns by name, each at least 0 and no number of people: the gap
        between the nodes of a chart, the size of a difference.
    ends : tuple of Printed or None
        The ends of its interval.
    moved : numpy.ndarray or None
        Where a share is a difference, both of its parts added up.
    whole : bool
        Whether the sum is a number of people.
    """

    row: np.ndarray
    low: float
    high: float
    source: str
    of: np.ndarray | None = None
    helpers: dict = field(default_factory=dict)
    ends: tuple | None = None
    moved: np.ndarray | None = None
    whole: bool = True


@dataclass
class Page:
    """What a page is about, as far as its tables tell: some cells of a full report it has not.

    Attributes
    ----------
    states : dict
        Its states by name, as sets of those of the study.
    domain : dict
        Conditions on all people of its tables.
    categories : dict
        The rows of each group that has a table, as sets of categories.
    waves : set
        Those at which it has shares.
    way, without : bool
        Whether it shows the way through all waves; and there, one state for all who gave no answer.
    """

    states: dict
    domain: dict = field(default_factory=dict)
    categories: dict = field(default_factory=dict)
    waves: set = field(default_factory=set)
    way: bool = False
    without: bool = False


class Said:
    """Statements as they are collected, and the cells that stand there as numbers.

    Attributes
    ----------
    statements : list of Statement
    shown : set
        ("share", wave, state), ("by", group, category, state), ("flow", pair, whether of everyone
        interviewed first, origin, destination) and ("transition", pair, origin, destination).
    source : str
        Where the next statements stand.
    states : dict
        The states that the part at hand knows, by name, as sets: a page may merge some.
    page : Page
        What the page is about.
    """

    def __init__(self, unknowns):
        self.unknowns, self.outline = unknowns, unknowns.outline
        self.statements, self.shown, self.source, self.helpers = [], set(), "", 0
        self.states = single(self.outline.states)
        self.page = Page(self.states)

    def count(self, conditions):
        """Return the coefficients of a number of people."""
        return self.unknowns.count(conditions)

    def between(self, row, low, high, helpers=None, *, whole=True):
        """A sum lies between two numbers."""
        one = Statement(row, low, high, self.source, helpers=helpers or {}, whole=whole)
        self.statements.append(one)

    def people(self, conditions, low, high=None):
        """So many people fulfil the conditions; unknowns that cannot tell are passed over."""
        try:
            self.between(self.count(conditions), low, low if high is None else high)
        except NotToldApartError:
            return

    def base_is(self, of, people):
        """A base is of so many people, where that could be read."""
        if people:
            self.people(of, people.low, people.high)

    def share(self, row, of, share, helpers=None):
        """The share of some people in a base lies between two numbers."""
        one = Statement(row, share.low, share.high, self.source, self.count(of), helpers or {})
        self.statements.append(one)

    def cell(self, row, of, text, moved=None):
        """A cell shows a share of a base, with its interval; or a mark, which may tell a limit."""
        if share := cell(text):
            base, limits = self.count(of), ends(text)
            one = Statement(row, share.low, share.high, self.source, base, {}, limits, moved)
            self.statements.append(one)
        elif found := re.fullmatch(r"(n )?< ?(\d+)", text.strip()):
            self.between(self.count(of) if found[1] else row, 0, int(found[2]) - 1)

    def helper(self):
        """Name one more unknown that is no number of people."""
        self.helpers += 1
        return f"helper {self.helpers}"

    # Who is meant

    def wave(self, name):
        """Return the position of a wave."""
        return self.outline.waves.index(name)

    def values(self, name):
        """Split the name of a merged state; None where it is unknown."""
        if name == "without an answer":
            self.page.without = True
            return frozenset(self.outline.values(0)) - self.outline.answered
        return self.states.get(name) or pieces(name, self.outline.values(0))

    def within(self, of, more):
        """Join conditions; those on the same wave must hold at once."""
        return {
            **of,
            **{
                name: frozenset(of.get(name, these)) & frozenset(these)
                for name, these in more.items()
            },
        }

    def both(self, pair):
        """Name those of the page who answered at both waves of a pair."""
        return self.within(self.page.domain, dict.fromkeys(pair, self.outline.answered))

    def base(self, note, waves):
        """Find out who is in the base; None where the note says nothing that is understood."""
        note, _, domain = re.sub(r", with a known [^,;]*(?= \(|[,;])", "", note).partition(", who ")
        of = self._base(note + ";", waves)
        found = re.match(r"(answered at all of|gave an answer at) (.*?);", domain)
        if of is None or not found:
            return of
        names = found[2].split(", ")
        if not set(names) <= set(self.outline.waves):
            return None
        domain = {self.wave(name): self.outline.answered for name in names}
        if found[1].startswith("answered"):
            self.page.domain = domain
        return self.within(of, domain)

    def _base(self, note, waves):
        answered = self.outline.answered
        if "an answer at the wave" in note or "an answer at both waves" in note:
            return dict.fromkeys(waves, answered)
        found = re.search(r"everyone interviewed at (.*?);", note)
        if found and found[1] in self.outline.waves:
            return {self.wave(found[1]): self.outline.interviewed}
        if found := re.search(r"an answer at all of (.*?);", note):
            names = found[1].split(", ")
            if all(name in self.outline.waves for name in names):
                return {self.wave(name): answered for name in names}
        return None

    def pair(self, caption, arguments):
        """Find a pair of waves: named in a title, or asked for; None where there is none."""
        found = re.search(r", (\S+) → (\S+?)\.? ", caption + " ")
        names = found.groups() if found else arguments
        places = [self.wave(name) for name in names if name in self.outline.waves]
        return tuple(places) if len(places) == 2 else None

    def movers(self, of, pair):
        """Count who of a base answered in two different states at a pair of waves."""
        row = self.count(self.within(of, dict.fromkeys(pair, self.outline.answered)))
        for states in self.states.values():
            row = row - self.count(self.within(of, dict.fromkeys(pair, states)))
        return row

    def change(self, of, pair, states):
        """Count by how many people states grew within a base."""
        before, after = (self.count(self.within(of, {wave: states})) for wave in pair)
        return after - before

    def moved(self, of, pair, states):
        """Count who of a base came to states or left them."""
        before, after = (self.count(self.within(of, {wave: states})) for wave in pair)
        return before + after - 2 * self.count(self.within(of, dict.fromkeys(pair, states)))
