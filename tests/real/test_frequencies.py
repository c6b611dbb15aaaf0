"""A table of frequencies in long form, and one of people in wide form."""

from itertools import pairwise

import numpy as np
import pandas as pd
from by_pandas import DATA, crosstab, needs_data, percent, rows_of

import opinionpanel as op

pytestmark = needs_data

ANSWERS = {"always": ["Always"], "sometimes": ["Sometimes"], "never": ["Never"]}
SURVEYS = ["ms153_NSA", "ms432_NSA", "ms460_NSA"]


def vaccinations():
    return pd.read_csv(DATA / "small/vaccinations.csv")


def test_vaccinations_as_a_weighted_long_panel(show):
    long = vaccinations()
    # "Missing" is drop-out: these people have no interview, so no row.
    panel = op.Panel.from_long(
        long[long["response"] != "Missing"],
        person="subject",
        wave="survey",
        waves=SURVEYS,
        count="freq",
        items={"vaccinated": op.Item("response", ANSWERS)},
    )
    states = [*ANSWERS, "not interviewed"]
    wide = long.pivot(index="subject", columns="survey", values="response")
    wide = wide.replace("Missing", "not interviewed").map(str.lower)
    freq = long.groupby("subject")["freq"].first()
    absent = (wide == "not interviewed").all(axis=1)
    # Of the 953 people one was interviewed at no wave.
    assert freq.sum() == 953
    assert panel.present.shape[1] == 953 - freq[absent].sum() == 952
    started = wide[SURVEYS[0]] != "not interviewed"
    flows = op.flows(panel, "vaccinated", base="panel")
    assert set(flows.n) == {freq[started].sum()} == {861}
    for first, second in pairwise(SURVEYS):
        table = crosstab(wide.loc[started, first], wide.loc[started, second], states, freq[started])
        here = flows.select(from_wave=first, to_wave=second)
        np.testing.assert_allclose(here.value, (table / table.sum()).ravel(), atol=1e-12)
        answered = op.flows(panel, "vaccinated", waves=[first, second])
        table = crosstab(wide[first], wide[second], list(ANSWERS), freq)
        np.testing.assert_allclose(answered.value, (table / table.sum()).ravel(), atol=1e-12)
    show(
        f"{panel.present.shape[1]} people; {SURVEYS[0]} → {SURVEYS[1]}, % of {flows.n[0]:.0f} "
        f"interviewed at the first: {percent(flows.select(from_wave=SURVEYS[0]).matrix())}"
    )


def test_vaccinations_with_missing_as_no_answer():
    """With their rows kept, all 953 people are interviewed at every wave, some without answer."""
    panel = op.Panel.from_long(
        vaccinations(),
        person="subject",
        wave="survey",
        waves=SURVEYS,
        count="freq",
        items={"vaccinated": op.Item("response", ANSWERS, rest="missing")},
    )
    assert panel.waves == tuple(SURVEYS)
    assert panel.present.shape[1] == 953
    assert panel.present.all()
    missing = vaccinations().query("response == 'Missing'").groupby("survey")["freq"].sum()
    assert [panel.unread["vaccinated"][wave] for wave in SURVEYS] == [
        {"'Missing'": count} for count in missing[SURVEYS]
    ]


def test_rlms_job_satisfaction(show):
    frame = pd.read_csv(DATA / "small/rlms_job_satisfaction.csv")
    columns = dict(zip(map(str, range(2008, 2015)), frame.columns, strict=True))
    states = {"satisfied": [1, 2], "neutral": [3], "unsatisfied": [4, 5]}
    panel = op.Panel.from_wide(frame, items={"job": op.Item(columns, states)})
    assert panel.present.shape == (7, 1718)
    moves = op.transitions(panel, "job")
    first = moves.select(from_wave="2008", to_wave="2009")
    published = [[0.789, 0.130, 0.081], [0.485, 0.376, 0.139], [0.359, 0.301, 0.341]]
    np.testing.assert_allclose(first.matrix(), published, atol=0.0005)
    words = {code: state for state, codes in states.items() for code in codes}
    named = frame.replace(words)
    for start, end in pairwise(columns):
        table = crosstab(named[columns[start]], named[columns[end]], list(states))
        found = moves.select(from_wave=start, to_wave=end)
        np.testing.assert_allclose(found.value, rows_of(table).ravel(), atol=1e-12)
    show(f"2008 → 2009, row %: {percent(first.matrix())}")
