"""The keys of a ``study.toml`` that say how figures are estimated beyond counting answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from opinionpanel.panel import Panel
from opinionpanel.study.key_forms import Name, StudyText, Table

Numbers = dict[str, float]


def _bounds(value: Any) -> tuple[float, float]:
    numbers = [type(number) in (int, float) for number in value] if isinstance(value, list) else []
    if numbers != [True, True]:
        raise PydanticCustomError(
            "form", "must be the least and the greatest factor of a weight, such as [0.3, 3]"
        )
    return float(value[0]), float(value[1])


class StudyAnchor(Table):
    """Known results that an item is brought to, as the file declares them."""

    item: Name
    known: dict[str, Numbers]
    margins: dict[str, Numbers] = Field(default_factory=dict)
    bounds: Annotated[tuple[float, float], PlainValidator(_bounds)] | None = None
    source: StudyText = ""


class StudyCombine(Table):
    """Samples and fresh people that count in the same trend, as the file declares them."""

    items: list[Name] = Field(default_factory=list)
    samples: dict[Name, Name] = Field(default_factory=dict)
    effects: dict[str, dict[str, list[Name]]] = Field(default_factory=dict)
    declared: dict[str, Numbers] = Field(default_factory=dict)
    disagreement: Literal["refuse", "pool"] = "refuse"


class StudyMoves(Table):
    """What bounds on the moves between independent samples assume, as the file declares it."""

    items: list[Name] = Field(default_factory=list)
    by: list[Name] = Field(default_factory=list)
    assume: Numbers = Field(default_factory=dict)


class StudySmallGroups(Table):
    """Small groups that borrow strength from each other, as the file declares them."""

    by: list[Name] = Field(min_length=1)
    items: list[Name] = Field(default_factory=list)
    effects: list[Name] = Field(default_factory=list)
    population: str = ""
    to: list[Name] = Field(default_factory=list)


class StudyImpute(Table):
    """Gaps that are imputed, as the file declares it."""

    items: list[Name] = Field(default_factory=list)
    m: int = 20
    missed: bool = False
    seed: int = 1


# The tables of the file, by their keys.
ESTIMATION: dict[str, type[Table]] = {
    "anchor": StudyAnchor,
    "combine": StudyCombine,
    "possible_moves": StudyMoves,
    "small_groups": StudySmallGroups,
    "impute": StudyImpute,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimation:
    """How the figures of a study are estimated beyond counting answers, as its file says.

    Attributes
    ----------
    anchor, combine, possible_moves, small_groups, impute
        What stands under the key of that name; None where the file does not have it.
    samples : dict of str to Panel
        The samples that are combined with the panel, by name.
    people : dict or None
        How many people the population has in each small group, where that is known.
    """

    anchor: StudyAnchor | None = None
    combine: StudyCombine | None = None
    possible_moves: StudyMoves | None = None
    small_groups: StudySmallGroups | None = None
    impute: StudyImpute | None = None
    samples: Mapping[str, Panel] = field(default_factory=dict)
    people: Mapping[Any, float] | None = None

    def anchors(self, item: str) -> bool:
        """Tell whether the weights bring the answers to an item to known results."""
        return self.anchor is not None and self.anchor.item == item
