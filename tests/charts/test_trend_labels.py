"""Labels at the ends of lines: none over another, each as near to its line as can be."""

import pytest
from chart_panels import NAMES, panel_of
from hypothesis import given, strategies as st
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.trend_labels import EndLabel, Lettering, end_labels, lettering, room_for
from opinionpanel.drawing.boxes import overlapping
from opinionpanel.drawing.marks import Rule, Text

FRAME = frame_of(op.shares(panel_of(NAMES[3], 2), "support"))
WORDS = st.sampled_from(["approve", "rather support than oppose", "затрудняюсь ответить", "no"])
LABELS = st.lists(
    st.builds(
        EndLabel,
        name=WORDS,
        share=st.sampled_from(["39%", "0.4%", "100%"]),
        limits=st.sampled_from(["", "(34 to 44)"]),
        color=st.just("#174a7e"),
        y=st.floats(0, 1),
        ends=st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


def texts_of(marks):
    return [mark for mark in marks if isinstance(mark, Text)]


@given(LABELS, st.floats(60, 260))
def test_labels_do_not_meet_and_keep_to_their_column(labels, column):
    how = lettering(FRAME, [labels], column, None)
    height = room_for(labels, how)
    marks = end_labels(FRAME, labels, how, x=100, top=20, height=height)
    assert overlapping(marks) == []
    widest = max(how.width(label) for label in labels)
    assert all(mark.x >= 100 for mark in texts_of(marks))
    assert widest <= 2 * column
    said = " ".join(mark.text for mark in texts_of(marks))
    assert all(label.share in said and label.limits in said for label in labels)


def test_a_line_leads_to_a_label_that_moved():
    labels = [
        EndLabel("a", "39%", "", "#000000", 0.5, ends=True),
        EndLabel("b", "38%", "", "#111111", 0.5, ends=True),
        EndLabel("c", "1%", "", "#222222", 0.9, ends=True),
        EndLabel("d", "–", "", "#333333", 0.9, ends=False),
    ]
    how = Lettering(13, 11, 100, limits=True)
    marks = end_labels(FRAME, labels, how, x=0, top=0, height=300)
    assert [mark.color for mark in marks if isinstance(mark, Rule)] == [
        "#000000",
        "#111111",
        "#222222",
    ]


@pytest.mark.parametrize(
    ("height", "size", "limits"), [(300, 13, True), (130, 11, True), (70, 11, False)]
)
def test_where_room_is_short_letters_are_smaller_and_limits_go(height, size, limits):
    labels = [EndLabel("rather approve", "19%", "(15 to 23)", "#000000", 0.5, ends=True)] * 4
    how = lettering(FRAME, [labels], 95, height)
    assert (how.size, how.limits) == (size, limits)
