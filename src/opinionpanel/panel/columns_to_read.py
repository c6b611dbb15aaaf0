"""Which columns of each wave file a panel needs: no others are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opinionpanel.design import AnyDesign, Design, ReplicateDesign, Resampling, matching
from opinionpanel.errors import ReadError, unknown
from opinionpanel.panel.declared import Declared
from opinionpanel.panel.linking import id_columns
from opinionpanel.questions import STATUS, Coalesce, Grouping, Status
from opinionpanel.waves import Roles, single_column


def mentioned(declared: Declared) -> list[str]:
    """List the columns that a panel names, replicate weights as patterns."""
    return [*_flat(declared.person), *_values(declared), *_weights(declared)]


def _values(declared: Declared) -> list[str]:
    """List the columns of answers, traits and units of the sample."""
    design = declared.design
    named: list[Any] = [item.column for item in declared.items.values()]
    if isinstance(declared.interviewed, Status):
        named.append(declared.interviewed.column)
    named += [trait.column or name for (_, name), trait in declared.traits.items()]
    sampled = design.design if isinstance(design, Resampling) else design
    if isinstance(sampled, Design):
        named += [sampled.stratum, sampled.psu, sampled.fpc]
    return list(_flat(named))


def _weights(declared: Declared) -> list[str]:
    """List the columns of weights, replicate weights as patterns."""
    design = declared.design
    sampled = design.design if isinstance(design, Resampling) else design
    replicates = None if isinstance(sampled, Design) else sampled.replicates
    return list(_flat([design.weight, replicates]))


def roles_of(declared: Declared, names: Sequence[str], others: Sequence[str | None] = ()) -> Roles:
    """Tell what the columns of a text file are used as."""
    weights = {name for one in _weights(declared) for name in matching(one, names)}
    values = [*_values(declared), *filter(None, others)]
    return Roles(frozenset(_flat(declared.person)), frozenset(weights), frozenset(values))


def _flat(named: Any) -> Iterator[str]:
    """List the names in a name, a list of such, or a dict by wave of either."""
    if isinstance(named, str):
        yield named
    elif isinstance(named, Coalesce):
        yield from named.columns
    elif named is not None:
        for one in named.values() if isinstance(named, Mapping) else named:
            yield from _flat(one)


def columns_of_one_file(names: Sequence[str], file: Path, named: Sequence[str | None]) -> list[str]:
    """Choose the columns of one file for all waves, or refuse one that it does not have.

    Parameters
    ----------
    names : sequence of str
        The columns of the file.
    file : pathlib.Path
    named : sequence of str or None
        The columns that are needed, replicate weights as patterns; None for one that is not.
    """
    chosen: list[str] = []
    known = dict.fromkeys(names)
    for one in dict.fromkeys(name for name in named if name is not None):
        found = matching(one, known)
        if not found:
            near = f"{unknown('column', one, names)}{single_column(file, names)}"
            raise ReadError(f"{file.name}: {near}")
        chosen += found
    return list(dict.fromkeys(chosen))


def columns_to_read(
    names: Mapping[str, list[str]],
    files: Mapping[str, Path],
    declared: Declared,
) -> dict[str, list[str]]:
    """Choose the columns of every wave, or refuse one that its file does not have.

    Parameters
    ----------
    names : dict of str to list of str
        Wave to the columns of its file.
    files : dict of str to pathlib.Path
    declared : Declared
    """
    columns = _Columns(names, files)
    for one in names:
        if declared.person is not None:
            columns.need(one, id_columns(declared.person, one), "person id")
        for name, item in declared.items.items():
            elsewhere = not isinstance(item.column, Mapping)
            columns.need(one, item.columns_at(one), f"item {name!r}", elsewhere=elsewhere)
    if isinstance(declared.interviewed, Status):
        columns.want("", Grouping(declared.interviewed.column), STATUS)
    for (purpose, name), trait in declared.traits.items():
        columns.want(name, trait, purpose)
    _design_columns(declared.design, columns)
    return {one: list(dict.fromkeys(chosen)) for one, chosen in columns.chosen.items()}


@dataclass
class _Columns:
    """The columns to read of each wave, found among those that its file has."""

    names: Mapping[str, list[str]]
    files: Mapping[str, Path]
    chosen: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.chosen = {wave: [] for wave in self.names}

    def need(
        self, wave: str, columns: Sequence[str], purpose: str, *, elsewhere: bool = False
    ) -> None:
        """Read columns that the wave must have; say if they are to be found elsewhere only."""
        for column in columns:
            if column not in self.names[wave]:
                path, names = self.files[wave], self.names[wave]
                near = f"{unknown('column', column, names)}{single_column(path, names)}"
                near += self._elsewhere(wave, column) if elsewhere else ""
                raise ReadError(f"Wave {wave!r} ({path.name}), {purpose}: {near}")
            self.chosen[wave].append(column)

    def _elsewhere(self, wave: str, column: str) -> str:
        """Name a wave that has a column which another one lacks."""
        for other, names in self.names.items():
            if column in names:
                by_wave = f"{{{other!r}: {column!r}, {wave!r}: '…'}}"
                return (
                    f" Wave {other!r} has it, wave {wave!r} has not. Where the question has "
                    f"another name there: column={by_wave}"
                )
        return ""

    def want(self, name: str, trait: Grouping, purpose: str) -> None:
        """Read a column from the waves that have it; at least one must."""
        # A column named for one wave must be there.
        by_wave = isinstance(trait.column, Mapping)
        places = {wave: trait.column_at(wave, name) for wave in self.names}
        named = {wave: column for wave, column in places.items() if column is not None}
        holding = [wave for wave in named if by_wave or named[wave] in self.names[wave]]
        for wave in holding or list(named)[:1]:
            self.need(wave, [named[wave]], purpose)


def _design_columns(design: AnyDesign, columns: _Columns) -> None:
    """Read the columns of a design: weights where they stand, the rest where it is."""
    waves = list(columns.names)
    weights = design.weight
    if not isinstance(weights, Mapping):
        weights = dict.fromkeys(waves, weights)
    for key, column in weights.items():
        # Keys that are no waves of this panel are refused when people are weighed.
        places = [wave for wave in (key if isinstance(key, tuple) else (key,)) if wave in waves]
        if column is None or not places:
            continue
        # A longitudinal weight is delivered with the later wave, or else with the earlier one.
        last = max(places, key=waves.index)
        holding = [wave for wave in (last, *places) if column in columns.names[wave]]
        wave = holding[0] if holding else last
        columns.need(wave, [column], "weight")
        if isinstance(design, ReplicateDesign):
            known = dict.fromkeys(columns.names[wave])
            for pattern in design.replicates_at(key):
                if found := matching(pattern, known):
                    columns.chosen[wave] += found
                else:
                    columns.need(wave, [pattern], "replicate weights")
    if isinstance(design, Resampling):
        design = design.design
    if isinstance(design, Design):
        for role in ("stratum", "psu", "fpc"):
            if (named := getattr(design, role)) is not None:
                columns.want(role, Grouping(named), role)
