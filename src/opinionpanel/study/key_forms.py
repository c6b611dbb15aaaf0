"""The keys that a ``study.toml`` may have, and the form of what each of them says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

from opinionpanel.errors import LinkError
from opinionpanel.panel import Duplicates, Fieldwork, words_and_days
from opinionpanel.questions import Use
from opinionpanel.study.texts import METHODS, Text

# TOML has no word for nothing: who was asked at every wave, where each asked other people. A column
# of this name is named in a list.
NOBODY = "none"
# TOML has no word for a blank; among codes this text stands for one.
BLANK_TEXT = "(blank)"

# Tags of the forms a value can have; they are no part of a key.
TAGS = ("<name>", "<list>", "<table>", "<codes>", "<by wave>")
NAME, LIST, TABLE, CODES, BY_WAVE = TAGS

Name = Annotated[str, StringConstraints(min_length=1)]


def _form(value: Any) -> str | None:
    forms = ((str, NAME), (list, LIST), (dict, TABLE))
    return next((form for kind, form in forms if isinstance(value, kind)), None)


def _forms_of_states(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    return BY_WAVE if any(isinstance(part, dict) for part in value.values()) else CODES


def _either(say: str, form: Any = _form) -> Discriminator:
    return Discriminator(form, custom_error_type="form", custom_error_message=say)


def _code(value: Any) -> int | float | str:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or value != value:
        raise PydanticCustomError("form", "must be a number, or a label or text in quotes")
    return value


def _skip_rows(value: Any) -> int | list[int]:
    rows = value if isinstance(value, list) else [value]
    if not all(type(row) is int and row > 0 for row in rows):
        raise PydanticCustomError(
            "form", "must be how many first rows to leave out, or a list of rows, counted from 1"
        )
    return value if isinstance(value, int) else rows


def _sheet(value: Any) -> int | str:
    if not (isinstance(value, str) and value) and not (type(value) is int and value > 0):
        raise PydanticCustomError("form", "must be the name of a sheet, or its number from 1")
    return value


def _study_name(value: Any) -> str:
    if not (isinstance(value, str) and value):
        raise PydanticCustomError(
            "form",
            "must be one text in quotes, the same in all languages; how readers are told it stands "
            "under [labels]",
        )
    return value


def _fieldwork(value: Any) -> Fieldwork:
    days = value if isinstance(value, list) else [value]
    if not all(isinstance(day, (str, date)) for day in days):
        raise PydanticCustomError(
            "form",
            "must be the first and the last day, [2024-07-08, 2024-07-17], one day, or words in "
            "quotes",
        )
    try:
        words_and_days(value)
    except LinkError as error:
        raise PydanticCustomError("form", "{text}", {"text": str(error)}) from None
    return value  # type: ignore[no-any-return]


NameOrList = Annotated[
    Annotated[Name, Tag(NAME)] | Annotated[list[Name], Tag(LIST), Field(min_length=1)],
    _either("must be a column name, or a list of column names"),
]
Names = str | Sequence[str] | Mapping[str, str | Sequence[str]]
NamesByWave = Annotated[
    Annotated[Name, Tag(NAME)]
    | Annotated[list[Name], Tag(LIST), Field(min_length=1)]
    | Annotated[dict[str, NameOrList], Tag(TABLE)],
    _either("must be a column name, a list of column names, or a table of these by wave"),
]
NameByWave = Annotated[
    Annotated[Name, Tag(NAME)] | Annotated[dict[str, Name], Tag(TABLE)],
    _either("must be a column name, or a table of column names by wave"),
]
Code = Annotated[int | float | str, PlainValidator(_code)]
States = Annotated[
    Annotated[dict[str, list[Code]], Tag(CODES)]
    | Annotated[dict[str, dict[str, list[Code]]], Tag(BY_WAVE)],
    _either(
        "must be a table of states with lists of codes, or such a table by wave", _forms_of_states
    ),
]


class Table(BaseModel):
    """A table of keys, of which it may have no others."""

    # A misspelt key would otherwise be ignored without a word; and 1 is neither "1" nor true.
    model_config = ConfigDict(extra="forbid", strict=True)


RowsToSkip = Annotated[int | list[int], PlainValidator(_skip_rows)]
LanguageCode = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]


def _text(plain: Any) -> Any:
    """Make the form of a text for readers: one, or one for each language by its code."""
    by_language = Annotated[dict[LanguageCode, Name], Tag(TABLE), Field(min_length=1)]
    return Annotated[
        Annotated[plain, Tag(NAME)] | by_language,
        _either("must be text in quotes, or a table of texts by language, {en = ..., ru = ...}"),
    ]


# Mypy reads the form of texts here, pydantic the one that is made.
if TYPE_CHECKING:
    StudyText = Text
    StudyTitle = Text
else:
    StudyText, StudyTitle = _text(str), _text(Name)
StudyFieldwork = Annotated[Fieldwork, PlainValidator(_fieldwork)]
StudyName = Annotated[str, PlainValidator(_study_name)]
Sheet = Annotated[int | str, PlainValidator(_sheet)]


class StudyWave(Table):
    """A wave, as the file declares it."""

    name: Name
    # Required, unless one file holds all waves.
    file: str = ""
    fieldwork: StudyFieldwork = ""
    encoding: str = ""
    skip_rows: RowsToSkip = 0
    sheet: Sheet | None = None
    mode: StudyText = ""
    population: StudyText = ""
    sampling: StudyText = ""
    response_rate: StudyText = ""
    notes: StudyText = ""


class StudyItem(Table):
    """A question, as the file declares it."""

    column: NamesByWave
    states: States = Field(default_factory=dict)
    question: StudyText = ""
    label: StudyText = ""
    labels: dict[str, StudyText] = Field(default_factory=dict)
    neutral: str | None = None
    changes: dict[str, Name] = Field(default_factory=dict)
    rest: Literal["missing"] | None = None
    not_asked: list[Code] = Field(default_factory=list)
    no_interview: list[Code] = Field(default_factory=list)


class StudyScore(Table):
    """A question whose answers are numbers, as the file declares it."""

    column: NamesByWave
    low: float
    high: float
    missing: list[Code] = Field(default_factory=list)
    question: StudyText = ""
    label: StudyText = ""
    changes: dict[str, Name] = Field(default_factory=dict)
    not_asked: list[Code] = Field(default_factory=list)


ColumnList = Annotated[list[Name], Field(min_length=2)]
ColumnsByWave = Annotated[
    Annotated[ColumnList, Tag(LIST)] | Annotated[dict[str, ColumnList], Tag(TABLE)],
    _either("must be a list of column names, or a table of such lists by wave"),
]


class StudyScale(Table):
    """A score that is the mean of several columns, as the file declares it."""

    columns: ColumnsByWave
    low: float
    high: float
    reverse: list[Name] = Field(default_factory=list)
    at_least: int | None = None
    missing: list[Code] = Field(default_factory=list)
    question: StudyText = ""
    label: StudyText = ""
    changes: dict[str, Name] = Field(default_factory=dict)
    not_asked: list[Code] = Field(default_factory=list)

    @property
    def column(self) -> Names:
        """Its columns, by wave where they differ."""
        return self.columns


OptionColumns = Annotated[
    Annotated[Name, Tag(NAME)]
    | Annotated[list[Code], Tag(LIST), Field(min_length=1)]
    | Annotated[dict[str, Name], Tag(TABLE)],
    _either("must be a column name, a table of these by wave, or with columns a list of codes"),
]
OptionCodes = Annotated[
    Annotated[list[Code], Tag(LIST)] | Annotated[dict[str, list[Code]], Tag(TABLE)],
    _either("must be a list of codes, or a table of such lists by option"),
]


class StudyMultiple(Table):
    """A question that takes several answers, as the file declares it."""

    options: dict[str, OptionColumns] = Field(min_length=1)
    selected: OptionCodes = Field(default_factory=list)
    columns: ColumnsByWave | None = None
    unselected: list[Code] = Field(default_factory=list)
    none: OptionColumns | None = None
    nothing: Literal["no answer", "none"] = "no answer"
    question: StudyText = ""
    label: StudyText = ""
    changes: dict[str, Name] = Field(default_factory=dict)
    rest: Literal["missing"] | None = None
    not_asked: list[Code] = Field(default_factory=list)
    no_interview: list[Code] = Field(default_factory=list)

    @property
    def column(self) -> Names:
        """Its columns, by wave where they differ."""
        if self.columns is not None:
            return self.columns
        named = [*self.options.values(), *([self.none] if self.none else [])]
        waves = dict.fromkeys(wave for one in named if isinstance(one, dict) for wave in one)
        if not waves:
            return [one for one in named if isinstance(one, str)]
        return {
            wave: [one[wave] for one in named if isinstance(one, dict) and wave in one]
            for wave in waves
        }


class StudyBattery(Table):
    """Items that a report shows together, as the file declares them."""

    items: list[Name] = Field(min_length=2)
    question: StudyText = ""
    label: StudyText = ""


StudyQuestion = StudyItem | StudyScore | StudyScale | StudyMultiple


class StudyStatus(Table):
    """The column that says who was interviewed, as the file declares it."""

    column: NameByWave
    codes: list[Code] = Field(min_length=1)


class StudyGroup(Table):
    """A group of people, as the file declares it: by a column, or by the answers at a wave."""

    column: NameByWave | None = None
    states: States | None = None
    use: Use = "first"
    rest: Literal["missing"] | None = None
    bands: list[float] = Field(default_factory=list)
    label: StudyText = ""
    # Of answers to a question, in the place of all of the above.
    item: str = ""
    wave: str = ""


StudyGroups = Annotated[
    Annotated[list[Name], Tag(LIST)]
    | Annotated[
        dict[
            str,
            Annotated[
                Annotated[Use, Tag(NAME)] | Annotated[StudyGroup, Tag(TABLE)],
                _either(
                    "must be 'first', 'latest' or 'wave', or a table of column, use, states, bands"
                ),
            ],
        ],
        Tag(TABLE),
    ],
    _either('must be a list of columns, or a table such as {region = "latest"}'),
]


StudyInterviewed = Annotated[
    Annotated[Literal["weight"], Tag(NAME)] | Annotated[StudyStatus, Tag(TABLE)],
    _either("must be 'weight', or a table such as {column = \"status\", codes = [1]}"),
]


class StudyCohorts(Table):
    """The column of rotation groups, and when each was due, as the file declares it."""

    column: NameByWave
    waves: dict[str, list[Name]]


def _forms_of_due(value: Any) -> str | None:
    """Tell a table of rotation groups from one by wave, even if a wave is called "column"."""
    if not isinstance(value, dict):
        return None
    by_column = not isinstance(value.get("column", []), list) or isinstance(
        value.get("waves"), dict
    )
    return TABLE if by_column else BY_WAVE


StudyDue = Annotated[
    Annotated[dict[str, list[Name]], Tag(BY_WAVE)] | Annotated[StudyCohorts, Tag(TABLE)],
    _either(
        'must be a table of waves, such as {w1 = ["w2"]}, or one such as {column = "rotation", '
        'waves = {"1" = ["w1", "w2"]}}',
        _forms_of_due,
    ),
]


class StudyLongitudinal(Table):
    """The weight of a pair of waves, as the file declares it."""

    start: Name = Field(alias="from")
    end: Name = Field(alias="to")
    weight: Name
    replicates: NameOrList | None = None


class StudyReplicates(Table):
    """Replicate weights, as the file declares them."""

    columns: NamesByWave
    scale: float | None = None
    rscales: list[float] | None = None
    mse: bool | None = None
    kind: str = ""
    rho: float = 0.0
    stratum_sizes: list[int] | None = None
    df: float | None = None


class StudyDesign(Table):
    """Weights, strata and PSUs, as the file declares them."""

    weight: NameByWave | None = None
    unweighted: list[Name] = Field(default_factory=list)
    longitudinal: list[StudyLongitudinal] = Field(default_factory=list)
    replicates: StudyReplicates | None = None
    stratum: NameByWave | None = None
    psu: NameByWave | None = None
    fpc: NameByWave | None = None
    nest: bool = False
    same_psus: bool = False
    lonely_psu: Literal["fail", "certainty", "adjust", "average"] = "fail"
    sample: Literal["probability", "nonprobability"] | None = None


INNER: dict[str, type[Table]] = {
    "groups": StudyGroup,
    "interviewed": StudyStatus,
    "due": StudyCohorts,
    "fixed": StudyGroup,
    "longitudinal": StudyLongitudinal,
    "replicates": StudyReplicates,
}
# The keys of the file besides waves, items and scores, of which there are several.
KINDS: dict[str, Any] = {
    "title": StudyTitle,
    "source": StudyText,
    "file": Name,
    "wave": Name,
    "encoding": str,
    "person": NamesByWave,
    "groups": StudyGroups,
    "fixed": StudyGroups,
    "duplicates": Duplicates,
    "no_id": list[Code],
    "interviewed": StudyInterviewed,
    "due": StudyDue,
    "allow_lost_missing": bool,
    "allow_outside": bool,
    "blanks": list[Name],
    "text": list[Name],
    "skip_rows": RowsToSkip,
    "sheet": Sheet,
    "design": StudyDesign,
    "labels": dict[str, StudyText],
    **dict.fromkeys(METHODS, StudyText),
    "name": StudyName,
    "side_by_side": dict[Name, Name],
}
REQUIRED = ("title", "person", "waves")
# One file for all waves says by itself which there are, and a wide one may have people without ids.
REQUIRED_OF_ONE_FILE = ("title",)
