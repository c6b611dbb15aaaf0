"""Who links: people by wave and by pair of waves, and where linked people disagree."""

from collections.abc import Iterator
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.engines import how_many
from opinionpanel.panel.record import PanelRecord
from opinionpanel.panel.traits import repeated


def linkage_frame(panel: PanelRecord) -> pd.DataFrame:
    """Count who links with whom, as `Panel.linkage` describes."""
    waves, traits = panel.waves, panel.traits
    pairs = list(combinations(range(len(waves)), 2))
    records: list[dict[str, Any]] = [
        {"what": "wave", "from_wave": wave, "to_wave": wave} for wave in waves
    ]
    records += [
        {"what": "pair", "from_wave": waves[first], "to_wave": waves[last]} for first, last in pairs
    ]
    records.append({"what": "all", "from_wave": waves[0], "to_wave": waves[-1]})
    for (row, column), number in how_many(_cells(panel, pairs)).items():
        records[row][column] = number
    records[-1] |= {f"{name}_disagree": group.changed for name, group in traits.items()}
    labels = ["what", "from_wave", "to_wave"]
    columns = [*labels, "people", "new", "returning", "lost"]
    columns += [f"{name}_{part}" for name in traits for part in ("compared", "disagree")]
    frame = pd.DataFrame(records).reindex(columns=columns)
    return frame.astype(dict.fromkeys(columns[len(labels) :], "Int64"))


def _cells(
    panel: PanelRecord, pairs: list[tuple[int, int]]
) -> Iterator[tuple[tuple[int, str], Any]]:
    """Say who counts in each row and column of the table."""
    present = panel.present
    valid = {
        name: [group.valid_at(position) for position in range(len(panel.waves))]
        for name, group in panel.traits.items()
    }
    seen = before = np.zeros_like(present[0])
    for row, (wave, here) in enumerate(zip(panel.waves, present, strict=True)):
        yield (row, "people"), here
        yield (row, "new"), here & ~seen
        if row:
            yield (row, "returning"), here & seen & ~before
            yield (row, "lost"), panel.were_due(before & ~here, [wave])
        seen, before = seen | here, panel.before(wave, before)
    for row, (first, last) in enumerate(pairs, start=len(present)):
        start, end = present[first], present[last]
        yield (row, "people"), start & end
        yield (row, "new"), end & ~start
        yield (row, "lost"), panel.were_due(start & ~end, [panel.waves[last]])
        for name, codes in valid.items():
            both = (codes[first] >= 0) & (codes[last] >= 0)
            yield (row, f"{name}_compared"), both
            yield (row, f"{name}_disagree"), both & (codes[first] != codes[last])
    row = len(present) + len(pairs)
    yield (row, "people"), reduce(np.logical_and, present)
    for name, codes in valid.items():
        yield (row, f"{name}_compared"), repeated(here >= 0 for here in codes)
