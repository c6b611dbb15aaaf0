"""Levels and effects of sources, fitted to their shares: what is identified, and what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from opinionpanel.arguments import listed
from opinionpanel.arrays import Floats, Integers
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.models.cohorts_together import SOURCE, Effects, effects_of
from opinionpanel.models.interview_sources import Key, Sources
from opinionpanel.models.source_weights import (
    alike,
    by_state,
    refuse_certain,
    singular,
    undetermined,
)

# Effect, to what it adds to the share of each state.
Declared = Mapping[str, Mapping[str, float]]

# Degrees of freedom for each figure beyond those needed, and people in each cell and state, from
# which on the covariance is known well enough to weigh by it.
MANY, PEOPLE = 20, 10


@dataclass(frozen=True, eq=False)
class Fit:
    """The best linear estimators of levels and effects, as sums of the shares of all sources.

    Attributes
    ----------
    sources : Sources
        Less the effects whose size is declared.
    effects : numpy.ndarray of bool, shape (effects, cells)
        Which cells have each of the estimated effects.
    names : list of str
        Of the estimated effects.
    at : list of (wave, group)
        What each level is of.
    cells : list of numpy.ndarray of int
        The cells at each level.
    levels : numpy.ndarray, shape (levels × states, shares)
    sizes : numpy.ndarray, shape (groups × effects × states, shares)
        Of the estimated effects, group by group.
    left : numpy.ndarray, shape (cells × states, shares)
        What each cell differs by from what levels and effects give; 0 where nothing can differ.
    more : int
        Cells beyond those that levels and effects need, over all groups.
    own_weights : bool
        Whether each state has weights of its own.
    """

    sources: Sources
    effects: Any
    names: list[str]
    at: list[tuple[str, Key]]
    cells: list[Integers]
    levels: Floats
    sizes: Floats
    left: Floats
    more: int
    own_weights: bool

    @property
    def groups(self) -> list[Key]:
        """The groups, once each."""
        return list(dict.fromkeys(self.sources.group))

    def answers(self) -> Floats:
        """Count the answers that have each effect, group by group."""
        n = self.sources.shares.n[self.sources.places[:, 0]]
        own = np.array([[one == group for one in self.sources.group] for group in self.groups])
        return np.asarray((own[:, None] & self.effects) @ n).ravel()

    def without_effects(self) -> Floats:
        """Give the shares of all cells less estimated effects, as sums of the shares."""
        places = self.sources.places
        found = np.zeros((places.size, len(self.sources.shares)))
        found[np.arange(places.size), places.ravel()] = 1.0
        states, count = places.shape[1], len(self.names)
        for cell, group in enumerate(self.sources.group):
            rows = slice(cell * states, (cell + 1) * states)
            start = self.groups.index(group) * count
            for effect in np.flatnonzero(self.effects[:, cell]):
                size = (start + effect) * states
                found[rows] -= self.sizes[size : size + states]
        return found


def fit_sources(sources: Sources, effects: Effects, declared: Declared) -> Fit:
    """Fit a level for each wave and group, and the effects that are not declared."""
    marks = {name: _marks(sources, name, effects) for name in effects}
    for name in declared:
        if name not in effects:
            raise unknown("effect in declared:", name, effects)
        sources = _less(sources, marks[name], _size(sources, name, declared[name]))
    names = [name for name in effects if name not in declared]
    chosen = np.array([marks[name] for name in names], dtype=bool).reshape(
        len(names), len(sources.wave)
    )
    groups = list(dict.fromkeys(sources.group))
    fits = [_Group(sources, chosen, names, group) for group in groups]
    own_weights = all(one.own_weights for one in fits)
    states, size = sources.places.shape[1], len(sources.shares)
    at: list[tuple[str, Key]] = []
    cells: list[Integers] = []
    levels: list[Floats] = []
    sizes, left = [], np.zeros((len(sources.wave), states, size))
    for one in fits:
        weights = one.weights(own_weights, size)
        here = len(one.waves)
        at += [(wave, one.group) for wave in one.waves]
        cells += [one.cells[one.design[:, place] > 0] for place in range(here)]
        levels += list(weights[:here])
        sizes += list(weights[here:])
        if one.more:
            left[one.cells] = one.own - np.einsum("cp,psm->csm", one.design, weights)
    order = sorted(range(len(at)), key=lambda one: sources.waves.index(at[one][0]))
    return Fit(
        sources,
        chosen,
        names,
        [at[one] for one in order],
        [cells[one] for one in order],
        np.concatenate([levels[one] for one in order]),
        np.concatenate([np.zeros((0, size)), *sizes]),
        left.reshape(-1, size),
        sum(one.more for one in fits),
        own_weights,
    )


class _Group:
    """The cells of one group, and which levels and effects are in them."""

    def __init__(self, sources: Sources, effects: Any, names: list[str], group: Key) -> None:
        self.sources, self.group = sources, group
        self.cells = np.array([n for n, one in enumerate(sources.group) if one == group])
        wave = [sources.wave[cell] for cell in self.cells]
        self.waves = list(dict.fromkeys(wave))
        levels = np.array([[one == other for other in self.waves] for one in wave], dtype=float)
        self.design = np.hstack([levels, effects[:, self.cells].T.astype(np.float64)])
        places = sources.places[self.cells]
        # A wave with a single cell takes it as it is, also without a standard error.
        self.known = np.isfinite(sources.shares.std_error[places]).all(axis=1)
        silent = {one for one, known in zip(wave, self.known, strict=True) if not known}
        self.kept = np.array([one not in silent for one in self.waves] + [True] * len(names))
        self.fitted = np.ix_(self.known, self.kept)
        self.more = int(self.known.sum() - self.kept.sum())
        self.places = places[self.known]
        self._check_identified(names)

    def _check_identified(self, names: Sequence[str]) -> None:
        """Refuse effects that nothing tells from change, or that no cell has."""
        first = int(self.kept.sum()) - len(names)
        unclear = undetermined(self.design[self.fitted])
        vague = [int(one) - first for one in unclear if one >= first]
        nowhere = [one for one in vague if not self.design[:, len(self.waves) + one].any()]
        if nowhere:
            raise _without_effect([names[one] for one in nowhere], self.group, self.sources)
        if vague:
            raise _not_identified([names[one] for one in vague], self.sources)

    @property
    def own_weights(self) -> bool:
        """Whether the covariance is known well enough for each state to have its own weights."""
        shares, states = self.sources.shares, self.places.shape[1]
        assert shares.n_cell is not None
        enough = shares.n_cell[self.places].min(initial=np.inf) >= PEOPLE
        df = shares.df[self.places].min(initial=np.inf)
        return not self.more or bool(enough and df >= MANY * self.more * (states - 1))

    @property
    def own(self) -> Floats:
        """The shares of the cells as sums of all shares, shape (cells, states, shares)."""
        places = self.sources.places[self.cells]
        everyone = np.arange(len(self.sources.shares))
        return np.asarray(places[..., None] == everyone, dtype=np.float64)

    def weights(self, own_weights: bool, size: int) -> Floats:
        """Give levels and effects as sums of all shares, shape (parameters, states, shares)."""
        design, states = self.design[self.fitted], self.places.shape[1]
        rows = self.places.ravel()
        covariance = self.sources.shares.spread.block(rows)
        jointly = bool(self.more) and own_weights and not singular(covariance, states)
        if self.more and not jointly:
            covariance = self.sources.one_by_one().block(rows)
        if self.more:
            at = self.cells[self.known]
            told = [f"{self.sources.source[n]!r} at {self.sources.wave[n]}" for n in at]
            totals = covariance.reshape(len(design), states, len(design), states)
            refuse_certain(np.einsum("iaja->ij", totals), told)
        find = by_state if jointly else alike
        found = np.zeros((self.design.shape[1], states, size))
        parts = find(design, covariance, states) if len(design) else np.zeros((0, 0))
        wide = np.zeros((len(parts), size))
        wide[:, self.places.ravel()] = parts
        found[self.kept] = wide.reshape(-1, states, size)
        effects = found[len(self.waves) :]
        for place in np.flatnonzero(~self.kept):
            cell = int(np.flatnonzero(self.design[:, place])[0])
            there = self.design[cell, len(self.waves) :]
            found[place] = self.own[cell] - np.einsum("e,esm->sm", there, effects)
        return found


def _marks(sources: Sources, name: str, effects: Effects) -> list[bool]:
    """Mark the cells that have an effect."""
    _check_effect(sources, name, effects[name])
    pairs = zip(sources.source, sources.wave, strict=True)
    return [name in effects_of(effects, source, wave) for source, wave in pairs]


def _check_effect(
    sources: Sources, name: str, given: Mapping[str, str | Sequence[str] | None]
) -> None:
    """Refuse an effect without a name, or of a source or wave that has nothing to tell."""
    if not name.strip():
        raise SelectionError("An effect in effects= has no name. Name it, such as 'telephone'.")
    if not given:
        raise SelectionError(f"effects[{name!r}] names no source that has the effect.")
    known = [str(source) for source in sources.shares.named.values(SOURCE)]
    told = set(zip(sources.source, sources.wave, strict=True))
    for source, at in given.items():
        where = f"effects[{name!r}][{source!r}]"
        if source not in known:
            raise unknown(f"source in effects[{name!r}]:", source, known)
        waves = [wave for one, wave in told if one == source] if at is None else listed(at)
        for wave in waves:
            if wave not in sources.waves:
                raise unknown(f"wave in {where}:", wave, sources.waves)
            if (source, wave) not in told:
                raise SelectionError(
                    f"{where}: {source!r} has no answers of its own at {wave!r}, or too few to "
                    f"count as a source.{_reasons(sources)} Name other waves, or None for all."
                )
        if at is not None and not waves:
            raise SelectionError(f"{where} names no wave. Name its waves, or None for all.")
        if not waves:
            raise SelectionError(
                f"{where}: {source!r} counts as a source at no wave.{_reasons(sources)} Leave it "
                "out of effects=."
            )


def _reasons(sources: Sources) -> str:
    return "".join(f" {sentence}" for sentence in sources.left_out)


def _size(sources: Sources, name: str, given: Mapping[str, float]) -> Floats:
    """Read the declared size of an effect, by state."""
    states = sources.shares.about.states
    for state in given:
        if state not in states:
            raise unknown(f"state in declared[{name!r}]:", state, states)
    size = np.array([float(given.get(state, 0.0)) for state in states])
    if not np.isfinite(size).all() or np.abs(size).max() >= 1 or abs(size.sum()) > 1e-9:
        raise SelectionError(
            f"declared[{name!r}] must say what the effect adds to the share of each state, as "
            f"parts of 1 that add up to 0, such as 0.02 and −0.02; got {dict(given)!r}, which add "
            f"up to {size.sum():.4g}."
        )
    return size


def _less(sources: Sources, marks: Sequence[bool], size: Floats) -> Sources:
    """Take an effect of a known size away from the shares that have it."""
    shift = np.zeros(len(sources.shares))
    shift[sources.places[np.array(marks)]] = size
    shares = sources.shares
    replicates = shares.replicates and shares.replicates.through(lambda values: values - shift)
    return replace(
        sources, shares=replace(shares, value=shares.value - shift, replicates=replicates)
    )


def _without_effect(names: Sequence[str], group: Key, sources: Sources) -> SelectionError:
    where = ", ".join(map(str, group))
    return SelectionError(
        f"In {where}, no source with the effect {listing(names)} has enough answers to tell how "
        f"large it is.{_reasons(sources)} Merge groups of by=, or leave the effect out."
    )


def _not_identified(names: Sequence[str], sources: Sources) -> SelectionError:
    first = names[0]
    verb = "is" if len(names) == 1 else "are"
    return SelectionError(
        f"{listing(names)} {verb} not identified: wherever a source has the effect, no other "
        "source at the wave is without it, so that it cannot be told from change or from another "
        f"effect.{_reasons(sources)} Name fewer waves or sources in effects[{first!r}], add a "
        "sample without it at one of its waves, or say how large it is, in "
        f"declared={{{first!r}: {{…}}}}."
    )
