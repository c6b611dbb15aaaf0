"""Waves of which far fewer people are found in other waves than of the rest."""

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np

from opinionpanel.panel.record import PanelRecord
from opinionpanel.panel.traits import repeated

# With two waves both have the same links: nothing to compare with.
LEAST_WAVES = 3
# Less than this part of the usual rate is far below it, if it is so by three standard errors.
FAR_BELOW, ERRORS = 0.5, 3


def rate_conditions(panel: PanelRecord) -> Iterator[tuple[Hashable, Any]]:
    """Say who of each wave is in any other."""
    if len(panel.waves) < LEAST_WAVES:
        return
    several = repeated(panel.present)
    for wave, here in zip(panel.waves, panel.present, strict=True):
        yield ("interviewed", wave), here
        yield ("linked", wave), here & several


def rate_notes(panel: PanelRecord, counts: Mapping[Hashable, int]) -> list[str]:
    """Name the waves whose people link far less often than those of the others."""
    if len(panel.waves) < LEAST_WAVES:
        return []
    people = {wave: counts["interviewed", wave] for wave in panel.waves}
    linked = {wave: counts["linked", wave] for wave in panel.waves}
    rates = {wave: linked[wave] / max(people[wave], 1) for wave in panel.waves}
    notes = []
    for wave, rate in rates.items():
        usual = float(np.median([other for name, other in rates.items() if name != wave]))
        far = FAR_BELOW * usual
        error = math.sqrt(people[wave] * far * (1 - far))
        if linked[wave] < people[wave] * far - ERRORS * error:
            notes.append(
                f"at {wave}, only {linked[wave]:,} of {people[wave]:,} people ({rate:.0%}) are in "
                f"any other wave, and at the other waves {usual:.0%} (median): check that the ids "
                "are the same there; people who are new at a wave and do not stay link to nobody"
            )
    return notes
