"""Notes of a kind in one line: none is lost, and what they are about is named."""

from hypothesis import given, strategies as st

from opinionpanel.study.folded_notes import folded_notes

ITEMS = ["q1", "q2", "q10", "trust in others", "don't know", "ось"]
WAVES = ["w1", "w2", "w3"]
KINDS = [
    "item {item!r}: nobody's answer is 'no', \"don't\": check the codes",
    "item {item}: at {wave}, {n:,} of 900 people were not asked",
    "at {wave}, only {n:,} of 900 people are in any other wave",
]
NOTES = st.builds(
    lambda kind, item, wave, n: (kind, KINDS[kind].format(item=item, wave=wave, n=n)),
    st.sampled_from(range(len(KINDS))),
    st.sampled_from(ITEMS),
    st.sampled_from(WAVES),
    st.integers(0, 10_000),
)


@given(st.lists(NOTES))
def test_a_line_for_each_kind_and_the_first_note_of_each_as_it_is(notes):
    folded = folded_notes([text for _, text in notes], [*ITEMS, *WAVES])
    firsts = {}
    for kind, text in notes:
        firsts.setdefault(kind, text)
    assert len(folded) == len(firsts)
    for line, first in zip(folded, firsts.values(), strict=True):
        assert line.startswith(first)
    assert ["Likewise" in line for line in folded] == [
        sum(kind == other for other, _ in notes) > 1 for kind in firsts
    ]


def test_the_others_are_named_and_then_counted():
    notes = [f"item {name}: nobody's answer is 'no'." for name in map(str, range(10, 20))]
    assert folded_notes(notes, map(str, range(10, 20))) == [
        "item 10: nobody's answer is 'no'. Likewise '11', '12', '13', '14' and 5 more"
    ]


def test_what_differs_is_named_where_the_item_is_the_same():
    notes = [f"due=: {n} people of Jul came at {wave}" for n, wave in ((9, "Mar"), (8, "May"))]
    assert folded_notes(notes, ["Jul", "Mar", "May"]) == [f"{notes[0]}. Likewise 'May'"]
    pairs = [f"design.weight: {pair}: only {n} of 9" for n, pair in enumerate(["a → b", "b → c"])]
    assert folded_notes(pairs, ["a", "b", "c"]) == [f"{pairs[0]}. Likewise 'b → c'"]


def test_lists_of_different_length_and_notes_about_nothing_known():
    notes = ["so many have an id: 3 in 'x', 0 in 'y'", "so many have an id: 5 in 'z'"]
    assert folded_notes(notes, []) == [f"{notes[0]}. Likewise 1 more of the kind"]
    assert folded_notes([], ["a"]) == []
