"""What a report shows of an item: every table with what of it may leave together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from opinionpanel import measures
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.disclosure.merging import answering_first, with_joined_states
from opinionpanel.disclosure.people import Base
from opinionpanel.disclosure.published_tables import (
    CHAIN,
    GROUP,
    LATENT,
    MOVED,
    SHARES,
    TREND,
    Figure,
    Key,
    crossing,
)
from opinionpanel.estimates import PAIR, Estimates, Withheld, frame_of
from opinionpanel.panel import Panel
from opinionpanel.questions import joined_name

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
        return self._frame.copy()

    @cached_property
    def _frame(self) -> pd.DataFrame:
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
    main_pair : tuple of str or None
        The latest pair of waves with tables, which the tables by group are about; None where no
        pair has any: these are then about the last wave.
    groups : list of str
        Those with a table.
    narrowed : bool
        Whether the tables are about those who answered at all waves, and nobody else.
    """

    def __init__(
        self,
        panel: Panel,
        item: str,
        notes: list[str],
        withheld: Mapping[Key, set[Figure]],
        main_pair: tuple[str, str] | None,
        dials: tuple[int, int],
        chain_states: Mapping[str, Sequence[str]],
        *,
        joined: Sequence[tuple[str, str]],
        narrowed: bool,
    ) -> None:
        self.panel, self.item, self.notes, self.main_pair = panel, item, notes, main_pair
        self._withheld, self._dials, self._chain_states = withheld, dials, chain_states
        self._joined, self.narrowed = joined, narrowed
        self.groups = list(dict.fromkeys(key[1] for key in withheld if key[0] == GROUP))

    def with_states(self, panel: Panel) -> Panel:
        """Put the states of the item together in another panel, as they are in this one."""
        return with_joined_states(panel, self.item, self._joined)

    def state(self, name: str) -> str:
        """Name the state that the tables show one of the item as declared in."""
        for first, second in self._joined:
            if name in (first, second):
                name = joined_name(first, second)
        return name

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

    def waves(self) -> list[str]:
        """Name the waves whose shares are shown."""
        _, out = self.shares()
        return [wave for wave in self.panel.asked(self.item) if wave not in out]

    def trend(self) -> Shown | None:
        """How much every state's share changed from the first wave to the last; None for one wave.

        An interval is withheld where it would tell how many of few people kept their answer.
        """
        shown, _ = self.shares()
        waves = [] if shown is None else list(dict.fromkeys(shown.estimates.labels["wave"]))
        if shown is None or len(waves) < 2:
            return None
        place = {key: row for row, key in enumerate(shown.estimates.named.keys(("wave", "state")))}
        states = list(dict.fromkeys(shown.estimates.labels["state"]))
        matrix = np.zeros((len(states), len(place)))
        for row, state in enumerate(states):
            matrix[row, place[waves[-1], state]] = 1.0
            matrix[row, place[waves[0], state]] = -1.0
        found = shown.contrast(matrix, pd.DataFrame({"state": states}), "Change of shares")
        limits = np.array([(TREND, state) not in self._withheld for state in states])
        return replace(found, withheld=replace(found.withheld, limits=limits))

    def shares_by(self, group: str, *waves: str) -> Shown | None:
        """Shares in the categories of a group at waves of the main pair; None where left out.

        Of those who answered at both waves, so that net change is the difference; or, where these
        are far fewer than answered at the later wave, of all who answered at the wave.
        """
        if all((GROUP, group, wave) in self._withheld for wave in waves):
            found = measures.shares(self.panel, self.item, by=group, waves=list(waves))
        elif self._same_people(group) and set(waves) <= set(self.main_pair or ()):
            pair = list(self.main_pair or ())
            found = measures.shares(self.panel, self.item, by=group, waves=pair, base="balanced")
            found = found.select(wave=list(waves))
        else:
            return None
        return self._shown(found, [False] * len(found))

    def turnover_by(self, group: str, first: str, second: str) -> Shown | None:
        """Total turnover in the categories of a group; None where it is left out."""
        if not self._has_change(group, first, second):
            return None
        found = measures.turnover(self.panel, self.item, waves=[first, second], by=group)
        found = self._without_bounds(found.select(component="total"), first, second)
        hidden = [self._hides((GROUP, group), (MOVED, name)) for name in found.labels[group]]
        return self._shown(found, hidden)

    def net_change_by(self, group: str, first: str, second: str) -> Shown | None:
        """Net change of every state in the categories of a group; None where it is left out.

        An interval is withheld where it would tell of few people.
        """
        if not self._has_change(group, first, second):
            return None
        found = measures.net_change(self.panel, self.item, waves=[first, second], by=group)
        rows = zip(found.labels["state"], found.labels[group], strict=True)
        limits = [self._hides((GROUP, group), crossing(*row)) for row in rows]
        shown = self._shown(found, [False] * len(found))
        return replace(shown, withheld=replace(shown.withheld, limits=np.array(limits)))

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
        found = self._without_bounds(found, first, second)
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

    def every_way(self) -> bool:
        """Tell whether all flows between states and all intervals of the trend are shown."""
        pairs = [pair for pair in self.panel.pairs(self.item) if self.panel.linked[pair]]
        states = self.panel.item(self.item).state_names
        trends = all((TREND, state) in self._withheld for state in states)
        return trends and all(self.every_move(*pair) for pair in pairs)

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

    def whole(self, first: str, second: str) -> bool:
        """Tell whether the tables of two waves are shown, and withhold nothing."""
        return self.has(first, second) and not self._withheld[first, second]

    def by_group(self, group: str) -> bool:
        """Tell whether change by a group is shown, or some of it."""
        return (GROUP, group) in self._withheld

    def whole_by(self, group: str) -> bool:
        """Tell whether change by a group is shown, and nothing of it withheld."""
        return self.by_group(group) and not self._withheld[GROUP, group]

    def bases(self, group: str = "") -> list[Base]:
        """List whom tables are about, all or by a group: who answered at which waves."""
        waves, chain = self.panel.asked(self.item), self.panel.chain(self.item)
        if group:
            found: list[Base] = [self.main_pair] if self.main_pair and self.by_group(group) else []
            return found + [(wave,) for wave in waves if (GROUP, group, wave) in self._withheld]
        found = [(wave,) for wave in waves if (SHARES, wave) in self._withheld]
        found += [pair for pair in self.panel.pairs(self.item) if self.has(*pair)]
        if (CHAIN,) in self._withheld:
            found += [(chain[0], wave) for wave in chain[1:]]
        return found

    def _has_change(self, group: str, first: str, second: str) -> bool:
        return (first, second) == self.main_pair and (GROUP, group) in self._withheld

    def _same_people(self, group: str) -> bool:
        """Tell whether shares by group are of those who answered at both waves."""
        waves = self.main_pair or ()
        return (GROUP, group) in self._withheld and not any(
            (GROUP, group, wave) in self._withheld for wave in waves
        )

    def _without_bounds(self, found: Estimates, first: str, second: str) -> Estimates:
        """Take from the note how far people who were lost could move a turnover that is withheld.

        It would tell the turnover itself.
        """
        if not self._hides((first, second), MOVED):
            return found
        plain = measures.flows(self.panel, self.item, waves=[first, second]).about.lost
        return replace(found, about=replace(found.about, lost=plain))

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
