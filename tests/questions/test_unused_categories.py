"""Categories that nobody has stay as empty rows, where a frame or a file declares them."""

import pandas as pd
import polars as pl
import pytest

import opinionpanel as op
from opinionpanel.questions.declared_groups import Grouping
from opinionpanel.questions.group_values import code_values
from opinionpanel.waves import Wave

AGES = {1: "18–29", 2: "30–44", 3: "45–59", 4: "60+"}


def categories(*waves, labelled=True):
    """Name the categories of a group, and how many of them nobody has."""
    named = {f"w{t}": one for t, one in enumerate(waves, start=1)}
    coded = code_values(named, "g", purpose="groups", labelled=labelled, grouping=Grouping())
    return coded.categories, coded.unused


def wave(values, **file):
    return Wave(pd.DataFrame({"g": values}), **{part: {"g": said} for part, said in file.items()})


def test_categories_of_a_frame_stay_in_their_place():
    some = pd.Categorical(["small", "big"], categories=["small", "medium", "big", "huge"])
    assert categories(wave(some)) == (("small", "medium", "big", "huge"), 2)
    # All of them, however many: who does not want them removes them from the column.
    many = pd.Categorical([3, 7], categories=range(40))
    assert categories(wave(many)) == (tuple(map(str, range(40))), 38)
    assert categories(wave(many.remove_unused_categories())) == (("3", "7"), 0)


def test_labels_between_and_beside_the_codes_that_occur_stay():
    assert categories(wave([1, 3, 1], labels=AGES)) == (tuple(AGES.values()), 2)
    # Somebody has it at another wave: nothing is unused.
    assert categories(wave([1, 3], labels=AGES), wave([2, 4], labels=AGES))[1] == 0


@pytest.mark.parametrize(
    ("labels", "missing"),
    [
        # Codes apart from the others are answers that say nothing.
        ({1: "man", 2: "woman", 9: "refused"}, []),
        ({1: "man", 2: "woman", -1: "refused", 99: "don't know"}, []),
        # What the file declares missing is no category unless somebody has it.
        ({1: "man", 2: "woman", 3: "refused"}, [3]),
        ({1: "man", 2: "woman", 3: "refused"}, [(3, 9)]),
    ],
)
def test_other_labels_do_not(labels, missing):
    assert categories(wave([1, 2, 2], labels=labels, missing=missing)) == (("man", "woman"), 0)


def test_missing_at_one_wave_is_missing():
    labels = {1: "man", 2: "woman", 3: "refused"}
    waves = wave([1, 2], labels=labels, missing=[3]), wave([1, 2], labels=labels)
    assert categories(*waves) == (("man", "woman"), 0)


@pytest.mark.parametrize(("most", "unused"), [(12, 10), (13, 0)])
def test_of_a_long_list_of_labels_those_that_occur_are_enough(most, unused):
    labels = {code: f"region {code}" for code in range(1, most + 1)}
    assert categories(wave([2, 5], labels=labels))[1] == unused


def test_labels_of_some_codes_only_mark_these():
    # An age in years, of which the last is "90 or older".
    assert categories(wave([88, 89], labels={90: "90 or older"})) == (("88", "89"), 0)


def test_a_wave_without_a_value_declares_nothing():
    other = wave([None, None], labels={1: "male", 2: "female"})
    assert categories(wave([1, 2], labels={1: "man", 2: "woman"}), other) == (("man", "woman"), 0)


def test_strata_are_those_that_occur():
    some = pd.Categorical(["a", "b"], categories=["a", "b", "c"])
    assert categories(wave(some), labelled=False) == (("a", "b"), 0)


@pytest.fixture
def panel():
    return panel_with(lambda frame: frame)


def panel_with(brought):
    waves = {}
    for t in (1, 2):
        frame = pl.DataFrame({"id": range(24), "q": [1, 2, t] * 8, "g": ["man", "woman"] * 12})
        kinds = pl.Enum(["man", "woman", "another"])
        waves[f"t{t}"] = brought(frame.with_columns(pl.col("g").cast(kinds)))
    item = op.Item("q", {"yes": [1], "no": [2]})
    return op.Panel.from_waves(waves, person="id", items={"x": item}, groups=["g"], design=None)


def test_an_unused_category_is_an_empty_row(panel):
    assert panel.groups["g"].unused == 1
    assert "another 0" in str(panel)
    for measure in (op.shares, op.flows, op.transitions, op.turnover, op.net_change, op.paths):
        frame = measure(panel, "x", by="g").to_frame()
        empty = frame[frame["g"] == "another"]
        assert len(empty) == len(frame) / 3
        assert empty["estimate"].isna().all()
        assert (empty["n"] == 0).all()
    everyone = op.shares(panel, "x").to_frame()["n"]
    assert (everyone == 24).all()


def test_it_is_one_on_an_engine_too(panel):
    lazy = panel_with(lambda frame: frame.lazy())
    assert lazy.groups["g"].categories == panel.groups["g"].categories
    there, here = (op.shares(one, "x", by="g").to_frame() for one in (lazy, panel))
    pd.testing.assert_frame_equal(there, here)


def test_an_unused_category_is_in_nobodys_way(panel):
    chart = op.charts.sankey(op.flows(panel, "x", by="g"), min_n=1)
    assert "another" not in chart.to_json()
    assert "Left out, nobody there: 'another'" in " ".join(
        str(op.independence(panel, "x", by="g", wave="t1")).split()
    )
    raked = op.rake(panel, {"g": {"man": 0.6, "woman": 0.4}})
    assert op.shares(raked, "x", by="g").n.tolist() == op.shares(panel, "x", by="g").n.tolist()


def test_many_unused_categories_are_not_an_id():
    frame = pd.DataFrame({"id": range(20), "q": [1, 2] * 10})
    frame["g"] = pd.Categorical(["a", "b"] * 10, categories=[*"abcdefghijklmnopqrst"])
    item = op.Item("q", {"yes": [1], "no": [2]})
    made = op.Panel.from_waves({"t1": frame}, person="id", items={"x": item}, groups=["g"])
    assert len(made.groups["g"].categories) == 20
