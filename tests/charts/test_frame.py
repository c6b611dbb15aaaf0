"""Frames: figures as the table has them, without what is withheld; names and words of readers."""

from dataclasses import replace

import numpy as np
import pytest
from chart_panels import NAMES, panel_of

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld, withheld_of

PANEL = panel_of(NAMES[3], 2, groups=2, label="Support")
FLOWS = op.flows(PANEL, "support", by="region")


def frame(estimates=FLOWS, withheld=None, **options):
    return Frame(estimates, withheld or withheld_of(estimates, 10), Options(**options))


@pytest.mark.parametrize("interval", ["logit", "beta", "wilson", "wald"])
def test_figures_are_those_of_the_table(interval):
    figures = frame(level=0.9, interval=interval).figures
    table = FLOWS.to_frame(level=0.9, interval=interval, min_n=10)
    for name, column in (
        *(("value", "estimate"), ("low", "conf_low"), ("high", "conf_high")),
        *(("n", "n"), ("people", "n_cell"), ("hidden", "withheld")),
    ):
        expected = table[column].to_numpy(dtype=float, na_value=np.nan)
        np.testing.assert_array_equal(getattr(figures, name).astype(float), expected)
    assert (figures.low <= figures.value)[~figures.hidden].all()
    assert (figures.value <= figures.high)[~figures.hidden].all()


def test_what_is_withheld_has_no_figure():
    hidden = np.arange(len(FLOWS)) % 3 == 0
    figures = frame(withheld=Withheld(hidden, 10, 5)).figures
    for part in (figures.value, figures.low, figures.high, figures.people):
        assert np.isnan(part[hidden]).all()
        assert np.isfinite(part[~hidden]).all()
    some = figures.at(np.array([3, 4]))
    assert some.hidden.tolist() == [True, False]
    assert some.labels["destination"].tolist() == FLOWS.labels["destination"].iloc[3:5].tolist()


def test_names_are_the_reader_s():
    shown = frame(language="ru", labels={"approve": "поддерживаю", "region 1": "Юг"})
    assert shown.name("approve") == "поддерживаю"
    assert shown.name("region 1 − region 2") == "Юг − region 2"
    assert shown.name("not interviewed") == "не опрошены"
    assert shown.name("unsure") == "unsure"
    assert frame().name("two\nlines") == "two lines"
    assert frame().name(" \n") == "(no name)"
    assert frame(language="ru", labels={"approve": ""}).name("approve") == "(без названия)"
    # A mark that is not seen keeps a figure behind it.
    assert frame().name("לא") == "לא\u200e"
    with pytest.raises(SelectionError, match=r"labels= names 'disapprove', which these estimates"):
        frame(labels={"disapprove": "no"})


def test_the_item_has_a_label_or_is_not_named():
    assert frame().item == "Support"
    assert frame(labels={"support": "Backing"}).item == "Backing"
    bare = replace(FLOWS, about=replace(FLOWS.about, label=""))
    assert frame(bare).item == ""


def test_why_a_figure_is_missing():
    assert frame().few(3) == "n < 10"
    assert frame().few(30) == "withheld"
    assert frame(language="ru").few(30) == "скрыто"


def test_texts_are_names_and_remarks_come_second():
    shown = frame(theme="dark")
    text, remark = shown.write("one", 1, 2), shown.remark("n = 3", 1, 2, align="right")
    assert (text.size, text.color) == (shown.size.label, shown.theme.text)
    assert (remark.size, remark.color, remark.align) == (
        shown.size.small,
        shown.theme.muted,
        "right",
    )


def test_the_sheet_has_the_reader_s_texts_and_keeps_base_and_n():
    own = frame().sheet(title="Own", notes=["A note."])
    assert (own.title, own.subtitle) == ("Own", "How far do you support it?")
    assert own.notes[0].startswith("A note. Base: people with an answer at both waves; n = ")
    given = frame(title="Given", subtitle="", caption="Mine").sheet(title="Own", notes=["A note."])
    assert (given.title, given.subtitle, given.notes[0]) == ("Given", "", "Mine")
    assert given.notes[1].startswith("Base: ")
    # The question is not said twice.
    assert frame().sheet(title="How far do you support it?").subtitle == ""


def test_colours_are_those_of_all_states():
    assert frame().palette(NAMES[3]).node[0] == "#174a7e"
    assert frame(colors={"approve": "#0000aa"}).palette(NAMES[3]).node[0] == "#0000aa"


def test_columns_of_groups_are_named_as_readers_write_them():
    by_age = op.shares(panel_of(NAMES[3], 1), "support")
    assert frame(by_age).column("age_group") == "age group"
    assert frame(by_age).column("__proto__") == "__proto__"
    named = frame(labels={"region": "the_region"})
    assert named.column("region") == "the_region"


def test_few_people_are_not_counted():
    found = frame(withheld=Withheld(np.zeros(len(FLOWS), bool), 10, 5))
    assert [found.count(n) for n in (0, 9, 10, 1234.0)] == [
        "n < 10",
        "n < 10",
        "n = 10",
        "n = 1,234",
    ]
    assert frame(level=0.9, language="ru").level == "90\u00a0%"
