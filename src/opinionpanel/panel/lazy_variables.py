"""What is known of people at every wave: the columns of a frame with a row per person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from opinionpanel.panel.lazy_sources import WAVE

__all__ = ["Variable", "joined"]


@dataclass(frozen=True, eq=False)
class Variable:
    """A value of people at every wave, or one for all waves.

    Attributes
    ----------
    name : str
        Of the column; that of wave number k is the name, "_" and k.
    values : dict of str to narwhals.Expr
        Wave to the values in its rows.
    type : type
        Of the values.
    absent : int or None
        What stands for people without a row; less than any value. None for null.
    dropped : dict of str to int
        Wave to what stands for people whose rows were dropped; by default `absent`.
    steady : bool
        Only the least and the greatest value of each person is wanted: "_low" and "_high".
    """

    name: str
    values: Mapping[str, nw.Expr]
    type: Any
    absent: int | None
    dropped: Mapping[str, int]
    steady: bool = False

    def at(self, place: int) -> str:
        """Name the column of a wave."""
        return f"{self.name}_{place}"


def joined(
    rows: nw.LazyFrame[Any], variables: Sequence[Variable], waves: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Bring everyone's rows together in one.

    A row that is alone at its wave gives the greatest of its values and of `absent`. This needs
    neither joins of waves nor as much memory, and an id that is there twice makes no further rows.
    """
    made: dict[str, nw.Expr] = {}
    wanted: list[nw.Expr] = []
    for variable in variables:
        value = nw.col(variable.name)
        if variable.steady:
            low, high = f"{variable.name}_low", f"{variable.name}_high"
            made |= {low: value, high: value}
            wanted += [nw.col(low).min(), nw.col(high).max()]
            continue
        for place, wave in enumerate(waves):
            if wave in variable.values or wave in variable.dropped:
                here = nw.when(nw.col(WAVE) == place).then(value)
                none = nw.lit(variable.absent, variable.type)
                made[variable.at(place)] = here if variable.absent is None else here.otherwise(none)
                wanted.append(nw.col(variable.at(place)).max())
    return rows.with_columns(**made).select("person", *made).group_by("person").agg(*wanted)
