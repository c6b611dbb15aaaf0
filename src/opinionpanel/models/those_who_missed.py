"""Those interviewed at the first of some waves, as if none of them had missed a later one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans
from opinionpanel.design import CompiledDesign, WaveKey
from opinionpanel.errors import SelectionError
from opinionpanel.panel import ImputedAnswers, Panel
from opinionpanel.phrases import Phrase
from opinionpanel.questions import NOT_INTERVIEWED, Group


def as_interviewed(panel: Panel, items: Sequence[str], waves: Sequence[str]) -> Panel:
    """Let those interviewed at the first of some waves be there at all at which they were due.

    Everyone else is not there at any of them. All count with the weight of the first wave, also
    at pairs of the waves. Nothing is answered for them: items keep who did not answer. Of groups by
    wave they keep the value of the nearest wave at which they have one.
    """
    first, *later = waves
    panel.check_same_people(items[0])
    if not later:
        raise SelectionError(
            f"missed=True needs a later wave than {first!r}, which somebody missed."
        )
    weight = np.asarray(panel.weights[first])
    present = np.array(panel.present)
    people = present[panel.position(first)] & (weight > 0)
    answers = {name: np.array(rows) for name, rows in panel.answers.items()}
    for wave in waves:
        place = panel.position(wave)
        present[place] = panel.were_due(people, [wave])
        for rows in answers.values():
            rows[place][~people] = np.where(
                rows[place][~people] >= NOT_INTERVIEWED, NOT_INTERVIEWED, rows[place][~people]
            )
    missed = present & ~np.asarray(panel.present)
    pairs = [key for key in panel.weights if isinstance(key, tuple) and set(key) & set(waves)]

    def of_first(by_key: Mapping[Any, Any]) -> dict[Any, Any]:
        kept = {key: value for key, value in by_key.items() if key not in pairs}
        if first in by_key:
            return {**kept, **dict.fromkeys(later, by_key[first])}
        return {key: value for key, value in kept.items() if key not in later}

    counted = np.where(people, weight, 0.0)
    return replace(
        panel,
        present=present,
        answers=answers,
        imputed=ImputedAnswers(missed=tuple(later)),
        groups={name: _carried(group, missed) for name, group in panel.groups.items()},
        weights={**of_first(panel.weights), **dict.fromkeys(waves, counted)},
        replicates=of_first(panel.replicates),
        without_weight={**of_first(panel.without_weight), **dict.fromkeys(waves, 0)},
        calibrations=of_first(panel.calibrations),
        design=_named(panel, first, later, pairs),
        linked={
            pair: number
            if not set(pair) <= set(waves)
            else int((present[panel.position(pair[0])] & present[panel.position(pair[1])]).sum())
            for pair, number in panel.linked.items()
        },
    )


def _carried(group: Group, missed: Booleans) -> Group:
    """Give those who missed a wave their value at the nearest one, the earlier of two as near."""
    if group.use != "wave":
        return group
    known = np.array(group.by_wave)
    by_wave = known.copy()
    for place, rows in enumerate(missed):
        for other in sorted(range(len(known)), key=lambda one: (abs(one - place), one)):
            open_still = rows & (by_wave[place] < 0)
            by_wave[place][open_still] = known[other][open_still]
    before = group.before and _carried(group.before, missed)
    return replace(group, by_wave=by_wave, before=before)


def _named(
    panel: Panel, first: str, later: Sequence[str], pairs: Sequence[WaveKey]
) -> CompiledDesign:
    """Say of later waves whose weight counts there."""
    design = panel.design
    name = design.weight_text(first)
    if name == "none":
        return design
    by_key: dict[Any, Any] = {
        key: None if (text := design.weight_text(key)) == "none" else text
        for key in panel.weights
        if key not in pairs
    }
    text = Phrase("{weight} of {wave}", weight=name, wave=first)
    return replace(design, weight={**by_key, **dict.fromkeys(later, text)})
