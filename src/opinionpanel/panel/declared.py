"""What is declared of a panel, in whatever form its waves come."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from opinionpanel.design import AnyDesign, Design
from opinionpanel.errors import LinkError
from opinionpanel.panel.cohorts import DUE, Cohorts
from opinionpanel.panel.linking import Duplicates, Person
from opinionpanel.questions import (
    Grouping,
    Groups,
    Questions,
    QuestionsGiven,
    Scale,
    Status,
    each_item,
    grouping,
    with_parts,
)

# How to know who was interviewed at a wave, of those who have a row there.
Interviewed = Status | Literal["weight"] | None
# Wave of the first interview, to the waves at which these people were to be interviewed; or these
# by rotation group.
Due = Mapping[str, Sequence[str]] | Cohorts


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What is declared of a panel, as `Panel.from_waves` describes it.

    Attributes
    ----------
    person : str, dict by wave, or None
        None where every wave asked other people.
    items : dict of str to Item or Score
        What is read of columns, the questions of scales among them.
    scales : dict of str to Scale
    groups, fixed : dict of str to Grouping
    design : Design, ReplicateDesign or Resampling
    duplicates : {"error", "drop_all"}
    no_id : sequence
        Values of id columns that stand for no id.
    interviewed : Status, "weight" or None
    due : dict of str to list of str, or Cohorts
    """

    person: Person | None
    items: Questions
    scales: Mapping[str, Scale]
    groups: Mapping[str, Grouping]
    fixed: Mapping[str, Grouping]
    design: AnyDesign
    duplicates: Duplicates
    no_id: Sequence[Hashable]
    interviewed: Interviewed
    due: Due

    @property
    def independent(self) -> bool:
        """Whether every wave asked other people."""
        return self.person is None

    @property
    def traits(self) -> dict[tuple[str, str], Grouping]:
        """Every column that is read as a group of people is, by what for and name.

        Faults of the groups come after those of the traits.
        """
        found = {("fixed", name): one for name, one in self.fixed.items()}
        found |= {("groups", name): one for name, one in self.groups.items()}
        if isinstance(self.due, Cohorts):
            found[DUE, ""] = self.due.grouping
        return found


def declared(
    *,
    person: Person | None,
    items: QuestionsGiven,
    groups: Groups = (),
    design: AnyDesign | None = None,
    fixed: Groups = (),
    duplicates: Duplicates = "error",
    no_id: Sequence[Hashable] = (),
    interviewed: Interviewed = None,
    due: Due | None = None,
) -> Declared:
    """Bring what users write to one form."""
    if isinstance(person, str) and person.casefold() == "none":
        raise LinkError(
            f"person={person!r} is no column. That every wave asked other people is person=None, "
            f"without quotes, in study files person = 'none'. An id column of that name is named "
            f"in a list, person=[{person!r}]."
        )
    asked, scales = with_parts(each_item(items))
    grouped = grouping(groups)
    if person is None:
        # Of people who were asked once, the first value is that of the wave.
        grouped = {name: replace(one, use="first") for name, one in grouped.items()}
    return Declared(
        person=person,
        items=asked,
        scales=scales,
        groups=grouped,
        fixed=grouping(fixed),
        design=design or Design(weight=None),
        duplicates=duplicates,
        no_id=no_id,
        interviewed=interviewed,
        due=due or {},
    )


def told_waves(interviewed: Interviewed, waves: Iterable[str]) -> tuple[str, ...]:
    """Name the waves at which a status or a weight is declared to tell who was interviewed."""
    if isinstance(interviewed, Status):
        return tuple(wave for wave in waves if interviewed.column_at(wave) is not None)
    return tuple(waves) if interviewed == "weight" else ()
