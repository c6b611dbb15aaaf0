"""What a report shows of an item: every table with what of it may leave together."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel import measures
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.disclosure.decision import decided
from opinionpanel.disclosure.merging import (
    answering_first,
    with_large_categories,
    with_large_states,
    with_one_base,
)
from opinionpanel.disclosure.people import BEFORE, people_of
from opinionpanel.disclosure.published_tables import (
    CHAIN,
    GROUP,
    LATENT,
    MOVED,
    SHARES,
    Figure,
    Key,
    Table,
    chain_states,
    chain_table,
    crossing,
    group_table,
    latent_table,
    pair_table,
    shares_table,
)
from opinionpanel.estimates import MIN_CELL, PAIR, Estimates, Withheld, frame_of
from opinionpanel.panel import Panel
from opinionpanel.questions import Group

# The fewest people that a base may have in what is written.
MIN_N = 10


@dataclass(frozen=True, eq=False)
class Shown:
    """Estimates, and which of them are withheld."""

    estimates: Estimates
    withheld: Withheld

    @property
    def hidden(self) -> Booleans:
        """Mark the estimates that are withheld."""
        return self.withheld.rows

    def frame(self) -> pd.DataFrame:
        """Lay the estimates out as a frame, the withheld ones without a number."""
        return frame_of(self.estimates, level=0.95, interval="logit", withheld=self.withheld)

    def contrast(self, matrix: Floats, labels: pd.DataFrame, title: str) -> "Shown":
        """Combine estimates; what takes a withheld one is withheld."""
        hidden = (matrix[:, self.hidden] != 0).any(axis=1)
        found = self.estimates.contrast(matrix, labels, title=title)
        return Shown(found, replace(self.withheld, rows=hidden))

    def of_pair(self, first: str) -> "Shown":
        """Keep the estimates of the pair of waves that begins with one."""
        rows = np.flatnonzero(self.estimates.labels[PAIR[0]] == first)
        return Shown(self.estimates.at(rows), replace(self.withheld, rows=self.hidden[rows]))


class Published:
    """The tables of an item that leave together; made by `publish`.

    Attributes
    ----------
    panel : Panel
        With the people that the tables are about, and small categories of groups put together.
    item : str
    notes : list of str
        What readers must know of that.
    groups : list of str
        Those with a table.
    """

    def __init__(
        self,
        panel: Panel,
        item: str,
        notes: list[str],
        tables: Sequence[Table],
        hidden: Mapping[Key, Booleans],
        dials: tuple[int, int],
        chain_states: Mapping[str, Sequence[str]],
    ) -> None:
        self.panel, self.item, self.notes = panel, item, notes
        self._dials, self._chain_states = dials, chain_states
        self._withheld = {
            table.key: {name for name, row in table.figures.items() if hidden[table.key][row]}
            for table in tables
            if table.key in hidden
        }
        self.groups = [key[1] for key in self._withheld if key[0] == GROUP]

    def shares(self) -> tuple[Shown | None, list[str]]:
        """Shares of every state at every wave; and the waves that are left out."""
        asked = self.panel.asked(self.item)
        kept = [wave for wave in asked if (SHARES, wave) in self._withheld]
        out = [wave for wave in asked if wave not in kept]
        if not kept:
            return None, out
        found = measures.shares(self.panel, self.item, waves=kept)
        rows = zip(found.labels["wave"], found.labels["state"], strict=True)
        hidden = [self._hides((SHARES, wave), state) for wave, state in rows]
        return self._shown(found, hidden), out

    @property
    def main_pair(self) -> tuple[str, str] | None:
        """The latest pair of waves with tables; None where no pair has any."""
        pairs = [pair for pair in self.panel.pairs(self.item) if self.has(*pair)]
        return pairs[-1] if pairs else None

    def shares_by(self, group: str, *waves: str) -> Shown | None:
        """Shares in the categories of a group at waves of the main pair; None where left out.

        Among those who answered at both waves, so that net change is the difference.
        """
        pair = self.main_pair
        if group not in self.groups or pair is None or not set(waves) <= set(pair):
            return None
        found = measures.shares(self.panel, self.item, by=group, waves=list(pair), base="balanced")
        if len(waves) == 1:
            found = found.select(wave=waves[0])
        return self._shown(found, [False] * len(found))

    def turnover_by(self, group: str, first: str, second: str) -> Shown | None:
        """Total turnover in the categories of a group; None where it is left out."""
        if group not in self.groups or (first, second) != self.main_pair:
            return None
        found = measures.turnover(self.panel, self.item, waves=[first, second], by=group)
        found = found.select(component="total")
        return self._shown(found, [False] * len(found))

    def net_change_by(self, group: str, first: str, second: str) -> Shown | None:
        """Net change of every state in the categories of a group; None where it is left out.

        An interval is withheld (`Withheld.limits`) where it would tell of few people.
        """
        if group not in self.groups or (first, second) != self.main_pair:
            return None
        found = measures.net_change(self.panel, self.item, waves=[first, second], by=group)
        shown = self._shown(found, [False] * len(found))
        limits = np.zeros(len(found), dtype=bool)
        return replace(shown, withheld=replace(shown.withheld, limits=limits))

    def flows(self, first: str, second: str) -> Shown:
        """Flows between two waves."""
        return self._ways(measures.flows(self.panel, self.item, waves=[first, second]))

    def transitions(self, first: str, second: str) -> Shown:
        """Transitions between two waves."""
        return self._ways(measures.transitions(self.panel, self.item, waves=[first, second]))

    def turnover(self, first: str, second: str) -> Shown:
        """Turnover between two waves, and its parts as far as the flows that make them stand."""
        found = measures.turnover(self.panel, self.item, waves=[first, second])
        moved = self._hides((first, second), MOVED)
        hidden = {"total": moved, "exchange": not self.every_move(first, second)}
        hidden["shift"] = hidden["exchange"]
        if moved:
            # Its note would tell how far people who were lost could move it, and with that itself.
            plain = measures.flows(self.panel, self.item, waves=[first, second]).about.lost
            found = replace(found, about=replace(found.about, lost=plain))
        parts = found.labels["component"]
        shown = self._shown(found, [hidden.get(name, False) for name in parts])
        # The interval of net change tells how many moved between states that grew and shrank.
        limits = (parts == "net").to_numpy() & hidden["exchange"]
        return replace(shown, withheld=replace(shown.withheld, limits=limits))

    def net_change(self, first: str, second: str) -> Shown:
        """Net change between two waves, which follows from the bases of the transitions.

        Its interval does not: it stands as far as it tells nothing that is withheld.
        """
        found = measures.net_change(self.panel, self.item, waves=[first, second])
        key, states = (first, second), found.labels["state"]
        shown = self._shown(found, [False] * len(found))
        limits = np.array([self._hides(key, crossing(state)) for state in states])
        return replace(shown, withheld=replace(shown.withheld, limits=limits))

    def break_even(self) -> Shown:
        """Rates of error that would explain turnover: each tells the turnover of its pair."""
        found = measures.break_even(self.panel, self.item)
        return self._shown(found, [self._hides(pair, MOVED) for pair in _pairs(found)])

    def latent(self, found: Estimates) -> Shown:
        """Observed and true turnover of a model, of those who answered at all waves."""
        return self._shown(found, [self._hides((LATENT,), pair) for pair in _pairs(found)])

    def every_move(self, first: str, second: str) -> bool:
        """Tell whether all flows between different states are shown."""
        states = self.panel.item(self.item).state_names
        return not any(
            self._hides((first, second), (a, b)) for a in states for b in states if a != b
        )

    def way(self) -> tuple[Shown, Shown] | None:
        """Flows of those who answered first, and their shares; None where they are left out."""
        if (CHAIN,) not in self._withheld:
            return None
        panel = answering_first(self.panel, self.item)
        flows = _put_together(measures.flows(panel, self.item, base="panel"), self._chain_states)
        rows = zip(_pairs(flows), flows.labels["origin"], flows.labels["destination"], strict=True)
        hidden = [self._hides((CHAIN,), (*pair, a, b)) for pair, a, b in rows]
        shares = measures.shares(panel, self.item, base="panel")
        return self._shown(flows, hidden), self._shown(shares, [False] * len(shares))

    def has(self, first: str, second: str) -> bool:
        """Tell whether the tables of two waves are shown."""
        return (first, second) in self._withheld

    def _ways(self, found: Estimates) -> Shown:
        rows = zip(_pairs(found), found.labels["origin"], found.labels["destination"], strict=True)
        shown = self._shown(found, [self._hides(pair, (a, b)) for pair, a, b in rows])
        moved = any(self._hides(pair, MOVED) for pair in _pairs(found))
        return replace(shown, withheld=replace(shown.withheld, moved=moved))

    def _hides(self, key: Key, figure: Figure) -> bool:
        """Tell whether a figure is withheld; of a table that is left out, all are."""
        return key not in self._withheld or figure in self._withheld[key]

    def _shown(self, found: Estimates, hidden: Sequence[bool]) -> Shown:
        min_n, min_cell = self._dials
        rows = np.array(hidden, dtype=bool) | (found.n < min_n)
        return Shown(found, Withheld(rows, min_n, min_cell))


def publish(
    panel: Panel,
    item: str,
    groups: Sequence[str] = (),
    *,
    min_n: int = MIN_N,
    min_cell: int = MIN_CELL,
) -> Published:
    """Decide what a report shows of an item.

    Parameters
    ----------
    panel : Panel
    item : str
    groups : sequence of str
        Groups that are to have a table of shares at the last wave.
    min_n : int
        The fewest people in a base.
    min_cell : int
        The fewest people in a flow.

    Notes
    -----
    First it merges: states that few people are in at any wave, bases that differ by few people,
    and small categories of groups. Then it withholds flows of few people and what would tell
    them, and at last it leaves tables out, those further down first.
    """
    panel, joined = with_large_states(panel, item, min_n)
    pairs = _linked(panel, item)
    panel, narrowed = with_one_base(panel, item, pairs, min_n, min_cell)
    before = panel.groups
    panel, kept = with_large_categories(panel, item, groups, min_n, min_cell)
    shown: dict[Hashable, Group] = {name: panel.groups[name] for name in kept}
    shown |= {(BEFORE, name): before[name] for name in kept}
    chain = panel.chain(item) if not narrowed and len(panel.chain(item)) > 2 else ()
    people = people_of(panel, item, shown, pairs, chain)
    tables = [pair_table(people, *pair, min_n, min_cell) for pair in pairs]
    tables += [shares_table(people, wave) for wave in panel.asked(item)]
    ways: dict[str, list[str]] = {}
    if chain:
        ways = chain_states(people, chain, min_cell)
        tables += [latent_table(people, chain), chain_table(people, chain, ways, min_cell)]
    tables += [
        group_table(people, name, len(panel.groups[name].categories), min_n) for name in kept
    ]
    hidden = decided(people, tables, min_n, min_cell)
    notes = [note for note in (joined, narrowed) if note]
    return Published(panel, item, notes, tables, hidden, (min_n, min_cell), ways)


def _linked(panel: Panel, item: str) -> list[tuple[str, str]]:
    return [pair for pair in panel.pairs(item) if panel.linked[pair]]


def _pairs(found: Estimates) -> list[tuple[str, str]]:
    return [(str(a), str(b)) for a, b in found.named.keys(PAIR)]


def _put_together(flows: Estimates, states: Mapping[str, Sequence[str]]) -> Estimates:
    """Add up the flows from and to states that are shown as one."""
    if all(len(several) == 1 for several in states.values()):
        return flows
    shown = {state: name for name, several in states.items() for state in several}
    labels = flows.labels.replace({"origin": shown, "destination": shown})
    kept = labels.drop_duplicates()
    keys = pd.MultiIndex.from_frame(kept).get_indexer(pd.MultiIndex.from_frame(labels))
    matrix = np.zeros((len(kept), len(flows)))
    matrix[keys, np.arange(len(flows))] = 1.0
    about = flows.about
    found = flows.contrast(matrix, kept, title=about.title, states=tuple(states))
    assert flows.n_cell is not None
    return replace(found, unit="share", n_cell=matrix @ flows.n_cell, possible=None)
