import numpy as np
import pandas as pd
import pytest
from small_panels import YES_NO, two_waves

import opinionpanel as op
from opinionpanel.errors import (
    DesignError,
    ItemError,
    LinkError,
    OpinionPanelError,
    ReadError,
    SelectionError,
)


def test_people_link_whatever_their_order(build):
    panel = build()
    assert panel.waves == ("Jul", "Nov")
    assert panel.present.sum(axis=1).tolist() == [8, 7]
    assert panel.present.all(axis=0).sum() == 6
    # approve, approve, unsure, unsure, oppose, oppose in July, by the same people in November.
    assert panel.answers["support"][:, :6].tolist() == [[0, 0, 1, 1, 2, 2], [2, 0, 0, 1, 2, 0]]


def test_person_column_by_wave(build, july, november):
    november = november.rename(columns={"resp_id": "id_july"})
    ids = {"Jul": "resp_id", "Nov": "id_july"}
    panel = build(waves={"Jul": july, "Nov": november}, person=ids)
    assert panel.present.all(axis=0).sum() == 6
    with pytest.raises(SelectionError, match="names no id column for 'Nov'"):
        build(person={"Jul": "resp_id"})


def test_duplicate_ids(build, july, november):
    july.loc[1, "resp_id"] = 70001
    with pytest.raises(LinkError) as error:
        build()
    for part in ("'Jul'", "a frame", "'resp_id'", "1 id(s)", "2 rows", "person="):
        assert part in str(error.value)
    assert "7000" not in str(error.value)


def test_no_overlap(build, november):
    november["resp_id"] += 1000
    with pytest.raises(LinkError, match="no person in common") as error:
        build()
    assert "7100" not in str(error.value)


def test_person_without_id(build, july):
    july["resp_id"] = july["resp_id"].astype("Int64")
    july.loc[2, "resp_id"] = pd.NA
    with pytest.raises(LinkError, match=r"'Jul'.*'resp_id': 1 row\(s\) have no person id"):
        build()


def test_no_waves(build):
    with pytest.raises(LinkError, match="at least one wave"):
        build(waves={})


def test_unmapped_answer_names_item_wave_column_and_count(build, november):
    november.loc[[0, 1], "q9"] = 77
    with pytest.raises(ItemError) as error:
        build()
    for part in ("'support'", "'Nov'", "'q9'", "77 (2 people)", "rest='missing'"):
        assert part in str(error.value)
    assert "7000" not in str(error.value)


def test_unknown_item_column_and_wave(build):
    with pytest.raises(ReadError, match=r"'Nov'.*a frame.*item 'support'.*Did you mean 'q9'"):
        build(
            items={"support": op.Item({"Jul": "q12", "Nov": "q99"}, {"any": [1, 2, 3, 4, 5, 98]})}
        )
    with pytest.raises(SelectionError, match=r"'July'.*Did you mean 'Jul'"):
        build(items={"support": op.Item({"July": "q12", "Nov": "q9"}, {"yes": [1]})})


def test_every_refusal_is_one_kind_of_value_error():
    for kind in (DesignError, ItemError, LinkError, ReadError, SelectionError):
        assert issubclass(kind, OpinionPanelError)
        assert issubclass(kind, ValueError)


def test_long_and_wide_forms_give_the_same_panel(build, july, november):
    columns = ["resp_id", "q", "wgt", "gender"]
    long = pd.concat(
        [
            july.rename(columns={"q12": "q"})[columns].assign(wave="Jul"),
            november.rename(columns={"q9": "q"})[columns].assign(wave="Nov"),
        ]
    )
    states = build().items["support"].states
    panel = op.Panel.from_long(
        long,
        person="resp_id",
        wave="wave",
        waves=["Jul", "Nov"],
        items={"support": op.Item("q", states)},
        groups=["gender"],
        design=op.Design(weight="wgt"),
    )
    first, second = (op.flows(p, "support", by="gender") for p in (build(), panel))
    np.testing.assert_array_equal(first.value, second.value)
    np.testing.assert_array_equal(first.covariance, second.covariance)
    wide = july[["resp_id", "q12"]].merge(november[["resp_id", "q9"]], how="outer")
    item = op.Item({"Jul": "q12", "Nov": "q9"}, states)
    unweighted = op.Panel.from_wide(wide, person="resp_id", items={"support": item})
    plain = op.flows(build(design=None), "support")
    np.testing.assert_allclose(op.flows(unweighted, "support").value, plain.value)
    assert unweighted.present.sum(axis=1).tolist() == [7, 7]  # one July interview has no answer


def test_long_form_needs_its_columns_and_waves(build):
    frame = pd.DataFrame({"id": [1, 1, 2], "wave": ["a", "b", "b"], "q": [1, 1, 1]})
    items = {"q": op.Item("q", {"yes": [1]})}
    with pytest.raises(ReadError, match="Did you mean 'wave'"):
        op.Panel.from_long(frame, person="id", wave="waves", items=items)
    with pytest.raises(SelectionError, match="Unknown wave 'c'"):
        op.Panel.from_long(frame, person="id", wave="wave", waves=["a", "c"], items=items)
    turned = op.Panel.from_long(frame, person="id", wave="wave", waves=["b", "a"], items=items)
    assert turned.waves == ("b", "a")


def test_wide_form_needs_columns_by_wave_and_whole_counts():
    frame = pd.DataFrame({"w1": [1, 1], "w2": [1, 1], "n": [2, 1.5]})
    with pytest.raises(ItemError, match="one column, w1, for all waves"):
        op.Panel.from_wide(frame, items={"q": op.Item("w1", {"yes": [1]})})
    item = op.Item({"w1": "w1", "w2": "w2"}, {"yes": [1]})
    with pytest.raises(ReadError, match=r"'n': 1 count\(s\) are not whole numbers"):
        op.Panel.from_wide(frame, items={"q": item}, count="n")


def test_where_narrows_the_domain_and_keeps_the_design(build):
    panel = build()
    women = panel.where(gender="woman")
    assert women.sampling is panel.sampling
    assert women.domain.sum() == 4
    assert panel.domain.all()
    assert "gender woman" in op.shares(women, "support").about.base
    assert panel.where(gender=["man", "woman"]).domain.all()
    assert "Domain: gender woman" in str(women)


def test_a_panel_is_frozen(build):
    with pytest.raises(AttributeError):
        build().waves = ("Jul",)


def test_html_escapes_markup(build, july, november):
    july["gender"] = november["gender"] = "<script>"
    html = build()._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


# ---- what must not pass silently -----------------------------------------------------------------


def test_strata_with_one_label_stay_two():
    frame = pd.DataFrame({"id": range(8), "x": [0, 1] * 4, "h": [1] * 4 + [2] * 4})
    wave = op.Wave(frame, labels={"h": {1: "rest", 2: "rest"}})
    panel = two_waves(wave, design=op.Design(weight=None, stratum="h"), groups=["h"])
    assert panel.sampling.sampled.tolist() == [4, 4]
    assert panel.groups["h"].categories == ("rest",)


def test_ids_that_may_have_lost_zeros_are_refused():
    text = pd.DataFrame({"id": ["001", "002", "100"], "x": 1})
    numbers = pd.DataFrame({"id": [1, 2, 100], "x": 1})
    with pytest.raises(LinkError, match=r"2 id\(s\).* written with leading zeros"):
        two_waves(text, numbers)
    assert two_waves(text.iloc[2:], numbers).present.all(axis=0).sum() == 1


def test_a_blank_text_id_is_filled_by_the_second_column():
    later = pd.DataFrame({"id": ["1", "2", ""], "own": [7, 8, 9], "x": 1})
    earlier = pd.DataFrame({"id": ["1", "2", "3"], "x": 1})
    panel = two_waves(earlier, later, person={"a": "id", "b": ["id", "own"]})
    assert panel.present.sum(axis=1).tolist() == [3, 3]
    assert panel.present.all(axis=0).sum() == 2


def test_counts_do_not_depend_on_the_index():
    frame = pd.DataFrame({"a": ["y", "n"], "b": ["y", "y"], "n": [30, 10]}, index=[0, 0])
    item = op.Item({"a": "a", "b": "b"}, {"y": ["y"], "n": ["n"]})
    panel = op.Panel.from_wide(frame, items={"x": item}, count="n")
    assert op.flows(panel, "x").value.tolist() == [0.75, 0, 0.25, 0]


def test_a_code_in_one_state_and_its_label_in_another():
    frame = pd.DataFrame({"id": range(4), "x": [0, 1, 1, 0]})
    item = op.Item("x", {"a": [1], "b": ["Yes", "No"]})
    with pytest.raises(ItemError, match="code 1 'Yes' stands in two states"):
        two_waves(op.Wave(frame, labels={"x": {0: "No", 1: "Yes"}}), items={"x": item})


def test_a_column_of_ids_taken_for_a_question_is_not_printed():
    frame = pd.DataFrame({"id": [f"anna{i}@example.org" for i in range(60)]})
    with pytest.raises(ItemError, match="looks like an id") as caught:
        two_waves(frame, items={"x": op.Item("id", {"yes": ["yes"]})})
    assert "anna" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"design": op.Design(weight={"a": None, "b": None, ("b", "a"): "w"})}, "earlier wave"),
    ],
)
def test_names_and_pairs_that_would_be_misread(options, words):
    frame = pd.DataFrame({"id": range(4), "x": [0, 1, 1, 0], "state": 1, "w": 1.0})
    with pytest.raises(OpinionPanelError, match=words):
        two_waves(frame, **options)


def test_waves_that_are_no_frames_or_have_no_text_name():
    frame = pd.DataFrame({"id": range(4), "x": [0, 1, 1, 0]})
    for waves, words in (
        ({2019: frame}, "must be text"),
        ({"a": {"id": [1]}}, "frame of pandas, polars"),
    ):
        with pytest.raises(OpinionPanelError, match=words):
            op.Panel.from_waves(waves, person="id", items={"x": YES_NO})


def test_tables_by_group_say_who_is_left_out(build, july):
    july["gender"] = july["gender"].where(july["resp_id"] != 70008)
    panel = build()
    assert "with a known gender" in op.shares(panel, "support", by="gender").about.base
    assert "known" not in op.shares(panel, "support").about.base
    with pytest.raises(SelectionError, match=r"Unknown group 'region'.*groups=\[…, 'region'\]"):
        op.shares(panel, "support", by="region")


def test_states_that_base_panel_adds_cannot_be_the_items_own():
    frame = pd.DataFrame({"id": range(4), "x": [0, 1, 1, 0]})
    item = op.Item("x", {"no": [0], "yes": [1], "no answer": [2]})
    panel = two_waves(frame, items={"x": item})
    with pytest.raises(OpinionPanelError, match="has its own 'no answer'"):
        op.flows(panel, "x", base="panel")
