"""Which moves between two waves are possible at all, given no more than the shares at each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

import numpy as np

from opinionpanel.arguments import check_choice, checked
from opinionpanel.arrays import Booleans, Floats, Places
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import (
    PAIR,
    About,
    Estimates,
    Freedom,
    Role,
    crossed,
    label_rows,
    level_of_each,
    of_matrix,
    repeated,
)
from opinionpanel.measures.assumed_moves import read_assumptions
from opinionpanel.measures.bases import By, group_names
from opinionpanel.measures.margins_of_moves import Samples, of_linked, of_samples
from opinionpanel.measures.tables_of_moves import Margins, TablesOfMoves
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

BOUNDS = ("lower", "upper")
Of = Literal["transitions", "flows"]
# At which it must be possible that both samples are of one population.
LEVEL = 0.95


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
        the smaller of the two samples. Where `min_n` withholds a group at one of the waves, it
        withholds all bounds of the pair: they add up what each group can have done.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; a group without
        anybody at one of them, or of sizes that samples of one population do not both have; an
        assumption that is none, or that no table fits, with the least share of people that must
        have moved.

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
    check_choice("of", of, Of)
    groups = group_names(by)
    read = of_samples if panel.independent else of_linked
    samples = read(panel, item, waves, groups)
    samples.check_groups()
    whole = read(panel, item, waves, []) if groups else None
    states = panel.item(item).state_names
    assumed = read_assumptions(assume)
    tables = PossibleTables(samples, assumed.allowed(len(states)), assumed.moved, of, whole)
    value = tables.bounds(None)
    _check_assumptions(tables, value, assume or {})
    tables.check_sizes(LEVEL)
    said = assumed.said(groups, of_samples=panel.independent)
    return _estimates(panel, samples, tables, value, states, said)


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
            self.check_sizes(level)
            self.known[level] = self.bounds(level)
        found = self.known[level][slice(None) if self.rows is None else self.rows]
        # Outwards from the bound: rounding of the programmes never turns it round.
        return np.minimum(found, value), np.maximum(found, value)

    def check_sizes(self, level: float) -> None:
        """Refuse groups of sizes that samples of one population cannot both have."""
        for number in range(len(self.samples.pairs) if self.whole else 0):
            tables = self.tables(number, level)
            if tables.known and np.isnan(tables.least_moved):
                raise self.samples.sizes_apart(number, level)

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
        sources=samples.sources(of_pair),
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
