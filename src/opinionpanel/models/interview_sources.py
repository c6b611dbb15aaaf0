"""The sources of interviews that are combined: cohorts of a panel, and samples of other people.

Each tells the shares of the states at the waves at which it has answers: elementary estimates,
those of all cohorts in one tally, so that what the same people bring is in their covariance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arguments import listed
from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import Sampling
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import About, Covariance, Estimates, Labels, about_each, stacked
from opinionpanel.measures import By, wave_names
from opinionpanel.models.cohorts_together import (
    FEWEST,
    FIRST,
    JOINED,
    SOURCE,
    Effects,
    Tallied,
    cohorts_of,
    put_together,
    tally_cohorts,
)
from opinionpanel.panel import Panel, first_wave
from opinionpanel.phrases import all_of

Samples = Mapping[str, Panel]
# One group at one wave.
Key = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Sources:
    """Shares of the states at each wave, by group and source.

    A cell is what one source tells of one group at one wave.

    Attributes
    ----------
    shares : Estimates
        The cohorts of the panel in one tally, and samples independent of them and of each other.
    places : numpy.ndarray of int, shape (cells, states)
        Where the shares of each cell stand that has a say.
    group : list of tuple
        The group of each cell.
    wave, source : list of str
        The wave and the source of each cell.
    left_out : tuple of str
        Which cells are left out, with the reason, in sentences.
    one_by_one : callable
        Gives the covariance that the shares would have if people had been drawn one by one.
    """

    shares: Estimates
    places: Integers
    group: list[Key]
    wave: list[str]
    source: list[str]
    left_out: tuple[str, ...]
    one_by_one: Callable[[], Covariance]

    @property
    def names(self) -> list[str]:
        """The sources that have a say anywhere."""
        return list(dict.fromkeys(self.source))

    @property
    def waves(self) -> list[str]:
        """The waves, in the order in which they were asked for."""
        return list(dict.fromkeys(self.wave))

    @property
    def groups(self) -> list[str]:
        """The label columns of groups."""
        return [name for name in self.shares.named if name not in ("wave", SOURCE, "state")]

    @property
    def tables(self) -> list[str]:
        """The label columns that tell cells apart."""
        return ["wave", *self.groups, SOURCE]


def sources_of(
    panel: Panel,
    item: str,
    samples: Samples,
    waves: Sequence[str] | None,
    by: By,
    effects: Effects,
) -> Sources:
    """Count the shares of every source, and find those that have a say."""
    states = panel.item(item).state_names
    _check(panel, item, samples, states)
    names = _waves(panel, item, samples, waves)
    cohorts = {FIRST: cohorts_of(panel)}
    for sample, people in samples.items():
        cohorts[sample] = [sample], np.zeros_like(people.present[0], dtype=np.int64)
    panels = {FIRST: panel, **samples}

    def tallied(people: Mapping[str, Panel]) -> dict[str, Tallied]:
        return {
            name: tally_cohorts(one, item, names, by, *cohorts[name])
            for name, one in people.items()
        }

    def shares_of(each: Mapping[str, Tallied]) -> Estimates:
        parts = {name: one.shares(together[name]) for name, one in each.items()}
        if len(parts) == 1:
            return parts[FIRST]
        for sample in samples:
            _check_groups(sample, parts[FIRST], parts[sample])
        rows = Labels.of(pd.concat([part.labels for part in parts.values()]))
        return stacked([*parts.values()], rows, _about(parts, names))

    def one_by_one() -> Covariance:
        return shares_of(tallied({name: _one_by_one(one) for name, one in panels.items()})).spread

    counts = tallied(panels)
    together = {
        name: put_together(one.shares(None), cohorts[name][0], effects)
        for name, one in counts.items()
    }
    sources = _cells(shares_of(counts), names, one_by_one)
    _check_heard(sources, samples)
    return sources


def _check_heard(sources: Sources, samples: Samples) -> None:
    """Refuse a sample that has no say anywhere: its name would stand for nothing."""
    for sample in samples:
        if sample not in sources.names:
            why = " ".join(sources.left_out) or "It has no answers."
            raise SelectionError(
                f"Sample {sample!r} would change nothing. {why} Leave it out of samples=, or merge "
                "groups of by=."
            )


def _one_by_one(panel: Panel) -> Panel:
    """Take a panel as if its people had been drawn one by one."""
    people = sum(panel.came[cohort, first_wave(cohort)] for cohort in panel.due)
    stratum = np.zeros_like(panel.present[0], dtype=np.int64)
    sampled, population = np.array([people]), np.array([np.inf])
    sampling = Sampling(stratum, None, None, sampled, population, "certainty", False)
    return replace(panel, sampling=sampling)


def _check(panel: Panel, item: str, samples: Samples, states: Sequence[str]) -> None:
    """Refuse samples of the same people, of other people, or with another item."""
    mark = panel.sampling.mark
    seen = {mark: "the panel"}
    for name, sample in samples.items():
        if not name.strip() or name == FIRST or name.startswith(JOINED.format(wave="")):
            raise SelectionError(
                f"A sample cannot be called {name!r}, as cohorts of the panel are. Name it after "
                "its study or mode, such as 'telephone'."
            )
        if (other := seen.get(sample.sampling.mark)) is not None:
            raise SelectionError(
                f"Sample {name!r} has the people of {other}: the same interviews would count "
                "twice, as if of other people. samples= are for people drawn independently; "
                "cohorts of the panel need not be named."
            )
        seen[sample.sampling.mark] = f"sample {name!r}"
        try:
            own = sample.item(item).state_names
        except SelectionError as error:
            raise SelectionError(f"Sample {name!r}: {error}") from None
        if set(own) != set(states):
            raise SelectionError(
                f"Sample {name!r}: item {item!r} has the states {listing(own)}, and in the panel "
                f"{listing(states)}. Give both items the same states, in Item(…, states=…)."
            )
        if sample.domain_text != panel.domain_text:
            raise SelectionError(
                f"Sample {name!r} is about {sample.domain_text or 'everyone'} and the panel about "
                f"{panel.domain_text or 'everyone'}. Narrow both alike, with .where(…)."
            )


def _waves(
    panel: Panel, item: str, samples: Samples, waves: Sequence[str] | None
) -> tuple[str, ...]:
    """Name the waves to combine: those of the panel, unless others are named."""
    asked = panel.asked(item)
    others = {wave: name for name, one in samples.items() for wave in one.asked(item)}
    if waves is None:
        if strange := [wave for wave in others if wave not in asked]:
            raise SelectionError(
                f"Sample {others[strange[0]]!r} asked {item!r} at {listing(strange)}, which the "
                f"panel did not. If it is the time of a wave of the panel, call it alike; the "
                f"panel's are {listing(asked)}. Otherwise name all waves to combine in the order "
                "of fieldwork, with waves=[…]."
            )
        return tuple(wave_names(panel, item, None, at_least=1))
    names = listed(waves)
    own = [wave for wave in names if wave not in others or wave in asked]
    wave_names(panel, item, own, at_least=1)
    if len({*names}) < len(names):
        raise SelectionError(f"Name each wave once; got {listing(names)}.")
    for name, one in samples.items():
        if not {*one.asked(item)} & {*names}:
            raise SelectionError(
                f"Sample {name!r} asked {item!r} at {listing(one.asked(item))}, none of the waves "
                f"to combine: {listing(names)}. Leave it out, or name its waves alike."
            )
    return tuple(names)


def _check_groups(sample: str, own: Estimates, other: Estimates) -> None:
    """Refuse a sample whose people are in other groups."""
    for name in own.about.columns(own.named, "group"):
        known = own.named.values(name)
        strange = [value for value in other.named.values(name) if value not in known]
        missing = [value for value in known if value not in other.named.values(name)]
        if name != SOURCE and (strange or missing):
            raise SelectionError(
                f"Group {name!r} has other categories in sample {sample!r}: "
                f"{listing(other.named.values(name))}; in the panel {listing(known)}. Write them "
                "alike, with states= of a Grouping."
            )


def _about(parts: Mapping[str, Estimates], names: Sequence[str]) -> About:
    """Say what the numbers of all sources rest on."""
    first = parts[FIRST].about
    about = about_each(
        {source: part.about for source, part in parts.items()},
        SOURCE,
        {source: {} for source in parts},
    )
    return replace(about, title=first.title, waves=tuple(names), roles=first.roles, study="")


def _cells(
    shares: Estimates, names: Sequence[str], one_by_one: Callable[[], Covariance]
) -> Sources:
    """Find the cells that have a say."""
    tables = [name for name in shares.named if name != "state"]
    groups = [name for name in tables if name not in ("wave", SOURCE)]
    cell = shares.named.numbers(tables)
    # The states of a sample may stand in another order.
    order = {state: place for place, state in enumerate(shares.about.states)}
    state = np.array([order[str(name)] for name in shares.named.column("state")])
    places = np.lexsort((state, cell)).reshape(-1, len(order))
    first = places[:, 0]
    named = {name: shares.named.column(name) for name in tables}
    group = [tuple(named[name][row] for name in groups) for row in first]
    wave = [str(named["wave"][row]) for row in first]
    source = [str(named[SOURCE][row]) for row in first]
    n = shares.n[first]
    known = np.asarray(np.isfinite(shares.std_error[places]).all(axis=1))
    says = _have_a_say(list(zip(group, wave, strict=True)), n, known)
    ranked = sorted(range(len(n)), key=lambda one: names.index(wave[one]))
    kept = [one for one in ranked if says[one]]
    reasons = {
        f"Fewer than {FEWEST} answers": n < FEWEST,
        "No standard error (people of one PSU have none)": n >= FEWEST,
    }
    left_out = []
    for reason, holds in reasons.items():
        out = [one for one in ranked if holds[one] and n[one] and not says[one]]
        if out:
            where = [f"{all_of([source[n], *map(str, group[n])])} at {wave[n]}" for n in out]
            left_out.append(f"{reason}, left out: {listing(where)}.")
    return Sources(
        shares,
        places[kept],
        [group[one] for one in kept],
        [wave[one] for one in kept],
        [source[one] for one in kept],
        tuple(left_out),
        one_by_one,
    )


def _have_a_say(levels: Sequence[tuple[Key, str]], n: Floats, known: Booleans) -> Booleans:
    """Mark cells with enough answers and a standard error; without any the largest of its level."""
    found = known & (n >= FEWEST)
    heard = {level for level, says in zip(levels, found, strict=True) if says}
    for cell in np.argsort(-n, kind="stable"):
        if levels[cell] not in heard:
            found[cell] = True
            heard.add(levels[cell])
    return found
