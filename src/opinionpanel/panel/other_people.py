"""Waves that asked other people each time, `person=None`: what goes with them, and who is who.

Their people stand one after the other, and each was interviewed at one wave.
"""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from opinionpanel.design import AnyDesign, has_same_psus
from opinionpanel.engines import PersonRows, how_many
from opinionpanel.errors import DesignError, EngineError, LinkError, SelectionError, listing
from opinionpanel.panel.declared import Declared
from opinionpanel.panel.due import Cohort, Rotation
from opinionpanel.panel.linking import Linked, check_waves
from opinionpanel.waves import Wave


def check_declared(declared: Declared) -> None:
    """Refuse what goes with linked people only, or with other people at each wave only."""
    if not declared.independent:
        if has_same_psus(declared.design):
            raise DesignError(
                "same_psus=True is for waves that asked other people, person=None. People who are "
                "linked keep the PSU of their first interview: leave same_psus= out."
            )
        return
    named = {
        "fixed=": declared.fixed,
        "due=": declared.due,
        "no_id=": declared.no_id,
        f"duplicates={declared.duplicates!r}": declared.duplicates == "drop_all",
    }
    if given := [name for name, value in named.items() if value]:
        raise LinkError(
            f"person=None says that every wave asked other people, and {' and '.join(given)} "
            "speaks of people who are linked. Leave it out; or name the ids by which people are "
            "known in person=."
        )
    _refuse_pairs(declared.design)


def _refuse_pairs(design: AnyDesign) -> None:
    weight = design.weight
    keys: list[Hashable] = list(weight) if isinstance(weight, Mapping) else []
    if pairs := [key for key in keys if isinstance(key, tuple)]:
        raise DesignError(
            f"The design has weights for pairs of waves, {listing(pairs[:3])}: those are of people "
            "interviewed at both, and with person=None nobody was. Name a weight for each wave."
        )


def no_engine(engine: str) -> EngineError:
    """Refuse to put people without ids one below the other on an engine."""
    return EngineError(
        f"person=None puts the rows of all waves one below the other and numbers them, and "
        f"{engine} has no numbers of rows. Collect the columns that are needed of each wave, "
        "which memory holds for millions of people; or give each row an id of its own that no "
        "other wave has."
    )


def stacked(waves: Mapping[str, Wave]) -> Linked:
    """Give the people of all waves numbers, one wave after the other."""
    check_waves(waves, "error")
    sizes = [len(wave.frame) for wave in waves.values()]
    for name, size in zip(waves, sizes, strict=True):
        if not size:
            raise LinkError(f"Wave {name!r} ({waves[name].where}): it has no rows. Leave it out.")
    ends = np.cumsum(sizes).tolist()
    rows = {
        name: np.arange(end - size, end) for name, size, end in zip(waves, sizes, ends, strict=True)
    }
    present = np.zeros((len(waves), ends[-1]), dtype=bool)
    for here, people in zip(present, rows.values(), strict=True):
        here[people] = True
    return Linked(dict(waves), ends[-1], rows, present)


def once_each(waves: Sequence[str], present: PersonRows) -> Rotation:
    """Say of the people of each wave that they were to be interviewed there only."""
    people = how_many(zip(waves, present, strict=True))
    came: dict[tuple[Cohort, str], int] = {
        (first, last): people[first] if first == last else 0
        for place, first in enumerate(waves)
        for last in waves[place:]
    }
    pairs = ((first, last) for place, first in enumerate(waves) for last in waves[place + 1 :])
    return Rotation(
        due={wave: (wave,) for wave in waves},
        came=came,
        linked=dict.fromkeys(pairs, 0),
        not_due={},
        notes=(),
    )


def no_same_people(question: str, kind: str, base: str) -> SelectionError:
    """Refuse to say anything of the same people, and say what there is of the question instead."""
    samples = (
        "The waves of this panel are independent samples (person=None): nobody was asked twice"
    )
    linked = "If the same people were asked, name their ids in person=."
    if base != "answered":
        return SelectionError(
            f"{samples}, and base={base!r} is of people who were. Take base='answered', everyone "
            f"with an answer at each wave. {linked}"
        )
    measure = "means" if kind == "score" else "shares"
    return SelectionError(
        f"{samples}, so nothing can be said of how people changed. What such waves can tell is how "
        f"{measure} differ between them: op.{measure}(panel, {question!r}).difference('wave', …, "
        f"minus=…). {linked}"
    )
