"""Groups of people: which value counts, the order of categories, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import STAND_INS, brought, held_on
from group_waves import SEX, read, values, wave
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import ReadError, SelectionError
from opinionpanel.panel.linking import link_waves
from opinionpanel.questions.coded_values import CodedValues
from opinionpanel.questions.declared_groups import Grouping, grouping
from opinionpanel.questions.groups import first_values, read_fixed, read_groups, unknown_category


def test_groups_take_the_first_value_and_count_changes(build, november):
    november["gender"] = ["woman", "man", "man", "man", None, "man", "man"]
    group = build().groups["gender"]
    assert group.categories == ("man", "woman")
    assert group.changed == 1
    assert group.use == "first"


def test_people_without_a_group(build, july, november):
    july["gender"] = july["gender"].where(july["resp_id"] != 70008)
    panel = build()
    assert (panel.groups["gender"].codes < 0).sum() == 1
    assert "unknown 1" in str(panel)


def test_groups_sort_by_number_or_category(build, july, november):
    for frame in (july, november):
        frame["age"] = [30, 9, 100, 30, 9, 100, 9, 9][: len(frame)]
    july["size"] = pd.Categorical(["big", "small"] * 4, categories=["small", "big"], ordered=True)
    panel = build(groups={"age": "wave", "size": "first"})
    assert panel.groups["age"].categories == ("9", "30", "100")
    assert panel.groups["size"].categories == ("small", "big")


def test_which_value_counts():
    waves = [wave([1, 1, None]), wave([2, 1, 3]), wave([3, None, 2])]
    groups = read(*waves, groups={"g": "first"})["g"]
    assert values(groups) == ["1", "1", "3"]
    assert groups.changed == 2
    latest = read(*waves, groups={"g": "latest"})["g"]
    assert values(latest) == ["3", "1", "2"]
    assert latest.changed == 2
    assert latest.at(0) is latest.codes
    by_wave = read(*waves, groups={"g": "wave"})["g"]
    assert values(by_wave) == ["1", "1", "3"]
    assert [values(by_wave, by_wave.at(t)) for t in range(3)] == [
        ["1", "1", None],
        ["2", "1", "3"],
        ["3", None, "2"],
    ]
    assert by_wave.at(1).dtype == np.int64


def test_a_column_with_another_name_in_each_wave():
    waves = [wave([1, 2], name="sex"), wave([2, 2], name="gender"), wave([1, 1], name="sex")]
    columns = {"w1": "sex", "w2": "gender"}
    group = read(*waves, groups={"g": Grouping(columns, use="latest")})["g"]
    assert values(group) == ["2", "2"]
    assert (group.by_wave[2] == -1).all()
    assert read(*waves, groups={"g": Grouping("sex")})["g"].changed == 1
    with pytest.raises(ReadError, match=r"'w2'.*'gendr'.*Did you mean 'gender'"):
        read(*waves, groups={"g": Grouping({"w1": "sex", "w2": "gendr"})})
    with pytest.raises(SelectionError, match=r"'w5'.*Known"):
        read(*waves, groups={"g": Grouping({"w5": "sex"})})


@pytest.mark.parametrize("groups", ["g", ["g"], ("g",), {"g": "first"}, {"g": Grouping()}])
def test_ways_to_name_a_group(groups):
    assert grouping(groups) == {"g": Grouping(None, use="first")}
    assert Grouping().column_at("w1", "g") == "g"


def test_groups_that_are_none():
    with pytest.raises(SelectionError, match=r"Unknown use of a group: 'lates'.*'latest'"):
        Grouping(use="lates")
    with pytest.raises(SelectionError, match=r"Group 'g': 'sex' is none of .*Grouping\('sex'\)"):
        grouping({"g": "sex"})
    with pytest.raises(SelectionError, match=r"named by text, not 3"):
        grouping(["g", 3])


def test_a_group_may_be_named_like_a_column_of_results():
    assert list(read(wave([1, 2], name="wave"), groups=["wave"])) == ["wave"]


def test_declared_missing_codes_give_way_and_stay_visible():
    labels = {1: "north", 2: "south", 9: "refused"}
    first = wave([9, 9, 1, 2], labels=labels, missing=[9])
    last = wave([2, 9, 9, 1], labels=labels, missing=[(8, 9)])
    group = read(first, last)["g"]
    assert values(group) == ["south", "refused", "north", "south"]
    assert group.categories == ("north", "south", "refused")
    assert group.missing == ("refused",)
    assert group.changed == 1
    assert values(group, group.by_wave[0]) == ["refused", "refused", "north", "south"]
    assert values(group, group.valid_at(0)) == [None, None, "north", "south"]
    assert values(read(first, last, groups={"g": "latest"})["g"]) == [
        "south",
        "refused",
        "north",
        "north",
    ]


@pytest.mark.parametrize(
    "plain", [[1, 2, 1], [1.0, 2.0, 1.0], ["1", "2", "1"], ["man", " woman", "man"]]
)
def test_a_file_without_labels_takes_those_of_the_others(plain):
    for waves in (
        [wave(plain), wave([1, 2, 1], labels=SEX)],
        [wave([1, 2, 1], labels=SEX), wave(plain)],
    ):
        group = read(*waves)["g"]
        assert group.categories == ("man", "woman")
        assert values(group) == ["man", "woman", "man"]
        assert group.changed == 0


def test_labels_rule_where_codes_changed():
    swapped = {1: "woman", 2: "man"}
    both = [wave([1, 2], labels=SEX), wave([2, 1], labels=swapped)]
    group = read(*both)["g"]
    assert values(group) == ["man", "woman"]
    assert group.changed == 0
    with pytest.raises(ReadError, match=r"'w3'.*'g': code 1 .*'man' in wave 'w1' and 'woman' in"):
        read(*both, wave([1, 2]))
    # A code nobody gave is nobody's contradiction.
    assert read(*both, wave([3, 3]))["g"].categories == ("man", "woman", "3")


def test_labels_are_compared_trimmed_and_normalised():
    composed, parted = "Край́", "Краи\u0306́"
    group = read(wave([1, 1], labels={1: composed}), wave([1, 1], labels={1: f" {parted} "}))["g"]
    assert len(group.categories) == 1


def test_values_without_labels():
    group = read(wave([1.5, 0.0, np.nan]), wave([1.5, 0.0, 2.0]))["g"]
    assert group.categories == ("0", "1.5", "2")
    assert values(group) == ["1.5", "0", "2"]
    group = read(wave(["b", "", " a "]), wave(["b", "c", "a"]))["g"]
    assert group.categories == ("a", "b", "c")
    assert values(group) == ["b", "c", "a"]


def test_strata_by_code():
    stratum = [
        wave([1, 2, 3], labels={1: "town", 2: "town"}, missing=[3]),
        wave([2, 2, 1], labels={1: "town"}),
    ]
    linked = link_waves({"w1": stratum[0], "w2": stratum[1]}, "id")
    group = first_values(
        linked.waves, linked.rows, linked.people, "g", purpose="stratum", labelled=False
    )
    assert group.changed == 1
    assert group.categories == ("1", "2")
    assert values(group) == ["1", "2", "1"]
    assert group.missing == ()


def test_fixed_traits_may_stand_in_some_waves():
    waves = [wave([1, 2], name="sex"), wave([1, 1]), wave([1, 2], name="sex")]
    assert values(read(*waves, groups="sex", reader=read_fixed)["sex"]) == ["1", "2"]
    with pytest.raises(ReadError, match=r"fixed: Unknown column 'sx'.*Did you mean 'sex'"):
        read(*waves, groups=["sx"], reader=read_fixed)


KINDS = {
    "object": lambda part: pd.Series(part, dtype=object),
    "text": lambda part: pd.Series(part, dtype="str"),
    "categories": pd.Categorical,
    "arrow": lambda part: pd.array(part, dtype="string[pyarrow]"),
}


@given(
    rows=st.lists(st.lists(st.sampled_from(["a", "b", None]), min_size=3, max_size=3), min_size=1),
    kinds=st.tuples(*[st.sampled_from(sorted(KINDS))] * 3),
    use=st.sampled_from(["first", "latest"]),
    data=st.data(),
)
def test_groups_are_those_of_plain_python(rows, kinds, use, data):
    waves = []
    for t, kind in enumerate(kinds):
        order = data.draw(st.permutations(range(len(rows))))
        waves.append(wave(KINDS[kind]([rows[i][t] for i in order]), ids=list(order)))
    linked = link_waves({f"w{t}": one for t, one in enumerate(waves)}, "id")
    group = read_groups({"g": use}, linked.waves, linked.rows, linked.people)["g"]
    first = waves[0].frame["id"].tolist()  # people are numbered as they appear
    given_ = [[value for value in rows[i] if value] for i in first]
    place = 0 if use == "first" else -1
    assert values(group) == [one[place] if one else None for one in given_]
    assert group.changed == sum(len(set(one)) > 1 for one in given_)
    assert [values(group, row) for row in group.by_wave] == [
        [rows[i][t] for i in first] for t in range(3)
    ]


def test_unknown_columns_name_wave_frame_and_nearest(build):
    for changes, column, near in (
        ({"groups": ["gendr"]}, "gendr", "gender"),
        ({"design": op.Design(weight="wgtt")}, "wgtt", "wgt"),
        ({"design": op.Design(weight="wgt", stratum="regoin")}, "regoin", "region"),
        ({"design": op.Design(weight="wgt", psu="vilage")}, "vilage", "village"),
        ({"person": "respid"}, "respid", "resp_id"),
    ):
        with pytest.raises(ReadError) as error:
            build(**changes)
        for part in ("'Jul'", "a frame", repr(column), f"Did you mean '{near}'?"):
            assert part in str(error.value)


def test_a_group_that_tells_people_apart_is_refused():
    ids = [f"secret-{number}" for number in range(20)]
    with pytest.raises(SelectionError, match=r"20 different values for 20 people.*fixed=") as error:
        read(wave(ids))
    assert "secret" not in str(error.value)
    assert len(read(wave(ids), reader=read_fixed)["g"].categories) == 20
    assert len(read(wave(ids[:12]))["g"].categories) == 12
    # A pilot study may have nearly as many regions as people.
    assert len(read(wave([f"region {number % 16}" for number in range(20)]))["g"].categories) == 16


@pytest.mark.parametrize("column", [["g"], {}, {"w1": None}, 5])
def test_a_column_of_a_group_is_a_name(column):
    with pytest.raises(SelectionError, match="a name, or a dict of names by wave"):
        Grouping(column)


@pytest.mark.parametrize("groups", [None, 5])
def test_groups_that_are_no_list(groups):
    with pytest.raises(SelectionError, match="Groups are a list of columns"):
        grouping(groups)


@pytest.mark.parametrize("kind", [int, str])
def test_categories_that_are_numbers_are_in_order_over_waves(kind):
    first = pd.Categorical([kind(9), kind(2)], categories=[kind(2), kind(9)])
    last = pd.Categorical([kind(9), kind(3)], categories=[kind(9), kind(2), kind(3)])
    found = read(wave(first), wave(last, ids=[0, 7]))["g"]
    assert found.categories == ("2", "3", "9")


def test_categories_of_some_waves_go_where_these_have_them(build, july, november):
    july["size"] = pd.Categorical(["small", "big"] * 4, categories=["small", "big"])
    november["size"] = pd.Categorical(
        ["medium", "big", "small", "big", "big", "big", "huge"],
        categories=["small", "medium", "big", "huge"],
    )
    assert build(groups=["size"]).groups["size"].categories == ("small", "medium", "big", "huge")
    # The order of the alphabet says nothing.
    november["size"] = pd.Categorical(["a-size"] * 7, categories=["a-size"])
    july["size"] = pd.Categorical(["b-size"] * 8, categories=["b-size"])
    assert build(groups={"size": "wave"}).groups["size"].categories == ("a-size", "b-size")


@pytest.mark.parametrize("engine", STAND_INS)
@given(
    rows=st.lists(st.tuples(*[st.integers(-1, 3)] * 3), min_size=1, max_size=8),
    refused=st.integers(0, 2),
    use=st.sampled_from(["first", "latest"]),
)
def test_one_value_is_chosen_in_memory_and_on_an_engine_alike(engine, rows, refused, use):
    names = ("a", "b", "c", "d")
    missing = names[len(names) - refused :]
    coded = CodedValues(names, missing, {}, op.Grouping(use=use))
    by_wave = np.array(rows).T
    chosen = coded.chosen(by_wave)
    changed = coded.changed(by_wave, chosen)
    held = tuple(held_on(engine, {f"w{t}": here for t, here in enumerate(by_wave)}).values())
    on_engine = coded.chosen(held)
    assert brought(on_engine)[0].tolist() == chosen.tolist()
    assert brought(coded.changed(held, on_engine))[0].tolist() == changed.tolist()
    for person, held in enumerate(rows):
        told = [one for one in (held if use == "first" else held[::-1]) if one >= 0]
        valid = [one for one in told if one < len(names) - refused]
        assert chosen[person] == (valid or told or [-1])[0]
        assert changed[person] == (len(set(valid)) > 1)


def test_small_categories_are_counted_in_refusals():
    towns = ["north"] * 9 + ["south"] * 9 + ["Kleindorf", "Dorf", "Dorf"]
    group = read(wave(towns), wave(towns), groups="g")["g"]
    assert group.nameable == ["north", "south"]
    assert str(unknown_category("town", "nort", group)) == (
        "Unknown town 'nort'. Did you mean 'north'? Known: 'north', 'south'. So are 2 of few "
        "people, which are not named."
    )
    few = read(wave(["Ann", "Bob"]), wave(["Ann", "Bob"]), groups="g")["g"]
    assert str(unknown_category("town", "x", few)) == (
        "Unknown town 'x'. All those known have few people."
    )
    first = wave([1, 2], labels={1: "east", 2: "north"})
    assert read(first, wave([1, 2]), groups="g")["g"].nameable == ["east", "north"]
