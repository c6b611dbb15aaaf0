"""Every move of at least 1% has its number, where there is room."""

import pytest
from chart_panels import NAMES, cases, panel_of
from flows_drawn import is_move, laid_out, marks_of, texts_of

import opinionpanel as op
from opinionpanel.charts.sankey_numbers import LABELLED

CASES = cases()


def drawn(name, **options):
    panel = CASES[name]
    flows = op.flows(panel, "support", base="balanced", by="region" if panel.groups else None)
    return laid_out(flows, min_cell=0, **options)


def moves(drawing):
    return [one.data["share"] for one in marks_of(drawing, "flow") if is_move(one)]


@pytest.mark.parametrize("name", ["2 states", "3 states", "long names", "7 states"])
@pytest.mark.parametrize("size", ["page", "slide"])
def test_all_moves_of_a_hundredth_have_numbers(name, size):
    drawing = drawn(name, size=size)
    wanted = sum(share >= LABELLED for share in moves(drawing))
    assert len(texts_of(drawing, "share")) >= wanted
    assert "Some moves" not in " ".join(texts_of(drawing, "note"))


def test_where_space_ends_the_smallest_are_left_out_and_that_is_said():
    drawing = drawn("8 waves, 7 states", size="card")
    note = " ".join(texts_of(drawing, "note")).replace("\n", " ")
    assert "Some moves under 2% are not labelled." in note
    assert len(texts_of(drawing, "share")) >= sum(share >= 0.02 for share in moves(drawing))


@pytest.mark.parametrize("size", ["page", "slide", "card", "phone"])
def test_numbers_stand_on_their_ribbons(size):
    drawing = drawn("3 states", size=size)
    ribbons = {}
    for one in marks_of(drawing, "flow"):
        ribbons.setdefault(f"{one.data['share']:.0%}", []).append(one)
    for text in marks_of(drawing, "share"):
        assert any(lies_on(text, one) for one in ribbons[text.text])


def lies_on(text, ribbon):
    along = (text.x - ribbon.x) / (ribbon.x2 - ribbon.x)
    if not 0 < along < 1:
        return False
    middle = ribbon.y + (ribbon.y2 - ribbon.y) * along**2 * (3 - 2 * along) + ribbon.thick / 2
    return abs(text.y - middle) <= max(ribbon.thick / 2, 2)


def test_a_number_that_does_not_fit_stands_on_a_patch_of_paper():
    drawing = drawn("7 states")
    patched = [text for text in marks_of(drawing, "share") if text.patch]
    assert 0 < len(patched) < len(texts_of(drawing, "share"))
    assert {text.patch for text in patched} == {"#ffffff"}


def test_numbers_have_the_digits_that_their_intervals_deserve():
    flows = op.flows(panel_of(NAMES[3], 2, people=20_000), "support")
    texts = texts_of(laid_out(flows), "share")
    assert any("." in text for text in texts)
    assert not any("." in text for text in texts_of(drawn("3 states"), "share"))
