"""Which columns of a wave hold the replicates of a weight."""

import re
from collections.abc import Collection, Hashable, Mapping, Sequence

import numpy as np

from opinionpanel.design.replicate_design import ReplicateDesign
from opinionpanel.errors import DesignError, ReadError, listing
from opinionpanel.waves import Wave


def check_replicate_keys(design: ReplicateDesign, keys: Sequence[Hashable]) -> None:
    """Refuse replicates of a wave or a pair that has no weight: nothing would use them."""
    named = list(design.replicates) if isinstance(design.replicates, Mapping) else []
    for key in named:
        if key not in keys:
            raise DesignError(
                f"Replicates are named for {key!r}, which has no weight of its own. Name its "
                "weight as well, or mend the wave's name."
            )


def replicate_columns(
    design: ReplicateDesign, waves: Mapping[str, Wave], wave: str, key: Hashable
) -> list[str]:
    """Find the replicate columns of a wave by name or pattern, in natural order."""
    known = dict.fromkeys(str(name) for name in waves[wave].frame.columns)
    columns: list[str] = []
    for wanted in design.replicates_at(key):
        found = matching(wanted, known)
        if not found:
            raise ReadError(
                f"Wave {wave!r} ({waves[wave].where}), replicate weights: no column is named like "
                f"{wanted!r}. Mend the pattern, for example 'rep_*'."
            )
        columns += found
    where = f"Wave {wave!r} ({waves[wave].where})"
    if len(set(columns)) < len(columns):
        raise DesignError(f"{where}: some replicate columns are named twice. Name each once.")
    if design.weight_text(key) in columns:
        raise DesignError(
            f"{where}: the replicates {listing(design.replicates_at(key))} include the weight "
            f"{design.weight_text(key)!r} itself. Mend the pattern or the list."
        )
    given = design.rscales
    rscales = None if given is None or np.ndim(given) == 0 else np.asarray(given)
    if len(columns) < 2 or (rscales is not None and len(rscales) != len(columns)):
        raise DesignError(
            f"{where}: {len(columns)} replicate column(s), with "
            f"{'no' if rscales is None else len(rscales)} rscales. Replicates need at least two "
            "columns, and rscales one number for each."
        )
    return columns


def matching(pattern: str, names: Collection[str]) -> list[str]:
    """List the names a pattern stands for, ``*`` being a number; rep_2 comes before rep_10.

    Whoever asks for many names gives the keys of a dict: to look through a list for each takes
    their product.
    """
    if "*" not in pattern:
        return [pattern] if pattern in names else []
    parts = pattern.split("*")
    found = [name for name in names if name == pattern or _made_of(name, parts)]
    # Written alike, numbers have the order of their texts, however long they are.
    width = max(map(len, found), default=0)
    return sorted(
        found,
        key=lambda name: [
            part.zfill(width) if part.isdecimal() else part for part in re.split(r"(\d+)", name)
        ],
    )


def _made_of(name: str, parts: Sequence[str]) -> bool:
    """Tell whether a name consists of parts with a number between each two.

    A regular expression of many numbers takes longer than anybody waits for some names.
    """
    ends = {len(parts[0])} if name.startswith(parts[0]) else set()
    for part in parts[1:]:
        starts = set()
        for end in ends:
            while name[end : end + 1].isdecimal():
                end += 1
                starts.add(end)
        ends = {start + len(part) for start in starts if name.startswith(part, start)}
    return len(name) in ends
