"""People found across waves: which ids are the same, and what is refused."""

import dataclasses
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from id_waves import FORMS, WHOLE, linked, pairs
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.errors import LinkError, SelectionError
from opinionpanel.panel.linking import link_waves
from opinionpanel.waves.wave import Wave

SHARED = REAL_FILES
needs_files = pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not here")


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


@pytest.mark.parametrize("person", [{"w1": []}, {"w1": [0]}, [], 0, None])
def test_a_person_that_names_no_column(person):
    with pytest.raises(LinkError, match="person= names the id column, or the columns by wave"):
        link_waves({"w1": Wave(pd.DataFrame({"resp_id": [1, 2]}))}, person)


def test_a_placeholder_is_neither_a_person_nor_a_link():
    with pytest.raises(LinkError, match="no person in common"):
        linked(w1=[0, 0, 1, 2], w2=[0, 0, 3, 4], duplicates="drop_all")
    found = linked(w1=[0, 0, 1, 2], w2=[0, 0, 1, 3], duplicates="drop_all")
    assert found.people == 3
    assert found.present.tolist() == [[True, True, False], [True, False, True]]
    assert "2 of the rows have a placeholder" in found.notes[0]


@pytest.mark.parametrize("text", ["007", "7.0"])
@pytest.mark.parametrize("numbers", [[7, 8], [7.0, 8.0]])
def test_numbers_that_another_wave_writes_with_zeros(text, numbers):
    with pytest.raises(
        LinkError, match=r"'w1'.*1 id\(s\) of the form '9[.9]+' .*leading zeros"
    ) as error:
        linked(w1=[text, "8"], w2=numbers)
    assert text not in str(error.value)


def test_duplicate_ids_are_counted_and_not_shown():
    with pytest.raises(
        LinkError, match=r"'w1'.*'resp_id': 2 id\(s\).*\(5 rows, 3 too many\).*person="
    ) as error:
        linked(w1=[70001, 70001, 70002, 70002, 70002, 70003], w2=[70001])
    assert "7000" not in str(error.value)


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


def test_a_column_that_numbers_people_anew_is_refused():
    waves = {
        "w1": Wave(pd.DataFrame({"id": [1, 2, 3]})),
        "w2": Wave(pd.DataFrame({"id_w1": [3, 1, None], "own": [1, 2, 3]})),
    }
    with pytest.raises(LinkError, match=r"share an id in any of several id columns.*anew") as error:
        link_waves(waves, {"w1": "id", "w2": ["id_w1", "own"]})
    assert "'w1'" in str(error.value)


def fresh(ids):
    """Two people of the first wave, and fresh ones with something in place of the older id."""
    first = Wave(pd.DataFrame({"old": [71, 72, 73]}))
    return {"w1": first, "w2": Wave(pd.DataFrame({"old": ids, "new": range(901, 901 + len(ids))}))}


OLD_AND_NEW = {"w1": "old", "w2": ["old", "new"]}


@pytest.mark.parametrize("duplicates", ["error", "drop_all"])
@pytest.mark.parametrize(
    "ids",
    [
        [71, 72, -1, -1, -1], [71.0, 72.0, 0.0, 0.0, np.nan], [71, 72, 9999, 9999, 9999],
        ["71", " 72", "NA", "na", "n/a", "n/a"], ["71", "72", "-8", "-8 ", "-8"],
        ["71", "72", ".", ".", ""], [-1, -1, -1, 71, 72],
    ],
)  # fmt: skip
def test_placeholders_in_a_list_of_id_columns_are_blanks(ids, duplicates):
    found = link_waves(fresh(ids), OLD_AND_NEW, duplicates=duplicates)
    assert found.present.sum(axis=1).tolist() == [3, len(ids)]
    assert found.present.all(axis=0).sum() == 2
    assert len(found.waves["w2"].frame) == len(ids)
    assert "looks like a placeholder" in found.notes[0]


def test_a_note_says_which_placeholder_in_how_many_rows():
    notes = link_waves(fresh([71, 72, -1, -1, -1, 0, 0]), OLD_AND_NEW).notes
    assert notes[:2] == (
        "wave 'w2', column 'old': '-1' stands in 3 rows and looks like a placeholder for people "
        "without an id: it was read as a blank, as no_id= would declare it",
        "wave 'w2', column 'old': '0' stands in 2 rows and looks like a placeholder for people "
        "without an id: it was read as a blank, as no_id= would declare it",
    )


def test_declared_values_of_a_list_of_id_columns_are_blanks():
    found = link_waves(fresh([71, 72, 555, 555, -1]), OLD_AND_NEW, no_id=[555.0, "-1"])
    assert found.present.sum(axis=1).tolist() == [3, 5]
    assert found.notes[0] == "wave 'w2', column 'old': 3 rows have no id there by no_id="
    with pytest.raises(LinkError, match="5 id"):
        link_waves(fresh([71, 71, 72, 72, 73, 73, 555, 555, 556, 556]), OLD_AND_NEW)
    with pytest.raises(LinkError, match=r"'w2'.*1 row\(s\) have no person id"):
        link_waves(fresh([71, 72, -1, -1, -1]), OLD_AND_NEW, no_id=[903])


def test_no_id_is_whole_or_text():
    with pytest.raises(LinkError, match="no_id="):
        link_waves(fresh([71, 72, 73]), OLD_AND_NEW, no_id=[1.5])
    assert link_waves(fresh([71, 72, 74]), OLD_AND_NEW, no_id=[None, np.nan]).people == 4


@pytest.mark.parametrize(("code", "rows"), [(-1, 1), (-1, 2), (9999, 2)])
def test_codes_of_few_rows_in_a_list_join_no_strangers(code, rows):
    """Two fresh people of two waves, each with the code in place of the older id."""
    fresh = [code] * rows
    waves = {
        wave: Wave(pd.DataFrame({"id": [101, 102, 103, *fresh], "own": [1, 2, 3, *own]}))
        for wave, own in (("w1", range(11, 11 + rows)), ("w2", range(21, 21 + rows)))
    }
    found = link_waves(waves, ["id", "own"])
    assert found.people == 3 + 2 * rows
    assert sum("looks like a placeholder" in note for note in found.notes) == 2
    # Where all are numbered below 0, -1 is somebody's.
    below = {
        wave: replace(one, frame=one.frame.assign(id=-one.frame["id"].abs()))
        for wave, one in waves.items()
    }
    if (code, rows) == (-1, 1):
        assert link_waves(below, ["id", "own"]).people == 4
