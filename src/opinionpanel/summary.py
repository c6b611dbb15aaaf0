"""A panel in words: waves, people, who links, which weight."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from opinionpanel.groups import Group
from opinionpanel.items import NO_ANSWER, NOT_ASKED
from opinionpanel.panel import Panel
from opinionpanel.replicate_design import key_text

__all__ = ["panel_text"]


def panel_text(panel: Panel) -> str:
    """Describe a panel for a terminal: counts only, never a person."""
    people = panel.present.shape[1]
    waves = len(panel.waves)
    lines = [f"Panel: {waves} wave{'s' if waves != 1 else ''}, {people:,} people", ""]
    lines += _wave_lines(panel)
    if waves > 1:
        lines += ["", *_link_lines(panel)]
    lines += ["", *_item_lines(panel), *_group_lines(panel), *_design_lines(panel)]
    if panel.domain_text:
        lines.append(f"Domain: {panel.domain_text} ({int(panel.domain.sum()):,} people)")
    lines += [f"Note: {note}" for note in panel.notes]
    return "\n".join(lines)


def _wave_lines(panel: Panel) -> list[str]:
    rows = [["wave", "interviewed", "new", "returned", "weight", "no weight", "file"]]
    seen = np.zeros(panel.present.shape[1], dtype=bool)
    before = seen
    for position, wave in enumerate(panel.waves):
        here = panel.present[position]
        rows.append(
            [
                wave,
                f"{here.sum():,}",
                f"{(here & ~seen).sum():,}" if position else "",
                f"{(here & seen & ~before).sum():,}" if position else "",
                panel.design.weight_text(wave),
                f"{panel.without_weight[wave]:,}",
                panel.sources.get(wave, ""),
            ]
        )
        seen, before = seen | here, here
    return _columns(rows, text={0, 4, 6})


def _link_lines(panel: Panel) -> list[str]:
    lines = []
    for position, (first, second) in enumerate(pairwise(panel.waves)):
        start, end = panel.present[position], panel.present[position + 1]
        both, left = int((start & end).sum()), int((start & ~end).sum())
        lines.append(
            f"{first} → {second}: {both:,} people in both, {left:,} not interviewed again "
            f"({left / max(int(start.sum()), 1):.0%})"
        )
    if len(panel.waves) > 2:
        lines.append(f"In all {len(panel.waves)} waves: {int(panel.present.all(axis=0).sum()):,}")
    return lines


def _item_lines(panel: Panel) -> list[str]:
    lines = []
    for name, item in panel.items.items():
        asked = panel.asked(name)
        rows = [["", "answered", "no answer", "not asked", "read as no answer"]]
        for wave in asked:
            codes = panel.answers[name][panel.position(wave)]
            unread = panel.unread.get(name, {}).get(wave, {})
            rows.append(
                [
                    f"  {wave}",
                    f"{(codes >= 0).sum():,}",
                    _count(codes == NO_ANSWER),
                    _count(codes == NOT_ASKED),
                    _most(unread),
                ]
            )
        lines += [f"Item {name}: {' / '.join(item.state_names)}", *_columns(rows, text={0, 4})]
        if absent := [wave for wave in panel.waves if wave not in asked]:
            lines.append(f"  not asked at {', '.join(absent)}")
        lines += [_pair_line(panel, name, first, second) for first, second in pairwise(asked)]
    return lines


def _most(codes: Mapping[str, int], shown: int = 4) -> str:
    """Name the most frequent codes, and how many answers the others have together."""
    ordered = sorted(codes.items(), key=lambda pair: -pair[1])
    texts = [f"{code} {count:,}" for code, count in ordered[:shown]]
    if rest := ordered[shown:]:
        texts.append(f"{len(rest)} other codes {sum(count for _, count in rest):,}")
    return ", ".join(texts)


def _count(who: npt.NDArray[np.bool_]) -> str:
    count = int(who.sum())
    return f"{count:,}" if count else ""


def _pair_line(panel: Panel, item: str, first: str, second: str) -> str:
    """Account for everyone who answered twice: the base of a transition and who is not in it."""
    answers = panel.answers[item]
    both = (answers[panel.position(first)] >= 0) & (answers[panel.position(second)] >= 0)
    weight = panel.weight(first, second).values
    base = int((both & (weight > 0)).sum())
    text = f"  {first} → {second}: {int(both.sum()):,} answered both"
    if base < both.sum():
        text += (
            f", {int(both.sum()) - base:,} of them without a positive weight, {base:,} in the base"
        )
    return text


def _group_lines(panel: Panel) -> list[str]:
    lines = []
    for name, group in panel.groups.items():
        counts = np.bincount(group.codes[group.codes >= 0], minlength=len(group.categories))
        parts = [f"{text} {n:,}" for text, n in zip(group.categories, counts, strict=True)]
        without = int((group.codes < 0).sum())
        text = f"Group {name}: " + ", ".join(parts)
        text += f", unknown {without:,}" if without else ""
        lines.append(text + _changed_text(group) + _absent_text(panel, group))
    for name, group in panel.fixed.items():
        lines.append(f"Fixed trait {name}" + _changed_text(group) + _absent_text(panel, group))
    return lines


def _absent_text(panel: Panel, group: Group) -> str:
    absent = [
        wave for wave, row in zip(panel.waves, group.by_wave, strict=True) if not (row >= 0).any()
    ]
    return f"; no value at {', '.join(absent)}" if absent else ""


def _changed_text(group: Group) -> str:
    """Say how many people have several values, of those who were asked more than once."""
    known = np.array([group.valid_at(wave) >= 0 for wave in range(len(group.by_wave))])
    repeated = int((known.sum(axis=0) > 1).sum())
    if not group.changed:
        return f" (the same at every wave for all {repeated:,})" if repeated else ""
    counts = {
        "first": "the first value counts",
        "latest": "the latest value counts",
        "wave": "the value at each wave counts",
    }[group.use]
    share = group.changed / repeated
    return f" ({group.changed:,} of {repeated:,}, {share:.1%}, changed between waves; {counts})"


def _design_lines(panel: Panel) -> list[str]:
    lines = [f"{panel.design} ({panel.sampling.text})"]
    if panel.replicates:
        places = [key_text(key) for key in panel.replicates]
        number = next(iter(panel.replicates.values())).shape[1]
        lines.append(f"{number:,} replicate weights at {', '.join(places)}")
    for key, missing in panel.without_weight.items():
        if missing:
            where = key_text(key)
            one = missing == 1
            lines.append(
                f"{missing:,} {'person' if one else 'people'} interviewed at {where} "
                f"{'has' if one else 'have'} no weight there and "
                f"{'counts' if one else 'count'} as not sampled"
            )
    return lines


def _columns(rows: list[list[str]], text: set[int]) -> list[str]:
    """Lay out a table; columns without any entry are left out."""
    keep = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:])]
    widths = {i: max(len(row[i]) for row in rows) for i in keep}
    return [
        "  ".join(
            row[i].ljust(widths[i]) if i in text else row[i].rjust(widths[i]) for i in keep
        ).rstrip()
        for row in rows
    ]
