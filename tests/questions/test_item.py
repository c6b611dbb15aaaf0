import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError, OpinionPanelError, SelectionError
from opinionpanel.questions.coalesced import coalesce


def test_codes_may_change_by_wave():
    item = op.Item("q", {"w1": {"yes": [1], "no": [2]}, "w2": {"no": [1], "yes": [2]}})
    assert item.state_names == ("yes", "no")
    assert item.meanings("w1") == {1: 0, 2: 1}
    assert item.meanings("w2") == {1: 1, 2: 0}
    with pytest.raises(OpinionPanelError, match="Did you mean 'w2'"):
        item.meanings("w22")


def test_a_mapping_by_wave_is_not_asked_elsewhere(support):
    assert support.columns_at("Jul") == ("q12",)
    assert support.columns_at("Dec") == ()
    assert op.Item("q", {"yes": [1]}).columns_at("any") == ("q",)


def test_several_columns_may_hold_a_question():
    both = coalesce("q_a", "q_b")
    assert op.Item(both, {"yes": [1]}).columns_at("any") == ("q_a", "q_b")
    item = op.Item({"Jul": both, "Nov": "q"}, {"yes": [1]})
    assert item.columns_at("Jul") == ("q_a", "q_b")
    assert item.columns_at("Nov") == ("q",)
    assert "q_a or q_b (Jul), q (Nov)" in str(item)
    assert both == coalesce("q_a", "q_b")


@pytest.mark.parametrize("column", [None, 7, ["a", "b"], {"Jul": ["a", "b"]}])
def test_impossible_columns(column):
    with pytest.raises(ItemError, match="coalesce"):
        op.Item(column, {"yes": [1]})


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ({}, "at least one state"),
        ({"yes": [1], "no": [1.0]}, "1 stands in two states"),
        ({"yes": [True], "no": [1]}, "stands in two states"),
        ({"yes": []}, "non-empty list"),
        ({"yes": "1"}, "non-empty list"),
        ({"yes": [[1]]}, "a number or a text"),
        ({"yes": [None], "no": [float("nan")]}, "blank stands in two states"),
        ({"w1": {"yes": [1]}, "w2": {"no": [1]}}, "different states"),
    ],
)
def test_impossible_states(states, words):
    with pytest.raises(ItemError, match=words):
        op.Item("q", states)


def test_unknown_rest():
    with pytest.raises(ItemError, match="'missing'"):
        op.Item("q", {"yes": [1]}, rest="drop")


@pytest.mark.parametrize(
    ("not_asked", "words"),
    [(9, "list of codes"), ("9", "list of codes"), ([1.0], "'yes' and 'not asked'")],
)
def test_impossible_codes_for_not_asked(not_asked, words):
    with pytest.raises(ItemError, match=words):
        op.Item("q", {"yes": [1]}, not_asked=not_asked)


def test_what_is_optional_is_named():
    with pytest.raises(TypeError):
        op.Item("q", {"yes": [1]}, "Do you?")


def test_text_and_html():
    item = op.Item(
        "q",
        {"<b>yes</b>": [1], "no": [2.0, None]},
        question="Yes & no?",
        rest="missing",
        not_asked=[9.0, "skip"],
    )
    text = str(item)
    for part in ("Yes & no?", "2, blank", "q (every wave)", "any other code is no answer"):
        assert part in text
    assert "not asked   9, 'skip'" in text
    assert "&lt;b&gt;yes&lt;/b&gt;" in item._repr_html_()
    assert "Yes &amp; no?" in item._repr_html_()
    assert "in w2" in str(op.Item("q", {"w1": {"y": [1]}, "w2": {"y": [2]}}))


def test_an_item_keeps_its_states_whatever_becomes_of_the_dict():
    states = {"no": [0], "yes": [1]}
    item = op.Item("x", states)
    states["no"].append(1)
    assert item.states == {"no": [0], "yes": [1]}


@pytest.mark.parametrize(
    ("states", "part"),
    [
        ({1: [1], 2: [2]}, "States are named by text, not 1, 2"),
        (["yes", "no"], "at least one state"),
        ({f"s{code}": [code] for code in range(128)}, "at most 127 states, got 128"),
    ],
)
def test_states_are_named_by_text_and_not_too_many(states, part):
    with pytest.raises(ItemError, match=part):
        op.Item("q", states)


def test_codes_for_no_interview():
    item = op.Item("q", {"yes": [1], "no": [2]}, not_asked=[8], no_interview=[9, None])
    assert str(item).splitlines()[-2:] == ["  not asked     8", "  no interview  9, blank"]
    assert item.meanings("May") == {1: 0, 2: 1, 8: -2, 9: -3, None: -3}
    with pytest.raises(ItemError, match="Code 8 stands in two states, 'not asked' and 'no inter"):
        op.Item("q", {"yes": [1]}, not_asked=[8], no_interview=[8])
    with pytest.raises(ItemError, match=r"no_interview must be a list of codes, .*\[9\]"):
        op.Item("q", {"yes": [1]}, no_interview=9)


STATES = {"for": [1], "unsure": [2], "hard to say": [3], "against": [4]}


@pytest.mark.parametrize(
    ("neutral", "state"),
    [(None, "unsure"), ("", None), ("hard to say", "hard to say"), ("against", "against")],
)
def test_the_state_of_the_undecided(neutral, state):
    assert op.Item("q", STATES, neutral=neutral).neutral_state == state


@pytest.mark.parametrize("neutral", ["Unsure", "no such", 3, ["unsure"]])
def test_a_neutral_state_that_is_none_is_refused(neutral):
    with pytest.raises(ItemError, match=r"neutral.* name of"):
        op.Item("q", STATES, neutral=neutral)


@pytest.mark.parametrize("by_wave", [False, True])
@pytest.mark.parametrize(
    ("neutral", "pair", "state"),
    [
        (None, ("for", "against"), "unsure"),
        (None, ("unsure", "against"), None),
        ("hard to say", ("for", "unsure"), "hard to say"),
        ("hard to say", ("hard to say", "against"), None),
    ],
)
def test_opinions_joined_with_the_undecided_are_opinions(by_wave, neutral, pair, state):
    item = op.Item("q", {"w1": STATES, "w2": STATES} if by_wave else STATES, neutral=neutral)
    joined = item.joined(*pair)
    assert joined.neutral_state == state
    assert joined.state_names.index(" or ".join(pair)) == item.state_names.index(pair[0])


def test_what_is_declared_for_charts_is_shown_where_it_is():
    plain = op.Item("q", STATES)
    assert not any(word in str(plain) for word in ("label", "neutral", "changes"))
    changes = {"w2": "asked by phone", "w3": "<b>reworded</b>"}
    told = op.Item("q", STATES, label="Support", neutral="", changes=changes)
    assert str(told) == f"{plain}\n" + "\n".join(
        [
            "  label        Support",
            "  neutral      none",
            "  changes      asked by phone (w2); <b>reworded</b> (w3)",
        ]
    )
    assert "<b>" not in told._repr_html_()


def test_changes_are_kept_whatever_becomes_of_the_dict():
    changes = {"w2": "asked by phone"}
    item = op.Item("q", STATES, changes=changes)
    changes["w2"] = "asked online"
    assert item.changes == {"w2": "asked by phone"}


@pytest.mark.parametrize("changes", ["w2", ["w2"], {"w2": None}, {2: "asked by phone"}, None])
def test_changes_are_texts_by_wave(changes):
    with pytest.raises(ItemError, match="changes says in words"):
        op.Item("q", STATES, changes=changes)


def test_changes_are_of_waves_that_asked():
    with pytest.raises(SelectionError, match=r"item.s changes: 'w2'\. Known: 'w1'"):
        op.Item({"w1": "q"}, STATES, changes={"w2": "asked by phone"})


def test_some_of_the_waves():
    changes = {"w1": "reworded", "w2": "asked by phone"}
    item = op.Item({"w1": "a", "w2": "b"}, STATES, changes=changes)
    narrowed = item.within(["w2", "w9"])
    assert (narrowed.column, narrowed.changes) == ({"w2": "b"}, {"w2": "asked by phone"})
    assert item.within(["w9"]) is None
    everywhere = op.Item("q", STATES, changes=changes).within(["w1"])
    assert (everywhere.column, everywhere.changes) == ("q", {"w1": "reworded"})


def test_a_label_is_text():
    with pytest.raises(ItemError, match="label is what titles call the item, as text, not 3"):
        op.Item("q", STATES, label=3)
