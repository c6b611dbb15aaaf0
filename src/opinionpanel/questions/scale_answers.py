"""The numbers of a scale, from the answers to its questions."""

from collections.abc import Mapping, Sequence

import numpy as np

from opinionpanel.arrays import Array, Floats
from opinionpanel.engines import is_lazy
from opinionpanel.errors import ItemError
from opinionpanel.questions.answers import Answers, AnyQuestion, Questions
from opinionpanel.questions.question import NO_ANSWER
from opinionpanel.questions.scale_of_columns import Scale


def with_parts(items: Questions) -> tuple[dict[str, AnyQuestion], dict[str, Scale]]:
    """Put the questions of scales in their place, and give the scales.

    Raises
    ------
    ItemError
        Something has the name that a question of a scale gets.
    """
    asked: dict[str, AnyQuestion] = {}
    scales: dict[str, Scale] = {}
    for name, item in items.items():
        if not isinstance(item, Scale):
            asked[name] = item
            continue
        scales[name] = item
        for part, question in item.parts(name).items():
            if part in items:
                raise ItemError(
                    f"{part!r} is what the panel calls a question of the scale {name!r}. Give the "
                    "item or score of that name another."
                )
            asked[part] = question
    return asked, scales


def average_parts(
    scale: Scale, name: str, waves: Sequence[str], answers: Mapping[str, Answers]
) -> Answers:
    """Average the answers of everyone who gave enough of them.

    Parameters
    ----------
    scale : Scale
    name : str
        What the panel calls it.
    waves : sequence of str
    answers : dict of str to Answers
        Of its questions, by their names in the panel.

    Raises
    ------
    ItemError
        People stay on an engine.
    """
    parts = [answers[part] for part in scale.parts(name)]
    if any(is_lazy(part.codes[0]) for part in parts):
        raise ItemError(
            f"Scale {name!r}: people stay on their engine, which averages no columns of theirs. "
            f"Compute the mean of {', '.join(scale.columns_at(_asked(scale, waves)))} there first, "
            "as a column, and declare that as a Score."
        )
    numbers, silent = [], []
    for place, wave in enumerate(waves):
        codes = [np.asarray(part.codes[place]) for part in parts]
        # Who gave too few answers gave no answer; else the question put to most tells.
        silent.append(np.minimum(np.max(codes, axis=0), NO_ANSWER))
        if not scale.columns_at(wave):
            numbers.append(np.full(len(codes[0]), np.nan))
            continue
        values = [part.values for part in parts]
        numbers.append(
            _means(scale, wave, codes, [np.zeros(0) if v is None else v for v in values])
        )
    known = [np.isfinite(row) for row in numbers]
    found, places = np.unique(
        np.concatenate([row[here] for row, here in zip(numbers, known, strict=True)]),
        return_inverse=True,
    )
    coded = np.stack(silent).astype(np.int32)
    coded[np.stack(known)] = places.astype(np.int32)
    return Answers(coded, {}, (), found)


def _means(scale: Scale, wave: str, codes: Sequence[Array], values: Sequence[Floats]) -> Floats:
    """Average what everyone answered at a wave; NaN for those who answered too little."""
    total, number = np.zeros(len(codes[0])), np.zeros(len(codes[0]))
    for code, of_part, turned in zip(codes, values, scale.turned(wave), strict=True):
        answered = code >= 0
        numbers = of_part[code[answered]]
        total[answered] += scale.low + scale.high - numbers if turned else numbers
        number += answered
    enough = number >= scale.at_least
    mean = np.full(len(total), np.nan)
    np.divide(total, number, out=mean, where=enough)
    return mean


def _asked(scale: Scale, waves: Sequence[str]) -> str:
    return next((wave for wave in waves if scale.columns_at(wave)), waves[0])
