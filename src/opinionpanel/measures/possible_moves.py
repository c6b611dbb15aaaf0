"""Which moves between two waves are possible at all, given no more than the shares at each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import ClassVar, Literal

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Floats, Integers, Places
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.estimates import (
    PAIR,
    About,
    Estimates,
    Freedom,
    Labels,
    Role,
    crossed,
    label_rows,
    level_of_each,
    limits,
    of_matrix,
    repeated,
)
from opinionpanel.measures.bases import By, group_names
from opinionpanel.measures.pairs_of_waves import pair_names, wave_names
from opinionpanel.measures.tables_of_moves import Margins, TablesOfMoves
from opinionpanel.measures.tabulation import pair_totals, wave_totals
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, all_of, in_a_row, per_cent

BOUNDS = ("lower", "upper")
KNOWN_ASSUMPTIONS = ("steps", "moved")
Of = Literal["transitions", "flows"]
# The two margins of a table of the same people.
SIDES = ("first", "last")


@checked
def transition_bounds(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    assume: Mapping[str, float] | None = None,
    of: Of = "transitions",
) -> Estimates:
    """Bounds of what people can have done between two waves that asked other people.

    Two samples tell how many were in each state, before and after, and not who moved. Many tables
    of moves fit; these are the least and the most that any of them has in each cell.

    Parameters
    ----------
    panel : Panel
        A series of independent samples (``person=None``). Of linked people, their moves are known
        and these are the bounds that their shares alone would give.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Two waves or more, of which each consecutive pair is bounded. By default every wave that
        asked the item; of linked people, the pairs that link them.
    by : str or sequence of str, optional
        Groups of the panel that nobody leaves, such as gender; several are crossed. They narrow the
        bounds of all people together, as the moves within each group add up to its own shares.
    assume : dict, optional
        What tables must have: ``{"steps": 1}``, nobody moves further than so many states in the
        order of the item; ``{"moved": 0.2}``, no larger share of people moved.
    of : {"transitions", "flows"}
        Shares of those in the origin, or of all people.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, ``origin``, ``destination`` and ``component``, ``lower``
        or ``upper``: shares between 0 and 1, and no estimate between them. An interval reaches
        outwards from its bound. With the level that is asked for, all cells of a table lie at once
        between the lowest limits of their lower bounds and the highest of their upper ones, as
        ``.between_bounds()`` shows them. No standard errors (NaN), as bounds bend where another
        table takes over. NaN for an origin that nobody is in; ``n`` is
        the smaller of the two samples.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; a group without
        anybody at one of them; an assumption that is none, or that no table fits, with the least
        share of people that must have moved.

    Notes
    -----
    Without groups and assumptions the bounds of a flow are max(0, p + q − 1) and min(p, q) (Duncan
    & Davis 1953, American Sociological Review 18); otherwise linear programmes over all tables
    (Cross & Manski 2002, Econometrica 70). Groups have the mean of their shares in both samples as
    their size, as the population is one. For the limits all margins may be anywhere within logit
    intervals that hold at once (Bonferroni), with groups those of the groups and those of all: as
    often as these do, so do the limits.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("thomas_1991_3")
    >>> bounds = op.transition_bounds(panel, "opinion", assume={"moved": 0.5})
    >>> columns = ["origin", "destination", "lower", "upper", "conf_low", "conf_high"]
    >>> bounds.select(origin="unsure").between_bounds()[columns].round(2)
           origin     destination  lower  upper  conf_low  conf_high
    0  unsure      favourable   0.04   0.57      0.00       0.65
    1  unsure          unsure   0.37   0.60      0.32       0.72
    2  unsure  not favourable   0.00   0.36      0.00       0.45
    """
    groups = group_names(by)
    read = _of_samples if panel.independent else _of_linked
    samples = read(panel, item, waves, groups)
    _check_groups(samples)
    whole = read(panel, item, waves, []) if groups else None
    states = panel.item(item).state_names
    steps, most = _assumptions(assume or {})
    apart = np.abs(np.subtract.outer(np.arange(len(states)), np.arange(len(states))))
    tables = PossibleTables(samples, apart <= steps, most, of, whole)
    value = tables.bounds(None)
    _check_assumptions(tables, value, assume or {})
    return _estimates(panel, samples, tables, value, states, _said(groups, steps, most))


@dataclass(frozen=True, eq=False)
class Samples:
    """The shares that tables have to fit.

    Attributes
    ----------
    shares : Estimates
        Of all groups and states, at each wave or on each side of a pair.
    pairs : list of (str, str)
    places : list of tuple of numpy.ndarray, shape (groups, states)
        By pair, the places of its shares before and after.
    groups : list of str
        The label columns of groups.
    """

    shares: Estimates
    pairs: list[tuple[str, str]]
    places: list[tuple[Integers, Integers]]
    groups: list[str]

    def within(self, number: int, level: float) -> tuple[Margins, Margins]:
        """Give intervals of the margins of a pair that all hold at once (Bonferroni)."""
        first, last = self.places[number]
        # Of two shares that add up to 1 one is enough.
        size = 2 * (1 if first.size == 2 else first.size)
        low, high = limits(self.shares, level_of_each(level, size), "logit")
        return Margins(low[first], high[first]), Margins(low[last], high[last])


def _of_samples(panel: Panel, item: str, waves: Sequence[str] | None, groups: list[str]) -> Samples:
    """Take the shares at each wave, of other people each time."""
    names = wave_names(panel, item, waves, at_least=2)
    totals, about, columns = wave_totals(panel, item, names, groups, "answered")
    shares = totals.shares(["wave"], about)
    states = len(panel.item(item).state_names)
    at = {wave: np.flatnonzero(shares.named.where("wave", wave)) for wave in names}
    square = {wave: places.reshape(-1, states) for wave, places in at.items()}
    pairs = list(pairwise(names))
    return Samples(shares, pairs, [(square[a], square[b]) for a, b in pairs], columns)


def _of_linked(panel: Panel, item: str, waves: Sequence[str] | None, groups: list[str]) -> Samples:
    """Take the margins of the flows of each pair of waves."""
    pairs = pair_names(panel, item, waves)
    totals, about, columns = pair_totals(panel, item, pairs, groups, "answered", "flows", "")
    states = len(panel.item(item).state_names)
    size = len(totals.value) // len(pairs) // states**2
    cells = np.arange(len(totals.value)).reshape(len(pairs), size, states, states)
    rows, labels, places = list[Booleans](), list[tuple[str, ...]](), []
    for number, pair in enumerate(pairs):
        sides = cells[number], cells[number].swapaxes(1, 2)
        start = len(rows)
        for side, cut in zip(SIDES, sides, strict=True):
            for margin in cut.reshape(-1, states):
                rows.append(np.isin(np.arange(len(totals.value)), margin))
                labels.append((*pair, side))
        own = np.arange(start, len(rows)).reshape(2, size, states)
        places.append((own[0], own[1]))
    named = label_rows(dict(zip((*PAIR, "side"), zip(*labels, strict=True), strict=True)))
    shares = totals.combine(np.array(rows), Labels(named.columns, len(rows)))
    return Samples(shares.shares([*PAIR, "side"], about), pairs, places, columns)


def _assumptions(assume: Mapping[str, float]) -> tuple[float, float]:
    """Read how far and how many people can have moved."""
    for name in assume:
        if name not in KNOWN_ASSUMPTIONS:
            raise unknown("assumption", name, KNOWN_ASSUMPTIONS)
    steps, most = assume.get("steps", np.inf), assume.get("moved", 1.0)
    if not (steps >= 1 and (np.isinf(steps) or steps == int(steps))):
        raise SelectionError(
            f"assume={{'steps': …}} is how many states people move at most, from 1; not {steps!r}."
        )
    if not 0 <= most <= 1:
        raise SelectionError(
            f"assume={{'moved': …}} is a share of people between 0 and 1; got {most!r}."
        )
    return float(steps), float(most)


@dataclass(frozen=True, eq=False)
class PossibleTables:
    """The tables of moves that shares of two samples allow, for each pair of waves.

    Attributes
    ----------
    samples : Samples
    allowed : numpy.ndarray of bool, shape (states, states)
    most : float
        The largest share of people that can have moved.
    of : {"transitions", "flows"}
    whole : Samples, optional
        The shares without groups, where there are groups: sums over many groups are less certain.
    rows : numpy.ndarray of int, optional
        The bounds that are kept, of all pairs, origins, destinations and components.
    known : dict
        Limits by level, once they were computed.
    """

    samples: Samples
    allowed: Booleans
    most: float
    of: Of
    whole: Samples | None = None
    rows: Places | None = None
    known: dict[float, Floats] = field(default_factory=dict)
    # They hold as the intervals of the shares do, and need no standard error.
    alone: ClassVar = True

    def at(self, rows: Places) -> "PossibleTables":
        """Keep the limits at some places."""
        every = np.arange(self._size) if self.rows is None else np.asarray(self.rows)
        return replace(self, rows=every[rows])

    def __call__(
        self, level: float, value: Floats, std_error: Floats, df: Floats
    ) -> tuple[Floats, Floats]:
        """Find how far each bound reaches where the margins are not known for certain."""
        del std_error, df
        if level not in self.known:
            self.known[level] = self.bounds(level)
        found = self.known[level][slice(None) if self.rows is None else self.rows]
        # Outwards from the bound: rounding of the programmes never turns it round.
        return np.minimum(found, value), np.maximum(found, value)

    def few(self, level: float, value: Floats, df: Floats, least: int) -> Booleans:
        """Mark none: no limit is somebody's number."""
        del level, df, least
        return np.zeros(len(value), dtype=bool)

    @property
    def _size(self) -> int:
        return len(self.samples.pairs) * len(self.allowed) ** 2 * 2

    def bounds(self, level: float | None) -> Floats:
        """Bound every cell: of the margins as they are, or anywhere within their intervals."""
        return np.array([*self._bounds(level)]).ravel()

    def _bounds(self, level: float | None) -> Iterator[tuple[float, float]]:
        states = range(len(self.allowed))
        for number, (first, _) in enumerate(self.samples.places):
            tables = self.tables(number, level)
            started = self.samples.shares.value[first].sum(axis=0)
            for origin in states:
                for destination in states:
                    if not (tables.known and (started[origin] > 0 or self.of == "flows")):
                        # Nobody is in the origin, or the design says nothing of the margins.
                        yield np.nan, np.nan
                    elif self.of == "flows":
                        yield tables.flow(origin, destination)
                    else:
                        yield tables.transition(origin, destination)

    def tables(self, number: int, level: float | None) -> TablesOfMoves:
        """Give the tables of a pair of waves that fit its margins, or intervals of them."""
        if level is None:
            first, last = (self.samples.shares.value[one] for one in self.samples.places[number])
            before, after = _of_one_population(first, last)
            return TablesOfMoves(
                Margins(before, before), Margins(after, after), self.allowed, self.most
            )
        if self.whole is None:
            return TablesOfMoves(*self.samples.within(number, level), self.allowed, self.most)
        # Those with and those without groups hold at once.
        half = level_of_each(level, 2)
        margins, sums = (one.within(number, half) for one in (self.samples, self.whole))
        return TablesOfMoves(*margins, self.allowed, self.most, sums)


def _of_one_population(first: Floats, last: Floats) -> tuple[Floats, Floats]:
    """Give both samples groups of the same size, the mean of the two."""
    sizes = [side.sum(axis=1, keepdims=True) for side in (first, last)]
    mean = sum(sizes) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        before, after = (
            np.where(mean > 0, side / size * mean, 0.0)
            for side, size in zip((first, last), sizes, strict=True)
        )
    return before, after


def _check_groups(samples: Samples) -> None:
    """Refuse groups without anybody at one of two waves."""
    shares = samples.shares
    for pair, sides in zip(samples.pairs, samples.places, strict=True):
        sizes = [shares.value[side].sum(axis=1) for side in sides]
        for wave, here, there in ((pair[0], *sizes), (pair[1], *sizes[::-1])):
            if not (gone := (here == 0) & (there > 0)).any():
                continue
            keys = shares.named.take(sides[0][gone, 0]).keys(samples.groups)
            raise SelectionError(
                f"At {wave} nobody is in {listing(', '.join(map(str, key)) for key in keys)}, and "
                "at the other wave somebody is: groups narrow bounds only where both samples have "
                "them. Put categories together, or leave the group out."
            )


def _check_assumptions(tables: PossibleTables, value: Floats, assume: Mapping[str, float]) -> None:
    """Refuse assumptions that no table fits."""
    pairs = tables.samples.pairs
    for number, (first, last) in enumerate(pairs):
        if not np.isnan(value.reshape(len(pairs), -1)[number]).all():
            continue
        least = replace(tables.tables(number, None), most=1.0).least_moved
        why = f"{100 * least:.1f}% or more must have moved"
        if np.isnan(least):
            why = "no table of such moves fits the shares at both waves"
        if assume:
            raise SelectionError(
                f"assume={dict(assume)!r} contradicts the shares at {first} and {last}: {why}. "
                "Assume less, or ask for the bounds without it."
            )


def _said(groups: Sequence[str], steps: float, most: float) -> Phrase:
    """Say what bounds are, and what they assume."""
    text = Phrase(
        "Bounds, and no estimate: the shares at both waves leave everything between them possible. "
        "Intervals reach from each bound as far as sampling error allows."
    )
    told: list[str] = []
    if groups:
        told.append(Phrase("nobody leaves a group of {groups}", groups=in_a_row(groups)))
    if np.isfinite(steps):
        told.append(
            Phrase("nobody moves more than one state")
            if steps == 1
            else Phrase("nobody moves more than {n} states", n=int(steps))
        )
    if most < 1:
        told.append(Phrase("no more than {share} of people move", share=per_cent(most, digits=1)))
    return Phrase("{text} Assumed: {told}.", text=text, told=all_of(told)) if told else text


def _estimates(
    panel: Panel,
    samples: Samples,
    tables: PossibleTables,
    value: Floats,
    states: Sequence[str],
    said: Phrase,
) -> Estimates:
    """Label the bounds, and say what they rest on."""
    shares = samples.shares
    cells = crossed({"origin": states, "destination": states, "component": BOUNDS})
    pairs = label_rows(dict(zip(PAIR, zip(*samples.pairs, strict=True), strict=True)))
    of_pair = np.repeat(np.arange(len(samples.pairs)), len(cells))
    both = [np.r_[first.ravel(), last.ravel()] for first, last in samples.places]
    least = {
        name: np.array([getattr(shares, name)[places].min() for places in both])[of_pair]
        for name in ("n", "n_effective")
    }
    known = np.isfinite(value)
    return Estimates(
        named=repeated(cells, pairs),
        value=value,
        spread=of_matrix(np.full((len(value), len(value)), np.nan)),
        freedom=Freedom(lambda: np.array([shares.df[one].min() for one in both])[of_pair]),
        n=np.where(known, least["n"], 0.0),
        n_effective=least["n_effective"],
        about=_about(panel, shares.about, tables.of, said),
        own_limits=tables,
    )


def _about(panel: Panel, about: About, of: Of, said: Phrase) -> About:
    what = "Possible transitions" if of == "transitions" else "Possible flows"
    roles: dict[str, Role] = {"origin": "origin", "destination": "state", "component": "component"}
    roles |= dict.fromkeys(PAIR, "time")
    return replace(
        about,
        measure="transition_bounds",
        title=f"{what} of {about.item}",
        base=about.smaller_base if panel.independent else about.base,
        roles={**about.roles, **roles},
        together={},
        answers=(),
        flows=False,
        modelled=about.made(said),
    )
