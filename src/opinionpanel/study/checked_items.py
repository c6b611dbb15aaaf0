"""What ``opinionpanel check`` prints of items in short: a line for each."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any

from opinionpanel.engines import how_many
from opinionpanel.escaping import terminal_line, terminal_text
from opinionpanel.panel import Panel
from opinionpanel.questions import Score
from opinionpanel.study.column_texts import shortened
from opinionpanel.study.keys import OF_OPTION, StudyKeys
from opinionpanel.study.texts import LANGUAGE, in_language

HEAD = "Items: states and waves; people who answered, and of a wave and the next one, both"


def items_text(keys: StudyKeys, panel: Panel | None, names: Collection[str]) -> str:
    """Describe items in a line each; `panel` has those without a fault."""
    right = {} if panel is None else panel.questions
    counts = {} if panel is None else how_many(_conditions(panel))
    width = max((len(terminal_line(name)) for name in names), default=0)
    lines = [HEAD]
    for name in names:
        written = keys.questions[name]
        options = [one for one in right if one.startswith(f"{name}{OF_OPTION}")]
        what = "not counted: see the faults"
        if panel and name in keys.multiple and options:
            # All options have the same people.
            number = _count(len(options), "option")
            what = f"{number}: {_numbers_text(panel, options[0], counts)}"
        elif panel and name in right:
            what = _numbers_text(panel, name, counts)
        question = in_language(written.question, LANGUAGE)
        asked = f"; {shortened(question)}" if question else ""
        lines.append(f"  {terminal_line(name):<{width}}  {what}{asked}")
    return terminal_text(lines)


def _conditions(panel: Panel) -> Iterator[tuple[Hashable, Any]]:
    for name in panel.questions:
        for wave in panel.asked(name):
            yield (name, wave), panel.answers[name][panel.position(wave)] >= 0
        for first, second in panel.pairs(name):
            codes = [panel.answers[name][panel.position(wave)] for wave in (first, second)]
            yield (name, first, second), (codes[0] >= 0) & (codes[1] >= 0)


def _numbers_text(panel: Panel, name: str, counts: Mapping[Hashable, int]) -> str:
    question, asked = panel.question(name), panel.asked(name)
    answers = _count(len(question.state_names), "state")
    if isinstance(question, Score):
        answers = f"score of {question.ends}"
    text = f"{answers}, {_count(len(asked), 'wave')}: "
    text += f"{_range([counts[name, wave] for wave in asked])} answered"
    both = [counts[name, first, second] for first, second in panel.pairs(name)]
    return f"{text}, {_range(both)} both" if both else text


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _range(numbers: list[int]) -> str:
    least, most = min(numbers), max(numbers)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
