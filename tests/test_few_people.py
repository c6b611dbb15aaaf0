"""Panels of one, two and three people through all that takes a panel.

Each call gives what can be said, without an error that claims certainty, or refuses in the
library's words; warnings are errors.
"""

from itertools import cycle

import numpy as np
import pandas as pd
import pytest
from public_calls import ASKED, ITEM, TARGETS

import opinionpanel as op
from opinionpanel.estimates import Estimates
from opinionpanel.report.contents import Contents
from opinionpanel.report.downloads import tables_and_charts
from opinionpanel.report.plan import every_part, pages_of
from opinionpanel.study import Study

WAVES = ("May", "June", "July")
ANSWERS = {
    "nobody moves": ([1, 2, 3],) * 3,
    "all move": ([1, 1, 3], [1, 2, 2], [2, 3, 1]),
    "silence": ([1, np.nan, 3], [2, 2, np.nan], [np.nan, 3, np.nan]),
}
# A single person is one PSU, which a design must say how to take.
DESIGNS = {
    "nothing declared": None,
    "weights": op.Design(weight="w", lonely_psu="average"),
    "PSUs": op.Design(weight="w", psu="unit", lonely_psu="certainty"),
    "jackknife": op.Design(weight="w", psu="unit").as_replicates("jkn"),
    "replicates": op.ReplicateDesign.sdr(weight="w", replicates="r*"),
}
OTHERS = {
    "rake": lambda panel: op.rake(panel, **TARGETS),
    "poststratify": lambda panel: op.poststratify(panel, **TARGETS),
    "calibrate": lambda panel: op.calibrate(panel, **TARGETS),
    "trim_weights": lambda panel: op.trim_weights(panel, upper=1.2, multiple_of="mean"),
    "weights_summary": op.weights_summary,
    "weight_effects": lambda panel: op.weight_effects(panel, op.rake(panel, **TARGETS), "x"),
    "change_model": lambda panel: op.change_model(panel, "C(sex)", item="x"),
    "hazard": lambda panel: op.hazard(panel, "C(sex)", item="x"),
    "answer_model": lambda panel: op.answer_model(panel, "C(sex)", item="x"),
    "answers within": lambda panel: op.answer_model(panel, "wave", item="x", kind="within"),
    "between_bounds": lambda panel: op.turnover_bounds(panel, "x").between_bounds(),
    "where": lambda panel: op.shares(panel.where(sex="man"), "x"),
    "linkage": lambda panel: panel.linkage(),
    "sankey": lambda panel: op.charts.sankey(op.flows(panel, "x", base="panel"), min_n=0),
}


def frames(people, answers):
    return {
        wave: pd.DataFrame(
            {
                "id": ["p1", "q2", "r3"],
                "q": answers[place],
                "w": [1.5, 0.5, 2.0],
                "unit": ["a", "b", "b"],
                "sex": ["man", "woman", "man"],
                **{f"r{place}": [1.5, 0.5, -0.2 + place] for place in range(1, 5)},
            }
        ).head(people)
        for place, wave in enumerate(WAVES)
    }


def panel_of(people, answers, design):
    return op.Panel.from_waves(
        frames(people, ANSWERS[answers]),
        person="id",
        items={"x": ITEM},
        groups=["sex"],
        design=DESIGNS[design],
    )


def calls():
    """All that is asked of a panel, with and without groups."""
    yield from OTHERS.items()
    for name, rest in ASKED.items():
        plain = {key: value for key, value in rest.items() if key not in ("by", "reference")}
        for by in ({}, {"by": "sex"}) if "by" in rest else ({},):
            if by or name not in ("homogeneity", "independence"):
                yield (
                    f"{name}{by or ''}",
                    lambda panel, name=name, given=plain | by: getattr(op, name)(
                        panel, "x", **given
                    ),
                )


def check(found, nobody=""):
    """Show a result in every form, and look for numbers that are not there.

    Of nobody there is no share, but a number of people: `nobody` is it.
    """
    assert str(found)
    if isinstance(found, op.TestResult):
        assert found.df2 > 0
        assert 0 <= found.pvalue <= 1
    if not isinstance(found, Estimates):
        return
    frame = found.to_frame()
    found._repr_html_(), found.to_latex(), found.design_effect()
    empty = frame.loc[frame["n"] == 0, "estimate"]
    assert (empty == 0).all() if nobody else empty.isna().all()
    # What is so by definition, as that nobody has changed at the start, is known of one person.
    known = np.zeros(len(found), dtype=bool) if found.exact is None else found.exact
    alone = frame[(frame["n"] <= 1) & (found.df <= 0) & ~known]
    assert not (alone["std_error"] <= 1e-12).any(), alone
    assert alone["conf_low"].isna().all()
    assert alone["conf_high"].isna().all()
    assert (frame["conf_low"].isna() | (frame["conf_low"] <= frame["estimate"])).all()


def slow_but(chosen, names):
    """Leave all but one to the tests that take seconds."""
    marks = {True: (), False: pytest.mark.slow}
    return [pytest.param(name, marks=marks[name == chosen]) for name in names]


def tried():
    """Each number of people with each kind of answers, and one of these under each other design."""
    for people in (1, 2, 3):
        for answers in ANSWERS:
            marks = () if answers == "all move" else pytest.mark.slow
            yield pytest.param(people, answers, "weights", marks=marks)
    others = [name for name in DESIGNS if name != "weights"]
    for design, (people, answers) in zip(others, cycle([(2, "all move"), (3, "silence")])):
        yield pytest.param(people, answers, design, marks=pytest.mark.slow)


@pytest.mark.parametrize(("people", "answers", "design"), [*tried()])
def test_every_measure(people, answers, design):
    try:
        panel = panel_of(people, answers, design)
    except op.OpinionPanelError:
        # Who is alone in a stratum has no variance, and nobody was interviewed without an answer.
        return
    assert str(panel)
    for name, call in calls():
        try:
            found = call(panel)
        except op.OpinionPanelError:
            continue
        check(found, nobody="0" if name.startswith("flow_totals") else "")


def test_nothing_is_certain_of_one_person():
    found = op.shares(panel_of(3, "nobody moves", "nothing declared"), "x", by="sex")
    frame = found.select(wave="May").to_frame()
    woman = frame.loc[frame["sex"] == "woman", ["std_error", "conf_low", "conf_high"]]
    assert woman.isna().to_numpy().all()
    assert frame.loc[frame["sex"] == "man", "std_error"].gt(0).any()


def test_a_single_person_is_refused_with_the_way_out():
    with pytest.raises(op.OpinionPanelError, match=r"single person.*choose lonely_psu="):
        panel_of(1, "nobody moves", "nothing declared")


@pytest.mark.parametrize("design", slow_but("weights", DESIGNS))
@pytest.mark.parametrize("answers", ANSWERS)
def test_reports(answers, design):
    """A report of so few people shows no figure about their answers."""
    contents = Contents(Study(title="T", source="", panel=panel_of(3, answers, design)))
    grids, pictures = tables_and_charts(every_part(pages_of(contents)), contents)
    assert pictures == {}
    for grid in grids.values():
        assert grid.data["estimate"].isna().all(), grid.name
