"""Rotation groups by a column: the first wave has several, which leave at different waves."""

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from rotating_panels import panel_of

import opinionpanel as op

# Groups 1 to 3 are there at the first wave; group 4 starts at the second.
GROUPS = {1: ["w1"], 2: ["w1", "w2"], 3: ["w1", "w2", "w3"], 4: ["w2", "w3"]}
DUE = op.Cohorts("rotation", GROUPS)
# Of 40 people in each group, how many are lost at each wave after their first, for good.
LOST = {(2, "w2"): 10, (3, "w2"): 4, (3, "w3"): 8, (4, "w3"): 20}


def rotating(kind=int):
    rng = np.random.default_rng(5)
    frames = {wave: [] for wave in ("w1", "w2", "w3")}
    for group, at in GROUPS.items():
        ids = 100 * group + np.arange(40)
        for wave in at:
            ids = ids[LOST.get((group, wave), 0) :]
            frame = pd.DataFrame({"id": ids, "rotation": [kind(group)] * len(ids)})
            frames[wave].append(frame.assign(q=rng.choice([1, 2, 3], len(ids))))
    return {wave: pd.concat(parts, ignore_index=True) for wave, parts in frames.items()}


def lost(panel, waves):
    """Count who was due and is lost at a later wave, and of how many."""
    all_of = op.attrition(panel, "q", waves=waves).select(state="all").to_frame()
    return all_of.n_cell.tolist(), all_of.n.tolist()


def test_who_leaves_by_plan_is_not_lost():
    panel = panel_of(rotating(), due=DUE)
    assert panel.due == {
        ("w1", "1"): ("w1",),
        ("w1", "2"): ("w1", "w2"),
        ("w1", "3"): ("w1", "w2", "w3"),
        ("w2", "4"): ("w2", "w3"),
    }
    assert panel.came[("w1", "3"), "w3"] == 28
    assert {wave: int(away.sum()) for wave, away in panel.not_due.items()} == {"w2": 40, "w3": 80}
    assert panel.pairs() == [("w1", "w2"), ("w2", "w3")]
    assert lost(panel, [("w1", "w2"), ("w2", "w3"), ("w1", "w3")]) == ([14, 28, 12], [80, 76, 40])
    assert panel.chain("q") == ("w1", "w2", "w3")
    # Everyone of the first wave: 120, of whom group 1 is not due at w2, and group 2 not at w3.
    base = op.shares(panel, "q", base="panel").to_frame().set_index(["wave", "state"]).n_cell
    assert [base[wave, "not due"] for wave in panel.waves] == [0, 40, 80]
    assert [base[wave, "not interviewed"] for wave in panel.waves] == [0, 14, 12]
    assert "Not due, and neither lost nor not interviewed: 40 at w2, 80 at w3" in str(panel)
    assert not any("due" in note for note in panel.notes)


def test_by_the_first_interview_the_groups_are_mixed():
    panel = panel_of(rotating())
    assert lost(panel, [("w1", "w2")]) == ([54], [120])


def frames_of(frames, form):
    if form == "polars":
        return {wave: pl.from_pandas(frame).lazy() for wave, frame in frames.items()}
    link = duckdb.connect()
    return {wave: link.from_df(frame) for wave, frame in frames.items()}


@pytest.mark.parametrize("form", ["polars", "duckdb"])
@pytest.mark.parametrize("kind", [int, str])
def test_on_an_engine_as_in_memory(form, kind):
    frames = rotating(kind)
    here, there = (panel_of(given, due=DUE) for given in (frames, frames_of(frames, form)))
    assert (there.due, there.came, there.linked) == (here.due, here.came, here.linked)
    assert there.notes == here.notes
    for measure in (op.attrition, op.turnover, op.missing_at_random):
        one, other = (measure(panel, "q").to_frame() for panel in (here, there))
        pd.testing.assert_frame_equal(one, other, atol=1e-9)
    one, other = (op.shares(panel, "q", base="panel").to_frame() for panel in (here, there))
    pd.testing.assert_frame_equal(one, other)


def test_people_without_a_group_go_by_their_first_interview():
    frames = rotating(float)
    # Nobody of group 1 says so, and group 2 is not named.
    frames["w1"].loc[frames["w1"].rotation == 1, "rotation"] = np.nan
    panel = panel_of(frames, due=op.Cohorts("rotation", {3: GROUPS[3], 4: GROUPS[4]}))
    assert panel.due["w1"] == ("w1", "w2")
    assert lost(panel, [("w1", "w2")]) == ([54], [120])
    notes = [note for note in panel.notes if "due" in note]
    assert "80 people first interviewed at w1, at w3" in notes[0]
    assert "declare it: name their rotation group in due=" in notes[0]
    assert "due=: 80 people in none of the rotation groups, who go by their first" in notes[1]


def test_the_first_value_counts_and_who_comes_out_of_turn_counts_as_interviewed():
    frames = rotating()
    frames["w2"].loc[frames["w2"].rotation == 3, "rotation"] = 1
    frames["w2"] = pd.concat([frames["w2"], frames["w1"].head(2)], ignore_index=True)
    early = frames["w2"][frames["w2"].rotation == 4].head(3)
    frames["w1"] = pd.concat([frames["w1"], early], ignore_index=True)
    panel = panel_of(frames, due=DUE)
    # The three came early: they were due later, and are no step of a pair before.
    assert panel.due[("w1", "4")] == ("w2", "w3")
    assert panel.not_due["w2"].sum() == 38
    assert panel.chain("q") == ("w1", "w2", "w3")
    assert [note for note in panel.notes if "due" in note] == [
        "due=: 36 people with another rotation group at another wave: the first counts",
        "due=: 2 people of rotation group '1' gave an interview at w2, where they were not due; "
        "they count as interviewed",
        "due=: 3 people of rotation group '4' gave an interview at w1, where they were not due; "
        "they count as interviewed",
    ]


def test_a_pair_goes_past_a_wave_at_which_nobody_of_a_group_came():
    """Group 2 was due at w2 and all of it is lost there; it comes back at w3."""
    ids = np.arange(60)
    frame = pd.DataFrame({"id": ids, "rotation": ids % 2 + 1, "q": ids % 3 + 1})
    frames = {"w1": frame, "w2": frame[frame.rotation == 1], "w3": frame}
    every = ["w1", "w2", "w3"]
    panel = panel_of(frames, due=op.Cohorts("rotation", {1: every, 2: every}))
    assert panel.pairs() == [("w1", "w2"), ("w1", "w3"), ("w2", "w3")]
    assert lost(panel, [("w1", "w2"), ("w1", "w3")]) == ([30, 0], [60, 60])


def test_a_group_that_nobody_is_in_is_a_note():
    labels = {"rotation": {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}}
    waves = {wave: op.Wave(frame, labels=labels) for wave, frame in rotating().items()}
    named = {"First": ["w1"], 2: GROUPS[2], "third": GROUPS[3], "4": GROUPS[4], 5: ["w3"]}
    panel = panel_of(waves, due=op.Cohorts("rotation", named))
    assert "due=: nobody is in the rotation group '5'" in panel.notes
    assert lost(panel, [("w1", "w2")]) == ([14], [80])


@pytest.mark.parametrize(
    ("column", "waves", "message"),
    [
        ("rotation", {1: ["w9"]}, "Unknown wave in due: 'w9'"),
        ("rotation", {7: ["w1"]}, "due: the code or label 7 occurs at no wave. Known: '1', '2'"),
        ("rota", {1: ["w1"]}, r"Wave 'w1' \(a frame\), due: Unknown column 'rota'"),
        ({"w1": "rotation", "w8": "r"}, {1: ["w1"]}, "Unknown wave in the columns of due: 'w8'"),
        ("rotation", {}, "Cohorts names no rotation group"),
        ("", {1: ["w1"]}, "Cohorts: '' names no column"),
    ],
)
def test_what_cannot_be_is_refused(column, waves, message):
    for form in ("memory", "polars"):
        frames = rotating() if form == "memory" else frames_of(rotating(), form)
        with pytest.raises(op.errors.OpinionPanelError, match=message):
            panel_of(frames, due=op.Cohorts(column, waves))


@pytest.mark.parametrize("engine", ["memory", "duckdb"])
def test_only_the_columns_that_are_needed_are_read_of_files(tmp_path, engine):
    frames = rotating()
    # The column stands in some waves only, and under two names.
    frames["w3"] = frames["w3"].rename(columns={"rotation": "group"})
    files = {}
    for wave, frame in frames.items():
        files[wave] = tmp_path / f"{wave}.csv"
        frame.assign(more=1).to_csv(files[wave], index=False)
    due = op.Cohorts({"w1": "rotation", "w2": "rotation", "w3": "group"}, GROUPS)
    q = op.Item("q", {"yes": [1], "no": [2], "unsure": [3]})
    panel = op.read_panel(files, person="id", items={"q": q}, due=due, engine=engine)
    assert panel.came == panel_of(rotating(), due=DUE).came
    assert panel.pairs() == [("w1", "w2"), ("w2", "w3")]


@pytest.mark.parametrize("engine", ["memory", "duckdb"])
def test_one_file_wide_or_long(tmp_path, engine):
    frames = rotating()
    long = pd.concat(frame.assign(wave=wave) for wave, frame in frames.items())
    wide = long.pivot(index=["id", "rotation"], columns="wave", values="q").reset_index()
    long.to_csv(tmp_path / "long.csv", index=False)
    wide.to_csv(tmp_path / "wide.csv", index=False)
    states = {"yes": [1], "no": [2], "unsure": [3]}
    given = {"person": "id", "due": DUE, "engine": engine, "waves": ["w1", "w2", "w3"]}
    of_long = op.read_panel(
        tmp_path / "long.csv", wave="wave", items={"q": op.Item("q", states)}, **given
    )
    by_wave = op.Item({wave: wave for wave in frames}, states)
    of_wide = op.read_panel(tmp_path / "wide.csv", items={"q": by_wave}, **given)
    expected = panel_of(frames, due=DUE)
    assert of_long.came == of_wide.came == expected.came
    assert of_long.due == of_wide.due == expected.due
