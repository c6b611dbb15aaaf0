"""All interviews in one trend: against least squares in R, and what must hold of any panel."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.errors import DesignError, ItemError, SelectionError
from opinionpanel.strategies import panels

GOLDEN = pd.read_csv(GOLDEN_FILES / "combining_golden.csv").set_index(["what", "label"])
PEOPLE = pd.read_csv(GOLDEN_FILES / "combining_people.csv")
ITEM = op.Item("x", {state: [state] for state in "abc"})
DESIGN = op.Design(weight="weight", stratum="stratum", psu="psu")
EFFECT = {"first": {"panel": ["w3"]}}
PANEL_ONLY = PEOPLE["cohort"] != "beside"


def of(people, person="person", **options):
    waves = {wave: part for wave, part in people.groupby("wave")}
    given = {"items": {"x": ITEM}, "design": DESIGN, "groups": ["stratum", "cohort"]}
    return op.Panel.from_waves(waves, person=person, **given | options)


PANEL, BESIDE = of(PEOPLE[PANEL_ONLY]), {"beside": of(PEOPLE[~PANEL_ONLY], None)}
CASES = {
    "panel": {},
    "both": {"samples": BESIDE},
    "with an effect": {"samples": BESIDE, "effects": EFFECT},
}


@pytest.mark.parametrize("case", CASES)
def test_levels_changes_and_effects_are_those_of_least_squares_in_r(case):
    options = CASES[case] | {"disagreement": "pool"}
    found = op.combine(PANEL, "x", **options)
    parts = {"w3 - w1": found.difference("wave", "w3", minus="w1")}
    parts |= {wave: found.select(wave=wave) for wave in PANEL.waves}
    if "effects" in options:
        del options["disagreement"]
        parts["effect"] = op.source_effects(PANEL, "x", **options)
    for label, part in parts.items():
        golden = GOLDEN.loc[case].loc[[f"{label};{state}" for state in "abc"]]
        np.testing.assert_allclose(part.value, golden["estimate"], rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(part.std_error, golden["std_error"], rtol=1e-10)
    options.pop("disagreement", None)
    test = op.sources_agree(PANEL, "x", **options)
    np.testing.assert_allclose(test.wald, GOLDEN.loc[(case, "agreement"), "estimate"], rtol=1e-8)
    assert test.form == "Wald"
