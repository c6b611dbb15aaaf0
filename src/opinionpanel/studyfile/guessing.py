"""Guesses from wave files alone: ids, weights, groups, and the questions that waves share."""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from opinionpanel.codes import canonical, read_codes
from opinionpanel.errors import OpinionPanelError
from opinionpanel.ids import as_text, exact_ids
from opinionpanel.waves import Wave

__all__ = [
    "Column",
    "Columns",
    "folded",
    "guess_fixed",
    "guess_groups",
    "guess_person",
    "guess_questions",
    "guess_weights",
    "survey_columns",
]

# Wave to the column that holds the same thing there.
Columns = dict[str, str]

MOST_CODES = 12
MOST_REGIONS = 40
# A text that fewer people share on average is an open answer.
LEAST_SHARING = 10
# How alike wordings must be, for columns of one name and of different names.
ALIKE, REWORDED = 0.6, 0.8
# From how many columns q4_1, q4_2, … are a battery, listed after single questions.
BATTERY = 4

ID_NAME = re.compile(r"id($|[_\d])|^id|case|resp|person|participant|panelist|номер")
WEIGHT_NAME = re.compile(r"\b(w|wt|wgt|weights?|weging|gewicht\w*|gew|pond\w*|ves|wes|вес\w*)\b")
OPTION = re.compile(r"(not |nicht |не )?(selected|chosen|gewählt|ausgewählt|выбран\w*)")
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


@dataclass(frozen=True)
class Column:
    """What a column holds, by itself.

    Attributes
    ----------
    wave, name : str
    wording : str
        Folded, as by `folded`.
    labels : dict
        Canonical code to text.
    people : dict
        Code to the number of people; without blanks.
    """

    wave: str
    name: str
    wording: str
    labels: Mapping[object, str]
    people: Mapping[object, int]

    @cached_property
    def label_set(self) -> frozenset[str]:
        """The labels, folded."""
        return frozenset(map(folded, self.labels.values()))

    @property
    def words(self) -> tuple[str, str]:
        """The name and the question as words, to look for meanings in."""
        return folded(re.sub(r"[_.]|(?<=[a-zа-я])(?=[A-ZА-Я])", " ", self.name)), self.wording

    def is_question(self, most: int = MOST_CODES) -> bool:
        """Tell whether people chose among a few answers."""
        shared = sum(self.people.values()) >= LEAST_SHARING * len(self.people)
        texts = any(isinstance(code, str) and code not in self.labels for code in self.people)
        return 2 <= len(self.people) <= most and (shared or not texts)

    @property
    def is_option(self) -> bool:
        """Tell whether this is one option of a multiple choice."""
        return bool(self.labels) and any(OPTION.fullmatch(text) for text in self.label_set)


def folded(text: object) -> str:
    """Bring texts that say the same to one form: case, spaces and end marks do not count."""
    return " ".join(str(canonical(text) or "").casefold().split()).rstrip(" .,;:!?…")


def survey_columns(waves: Mapping[str, Wave]) -> dict[str, list[Column]]:
    """Describe the columns of every wave."""
    found: dict[str, list[Column]] = {}
    for wave, record in waves.items():
        found[wave] = []
        for name in record.frame.columns:
            try:
                people = read_codes(record.column(name, wave, purpose="a look at it")).people
            except OpinionPanelError:
                continue
            labels = {
                code: str(text)
                for key, text in record.labels.get(name, {}).items()
                if (code := canonical(key)) is not None and canonical(text) is not None
            }
            people.pop(None, None)
            wording = folded(record.wording.get(name, ""))
            found[wave].append(Column(wave, str(name), wording, labels, people))
    return found


def guess_person(waves: Mapping[str, Wave]) -> dict[str, list[str]]:
    """Find the columns that identify people, those first that link a wave to earlier ones.

    Returns
    -------
    dict
        Wave to columns; waves for which nothing was found are left out.
    """
    ids = {wave: _id_columns(record) for wave, record in waves.items()}
    first, *later = waves
    best: dict[str, list[str]] = {}
    best_score = -1.0
    for start in [name for name in ids[first] if _complete(waves[first], name)]:
        plan, known, score = {first: [start]}, set(ids[first][start]), 0.0
        for wave in later:
            shares = {
                name: len(keys & known) / min(len(keys), len(known))
                for name, keys in ids[wave].items()
            }
            linking = [name for name, share in shares.items() if _links(name, start, share)]
            linking.sort(key=lambda name: (-round(shares[name], 1), not _is_id_name(name)))
            columns = _until_complete(waves[wave], linking, list(ids[wave]), start)
            if columns:
                plan[wave] = columns
                score += max(shares[name] for name in columns)
                known.update(*(ids[wave][name] for name in columns))
        # A name that says so is worth half of the links.
        score += 0.5 * max(len(later), 1) * _is_id_name(start)
        # Without any link only a name can tell an id from a number that happens to be unique.
        if score > best_score and (score > 0 or not later):
            best, best_score = plan, score
    return best


def _id_columns(record: Wave) -> dict[str, set[str]]:
    """Find the columns whose values are nearly all different: name to values."""
    found = {}
    for name in record.frame.columns:
        if len(record.labels.get(name, {})) > 3 or not isinstance(record.frame[name], pd.Series):
            continue
        try:
            keys, blank = exact_ids(record.frame[name], "")
        except OpinionPanelError:
            continue
        filled = as_text(keys)[~blank]
        values = set(filled.tolist())
        if len(values) >= max(2, 0.05 * len(keys)) and len(values) >= 0.95 * len(filled):
            found[str(name)] = values
    return found


def _links(name: str, start: str, share: float) -> bool:
    return share >= (0.05 if name == start or _is_id_name(name) else 0.5)


def _is_id_name(name: str) -> bool:
    return ID_NAME.search(name.casefold()) is not None


def _complete(record: Wave, name: str) -> bool:
    return not record.frame[name].isna().any() and not (record.frame[name].astype(str) == "").any()


def _until_complete(
    record: Wave, linking: Sequence[str], others: Sequence[str], start: str
) -> list[str]:
    """Take the linking columns up to one without blanks; if all have some, add the wave's own.

    All columns of a list are ids of one person; everybody needs one of them.
    """
    chosen: list[str] = []
    own = [name for name in others if name == start or _is_id_name(name)]
    for name in (*linking, *sorted(own, key=lambda name: name != start)):
        if name in linking or _complete(record, name):
            chosen += [name] if name not in chosen else []
            if _complete(record, name):
                return chosen
    return chosen


def guess_weights(
    waves: Mapping[str, Wave], columns: Mapping[str, Sequence[Column]]
) -> dict[str, list[str]]:
    """Find the columns that look like weights, the likeliest first; waves without are left out."""
    found = {}
    for wave, record in waves.items():
        ranked = []
        for place, column in enumerate(columns[wave]):
            named = any(WEIGHT_NAME.search(words) for words in column.words)
            values = pd.to_numeric(record.frame[column.name], errors="coerce")
            if (
                column.labels
                or values.notna().sum() < 0.5 * record.frame[column.name].notna().sum()
            ):
                continue
            positive = values[values > 0]
            if len(positive) < 2 or (values < 0).any() or positive.nunique() < 2:
                continue
            near_one = bool(0.8 < positive.mean() < 1.25) and bool((positive % 1 != 0).any())
            if named or (near_one and positive.nunique() > MOST_CODES):
                rank = (not (named and near_one), not named, int(values.isna().sum()), place)
                ranked.append((rank, column.name))
        if ranked:
            found[wave] = [name for _, name in sorted(ranked)]
    # Waves that are weighted to the same population likely call the weight alike.
    waves_of = Counter(name for names in found.values() for name in names)
    return {wave: sorted(names, key=lambda name: -waves_of[name]) for wave, names in found.items()}


def guess_groups(columns: Mapping[str, Sequence[Column]]) -> dict[str, Columns]:
    """Find gender, age group, region and education, in the waves that have them."""
    groups: dict[str, Columns] = {}
    for group, pattern in GROUP_NAMES.items():
        most = MOST_REGIONS if group == "region" else MOST_CODES
        for wave, here in columns.items():
            fit = [column for column in here if column.is_question(most)]
            named = [column for column in fit if pattern.search(column.words[0])]
            # A long question may mention anything.
            short = [column for column in fit if len(column.wording.split()) <= 6]
            worded = [column for column in short if pattern.search(column.wording)]
            if found := [*named, *worded]:
                groups.setdefault(group, {})[wave] = found[0].name
    return groups


def guess_fixed(columns: Mapping[str, Sequence[Column]], skip: Iterable[str]) -> list[str]:
    """Find columns of gender, birth year and age that stand in several waves alike."""
    left_out = set(skip)
    first: dict[str, Column] = {}
    alike: dict[str, bool] = {}
    for here in columns.values():
        for column in here:
            if column.name in left_out:
                continue
            short = [words for words in column.words if len(words.split()) <= 6]
            if not any(
                pattern.search(words) and least <= len(column.people) <= most
                for pattern, least, most in FIXED_NAMES
                for words in short
            ):
                continue
            other = first.setdefault(column.name, column)
            if other is not column:
                shared = set(other.labels) & set(column.labels)
                alike[column.name] = alike.get(column.name, True) and all(
                    folded(other.labels[code]) == folded(column.labels[code]) for code in shared
                )
    return [name for name, same in alike.items() if same][:3]


def guess_questions(
    columns: Mapping[str, Sequence[Column]], skip: Iterable[str]
) -> list[dict[str, Column]]:
    """Find questions that several waves ask: by name, or by wording and labels.

    Returns
    -------
    list of dict
        Wave to column; questions of most waves first, options of multiple choices last.
    """
    left_out = set(skip)
    questions: list[dict[str, Column]] = []
    for wave, here in columns.items():
        rest = [
            column
            for column in here
            if column.name not in left_out
            and column.is_question()
            and not WEIGHT_NAME.search(column.words[0])
        ]
        for same in (_same_name, _same_text, _much_alike):
            known = [question for question in questions if wave not in question]
            for question, column in _pairs(known, rest, same):
                question[wave] = column
                rest.remove(column)
        questions += [{wave: column} for column in rest]
    batteries = Counter(_stem(column) for here in columns.values() for column in here)
    shared = [question for question in questions if len(question) > 1 or len(columns) == 1]
    return sorted(
        shared,
        key=lambda question: (
            -len(question),
            _last(question).is_option,
            batteries[_stem(_last(question))] >= BATTERY * len(columns),
        ),
    )


def _pairs(
    questions: Sequence[dict[str, Column]],
    columns: Sequence[Column],
    same: Callable[[Column, Column], bool],
) -> list[tuple[dict[str, Column], Column]]:
    """Pair questions with columns where each is the only one that fits the other."""
    fits = [
        (place, spot)
        for place, question in enumerate(questions)
        for spot, column in enumerate(columns)
        if same(_last(question), column)
    ]
    rows, spots = Counter(place for place, _ in fits), Counter(spot for _, spot in fits)
    return [
        (questions[place], columns[spot])
        for place, spot in fits
        if rows[place] == 1 and spots[spot] == 1
    ]


def _stem(column: Column) -> str:
    """Name the battery of a column: q4 for q4_1, q4_2, …."""
    return re.sub(r"_\d+$", "", column.name)


def _last(question: Mapping[str, Column]) -> Column:
    return list(question.values())[-1]


def _same_name(one: Column, other: Column) -> bool:
    """Tell whether two columns have one name and hold one question."""
    if one.name != other.name:
        return False
    if one.wording and other.wording:
        alike = difflib.SequenceMatcher(None, one.wording, other.wording).ratio()
        return alike >= ALIKE or (one.label_set == other.label_set and len(one.label_set) > 3)
    if one.labels and other.labels:
        return _shared_labels(one, other) >= 0.5
    return len(one.people.keys() & other.people.keys()) >= 2


def _same_text(one: Column, other: Column) -> bool:
    """Tell whether two columns have the same wording, long enough to mean something."""
    return (
        len(one.wording) >= 10
        and one.wording == other.wording
        and not one.is_option
        and _shared_labels(one, other) >= 0.5
    )


def _much_alike(one: Column, other: Column) -> bool:
    """Tell whether wordings and labels are so alike that a question may have been reworded."""
    if len(one.wording) < 30 or one.is_option or _shared_labels(one, other) < 0.4:
        return False
    matcher = difflib.SequenceMatcher(None, one.wording, other.wording)
    # The exact ratio is slow; these two are never below it.
    return (
        matcher.real_quick_ratio() >= REWORDED
        and matcher.quick_ratio() >= REWORDED
        and matcher.ratio() >= REWORDED
    )


def _shared_labels(one: Column, other: Column) -> float:
    every = one.label_set | other.label_set
    return len(one.label_set & other.label_set) / len(every) if every else 0.0
