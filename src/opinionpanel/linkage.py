"""Who links: people by wave and by pair of waves, and where linked people disagree."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.panel import Panel

__all__ = ["linkage_frame"]


def linkage_frame(panel: Panel) -> pd.DataFrame:
    """Count who links with whom, over everyone, whatever `where` narrowed the panel to.

    Returns
    -------
    pandas.DataFrame
        A row for each wave (``what="wave"``, both wave columns name it), each pair of waves
        (``"pair"``) and the whole panel (``"all"``, from the first to the last wave), with

        people
            Interviewed at the wave; at both waves of the pair; at all waves.
        new
            For a wave, interviewed for the first time; for a pair, at its later wave only.
        returning
            For a wave, interviewed before but not at the wave before it.
        lost
            For a wave, interviewed at the wave before it and not here; for a pair, at its earlier
            wave only.
        <trait>_compared, <trait>_disagree
            For each fixed trait and group: people with a valid value at both waves of the pair,
            and how many of them differ; in the last row, people with a valid value at two waves
            or more, and how many of them differ at any.

        What does not apply is missing: at the first wave nobody can be returning or lost.
    """
    traits = {**panel.fixed, **panel.groups}
    waves, present = panel.waves, panel.present
    valid = {
        name: [group.valid_at(position) for position in range(len(waves))]
        for name, group in traits.items()
    }
    records: list[dict[str, Any]] = []
    seen = np.zeros(present.shape[1], dtype=bool)
    before = seen
    for wave, here in zip(waves, present, strict=True):
        record = {"what": "wave", "from_wave": wave, "to_wave": wave, "people": _count(here)}
        record["new"] = _count(here & ~seen)
        if records:
            record["returning"] = _count(here & seen & ~before)
            record["lost"] = _count(before & ~here)
        records.append(record)
        seen, before = seen | here, here
    for first, last in combinations(range(len(waves)), 2):
        start, end = present[first], present[last]
        record = {"what": "pair", "from_wave": waves[first], "to_wave": waves[last]}
        record |= {
            "people": _count(start & end),
            "new": _count(end & ~start),
            "lost": _count(start & ~end),
        }
        for name, codes in valid.items():
            both = (codes[first] >= 0) & (codes[last] >= 0)
            record[f"{name}_compared"] = _count(both)
            record[f"{name}_disagree"] = _count(both & (codes[first] != codes[last]))
        records.append(record)
    record = {"what": "all", "from_wave": waves[0], "to_wave": waves[-1]}
    record["people"] = _count(present.all(axis=0))
    for name, group in traits.items():
        record[f"{name}_compared"] = _twice(valid[name])
        record[f"{name}_disagree"] = group.changed
    records.append(record)
    labels = ["what", "from_wave", "to_wave"]
    columns = [*labels, "people", "new", "returning", "lost"]
    columns += [f"{name}_{part}" for name in traits for part in ("compared", "disagree")]
    frame = pd.DataFrame(records).reindex(columns=columns)
    return frame.astype(dict.fromkeys(columns[len(labels) :], "Int64"))


def _count(people: Any) -> int:
    return int(np.count_nonzero(people))


def _twice(codes: list[Any]) -> int:
    times = np.zeros(len(codes[0]), dtype=np.int16)
    for here in codes:
        times += here >= 0
    return _count(times > 1)
