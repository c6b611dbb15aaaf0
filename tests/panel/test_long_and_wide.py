"""Long and wide frames and tables of frequencies."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import ItemError, LinkError, ReadError

VOTE = op.Item("vote", {"yes": [1], "no": [0]})


def long_table(counts=(3, 2, 0, 1)):
    """Four patterns of answers at two waves, and how many people each stands for."""
    first, second = (1, 1, 0, 0), (1, 0, 1, 0)
    return pd.DataFrame(
        {
            "pattern": [10, 20, 30, 40] * 2,
            "wave": ["May"] * 4 + ["June"] * 4,
            "vote": [*first, *second],
            "people": [*counts, *counts],
        }
    )


def from_long(frame, **changes):
    options = {
        "person": "pattern",
        "wave": "wave",
        "waves": ["May", "June"],
        "items": {"vote": VOTE},
        "count": "people",
    }
    return op.Panel.from_long(frame, **(options | changes))


def test_a_long_table_of_frequencies():
    panel = from_long(long_table())
    assert panel.present.shape == (2, 6)
    flows = op.flows(panel, "vote")
    np.testing.assert_allclose(flows.value, np.array([3, 2, 0, 1]) / 6)
    assert flows.n_cell.tolist() == [3, 2, 0, 1]


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(lambda counts: sum(counts) > 1))
def test_long_and_wide_tables_agree(counts):
    wide = pd.DataFrame({"May": [1, 1, 0, 0], "June": [1, 0, 1, 0], "people": counts})
    item = op.Item({"May": "May", "June": "June"}, VOTE.states)
    other = op.Panel.from_wide(wide, items={"vote": item}, count="people")
    panel = from_long(long_table(counts))
    for measure in (op.flows, op.turnover):
        ours, theirs = measure(panel, "vote"), measure(other, "vote")
        np.testing.assert_array_equal(ours.value, theirs.value)
        np.testing.assert_allclose(ours.covariance, theirs.covariance, atol=1e-15)


def test_blanks_around_a_wave_are_none():
    frame = long_table()
    frame.loc[4:5, "wave"] = " June "
    assert from_long(frame).waves == ("May", "June")


def test_a_pattern_that_leaves_leaves_with_all_its_people():
    frame = long_table()
    panel = from_long(frame[~((frame["pattern"] == 10) & (frame["wave"] == "June"))])
    assert panel.present.sum(axis=1).tolist() == [6, 3]
    assert op.flows(panel, "vote", base="panel").select(destination="not interviewed").value.sum()


@pytest.mark.parametrize(
    ("change", "error", "parts"),
    [
        ({"people": [1.5] * 8}, ReadError, ["'people'", "8 count(s)", "whole numbers"]),
        ({"people": [-1] * 8}, ReadError, ["8 count(s)"]),
        ({"people": range(8)}, ReadError, ["8 row(s)", "another count", "same people"]),
        ({"pattern": [10] * 8}, LinkError, ["'pattern'", "6 repeat an id"]),
        ({"pattern": [None] * 8}, LinkError, ["8 row(s) have none"]),
        ({"wave": [None] * 4 + ["June"] * 4}, LinkError, ["4 row(s)", "which wave"]),
    ],
)
def test_tables_that_cannot_be_people(change, error, parts):
    with pytest.raises(error) as caught:
        from_long(long_table().assign(**change))
    for part in parts:
        assert part in str(caught.value)


def test_a_blank_text_is_no_interview():
    wide = pd.DataFrame({"a": ["yes", " ", "no"], "b": ["yes", "no", None]})
    item = op.Item({"May": "a", "June": "b"}, {"yes": ["yes"], "no": ["no"]})
    panel = op.Panel.from_wide(wide, items={"vote": item})
    assert panel.present.sum(axis=1).tolist() == [2, 2]
    assert panel.present.all(axis=0).sum() == 1


def test_wide_frames_name_a_column_by_wave_and_no_id_with_counts():
    wide = pd.DataFrame({"id": [1], "vote": [1], "people": [5]})
    with pytest.raises(ItemError, match="one column, vote, for all waves"):
        op.Panel.from_wide(wide, items={"vote": VOTE})
    item = op.Item({"May": "vote"}, VOTE.states)
    with pytest.raises(LinkError, match="Leave person='id' out"):
        op.Panel.from_wide(wide, items={"vote": item}, person="id", count="people")


def test_a_wide_frame_without_columns_is_refused():
    item = op.Item({"t1": "q1", "t2": "q2"}, {"a": [1], "b": [2]})
    with pytest.raises(ReadError, match=r"Wave 't1' .*Unknown column 'q1'. Known: none"):
        op.Panel.from_wide(pd.DataFrame(), items={"x": item})


@pytest.mark.parametrize("person", [["id", "own"], {"1": "id", "2": ["id", "own"]}])
def test_a_long_file_may_have_several_id_columns(tmp_path, person):
    people = pd.DataFrame({"id": range(101, 141), "own": range(9001, 9041), "q": [1, 2] * 20})
    late = people.assign(wave=2, id=[-1] * 5 + list(range(106, 141)))
    frame = pd.concat([people.assign(wave=1), late])
    path = tmp_path / "long.csv"
    frame.to_csv(path, index=False)
    about = {"wave": "wave", "items": {"q": op.Item("q", {"yes": [1], "no": [2]})}}
    with pytest.raises(LinkError, match=r"5 row\(s\) have no person id: .*'own_id'"):
        op.Panel.from_long(frame, person="id", **about)
    linked = 40 if person == ["id", "own"] else 35
    for panel in (
        op.Panel.from_long(frame, person=person, **about),
        op.read_panel(path, person=person, **about),
    ):
        assert panel.linkage().people.tolist()[2] == linked
    with pytest.raises(ReadError, match=r"count= goes with one id column"):
        op.Panel.from_long(frame.assign(n=1), person=person, count="n", **about)
