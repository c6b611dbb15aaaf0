"""What is said below a Sankey, and of it."""

import pytest
from chart_panels import NAMES, panel_of
from drawn import WAVES
from flows_drawn import laid_out, marks_of, texts_of

import opinionpanel as op


def note_of(drawing):
    return " ".join(texts_of(drawing, "note")).replace("\n", " ")


def test_the_key_explains_what_is_drawn_and_nothing_else(two):
    core = "estimate, and in its core the lower 95% limit"
    assert texts_of(laid_out(two, min_cell=0), "key") == [core]
    assert texts_of(laid_out(two, threshold=0.04), "key") == [core, "other flows together"]
    assert texts_of(laid_out(two, min_n=10_000), "key") == []


def test_merged_flows_are_said_with_their_share(two):
    drawing = laid_out(two, threshold=0.05, min_cell=0)
    moved = (two.labels["origin"] != two.labels["destination"]).to_numpy()
    merged = two.value[moved & (two.value < 0.05)].sum()
    assert f"Moves under 5% are drawn together, as stubs: {merged:.1%} of the base." in note_of(
        drawing
    )
    shown = sum(one.data["share"] for one in marks_of(drawing, "flow"))
    assert shown + merged == pytest.approx(1)


def test_withheld_flows_are_said(two):
    note = note_of(laid_out(op.flows(panel_of(NAMES[7], 2), "support")))
    assert "Stubs: other flows together, of fewer than" in note
    assert "of the base. Base:" in note


def test_shares_of_origins_are_said_to_be_that(two):
    assert "of those who were in the state before" in note_of(laid_out(two, values="origin"))
    assert "of those who were" not in note_of(laid_out(two))


def test_a_margin_is_explained_where_a_number_has_one(two, from_table):
    assert "±: half of the 95% interval." in note_of(laid_out(two))
    panel = from_table(["yes", "no"], [[60, 20], [30, 90]])
    known = {wave: {"yes": 0.4, "no": 0.6} for wave in panel.waves}
    # Shares that are met have no sampling error.
    flows = op.flows(op.anchor(panel, "opinion", known), "opinion")
    assert "±" not in note_of(laid_out(flows))


def test_names_and_numbers_are_said_in_russian(panel):
    flows = op.flows(panel, "support", waves=WAVES, base="panel")
    drawing = laid_out(
        flows,
        language="ru",
        threshold=0.02,
        values="origin",
        labels={"approve": "за", "unsure": "не знаю", "oppose": "против"},
    )
    texts = [text for kind in ("key", "name", "number") for text in texts_of(drawing, kind)]
    # The caption names what the study does.
    words = [mark.words for mark in drawing.marks if mark.words and mark.kind != "note"]
    texts += [text for one in words for text in (*one.heads, *one.cells)]
    assert not [text for text in texts if any("a" <= sign <= "z" for sign in text)]
