"""Charts of dots: every panel, theme and size; figures as in the table; nothing withheld."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from chart_panels import NAMES, cases, panel_of
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.dot_chart import dots, lay_out_dots
from opinionpanel.drawing.boxes import overlapping, text_box
from opinionpanel.drawing.marks import Text
from opinionpanel.drawing.sizes import MARGIN
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld, withheld_of

PANELS = cases()
LOOKS = list(product(["light", "dark", "print"], ["page", "slide", "card", "phone"]))


@pytest.fixture(scope="module")
def panel():
    return panel_of(NAMES[3], 3, people=600, groups=4)


def laid_out(estimates, *, min_n=10, state=None, sort=None, ranks=False, **options):
    withheld = [withheld_of(one, min_n) for one in estimates]
    return lay_out_dots(
        estimates, withheld, Options(**options), state=state, sort=sort, ranks=ranks
    )


def reads(drawing):
    """Texts are apart, on the sheet, and of letters that are read."""
    assert overlapping(drawing.marks) == []
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    assert min(text.size for text in texts) >= 9
    left, top = drawing.corner
    for text in texts:
        box = text_box(text)
        assert left + box.left >= MARGIN - 0.5, text.text
        assert left + box.right <= drawing.width - MARGIN + 0.5, text.text
        assert top + box.bottom <= drawing.height
        # The head of a chart stands above its plot.
        assert box.top >= -1


@pytest.mark.parametrize("name", PANELS)
def test_every_panel_reads_in_every_look(name):
    panel = PANELS[name]
    by = next(iter(panel.groups), None)
    everybody = op.shares(panel, "support")
    estimates = [everybody, op.shares(panel, "support", by=by)] if by else [everybody]
    for k, (theme, size) in enumerate(LOOKS):
        reads(laid_out(estimates, theme=theme, size=size, language=["en", "ru"][k % 2]))
        if by:
            reads(laid_out(estimates, theme=theme, size=size, sort="change", ranks=True))


@pytest.mark.parametrize("measure", [op.turnover, op.net_change, op.attrition, op.stable_core])
def test_other_measures_read_too(panel, measure):
    estimates = [measure(panel, "support"), measure(panel, "support", by="region")]
    for size in ("page", "phone"):
        reads(laid_out(estimates, size=size, language="ru"))


@given(
    st.lists(st.text("абвгд ёж", min_size=1, max_size=40), min_size=4, max_size=4),
    st.sampled_from(LOOKS),
    st.booleans(),
)
def test_names_of_any_length_read(panel, names, look, ranks):
    labels = {f"region {k + 1}": name for k, name in enumerate(names)}
    labels = {name: label for name, label in labels.items() if label.strip()}
    theme, size = look
    estimates = [op.shares(panel, "support"), op.shares(panel, "support", by="region")]
    reads(laid_out(estimates, theme=theme, size=size, labels=labels, ranks=ranks))


def test_the_figures_are_those_of_the_table(panel):
    shares = op.shares(panel, "support", by="region").select(state="oppose")
    table = shares.to_frame().set_index(["wave", "region"])
    marks = laid_out([shares], state="oppose").marks
    for kind, wave in (("first", "wave 1"), ("last", "wave 3")):
        found = {mark.data["group"]: mark.data["estimate"] for mark in marks if mark.kind == kind}
        assert found == table.loc[wave]["estimate"].to_dict()
    bands = [mark.data for mark in marks if mark.kind == "interval"]
    expected = table.loc["wave 3"][["conf_low", "conf_high"]].to_numpy().tolist()
    assert [[band["low"], band["high"]] for band in bands] == expected


def small_panel(scale, order):
    """Two waves of 120 people, whose weights and order do not matter."""
    random = np.random.default_rng(4)
    people = {"id": np.arange(120), "w": scale * random.uniform(0.5, 2, 120)}
    people["region"] = random.choice(["north", "south"], 120)
    answers = [random.integers(1, 3, 120) for _ in range(2)]
    frames = [pd.DataFrame({**people, "q": answer}).iloc[order] for answer in answers]
    return op.Panel.from_waves(
        dict(zip(["2024", "2025"], frames, strict=True)),
        person="id",
        items={"support": op.Item("q", {"yes": [1], "no": [2]})},
        groups=["region"],
        design=op.Design(weight="w"),
    )


@given(st.floats(0.001, 1000), st.permutations(range(120)))
@settings(max_examples=5)
def test_neither_the_scale_of_weights_nor_the_order_of_people_changes_the_chart(scale, order):
    plain, moved = (
        {
            mark.words.cells
            for mark in laid_out([op.shares(panel, "support", by="region")]).marks
            if mark.kind == "row"
        }
        for panel in (small_panel(1.0, range(120)), small_panel(scale, order))
    )
    assert plain == moved


def test_what_is_withheld_is_nowhere_in_the_chart(panel):
    """Nor does it show in where other things are."""
    shares = op.shares(panel, "support", by="region")
    hidden = (shares.labels["region"] == "region 2").to_numpy()
    withheld = [Withheld(hidden, min_n=10, min_cell=5)]
    other = replace(shares, value=np.where(hidden, 0.9 - shares.value / 2, shares.value))
    charts = [
        str(lay_out_dots([one], withheld, Options(), sort=sort, ranks=True).chart().to_dict())
        for one in (shares, other)
        for sort in ("estimate", "change")
    ]
    assert charts[:2] == charts[2:]


def test_a_list_draws_all_people_first_and_each_group_as_a_section(panel):
    everybody, groups = op.shares(panel, "support"), op.shares(panel, "support", by="region")
    for estimates in ([everybody, groups], [groups, everybody], (everybody, groups)):
        drawing = laid_out(estimates, labels={"region": "Where they live", "approve": "for"})
        names = [mark.text for mark in drawing.marks if mark.kind in ("name", "section")]
        assert names[:3] == ["All", "Where they live", "region 1"]
        assert drawing.title.subtitle[0].startswith("Share answering “for”")


def test_changes_of_all_people_and_of_groups_have_sections_of_their_own(panel):
    both = [op.net_change(panel, "support", by=by) for by in (None, "region")]
    drawing = laid_out(both, state=NAMES[3][0])
    heads = [mark.text for mark in drawing.marks if getattr(mark, "kind", "") == "section"]
    assert heads == ["All", "wave 1 → wave 2", "wave 2 → wave 3"]
    reads(drawing)
    with pytest.raises(SelectionError, match="one figure each, and there are those of several"):
        laid_out(both[1:], ranks=True)


def test_charts_combine_with_others(panel):
    shares = op.shares(panel, "support", by="region")
    one, other = (dots(shares, size="card", state=state) for state in ("approve", "oppose"))
    assert len((one | other).to_dict()["hconcat"]) == 2
    assert len((one & other).to_dict()["vconcat"]) == 2


def test_the_description_has_the_main_figures(panel):
    chart = dots([op.shares(panel, "support"), op.shares(panel, "support", by="region")])
    assert "All: " in chart.description
    assert "Highest: region " in chart.description


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"state": "aprove"}, "approve"),
        ({"by": "town"}, "region"),
        ({"labels": {"town": "Town"}}, "region"),
        ({"size": (300, 200)}, "pixels"),
    ],
)
def test_what_is_not_there_is_refused_by_what_is(panel, options, message):
    estimates = [op.shares(panel, "support"), op.shares(panel, "support", by="region")]
    with pytest.raises(SelectionError, match=message):
        dots(estimates, **options)


def test_estimates_that_do_not_belong_together_are_refused(panel):
    shares, groups = op.shares(panel, "support"), op.shares(panel, "support", by="region")
    for mixture, message in (
        ([], "empty"),
        ([shares, shares], "one row of all people"),
        ([groups, op.turnover(panel, "support")], "one measure"),
        ([groups, op.shares(panel, "support", waves=["wave 1"])], "same waves"),
    ):
        with pytest.raises(SelectionError, match=message):
            dots(mixture)
    with pytest.raises(SelectionError, match="one column"):
        dots(shares, ranks=True)
    with pytest.raises(SelectionError, match="one column"):
        dots([groups, groups], ranks=True)
