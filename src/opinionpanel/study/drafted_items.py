"""The draft of an item: its column by wave, and a state for every answer."""

import re
from collections.abc import Mapping, Sequence

from opinionpanel.escaping import toml_comment, toml_key, toml_text
from opinionpanel.questions import (
    labels_shown,
    nameable,
    others_text,
    says_no_interview,
    unshown_labels_text,
    where_shown,
)
from opinionpanel.study.drafted_places import decide
from opinionpanel.study.guessed_questions import Question
from opinionpanel.study.toml_text import toml_value
from opinionpanel.waves import Wave, code_order, declared_missing, folded

MOST_NAME = 40
OFTEN_MISSING = re.compile(r"-\d+|8{2,}|9+[6789]")
NOT_ASKED = re.compile(r"not asked|nicht gestellt|nicht gefragt|вопрос не задавался|не задавали")

NOBODY = "declared missing in the file, and nobody's answer"

# Code to its labels in all waves, by their folded form; those that say the same stand once.
CodeLabels = Mapping[object, Mapping[str, str]]


def item_lines(
    name: str, question: Question, waves: Mapping[str, Wave], doubts: Sequence[str] = ()
) -> list[str]:
    """Draft an item in TOML; `doubts` are lines about which question it is."""
    labels = _labels(question)
    by_label = any(len(texts) > 1 for texts in labels.values())
    return [
        f"[items.{toml_key(name)}]",
        decide("states: which answers belong together, their names and their order"),
        *doubts,
        *_column_lines(question, waves),
        *_coding_lines(question, labels, by_label),
        *_unshown_lines(question, labels),
        *_rest_lines(question, labels),
        *_state_lines(name, question, waves, labels, by_label),
    ]


def _labels(question: Question) -> CodeLabels:
    """Collect the codes of all waves that a text may name, with their labels."""
    labels: dict[object, dict[str, str]] = {}
    for column in question.values():
        said = labels_shown(column.people, column.labels)
        for code in sorted(nameable(column.people, column.labels), key=code_order):
            known = labels.setdefault(code, {})
            if (label := said.get(code)) is not None:
                known.setdefault(folded(label), label)
    return labels


def _unshown_lines(question: Question, labels: CodeLabels) -> list[str]:
    """Say where states are numbers although the file has labels."""
    lines = []
    for wave, column in question.items():
        said = labels_shown(column.people, column.labels)
        if text := unshown_labels_text(labels.keys(), column.labels, said, column.name):
            lines.append(f"# {toml_comment(f'{wave}: {text}')}")
    return lines


def _rest_lines(question: Question, labels: CodeLabels) -> list[str]:
    """Leave out the answers of few people, which may be in their own words."""
    others = {
        f"{wave}: {text}. {where_shown(column.name)}"
        for wave, column in question.items()
        if (text := others_text(n for code, n in column.people.items() if code not in labels))
    }
    if not others:
        return []
    return [
        "# Not named here, since they may tell who gave them, and read as no answer:",
        *(f"#   {toml_comment(text)}" for text in sorted(others)),
        'rest = "missing"',
    ]


def _column_lines(question: Question, waves: Mapping[str, Wave]) -> list[str]:
    """Give the wording and the column, by wave where its name differs."""
    columns = {wave: column.name for wave, column in question.items()}
    wording = [waves[wave].wording.get(column, "") for wave, column in columns.items()]
    same = len(set(columns.values())) == 1 and len(columns) == len(waves)
    text = next((text for text in wording if text), "")
    lines = [
        f"question = {toml_text(text)}" + ("" if text else "  # its wording, which no file has"),
        f"column = {toml_value(next(iter(columns.values())) if same else columns)}",
    ]
    if len({folded(text) for text in wording if text}) > 1:
        lines.append(decide("other words in another wave; is it the same question?"))
        lines += [
            f"#   {toml_comment(f'{wave}, {column}: {text}')}"
            for (wave, column), text in zip(columns.items(), wording, strict=True)
        ]
    return lines


def _coding_lines(question: Question, labels: CodeLabels, by_label: bool) -> list[str]:
    """Say where codes or labels differ between waves."""
    lines = []
    if by_label:
        lines.append(
            "# Some codes have other labels in another wave, so states are given by label."
        )
    used = {wave: column.people.keys() & labels.keys() for wave, column in question.items()}
    if not any(labels.values()) and len({frozenset(codes) for codes in used.values()}) > 1:
        lines.append(decide("the answers differ between waves; did the coding change?"))
        for wave, codes in used.items():
            shown = ", ".join(str(code) for code in sorted(codes, key=code_order))
            lines.append(f"#   {toml_comment(wave)}: {toml_comment(shown)}")
    return lines


def _state_lines(
    name: str, question: Question, waves: Mapping[str, Wave], labels: CodeLabels, by_label: bool
) -> list[str]:
    """Make every answer a state of its own, with a note on what is special about it."""
    states: dict[str, list[object]] = {}
    notes: dict[str, list[str]] = {}
    silent: dict[str, list[object]] = {"not_asked": [], "no_interview": []}
    for code in sorted(labels, key=code_order):
        for text in labels[code].values() or [str(code)]:
            entry: object = text if by_label and labels[code] else code
            what = _silence(code, text, question, waves)
            if what:
                silent[what] += [entry] if entry not in silent[what] else []
                continue
            state = _state_name(text, states)
            if entry not in states.setdefault(state, []):
                states[state].append(entry)
            about = _about_answer(code, text, state, not labels[code], question, waves)
            notes.setdefault(state, []).extend(about)
    lines = [f"{what} = {toml_value(codes)}" for what, codes in silent.items() if codes]
    lines.append(f"[items.{toml_key(name)}.states]")
    for state, codes in states.items():
        note = toml_comment("; ".join(dict.fromkeys(notes[state])))
        # A state that nobody can have would stand in every table.
        left_out = "# " if NOBODY in notes[state] else ""
        lines.append(
            f"{left_out}{toml_key(state)} = {toml_value(codes)}" + (f"  # {note}" if note else "")
        )
    return lines


def _silence(code: object, text: str, question: Question, waves: Mapping[str, Wave]) -> str:
    """Tell what a label says instead of an answer; "" for an answer."""
    if NOT_ASKED.search(folded(text)):
        return "not_asked"
    answer = not _missing(code, question, waves)
    return "no_interview" if says_no_interview(text, answer=answer) else ""


def _missing(code: object, question: Question, waves: Mapping[str, Wave]) -> bool:
    return any(
        declared_missing(code, waves[wave].missing.get(column.name, ()))
        for wave, column in question.items()
    )


def _about_answer(
    code: object,
    text: str,
    state: str,
    unlabelled: bool,
    question: Question,
    waves: Mapping[str, Wave],
) -> list[str]:
    """Note the whole label of a shortened name, and what looks like no answer."""
    notes = [text] if state != text.strip() else []
    if unlabelled and OFTEN_MISSING.fullmatch(text):
        notes.append("often: don't know, or no answer")
    if _missing(code, question, waves):
        nobody = all(code not in column.people for column in question.values())
        notes.append(NOBODY if nobody else "declared missing in the file")
    return notes


def _state_name(text: str, taken: Mapping[str, Sequence[object]]) -> str:
    """Shorten a label to a name; labels that differ keep different names."""
    text = " ".join(text.split())
    if len(text) <= MOST_NAME:
        return text
    short = text[: MOST_NAME - 1].rstrip() + "…"
    return text if short in taken else short
