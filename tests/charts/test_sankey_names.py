"""Texts of nodes, states, waves and panels, each in a place of its own."""

import pytest
from chart_panels import LONG, NAMES, panel_of
from drawn import WAVES
from flows_drawn import laid_out, marks_of, texts_of

import opinionpanel as op
from opinionpanel.drawing.boxes import text_box
from opinionpanel.drawing.languages import ENGLISH


def test_nodes_say_share_and_margin(panel, two):
    shares = op.shares(panel, "support", base="balanced", waves=WAVES[:2]).to_frame()
    drawing = laid_out(two)
    said = [ENGLISH.margin(*row) for row in shares[["estimate", "conf_low", "conf_high"]].values]
    assert texts_of(drawing, "number") == said
    for node, row in zip(marks_of(drawing, "node"), shares.itertuples(), strict=True):
        assert node.data["share"] == pytest.approx(row.estimate)
        assert node.words.cells == (
            row.wave,
            row.state,
            ENGLISH.estimate(row.estimate, row.conf_low, row.conf_high),
        )


def test_a_low_node_has_its_share_below_it_and_no_more():
    flows = op.flows(panel_of(NAMES[3], 2, people=4000, rare="unsure"), "support")
    drawing = laid_out(flows)
    low = [node for node in marks_of(drawing, "node") if node.height < 5]
    below = [mark for mark in marks_of(drawing, "number") if not mark.bold]
    assert len(below) == len(low) > 0
    for text, node in zip(below, low, strict=True):
        assert text.text == ENGLISH.share(node.data["share"], digits=1)
        assert text_box(text).top > node.y + node.height - 1


def test_names_stand_beside_the_first_and_the_last_nodes_of_every_row():
    drawing = laid_out(op.flows(panel_of(NAMES[3], 8), "support", base="balanced"))
    rows = len({mark.y for mark in marks_of(drawing, "wave")})
    assert rows == 2
    assert len(texts_of(drawing, "name")) == 2 * rows * 3
    assert len(texts_of(drawing, "wave")) == 8 + rows - 1


def test_where_there_is_little_room_a_row_names_each_state_once():
    lost = panel_of(NAMES[3], 2, lost=0.3)
    for panel, base, last in (
        (panel_of(NAMES[3], 2), "balanced", []),
        (lost, "panel", ["not\ninterviewed"]),
    ):
        drawing = laid_out(op.flows(panel, "support", base=base), size="phone")
        names = marks_of(drawing, "name")
        assert [name.text for name in names if name.align == "right"] == NAMES[3]
        assert [name.text for name in names if name.align == "left"] == last


def test_long_names_keep_apart_from_nodes_and_within_their_row():
    drawing = laid_out(op.flows(panel_of(LONG, 2), "support"))
    nodes = marks_of(drawing, "node")
    left, right = min(node.x for node in nodes), max(node.x + node.width for node in nodes)
    for name in marks_of(drawing, "name"):
        box = text_box(name)
        assert box.right < left or box.left > right
        assert box.top >= min(node.y for node in nodes) - 1


def test_own_names_and_another_language_are_used(two):
    drawing = laid_out(two, labels={"approve": "за"}, language="ru")
    assert set(texts_of(drawing, "name")) == {"за", "unsure", "oppose"}
    assert all("\u00a0%" in text for text in texts_of(drawing, "number"))


def test_panels_say_their_group_and_how_many_people(panel):
    flows = op.flows(panel, "support", base="balanced", by="gender")
    assert texts_of(laid_out(flows), "panel") == [
        f"{gender}, n = {part['n'].iloc[0]:,}"
        for gender, part in flows.to_frame().groupby("gender", sort=False)
    ]
    assert texts_of(laid_out(flows.select(gender="woman")), "panel")[0].startswith("woman, n = ")


def test_numbers_in_hatched_nodes_stand_on_a_patch(two):
    numbers = marks_of(laid_out(two, theme="print"), "number")
    # The first state is plain.
    assert len([text for text in numbers if text.patch]) == len(numbers) * 2 / 3
    assert not any(text.patch for text in marks_of(laid_out(two), "number"))
