"""A panel in words: waves, people, who links, which weight."""

from collections.abc import Hashable, Iterator, Mapping
from functools import reduce
from itertools import chain
from typing import Any

import numpy as np

from opinionpanel.design import key_text
from opinionpanel.engines import Key, Table, how_many, tables
from opinionpanel.errors import count_people
from opinionpanel.escaping import terminal_line, terminal_text
from opinionpanel.panel.noticed import counted_conditions, counted_notes
from opinionpanel.panel.record import PanelRecord
from opinionpanel.panel.traits import repeated
from opinionpanel.questions import (
    NO_ANSWER,
    NOT_ASKED,
    AnyQuestion,
    Group,
    Option,
    OtherAnswers,
    Questions,
    Score,
    Unread,
    nameable_categories,
    small_text,
)

# Who is counted, by name: all are counted in one pass over the people.
Conditions = Iterator[tuple[Hashable, Any]]
Counts = Mapping[Hashable, int]


def panel_text(panel: PanelRecord, *, notes: bool = True) -> str:
    """Describe a panel for a terminal: counts only, never a person."""
    people, waves = len(panel.domain), len(panel.waves)
    counts = how_many(chain(counted_conditions(panel), _conditions(panel)))
    lines = [f"Panel: {waves} wave{'s' if waves != 1 else ''}, {people:,} people", ""]
    if panel.independent:
        lines[0] = f"Independent samples: {waves} waves, {people:,} people, others at each wave"
        if waves == 1:
            lines[0] = f"One sample: {people:,} people"
    lines += _wave_lines(panel, counts)
    if waves > 1 and not panel.independent:
        lines += ["", *_link_lines(panel, counts)]
    lines += ["", *_question_lines(panel, counts), *_group_lines(panel, counts)]
    lines += _design_lines(panel, counts)
    if panel.held:
        lines.append(f"Read: {panel.held}")
    if panel.domain_text:
        lines.append(f"Domain: {panel.domain_text} ({counts['domain']:,} people)")
    if notes:
        lines += [f"Note: {note}" for note in (*counted_notes(panel, counts), *panel.notes)]
    return terminal_text(lines)


def _conditions(panel: PanelRecord) -> Conditions:
    if panel.domain_text:
        yield "domain", panel.domain
    seen = before = np.zeros_like(panel.present[0])
    for wave, here in zip(panel.waves, panel.present, strict=True):
        yield ("interviewed", wave), here
        yield ("new", wave), here & ~seen
        yield ("returned", wave), here & seen & ~before
        seen, before = seen | here, panel.before(wave, before)
    for pair in panel.pairs():
        start, end = panel.interviewed(pair)
        yield ("both", pair), start & end
        yield ("left", pair), panel.were_due(start & ~end, pair[1:])
    for wave, away in panel.not_due.items():
        yield ("not due", wave), away
    yield "always", reduce(np.logical_and, panel.present)
    for key, weight in panel.weights.items():
        there = panel.interviewed(key if isinstance(key, tuple) else [key])
        yield ("weightless", key), reduce(np.logical_and, there) & (weight <= 0)
    for name in panel.questions:
        asked = panel.asked(name)
        codes = {wave: panel.answers[name][panel.position(wave)] for wave in asked}
        for wave in asked:
            yield ("answered", name, wave), codes[wave] >= 0
            yield ("no answer", name, wave), codes[wave] == NO_ANSWER
            yield ("not asked", name, wave), codes[wave] == NOT_ASKED
        for first, second in panel.pairs(name):
            both = (codes[first] >= 0) & (codes[second] >= 0)
            yield ("answered both", name, first, second), both
            yield ("base", name, first, second), both & (panel.weight(first, second).values > 0)
    for kind, traits in (("group", panel.everyones_groups), ("fixed", panel.fixed)):
        for name, group in traits.items():
            for wave, codes_at in zip(panel.waves, group.by_wave, strict=True):
                yield ("told", kind, name, wave), codes_at >= 0
            valid = (group.valid_at(position) >= 0 for position in range(len(panel.waves)))
            yield ("repeated", kind, name), repeated(valid)
            yield ("unknown", kind, name), group.codes < 0


def _wave_lines(panel: PanelRecord, counts: Counts) -> list[str]:
    rows = [["wave", "interviewed", "new", "returned", "weight", "no weight", "file"]]
    for position, wave in enumerate(panel.waves):
        # Where every wave asked other people, nobody is new.
        linked = position and not panel.independent
        rows.append(
            [
                wave,
                f"{counts['interviewed', wave]:,}",
                f"{counts['new', wave]:,}" if linked else "",
                f"{counts['returned', wave]:,}" if linked else "",
                panel.design.weight_text(wave),
                f"{panel.without_weight[wave]:,}",
                panel.sources.get(wave, ""),
            ]
        )
    return _columns(rows, text={0, 4, 6})


def _link_lines(panel: PanelRecord, counts: Counts) -> list[str]:
    lines = []
    for first, second in panel.pairs():
        both, left = (counts[what, (first, second)] for what in ("both", "left"))
        lines.append(
            f"{first} → {second}: {both:,} people in both, {left:,} not interviewed again "
            f"({left / max(both + left, 1):.0%})"
        )
    if panel.not_due:
        away = [f"{counts['not due', wave]:,} at {wave}" for wave in panel.not_due]
        lines.append(f"Not due, and neither lost nor not interviewed: {', '.join(away)}")
    if len(panel.waves) > 2 and any(len(at) == len(panel.waves) for at in panel.due.values()):
        lines.append(f"In all {len(panel.waves)} waves: {counts['always']:,}")
    return lines


def _question_lines(panel: PanelRecord, counts: Counts) -> list[str]:
    """Account for the answers to every question; options that the same people answered, at once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name, question in panel.questions.items():
        lines = _answer_lines(panel, counts, name, question)
        several = (question.multiple,) if isinstance(question, Option) else ("", name)
        found.setdefault((*several, *lines), []).append(name)
    told = []
    for key, names in found.items():
        told += [_head(names, panel.questions), *(key[1:] if key[0] else key[2:])]
    return told


def _answer_lines(
    panel: PanelRecord, counts: Counts, name: str, question: AnyQuestion
) -> list[str]:
    """Say how many answered a question at every wave, and at two."""
    asked = panel.asked(name)
    rows = [["", "answered", "no answer", "not asked", "read as no answer"]]
    for wave in asked:
        unread = panel.unread.get(name, {}).get(wave, {})
        rows.append(
            [
                f"  {wave}",
                f"{counts['answered', name, wave]:,}",
                _count(counts["no answer", name, wave]),
                _count(counts["not asked", name, wave]),
                _most(unread),
            ]
        )
    lines = _columns(rows, text={0, 4})
    if absent := [wave for wave in panel.waves if wave not in asked]:
        lines.append(f"  not asked at {', '.join(absent)}")
    lines += [f"  changed at {wave}: {text}" for wave, text in question.changes.items()]
    lines += [_pair_line(counts, name, first, second) for first, second in panel.pairs(name)]
    return lines


def _head(names: list[str], questions: Questions) -> str:
    """Name the states of an item, or the ends of a score's scale as declared, never of the data."""
    question = questions[names[0]]
    if isinstance(question, Score):
        return f"Score {names[0]}: {question.ends}"
    if isinstance(question, Option):
        options = [one.option for name in names if isinstance(one := questions[name], Option)]
        return f"Question {question.multiple}, several answers: {', '.join(options)}"
    return f"Item {names[0]}: {' / '.join(question.state_names)}"


def _most(codes: Unread, shown: int = 4) -> str:
    """Name the most frequent codes, and how many answers the others have together."""
    named = {code: count for code, count in codes.items() if isinstance(code, str)}
    ordered = sorted(named.items(), key=lambda pair: -pair[1])
    texts = [f"{code} {count:,}" for code, count in ordered[:shown]]
    number = sum(code.number for code in codes if isinstance(code, OtherAnswers))
    if number := number + len(ordered[shown:]):
        people = sum(codes.values()) - sum(count for _, count in ordered[:shown])
        texts.append(f"{OtherAnswers(number)}, {count_people(people)}")
    return ", ".join(texts)


def _count(people: int) -> str:
    return f"{people:,}" if people else ""


def _pair_line(counts: Counts, name: str, first: str, second: str) -> str:
    """Account for everyone who answered twice: the base of a transition and who is not in it."""
    both, base = (counts[what, name, first, second] for what in ("answered both", "base"))
    text = f"  {first} → {second}: {both:,} answered both"
    if base < both:
        text += f", {both - base:,} of them without a positive weight, {base:,} in the base"
    return text


def _group_lines(panel: PanelRecord, counts: Counts) -> list[str]:
    lines, groups = [], panel.everyones_groups
    sizes = tables([Table((Key(one.codes, len(one.categories)),)) for one in groups.values()])
    for (name, group), size in zip(groups.items(), sizes, strict=True):
        people = dict(zip(group.categories, map(int, size), strict=True))
        named = nameable_categories(people, group.told)
        parts = [f"{text} {people[text]:,}" for text in named]
        if small := small_text(n for text, n in people.items() if text not in named):
            parts.append(f"and {small}" if parts else small)
        without = counts["unknown", "group", name]
        text = f"Group {name}: " + ", ".join(parts)
        text += f", unknown {without:,}" if without else ""
        lines.append(text + _trait_text(panel, group, counts, "group", name))
    for name, group in panel.fixed.items():
        lines.append(f"Fixed trait {name}" + _trait_text(panel, group, counts, "fixed", name))
    return lines


def _trait_text(panel: PanelRecord, group: Group, counts: Counts, kind: str, name: str) -> str:
    absent = [wave for wave in panel.waves if not counts["told", kind, name, wave]]
    text = _changed_text(group, counts["repeated", kind, name])
    return text + (f"; no value at {', '.join(absent)}" if absent else "")


def _changed_text(group: Group, several: int) -> str:
    """Say how many people have several values, of those who were asked more than once."""
    if not group.changed:
        return f" (the same at every wave for all {several:,})" if several else ""
    use = {
        "first": "the first value counts",
        "latest": "the latest value counts",
        "wave": "the value at each wave counts",
    }[group.use]
    share = group.changed / several
    return f" ({group.changed:,} of {several:,}, {share:.1%}, changed between waves; {use})"


def _design_lines(panel: PanelRecord, counts: Counts) -> list[str]:
    lines = [f"{panel.design} ({panel.sampling.text})"]
    if panel.replicates:
        places = [key_text(key) for key in panel.replicates]
        number = next(iter(panel.replicates.values())).shape[1]
        lines.append(f"{number:,} replicate weights at {', '.join(places)}")
    for key in panel.weights:
        # Who has no weight is held with the weight 0.
        missing = panel.without_weight.get(key, 0)
        lines += _weightless_line(key, missing, "no weight", "count", "as not sampled")
        zero = counts["weightless", key] - missing
        lines += _weightless_line(key, zero, "the weight 0", "do", "not count")
    return lines


def _weightless_line(key: Hashable, people: int, what: str, verb: str, rest: str) -> list[str]:
    """Say how many have no positive weight at a wave, and so do not count; no line for nobody."""
    if not people:
        return []
    has, ending = ("has", "es" if verb == "do" else "s") if people == 1 else ("have", "")
    return [
        f"{count_people(people)} interviewed at {key_text(key)} {has} {what} there and "
        f"{verb}{ending} {rest}"
    ]


def _columns(rows: list[list[str]], text: set[int]) -> list[str]:
    """Lay out a table; columns without any entry are left out."""
    rows = [[terminal_line(cell) for cell in row] for row in rows]
    keep = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:])]
    widths = {i: max(len(row[i]) for row in rows) for i in keep}
    return [
        "  ".join(
            row[i].ljust(widths[i]) if i in text else row[i].rjust(widths[i]) for i in keep
        ).rstrip()
        for row in rows
    ]
