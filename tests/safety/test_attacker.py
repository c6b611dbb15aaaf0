"""The attacker finds what hand-made reports give away, and nothing where nothing is given away.

Guards the guard: an attacker that never finds would call every report safe.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from attacker import Attack, Target
from figures import base, cell, partition, pieces
from program import ContradictionError, whole_limits
from published import Part, Table, read_part
from report_read import parts_of_report
from scipy.stats import t
from small_studies import ITEM, made_up, summary_of
from unknowns import Outline
from withheld import shown, small_differences, too_few, withheld

import opinionpanel as op

TWO = Outline(("w1", "w2"), ("yes", "no"))
THREE = Outline(("w1", "w2"), ("yes", "no", "dk"))
BOTH = "Base: people with an answer at both waves; n = 100 (unweighted)."
# All people, and the shares who said yes at both waves, with their bases.
TREND = ["yes", "100", "0.5", "100", "0.6", "100"]
AT_WAVE = "Base: people with an answer at the wave (each wave a cross-section); n = 100."


def part(name, arguments, header, rows, note=BOTH, title="", labels=1, more=""):
    """One part of a page with one table, as a report would write it."""
    head = "".join(f"<th>{text}</th>" for text in header)
    body = "".join(
        "<tr>"
        + "".join(f"<th>{text}</th>" for text in row[:labels])
        + "".join(f"<td>{text}</td>" for text in row[labels:])
        + "</tr>"
        for row in rows
    )
    return read_part(
        name,
        arguments,
        f'{more}<table class="opinionpanel-table"><caption>{title}</caption><thead><tr>{head}</tr>'
        f'</thead><tbody>{body}</tbody></table><p class="opinionpanel-note">{note}</p>',
    )


def flows(*rows, pair=("w1", "w2"), states=("yes", "no"), note=BOTH, name="flows"):
    return part(name, pair, ["origin", *states, "n"], rows, note)


def chart(data, name="flows", note=BOTH):
    heads = {"kind": "heads", "head": 0, "cells": ["Waves", "From", "To", "People, unweighted"]}
    values = str([heads, *data, {"kind": "note", "text": note}]).replace("'", '"')
    spec = f'{{"description": "", "datasets": {{"d": {values}}}}}'
    script = f'<script type="application/json" class="opinionpanel-spec">{spec}</script>'
    return read_part(name, ("w1", "w2"), script)


def ribbon(origin, destination, people=None, **more):
    cells = ["w1 → w2", origin, destination, *([] if people is None else [str(people)])]
    return {"kind": "flow", "head": 0, "cells": cells, **more}


def between(parts, conditions, outline=TWO, summary=""):
    attack = Attack.on(outline, parts, summary)
    return attack.interval(attack.unknowns.count(conditions))


YES_NO = {0: {"yes"}, 1: {"no"}}
HIDDEN = flows(("yes", "40", "withheld", "100"), ("no", "withheld", "withheld", "100"))


def test_a_part_is_the_whole_minus_the_other_parts():
    one_hidden = flows(("yes", "40", "withheld", "100"), ("no", "27", "30", "100"))
    assert between([one_hidden], YES_NO) == (3, 3)


def test_a_merged_group_is_all_that_has_no_row_of_its_own():
    groups = {"region": ("north", "south", "east")}
    outline = Outline(("w1", "w2"), ("yes", "no"), groups)
    rows = [("north", "50", "50", "60"), ("2 small groups", "40", "60", "40")]
    region = part("shares_by", ("region", "w2"), ["region", "yes", "no", "n"], rows, AT_WAVE)
    shares = part("shares", (), ["wave", "yes", "no", "n"], [("w2", "46", "54", "100")], AT_WAVE)
    merged = {"region": {"south", "east"}, 1: {"yes"}}
    assert between([region, shares], merged, outline) == (16, 16)
    assert between([region, shares], {**merged, "region": {"east"}}, outline) == (0, 16)


def test_three_withheld_cells_of_four_stay_open():
    assert between([HIDDEN], YES_NO) == (0, 60)


def test_margins_of_a_table_give_away_its_cells():
    moves = part(
        *("transitions", ("w1", "w2"), ["origin", "yes", "no", "n"]),
        [("yes", "withheld", "withheld", "43"), ("no", "withheld", "withheld", "57")],
    )
    assert between([HIDDEN, moves], YES_NO) == (3, 3)


def test_a_row_of_transitions_gives_away_a_flow():
    moves = part(
        *("transitions", ("w1", "w2"), ["origin", "yes", "no", "n"]),
        [("yes", "91 (80 to 97)", "9 (3 to 20)", "33"), ("no", "withheld", "withheld", "67")],
    )
    everything = flows(
        ("yes", "withheld", "withheld", "100"), ("no", "withheld", "withheld", "100")
    )
    assert between([everything, moves], YES_NO) == (3, 3)


def test_the_difference_of_opposite_flows_gives_away_the_other():
    opposite = part(
        *("opposites", ("w1", "w2"), ["flows", "estimate", "n"]),
        [("yes → no minus no → yes", "−6 (−9 to −3)", "100")],
    )
    hidden = flows(("yes", "40", "withheld", "100"), ("no", "9", "withheld", "100"))
    assert between([hidden], YES_NO) == (0, 51)
    assert between([hidden, opposite], YES_NO) == (3, 3)


def test_the_width_of_an_interval_gives_away_both_flows_of_a_difference():
    opposite = part(
        *("opposites", ("w1", "w2"), ["flows", "estimate", "n"]),
        [("yes → no minus no → yes", "−6.0 (−12.8 to +0.8)", "100")],
    )
    hidden = flows(("yes", "withheld", "withheld", "100"), ("no", "withheld", "withheld", "100"))
    people = "Panel: 2 waves, 100 people\n"
    assert between([hidden, opposite], YES_NO) == (0, 47)
    assert between([hidden, opposite], YES_NO, summary=people) == (3, 3)


def test_the_interval_of_a_share_narrows_what_its_rounding_leaves():
    moves = part(
        "transitions",
        ("w1", "w2"),
        ["origin", "yes", "no", "n"],
        [("yes", "", "6 (3.8 to 8.5)", "400")],
    )
    known = "Panel: 2 waves, 400 people\n"
    assert between([moves], YES_NO) == (22, 26)
    assert between([moves], YES_NO, summary=known) == (23, 23)


def test_a_mark_may_tell_a_limit():
    hidden = flows(("yes", "&lt; 5", "withheld", "100"), ("no", "withheld", "withheld", "100"))
    assert between([hidden], {0: {"yes"}, 1: {"yes"}}) == (0, 4)


def test_turnover_and_net_change_give_away_the_flows_of_two_states():
    hidden = flows(("yes", "withheld", "withheld", "100"), ("no", "withheld", "withheld", "100"))
    columns = ["total", "net", "exchange", "shift", "n"]
    turnover = part("turnover", ("w1", "w2"), columns, [("12", "–", "–", "–", "100")], labels=0)
    changes = [("−6", "+6", "100")]
    change = part("net_change", ("w1", "w2"), ["yes", "no", "n"], changes, labels=0)
    assert between([hidden, turnover], YES_NO) == (0, 12)
    assert between([hidden, turnover, change], YES_NO) == (9, 9)


def test_net_change_and_exchange_bound_the_flows_of_two_states():
    columns = ["total", "net", "exchange", "shift", "n"]
    turnover = part("turnover", ("w1", "w2"), columns, [("12", "6", "6", "0", "100")], labels=0)
    assert between([turnover], YES_NO) == (3, 9)


def test_a_tooltip_gives_away_what_the_table_withholds():
    assert between([HIDDEN, chart([ribbon("yes", "no", people=3)])], YES_NO) == (3, 3)


def test_the_place_of_a_ribbon_gives_away_the_one_above_it():
    ribbons = [
        ribbon("yes", "yes", share=0.4, y=10.0, thick=200.0),
        ribbon("yes", "dk", share=0.2, y=225.0, thick=100.0),
        ribbon("no", "no", share=0.2, y=360.0, thick=100.0),
    ]
    assert between([chart(ribbons)], YES_NO, THREE) == (3, 3)


def test_places_that_contradict_the_figures_are_put_aside():
    ribbons = [
        ribbon("yes", "yes", share=0.4, y=0.0, thick=200.0),
        ribbon("yes", "no", y=450.0, people=3),
    ]
    assert between([chart(ribbons)], YES_NO) == (3, 3)


def test_figures_that_contradict_each_other_are_an_error():
    with pytest.raises(ContradictionError):
        between(
            [chart([ribbon("yes", "no", people=3)]), chart([ribbon("yes", "no", people=4)])], YES_NO
        )


def test_three_pairs_of_waves_give_away_a_withheld_flow():
    """Margins of the first pair stand in the two others; with its turnover nothing is left open."""
    outline = Outline(("w1", "w2", "w3"), ("yes", "no"))
    hidden = flows(("yes", "withheld", "withheld", "100"), ("no", "withheld", "withheld", "100"))
    columns = ["total", "net", "exchange", "shift", "n"]
    turnover = part("turnover", ("w1", "w2"), columns, [("8", "–", "–", "–", "100")], labels=0)
    later = flows(("yes", "30", "12", "100"), ("no", "8", "50", "100"), pair=("w2", "w3"))
    around = flows(("yes", "28", "12", "100"), ("no", "10", "50", "100"), pair=("w1", "w3"))
    everyone = "Panel: 3 waves, 100 people\n\nwave  interviewed\nw1  100\nw2  100\nw3  100\n\n"
    everyone += "w1 → w3: 100 people in both, 0 not interviewed again\nIn all 3 waves: 100\n"
    parts = [hidden, turnover, later, around]
    assert between(parts[:3], YES_NO, outline, everyone)[1] > 3
    assert between(parts, YES_NO, outline, everyone) == (3, 3)


def test_two_groupings_give_away_the_few_by_whom_they_differ():
    groups = {"region": ("north", "south"), "district": ("north rest", "north few", "south rest")}
    nested = {
        ("district", f"{name} {kind}"): ("region", name)
        for name in ("north", "south")
        for kind in ("rest", "few")
    }
    del nested["district", "south few"]
    outline = Outline(("w1", "w2"), ("yes", "no"), groups, nested)
    regions = [("north", "60", "40", "50"), ("south", "50", "50", "50")]
    districts = [
        ("north rest", "58.7", "41.3", "46"),
        ("north few", "n &lt; 10", "n &lt; 10", "4"),
        ("south rest", "withheld", "withheld", "50"),
    ]
    region, district = (
        part("shares_by", (name, "w2"), [name, "yes", "no", "n"], rows, AT_WAVE)
        for name, rows in (("region", regions), ("district", districts))
    )
    few = {"district": {"north few"}, 1: {"yes"}}
    panel = "Panel: 2 waves, 100 people\n"
    assert between([district], few, outline, panel) == (0, 4)
    assert between([region, district], few, outline, panel) == (3, 3)
    apart = Outline(outline.waves, outline.states, groups)
    assert between([region, district], few, apart, panel) == (0, 4)


def test_turnover_and_shares_of_a_category_give_away_its_flows():
    outline = Outline(("w1", "w2"), ("yes", "no"), {"sex": ("man", "woman")})
    both = "Base: people with an answer at all of w1, w2; n = 40 to 60 (unweighted)."
    rows = {"w1": [("man", "50", "50", "40")], "w2": [("man", "40", "60", "40")]}
    shares = [
        part("shares_by", ("sex", wave), ["sex", "yes", "no", "n"], rows[wave], both)
        for wave in ("w1", "w2")
    ]
    moved = [("man", "20.0", "40"), ("woman", "withheld", "60")]
    turnover = part("turnover_by", ("sex", "w1", "w2"), ["sex", "total", "n"], moved)
    change = [("man", "−10.0 (−24.0 to +4.0)", "+10.0 (−4.0 to +24.0)", "40")]
    change = part("net_change_by", ("sex", "w1", "w2"), ["sex", "yes", "no", "n"], change)
    men = {**YES_NO, "sex": {"man"}}
    assert between(shares, men, outline) == (4, 20)
    assert between([*shares, turnover], men, outline) == (6, 6)
    # Without the shares, net change does as well; and so does its interval.
    assert between([turnover, change], men, outline) == (6, 6)
    known = "Panel: 2 waves, 100 people\n"
    assert between([*shares, change], men, outline, known) == (6, 6)
    assert between([*shares, turnover], {**YES_NO, "sex": {"woman"}}, outline, known) == (0, 60)


def test_the_interval_of_a_trend_gives_away_who_stayed():
    """Of 100 people 13 came to yes and 3 left: the variance of the change is (.16 − .1²) / 99."""
    hidden = flows(("yes", "withheld", "withheld", "100"), ("no", "withheld", "withheld", "100"))
    half = 100 * t.ppf(0.975, 99) * np.sqrt((0.16 - 0.1**2) / 99)
    change = f"10 ({10 - half:.4f} to {10 + half:.4f})"
    trend = Part("trend", ("w1", "w2"), [Table("", [], [([*TREND, change], 1)])], [], [])
    shares = [("w1", "50", "50", "100"), ("w2", "60", "40", "100")]
    shares = part("shares", (), ["wave", "yes", "no", "n"], shares, AT_WAVE)
    assert between([hidden, shares], YES_NO) == (0, 40)
    assert between([hidden, shares, trend], YES_NO) == (3, 3)


def test_those_who_answered_once_are_the_difference_of_two_bases():
    shares = [("w1", "50", "50", "104"), ("w2", "withheld", "withheld", "100")]
    shares = part("shares", (), ["wave", "yes", "no", "n"], shares, AT_WAVE)
    shown = flows(("yes", "40", "9", "100"), ("no", "1", "50", "100"))
    once = {0: {"yes"}, 1: {"no answer", "not interviewed"}}
    assert between([shares, shown], once) == (3, 3)


def test_intervals_are_those_of_all_tables_that_fit():
    """Counted out: every 2 × 2 table of 14 people, against what its rounded figures allow."""
    tables = np.array([one for one in product(range(15), repeat=4) if sum(one) == 14])
    rng = np.random.default_rng(3)
    for truth in tables[rng.choice(len(tables), 4)]:
        per_cent = [f"{100 * count / 14:.0f}" for count in truth]
        changes = [f"{100 * (truth[2] - truth[1]) / 14:+.0f}", "–", "14"]
        note = BOTH.replace("100", "14")
        parts = [
            flows(
                ("yes", per_cent[0], "withheld", "14"),
                ("no", "withheld", "withheld", "14"),
                note=note,
            ),
            part("net_change", ("w1", "w2"), ["yes", "no", "n"], [changes], note, labels=0),
        ]
        alike = tables[:, 0] == truth[0]
        alike &= tables[:, 2] - tables[:, 1] == truth[2] - truth[1]
        fitting = tables[alike, 1]
        assert between(parts, YES_NO) == (fitting.min(), fitting.max())


def test_a_verdict_asks_for_the_protection_of_each_target():
    attack = Attack.on(TWO, [HIDDEN])
    row = attack.unknowns.count(YES_NO)
    targets = [Target(("open",), row, 3, 60), Target(("narrow",), row, 3, 61)]
    (verdict,) = attack.determined(targets)
    assert (verdict.target.key, verdict.low, verdict.high) == (("narrow",), 0, 60)


def test_a_verdict_names_what_gave_the_target_away():
    attack = Attack.on(TWO, [HIDDEN, chart([ribbon("yes", "no", people=3)])])
    (verdict,) = attack.determined([Target(("flow",), attack.unknowns.count(YES_NO), 3, 3)])
    assert attack.explained(verdict).sources == ("chart of flows",)


@pytest.mark.parametrize("seed", [30])
def test_what_is_not_given_away_is_not_found(seed):
    """Shares at each wave, and numbers of people, say nothing about who went where."""
    study = made_up(seed)
    panel = study.panel()
    parts = [one for one in parts_of_report(panel) if one.name == "shares"]
    attack = Attack.on(study.outline, parts, summary_of(panel))
    targets = withheld(study, attack)
    assert len(targets) > 10
    assert attack.determined(targets) == []


def test_cells_of_few_people_are_computed_where_they_alone_are_withheld():
    """Tables as a notebook shows them, with nothing withheld but what the test withholds."""
    study = made_up(30)
    panel = study.panel()
    parts = [read_part("shares", (), op.shares(panel, ITEM)._repr_html_())]
    for pair in panel.pairs(ITEM):
        for measure in (op.flows, op.transitions, op.turnover, op.net_change):
            table = measure(panel, ITEM, waves=list(pair))._repr_html_()
            parts.append(read_part(measure.__name__, pair, table))
    everything = Attack.on(study.outline, parts, summary_of(panel))
    few = {one.key for one in too_few(shown(study, everything))}
    parts = [_without(part, few, panel.waves) for part in parts]
    attack = Attack.on(study.outline, parts, summary_of(panel))
    targets = [one for one in withheld(study, attack) if one.key in few]
    assert len(targets) >= 10
    assert len(attack.determined(targets)) > 0.6 * len(targets)


def _without(part, few, waves):
    """Withhold some cells of flows and transitions, and nothing else."""
    if part.name not in ("flows", "transitions"):
        return part
    pair = tuple(map(waves.index, part.arguments))
    kind = ("flow", pair, False) if part.name == "flows" else ("transition", pair)

    def marked(table):
        rows = []
        for (origin, *cells), labels in table.rows:
            named = zip(table.header[1:], cells, strict=True)
            hidden = ["withheld" if (*kind, origin, name) in few else text for name, text in named]
            rows.append(([origin, *hidden], labels))
        return replace(table, rows=rows)

    return replace(part, tables=list(map(marked, part.tables)))


@pytest.mark.parametrize("seed", [22])
def test_all_that_is_read_from_real_pages_is_true(seed):
    study = made_up(seed)
    panel = study.panel()
    attack = Attack.read(study.outline, parts_of_report(panel), summary_of(panel))
    truth = attack.unknowns.of_people(study.answers, study.groups)
    for one in attack.statements:
        people = 1.0 if one.of is None else one.of @ truth
        if not one.helpers:
            assert one.low * people - 1e-6 <= one.row @ truth <= one.high * people + 1e-6, (
                one.source
            )
    for row, (low, high) in whole_limits(attack.statements, attack.unknowns.count({})).values():
        assert low - 1e-6 <= row @ truth <= high + 1e-6
    assert attack.possible()
    assert len({one.source for one in attack.statements}) > 8
    targets = [*withheld(study, attack), *small_differences(study, attack)]
    for verdict in attack.determined(targets):
        assert verdict.low <= verdict.target.truth <= verdict.high


def test_figures_are_read_with_their_rounding():
    assert cell("26.3 (23.1 to 30.2)").low == pytest.approx(0.2625)
    assert cell("−7.45 (−14.93 to +0.04)").high == pytest.approx(-0.07445)
    assert cell("+5 (–)").high == pytest.approx(0.055)
    assert [cell(mark) for mark in ("withheld", "n < 10", "–", "")] == [None] * 4
    assert (base("1,234").low, base("31–38").high, base("n < 10")) == (1234, 38, None)


def test_merged_names_are_taken_apart():
    known = {"yes", "no", "not sure or none"}
    assert pieces("yes or no", known) == {"yes", "no"}
    assert pieces("not sure or none", known) == {"not sure or none"}
    assert pieces("other flows", known) is None
    assert partition(["yes", "other answers"], known)["other answers"] == known - {"yes"}
    assert partition(["yes", "these", "those"], known) == {"yes": {"yes"}}
