"""Waves of a single question, made from plain lists, and an item read from them."""

import numpy as np
import pandas as pd
import pytest

from opinionpanel.errors import ItemError
from opinionpanel.questions.answers import read_answers
from opinionpanel.waves.wave import Wave

YES_NO = {"yes": [1], "no": [2]}


def wave(labels=None, missing=None, source="", **columns):
    """Build a wave; labels and missing are about its only column, or by column."""
    first = next(iter(columns))
    by_column = [
        about if about is None or set(about) <= set(columns) else {first: about}
        for about in (labels, missing)
    ]
    return Wave(
        pd.DataFrame(columns), labels=by_column[0] or {}, missing=by_column[1] or {}, source=source
    )


def read(item, *waves, people=None, rows=None):
    """Read waves w1, w2, …; everyone is in every wave unless `rows` says otherwise."""
    waves = {f"w{number}": record for number, record in enumerate(waves, start=1)}
    rows = rows or {name: np.arange(len(record.frame)) for name, record in waves.items()}
    people = people or max(len(record.frame) for record in waves.values())
    return read_answers(item, "opinion", waves, rows, presence(rows, people))


def presence(rows, people):
    """Tell who has a row at each wave."""
    present = np.zeros((len(rows), people), dtype=bool)
    for here, row in zip(present, rows.values(), strict=True):
        here[row] = True
    return present


def encode(item, values, **options):
    return read(item, wave(q=values, **options)).codes[0].tolist()


def refusal(item, *waves):
    with pytest.raises(ItemError) as error:
        read(item, *waves)
    return str(error.value)


def many(counts):
    """Repeat each code as often as it says."""
    return [code for code, count in counts.items() for _ in range(count)]
