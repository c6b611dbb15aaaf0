"""Guesses of what people are: groups to compare, and traits that cannot change."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from opinionpanel.study.guessing import MOST_CODES, ColumnByWave, GuessedColumn
from opinionpanel.waves import folded

MOST_REGIONS = 40
GROUP_NAMES = {
    "gender": re.compile(r"\b(gender|sex|sexe|geschlecht|geslacht|пол)\b"),
    "age_group": re.compile(
        r"\b(age ?gro?u?ps?|agegr|age gr|age cat\w*|altersgr\w*|возрастн\w*)\b"
    ),
    "region": re.compile(
        r"\b(region\w*|regio|bundesland|district|округ\w*|okrug\w*|provincie|inputstate)\b"
    ),
    "education": re.compile(r"\b(edu|educ\w*|schul\w*|bildung\w*|opleiding\w*|образовани\w*)\b"),
}
# Whose traits a survey asks for besides the respondent's own.
OF_OTHERS = re.compile(
    r"\b(partner\w*|spouse\w*|husband\w*|wife\w*|child\w*|kids?|mother\w*|father\w*|parents?|"
    r"interviewer\w*|candidates?|ehepartner\w*|kinder|kindes|mutter|vater|moeder|vader|kinderen|"
    r"супруг\w*|муж\w?|жен[аы]|реб[её]н\w*|дет\w*|матери?|отца?|интервьюер\w*)\b"
)
# How many words a label has that says what a column is, and asks nothing.
MOST_WORDS = 6

# Whether a column is about others, known by its label, and says more than the word looked for.
Rank = tuple[bool, bool, bool]
# Columns that have the name itself come before this.
BY_LABEL: Rank = (False, True, False)

AGE_NAME = re.compile(r"\b(age|alter|leeftijd|возраст|лет)\b")
# What cannot change, or by a year only; with how many values it has.
FIXED_NAMES = (
    (GROUP_NAMES["gender"], 2, 4),
    (
        re.compile(
            r"\b(birth ?y(ea)?r|year of birth|yob|geburtsjahr|geboortejaar|год рождения|age|alter|"
            r"leeftijd|возраст|лет)\b"
        ),
        MOST_CODES + 1,
        130,
    ),
)


def guess_groups(columns: Mapping[str, Sequence[GuessedColumn]]) -> dict[str, ColumnByWave]:
    """Find gender, age group, region and education, in the waves that have them."""
    groups: dict[str, ColumnByWave] = {}
    for group, pattern in GROUP_NAMES.items():
        most = MOST_REGIONS if group == "region" else MOST_CODES
        fit = {
            wave: [column for column in here if column.is_question(most)]
            for wave, here in columns.items()
        }
        if best := _best(pattern, fit):
            groups[group] = {wave: column.name for wave, column in best.items()}
    return groups


def _best(
    pattern: re.Pattern[str], columns: Mapping[str, Sequence[GuessedColumn]]
) -> dict[str, GuessedColumn]:
    """Find the column of every wave that is most likely meant, in the waves that have one.

    Where a wave has a column of such a name, a label that mentions it is believed at another wave
    only for a column with the same answers.
    """
    best: dict[str, GuessedColumn] = {}
    ranks: dict[str, Rank] = {}
    waves_of = Counter(column.name for here in columns.values() for column in here)
    for wave, here in columns.items():
        ranked = {
            (rank, -waves_of[column.name], place): column
            for place, column in enumerate(here)
            if (rank := _likeness(pattern, column)) is not None
        }
        if ranked:
            first = min(ranked)
            best[wave], ranks[wave] = ranked[first], first[0]
    named = [column for wave, column in best.items() if ranks[wave] < BY_LABEL]
    return {
        wave: column
        for wave, column in best.items()
        if not named
        or ranks[wave] < BY_LABEL
        or any(_same_answers(column, other) for other in named)
    }


def _likeness(pattern: re.Pattern[str], column: GuessedColumn) -> Rank | None:
    """Rank a column that is named or labelled like something; None for one that is not.

    What is asked of others, such as the partner's gender, comes last; a name counts more than a
    label; and what says nothing else more than what does.
    """
    name, wording = column.words
    about_others = any(OF_OTHERS.search(words) for words in column.words)
    if pattern.search(name):
        return about_others, False, not pattern.fullmatch(name)
    # A long question may mention anything.
    if len(wording.split()) <= MOST_WORDS and pattern.search(wording):
        return about_others, True, not pattern.fullmatch(wording)
    return None


def _same_answers(one: GuessedColumn, other: GuessedColumn) -> bool:
    if one.labels and other.labels:
        return bool(one.label_set & other.label_set)
    return set(one.people) == set(other.people)


def guess_ages(columns: Mapping[str, Sequence[GuessedColumn]]) -> ColumnByWave:
    """Find years of age, of which bands make a group, in the waves that have them."""
    found: ColumnByWave = {}
    for wave, here in columns.items():
        named = (column for column in here if any(AGE_NAME.search(text) for text in column.words))
        for column in named:
            years = [code for code in column.people if isinstance(code, (int, float))]
            if sum(14 <= year < 100 for year in years) > MOST_CODES:
                found.setdefault(wave, column.name)
    return found


def guess_fixed(columns: Mapping[str, Sequence[GuessedColumn]], skip: Iterable[str]) -> list[str]:
    """Find columns of gender, birth year and age that stand in several waves alike."""
    left_out = set(skip)
    likeness: dict[tuple[int, str], Rank] = {}
    first: dict[str, GuessedColumn] = {}
    alike: dict[str, bool] = {}
    for column in chain(*columns.values()):
        if column.name in left_out:
            continue
        fits = {
            (place, column.name): rank
            for place, (pattern, least, most) in enumerate(FIXED_NAMES)
            if least <= len(column.people) <= most
            and (rank := _likeness(pattern, column)) is not None
        }
        if not fits:
            continue
        likeness |= fits
        other = first.setdefault(column.name, column)
        if other is not column:
            shared = set(other.labels) & set(column.labels)
            alike[column.name] = alike.get(column.name, True) and all(
                folded(other.labels[code]) == folded(column.labels[code]) for code in shared
            )
    good = {key: rank for key, rank in likeness.items() if alike.get(key[1])}
    best: dict[int, Rank] = {}
    for (place, _), rank in good.items():
        best[place] = min(rank, best.get(place, rank))
    found = [name for (place, name), rank in good.items() if rank == best[place]]
    return list(dict.fromkeys(found))[:3]
