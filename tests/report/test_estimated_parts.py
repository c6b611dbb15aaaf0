"""Pages of items show figures that are estimated beyond counting, where the study asks for them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_contents import every, part

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.report.blocks import Grid, Picture, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import pages_of
from opinionpanel.study import Study
from opinionpanel.study.estimation_forms import (
    Estimation,
    StudyAnchor,
    StudyCombine,
    StudyImpute,
    StudyMoves,
    StudySmallGroups,
)

WAVES = ["Jul 2024", "Nov 2024"]
STATES = ("continue", "unsure", "negotiate")
KNOWN = {wave: {"continue": 0.3, "unsure": 0.2, "negotiate": 0.5} for wave in WAVES}


def study(**estimation):
    """The bundled study, with what is estimated beyond counting."""
    bundled = op.datasets.load("attitudes_2024")
    return replace(bundled, estimation=Estimation(**estimation))


def texts(blocks):
    return " ".join(one.text for one in every(blocks, Text))


def grids(blocks):
    return [grid for picture in every(blocks, Picture) for grid in picture.grids]


def with_a_rare_state(silent, **estimation):
    """Of 300 people three chose "rare" at both waves, some were silent, three are of a group."""
    rng = np.random.default_rng(4)
    before = rng.choice(["yes", "no"], 300).astype(object)
    after = np.where(rng.random(300) < 0.8, before, rng.choice(["yes", "no"], 300)).astype(object)
    before[:3] = after[:3] = "rare"
    before[50 : 50 + silent] = None
    group = np.array([f"r{number % 8}" for number in range(300)])
    group[-3:] = "r9"
    frames = {
        wave: pd.DataFrame({"id": range(300), "q": answers, "r": group})
        for wave, answers in zip(WAVES, (before, after), strict=True)
    }
    item = op.Item("q", {state: [state] for state in ("rare", "yes", "no")}, rest="missing")
    panel = op.Panel.from_waves(
        frames, person="id", items={"q": item}, groups=["r"], design=op.Design(weight=None)
    )
    declared = Estimation(**estimation)
    return Contents(Study(title="A study", source="", panel=panel, estimation=declared))


def headings(contents, page):
    (found,) = (one for one in pages_of(contents).children if one.name == page)
    return {section.part for section in found.sections}


def test_known_results_stand_beside_what_the_panel_says_alone():
    anchor = StudyAnchor(item="course", known=KNOWN, source={"en": "A count", "ru": "Подсчёт"})
    found = study(anchor=anchor)
    panel = op.anchor(found.panel, "course", KNOWN)
    before = op.shares(found.panel, "course", waves=WAVES).value
    contents = Contents(replace(found, panel=panel))
    text, source, grid = part(contents, "anchored", "course")
    assert "these shares have no sampling error" in text.text
    assert source.text == "Known results: A count"
    assert [row[2] for row in grid.rows] == ["30.0%", "20.0%", "50.0%"] * 2
    alone = [float(row[3].rstrip("%")) / 100 for row in grid.rows]
    np.testing.assert_allclose(alone, before, atol=6e-4)
    assert "anchored" in headings(contents, "course")
    assert "anchored" not in headings(contents, "support")
    assert part(contents, "anchored", "support") == []


def test_all_interviews_or_that_the_sources_disagree():
    contents = Contents(study(combine=StudyCombine()), "ru")
    (said,) = part(contents, "combined", "support")
    assert said.text.startswith("Источники расходятся сильнее, чем объяснила бы случайность (p = ")
    blocks = part(contents, "combined", "course")
    assert "Эти доли используют все интервью" in texts(blocks)
    (picture,) = every(blocks, Picture)
    assert "все интервью" in picture.title
    pooled = Contents(study(combine=StudyCombine(items=["support"], disagreement="pool")))
    assert every(part(pooled, "combined", "support"), Picture)
    assert "combined" not in headings(pooled, "course")


def test_small_groups_and_imputed_answers_say_that_they_are_of_a_model():
    contents = Contents(
        study(
            small_groups=StudySmallGroups(by=["region"], items=["course"]),
            impute=StudyImpute(items=["course"], m=2),
        )
    )
    for name, said in (("small-groups", "Model-based: smoothed"), ("imputed", "were imputed")):
        blocks = part(contents, name, "course")
        (picture,) = every(blocks, Picture)
        assert said in picture.grids[0].note
        assert picture.draw("page")
    assert part(contents, "imputed", "support") == []


def test_states_and_groups_of_few_people_stand_nowhere_alone():
    contents = with_a_rare_state(
        40, impute=StudyImpute(m=2), small_groups=StudySmallGroups(by=["r"])
    )
    states = contents.items["q"].panel.item("q").state_names
    assert states == ("rare or yes", "no")
    (grid,) = grids(part(contents, "imputed", "q"))
    assert grid.header == ["Wave", *states]
    (grid,) = grids(part(contents, "small-groups", "q"))
    assert grid.header == ["R", "rare or yes", "n"]
    shown = contents.items["q"].panel.group("r").categories
    assert len(shown) < 9
    assert [row[0] for row in grid.rows if row[1][0].isdigit()] == list(shown[:-1])


def test_people_whom_a_page_leaves_out_do_not_come_in_with_their_gaps():
    contents = with_a_rare_state(3, impute=StudyImpute(m=2), combine=StudyCombine())
    assert contents.items["q"].published.narrowed
    for name, said in (("imputed", "no answer is missing"), ("combined", "interviews of others")):
        (text,) = part(contents, name, "q")
        assert said in text.text


def test_known_results_of_states_that_stand_together_are_added_up():
    known = {wave: {"rare": 0.02, "yes": 0.5, "no": 0.48} for wave in WAVES}
    contents = with_a_rare_state(0, anchor=StudyAnchor(item="q", known=known))
    before = op.shares(contents.items["q"].panel, "q").value
    panel = op.anchor(contents.study.panel, "q", known)
    (grid,) = every(part(Contents(replace(contents.study, panel=panel)), "anchored", "q"), Grid)
    assert [row[1:3] for row in grid.rows] == [["rare or yes", "52.0%"], ["no", "48.0%"]] * 2
    assert [row[3] for row in grid.rows] == [f"{100 * share:.1f}%" for share in before]


def test_samples_have_the_states_of_the_page():
    contents = with_a_rare_state(0, combine=StudyCombine(disagreement="pool"))
    sample = with_a_rare_state(0).study.panel
    estimation = replace(contents.study.estimation, samples={"phone": sample})
    contents.study = replace(contents.study, estimation=estimation)
    (grid,) = grids(part(contents, "combined", "q"))
    assert grid.header[1:3] == ["rare or yes", "no"]


def fewer_at_first(gone, combine):
    """All but a few answered at the second wave, half at the third; a sample at all three."""
    rng = np.random.default_rng(5)
    names = ["w1", "w2", "w3"]

    def wave(ids):
        return pd.DataFrame({"id": ids, "q": rng.choice(STATES, len(ids))})

    item = op.Item("q", {state: [state] for state in STATES})
    parts = (np.arange(300), np.arange(gone, 300), np.arange(140, 300))
    frames = {name: wave(ids) for name, ids in zip(names, parts, strict=True)}
    panel = op.Panel.from_waves(
        frames, person="id", items={"q": item}, design=op.Design(weight=None)
    )
    others = {name: wave(np.arange(200)) for name in names[:2]}
    sample = op.Panel.from_waves(
        others, person=None, items={"q": item}, design=op.Design(weight=None)
    )
    samples = {"phone": sample} if combine.samples else {}
    declared = Estimation(combine=combine, samples=samples)
    return Contents(Study(title="A study", source="", panel=panel, estimation=declared))


def test_interviews_are_put_together_at_the_waves_that_the_page_shows():
    # The shares of the first wave would tell of three people, beside the moves from it.
    effects = {"mode": {"phone": ["w1"]}, "tired": {"phone": ["w1", "w2"]}}
    combine = StudyCombine(samples={"phone": "phone.toml"}, effects=effects, declared={"mode": {}})
    contents = fewer_at_first(3, combine)
    assert contents.items["q"].published.waves() == ["w2", "w3"]
    (grid,) = grids(part(contents, "combined", "q"))
    assert [row[0] for row in grid.rows] == ["w2", "w3"]
    (text,) = part(fewer_at_first(3, StudyCombine()), "combined", "q")
    assert text.text == "There are no other interviews to put together with these."
    contents = with_a_rare_state(3, combine=StudyCombine(samples={"phone": "phone.toml"}))
    contents.study.estimation.samples["phone"] = with_a_rare_state(0).study.panel
    (text,) = part(contents, "combined", "q")
    assert "are not put together with theirs" in text.text


def test_what_is_known_is_not_combined():
    combine, anchor = StudyCombine(), StudyAnchor(item="course", known=KNOWN)
    contents = Contents(study(combine=combine, anchor=anchor))
    assert part(contents, "combined", "course") == []
    assert "combined" not in headings(contents, "course")
    assert "combined" in headings(contents, "support")


@pytest.mark.parametrize(
    ("key", "written", "name"),
    [
        ("small_groups", StudySmallGroups(by=["gender"]), "small-groups"),
        ("impute", StudyImpute(m=1), "imputed"),
        ("combine", StudyCombine(effects={"web": {"phone": []}}), "combined"),
    ],
)
def test_a_refusal_names_the_key(key, written, name):
    contents = Contents(study(**{key: written}))
    with pytest.raises(SelectionError, match=rf"^{key}, item 'course': "):
        part(contents, name, "course")


def test_a_series_shows_what_can_have_happened():
    rng = np.random.default_rng(3)
    traits = {"sex": ["man", "woman"] * 150, "region": ["north", "south"] * 150}
    # Two women in the north would be known by their bounds.
    traits["region"][1] = traits["region"][3] = "north"
    waves = {wave: pd.DataFrame({"q": rng.choice(3, 300), **traits}) for wave in WAVES}
    item = op.Item("q", {state: [code] for code, state in enumerate(STATES)})
    panel = op.Panel.from_waves(
        waves,
        person=None,
        items={"course": item},
        groups=["sex", "region"],
        design=op.Design(weight=None),
    )
    series = Study(title="A series", source="", panel=panel)
    moves = Estimation(possible_moves=StudyMoves(by=["sex", "region"], assume={"moved": 0.4}))
    contents = Contents(replace(series, estimation=moves))
    assert "possible-moves" in headings(contents, "course")
    blocks = part(contents, "possible-moves", "course")
    assert "nobody knows who changed" in texts(blocks)
    assert "not narrowed by Region, as few people are in some of these groups" in texts(blocks)
    (picture,) = every(blocks, Picture)
    assert picture.draw("page")
    assert "nobody leaves a group of sex and each group has the mean" in picture.grids[0].note
    assert "no more than 40.0% of people move" in picture.grids[0].note
    assert part(Contents(series), "possible-moves", "course") == []
