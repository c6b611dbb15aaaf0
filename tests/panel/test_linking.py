"""People found across waves: which ids are the same, and what is refused."""

import dataclasses
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.errors import LinkError, SelectionError
from opinionpanel.panel.linking import link_waves
from opinionpanel.waves.wave import Wave

SHARED = REAL_FILES
needs_files = pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not here")


def linked(*, duplicates="error", **waves):
    """Link waves of ids only."""
    frames = {name: Wave(pd.DataFrame({"resp_id": pd.Series(ids)})) for name, ids in waves.items()}
    return link_waves(frames, "resp_id", duplicates=duplicates)


def pairs(found, first="w1", last="w2"):
    """For every row of a wave, the row of the same person in another; -1 for none."""
    place = np.full(found.people, -1)
    place[found.rows[last]] = np.arange(len(found.rows[last]))
    return place[found.rows[first]].tolist()


def test_the_same_person_gets_the_same_row():
    found = linked(w1=[7, 8, 9], w2=[9, 7, 5])
    assert found.people == 4
    assert pairs(found) == [1, -1, 0]
    assert found.present.tolist() == [[True, True, True, False], [True, False, True, True]]
    assert found.rows["w1"].tolist() == [0, 1, 2]


FORMS = {
    "int64": lambda ids: np.array(ids),
    "int16": lambda ids: np.array(ids, dtype=np.int16),
    "uint64": lambda ids: np.array(ids, dtype=np.uint64),
    "float64": lambda ids: np.array(ids, dtype=np.float64),
    "nullable int": lambda ids: pd.array(ids, dtype="Int64"),
    "nullable float": lambda ids: pd.array(ids, dtype="Float64"),
    "text": lambda ids: pd.array([str(one) for one in ids], dtype="str"),
    "padded text": lambda ids: np.array([f" {one}  " for one in ids], dtype=object),
    "bytes": lambda ids: np.array([str(one).encode() for one in ids], dtype=object),
    "mixed objects": lambda ids: np.array(
        [(one, str(one), float(one), Decimal(one), np.int32(one))[i % 5]
         for i, one in enumerate(ids)],
        dtype=object,
    ),
    "categories of int": lambda ids: pd.Categorical(ids, categories=sorted(ids)),
    "categories of text": lambda ids: pd.Categorical([str(one) for one in ids]),
    "arrow int": lambda ids: pd.array(ids, dtype="int64[pyarrow]"),
    "arrow text": lambda ids: pd.array([str(one) for one in ids], dtype="string[pyarrow]"),
    "arrow decimal": lambda ids: pd.Series(
        [Decimal(one) for one in ids]
    ).convert_dtypes(dtype_backend="pyarrow"),
}  # fmt: skip
WHOLE = st.lists(st.integers(0, 30_000), unique=True, min_size=1, max_size=8)


@pytest.mark.parametrize("first", FORMS)
@pytest.mark.parametrize("second", FORMS)
def test_ids_of_another_type_link(first, second):
    found = linked(w1=FORMS[first]([7, 8, 30_000]), w2=FORMS[second]([30_000, 7, 9]))
    assert pairs(found) == [1, -1, 0]


@given(
    ids=st.tuples(WHOLE, WHOLE, WHOLE),
    forms=st.tuples(*[st.sampled_from(sorted(FORMS))] * 3),
    data=st.data(),
)
def test_linking_knows_neither_type_nor_order(ids, forms, data):
    # Someone who links all waves.
    first, second, third = (list({*part, 30_001}) for part in ids)
    waves = {"w1": first, "w2": second, "w3": third}
    shuffled = {name: data.draw(st.permutations(part)) for name, part in waves.items()}
    plain = linked(**waves)
    other = linked(
        **{
            name: FORMS[kind](part)
            for (name, part), kind in zip(shuffled.items(), forms, strict=True)
        }
    )
    assert other.people == plain.people == len(set(first) | set(second) | set(third))
    for one, two in (("w1", "w2"), ("w1", "w3"), ("w2", "w3")):
        expected = [waves[two].index(x) if x in waves[two] else -1 for x in waves[one]]
        assert pairs(plain, one, two) == expected
        expected = [shuffled[two].index(x) if x in shuffled[two] else -1 for x in shuffled[one]]
        assert pairs(other, one, two) == expected


@pytest.mark.parametrize("scale", [1, 10**12])
def test_ids_in_a_table_and_by_hashing_are_the_same(scale):
    random = np.random.default_rng(1)
    ids = {f"w{t}": random.choice(3_000, 2_000, replace=False) * scale - 5 for t in range(4)}
    found = linked(**ids)
    for position, name in enumerate(ids):
        assert found.present[position].sum() == 2_000
        assert found.present[:, found.rows[name]][position].all()
        for other in ids:
            expected = np.isin(ids[name], ids[other]).tolist()
            assert found.present[list(ids).index(other), found.rows[name]].tolist() == expected


def test_waves_in_the_same_order():
    found = linked(w1=[3, 1, 2], w2=[3, 1, 2], w3=[2, 9, 3], w4=[3, 1, 2])
    assert found.people == 4
    assert found.rows["w4"].tolist() == [0, 1, 2]
    assert found.rows["w3"].tolist() == [2, 3, 0]


def test_unsigned_numbers_beyond_the_signed_range_do_not_wrap():
    large = np.array([2**64 - 1, 5], dtype=np.uint64)
    assert pairs(linked(w1=large, w2=[-1, 5])) == [-1, 1]
    assert pairs(linked(w1=large, w2=[str(2**64 - 1), "5"])) == [0, 1]


@pytest.mark.parametrize(
    ("first", "second", "forms", "why"),
    [
        (["007", "x1"], ["7", "x1"], ("'999'", "'9'"), "leading zeros"),
        (["0a1", "x1"], ["a1", "x1"], ("'9a9'", "'a9'"), "leading zeros"),
        (["1.0", "x1"], ["1", "x1"], ("'9.9'", "'9'"), "a trailing .0"),
        (["1a2b", "x1"], ["1A2B", "x1"], ("'9a9a'", "'9a9a'"), "letter case"),
        (["0x1a2b", "x1"], ["1a2b", "x1"], ("'9a9a9a'", "'9a9a'"), "a leading 0x"),
        (["0x1A2B", "x1"], ["1a2b", "x1"], ("'9a9a9a'", "'9a9a'"), "letter case and a leading 0x"),
        (["ab-12", "x1"], ["ab 12", "x1"], ("'aa-99'", "'aa 99'"), "their writing"),
        (["ab-12", "x1"], ["ab12", "x1"], ("'aa-99'", "'aa99'"), "spaces, commas or hyphens"),
        (["007", "008"], ["7", "8"], ("'999'", "'9'"), "leading zeros"),
        (["AB-12", "x1"], ["ab-12", "x1"], ("'aa-99'", "'aa-99'"), "letter case"),
        (["kJ4x", "1"], ["kj4x", "1"], ("'aa9a'", "'aa9a'"), "letter case"),
        (["\u200b17", "1"], ["17", "1"], ("'\\u200b99'", "'99'"), "invisible characters"),
        (["1,001", "x1"], ["1001", "x1"], ("'9,999'", "'9999'"), "spaces, commas or hyphens"),
    ],
)
def test_ids_written_differently_in_another_wave(first, second, forms, why):
    with pytest.raises(LinkError, match=f"would link if .* differ by {why}") as error:
        linked(w1=first, w2=second)
    for part, wave in zip(forms, ("w1", "w2"), strict=True):
        assert f"like {part} in wave '{wave}'" in str(error.value)
    for secret in {*first, *second} - {"7", "1", "8"}:
        assert secret not in str(error.value)


@pytest.mark.parametrize("word", ["nan", "None", "<NA>", "NaT"])
def test_words_for_a_blank_that_a_program_wrote(word):
    with pytest.raises(LinkError, match=r"1 id\(s\) \(column 'resp_id'\) are 'nan' or another"):
        linked(w1=["a1", "a2", word], w2=["a1", "a2", word])


def test_words_for_a_blank_among_ids_that_are_words():
    assert linked(w1=["DE", "US", "NA"], w2=["US", "NA", "FR"]).people == 4  # countries


def test_floats_of_half_the_size_hold_fewer_whole_numbers():
    with pytest.raises(LinkError, match="not whole numbers that a file can hold exactly"):
        linked(w1=np.array([16_777_216, 5], dtype=np.float32), w2=[16_777_217, 5])
    assert linked(w1=np.array([16_777_215, 5], dtype=np.float32), w2=[16_777_215, 5]).people == 2


@pytest.mark.parametrize("person", [["resp_id"], {"w1": []}, {"w1": [0]}, 0, None])
def test_a_person_that_names_no_column(person):
    with pytest.raises(LinkError, match="person= names the id column, or the columns by wave"):
        link_waves({"w1": Wave(pd.DataFrame({"resp_id": [1, 2]}))}, person)


@pytest.mark.parametrize("one", [-48213, 99])
def test_an_id_that_stands_twice_is_no_placeholder(one):
    with pytest.raises(LinkError) as error:
        linked(w1=[one, one, 7], w2=[7, 8])
    assert str(one) not in str(error.value)
    assert linked(w1=[one, one, 7], w2=[7, 8], duplicates="drop_all").people == 3


def test_a_placeholder_is_neither_a_person_nor_a_link():
    with pytest.raises(LinkError, match="no person in common"):
        linked(w1=[0, 0, 1, 2], w2=[0, 0, 3, 4], duplicates="drop_all")
    found = linked(w1=[0, 0, 1, 2], w2=[0, 0, 1, 3], duplicates="drop_all")
    assert found.people == 3
    assert found.present.tolist() == [[True, True, False], [True, False, True]]
    assert "2 of the rows have a placeholder" in found.notes[0]


def test_ids_written_differently_only_in_a_third_wave():
    with pytest.raises(LinkError, match=r"1 id\(s\).* in wave 'w1'.*in wave 'w3'"):
        linked(w1=["007", "x"], w2=["007", "x"], w3=["7", "x"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["007", "7"], ["7", "8"]),  # one wave has both: two people
        (["1-23", "1-1"], ["12-3", "1-1"]),  # household and person
        (["kJ4x", "b"], ["Kj4x", "b"]),  # random ids that use letter case
        (["0x", "b"], ["x", "b"]),
    ],
)
def test_ids_that_only_look_alike(first, second):
    assert linked(w1=first, w2=second).people == 3


@pytest.mark.parametrize("text", ["007", "7.0"])
@pytest.mark.parametrize("numbers", [[7, 8], [7.0, 8.0]])
def test_numbers_that_another_wave_writes_with_zeros(text, numbers):
    with pytest.raises(
        LinkError, match=r"'w1'.*1 id\(s\) of the form '9[.9]+' .*leading zeros"
    ) as error:
        linked(w1=[text, "8"], w2=numbers)
    assert text not in str(error.value)


@pytest.mark.parametrize(
    "ids",
    [
        [70001.5, 70002.0],
        [2.0**60, 2.0**60 + 512],
        [np.inf, 70002.0],
        pd.Series([70001.5, "x"], dtype=object),
        pd.Series([float("inf"), "x"], dtype=object),
        pd.Series([Decimal("70001.5"), "x"], dtype=object),
    ],
)
def test_numbers_that_are_no_exact_ids(ids):
    with pytest.raises(LinkError, match=r"'w1'.*'resp_id'.*not whole numbers.*as text") as error:
        linked(w1=ids, w2=[1, 2])
    assert "70001" not in str(error.value)


def test_bytes_that_are_no_text():
    with pytest.raises(LinkError, match=r"'w1'.*'resp_id'.*bytes that are no UTF-8"):
        linked(w1=pd.Series([b"\xff\xfe", b"x"]), w2=["x", "y"])


@pytest.mark.parametrize(
    "ids",
    [
        ["x1", None],
        ["x1", "  "],
        [1.0, np.nan],
        ["x1", ""],
        pd.array([1, None], dtype="Int64"),
        pd.array([1, None], dtype="int64[pyarrow]"),
        pd.array([1.0, None], dtype="double[pyarrow]"),
        pd.array(["x1", None], dtype="string[pyarrow]"),
        pd.Categorical(["x1", None]),
        pd.Categorical([1, None]),
        pd.Categorical(["x1", " "]),
        pd.Series([b"x1", b" "], dtype=object),
    ],
)
def test_a_row_without_id(ids):
    with pytest.raises(LinkError, match=r"'w2' .*'resp_id': 1 row\(s\) have no person id.*person="):
        linked(w1=ids[:1], w2=ids)


def test_duplicate_ids_are_counted_and_not_shown():
    with pytest.raises(
        LinkError, match=r"'w1'.*'resp_id': 2 id\(s\).*\(5 rows, 3 too many\).*person="
    ) as error:
        linked(w1=[70001, 70001, 70002, 70002, 70002, 70003], w2=[70001])
    assert "7000" not in str(error.value)


@pytest.mark.parametrize("value", [0, -1, 99999, ".", "NA", "0000", "n/a"])
def test_a_value_that_stands_for_no_id(value):
    ids = [value] * 3 + ["x1", "x2"] if isinstance(value, str) else [value] * 3 + [70001, 70002]
    with pytest.raises(
        LinkError, match=r"One value, '.*', stands in 3 rows and looks like a place"
    ) as error:
        linked(w1=ids, w2=ids[3:])
    assert f"One value, '{value}'," in str(error.value)


def test_a_value_used_for_many_people_is_not_shown():
    with pytest.raises(LinkError, match="One value stands in 12 rows and looks") as error:
        linked(w1=[70001] * 12 + [70002], w2=[70002])
    assert "7000" not in str(error.value)


def test_dropping_all_duplicates():
    found = linked(w1=[5, 6, 5, 7, 6, 8], w2=[8, 5, 7, 7], duplicates="drop_all")
    assert [note.split(" were")[0] for note in found.notes] == [
        "wave 'w1': 4 rows of 2 ids that stand in more than one row",
        "wave 'w2': 2 rows of 1 ids that stand in more than one row",
    ]
    assert found.waves["w1"].frame["resp_id"].tolist() == [7, 8]
    assert found.waves["w2"].frame["resp_id"].tolist() == [8, 5]
    # Four people, 5, 6, 7 and 8, all interviewed in the first wave, and all but 6 in the second.
    assert found.present.sum(axis=1).tolist() == [4, 3]
    assert found.present.all(axis=0).sum() == 3
    assert found.rows["w2"][0] == found.rows["w1"][1]


@given(*[st.lists(st.integers(1, 9), min_size=3, max_size=12)] * 2, st.sampled_from(sorted(FORMS)))
def test_dropping_all_keeps_the_people_and_only_their_single_rows(first, second, kind):
    # Someone who links, whatever is dropped.
    waves = {"w1": [100, *first], "w2": [*second, 100]}
    make = FORMS["text" if kind == "categories of int" else kind]
    found = linked(duplicates="drop_all", **{name: make(ids) for name, ids in waves.items()})
    assert found.people == len({*waves["w1"], *waves["w2"]})
    assert found.present.sum(axis=1).tolist() == [len(set(ids)) for ids in waves.values()]
    assert found.present.all(axis=0).sum() == len(set(waves["w1"]) & set(waves["w2"]))
    once = {name: [x for x in ids if ids.count(x) == 1] for name, ids in waves.items()}
    person = [dict(zip(once[name], found.rows[name].tolist(), strict=True)) for name in waves]
    for name in waves:
        assert len(found.waves[name].frame) == len(once[name])
    for one in person[0].keys() & person[1].keys():
        assert person[0][one] == person[1][one]
    assert len({*person[0].values(), *person[1].values()}) == len(
        person[0].keys() | person[1].keys()
    )
    assert len(found.notes) == sum(len(once[name]) < len(waves[name]) for name in waves)


def test_a_placeholder_that_was_dropped_is_nobody():
    found = linked(w1=[0, 0, 0, 1, 2, 2], w2=[1, 2, 0, 0], duplicates="drop_all")
    # Person 2 was interviewed in both; 0 is no one.
    assert found.present.sum(axis=1).tolist() == [2, 2]


def test_what_to_do_with_duplicates_is_one_of_two():
    with pytest.raises(SelectionError, match=r"duplicates= 'drop'.*Did you mean 'drop_all'"):
        linked(w1=[1, 2], w2=[1], duplicates="drop")


def test_no_overlap_shows_forms_and_no_id():
    with pytest.raises(LinkError, match="'w1' has no person in common") as error:
        linked(w1=["ab-123", "cd-456"], w2=[70001, 70002])
    message = str(error.value)
    assert "aa-999" in message
    assert "99999" in message
    assert not any(secret in message for secret in ("ab-123", "cd-456", "70001", "70002"))


def test_a_wave_that_links_to_none_of_the_others():
    with pytest.raises(LinkError, match=r"'w3' has no person.* w1: numbers in column 'resp_id'"):
        linked(w1=[1, 2], w2=[2, 3], w3=[4, 5])


def test_one_wave_alone_is_allowed():
    assert linked(w1=[3, 1]).people == 2
    assert linked(w1=["x", "X"]).people == 2


def test_a_wave_without_rows():
    with pytest.raises(LinkError, match="the wave has no rows"):
        linked(w1=np.array([], dtype=np.int64), w2=np.array([], dtype=np.int64))
    with pytest.raises(LinkError, match="at least one wave"):
        link_waves({}, "resp_id")


def test_ids_of_several_columns():
    waves = {
        "w1": Wave(pd.DataFrame({"old": [1, 2, 3]})),
        "w2": Wave(pd.DataFrame({"old": [1.0, np.nan, np.nan], "new": [901, 902, 3]})),
        "w3": Wave(pd.DataFrame({"old": ["1", "", ""], "new": ["x", "902", "903"]})),
    }
    columns = {"w1": "old", "w2": ["old", "new"], "w3": ["old", "new"]}
    found = link_waves(waves, columns)
    assert found.people == 5
    assert found.notes == (
        "wave 'w2': of 3 people, so many have an id of an earlier wave: 1 in 'old', 1 in 'new'",
        "wave 'w3': of 3 people, so many have an id of an earlier wave: 1 in 'old', 1 in 'new'",
    )
    gaps = dataclasses.replace(waves["w2"], frame=waves["w2"].frame.assign(new=[1, np.nan, 3]))
    with pytest.raises(LinkError, match=r"'w2'.*1 row\(s\) have no person id"):
        link_waves(waves | {"w2": gaps}, columns)


@pytest.mark.parametrize("kind", ["int64", "text", "float64"])
@pytest.mark.parametrize(
    ("first", "second", "numbered"),
    [
        (range(1, 61), range(1, 71), True),
        (range(60), range(70), True),
        (range(1, 61), range(1, 61), False),
        (range(1, 41), range(1, 46), False),
        (range(1, 61), range(2, 71), False),
    ],
)
def test_row_numbers(first, second, numbered, kind):
    found = linked(w1=FORMS[kind](list(first)), w2=FORMS[kind](list(second)))
    assert found.numbered == (("w1", "w2") if numbered else ())


@needs_files
def test_a_file_of_text_ids_and_one_of_floats():
    waves = {
        f"w{t}": op.read_wave(SHARED / "covid_germany" / f"wave{t}.dta", columns=["be06_rv2"])
        for t in (1, 2)
    }
    with pytest.raises(LinkError, match=r"wave1.dta.*26 id\(s\).*\(55 rows, 29 too many\)"):
        link_waves(waves, "be06_rv2")
    found = link_waves(waves, "be06_rv2", duplicates="drop_all")
    ids = [
        waves["w1"].frame["be06_rv2"].str.strip().tolist(),
        [str(int(one)) for one in waves["w2"].frame["be06_rv2"]],
    ]
    assert len(set(ids[0]) & set(ids[1])) == 987
    assert found.present.all(axis=0).sum() == 987
    # Of these, the rows of 26 people are dropped, whose answers nobody can tell apart.
    once = [{one for one in part if part.count(one) == 1} for part in ids]
    kept = [set(row.tolist()) for row in found.rows.values()]
    assert len(kept[0] & kept[1]) == len(once[0] & once[1]) == 961
    assert [note.split(" that")[0] for note in found.notes] == [
        "wave 'w1': 55 rows of 26 ids",
        "wave 'w2': 15 rows of 7 ids",
    ]


@needs_files
def test_ids_with_another_name_in_every_wave():
    person = {
        "w3": "caseid",
        "w4": "caseid",
        "w5": ["caseid_BROW0016", "caseid_BROW0015", "caseid_BROW0017"],
        "w6": ["caseid_16", "caseid_15", "caseid_17", "caseid"],
    }
    waves = {
        name: op.read_wave(
            SHARED / "yougov_rhode_island" / f"wave{name[1]}.sav",
            columns=[columns] if isinstance(columns, str) else columns,
        )
        for name, columns in person.items()
    }
    found = link_waves(waves, person)
    both = found.present.astype(int) @ found.present.T.astype(int)
    assert both.diagonal().tolist() == [500, 500, 1500, 809]
    assert both[1, 2] == 175
    assert both[1, 3] == 126
    # Wave 5 knows people by their ids in waves 3 and 4; by pandas:
    frames = {name: wave.frame for name, wave in waves.items()}
    known = frames["w5"]["caseid_BROW0015"].isin(frames["w3"]["caseid"])
    assert both[0, 2] == known.sum() == 166
    note = next(note for note in found.notes if note.startswith("wave 'w5'"))
    assert "175 in 'caseid_BROW0016', 166 in 'caseid_BROW0015'" in note


@needs_files
def test_surveys_of_other_people_link_by_row_number_only():
    waves = {
        name: op.read_wave(SHARED / "chronicles" / f"{name}.sav", columns=["ID"])
        for name in ("ch01", "ch02", "ch11")
    }
    found = link_waves({name: waves[name] for name in ("ch01", "ch02")}, "ID")
    assert found.numbered == ("ch01", "ch02")
    assert found.present.all(axis=0).sum() == 1807
    with pytest.raises(LinkError, match="no person in common"):
        link_waves({name: waves[name] for name in ("ch01", "ch11")}, "ID")


def test_a_row_that_is_known_by_several_ids_joins_them():
    waves = {
        "w1": Wave(pd.DataFrame({"id": [11, 12]})),
        "w2": Wave(pd.DataFrame({"id": [21, 22]})),
        "w3": Wave(pd.DataFrame({"id_w2": [21, 22, None], "id_w1": [11, None, 12]})),
    }
    found = link_waves(waves, {"w1": "id", "w2": "id", "w3": ["id_w2", "id_w1"]})
    # 11 and 21 are one person, which only the third wave knows.
    assert found.people == 3
    assert found.present.sum(axis=1).tolist() == [2, 2, 3]
    assert found.rows["w1"][0] == found.rows["w2"][0] == found.rows["w3"][0]
    again = link_waves(waves, {"w1": "id", "w2": "id", "w3": ["id_w1", "id_w2"]})
    assert again.present.tolist() == found.present.tolist()


def test_a_column_that_numbers_people_anew_is_refused():
    waves = {
        "w1": Wave(pd.DataFrame({"id": [1, 2, 3]})),
        "w2": Wave(pd.DataFrame({"id_w1": [3, 1, None], "own": [1, 2, 3]})),
    }
    with pytest.raises(LinkError, match=r"share an id in any of several id columns.*anew") as error:
        link_waves(waves, {"w1": "id", "w2": ["id_w1", "own"]})
    assert "'w1'" in str(error.value)


@given(st.data())
def test_joining_is_what_a_graph_of_ids_says(data):
    """Against a plain search over rows that share an id."""
    ids = st.one_of(st.none(), st.integers(1, 30))
    rows = st.lists(st.tuples(ids, ids), min_size=1, max_size=6)
    drawn = {
        name: [(a if a or b else 40 + place, b) for place, (a, b) in enumerate(data.draw(rows))]
        for name in ("w1", "w2", "w3")
    }
    nodes = [(name, place) for name, part in drawn.items() for place in range(len(part))]
    known = {(name, place): set(drawn[name][place]) - {None} for name, place in nodes}
    groups = []
    for node in nodes:
        touching = [group for group in groups if group["ids"] & known[node]]
        merged = {"nodes": {node}, "ids": set(known[node])}
        for group in touching:
            merged["nodes"] |= group["nodes"]
            merged["ids"] |= group["ids"]
            groups.remove(group)
        groups.append(merged)
    waves = {
        name: Wave(pd.DataFrame(part, columns=["a", "b"], dtype="Int64"))
        for name, part in drawn.items()
    }
    twice = any(
        len({place for wave, place in group["nodes"] if wave == name}) > 1
        for group in groups
        for name in drawn
    )
    alone = any(
        not any(
            any(wave == name for wave, _ in group["nodes"])
            and any(wave != name for wave, _ in group["nodes"])
            for group in groups
        )
        for name in drawn
    )
    person = {name: ["a", "b"] for name in drawn}
    if twice or alone:
        with pytest.raises(LinkError):
            link_waves(waves, person)
        return
    found = link_waves(waves, person)
    assert found.people == len(groups)
    for group in groups:
        assert len({int(found.rows[name][place]) for name, place in group["nodes"]}) == 1
