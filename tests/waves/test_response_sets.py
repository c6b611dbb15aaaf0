"""Multiple-response sets of SPSS files."""

from types import SimpleNamespace

import pandas as pd
import pytest
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.errors import ItemError
from opinionpanel.waves.response_sets import ResponseSet, response_sets

FILE = REAL_FILES / "nasty" / "pyreadstat" / "simple_alltypes.sav"


def metadata(**told):
    """What a reader says of a file with a set of two columns."""
    usual = {"type": "D", "is_dichotomy": True, "counted_value": 1, "label": "Media"}
    return SimpleNamespace(
        column_names=["Q1", "Q2"],
        column_names_to_labels={"Q1": "TV", "Q2": None},
        variable_value_labels={"Q1": {7: "TV", 8: "Radio"}},
        mr_sets={"media": usual | {"variable_list": ["q1", "q2"]} | told},
    )


def test_columns_are_found_whatever_their_letters():
    assert response_sets(metadata()) == {
        "media": ResponseSet("Media", {"Q1": "TV", "Q2": "Q2"}, 1, {})
    }
    # A set of which a column was not read is none.
    assert response_sets(metadata(variable_list=["q1", "q3"])) == {}
    same = metadata()
    same.column_names_to_labels = {"Q1": "TV", "Q2": "TV"}
    assert response_sets(same)["media"].columns == {"Q1": "Q1", "Q2": "Q2"}


def test_a_dichotomous_set_is_a_question_of_several_answers():
    media = op.multiple(response_sets(metadata())["media"])
    assert media.options == {"TV": "Q1", "Q2": "Q2"}
    assert (media.selected, media.question) == ([1], "Media")
    people = pd.DataFrame({"id": [1, 2, 3], "Q1": [1, 1, None], "Q2": [None, 1, 1]})
    panel = op.Panel.from_waves({"May": people}, person="id", items={"media": media})
    assert op.shares(panel, "media").value.round(2).tolist() == [0.67, 0.67]


def test_in_a_set_of_categories_each_column_may_hold_any_option():
    told = metadata(type="C", is_dichotomy=False, counted_value=None)
    media = op.multiple(response_sets(told)["media"], question="Where from?")
    assert media.options == {"TV": [7], "Radio": [8]}
    assert (media.columns, media.question) == (["Q1", "Q2"], "Where from?")
    with pytest.raises(ItemError, match="codes or labels that mark"):
        op.multiple(response_sets(metadata(counted_value=None))["media"])


@pytest.mark.skipif(not FILE.exists(), reason="the nasty files are not here")
def test_a_file_brings_its_sets():
    wave = op.read_wave(FILE)
    assert wave.sets["mymrset"].label == "My multiple response set"
    assert wave.sets["mymrset"].counted == 1
    assert list(wave.sets["mymrset"].columns.values()) == [f"Response #{n}" for n in (1, 2, 3)]
    assert "set mymrset: My multiple response set" in str(wave)
