"""Groups that are made of a panel, beside those that were read with it.

Each kind finds a code for every person; `steady_group` and `with_group` do the rest.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from opinionpanel.arguments import check_whole
from opinionpanel.arrays import Floats
from opinionpanel.engines import PersonColumn, counts, take
from opinionpanel.errors import SelectionError, listing
from opinionpanel.panel.record import PanelRecord
from opinionpanel.questions import AnyQuestion, Bands, Group, Grouping, Score, narrowed

AnyPanel = TypeVar("AnyPanel", bound=PanelRecord)


def with_answers(
    panel: AnyPanel, item: str, wave: str, name: str | None, cuts: Sequence[float]
) -> AnyPanel:
    """Add the answers to an item or a score at a wave as a group, as `Panel.group_of` describes."""
    question = panel.question(item)
    bands = _bands(question, item, cuts)
    panel.check_asked(item, [wave])
    codes = panel.answers[item][panel.position(wave)].astype(np.int64)
    # Codes below -1 say why there is no answer.
    answered: PersonColumn = np.where(codes >= 0, codes, -1)
    if bands is None:
        group = steady_group(panel, answered, question.state_names)
    else:
        group = _in_bands(panel, answered, panel.numbers[item], bands)
    if group.unused == len(group.categories):
        raise SelectionError(
            f"Nobody answered {question.kind} {item!r} at wave {wave!r}, so it makes no group. "
            "Name another wave."
        )
    name = answers_text(item, wave) if name is None else name
    group = replace(group, answers_to=(item, wave), made_of=((item, wave),))
    what = f"answers to {item} at {wave}" + ("" if bands is None else ", in bands")
    return with_group(panel, name, group, what, instead=f"{item} before")


def _bands(question: AnyQuestion, name: str, cuts: Sequence[float]) -> Bands | None:
    """Read where the numbers of a score are cut; None for an item, which has states."""
    bounds = tuple(Grouping(bands=cuts).bands)
    if not isinstance(question, Score):
        if bounds:
            raise SelectionError(
                f"bands cut numbers, and item {name!r} has states, which are its groups: "
                f"{listing(question.state_names)}. Leave bands out."
            )
        return None
    if not bounds:
        raise SelectionError(
            f"The answers to score {name!r} are numbers from {question.ends}. Say with bands=[…] "
            "where they are cut: bands=[0, 50] makes “0–49” and “50+”."
        )
    return Bands(bounds, None)


def _in_bands(panel: PanelRecord, answered: PersonColumn, numbers: Floats, bands: Bands) -> Group:
    """Group numbers by their bands; that below the first cut is there where somebody is."""
    places = np.array([bands.place(number) for number in numbers], dtype=np.int64)
    people = counts([answered], [max(len(numbers), 1)])
    first = 0 if people[: len(places)][places == 0].any() else 1
    return steady_group(panel, take(places - first, answered), bands.names[first:])


def answers_text(item: str, wave: str) -> str:
    """Name the answers to an item at a wave."""
    return f"{item} ({wave})"


def steady_group(panel: PanelRecord, codes: PersonColumn, categories: tuple[str, ...]) -> Group:
    """Make a group of codes that are the same at every wave; -1 for no value."""
    people = counts([codes], [len(categories)])
    by_wave: Any = (codes,) * len(panel.waves)
    return Group(
        codes=codes,
        categories=categories,
        by_wave=by_wave,
        unused=int(np.count_nonzero(people == 0)),
        told=frozenset(categories),
    )


def with_group(panel: AnyPanel, name: str, group: Group, what: str, *, instead: str) -> AnyPanel:
    """Add a group to a panel, and say in a note what it is.

    Parameters
    ----------
    panel : Panel
    name : str
    group : Group
        Of everyone, whatever the panel was narrowed to.
    what : str
        What its categories are, in words.
    instead : str
        Another name, for the message of one that is taken.

    Raises
    ------
    SelectionError
        Another group has the name, or there is none.
    """
    check_whole([name], "Name of the group")
    if not name or name in panel.groups:
        why = f"The panel already has a group {name!r}" if name else "The name of a group is empty"
        raise SelectionError(f"{why}. Choose another, for example name={instead!r}.")
    if panel.domain_text:
        group = narrowed({name: group}, panel.domain)[name]
    note = f"group {name}: {what}"
    return replace(panel, groups={**panel.groups, name: group}, notes=(*panel.notes, note))
