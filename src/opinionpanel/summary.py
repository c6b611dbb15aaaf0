"""A panel in words: waves, people, who links, which weight."""

from itertools import pairwise

import numpy as np

from opinionpanel.panel import Panel

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
    return _columns(rows)


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
        answered = ", ".join(
            f"{(panel.answers[name][panel.position(wave)] >= 0).sum():,} ({wave})"
            for wave in panel.asked(name)
        )
        lines.append(f"Item {name}: {' / '.join(item.state_names)}; answered by {answered}")
        lines += [
            _pair_line(panel, name, first, second) for first, second in pairwise(panel.asked(name))
        ]
    return lines


def _pair_line(panel: Panel, item: str, first: str, second: str) -> str:
    """Account for everyone who answered twice: the base of a transition and who is not in it."""
    answers = panel.answers[item]
    both = (answers[panel.position(first)] >= 0) & (answers[panel.position(second)] >= 0)
    weight, _ = panel.weight(first, second)
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
        text += (
            f" ({group.changed:,} changed between waves; the first value counts)"
            if group.changed
            else ""
        )
        lines.append(text)
    return lines


def _design_lines(panel: Panel) -> list[str]:
    sampling, text = panel.sampling, str(panel.design)
    strata, units = len(sampling.sampled), int(sampling.sampled.sum())
    unit = "PSUs" if sampling.psu is not None else "people"
    lines = [f"{text} ({strata:,} strat{'a' if strata != 1 else 'um'}, {units:,} {unit})"]
    for key, missing in panel.without_weight.items():
        if missing:
            where = " → ".join(key) if isinstance(key, tuple) else key
            one = missing == 1
            lines.append(
                f"{missing:,} {'person' if one else 'people'} interviewed at {where} "
                f"{'has' if one else 'have'} no weight there and "
                f"{'counts' if one else 'count'} as not sampled"
            )
    return lines


def _columns(rows: list[list[str]]) -> list[str]:
    keep = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:])]
    widths = {i: max(len(row[i]) for row in rows) for i in keep}
    text = {0, 4, 6}
    return [
        "  ".join(
            row[i].ljust(widths[i]) if i in text else row[i].rjust(widths[i]) for i in keep
        ).rstrip()
        for row in rows
    ]
