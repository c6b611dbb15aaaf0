"""What ``opinionpanel init`` writes: a first study file, to be edited."""

import os
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from opinionpanel.errors import StudyError
from opinionpanel.escaping import toml_comment, toml_text
from opinionpanel.study.drafted_items import item_lines
from opinionpanel.study.drafted_people import due_lines, fixed_lines, person_lines
from opinionpanel.study.drafted_places import MARK, decide
from opinionpanel.study.drafted_waves import file_lines, wave_lines
from opinionpanel.study.files_beside import leads_outside, nameable
from opinionpanel.study.guessed_background import is_background
from opinionpanel.study.guessed_file import OneFile, guess_one_file
from opinionpanel.study.guessed_questions import (
    MOST_ANSWERS,
    Question,
    guess_long,
    guess_questions,
)
from opinionpanel.study.guessed_traits import guess_ages, guess_fixed, guess_groups
from opinionpanel.study.guessed_weights import guess_weights
from opinionpanel.study.guessing import (
    ColumnByWave,
    GuessedColumn,
    guess_person,
    survey_columns,
)
from opinionpanel.study.named_questions import NamedQuestion, named_questions
from opinionpanel.study.texts import METHODS
from opinionpanel.study.toml_text import toml_value
from opinionpanel.study.wave_reading import read_wave_files
from opinionpanel.waves import SkipRows, Wave, steady
from opinionpanel.written_files import LETTERS, made, write_file

HEAD = f"""\
# A first draft by `opinionpanel init`: guesses from the files alone. Lines that start with # are
# comments. A line that starts with
#     {MARK}
# marks a place that is yours to decide: put it right, or find it right, and take that line away.
# Run `opinionpanel check` on this file after every step: it prints the codes and labels of every
# item by wave, lists what is still wrong, and which places are left.
"""
QUESTIONS = """\
# The questions. Keep those you need and give them and their states short names. Here every answer
# is a state of its own: merge them, as in
#     approve = [1, 2]
#     unsure = [3, 98, 99]
# The order of the states is that of the charts. All waves have the same states; where the coding
# differs, give the states by wave: [items.NAME.states.WAVE]. Answers that are declared missing in
# the file, such as "don't know", are answers here: give them a state, or leave them out and write
# rest = "missing". A blank is no answer, unless a state has "(blank)" among its codes.
# For charts: label = "Support for the operation", for titles; neutral = "unsure", the state of the
# undecided, where its name does not say so; changes = {"WAVE" = "asked by phone"}.
# A question whose answers are numbers, such as a thermometer, is a score, not an item:
#     [scores.warmth]
#     column = "ft01"
#     low = 0
#     high = 100
#     missing = [998]
"""
MOST_ITEMS = 20


def write_draft(
    files: Sequence[str | Path],
    output: str | Path,
    *,
    items: Sequence[str] = (),
    encoding: str | None = None,
    skip_rows: SkipRows = 0,
) -> Path:
    """Write a first study file; never over one that exists.

    Parameters
    ----------
    files : sequence of path
        The wave files, in the order of fieldwork.
    output : path
        The study file to write.
    items : sequence of str
        The columns to draft as items, in this order; by default questions that look like attitudes
        come first, and at most 20 are drafted.
    encoding : str, optional
        Text encoding of all files, where they do not say or say it wrongly.
    skip_rows : int or sequence of int
        Rows of all text and Excel files that are no people, as in `read_wave`.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    StudyError
        The study file exists.
    SelectionError
        No file has a column of `items`, or it holds no answers to choose among.
    WriteError
        It cannot be written.
    ReadError
        A wave file cannot be read.
    """
    output = Path(output)
    if output.exists():
        raise StudyError(_exists(output))
    text = draft_study(files, output.parent, items=items, encoding=encoding, skip_rows=skip_rows)
    with made(output.parent):
        try:
            write_file(output, text, replace=False)
        except FileExistsError:
            raise StudyError(_exists(output)) from None
    return output


def _exists(output: Path) -> str:
    return f"{output} exists already. Name another file by --output, or move the old one away."


@steady()
def draft_study(
    files: Sequence[str | Path],
    folder: str | Path,
    *,
    items: Sequence[str] = (),
    encoding: str | None = None,
    skip_rows: SkipRows = 0,
) -> str:
    """Draft a study file from the wave files alone.

    Parameters
    ----------
    files : sequence of path
        The wave files, in the order of fieldwork.
    folder : path
        Where the study file will stand; file names in it are relative to that.
    items, encoding, skip_rows : optional
        As in `write_draft`.

    Returns
    -------
    str
        TOML. It names columns, codes, labels and questions, never a person's id or row.

    Examples
    --------
    >>> import opinionpanel as op
    >>> data = op.datasets.folder("attitudes_2024")
    >>> text = draft_study([data / "wave1.sav", data / "wave2.sav"], data)
    >>> [line for line in text.splitlines() if line.startswith(("person", "weight"))]
    ['person = "resp_id"', 'weight = "wgt"']
    """
    paths = [Path(file) for file in files]
    relative = [Path(os.path.relpath(path, folder)).as_posix() for path in paths]
    for name in relative:
        if not nameable(name):
            raise StudyError(f"{name!r}: {LETTERS}.")
    read = read_wave_files(paths, encoding=encoding, skip_rows=skip_rows)
    waves = read.waves
    one = guess_one_file(next(iter(waves.values()))) if len(waves) == 1 else None
    if one is None:
        columns = survey_columns(waves)
        person = guess_person(waves)
        weights = guess_weights(waves, columns, person)
    else:
        waves, columns, person, weights = one.waves, one.columns, one.person, one.weights
    groups = guess_groups(columns)
    used = {name for names in (*person.values(), *weights.values()) for name in names}
    # In a wide file what does not change has one column, which shows nothing.
    wide = one is not None and not one.wave
    fixed = [] if wide else guess_fixed(columns, used)
    used |= {name for group in groups.values() for name in group.values()} | set(fixed)
    in_columns = one if wide else None
    if items:
        chosen, others = named_questions(items, columns, in_columns), list[str]()
    else:
        chosen, others = _first_questions(columns, used, in_columns)
    blocks = [
        _head(list(waves)),
        *file_lines(one, relative[0], encoding, skip_rows),
        *person_lines(person, waves, wide=wide),
        # Without ids nobody is linked, and nobody was due again.
        *(fixed_lines(fixed if person else []) if not wide else []),
        *(due_lines(list(waves)) if person or wide else []),
        *_lossy_lines(read.lossy),
        *_outside_lines(paths, Path(folder)),
        *wave_lines(waves, relative, encoding, one, read.options),
        *_group_lines(groups, guess_ages(columns)),
        *_weight_lines(weights, list(waves)),
        *_item_lines(chosen, waves, {} if one is None else one.names),
        *others,
    ]
    return "\n".join(blocks) + "\n"


def _first_questions(
    columns: Mapping[str, Sequence[GuessedColumn]], used: Set[str], wide: OneFile | None
) -> tuple[list[NamedQuestion], list[str]]:
    """Choose the questions that are drafted unasked; and write lines that name the others."""
    questions = _questions(columns, used, wide)
    drafted = {column.name for question in questions for column in question.values()}
    lines = _more_lines(questions[MOST_ITEMS:], guess_long(columns, used | drafted))
    return [NamedQuestion(question) for question in questions[:MOST_ITEMS]], lines


def _questions(
    columns: Mapping[str, Sequence[GuessedColumn]], used: Set[str], wide: OneFile | None
) -> Sequence[Question]:
    """Guess the questions that waves share, attitudes before facts about people.

    Those of a wide file are known by their columns.
    """
    if wide is None:
        found = guess_questions(columns, used)
    else:
        found = [
            question
            for question in wide.questions
            if not used & {column.name for column in question.values()}
        ]
    return sorted(found, key=is_background)


def _head(waves: Sequence[str]) -> str:
    methods = "\n".join(f'# {key} = ""' for key in METHODS)
    return f"""{HEAD}
{decide("title and source: how reports name the study, and who collected the data")}
title = {toml_text("Panel of " + ", ".join(waves))}
source = ""  # who collected the data, for captions

# What reports say of how the data were made; what stands nowhere here, they name as missing:
{methods}
"""


def _lossy_lines(files: Sequence[str]) -> list[str]:
    if not files:
        return []
    return [
        f"# {toml_comment(', '.join(files))}: the format loses which codes are declared missing,",
        '# so that answers such as "don\'t know" may vanish. Get another format, or accept that:',
        "# allow_lost_missing = true",
        "",
    ]


def _outside_lines(paths: Sequence[Path], folder: Path) -> list[str]:
    if not any(leads_outside(path, folder) for path in paths):
        return []
    return [
        "# Wave files lie outside the folder of this file, where only this lets it read them:",
        "allow_outside = true",
        "",
    ]


def _group_lines(groups: Mapping[str, ColumnByWave], ages: ColumnByWave) -> list[str]:
    lines = [
        '# Groups to compare. For people whose value changes, "first", "latest", or "wave": the',
        "# value at each wave.",
        decide("groups: which people to compare"),
        "[groups]" if groups else "# [groups]",
    ]
    if not groups:
        lines.append('# gender = "first"')
    for name, columns in groups.items():
        names = set(columns.values())
        if names == {name}:
            lines.append(f'{name} = "first"')
        elif len(names) == 1:
            lines.append(f'{name} = {{column = {toml_text(names.pop())}, use = "first"}}')
        else:
            lines.append(f'{name} = {{column = {toml_value(columns)}, use = "first"}}')
    if ages:
        names = set(ages.values())
        where = toml_text(names.pop()) if len(names) == 1 else toml_value(ages)
        lines += [
            "# Years of age, cut into 18–29, 30–44, 45–59 and 60+:",
            f"# age = {{column = {where}, bands = [18, 30, 45, 60]}}",
        ]
    return [*lines, ""]


def _weight_lines(weights: Mapping[str, Sequence[str]], waves: Sequence[str]) -> list[str]:
    lines = [
        "# The weight, by wave where its name differs; stratum and psu if the sample has them.",
    ]
    best = {wave: names[0] for wave, names in weights.items()}
    others = [
        f"{wave}: {', '.join(names[1:4])}" for wave, names in weights.items() if len(names) > 1
    ]
    if others:
        lines.append(f"# Other columns that look like weights: {toml_comment('; '.join(others))}.")
    lines.append(decide("design: the weight of each wave, and how the sample was drawn"))
    lines.append("[design]")
    same = len(set(best.values())) == 1 and len(best) == len(waves)
    without = [wave for wave in waves if wave not in best]
    if same:
        lines.append(f"weight = {toml_text(best[waves[0]])}")
    elif best:
        lines.append(f"weight = {toml_value(best)}")
        lines += [f"unweighted = {toml_value(without)}"] if without else []
    else:
        lines.append('# weight = "weight"  # no column looks like a weight: results are unweighted')
    lines.append('# stratum = "region"')
    lines.append('# psu = "settlement"')
    lines.append('# sample = "probability"  # or "nonprobability", for an opt-in panel')
    return [*lines, ""]


def _item_lines(
    questions: Sequence[NamedQuestion], waves: Mapping[str, Wave], called: Mapping[str, str]
) -> list[str]:
    """Draft the questions; `called` names those of some first columns."""
    lines = [QUESTIONS]
    if not questions:
        lines += ["[items]", decide("no question with a few answers stands in several waves")]
    names: list[str] = []
    for question, doubts in questions:
        column = next(iter(question.values())).name
        name = called.get(column, column)
        while name in names:
            name += "_"
        names.append(name)
        lines += [*item_lines(name, question, waves, doubts), ""]
    return lines


def _more_lines(questions: Sequence[Question], long: Sequence[str]) -> list[str]:
    """Name the questions that are not drafted."""
    # Questions of different waves may have one name.
    more = list(dict.fromkeys(next(iter(question.values())).name for question in questions))
    lines = []
    for names, what in (
        (more, f"{len(more)} more columns look like questions of several waves"),
        (
            long,
            f"too many codes to draft (over {MOST_ANSWERS}), write by hand; numbers, as of a "
            "thermometer, are scores",
        ),
    ):
        lines += [f"# {what}:"] if names else []
        lines += [
            f"#   {toml_comment(', '.join(names[start : start + 12]))}"
            for start in range(0, len(names), 12)
        ]
    return lines
