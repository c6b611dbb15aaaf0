"""The sources of interviews that are combined: cohorts of a panel, and samples of other people.

Each tells the shares of the states at the waves at which it has answers: elementary estimates,
those of all cohorts in one tally, so that what the same people bring is in their covariance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arguments import listed
from opinionpanel.arrays import Integers
from opinionpanel.design import Sampling
from opinionpanel.engines import PersonColumn
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import About, Covariance, Estimates, Labels, about_each, stacked
from opinionpanel.measures import (
    WAVE,
    By,
    OneTable,
    Own,
    about_of,
    accounts_of,
    base_words,
    by_text,
    group_names,
    tabulate,
    wave_names,
)
from opinionpanel.panel import Panel, first_wave
from opinionpanel.phrases import Phrase, all_of

# What the people of the first wave are called, and those who joined later.
FIRST, JOINED = "panel", "joined {wave}"
# Of fewer people who first came at a later wave nobody knows whether they are a fresh sample: they
# count with those of the first. Of fewer answers no share is known well enough to weigh it.
FEWEST_JOINED, FEWEST = 50, 30
# In brackets, as groups may have any name.
SOURCE = "(source)"

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
    few : tuple of str
        Cells that are left out because few people answered there, in words.
    one_by_one : callable
        Gives the covariance that the shares would have if people had been drawn one by one.
    """

    shares: Estimates
    places: Integers
    group: list[Key]
    wave: list[str]
    source: list[str]
    few: tuple[str, ...]
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


def source_words(source: str) -> str:
    """Name a source so that another language can."""
    start = JOINED.format(wave="")
    if source == FIRST:
        return Phrase("panel")
    if source.startswith(start):
        return Phrase(JOINED, wave=source.removeprefix(start))
    return source


def cohorts_of(waves: Sequence[str]) -> list[str]:
    """Name the sources that the cohorts of a panel with these waves can be."""
    return [FIRST, *(JOINED.format(wave=wave) for wave in waves[1:])]


def sources_of(
    panel: Panel, item: str, samples: Samples, waves: Sequence[str] | None, by: By
) -> Sources:
    """Count the shares of every source, and find those that have a say."""
    states = panel.item(item).state_names
    _check(panel, item, samples, states)
    names = _waves(panel, item, samples, waves)
    cohorts = {FIRST: _cohorts(panel)}
    for sample, people in samples.items():
        cohorts[sample] = [sample], np.zeros_like(people.present[0], dtype=np.int64)
    panels = {FIRST: panel, **samples}

    def counted(people: Mapping[str, Panel]) -> Estimates:
        parts = {
            name: _shares(one, item, names, by, *cohorts[name]) for name, one in people.items()
        }
        if len(parts) == 1:
            return parts[FIRST]
        for sample in samples:
            _check_groups(sample, parts[FIRST], parts[sample])
        rows = Labels.of(pd.concat([part.labels for part in parts.values()]))
        return stacked([*parts.values()], rows, _about(parts, names))

    def one_by_one() -> Covariance:
        return counted({name: _one_by_one(people) for name, people in panels.items()}).spread

    return _cells(counted(panels), names, one_by_one)


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


def _cohorts(panel: Panel) -> tuple[list[str], PersonColumn]:
    """Find the cohort of everyone: people of the first wave, and those who joined at later ones."""
    names: list[str] = [FIRST]
    place: PersonColumn = np.zeros_like(panel.present[0], dtype=np.int64)
    if panel.independent:
        return names, place
    joined = dict.fromkeys(panel.waves, 0)
    for cohort in panel.due:
        wave = first_wave(cohort)
        joined[wave] += panel.came[cohort, wave]
    before = panel.present[0]
    for wave, here in zip(panel.waves[1:], panel.present[1:], strict=True):
        if joined[wave] >= FEWEST_JOINED:
            place = np.where(here & ~before, len(names), place)
            names.append(JOINED.format(wave=wave))
        before = before | here
    return names, place


def _shares(
    panel: Panel,
    item: str,
    names: Sequence[str],
    by: By,
    sources: Sequence[str],
    place: PersonColumn,
) -> Estimates:
    """Count the shares of the states by group and source, at the waves that asked the item."""
    groups, states = group_names(by), panel.item(item).state_names
    asked = [wave for wave in names if wave in panel.asked(item)]
    tables = []
    for wave in asked:
        codes = [place, panel.answers[item][panel.position(wave)]]
        tables.append(OneTable((wave,), wave, panel.domain, panel.weight(wave), codes))
    accounts = accounts_of(panel, asked, [(wave,) for wave in asked], "answered")
    who = base_words("answered", asked, pairs=False)
    about = about_of(panel, item, asked, groups, who, accounts)
    title = f"Shares of {item} by wave{by_text(panel, groups, pairs=False)}"
    about = replace(about, measure="shares", title=title, states=states)
    own = [Own(SOURCE, sources, "group"), Own("state", states)]
    totals, about, columns = tabulate(panel, about, groups, WAVE, own, tables)
    return totals.shares(["wave", *columns, SOURCE], about)


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
    """Find the cells that have a say: the largest of a wave and group, and all with enough."""
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
    known = np.isfinite(shares.std_error[places]).all(axis=1)
    n = np.where(known, shares.n[first], np.minimum(shares.n[first], FEWEST - 1))
    largest: dict[Key, float] = {}
    for at, size in zip(zip(group, wave, strict=True), n.tolist(), strict=True):
        largest[at] = max(size, largest.get(at, 0.0))
    kept, few, taken = [], [], set()
    ranked = sorted(range(len(n)), key=lambda one: names.index(wave[one]))
    for one in ranked:
        at = (group[one], wave[one])
        alone = n[one] == largest[at] and at not in taken
        if n[one] >= FEWEST or alone:
            taken.add(at)
            kept.append(one)
        elif shares.n[first[one]] > 0:
            where = all_of([source[one], *map(str, group[one])])
            few.append(f"{where} at {wave[one]}")
    return Sources(
        shares,
        places[kept],
        [group[one] for one in kept],
        [wave[one] for one in kept],
        [source[one] for one in kept],
        tuple(few),
        one_by_one,
    )
