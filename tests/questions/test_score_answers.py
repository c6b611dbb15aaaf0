"""The numbers of a score, as the columns of waves give them."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from engine_frames import FRAMES, ON_STAND_INS

import opinionpanel as op
from opinionpanel.errors import ItemError, ReadError, SelectionError


def panel_of(score, made=lambda frame: frame, **waves):
    frames = {
        wave: made(pd.DataFrame({"id": [*range(6)], **columns})) for wave, columns in waves.items()
    }
    return op.Panel.from_waves(frames, person="id", items={"warmth": score})


def numbers(panel, wave):
    """Everyone's number at a wave; None for no answer, and "not asked"."""
    codes = np.asarray(panel.answers["warmth"][panel.position(wave)]).tolist()
    return [
        {-1: None, -2: "not asked"}.get(code, float(panel.numbers["warmth"][code]))
        for code in codes
    ]


WARMTH = op.Score("ft", low=0, high=100, missing=[998], not_asked=[-1])


def test_numbers_of_all_waves_have_one_order():
    panel = panel_of(
        WARMTH, May={"ft": [50, 10, 998, -1, None, 0.5]}, June={"ft": [100, 50, 50, 10, 20, 998]}
    )
    assert panel.numbers["warmth"].tolist() == [0.5, 10, 20, 50, 100]
    assert numbers(panel, "May") == [50, 10, None, "not asked", None, 0.5]
    assert numbers(panel, "June") == [100, 50, 50, 10, 20, None]
    assert panel.unread["warmth"] == {"May": {"998": 1}, "June": {"998": 1}}


@ON_STAND_INS
def test_on_an_engine_alike(engine):
    columns = {
        "May": {"ft": [50.0, 10, 998, -1, 3, 0.5]},
        "June": {"ft": [100, 50, 50, 10, 20, 998]},
    }
    here, there = panel_of(WARMTH, **columns), panel_of(WARMTH, FRAMES[engine], **columns)
    assert str(there).split("Item")[-1].split("Design")[0] == str(here).split("Design")[0]
    assert op.means(there, "warmth").value == pytest.approx(op.means(here, "warmth").value)


def test_texts_that_are_numbers_count_as_such():
    panel = panel_of(WARMTH, May={"ft": ["50", "10.5", "998", "-1", "", "0"]})
    assert numbers(panel, "May") == [50, 10.5, None, "not asked", None, 0]


def test_decimal_commas_of_a_text_file_are_read(tmp_path):
    (tmp_path / "may.csv").write_text("id;ft\n1;50,5\n2;10,25\n3;20\n", encoding="utf-8")
    score = op.Score("ft", low=0, high=100)
    panel = op.read_panel({"May": tmp_path / "may.csv"}, person="id", items={"warmth": score})
    assert panel.numbers["warmth"].tolist() == [10.25, 20, 50.5]


def test_nobody_has_a_number():
    panel = panel_of(WARMTH, May={"ft": [998] * 6}, June={"ft": [None] * 6})
    assert panel.notes == ("score 'warmth': nobody has a number: check the columns",)
    found = op.means(panel, "warmth")
    assert np.isnan(found.value).all()
    assert found.n.tolist() == [0, 0]


def test_a_wave_without_the_column_is_refused_unless_it_did_not_ask():
    frames = {
        "May": pd.DataFrame({"id": [1, 2], "ft": [5, 6]}),
        "June": pd.DataFrame({"id": [1, 2]}),
    }
    with pytest.raises(ReadError, match=r"Wave 'June' \(a frame\), score 'warmth': Unknown col"):
        op.Panel.from_waves(frames, person="id", items={"warmth": WARMTH})
    asked = op.Score({"May": "ft"}, low=0, high=100)
    panel = op.Panel.from_waves(frames, person="id", items={"warmth": asked})
    assert panel.asked("warmth") == ("May",)
    with pytest.raises(SelectionError, match="columns of score 'warmth': 'July'"):
        op.Panel.from_waves(
            frames, person="id", items={"warmth": op.Score({"July": "ft"}, low=0, high=100)}
        )
    later = op.Score("ft", low=0, high=100, changes={"July": "by phone"})
    with pytest.raises(SelectionError, match="wave in the changes of score 'warmth': 'July'"):
        op.Panel.from_waves({"May": frames["May"]}, person="id", items={"warmth": later})


def test_columns_that_together_hold_the_score():
    both = op.Score(op.coalesce("a", "b"), low=0, high=100, missing=[998])
    panel = panel_of(both, May={"a": [1, 998, None, 4, 998, 6], "b": [None, 2, 3, 4.0, 998, None]})
    assert numbers(panel, "May") == [1, 2, 3, 4, None, 6]
    with pytest.raises(ItemError, match="2 people gave answers that are different numbers"):
        panel_of(both, May={"a": [1, 2, 3, 4, 5, 6], "b": [1, 9, 9, 4, 5, None]})


def spss(path, values, ranges=None):
    frame = pd.DataFrame({"id": range(len(values)), "ft": values})
    pyreadstat.write_sav(frame, path, missing_ranges={"ft": ranges} if ranges else None)
    return path


def test_what_spss_declares_missing_is_no_answer_at_any_wave(tmp_path):
    waves = {
        "May": spss(tmp_path / "may.sav", [50, 97, 99, 100, 20.0], [{"lo": 97, "hi": 99}]),
        "June": spss(tmp_path / "june.sav", [40, 98, 96, 0, 100.0]),
    }
    score = op.Score("ft", low=0, high=100)
    panel = op.read_panel(waves, person="id", items={"warmth": score})
    assert numbers(panel, "May") == [50, None, None, 100, 20]
    assert numbers(panel, "June") == [40, None, 96, 0, 100]
    assert panel.notes == (
        "score 'warmth': 98 (June: 1 person) is declared missing in another column, and is read as "
        "no answer here as well",
    )


def test_tagged_values_of_stata_are_no_answer(tmp_path):
    frame = pd.DataFrame({"id": range(5), "ft": [50.0, "a", "b", 100.0, 20.0]})
    pyreadstat.write_dta(
        frame, tmp_path / "may.dta", missing_user_values={"ft": ["a", "b"]}, version=15
    )
    said = {"person": "id", "groups": []}
    read = op.read_panel({"May": tmp_path / "may.dta"}, items={"warmth": WARMTH_NOT_B}, **said)
    assert numbers(read, "May") == [50, None, "not asked", 100, 20]


WARMTH_NOT_B = op.Score("ft", low=0, high=100, not_asked=[".b"])
