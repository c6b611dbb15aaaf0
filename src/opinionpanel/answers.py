"""The answers to an item: states by wave and person."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opinionpanel.errors import ItemError, unknown
from opinionpanel.items import Item
from opinionpanel.waves import Wave

__all__ = ["Answers", "read_answers"]

Waves = Mapping[str, Wave]
Rows = Mapping[str, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Answers:
    """The answers to an item.

    Attributes
    ----------
    codes : numpy.ndarray of int8, shape (waves, people)
        Position of the state; -1 for no answer, -2 for not asked, -3 for not interviewed.
    unread : dict
        Wave to the codes, with their labels, that were read as no answer, and how many people
        gave each.
    """

    codes: npt.NDArray[np.int8]
    unread: Mapping[str, Mapping[str, int]]


def read_answers(item: Item, name: str, waves: Waves, rows: Rows, people: int) -> Answers:
    """Read the states of an item at every wave."""
    answers = np.full((len(waves), people), -1, dtype=np.int8)
    if not isinstance(item.column, str):
        for wave_name in item.column:
            if wave_name not in waves:
                raise unknown(f"wave in the columns of item {name!r}:", wave_name, waves)
    for position, (wave_name, wave) in enumerate(waves.items()):
        column = item.column_at(wave_name)
        if column is None:
            continue
        series = wave.column(column, wave_name, purpose=f"item {name!r}")
        try:
            codes = item.encode(series, wave_name, labels=wave.labels.get(column))
        except ItemError as error:
            raise ItemError(f"Item {name!r} ({wave.where}): {error}") from None
        answers[position, rows[wave_name]] = codes
    return Answers(answers, {})
