"""Strata, PSUs and populations under another name by wave, in every form of a panel."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES

import opinionpanel as op
from opinionpanel.errors import ReadError, SelectionError

PEOPLE = 48
VOTE = {"yes": [1], "no": [2]}
NAMES = {"stratum": "strat", "psu": "psu", "fpc": "N"}
STRATUM = np.arange(PEOPLE) % 3
UNITS = {"strat": STRATUM, "psu": STRATUM * 10 + np.arange(PEOPLE) // 3 % 4, "N": 12}
BY_WAVE = {role: {w: f"{name}{w[-2:]}" for w in ("2016", "2020")} for role, name in NAMES.items()}
FORMS = ["waves", "long", "wide", "polars", pytest.param("duckdb", marks=pytest.mark.slow)]


def frames(*, renamed=True):
    made = {}
    for place, wave in enumerate(("2016", "2020")):
        answers = 1 + (np.arange(PEOPLE) * (3 + 4 * place) // 5) % 2
        units = {f"{name}{wave[-2:] if renamed else ''}": held for name, held in UNITS.items()}
        made[wave] = pd.DataFrame({"id": np.arange(PEOPLE), "q": answers, **units})
    return made


def panel_of(form, waves, design):
    item = op.Item("q", VOTE)
    if form == "wide":
        wide = waves["2016"].merge(waves["2020"], on="id", suffixes=("_2016", "_2020"))
        item = op.Item({wave: f"q_{wave}" for wave in waves}, VOTE)
        return op.Panel.from_wide(wide, person="id", items={"q": item}, design=design)
    if form in ("long", "duckdb"):
        long = pd.concat([frame.assign(w=wave) for wave, frame in waves.items()])
        held = FRAMES[form](long) if form == "duckdb" else long
        return op.Panel.from_long(
            held, person="id", wave="w", waves=list(waves), items={"q": item}, design=design
        )
    held = {
        wave: FRAMES[form](frame) if form == "polars" else frame for wave, frame in waves.items()
    }
    return op.Panel.from_waves(held, person="id", items={"q": item}, design=design)


@pytest.mark.parametrize("form", FORMS)
def test_names_by_wave_are_the_same_design(form):
    plain = panel_of("waves", frames(renamed=False), op.Design(weight=None, **NAMES))
    panel = panel_of(form, frames(), op.Design(weight=None, **BY_WAVE))
    assert op.flows(panel, "q").std_error == pytest.approx(op.flows(plain, "q").std_error)
    assert "stratum strat16 (2016), strat20 (2020); psu psu16 (2016)" in str(panel)
    assert "(3 strata, 12 PSUs)" in str(panel)


@pytest.mark.parametrize("form", FORMS)
def test_who_moved_is_noted_under_both_names(form):
    waves = frames()
    waves["2020"].loc[:4, "strat20"] = 2 - waves["2020"].loc[:4, "strat20"]
    panel = panel_of(form, waves, op.Design(weight=None, stratum=BY_WAVE["stratum"]))
    assert [note for note in panel.notes if note.startswith("stratum")] == [
        "stratum strat16 (2016), strat20 (2020): 3 people with another value at a later wave; "
        "that of recruitment, the first, counts"
    ]


@pytest.mark.parametrize("form", FORMS)
def test_columns_and_waves_that_are_not_there(form):
    missing = {"2016": "strat16", "2020": "strat"}
    with pytest.raises(ReadError, match=r"Wave '2020'.*stratum: Unknown column 'strat'.*Did you"):
        panel_of(form, frames(), op.Design(weight=None, stratum=missing))
    unknown = {"2016": "strat16", "2021": "strat20"}
    with pytest.raises(SelectionError, match="Unknown wave in the columns of stratum: '2021'"):
        panel_of(form, frames(), op.Design(weight=None, stratum=unknown))


@pytest.mark.parametrize("kind", ["jkn", "bootstrap"])
def test_replicates_made_of_them(kind):
    named = {"stratum": NAMES["stratum"], "psu": NAMES["psu"]}
    by_wave = {role: BY_WAVE[role] for role in named}
    plain = op.Design(weight=None, **named).as_replicates(kind)
    made = op.Design(weight=None, **by_wave).as_replicates(kind)
    expected = op.shares(panel_of("waves", frames(renamed=False), plain), "q")
    found = op.shares(panel_of("waves", frames(), made), "q")
    assert found.std_error == pytest.approx(expected.std_error)


def test_files_and_spellings(tmp_path):
    files = {}
    for wave, frame in frames().items():
        files[wave] = tmp_path / f"{wave}.csv"
        spelt = np.where(np.arange(PEOPLE) % 2, "North", np.where(STRATUM, "north ", "South"))
        frame.assign(place=spelt, other=1).to_csv(files[wave], index=False)
    for engine in ("memory", "duckdb"):
        panel = op.read_panel(
            files,
            person="id",
            items={"q": op.Item("q", VOTE)},
            design=op.Design(weight=None, stratum="place", psu=BY_WAVE["psu"], nest=True),
            engine=engine,
        )
        assert [note for note in panel.notes if note.startswith("stratum")] == [
            "stratum place: 1 name stands in several spellings, which count as different ones, "
            "such as 'North' (24 people) and 'north' (16 people). If they are the same, write them "
            "alike"
        ]
        assert "(3 strata" in str(panel)
