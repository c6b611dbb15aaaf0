"""What the page of several items shows: no more than each item's own page would."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from questions_study import questions_study

import opinionpanel as op
from opinionpanel.disclosure import publish
from opinionpanel.report.battery_contents import BatteryContents, _weights
from opinionpanel.report.contents import Contents
from opinionpanel.report.told import Told, report_language


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    return Contents(op.read_study(questions_study(tmp_path_factory.mktemp("trust"))))


def test_figures_are_those_that_each_item_publishes(contents):
    battery = contents.batteries["institutions"]
    assert battery.linked == ["president", "church"]
    for which in ("president", "church"):
        own, _ = contents.items[which].published.shares()
        rows = (battery.shares.estimates.labels["item"] == which).to_numpy()
        here = battery.shares.estimates.at(rows)
        np.testing.assert_array_equal(here.value, own.estimates.value)
        np.testing.assert_array_equal(battery.shares.hidden[rows], own.hidden)
        # All intervals hold at once, and are wider for that.
        wide = battery.shares.frame()[rows].reset_index(drop=True)
        assert (wide["conf_low"] < own.frame()["conf_low"]).all()
        pair = contents.items[which].published.main_pair
        hidden = contents.items[which].published.turnover(*pair).hidden[0]
        moved = (battery.turnover.estimates.labels["item"] == which).to_numpy()
        assert battery.turnover.hidden[moved].tolist() == [hidden]


def test_options_have_one_page_and_none_of_their_own(contents):
    assert [*contents.items] == ["president", "church"]
    battery = contents.batteries["media"]
    assert battery.linked == []
    assert [*battery.called.values()] == ["TV", "internet", "papers"]
    assert (battery.label, battery.question) == ("Sources of news", "Where from do you get news?")
    direct = op.shares(contents.study.panel, "media")
    assert battery.shares.estimates.value == pytest.approx(direct.value)
    own, _ = publish(contents.study.panel, "media: TV", ["sex"]).shares()
    assert battery.shares.hidden[:2].tolist() == own.hidden[::2].tolist()
    # Papers were offered once: nothing of them changed.
    assert [text.partition(":")[0] for text in battery.findings] == ["TV", "internet"]
    assert contents.left_out == []


def test_few_people_show_nothing(tmp_path):
    contents = Contents(op.read_study(questions_study(tmp_path, people=8)))
    battery = contents.batteries["institutions"]
    assert battery.shares is None
    assert battery.turnover is None
    assert contents.scores["warmth"].alpha is None


def test_a_scale_has_its_alpha(contents):
    score = contents.scores["warmth"]
    assert score.columns == ("q1", "q2", "q3")
    direct = op.cronbach_alpha(contents.study.panel, "warmth")
    assert score.alpha.estimates.value == pytest.approx(direct.value)


def test_an_option_that_answers_as_a_score_is_found_on_the_page_of_its_question(contents):
    page = contents.batteries["media"].items[0]
    assert contents._published("media: TV") is page.published
    assert contents._published("president") is contents.items["president"].published


def test_a_chart_tells_no_change_whose_interval_is_withheld(contents, monkeypatch):
    battery = contents.batteries["media"]
    assert battery.drawn is battery.shares
    plain = battery.items[0].published.trend()
    quiet = replace(plain, withheld=replace(plain.withheld, limits=np.array([True, True])))
    monkeypatch.setattr(battery.items[0].published, "trend", lambda: quiet)
    alone = BatteryContents(contents.told, "media", "media", battery.items, [])
    labels = alone.drawn.estimates.labels
    assert labels[["option", "wave"]].to_numpy().tolist() == [
        ["media: TV", "June"],
        ["media: internet", "June"],
        ["media: papers", "May"],
    ]


def test_options_keep_the_names_that_a_study_gave_them(contents):
    """One called like a part of turnover is no word of the library, in any language."""
    frame = pd.DataFrame({"a": [1, 0, 1, 1] * 10, "b": [0, 1, 1, 0] * 10, "id": range(40)})
    multiple = op.multiple(
        {"net": {"May": "a"}, "total": {"May": "b"}}, selected=[1], unselected=[0]
    )
    study = replace(
        contents.study,
        panel=op.Panel.from_wide(frame, person="id", items={"media": multiple}),
        language="ru",
    )
    told = Told(study=study, language=report_language("ru"))
    items = [
        SimpleNamespace(item=name, page=name, told=told.of(name))
        for name in ("media: net", "media: total")
    ]
    battery = BatteryContents(told, "media", "media", items, [])
    assert [*battery.called.values()] == ["net", "total"]
    assert battery.told.name("media: net") == "net"


def test_weights_stand_in_the_order_of_waves(contents):
    one, two = (
        replace(contents.items["church"].published.shares()[0].estimates.about, weights=weights)
        for weights in ({"May": "w"}, {"June": "v"})
    )
    assert [*_weights(["May", "June"], [two, one])] == ["May", "June"]
