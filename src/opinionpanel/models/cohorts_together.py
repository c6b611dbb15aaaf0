"""Cohorts of a panel: who joined when, and which of them count together where they are few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.arguments import listed
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.engines import PersonColumn
from opinionpanel.estimates import About, Estimates, Totals
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
)
from opinionpanel.panel import Panel, first_wave
from opinionpanel.phrases import Phrase

# What the people of the first wave are called, and those who joined later.
FIRST, JOINED = "panel", "joined {wave}"
# Of fewer people who first came at a later wave nobody knows whether they are a fresh sample: they
# count with those of the first. Of fewer answers no share is known well enough to weigh it by
# itself.
FEWEST_JOINED, FEWEST = 50, 30
# In brackets, as groups may have any name.
SOURCE = "(source)"

# Effect, to the sources that have it, to the waves at which they have it; None for all.
Effects = Mapping[str, Mapping[str, str | Sequence[str] | None]]


def source_words(source: str) -> str:
    """Name a source so that another language can."""
    start = JOINED.format(wave="")
    if source == FIRST:
        return Phrase("panel")
    if source.startswith(start):
        return Phrase(JOINED, wave=source.removeprefix(start))
    return source


def cohort_names(waves: Sequence[str]) -> list[str]:
    """Name the sources that the cohorts of a panel with these waves can be."""
    return [FIRST, *(JOINED.format(wave=wave) for wave in waves[1:])]


def effects_of(effects: Effects, source: str, wave: str) -> list[str]:
    """Name the effects that a source has at a wave."""
    return [
        name
        for name, given in effects.items()
        if source in given and (given[source] is None or wave in listed(given[source]))
    ]


def cohorts_of(panel: Panel) -> tuple[list[str], PersonColumn]:
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


@dataclass(frozen=True, eq=False)
class Tallied:
    """The states by wave, group and source of one panel or sample, not yet divided."""

    totals: Totals
    about: About
    tables: list[str]

    def shares(self, together: Booleans | None) -> Estimates:
        """Divide by everyone of the wave, group and source, after some cells are added up."""
        totals = self.totals
        if together is not None:
            totals = totals.combine(together, totals.named)
        return totals.shares(self.tables, self.about)


def tally_cohorts(
    panel: Panel,
    item: str,
    names: Sequence[str],
    by: By,
    sources: Sequence[str],
    place: PersonColumn,
) -> Tallied:
    """Count the states by group and source, at the waves that asked the item."""
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
    return Tallied(totals, about, ["wave", *columns, SOURCE])


def put_together(shares: Estimates, sources: Sequence[str], effects: Effects) -> Booleans | None:
    """Mark which cells are added up in each: small cohorts count with the people of the first wave.

    None where nothing is. Those with other effects do not: nothing would tell how much of an effect
    the sum has.
    """
    every = np.arange(len(shares))
    # In order of the waves and groups, and within them of the sources and states.
    places = every.reshape(-1, len(sources), len(shares.about.states))
    n = shares.n[places[:, :, 0]]
    large = (n >= FEWEST) & np.isfinite(shares.std_error[places]).all(axis=2)
    wave_of = shares.named.column("wave")
    found = np.eye(len(every), dtype=bool)
    for level, rows in enumerate(places):
        own = [effects_of(effects, source, str(wave_of[rows[0, 0]])) for source in sources]
        alike = np.array([one == own[0] for one in own])
        for cohort in _joined(n[level], large[level], alike):
            found[rows[0], rows[cohort]] = True
            found[rows[cohort], rows[cohort]] = False
    return None if found.diagonal().all() else found


def _joined(n: Floats, large: Booleans, alike: Booleans) -> list[int]:
    """List the cohorts that count with the first: small ones, until all together are large."""
    found: list[int] = []
    people = 0.0 if large[0] else n[0]
    for cohort in sorted(range(1, len(n)), key=lambda one: (large[one], n[one])):
        small = not large[cohort] or 0 < people < FEWEST
        if alike[cohort] and n[cohort] and small:
            found.append(cohort)
            people += n[cohort]
    return found
