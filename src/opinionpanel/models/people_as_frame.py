"""The people of a base as a frame that a function of one's own takes: answers, groups, a weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import PersonWeight
from opinionpanel.engines import PersonColumn, is_lazy
from opinionpanel.errors import EngineError, SelectionError
from opinionpanel.estimates import free_names
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, in_a_row

WEIGHT = "weight"
Who = Literal["interviewed", "balanced", "panel"]


@dataclass(frozen=True, eq=False)
class People:
    """The people of a base with what is known of them; nobody's id.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row for each person with a weight, without the weight.
    inside : numpy.ndarray of bool, shape (people,)
        Who of the panel has a row.
    weight : PersonWeight
    waves : tuple of str
    base : str
        The base in words.
    """

    frame: pd.DataFrame
    inside: Booleans
    weight: PersonWeight
    waves: tuple[str, ...]
    base: str


def people_of(
    panel: Panel, waves: Sequence[str] | None, items: Sequence[str] | None, base: Who
) -> People:
    """Put the people of a base into a frame.

    Parameters
    ----------
    panel : Panel
    waves, items, base
        As in `replicate`.
    """
    if is_lazy(panel.domain):
        raise EngineError(
            "A function of your own takes a frame with a row for each person, and the people of "
            "this panel stay on their engine, which only gives sums over them. Read the panel into "
            "memory, or derive the figure from a measure: .derive(function, labels)."
        )
    names = _waves(panel, waves)
    if panel.independent and len(names) > 1:
        raise SelectionError(
            "Other people were asked at each wave of this panel, each a sample of its own, and no "
            f"frame has a row for each of them. Name the one wave that the function is about: "
            f"waves={names[-1]!r}."
        )
    asked = [items] if isinstance(items, str) else items
    known = [*panel.items, *panel.scores] if asked is None else list(dict.fromkeys(asked))
    answers = {item: [wave for wave in names if wave in panel.asked(item)] for item in known}
    if items is not None and (silent := [item for item, there in answers.items() if not there]):
        raise SelectionError(
            f"{silent[0]!r} was asked at none of {', '.join(names)}. It was asked at "
            f"{', '.join(panel.asked(silent[0]))}."
        )
    inside, weight, words = _base(panel, names, answers, base)
    inside = inside & (weight.values > 0)
    if not inside.any():
        raise SelectionError(f"Nobody is in the base: {words}, with a positive weight.")
    columns: dict[str, pd.Categorical[str] | Floats] = {}
    for item, there in answers.items():
        for wave in there:
            codes = np.asarray(panel.answers[item][panel.position(wave)])[inside]
            if item in panel.scores:
                # Those without a number have a code below 0, and take the last.
                table = np.append(panel.numbers[item], np.nan)
                columns[_named(item, wave, names)] = table[np.maximum(codes, -1)]
            else:
                states = panel.item(item).state_names
                columns[_named(item, wave, names)] = _categories(codes, states)
    if WEIGHT in columns:
        raise SelectionError(
            f"An item or score is named {WEIGHT!r}, as is the column of weights that the function "
            "gets. Rename it when the panel is made, or choose others with items=."
        )
    for group, name in zip(
        panel.groups, free_names([*panel.groups], {*columns, WEIGHT}), strict=True
    ):
        given = panel.groups[group]
        for wave in names if given.use == "wave" else names[:1]:
            label = _named(name, wave, names) if given.use == "wave" else name
            codes = np.asarray(given.at(panel.position(wave)))[inside]
            columns[label] = _categories(codes, given.categories)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(int(inside.sum())))
    return People(frame, inside, weight, tuple(names), words)


def _waves(panel: Panel, waves: Sequence[str] | None) -> list[str]:
    """Name the waves, in the order of fieldwork."""
    given = [waves] if isinstance(waves, str) else list(panel.waves if waves is None else waves)
    if not given or len(set(given)) < len(given):
        raise SelectionError("waves= names one wave or several, each once.")
    return sorted(given, key=panel.position)


def _base(
    panel: Panel, names: list[str], answers: dict[str, list[str]], base: Who
) -> tuple[PersonColumn, PersonWeight, str]:
    """Find who is in the base, with which weight, and say it."""
    first, last = names[0], names[-1]
    present = panel.interviewed(names)
    if base == "panel":
        inside, weight = panel.domain & present[0], panel.weight(first)
        words: str = Phrase("everyone interviewed at {wave}", wave=first)
    else:
        inside = reduce(np.logical_and, present, panel.domain)
        weight = panel.weight(first, last)
        words = Phrase("everyone interviewed at {wave}", wave=first)
        if len(names) > 1:
            words = Phrase("everyone interviewed at all of {waves}", waves=in_a_row(names))
    if base == "balanced":
        for item, there in answers.items():
            for wave in there:
                inside = inside & (panel.answers[item][panel.position(wave)] >= 0)
        given = Phrase("{base}, who answered {items}", base=words, items=in_a_row([*answers]))
        words = given
    if panel.domain_text:
        words = Phrase("{base}, {domain}", base=words, domain=panel.domain_text)
    return inside, weight, words


def _named(name: str, wave: str, names: Sequence[str]) -> str:
    """Name a column: the wave is told where there are several."""
    return name if len(names) == 1 else f"{name} ({wave})"


def _categories(codes: Integers, categories: Sequence[str]) -> "pd.Categorical[str]":
    """Give people's places in some categories as text; missing where there is none."""
    return pd.Categorical.from_codes(np.maximum(codes, -1), pd.Index([*categories]))
