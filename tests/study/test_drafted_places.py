"""Places to decide: found wherever the mark stands, and gone with it."""

import tomllib

import pytest
from hypothesis import given, strategies as st

from opinionpanel.errors import StudyError
from opinionpanel.study.drafted_places import (
    MARK,
    Place,
    decide,
    draft_lines,
    place_lines,
    refuse_draft,
    undecided,
    undecided_in,
)

KEYS = [
    "[items.q1]",
    '[items."a.b]"]',
    "[[waves]]",
    'title = "# decide: no"',
    "x = 1  # decide: no",
]


@given(st.lists(st.one_of(st.sampled_from(KEYS), st.text(max_size=20).map(decide))))
def test_every_marked_line_is_a_place_and_no_other(lines):
    found = undecided("\n".join(lines))
    marked = [number for number, line in enumerate(lines, start=1) if line.startswith(MARK)]
    assert [place.line for place in found] == marked
    kept = [line for line in lines if not line.startswith(MARK)]
    assert undecided("\n".join(kept)) == []


@given(st.text())
def test_a_mark_stays_within_its_comment(text):
    assert tomllib.loads(f"{decide(text)}\nx = 1\n") == {"x": 1}


@pytest.mark.parametrize("mark", ["#decide:", "  # decide:", "#  Decide:", "# decide:"])
def test_marks_as_editors_leave_them(mark):
    assert undecided(f"{mark} the weight\r\n") == [Place(1, "", "the weight")]


def test_places_that_ask_the_same_stand_in_one_line():
    text = "# decide: title\n"
    text += "".join(f"[items.q{n}]\n# decide: states\n[items.q{n}.states]\n" for n in range(6))
    text += '[items."q 7"]\n# decide: words\n[design]\n# decide: weight\n'
    assert place_lines(undecided(text)) == [
        "  line 1: title",
        "  line 3 and 5 more (items 'q0', 'q1', 'q2', 'q3' and 2 more): states",
        "  line 21 (item 'q 7'): words",
        "  line 23: weight",
    ]


def test_a_draft_is_refused_until_it_is_decided(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(f"{decide('the weight')}\nx = 1\n", encoding="utf-8-sig")
    with pytest.raises(StudyError) as refused:
        refuse_draft(path)
    assert str(refused.value).splitlines() == draft_lines(path, undecided_in(path))
    assert str(refused.value).startswith("study.toml is a draft: 1 place to decide.\n  line 1: the")
    path.write_text("x = 1\n", encoding="utf-8")
    refuse_draft(path)


def test_what_cannot_be_read_is_left_to_others(tmp_path):
    assert undecided_in(tmp_path / "none.toml") == []
    (tmp_path / "odd.toml").write_bytes(b"\xff# decide: x")
    assert undecided_in(tmp_path / "odd.toml") == []
