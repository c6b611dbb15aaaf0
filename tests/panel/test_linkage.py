"""Who links, against plain sets."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.panel.linkage import linkage_frame

ITEM = op.Item("q", {"yes": [1], "no": [2]})


def panel_of(waves, **arguments):
    """Build a panel from ids by wave; the trait is drawn from the id, or given."""
    frames = {
        name: pd.DataFrame({"id": list(people), "q": 1, "g": [people[one] for one in people]})
        for name, people in waves.items()
    }
    return op.Panel.from_waves(frames, person="id", items={"q": ITEM}, **arguments)


TRAIT = st.sampled_from(["a", "b", None])
PEOPLE = st.dictionaries(st.integers(1, 12), TRAIT, max_size=12)


@given(st.lists(PEOPLE, min_size=1, max_size=4), st.sampled_from(["fixed", "groups"]))
def test_counts_are_those_of_sets(waves, role):
    waves = {f"w{t}": {**people, 98: None, 99: "a"} for t, people in enumerate(waves)}
    names = list(waves)
    due = {name: names[t:] for t, name in enumerate(names)}
    frame = linkage_frame(panel_of(waves, due=due, **{role: ["g"]}))
    rows = frame.set_index(["what", "from_wave", "to_wave"])
    assert len(frame) == len(names) + len(names) * (len(names) - 1) // 2 + 1
    before: set[int] = set()
    for t, name in enumerate(names):
        here = set(waves[name])
        row = rows.loc[("wave", name, name)]
        assert row["people"] == len(here)
        assert row["new"] == len(here - before)
        if t:
            last = set(waves[names[t - 1]])
            assert row["returning"] == len((here & before) - last)
            assert row["lost"] == len(last - here)
        else:
            assert pd.isna(row["returning"])
            assert pd.isna(row["lost"])
        before |= here
    for first, last in combinations(names, 2):
        row = rows.loc[("pair", first, last)]
        both = set(waves[first]) & set(waves[last])
        told = [(waves[first][x], waves[last][x]) for x in both]
        told = [(a, b) for a, b in told if a and b]
        assert row["people"] == len(both)
        assert row["new"] == len(set(waves[last]) - both)
        assert row["lost"] == len(set(waves[first]) - both)
        assert row["g_compared"] == len(told)
        assert row["g_disagree"] == sum(a != b for a, b in told)
    row = rows.loc[("all", names[0], names[-1])]
    said = [[part[x] for part in waves.values() if part.get(x)] for x in before]
    assert row["people"] == len(set.intersection(*map(set, waves.values())))
    assert row["g_compared"] == sum(len(one) > 1 for one in said)
    assert row["g_disagree"] == sum(len(set(one)) > 1 for one in said)


def test_columns_and_types(build):
    frame = build(fixed=["gender"], groups=["region"]).linkage()
    assert frame.columns.tolist() == [
        *("what", "from_wave", "to_wave", "people", "new", "returning", "lost"),
        *("gender_compared", "gender_disagree", "region_compared", "region_disagree"),
    ]
    assert frame["what"].tolist() == ["wave", "wave", "pair", "all"]
    assert (frame.dtypes.iloc[3:] == "Int64").all()
    assert frame["people"].tolist() == [8, 7, 6, 6]
    assert frame["gender_disagree"].tolist()[2:] == [0, 0]


def test_a_domain_does_not_narrow_who_links(build):
    panel = build()
    pd.testing.assert_frame_equal(panel.where(gender="man").linkage(), panel.linkage())


@pytest.mark.parametrize("waves", [1, 3])
def test_without_traits(waves):
    frame = linkage_frame(panel_of({f"w{t}": {1: "a", 2: "b"} for t in range(waves)}))
    assert frame.columns.tolist()[-1] == "lost"
    assert (frame["people"] == 2).all()
