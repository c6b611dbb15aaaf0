"""The forms of keys: what a key may say, and that the page on study files explains each."""

import re

import pytest
from places import ROOT
from pydantic import TypeAdapter, ValidationError

from opinionpanel.study.key_forms import (
    KINDS,
    RowsToSkip,
    Sheet,
    States,
    StudyBattery,
    StudyDesign,
    StudyItem,
    StudyMultiple,
    StudyReplicates,
    StudyScale,
    StudyWave,
)

PAGE = (ROOT / "docs" / "study.md").read_text(encoding="utf-8")


def explained(title):
    """The keys that a part of the page explains, each at the start of a point."""
    part = re.split(r"\n#+ ", PAGE.split(f"\n### {title}\n")[1])[0]
    points = re.findall(r"^- (`.*?):", part, flags=re.MULTILINE)
    return {key for point in points for key in re.findall(r"`(\w+)`", point)}


def test_the_page_explains_every_key_of_the_whole_file():
    # Groups and the design have parts of their own.
    assert set(KINDS) - {"groups", "design"} == explained("The whole file")


@pytest.mark.parametrize(
    ("title", "table"),
    [
        ("Waves", StudyWave),
        ("Items", StudyItem),
        ("Scales", StudyScale),
        ("Questions that take several answers", StudyMultiple),
        ("Batteries", StudyBattery),
        ("Design", StudyDesign),
    ],
)
def test_the_page_explains_every_key_of_a_table(title, table):
    assert set(table.model_fields) == explained(title)


def test_the_page_names_every_key_of_replicate_weights():
    part = PAGE[PAGE.index("- `replicates`") :]
    assert [key for key in StudyReplicates.model_fields if f"`{key}`" not in part] == []


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [
        (RowsToSkip, 2, True),
        (RowsToSkip, [2, 3], True),
        (RowsToSkip, True, False),
        (RowsToSkip, [0], False),
        (Sheet, "July", True),
        (Sheet, 0, False),
        (Sheet, "", False),
        (States, {"yes": [1], "no": ["No"]}, True),
        (States, {"w1": {"yes": [1]}}, True),
        (States, {"yes": 1}, False),
        (States, {"yes": [True]}, False),
    ],
)
def test_what_a_key_may_say(kind, value, good):
    if good:
        assert TypeAdapter(kind).validate_python(value) == value
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(value)
