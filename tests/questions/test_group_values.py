"""The values of groups, named and coded alike in every form of a panel."""

import numpy as np
import pandas as pd
import polars
import pytest
from group_panels import FORMS, by_wave, panel_of, two_waves
from group_waves import read, values, wave

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.questions.group_values import code_values
from opinionpanel.questions.groups import read_fixed
from opinionpanel.waves import Wave

SLOW = [pytest.param(form, marks=pytest.mark.slow) if "duckdb" in form else form for form in FORMS]


@pytest.mark.parametrize("form", SLOW)
@pytest.mark.parametrize(
    ("first", "second", "declared", "expected", "changed"),
    [
        (
            [1, 2, 3, 1] * 3,
            [1, 2, 1, 1] * 3,
            {"states": {"woman": [2], "man": [1, 3]}},
            ["man", "woman", "man", "man"] * 3,
            0,
        ),
        (
            ["m", "f", None, "m"] * 3,
            ["m", "f", "f", "x"] * 3,
            {"states": {"man": ["m"], "woman": ["f"], "none": [None]}, "rest": "missing"},
            ["man", "woman", "none", "man"] * 3,
            3,
        ),
        (
            [17, 29, 45, 61] * 3,
            [18, 30, 46, 62] * 3,
            {"bands": [18, 30, 45, 60]},
            ["under 18", "18–29", "45–59", "60+"] * 3,
            6,
        ),
        (
            ["17.5", "29.5", "refused", "61"] * 3,
            ["18", "30", "46", "n/k"] * 3,
            {"bands": [18, 30, 45, 60], "rest": "missing"},
            ["under 18", "18–29", "45–59", "60+"] * 3,
            6,
        ),
        (
            ["man", "Refused", "woman", "man"] * 3,
            ["MAN ", "woman", "woman", "no answer"] * 3,
            {},
            ["man", "woman", "woman", "man"] * 3,
            0,
        ),
    ],
)
def test_groups_of_every_form(form, first, second, declared, expected, changed):
    frames = two_waves(first, second)
    group = op.Grouping(by_wave(form, "g"), **declared)
    panel = panel_of(form, frames, groups={"g": group}, fixed={"again": group})
    found = panel.groups["g"]
    shown = op.shares(panel, "q", by="g").to_frame()
    people = shown[(shown.wave == "w1") & (shown.state == "yes")].set_index("g")["n"]
    assert people[people > 0].to_dict() == pd.Series(expected).value_counts().to_dict()
    assert found.changed == panel.fixed["again"].changed == changed
    assert panel.linkage()["g_disagree"].iloc[-1] == changed


@pytest.mark.parametrize("form", SLOW)
def test_notes_are_the_same_everywhere(form):
    frames = two_waves(
        ["man", "Refused", "woman", "man"] * 3, ["MAN ", "woman", "woman", "k.A."] * 3
    )
    panel = panel_of(form, frames, groups={"g": op.Grouping(by_wave(form, "g"))}, fixed=())
    assert [note for note in panel.notes if note.startswith("group")] == [
        "group 'g': 'man' (w1: 6 people) and 'MAN' (w2: 3 people) are one: 'man'",
        "group 'g': 'Refused' (w1: 3 people) is no value: it gives way to that of another wave, "
        "and contradicts none; states={…} in a Grouping say otherwise",
        "group 'g': 'k.A.' (w2: 3 people) is no value: it gives way to that of another wave, and "
        "contradicts none; states={…} in a Grouping say otherwise",
    ]


@pytest.mark.parametrize(
    "other",
    ["North\N{NO-BREAK SPACE}West", "North  West", "north west", "North West.", "North&nbsp;West"],
)
@pytest.mark.parametrize("reader", [None, read_fixed])
def test_spellings_of_labels_are_one(other, reader):
    labels = {1: "North West", 2: "South"}
    options = {} if reader is None else {"reader": reader}
    for waves in (
        [wave([1, 2], labels=labels), wave([1, 2], labels=labels | {1: other})],
        [wave([1, 2], labels=labels), wave([other, "South"])],
        [wave([other, "South"]), wave([1, 2], labels=labels)],
    ):
        group = read(*waves, **options)["g"]
        assert (group.categories, group.changed) == (("North West", "South"), 0)


def test_two_codes_of_one_wave_stay_two():
    group = read(wave([1, 2, 1], labels={1: "Other", 2: "other."}))["g"]
    assert group.categories == ("Other", "other.")


def test_labels_that_differ_in_spelling_name_a_code_without_one():
    waves = [wave([1], labels={1: "Man"}), wave([1], labels={1: "MAN."}), wave([1])]
    assert read(*waves)["g"].categories == ("Man",)
    waves[1] = wave([1], labels={1: "Woman"})
    with pytest.raises(ReadError, match="no label here and means 'Man' in wave 'w1' and 'Woman'"):
        read(*waves)


def test_an_unused_label_that_differs_in_spelling_is_no_category():
    first = wave([1, 2], labels={1: "a", 2: "b"})
    last = wave([1, 2], labels={1: "a", 2: "b", 3: "B."})
    assert read(first, last)["g"].categories == ("a", "b")


def test_an_unused_refusal_is_no_category():
    kept = pd.Categorical(["low", "high"], categories=["low", "mid", "high", "refused"])
    assert read(wave(kept))["g"].categories == ("low", "mid", "high")


def test_many_numbers_are_a_note_for_groups_only():
    ages = list(range(20, 33)) * 2
    group = read(wave(ages))["g"]
    assert group.notes[0].startswith("13 categories are numbers")
    assert "bands=" in group.notes[0]
    assert read(wave(ages), reader=read_fixed)["g"].notes == ()
    assert read(wave(list(range(12)) * 3))["g"].notes == ()
    labels = {age: f"town {age}" for age in ages}
    assert read(wave(ages, labels=labels))["g"].notes == ()


def test_what_a_file_declares_is_not_noted():
    group = read(wave([1, 9], labels={1: "man", 9: "Refused"}, missing=[9]))["g"]
    assert (group.missing, group.notes) == (("Refused",), ())


def test_strata_keep_their_spelling():
    waves = {"w1": Wave(pd.DataFrame({"g": ["North", "north", "Refused"]}))}
    coded = code_values(waves, "g", purpose="stratum", labelled=False)
    assert coded.categories == ("North", "Refused", "north")
    assert coded.missing == ()


def test_in_text_files_and_in_duckdb(tmp_path):
    frames = two_waves(["Man", "woman", "A &amp; B"] * 4, ["man ", "WOMAN", "A & B"] * 4)
    files = {}
    for name, frame in frames.items():
        files[name] = tmp_path / f"{name}.csv"
        frame.to_csv(files[name], index=False)
    item = op.Item("q", {"yes": [1], "no": [2]})
    read_by = {
        engine: op.read_panel(files, person="id", items={"q": item}, groups=["g"], engine=engine)
        for engine in ("memory", "duckdb")
    }
    one, other = read_by.values()
    assert one.groups["g"].categories == other.groups["g"].categories == ("A & B", "Man", "woman")
    assert one.notes == other.notes
    assert np.allclose(op.shares(one, "q", by="g").value, op.shares(other, "q", by="g").value)


def test_declared_labels_of_polars_categories():
    frames = two_waves(["low", "high"] * 6, ["low", "high"] * 6)
    kept = polars.Enum(["low", "mid", "high", "refused"])
    held = {
        name: polars.from_pandas(frame).with_columns(polars.col("g").cast(kept))
        for name, frame in frames.items()
    }
    panel = op.Panel.from_waves(
        held, person="id", items={"q": op.Item("q", {"yes": [1], "no": [2]})}, groups=["g"]
    )
    assert panel.groups["g"].categories == ("low", "mid", "high")
    assert values(panel.groups["g"])[:2] == ["low", "high"]


def test_a_number_far_above_all_others_is_noted():
    ages = op.Grouping("g", bands=[18, 60])
    group = read(wave([20, 40, 999, 999]), wave(["20", "40", "70", "61"]), groups={"g": ages})["g"]
    assert group.notes == (
        "999 (w1: 2 people) is far above all other numbers and counts as one. If it stands for no "
        "answer, make it a blank",
    )
    assert read(wave([20, 87, 99]), groups={"g": ages})["g"].notes == ()


def test_a_number_that_its_label_says_is_none_of_the_far_ones():
    ages = op.Grouping("g", bands=[18, 60])
    assert read(wave([20, 40, 97], labels={97: "97 or older"}), groups={"g": ages})["g"].notes == ()


def test_a_file_that_says_nothing_of_codes_takes_what_another_says_of_them():
    ages = op.Grouping("g", bands=[18, 60])
    told = wave([20, 40, 98, 99], labels={98: "don't know"}, missing=[99])
    group = read(told, wave([70, 98, 40, 99]), groups={"g": ages})["g"]
    assert values(group) == ["18–59", "18–59", "18–59", None]
    assert group.notes == (
        "99 (w2: 1 person) is declared missing at another wave, and is read as no value here as "
        "well",
        '"don\'t know" (w1: 1 person, w2: 1 person) is read as no value, since it is no number',
    )


def test_texts_with_numbers_that_the_rest_leaves_out_are_noted():
    ages = op.Grouping("g", bands=[18, 60], rest="missing")
    group = read(wave(["20", "80+", "no card"]), wave(["20", "61", "x"]), groups={"g": ages})["g"]
    assert group.notes == (
        "at w1, rest='missing' reads as no value what has a number in it: '80+' (1 person). If it "
        "belongs to a band, write it as that number",
    )
    many = read(wave([f"{age} years" for age in range(20, 40)] + ["20"]), groups={"g": ages})["g"]
    assert "number in it: 20 values (20 people)." in many.notes[0]


def test_who_does_not_know_is_a_group_of_opinions_and_no_other_sex():
    first = ["for", "don't know", "against", "refused"] * 5
    second = ["for", "for", "against", "for"] * 5
    waves = {
        name: pd.DataFrame({"id": range(20), "q": [1, 2] * 10, "view": told})
        for name, told in (("a", first), ("b", second))
    }
    item = op.Item("q", {"yes": [1], "no": [2]})
    panel = op.Panel.from_waves(
        waves, person="id", items={"q": item}, groups=["view"], fixed=["view"]
    )
    group = panel.groups["view"]
    assert group.categories == ("against", "don't know", "for", "refused")
    assert group.missing == ("refused",)
    assert np.bincount(group.codes).tolist() == [5, 5, 10]
    assert panel.fixed["view"].missing == ("don't know", "refused")
    assert panel.fixed["view"].changed == 0
