"""Two items crossed: against R, against shares of one item, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from two_items_panels import DESIGNS, errors, golden, panel_of

import opinionpanel as op
from opinionpanel.errors import SelectionError

STATES = {"yes": [1], "unsure": [2], "no": [3]}


def drawn(seed, people=160, **columns):
    """Make a panel of two items with blanks at three waves, of which one did not ask rain."""
    random = np.random.default_rng(seed)
    frames = {}
    for wave in ("w1", "w2", "w3"):
        frame = pd.DataFrame(random.integers(1, 4, (people, 2)).astype(float), columns=["t", "r"])
        frame = frame.mask(random.random((people, 2)) < 0.1)
        frame["r"] = np.where(random.random(people) < 0.4, frame["t"], frame["r"])
        frames[wave] = frame.assign(
            id=1000 + 7 * np.arange(people), sex=np.arange(people) % 2, psu=np.arange(people) % 30
        ).assign(w=random.uniform(0.5, 2, people), **columns)
    items = {"tea": op.Item("t", STATES), "rain": op.Item({"w1": "r", "w2": "r"}, STATES)}
    design = op.Design(weight="w", psu="psu")
    return op.Panel.from_waves(frames, person="id", items=items, groups=["sex"], design=design)


@pytest.mark.parametrize("design", DESIGNS)
def test_shares_are_those_of_r(design):
    panel = panel_of(design)
    for shares in ("joint", "row", "column"):
        found = op.cross(panel, "s", "p", waves="w1", shares=shares)
        assert max(errors(found, design, shares, ["s", "p"])) < 1e-10
    grouped = panel.group_of("p", wave="w1")
    found = op.shares(grouped, "s", waves=["w2"], by="p (w1)")
    assert max(errors(found, design, "by", ["p (w1)", "state"])) < 1e-10
    test = op.independence(grouped, "s", by="p (w1)", wave="w1")
    np.testing.assert_allclose(
        [test.statistic, test.df1], golden(design, "independence").iloc[0], rtol=1e-9
    )


@settings(max_examples=4)
@given(st.integers(0, 10_000))
def test_margins_are_the_shares_of_those_who_answered_both(seed):
    panel = drawn(seed)
    joint = op.cross(panel, "tea", "rain", by="sex", waves=["w1"])
    rows = op.cross(panel, "tea", "rain", by="sex", waves=["w1"], shares="row")
    columns = op.cross(panel, "tea", "rain", by="sex", waves=["w1"], shares="column")
    answered = panel.group_of("rain", wave="w1").where(**{"rain (w1)": ["yes", "unsure", "no"]})
    tea = op.shares(answered, "tea", by="sex", waves=["w1"])
    tables = joint.value.reshape(2, 3, 3)
    np.testing.assert_allclose(tables.sum(axis=2).ravel(), tea.value)
    np.testing.assert_allclose(tables.sum(axis=(1, 2)), 1.0)
    np.testing.assert_allclose(rows.value.reshape(2, 3, 3), tables / tables.sum(2, keepdims=True))
    by_column = np.swapaxes(columns.value.reshape(2, 3, 3), 1, 2)
    np.testing.assert_allclose(by_column, tables / tables.sum(axis=1, keepdims=True))
    # Its margin varies as those shares do, too.
    margin = joint.contrast(np.kron(np.eye(6), np.ones(3)), {"row": range(6)})
    np.testing.assert_allclose(margin.std_error, tea.std_error)


def test_labels_captions_and_tables():
    panel = drawn(2)
    found = op.cross(panel, "tea", "rain", shares="row")
    assert list(found.labels) == ["wave", "tea", "rain"]
    assert found.about.waves == ("w1", "w2")
    assert found.about.title == "tea and rain: share of each answer to tea"
    text = str(found.select(wave="w1"))
    assert "people with an answer to both items at the wave" in text
    assert "Weight: w (at w1)" in text
    matrix = found.select(wave="w1").matrix()
    assert (matrix.index.name, matrix.columns.name) == ("tea", "rain")
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0)
    columns = op.cross(panel, "tea", "rain", shares="column", waves="w2").matrix()
    assert (columns.index.name, columns.columns.name) == ("rain", "tea")
    gap = op.cross(panel, "tea", "rain", by="sex", waves="w1", reference="rest")
    assert "difference from the rest" in gap.about.title


def test_an_item_may_be_called_like_a_column_of_the_library():
    panel = drawn(3)
    named = op.Panel.from_waves(
        {
            "w1": pd.DataFrame({"id": range(90), "a": [1, 2, 3] * 30, "b": [1, 1, 2] * 30}),
        },
        person="id",
        items={"wave": op.Item("a", STATES), "n": op.Item("b", STATES)},
    )
    frame = op.cross(named, "wave", "n").to_frame()
    assert list(frame)[:4] == ["wave", "wave (group)", "n (group)", "estimate"]
    assert op.cross(named, "wave", "n").select(**{"wave (group)": "yes"}).n.tolist() == [90] * 3
    assert len(op.cross(panel, "rain", "tea")) == 18


def test_cells_of_few_people_are_withheld():
    panel = drawn(4, people=60)
    found = op.cross(panel, "tea", "rain", waves="w1")
    few = (found.n_cell > 0) & (found.n_cell < 5)
    assert few.any()
    hidden = found.to_frame(min_n=10)["estimate"].isna().to_numpy()
    assert hidden[few].all()
    # Of any row and column with a withheld cell another one is withheld, too.
    square = hidden.reshape(3, 3)
    assert not ((square.sum(axis=0) == 1) | (square.sum(axis=1) == 1)).any()


def test_a_heatmap_has_a_row_and_a_column_for_each_state():
    found = op.cross(drawn(5), "tea", "rain", by="sex", waves="w1", shares="column")
    chart = op.charts.heatmap(found, labels={"tea": "Tea?"})
    assert "Tea? by the answer to “rain” by sex, w1" in " ".join(chart.title.text)
    text = str(chart.to_dict())
    for words in ("Tea? ↓", "rain →", "Each column adds up to 100%.", "the larger the share"):
        assert words in text
    assert "stayed" not in text
    gap = found.difference("sex", "1", minus="0").plot(language="ru")
    assert "по группам" not in " ".join(gap.title.text)


def test_refusals():
    panel = drawn(6)
    for call, words in (
        ({"first_item": "tea", "second_item": "tea"}, "named twice; this is about two items"),
        ({"first_item": "tea", "second_item": "snow"}, "Unknown item 'snow'"),
        ({"first_item": "tea", "second_item": "rain", "waves": "w3"}, "'rain' was not asked at"),
        ({"first_item": "rain", "second_item": "tea", "waves": ["w3"]}, "'rain' was not asked at"),
    ):
        with pytest.raises(SelectionError, match=words):
            op.cross(panel, **call)
    items = {"tea": op.Item({"w1": "t"}, STATES), "rain": op.Item({"w2": "r"}, STATES)}
    frames = {
        "w1": pd.DataFrame({"id": range(9), "t": 1.0}),
        "w2": pd.DataFrame({"id": range(9), "r": 1.0}),
    }
    apart = op.Panel.from_waves(frames, person="id", items=items)
    with pytest.raises(SelectionError, match=r"no wave together.*panel.group_of\('rain', wave=…\)"):
        op.cross(apart, "tea", "rain")
