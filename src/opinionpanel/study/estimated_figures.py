"""Figures that are estimated beyond counting, made as a study file declares them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from opinionpanel.disclosure import MIN_N, Published, publish
from opinionpanel.errors import DesignError
from opinionpanel.estimates import Estimates
from opinionpanel.measures import shares, transition_bounds
from opinionpanel.models import combine, smooth, sources_agree
from opinionpanel.panel import Panel
from opinionpanel.study.estimation_forms import (
    Estimation,
    StudyMoves,
    StudySmallGroups,
)

Samples = Mapping[str, Panel]


def interviews_together(published: Published, estimation: Estimation) -> Estimates | None:
    """Combine the interviews of a panel, of those who joined later, and of samples.

    None where there is one source.
    """
    written, asked = estimation.combine, _asked(published, estimation)
    if written is None or asked is None:
        return None
    panel, item = published.panel, published.item
    found = combine(panel, item, **asked, disagreement=written.disagreement)
    return found if found.about.modelled else None


def sources_apart(published: Published, estimation: Estimation) -> float:
    """Test whether sources disagree, where that is refused; NaN where there is nothing to test."""
    written, asked = estimation.combine, _asked(published, estimation)
    if written is None or asked is None or written.disagreement != "refuse":
        return np.nan
    try:
        return sources_agree(published.panel, published.item, **asked).pvalue
    except DesignError:
        # There is one source at each wave.
        return np.nan


def _asked(published: Published, estimation: Estimation) -> dict[str, Any] | None:
    """Give what `combine` is asked for, as far as the tables of an item show it.

    None where they show no wave, or are about fewer people than answered: the interviews of others
    would tell of those who are left out. Nor is there anything to combine in a series alone.
    """
    written, samples = estimation.combine, samples_of(published, estimation)
    shown = published.waves()
    alone = published.panel.independent and not samples
    if written is None or alone or published.narrowed or not shown:
        return None
    effects: dict[str, dict[str, list[str] | None]] = {}
    for name, sources in written.effects.items():
        for source, waves in sources.items():
            # An empty list stands for all waves.
            here = [wave for wave in waves if wave in shown]
            silent = source in estimation.samples and source not in samples
            if not silent and (here or not waves):
                effects.setdefault(name, {})[source] = here or None
    known = {
        name: sizes
        for name, sizes in written.declared.items()
        if name in effects or name not in written.effects
    }
    every = shown == [*published.panel.asked(published.item)]
    return {
        "samples": samples or None,
        "waves": None if every else shown,
        "effects": effects,
        "declared": known,
    }


def bounded_moves(
    panel: Panel, item: str, written: StudyMoves, waves: Sequence[str], groups: Sequence[str]
) -> Estimates:
    """Bound the moves between two waves, by groups that are large enough."""
    return transition_bounds(panel, item, waves=waves, by=groups or None, assume=written.assume)


def large_groups(panel: Panel, item: str, groups: Sequence[str], waves: Sequence[str]) -> list[str]:
    """Name the groups that can be crossed so that nobody stands in a small one at any wave.

    Bounds are sums over groups: of a few people they would be theirs.
    """
    kept = list[str]()
    for name in groups:
        crossed = shares(panel, item, by=[*kept, name], waves=waves)
        n = np.array([crossed.n[crossed.named.where("wave", wave)] for wave in waves])
        if not ((n < MIN_N) & (n > 0).any(axis=0)).any():
            kept.append(name)
    return kept


def smoothed_groups(
    panel: Panel, item: str, written: StudySmallGroups, estimation: Estimation, wave: str
) -> Estimates:
    """Smooth the shares of small groups at a wave."""
    return smooth(
        shares(panel, item, by=written.by, waves=[wave]),
        effects=written.effects,
        population=estimation.people,
        to=written.to or None,
    )


def samples_of(published: Published, estimation: Estimation) -> Samples:
    """Give the samples that asked an item, with its states put together as those of the panel.

    Not those that asked it at waves only whose shares are not shown.
    """
    item, shown = published.item, {*published.waves()}
    asked = {*published.panel.asked(item)}
    return {
        name: published.with_states(sample)
        for name, sample in estimation.samples.items()
        if item in sample.items and {*sample.asked(item)} & shown | {*sample.asked(item)} - asked
    }


def attempts(panel: Panel, estimation: Estimation) -> Iterator[tuple[str, Callable[[], object]]]:
    """Give what pages of a report will estimate, but for what takes long, each with its key."""
    tries = {"combine": _combined, "possible_moves": _bounded, "small_groups": _smoothed}
    for item in panel.items:
        if len(panel.asked(item)) < 2 or len(panel.item(item).state_names) < 2:
            continue
        for key, make in tries.items():
            written = getattr(estimation, key)
            if written is not None and (not written.items or item in written.items):
                yield f"{key}, item {item!r}", partial(make, panel, item, estimation)


def _combined(panel: Panel, item: str, estimation: Estimation) -> None:
    written = estimation.combine
    if written is not None and not estimation.anchors(item):
        # That sources disagree is what the page says.
        pooled = written.model_copy(update={"disagreement": "pool"})
        interviews_together(publish(panel, item), replace(estimation, combine=pooled))


def _bounded(panel: Panel, item: str, estimation: Estimation) -> None:
    published, written = publish(panel, item), estimation.possible_moves
    waves = published.waves()[-2:]
    if written is not None and len(waves) == 2:
        groups = large_groups(published.panel, item, written.by, waves)
        bounded_moves(published.panel, item, written, waves, groups)


def _smoothed(panel: Panel, item: str, estimation: Estimation) -> None:
    published, written = publish(panel, item), estimation.small_groups
    waves = published.waves()[-1:]
    if written is not None and waves:
        smoothed_groups(published.panel, item, written, estimation, waves[0])
