"""Parts of the front page."""

from dataclasses import replace

import pandas as pd
from made_contents import bundled, every, part, plain

import opinionpanel as op
from opinionpanel.report.blocks import Grid, Picture, Text
from opinionpanel.report.contents import Contents
from opinionpanel.study import Study


def test_every_wave_has_its_row_and_its_people():
    (grid,) = every(part(bundled(), "who-was-asked"), Grid)
    assert [row[0] for row in grid.rows] == [
        *("July 2024", "November 2024", "March 2025", "July 2025")
    ]
    assert any("1,500" in cell for cell in grid.rows[0])
    # What is the same at all waves is told below, once.
    assert "Mode" not in grid.header
    assert grid.rows[1][2:6] == ["1,192", "1,092", "100", "408"]


def test_what_is_not_declared_is_named_as_missing():
    (grid,) = every(part(plain(), "disclosure-list"), Grid)
    said = dict(grid.rows)
    assert len(said) == 12
    for item in ("Population under study", "Mode of interview", "How the data were weighted"):
        assert said[item].startswith("Not declared")
    (grid,) = every(part(bundled(), "disclosure-list"), Grid)
    assert dict(grid.rows)["Mode of interview"] == "Online questionnaire (imitated)."


def test_what_differs_between_waves_is_told_of_each():
    study = bundled().study
    waves = {"Jul 2024": {"mode": {"en": "By phone"}}}
    other = Contents(replace(study, texts=replace(study.texts, waves=waves)))
    (grid,) = every(part(other, "who-was-asked"), Grid)
    place = grid.header.index("Mode")
    assert [row[place] for row in grid.rows][:2] == ["By phone", "Online questionnaire (imitated)"]
    (grid,) = every(part(other, "disclosure-list"), Grid)
    assert dict(grid.rows)["Mode of interview"].startswith("July 2024: By phone; November 2024: O")


def test_the_warning_stands_where_people_joined_by_themselves():
    kinds = [block.kind for block in part(bundled(), "overview")]
    assert "warning" in kinds
    assert part(plain(), "overview") == []


def test_there_is_one_key_chart_and_a_methods_statement():
    assert len(every(part(bundled(), "key-chart"), Picture)) == 1
    texts = [block.text for block in every(part(bundled(), "methods"), Text)]
    assert texts[0].startswith("The same people were asked in 4 waves; 1,800 took part")
    assert any("8 strata, 89 PSUs" in text for text in texts)


def test_the_days_of_fieldwork_end_with_one_full_stop():
    text = part(bundled("ru"), "methods")[0].text
    assert text.endswith("2025\u00a0г.")
    assert part(bundled(), "methods")[0].text.endswith("2025.")


def test_items_without_a_page_are_named():
    frame = pd.DataFrame({"id": range(80), "q": [1, 2] * 40, "r": [1, 1, 2, 2] * 20})
    states = {"yes": [1], "no": [2]}
    items = {"q": op.Item("q", states), "alone": op.Item({"w1": "r"}, states, label="Trust")}
    panel = op.Panel.from_waves({"w1": frame, "w2": frame}, person="id", items=items)
    (note,) = part(Contents(Study(title="t", source="", panel=panel)), "overview")
    assert note.text.endswith("without a page: Trust.")
