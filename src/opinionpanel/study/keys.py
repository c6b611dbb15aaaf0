"""The keys of a ``study.toml``, each checked by itself, so that every fault is found at once."""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from opinionpanel.errors import OpinionPanelError, ReadError, StudyError, near
from opinionpanel.escaping import terminal_line, toml_text
from opinionpanel.panel import Duplicates
from opinionpanel.study.estimation_forms import (
    ESTIMATION,
    Estimation,
    StudyAnchor,
    StudyCombine,
    StudyImpute,
    StudyMoves,
    StudySmallGroups,
)
from opinionpanel.study.key_forms import (
    INNER,
    KINDS,
    NOBODY,
    REQUIRED,
    REQUIRED_OF_ONE_FILE,
    TAGS,
    StudyBattery,
    StudyCohorts,
    StudyDesign,
    StudyGroups,
    StudyItem,
    StudyMultiple,
    StudyQuestion,
    StudyScale,
    StudyScore,
    StudyStatus,
    StudyWave,
    Table,
)
from opinionpanel.study.texts import Text
from opinionpanel.waves import PLAIN, READERS, check_file, look, suffix_of

# Keys with thousands of parts, a.a.a and so on, would fill the memory when they are read.
MOST_PARTS = 200
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(
    rf"(?:^|[\[{{,])[ \t]*+{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}}", re.MULTILINE
)

Part = TypeVar("Part")
# The keys that are several tables, with the first line of one.
TABLES = {
    "waves": "[[waves]]",
    "items": "[items.support]",
    "scores": "[scores.warmth]",
    "scales": "[scales.trust]",
    "multiple": "[multiple.media]",
    "batteries": "[batteries.institutions]",
}
# What is asked, by its table: the form of one, and what messages call it.
ASKED: dict[str, tuple[type[Table], str]] = {
    "items": (StudyItem, "item"),
    "scores": (StudyScore, "score"),
    "scales": (StudyScale, "scale"),
    "multiple": (StudyMultiple, "multiple question"),
    "batteries": (StudyBattery, "battery"),
}
# All keys that stand once.
KEYS: dict[str, Any] = {**KINDS, **ESTIMATION}
# Options of a question that takes several answers are called "media: TV".
OF_OPTION = ": "


@dataclass
class StudyKeys:
    """What a study file declares, as far as its keys are right.

    Attributes
    ----------
    path : pathlib.Path
    wave_names : list of str
        The names of all waves, also of those with another faulty key.
    title, source, file, wave, encoding, person, …
        The keys of the file; what is faulty is left out. `waves` are by their place, from 1.
    faults : list of str
        Each with its key.
    dropped : set of str
        Keys within a table that were left out of it for a fault.
    """

    path: Path
    title: Text = ""
    name: str = ""
    side_by_side: dict[str, str] = field(default_factory=dict)
    source: Text = ""
    labels: dict[str, Text] = field(default_factory=dict)
    sponsor: Text = ""
    contractor: Text = ""
    population: Text = ""
    sampling: Text = ""
    mode: Text = ""
    response_rate: Text = ""
    weighting: Text = ""
    contact: Text = ""
    file: str = ""
    wave: str = ""
    encoding: str = ""
    person: Any = None
    waves: dict[int, StudyWave] = field(default_factory=dict)
    wave_names: list[str] = field(default_factory=list)
    items: dict[str, StudyItem] = field(default_factory=dict)
    scores: dict[str, StudyScore] = field(default_factory=dict)
    scales: dict[str, StudyScale] = field(default_factory=dict)
    multiple: dict[str, StudyMultiple] = field(default_factory=dict)
    batteries: dict[str, StudyBattery] = field(default_factory=dict)
    groups: Any = ()
    fixed: Any = ()
    duplicates: Duplicates = "error"
    no_id: list[int | float | str] = field(default_factory=list)
    interviewed: StudyStatus | Literal["weight"] | None = None
    due: dict[str, list[str]] | StudyCohorts = field(default_factory=dict)
    allow_lost_missing: bool = False
    allow_outside: bool = False
    blanks: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    skip_rows: int | list[int] = 0
    sheet: int | str | None = None
    design: StudyDesign | None = None
    anchor: StudyAnchor | None = None
    combine: StudyCombine | None = None
    possible_moves: StudyMoves | None = None
    small_groups: StudySmallGroups | None = None
    impute: StudyImpute | None = None
    faults: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)

    @property
    def questions(self) -> dict[str, StudyQuestion]:
        """Items, then scores, scales and questions that take several answers, by name."""
        return {**self.items, **self.scores, **self.scales, **self.multiple}

    def place(self, question: str) -> list[str]:
        """Give the key of a question, or of the one that an option belongs to."""
        for table in ("items", "scores", "scales", "multiple"):
            if question in getattr(self, table):
                return [table, question]
        return ["multiple", question.partition(OF_OPTION)[0]]

    def kind(self, question: str) -> str:
        """Say what messages call a question."""
        return ASKED[self.place(question)[0]][1]

    @property
    def independent(self) -> bool:
        """Whether every wave asked other people."""
        return bool(self.person == NOBODY)

    @property
    def ids(self) -> Any:
        """The columns of ids, as `person` names them; an empty list for none."""
        return [] if self.independent or self.person is None else self.person

    @property
    def estimation(self) -> Estimation:
        """What the file says of how figures are estimated beyond counting."""
        return Estimation(**{key: getattr(self, key) for key in ESTIMATION})

    @property
    def reading(self) -> dict[str, Any]:
        """How to read wave files, as said at the top of the file."""
        names = ("blanks", "text", "skip_rows", "sheet", "allow_lost_missing")
        return {"encoding": self.encoding or None, **{name: getattr(self, name) for name in names}}

    def fault(self, key: str | Sequence[object], text: str) -> None:
        """Note a fault, once; a key is its parts, or a text that says where the fault is."""
        place = terminal_line(key if isinstance(key, str) else dotted_key(key))
        line = f"{place}: {text}"
        if line not in self.faults:
            self.faults.append(line)

    def attempt(self, key: str | Sequence[object], make: Callable[[], Part]) -> Part | None:
        """Make a part of the study; what the library refuses is a fault of its key."""
        try:
            return make()
        except OpinionPanelError as error:
            # The key says which item or group it is.
            text = re.sub(r"^(Item|Score|Group|Fixed trait) '[^']*': ", "", str(error))
        if key:
            self.fault(key, text)
        # The whole may be refused for what a part was refused for.
        elif not any(fault.endswith(text) for fault in self.faults):
            self.faults.append(text)
        return None


def read_keys(path: str | Path) -> StudyKeys:
    """Read a study file key by key.

    Raises
    ------
    StudyError
        The file is missing, is a wave file, or is not TOML.
    """
    path = Path(path)
    try:
        check_file(path)
    except ReadError as error:
        raise StudyError(*error.args) from None
    look(path)
    raw = _parsed(path)
    keys = StudyKeys(path)
    for key in raw:
        if key not in (*KEYS, *TABLES):
            keys.fault([key], f"unknown key.{near(key, (*KEYS, *TABLES))}")
    for key in REQUIRED_OF_ONE_FILE if "file" in raw else REQUIRED:
        if key not in raw:
            keys.fault([key], "is missing")
    for key, kind in KEYS.items():
        if key in raw:
            value = _checked(kind, raw[key], [key], keys)
            if value is not None:
                setattr(keys, key, value)
    for place, part in enumerate(_parts(raw, "waves", list, keys), start=1):
        wave = _checked(StudyWave, part, ["waves", place], keys)
        if wave is not None:
            keys.waves[place] = wave
        if isinstance(part, dict) and isinstance(part.get("name"), str):
            keys.wave_names.append(part["name"])
    if not set(raw) & (set(ASKED) - {"batteries"}):
        keys.fault(["items"], "is missing")
    _read_asked(raw, keys)
    return keys


def _read_asked(raw: dict[str, Any], keys: StudyKeys) -> None:
    """Read what is asked; every name stands once."""
    taken: dict[str, str] = {}
    for table, (kind, called) in ASKED.items():
        for name, part in _parts(raw, table, dict, keys).items():
            if name in taken:
                an = "an" if taken[name][0] in "aeiou" else "a"
                keys.fault(
                    [table, name], f"{an} {taken[name]} has this name; give the {called} another"
                )
                continue
            taken[name] = called
            written = _checked(kind, part, [table, name], keys)
            if written is not None:
                getattr(keys, table)[name] = written


def _parsed(path: Path) -> dict[str, Any]:
    # An editor may have added .txt to the name of a study file.
    if suffix_of(path) in {*READERS, *PLAIN} - {".txt"}:
        raise StudyError(
            f"{path.name}: this is a wave file; `opinionpanel init` drafts a study file from it."
        )
    try:
        # Editors on Windows may write a mark before the first key.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise StudyError(f"{path.name} is not text in UTF-8; save the file as UTF-8.") from None
    except OSError as error:
        raise StudyError(f"{path.name} cannot be opened: {error.strerror}.") from None
    if _LONG_KEY.search(text):
        raise StudyError(
            f"{path.name}: a key has more than {MOST_PARTS} parts with points between them. Put "
            "quotation marks around what is text."
        )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = _hint(text, str(error))
        raise StudyError(f"{path.name} is not a TOML file: {error}.{hint}") from None
    except (ValueError, RecursionError):
        raise StudyError(
            f"{path.name} cannot be read as TOML: it holds brackets in brackets in brackets, or a "
            "number of thousands of digits. Take that out."
        ) from None


def _hint(text: str, error: str) -> str:
    """Say what may be wrong in the line where TOML ends."""
    lines = text.splitlines()
    place = re.search(r"at line (\d+)", error)
    line = lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else text
    if "\\" in line:
        return " Write paths with /, not with \\, which has a meaning of its own in TOML."
    if re.search("[“”„«»‘’]", line):
        return ' Use straight quotes, ", around texts: curly ones (“ ” „) are no quotes in TOML.'
    return ""


def _parts(raw: dict[str, Any], key: str, kind: type[Part], keys: StudyKeys) -> Part:
    part = raw.get(key, kind())
    if not isinstance(part, kind):
        keys.fault([key], f"must be tables, each under a line like {TABLES[key]}")
        return kind()
    if key in raw and not part:
        keys.fault([key], "names none; there must be at least one")
    return part


def _checked(kind: Any, value: Any, at: Sequence[object], keys: StudyKeys) -> Any:
    """Check a value and note its faults; of a table keep what is right, else give None."""
    check = TypeAdapter(kind, config=None if _is_table(kind) else {"strict": True})
    try:
        return check.validate_python(value)
    except ValidationError as error:
        faults = error.errors(include_url=False)
    for fault in faults:
        # Of a key that is wrong itself, pydantic says so after it.
        place = [part for part in fault["loc"] if part not in (*TAGS, "[key]")]
        keys.fault([*at, *_from_one(place)], _say(fault, kind, [*at, *place]))
    # Of groups, too, those without a fault are read on.
    if not (_is_table(kind) or kind is StudyGroups) or not isinstance(value, dict):
        return None
    wrong = {next(part for part in fault["loc"] if part not in TAGS) for fault in faults}
    keys.dropped.update(dotted_key([*at, name]) for name in wrong)
    try:
        return check.validate_python({key: part for key, part in value.items() if key not in wrong})
    except ValidationError:
        return None


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Table)


def _from_one(place: Iterable[object]) -> list[object]:
    """Count the entries of a list as people do."""
    return [part + 1 if isinstance(part, int) else part for part in place]


def _say(fault: Any, kind: Any, place: Sequence[object]) -> str:
    """Word a fault so that it says what to write."""
    context = fault.get("ctx", {})
    if fault["type"] == "extra_forbidden":
        inner = [INNER[str(part)] for part in place[:-1] if str(part) in INNER]
        table = inner[-1] if inner else kind
        known = [entry.alias or name for name, entry in table.model_fields.items()]
        return f"unknown key.{near(str(place[-1]), known)}"
    if fault["type"] == "literal_error":
        return f"must be {context['expected']}, not {fault['input']!r}"
    plain = {
        "missing": "is missing",
        "string_type": "must be text, in quotes",
        "string_too_short": "is empty",
        "bool_type": "must be true or false, without quotes",
        "int_type": "must be a whole number, without quotes",
        "float_type": "must be a number, without quotes",
        "list_type": "must be a list, in square brackets",
        "too_short": "needs two or more" if context.get("min_length") == 2 else "is empty",
        "dict_type": "must be a table",
        "model_type": "must be a table",
        "string_pattern_mismatch": "must be the code of a language, such as en or ru",
    }
    return plain.get(fault["type"], str(fault["msg"]))


def dotted_key(key: Sequence[object]) -> str:
    """Write a key as it stands in the file."""
    return ".".join(
        str(part) if re.fullmatch(r"[\w-]+", str(part)) else toml_text(str(part)) for part in key
    )


def check_waves(
    keys: StudyKeys, key: Sequence[object], given: Iterable[str], waves: list[str]
) -> bool:
    """Note the waves that the study does not have; tell whether it has all.

    Without any wave nobody can tell; there is another fault then.
    """
    if not waves:
        return False
    unknown = [name for name in given if name not in waves]
    for name in unknown:
        keys.fault([*key, name], f"there is no such wave.{near(name, waves)}")
    return not unknown
