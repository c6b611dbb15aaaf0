"""Moves between the states that are on a scale, tallied by origin and destination, or by steps."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from opinionpanel.arrays import Booleans
from opinionpanel.engines import PersonColumn, take
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.estimates import PAIR, About, Totals
from opinionpanel.measures.bases import Base, By, Own
from opinionpanel.measures.batteries import Battery
from opinionpanel.measures.pairs_of_waves import Waves
from opinionpanel.measures.score_totals import refuse_panel
from opinionpanel.measures.tabulation import pair_totals
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, any_of, per_cent

# The column that tells steps along a scale apart, while they are added up; no group has its name.
STEP = "(step)"
# Among the steps along a scale, those to or from a state that is not on it.
LEFT_OUT = "left out"


def scale_totals(
    panel: Panel,
    item: str,
    waves: Waves | None,
    by: By,
    base: Base,
    without: Sequence[str],
    measure: str,
    title: str,
) -> tuple[Totals, About, list[str], list[str]]:
    """Tally the moves between the states that are on the scale, which comes last."""
    scale, left = _scale_of(panel, item, base, without, measure)
    totals, about, groups = pair_totals(panel, item, waves, by, base, measure, title)
    kept = totals.named.where("origin", *scale) & totals.named.where("destination", *scale)
    return *_on_scale(totals, about, kept, scale, left), groups, scale


def step_totals(
    panel: Panel,
    item: str,
    waves: Waves | None,
    by: By,
    base: Base,
    without: Sequence[str],
    measure: str,
    title: str,
) -> tuple[Totals, About, list[str]]:
    """Tally the steps that people moved up the scale, numbered in the column `STEP`.

    One cell for each number of steps: those of all moves grow with the square of the states.
    """
    if item in panel.scores and measure == "direction":
        return _score_totals(panel, item, waves, by, base, without, title)
    scale, left = _scale_of(panel, item, base, without, measure)
    title += f", upward from {scale[0]} to {scale[-1]}"
    most = len(scale) - 1
    states = panel.item(item).state_names
    # Sums of two places, of which -1 is none, must fit.
    small = np.int8 if len(states) < 2**5 else np.int16
    place = np.array([scale.index(s) if s in scale else -1 for s in states], dtype=small)

    def codes_of(origin: PersonColumn, destination: PersonColumn) -> list[PersonColumn]:
        answered = (origin >= 0) & (destination >= 0)
        if not left:
            return [np.where(answered, destination.astype(small) - origin + most, -1)]
        start, end = take(place, origin), take(place, destination)
        on_scale = (start >= 0) & (end >= 0)
        step = np.where(on_scale, end - start + most, 2 * most + 1)
        return [np.where(answered, step, -1)]

    steps = [*map(str, range(-most, most + 1)), *([LEFT_OUT] if left else [])]
    totals, about, groups = pair_totals(
        panel,
        item,
        waves,
        by,
        base,
        measure,
        title,
        own=[Own(STEP, steps)],
        codes_of=codes_of,
    )
    kept = ~totals.named.where(STEP, LEFT_OUT)
    return *_on_scale(totals, about, kept, scale, left), groups


def _score_totals(
    panel: Panel,
    score: str,
    waves: Waves | None,
    by: By,
    base: Base,
    without: Sequence[str],
    title: str,
) -> tuple[Totals, About, list[str]]:
    """Tally who went to a higher number, the same, or a lower one: how far does not matter."""
    refuse_panel(base)
    if without:
        raise SelectionError(
            f"Score {score!r} has no states to leave out: name what is no number in missing=[…] of "
            "the Score."
        )

    def codes_of(before: PersonColumn, after: PersonColumn) -> list[PersonColumn]:
        answered = (before >= 0) & (after >= 0)
        step = np.where(after > before, 2, np.where(after < before, 0, 1))
        return [np.where(answered, step, -1)]

    return pair_totals(
        panel,
        Battery({score: score}),
        waves,
        by,
        base,
        "direction",
        title,
        own=[Own(STEP, ["-1", "0", "1"])],
        codes_of=codes_of,
    )


def _scale_of(
    panel: Panel, item: str, base: Base, without: Sequence[str], measure: str
) -> tuple[list[str], list[str]]:
    """List the states that are on the scale, and those that are left out."""
    if base == "panel":
        raise SelectionError(
            f"{measure} compares the answers of two waves, and who was not interviewed has none. "
            "Choose base='answered' or 'balanced'; flows(..., base='panel') shows who is missing."
        )
    states = panel.item(item).state_names
    left = [without] if isinstance(without, str) else list(without)
    for state in left:
        if state not in states:
            raise unknown(f"state of item {item!r}", state, states)
    scale = [state for state in states if state not in left]
    if len(scale) < 2:
        raise SelectionError(
            f"{measure} needs two states or more; item {item!r} has {listing(scale)}"
            + (f" without {listing(left)}." if left else ".")
        )
    return scale, left


def _on_scale(
    totals: Totals, about: About, kept: Booleans, scale: list[str], left: list[str]
) -> tuple[Totals, About]:
    """Keep the cells that are on the scale, and say how many people are not."""
    if not left:
        return totals, about
    about = replace(
        about,
        states=tuple(scale),
        base=Phrase(
            "{base}, at neither wave of the pair {states}", base=about.base, states=any_of(left)
        ),
        notes={**about.notes, **_left_out(totals, kept, left)},
    )
    rows = np.eye(len(kept), dtype=bool)[kept]
    return totals.combine(rows, totals.named.take(kept)), about


def _left_out(totals: Totals, kept: Booleans, left: list[str]) -> dict[tuple[str, ...], str]:
    """Say for each pair of waves how many have no place on the scale."""
    notes: dict[tuple[str, ...], str] = {}
    keys = totals.named.keys(PAIR)
    for pair in dict.fromkeys(keys):
        first, last = map(str, pair)
        rows = np.array([key == pair for key in keys])
        value, off = totals.value[rows], ~kept[rows]
        if value[off].sum() > 0:
            share = value[off].sum() / value.sum()
            notes[first, last] = Phrase(
                "{first} → {last}: {share} of the base are left out, {states} at one of them.",
                first=str(first),
                last=str(last),
                share=per_cent(share, digits=1),
                states=any_of(left),
            )
    return notes
