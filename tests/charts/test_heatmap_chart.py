"""Heatmaps: everything fits, what is a share of what is said, and figures are the table's."""

import re
from functools import cache

import numpy as np
import pytest
from chart_panels import NAMES, cases, panel_of
from laid_out import faults

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.heatmap_chart import heatmap, lay_out_heatmap
from opinionpanel.drawing.marks import Dot, Text
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of


@cache
def panel(waves=2, groups=0):
    return panel_of(NAMES[3], waves, groups=groups, people=1500)


@cache
def case_of(name):
    found = cases()[name]
    estimates = op.transitions(found, "support", by=next(iter(found.groups), None))
    return estimates, withheld_of(estimates, 10)


def drawing_of(estimates, min_n=10, **options):
    return lay_out_heatmap(estimates, withheld_of(estimates, min_n), Options(**options))


def cells_of(drawing):
    return [mark for mark in drawing.marks if mark.kind == "cell"]


def texts_of(drawing, kind):
    return [mark.text for mark in drawing.marks if isinstance(mark, Text) and mark.kind == kind]


@pytest.mark.parametrize("size", ["page", "slide", "card", "phone"])
@pytest.mark.parametrize("case", cases())
def test_everything_fits(case, size):
    estimates, withheld = case_of(case)
    theme = "print" if size in ("phone", "slide") else "dark"
    options = Options(size=size, theme=theme, language="ru")
    drawing = lay_out_heatmap(estimates, withheld, options)
    assert faults(drawing) == []
    boxes = [mark for mark in drawing.marks if mark.kind in ("cell", "withheld")]
    assert len(boxes) == len(estimates)
    assert sum(mark.kind == "withheld" for mark in boxes) == withheld.rows.sum()


@pytest.mark.parametrize("base", ["answered", "panel"])
@pytest.mark.parametrize("measure", [op.transitions, op.flows, op.inflows])
def test_the_figures_are_those_of_the_table(measure, base):
    estimates = measure(panel_of(NAMES[3], 3, lost=0.2, joined=50), "support", base=base)
    table = estimates.to_frame()
    shown = [cell.data for cell in cells_of(drawing_of(estimates, 0)) if "share" in cell.data]
    assert sorted(cell["share"] for cell in shown) == sorted(
        row.estimate
        for row in table.itertuples()
        if np.isfinite(row.estimate) and {row.origin, row.destination} <= ends(shown)
    )
    # Nobody is not interviewed at the first wave of a panel: such rows are not drawn.
    rest = table[~(table["origin"].isin(ends(shown)) & table["destination"].isin(ends(shown)))]
    assert not (rest["estimate"] > 0).any()


def ends(cells):
    return {cell[end] for cell in cells for end in ("origin", "destination")}


@pytest.mark.parametrize(
    ("measure", "sums", "counts"),
    [
        (op.transitions, "Each row adds up to 100%.", 3),
        (op.inflows, "Each column adds up to 100%.", 3),
        (op.flows, "All cells of a table add up to 100%.", 0),
    ],
)
def test_it_says_what_adds_up_and_to_how_many(measure, sums, counts):
    drawing = drawing_of(measure(panel(), "support"))
    assert sums in drawing.description
    assert len(texts_of(drawing, "count")) == counts


def test_the_n_of_inflows_stands_over_their_columns():
    estimates = op.inflows(panel(), "support")
    marks = [mark for mark in drawing_of(estimates).marks if mark.kind in ("count", "name")]
    n = dict(zip(estimates.labels["destination"], estimates.n, strict=True))
    for name, people in n.items():
        column = max((mark for mark in marks if mark.text == name), key=lambda mark: mark.x)
        (count,) = (mark for mark in marks if mark.text == f"n = {people:.0f}")
        assert count.x == column.x
        assert count.y > column.y


def test_the_order_of_rows_changes_nothing():
    estimates = op.transitions(panel(), "support")
    mixed = estimates.at(np.random.default_rng(1).permutation(len(estimates)))
    assert {repr(mark) for mark in drawing_of(mixed).marks} == {
        repr(mark) for mark in drawing_of(estimates).marks
    }


def test_what_is_withheld_is_nowhere():
    estimates, withheld = case_of("5 groups")
    text = str(lay_out_heatmap(estimates, withheld, Options()).chart().to_dict())
    hidden = estimates.to_frame()[withheld.rows]
    assert len(hidden) > 3
    for row in hidden[hidden["estimate"] > 0].itertuples():
        assert f"{row.estimate:.5f}".rstrip("0") not in text
        assert f"{100 * row.estimate:.1f}% ({100 * row.conf_low:.1f}" not in text


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_differences_have_a_dot_where_their_interval_excludes_0(theme):
    found = op.transitions(panel(groups=2), "support", by="region")
    estimates = found.difference("region", "region 2", minus="region 1")
    # Some differ for sure.
    estimates = estimates.contrast(
        np.diag([30.0, 1, 1, 1, 1, 1, 1, 1, -30]) / 30, estimates.labels, title="Differences"
    )
    drawing = drawing_of(estimates, theme=theme, level=0.2)
    table = estimates.to_frame(level=0.2)
    sure = ((table["conf_low"] > 0) | (table["conf_high"] < 0)).sum()
    assert 0 < sure == sum(isinstance(mark, Dot) for mark in drawing.marks)
    texts = [text for text in texts_of(drawing, "share") if text.strip("0.")]
    assert all(text[0] in "+−" for text in texts)


def test_differences_between_pairs_of_waves_are_drawn():
    found = op.transitions(panel(waves=3), "support")
    estimates = found.difference("from_wave", "wave 2", minus="wave 1")
    drawing = drawing_of(estimates)
    assert texts_of(drawing, "panel") == ["wave 2 − wave 1"]
    assert texts_of(drawing, "wave") == ["From ↓", "To →"]
    assert faults(drawing) == []


def test_small_sizes_leave_out_intervals_and_say_so():
    estimates = case_of("7 states")[0]
    page, phone = (drawing_of(estimates, size=size) for size in ("page", "phone"))
    assert texts_of(page, "limits")
    assert not texts_of(phone, "limits")
    assert "There is no room for intervals. Hatched: withheld." in phone.description
    assert "interval" in "".join(cells_of(phone)[0].words.cells + phone.marks[-1].words.cells)
    assert "Below each share" not in phone.description


def test_nobody_is_no_share():
    estimates = op.transitions(panel_of(NAMES[3], 2, empty="unsure"), "support")
    drawing = drawing_of(estimates, 0)
    assert texts_of(drawing, "share").count("–") == 3
    assert "n = 0" in texts_of(drawing, "count")
    assert drawing.chart().to_dict()


def test_other_estimates_are_refused():
    with pytest.raises(SelectionError, match="draws transitions, and these estimates are shares"):
        heatmap(op.shares(panel(), "support"))


def test_a_size_in_pixels_is_refused_where_it_has_no_room():
    with pytest.raises(SelectionError, match=r"Draw it in 600 × \d+ pixels or more"):
        heatmap(case_of("5 groups")[0], size=(600, 400))


def test_a_size_that_is_refused_names_one_that_is_drawn():
    moves = op.transitions(panel(), "support")
    with pytest.raises(SelectionError, match=r"Draw it in 300 × \d+ pixels") as refused:
        drawing_of(moves, size=(300, 200))
    height = int(re.search(r"× (\d+) pixels", str(refused.value))[1])
    assert faults(drawing_of(moves, size=(300, height))) == []


def test_a_large_base_that_is_asked_for_has_room():
    assert faults(drawing_of(op.transitions(panel(), "support"), min_n=10**6)) == []


def test_a_heatmap_draws_the_later_answers_to_one_of_two_items():
    panel = op.datasets.load("attitudes_2024").panel
    shares = op.cross_lagged(panel, "support", "peace", waves=["Jul 2024", "Nov 2024"]).shares
    with pytest.raises(op.errors.SelectionError, match=r"Keep one with \.select\(item='support'\)"):
        op.charts.heatmap(shares)
    drawn = op.charts.heatmap(shares.select(item="support")).to_dict()
    assert "unsure" in str(drawn)
