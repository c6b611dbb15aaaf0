"""What a file ``study.toml`` declares, in the terms of the library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from opinionpanel.design import AnyDesign
from opinionpanel.panel import Due, Fieldwork, Person
from opinionpanel.questions import (
    Groups,
    Item,
    Questions,
    Status,
)
from opinionpanel.study.answer_groups import (
    AnswersAt,
    labels_of_answers,
)
from opinionpanel.study.declared_people import (
    Traits,
)
from opinionpanel.study.keys import StudyKeys, dotted_key
from opinionpanel.study.texts import LANGUAGE, METHODS, OF_WAVE, StudyTexts, in_language


@dataclass(frozen=True)
class Declaration:
    """What a study file declares, in the library's own terms, as far as it is right.

    Attributes
    ----------
    keys : StudyKeys
        The file's keys and all its faults.
    file : pathlib.Path or None
        The file of all waves, if it is there.
    files : dict of str to pathlib.Path
        Wave to file; those that are there.
    person : str, dict by wave, or None
    items : dict of str to Item or Score
        Those without a fault.
    drafts : dict
        (Item, wave), or (item, "") where all waves have the same states, to an item of those
        states that have codes and no fault; of use for what its codes mean.
    groups, fixed : sequence or dict
    answer_groups : dict of str to AnswersAt
        Groups that are answers to an item at a wave.
    design : Design, ReplicateDesign or None
        None where it has a fault.
    interviewed : Status, "weight" or None
    due : dict of str to list of str, or Cohorts
        Empty where the columns of rotation groups have a fault.
    batteries : dict of str to list of str
        Items that a report shows together; those without a fault.
    others : dict of str to Declaration
        The studies that stand beside this one, by name; those without a fault.
    samples : dict of str to Declaration
        Those whose interviews are combined with it, likewise.
    people : dict or None
        How many people the population has in each small group.
    """

    keys: StudyKeys
    file: Path | None
    files: Mapping[str, Path]
    person: Person | None
    items: Questions
    drafts: Mapping[tuple[str, str], Item]
    groups: Groups
    fixed: Groups
    answer_groups: Mapping[str, AnswersAt]
    design: AnyDesign | None
    interviewed: Status | Literal["weight"] | None
    due: Due
    batteries: Mapping[str, Sequence[str]]
    others: Mapping[str, "Declaration"] = field(default_factory=dict)
    samples: Mapping[str, "Declaration"] = field(default_factory=dict)
    people: Mapping[Any, float] | None = None

    @property
    def reading(self) -> dict[str, Any]:
        """How to read the wave files: arguments of `read_panel`, for all or by wave."""
        said = self.keys.reading
        if self.keys.file:
            return said
        waves = [wave for wave in self.keys.waves.values() if wave.name in self.files]
        own = {
            name: {wave.name: told for wave in waves if (told := getattr(wave, name) or said[name])}
            for name in ("encoding", "skip_rows", "sheet")
        }
        return said | own

    def trait_key(self, kind: Traits, name: str) -> str:
        """Name the key of a group or a fixed trait: of a list of fixed traits, that of the list."""
        listed = kind == "fixed" and not isinstance(self.keys.fixed, dict)
        return kind if listed else dotted_key([kind, name])

    @property
    def dates(self) -> dict[str, Fieldwork]:
        """Fieldwork by wave, as it is written."""
        return {wave.name: wave.fieldwork for wave in self.keys.waves.values() if wave.fieldwork}

    @property
    def wave_files(self) -> list[Path]:
        """The wave files that are there; and the studies beside this one with theirs."""
        own = [*self.files.values(), *([] if self.file is None else [self.file])]
        beside = [*self.others.values(), *self.samples.values()]
        others = [[other.keys.path, *other.wave_files] for other in beside]
        return [*own, *(path for paths in others for path in paths)]

    @property
    def source(self) -> str:
        """Where the data come from, for estimates."""
        return in_language(self.keys.source, LANGUAGE)

    @property
    def texts(self) -> StudyTexts:
        """What the file says to readers, in all its languages."""
        keys, items = self.keys, self.keys.items
        questions = self.keys.questions
        groups = keys.groups if isinstance(keys.groups, dict) else {}
        labels = {name: group.label for name, group in groups.items() if not isinstance(group, str)}
        return StudyTexts(
            title=keys.title,
            source=keys.source,
            methods={name: getattr(keys, name) for name in METHODS},
            waves={
                wave.name: {name: getattr(wave, name) for name in OF_WAVE}
                for wave in keys.waves.values()
            },
            names={**labels_of_answers(keys), **labels, **keys.labels},
            items={
                name: {"label": question.label, "question": question.question}
                for name, question in [*questions.items(), *keys.batteries.items()]
            },
            states={name: item.labels for name, item in items.items()},
        )
