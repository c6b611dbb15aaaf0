"""Labels in numbers say what frames of them say."""

from itertools import product

import pandas as pd
from hypothesis import given, strategies as st

from opinionpanel.estimates.labels import Labels, crossed, label_rows, repeated

STATES, WAVES = ["a", "b", "c"], ["w1", "w2"]
texts = st.lists(st.tuples(*[st.sampled_from("abc")] * 2), min_size=1, max_size=8)


def framed(rows):
    return pd.DataFrame(rows, columns=["one", "two"])


def test_crossed_labels_are_those_of_a_product():
    labels = crossed({"wave": WAVES, "state": STATES})
    expected = pd.DataFrame(list(product(WAVES, STATES)), columns=["wave", "state"])
    pd.testing.assert_frame_equal(labels.frame, expected)
    nobody = crossed({"group": [], "state": STATES})
    assert (len(nobody), [*nobody], nobody.frame.shape) == (0, ["group", "state"], (0, 2))
    assert len(crossed({})) == 1


def test_repeated_labels_are_those_of_a_cross_join():
    tables = pd.DataFrame({"wave": WAVES, "region": ["north", "south"]})
    cells = label_rows({"state": STATES})
    both = repeated(cells, Labels.of(tables))
    pd.testing.assert_frame_equal(both.frame, tables.merge(cells.frame, how="cross"))
    pd.testing.assert_frame_equal(repeated(cells, crossed({})).frame, cells.frame)
    assert [*repeated(cells, label_rows({"state": WAVES}))] == ["state (group)", "state"]


@given(texts, st.data())
def test_numbers_say_what_a_frame_says(rows, data):
    frame = framed(rows)
    for labels in (Labels.of(frame), label_rows(dict(frame.items()))):
        pd.testing.assert_frame_equal(labels.frame, frame)
        assert labels.keys(["one", "two"]) == rows
        assert labels.values("one") == frame["one"].drop_duplicates().tolist()
        assert labels.where("one", "a", "b").tolist() == frame["one"].isin(["a", "b"]).tolist()
        for names in (["one"], ["one", "two"]):
            expected = frame.groupby(names, sort=False).ngroup()
            assert labels.numbers(names).tolist() == expected.tolist()
        assert labels.numbers([]).tolist() == [0] * len(rows)
        places = data.draw(st.lists(st.integers(0, len(rows) - 1)))
        taken = labels.take(places)
        assert len(taken) == len(places)
        pd.testing.assert_frame_equal(
            taken.only(["two"]).frame, frame.iloc[places][["two"]].reset_index(drop=True)
        )


def test_numbers_and_truths_keep_their_type():
    labels = crossed({"changes": range(3), "back": (False, True)})
    assert labels.frame.dtypes.astype(str).tolist() == ["int64", "bool"]
