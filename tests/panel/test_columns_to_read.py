"""Which columns of each wave file a panel needs: no others are read."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from survey_files import panel_of

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.panel.columns_to_read import columns_to_read, mentioned, roles_of
from opinionpanel.panel.declared import declared


def test_design_columns_are_found_where_they_stand(designed):
    weight = {"one": "w", "two": "w", ("one", "two"): "long"}
    panel = panel_of(designed, design=op.Design(weight=weight, stratum="region"))
    assert panel.weights["one", "two"].tolist() == [2.0] * 8
    assert len(panel.sampling.sampled) == 2
    with pytest.raises(ReadError, match=r"Wave 'two' \(two.csv\), weight: Unknown column 'lang'"):
        panel_of(designed, design=op.Design(weight=weight | {("one", "two"): "lang"}))


def test_replicates_by_pattern(designed):
    files = {"two": designed["two"]}
    design = op.ReplicateDesign(weight="w", replicates="rep_*", scale=0.1)
    panel = panel_of(files, design=design)
    expected = pd.read_csv(designed["two"])[[f"rep_{number}" for number in range(1, 12)]]
    np.testing.assert_allclose(panel.replicates["two"], expected)
    with pytest.raises(ReadError, match=r"'two' .*replicate weights: Unknown column 'rap_\*'"):
        panel_of(files, design=op.ReplicateDesign(weight="w", replicates="rap_*", scale=0.1))


def test_groups_with_another_name_in_each_wave(designed):
    grouping = op.Grouping({"one": "sex", "two": "gender"})
    panel = panel_of(designed, groups={"sex": grouping}, fixed=["region"])
    assert panel.groups["sex"].categories == ("1", "2")
    assert "region" in panel.fixed
    with pytest.raises(ReadError, match=r"Wave 'two' \(two.csv\), groups.*'sax'"):
        panel_of(designed, groups={"sex": op.Grouping({"one": "sex", "two": "sax"})})
    with pytest.raises(ReadError, match=r"Wave 'one' \(one.sav\), fixed: .*'born'"):
        panel_of(designed, fixed=["born"])


def test_only_what_a_panel_needs_is_read(designed, monkeypatch):
    from opinionpanel.panel import from_files as module

    asked = {}
    real = module.read_file

    def spy(request):
        asked[request.path.name] = request.columns
        return real(request)

    monkeypatch.setattr(module, "read_file", spy)
    panel_of(designed, design=op.Design(weight="w"), groups=["sex"])
    assert asked == {"one.sav": ["id", "q", "sex", "w"], "two.csv": ["id", "q", "w"]}


def test_a_question_of_another_name_in_one_wave(designed):
    item = op.Item("extra", {"none": [0]})
    with pytest.raises(ReadError) as caught:
        panel_of(designed, items={"extra": item})
    assert "Wave 'one' has it, wave 'two' has not." in str(caught.value)
    assert "column={'one': 'extra', 'two': '…'}" in str(caught.value)


# Of names alone


def chosen(names, **changes):
    """Choose from the columns of files that nobody opens."""
    plain = {
        "person": "id",
        "items": {},
        "groups": (),
        "fixed": (),
        "design": op.Design(weight="w"),
    }
    return columns_to_read(
        names, {wave: Path(f"{wave}.sav") for wave in names}, declared(**plain | changes)
    )


@given(extra=st.lists(st.text(min_size=1), unique=True), data=st.data())
def test_other_columns_do_not_matter(extra, data):
    wanted = ["id", "w", "q", "sex", "h", "r_1", "r_2"]
    others = [name for name in extra if name not in wanted]
    names = {"May": data.draw(st.permutations(wanted + others))}
    given = {"items": {"vote": op.Item("q", {"yes": [1]})}, "groups": ["sex"]}
    design = op.Design(weight="w", stratum="h")
    assert chosen(names, **given, design=design) == {"May": ["id", "q", "sex", "w", "h"]}
    replicated = op.ReplicateDesign(weight="w", replicates="r_*", scale=1.0)
    assert chosen(names, design=replicated) == {"May": ["id", "w", "r_1", "r_2"]}


@pytest.mark.parametrize(
    ("holding", "wave"), [(["May", "June"], "June"), (["June"], "June"), (["May"], "May")]
)
def test_a_longitudinal_weight_is_read_once(holding, wave):
    names = {name: ["id", "w", *(["long"] if name in holding else [])] for name in ("May", "June")}
    weight = {"May": "w", "June": "w", ("May", "June"): "long"}
    found = chosen(names, design=op.Design(weight=weight))
    assert [name for name in names if "long" in found[name]] == [wave]
    with pytest.raises(ReadError, match=r"Wave 'June' \(June.sav\), weight: Unknown column 'lon'"):
        chosen(names, design=op.Design(weight=weight | {("May", "June"): "lon"}))


def named(**changes):
    return mentioned(declared(**{"person": "id", "items": {}} | changes))


def test_all_that_a_panel_names_is_mentioned():
    design = op.Design(weight={"May": "w", "June": None}, stratum="h", psu="c")
    found = named(
        person={"May": "id", "June": ["id", "own"]},
        items={"vote": op.Item({"May": "q1", "June": "q3"}, {"yes": [1]})},
        groups={"sex": op.Grouping({"May": "s1", "June": "s2"})},
        fixed=["born"],
        design=design,
        due=op.Cohorts({"May": "r1", "June": "r2"}, {1: ["May"]}),
    )
    start = ["id", "id", "own", "q1", "q3"]
    assert found == [*start, "born", "s1", "s2", "r1", "r2", "h", "c", "w"]
    resampled = named(design=design.as_replicates("jkn"))
    assert set(resampled) == {"id", "w", "h", "c"}
    replicated = op.ReplicateDesign(weight="w", replicates="r_*", scale=1.0)
    assert named(design=replicated) == ["id", "w", "r_*"]


def test_what_columns_are_used_as():
    items = {"vote": op.Item("q", {"yes": [1]}), "w": op.Item("also", {"yes": [1]})}
    design = op.ReplicateDesign(weight={"May": "w", "June": "also"}, replicates="r_*", scale=1.0)
    said = declared(person=["id", "own"], items=items, design=design)
    names = ["id", "own", "q", "w", "also", "r_1", "r_2", "count"]
    roles = roles_of(said, names, ["r_2", None])
    assert roles.ids == {"id", "own"}
    assert roles.weights == {"w", "also", "r_1", "r_2"}
    assert roles.values == {"q", "also", "r_2"}


@pytest.mark.parametrize("column", [op.coalesce("q1", "q2"), {"May": op.coalesce("q1", "q2")}])
def test_columns_put_together_are_mentioned(column):
    items = {"vote": op.Item(column, {"yes": [1]})}
    assert named(items=items) == ["id", "q1", "q2"]


def test_the_column_that_says_who_was_interviewed():
    named = {"one": ["id", "s"], "two": ["id", "s", "t"]}
    files = {wave: Path(f"{wave}.csv") for wave in named}

    def read(status):
        told = declared(person="id", items={}, interviewed=op.Status(status, [1]))
        return columns_to_read(named, files, told)

    assert read("s") == {"one": ["id", "s"], "two": ["id", "s"]}
    assert read("t") == {"one": ["id"], "two": ["id", "t"]}
    assert read({"two": "s"}) == {"one": ["id"], "two": ["id", "s"]}
    with pytest.raises(ReadError, match=r"'one' \(one.csv\), interviewed: Unknown column 't'"):
        read({"one": "t"})
    told = declared(person="id", items={}, interviewed=op.Status({"one": "s", "two": "t"}, [1]))
    assert mentioned(told) == ["id", "s", "t"]
