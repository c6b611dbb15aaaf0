"""Guesses from wave files alone: ids, weights, groups, and the questions that waves share."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel import as_text, exact_ids
from opinionpanel.waves import Wave, canonical, folded, read_codes

# Wave to the column that holds the same thing there.
ColumnByWave = dict[str, str]

MOST_CODES = 12
# A text that fewer people share on average is an open answer; a number, a measure or an id.
LEAST_SHARING = 10
LEAST_SHARING_NUMBER = 3
ID_NAME = re.compile(r"id($|[_\d])|^id|case|resp|person|participant|panelist|номер")
OPTION = re.compile(r"(not |nicht |не )?(selected|chosen|gewählt|ausgewählt|выбран\w*)")


@dataclass(frozen=True)
class GuessedColumn:
    """What a column holds, by itself.

    Attributes
    ----------
    wave, name : str
    wording : str
        Folded: case, spaces and end marks do not count.
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
        if len(self.people) > MOST_CODES and not self.labels and not texts:
            shared = sum(self.people.values()) >= LEAST_SHARING_NUMBER * len(self.people)
            return shared and len(self.people) <= most
        return 2 <= len(self.people) <= most and (shared or not texts)

    @property
    def is_option(self) -> bool:
        """Tell whether this is one option of a multiple choice."""
        return bool(self.labels) and any(OPTION.fullmatch(text) for text in self.label_set)


def survey_columns(waves: Mapping[str, Wave]) -> dict[str, list[GuessedColumn]]:
    """Describe the columns of every wave."""
    found: dict[str, list[GuessedColumn]] = {}
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
            found[wave].append(GuessedColumn(wave, str(name), wording, labels, people))
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
            linking.sort(key=lambda name: (-round(shares[name], 1), not is_id_name(name)))
            columns = _until_complete(waves[wave], linking, list(ids[wave]), start)
            if columns:
                plan[wave] = columns
                score += max(shares[name] for name in columns)
                known.update(*(ids[wave][name] for name in columns))
        # A name that says so is worth half of the links.
        score += 0.5 * max(len(later), 1) * is_id_name(start)
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
    return share >= (0.05 if name == start or is_id_name(name) else 0.5)


def is_id_name(name: str) -> bool:
    """Tell whether a column is called as ids are."""
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
    own = [name for name in others if name == start or is_id_name(name)]
    for name in (*linking, *sorted(own, key=lambda name: name != start)):
        if name in linking or _complete(record, name):
            chosen += [name] if name not in chosen else []
            if _complete(record, name):
                return chosen
    return chosen
