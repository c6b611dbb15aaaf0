"""Guesses whether one file holds all waves: long, with a column of waves, or wide."""

import difflib
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arrays import Objects
from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel import as_text, exact_ids, in_order, named_waves, wave_text
from opinionpanel.questions import nameable
from opinionpanel.study.guessed_weights import WEIGHT_NAME, guess_weights
from opinionpanel.study.guessing import (
    GuessedColumn,
    guess_person,
    is_id_name,
    survey_columns,
)
from opinionpanel.waves import Wave, canonical, folded

# How the column of waves is called, the surest names first.
WAVE_NAMES = (
    re.compile(r"\b(wave\w*|welle\w*|волн\w*|volna|vague|ronde|golf|sweep|erhebung\w*)\b"),
    re.compile(r"\b(round|раунд|panel|period\w*|occasion|time ?point|zeitpunkt|meting)\b"),
    re.compile(r"\b(s?year|survey ?year|jahr|erhebungsjahr|jaar|ann[eé]e|год)\b"),
)
MOST_WAVES = 60
# Shares of rows: of ids that stand in several, and of those whose id stands twice at one wave.
LEAST_REPEATED, MOST_TWICE = 0.1, 0.05
# How columns of a wide file name their wave, the surest form first: by a word, by a year, by a year
# without its century, by a number at the end. A name with an end of line in it is one name: where
# `.` stopped there, one of many years took the square of its length.
MARK = r"(?:wave|welle|волна|w|t)_?\d{1,2}"
FORMS = (
    re.compile(rf"(?si)(?P<before>^|.*[_.])(?P<wave>{MARK})(?P<after>\D.*)?"),
    re.compile(r"(?s)(?P<before>.*?)(?P<wave>(?:19|20)\d\d)(?P<after>\D.*)?"),
    re.compile(r"(?P<before>.*[^\W\d_]{3}_?)(?P<wave>[5-9]\d)(?P<after>)"),
    re.compile(r"(?P<before>.+_|[^\W\d_]{3,})(?P<wave>\d{1,2})(?P<after>)"),
)
# Weights and groups beside such questions may be called otherwise, as w1 is beside trust_1.
ANY_NUMBER = re.compile(r"(?P<before>\D*)(?P<wave>\d{1,4})(?P<after>\D*)")
# Families of a number at the end may be lists of questions: of these it takes more than one, or
# labels; few waves, and half of all questions with a number at the end.
SUREST, LEAST_FAMILIES, MOST_NUMBERS, LEAST_SHARE = 3, 2, 6, 0.5
# How alike wordings of one question are, numbers aside.
ALIKE = 0.8


@dataclass(frozen=True)
class OneFile:
    """What one file for all waves seems to hold.

    Attributes
    ----------
    wave : str
        The column of waves of a long file; "" for a wide one.
    waves : dict of str to Wave
        In their order; of a long file its parts, of a wide one the file for each.
    columns : dict of str to list of GuessedColumn
    person : dict of str to list of str
        Empty where no column looks like an id, as in a wide file it may.
    weights : dict of str to list of str
    questions : list of dict
        Of a wide file the questions, wave to column.
    names : dict of str to str
        First column of a question to what it may be called, without the wave.
    ordered : bool
        Whether the waves are sure to be in order.
    """

    wave: str
    waves: dict[str, Wave]
    columns: dict[str, list[GuessedColumn]]
    person: dict[str, list[str]]
    weights: dict[str, list[str]]
    questions: list[dict[str, GuessedColumn]]
    names: dict[str, str]
    ordered: bool


def guess_one_file(record: Wave) -> OneFile | None:
    """Tell what a file holds that looks like one of all waves; None for one of a single wave."""
    return _long(record) or _wide(record)


def _long(record: Wave) -> OneFile | None:
    """Find a column of waves, with few values, which differ between the rows of each person."""
    ids = {name: keys for name, keys in _ids(record).items() if _repeats(keys)}
    for name in _wave_columns(record):
        try:
            of_wave = record.frame[name].map(wave_text).to_numpy(dtype=object)
        except OpinionPanelError:
            continue
        fits = {
            column: len(np.unique(keys))
            for column, keys in ids.items()
            if column != name and _once_a_wave(keys, of_wave)
        }
        if fits:
            person = max(fits, key=lambda column: (is_id_name(column), fits[column]))
            return _parted(record, name, person)
    return None


def _ids(record: Wave) -> dict[str, Objects]:
    """Read the columns that may be ids as text; those with value labels are answers."""
    found = {}
    for name in map(str, record.frame.columns):
        if record.labels.get(name) or not isinstance(record.frame.get(name), pd.Series):
            continue
        try:
            keys, blank = exact_ids(record.frame[name], "")
        except OpinionPanelError:
            continue
        if not blank.any():
            found[name] = as_text(keys)
    return found


def _repeats(keys: Objects) -> bool:
    return bool(pd.Series(keys).duplicated(keep=False).mean() >= LEAST_REPEATED)


def _wave_columns(record: Wave) -> list[str]:
    """List columns that are called like waves and have few values, the surest name first."""
    found = []
    for name in record.frame.columns:
        column = record.frame[name]
        if not isinstance(name, str) or not isinstance(column, pd.Series) or column.isna().any():
            continue
        words = folded(re.sub(r"[_.]|(?<=[a-zа-я])(?=[A-ZА-Я])", " ", name))
        ranks = [rank for rank, names in enumerate(WAVE_NAMES) if names.search(words)]
        if ranks and 2 <= column.astype(str).nunique() <= MOST_WAVES:
            found.append((ranks[0], name))
    return [name for _, name in sorted(found, key=lambda pair: pair[0])]


def _once_a_wave(keys: Objects, waves: Objects) -> bool:
    """Tell whether hardly any id stands twice at a wave, and the ids are many."""
    twice = pd.DataFrame({"id": keys, "wave": waves}).duplicated(keep=False).mean()
    return bool(twice <= MOST_TWICE) and len(set(keys)) * len(set(waves)) >= len(keys)


def _parted(record: Wave, name: str, person: str) -> OneFile:
    try:
        named, ordered = named_waves(record, name), True
    except OpinionPanelError:
        named, ordered = {}, False
    if not named:
        # Text whose order nobody knows: as the file has it, and the draft says so.
        rows = Counter(map(str, record.frame[name].map(wave_text)))
        # What stands in a few rows is a slip, or what a person said.
        several = [text for text in rows if text in nameable(rows, {})]
        named = named_waves(record, name, several if len(several) > 1 else list(rows))
    named = _by_label(record, name, named)
    waves = {
        wave: replace(record, frame=record.frame[record.frame[name].isin(values)])
        for wave, values in named.items()
    }
    columns = {
        wave: [column for column in here if column.name != name]
        for wave, here in survey_columns(waves).items()
    }
    people = {wave: [person] for wave in waves}
    weights = guess_weights(waves, columns, people)
    return OneFile(name, waves, columns, people, weights, [], {}, ordered)


def _by_label(
    record: Wave, name: str, named: dict[str, list[Hashable]]
) -> dict[str, list[Hashable]]:
    """Call waves by their labels, where each has its own."""
    told = {str(canonical(code)): str(text) for code, text in record.labels.get(name, {}).items()}
    texts = [told[wave] for wave in named if canonical(told.get(wave)) is not None]
    if len({folded(text) for text in texts}) < len(named):
        return named
    return {" ".join(text.split()): named[wave] for text, wave in zip(texts, named, strict=True)}


def _wide(record: Wave) -> OneFile | None:
    """Find questions whose columns differ in the wave alone."""
    columns = survey_columns({"": record})[""]
    for sure, form in enumerate(FORMS):
        families = _families(columns, form)
        questions = [family for family in families if _one_question(family)]
        waves = _waves_of(questions, sure=sure < SUREST)
        questions = [
            {wave: family[wave] for wave in waves if wave in family}
            for family in questions
            # A longer list of numbers is one of questions.
            if len(set(family) & set(waves)) > 1 and (sure < SUREST or set(family) <= set(waves))
        ]
        if questions and (sure < SUREST or _sure_of_numbers(columns, form, questions, waves)):
            return _of_questions(record, columns, questions, waves, form)
    return None


def _families(
    columns: Iterable[GuessedColumn], form: re.Pattern[str]
) -> list[dict[str, GuessedColumn]]:
    """Put columns together whose names differ in the wave alone: wave to column."""
    found: dict[tuple[str, str], dict[str, GuessedColumn]] = {}
    for column in columns:
        if name := form.fullmatch(column.name):
            stem = name["before"], name["after"] or ""
            found.setdefault(stem, {}).setdefault(name["wave"], column)
    return [family for family in found.values() if len(family) > 1]


def _one_question(family: Mapping[str, GuessedColumn]) -> bool:
    """Tell whether columns are one question: with the same answers, labels and words."""
    first, *others = family.values()
    if not all(_is_question(column) and not column.is_option for column in family.values()):
        return False
    return all(_alike(first, other) for other in others)


def _is_question(column: GuessedColumn) -> bool:
    # A number at the end, as in w2016, is no part of the word; the w of trust_w1 is that of a wave.
    words = re.sub(r"(?<=\S) w$", "", column.words[0].rstrip("0123456789"))
    return column.is_question() and not WEIGHT_NAME.search(words)


def _alike(one: GuessedColumn, other: GuessedColumn) -> bool:
    if one.wording and other.wording:
        words, others = (re.sub(r"\d+", "", column.wording) for column in (one, other))
        if difflib.SequenceMatcher(None, words, others).ratio() < ALIKE:
            return False
    if one.labels and other.labels:
        return 2 * len(one.label_set & other.label_set) >= len(one.label_set | other.label_set)
    return len(one.people.keys() & other.people.keys()) >= 2


def _waves_of(families: Sequence[Mapping[str, GuessedColumn]], *, sure: bool) -> list[str]:
    """Take the waves that most families have; where it is sure, also those of related families."""
    sets = Counter(frozenset(family) for family in families)
    if not sets:
        return []
    best = max(sets, key=lambda waves: (sets[waves], len(waves)))
    waves = {wave for one in sets if one & best for wave in one} if sure else best
    return in_order(sorted(waves)) or sorted(waves, key=_number)


def _sure_of_numbers(
    columns: Sequence[GuessedColumn],
    form: re.Pattern[str],
    questions: Sequence[Mapping[str, GuessedColumn]],
    waves: Sequence[str],
) -> bool:
    """Tell whether numbers at the end are those of waves, not of a list of questions."""
    numbered = [one for one in columns if form.fullmatch(one.name) and _is_question(one)]
    share = sum(map(len, questions)) / max(len(numbered), 1)
    alike = Counter(frozenset(family) for family in questions).most_common(1)[0][1]
    few = len(waves) <= MOST_NUMBERS and waves[0] in ("0", "1", "01")
    # One question by wave is told by the labels or words that its columns share.
    told = any(all(one.labels or one.wording for one in part.values()) for part in questions)
    return few and share >= LEAST_SHARE and (told or alike >= LEAST_FAMILIES)


def _marked(
    columns: Sequence[GuessedColumn], waves: Sequence[str]
) -> dict[str, list[GuessedColumn]]:
    """Find the columns of every wave among those that stand there for all waves."""
    of_wave: dict[str, dict[str, GuessedColumn]] = {wave: {} for wave in waves}
    for form in (*FORMS, ANY_NUMBER):
        for family in _families(columns, form):
            numbers = {_number(wave): column for wave, column in family.items()}
            if all(_number(wave) in numbers for wave in waves):
                for wave in waves:
                    column = numbers[_number(wave)]
                    of_wave[wave].setdefault(column.name, replace(column, wave=wave))
    return {wave: list(here.values()) for wave, here in of_wave.items()}


def _number(wave: str) -> int:
    """Read the number in the name of a wave; of a year the last two digits."""
    return int(re.findall(r"\d+", wave)[0]) % 100


def _of_questions(
    record: Wave,
    columns: Sequence[GuessedColumn],
    questions: list[dict[str, GuessedColumn]],
    waves: Sequence[str],
    form: re.Pattern[str],
) -> OneFile:
    """Give every wave its own columns, and those that are the same for all."""
    of_wave = _marked(columns, waves)
    marked = {column.name for here in of_wave.values() for column in here}
    steady = [column for column in columns if column.name not in marked]
    everywhere = dict.fromkeys(waves, record)
    every = {wave: [*here, *steady] for wave, here in of_wave.items()}
    ids = guess_person({"": record}).get("", [])
    person = {wave: ids for wave in waves if ids and is_id_name(ids[0])}
    weights = guess_weights(everywhere, of_wave, person)
    if len(weights) < len(waves):
        # A weight of all waves, or of the panel.
        weights = guess_weights(everywhere, every, person)
    names = {
        first: _stem(first, form) for first in (next(iter(q.values())).name for q in questions)
    }
    return OneFile("", everywhere, every, person, weights, questions, names, ordered=True)


def _stem(name: str, form: re.Pattern[str]) -> str:
    """Call a question as its columns, without the wave."""
    found = form.fullmatch(name)
    assert found is not None
    parts = (found["before"].strip("_."), (found["after"] or "").strip("_."))
    return "_".join(part for part in parts if part) or name
