"""Groups with states: what codes mean, what is put together, and what needs no state."""

import pandas as pd
import pytest
from group_waves import read, values, wave
from hypothesis import given, strategies as st

from opinionpanel.errors import ItemError, SelectionError
from opinionpanel.questions.declared_groups import Grouping
from opinionpanel.questions.group_states import GroupStates, code_states
from opinionpanel.questions.groups import read_fixed
from opinionpanel.waves import Wave

LABELS = {1: "Male", 2: "Female", 9: "Refused"}
MAN_WOMAN = {"man": [1], "woman": ["Female"]}


def sex(*waves, reader=None, **options):
    reading = {} if reader is None else {"reader": reader}
    return read(*waves, groups={"sex": Grouping("g", **options)}, **reading)["sex"]


def test_states_by_code_and_label_in_their_order():
    group = sex(wave([2, 1, 2], labels=LABELS), states={"woman": ["Female"], "man": [1]})
    assert group.categories == ("woman", "man")
    assert values(group) == ["woman", "man", "woman"]
    assert (group.missing, group.unused) == ((), 0)


def test_codes_in_no_state_are_refused_with_label_and_count():
    coded = wave([1, 2, 9, 9, 3], labels=LABELS)
    with pytest.raises(ItemError) as error:
        sex(coded, states=MAN_WOMAN)
    for part in ("Group 'sex': Wave 'w1'", "9 'Refused' (2 people)", "3 (1 person)", "rest="):
        assert part in str(error.value)
    assert "not_asked" not in str(error.value)
    with pytest.raises(ItemError, match=r"^Fixed trait 'sex'"):
        sex(coded, states=MAN_WOMAN, reader=read_fixed)
    assert values(sex(coded, states=MAN_WOMAN, rest="missing")) == [
        "man",
        "woman",
        None,
        None,
        None,
    ]


def test_declared_missing_codes_need_no_state_and_may_have_one():
    coded = wave([1, 2, 9, None], labels=LABELS, missing=[9])
    assert values(sex(coded, states=MAN_WOMAN)) == ["man", "woman", None, None]
    named = MAN_WOMAN | {"no say": [9], "blank": [None]}
    assert values(sex(coded, states=named)) == ["man", "woman", "no say", "blank"]


def test_named_refusals_are_values_like_any_other():
    waves = wave([9, 1], labels=LABELS), wave([1, 9], labels=LABELS)
    named = sex(*waves, states={"man": [1], "no say": ["Refused"]})
    assert (values(named), named.changed) == (["no say", "man"], 2)
    left_out = sex(*waves, states={"man": [1]}, rest="missing")
    assert (values(left_out), left_out.changed) == (["man", "man"], 0)


def test_a_state_of_nobody_stays_and_is_said():
    group = sex(wave([1, 2]), states={"man": [1], "other": [3], "woman": [2]})
    assert (group.categories, group.unused) == (("man", "other", "woman"), 1)
    assert group.notes == ("nobody's answer is 'other': check the codes",)


def test_states_by_wave():
    states = {"w1": {"man": [1], "woman": [2]}, "w2": {"man": ["m"], "woman": ["f"]}}
    group = sex(wave([1, 2]), wave(["m", "f"]), states=states)
    assert (values(group), group.changed) == (["man", "woman"], 0)
    with pytest.raises(ItemError, match=r"'sex': the states name no codes of wave 'w3', which has"):
        sex(wave([1]), wave(["m"]), wave([1]), states=states)
    with pytest.raises(SelectionError, match="Unknown wave in the states of group 'sex': 'w2'"):
        sex(wave([1]), states=states)
    with pytest.raises(ItemError, match="Codes have other labels in another column"):
        sex(
            wave([1, 2], labels={1: "man"}),
            wave([1, 2], labels={1: "woman"}),
            states={"man": [1], "woman": [2]},
        )


@given(
    codes=st.lists(st.integers(1, 5), min_size=1, max_size=12),
    parts=st.lists(st.sampled_from("abc"), min_size=5, max_size=5),
)
def test_states_are_a_column_recoded(codes, parts):
    states = {}
    for code, part in enumerate(parts, start=1):
        states.setdefault(part, []).append(code)
    group = sex(wave(codes), states=states)
    assert values(group) == [parts[code - 1] for code in codes]
    recoded = pd.Categorical([parts[code - 1] for code in codes], categories=list(states))
    assert read(wave(recoded))["g"].codes.tolist() == group.codes.tolist()


def test_rows_stand_for_people():
    item = GroupStates({"w1": "g"}, {"a": [1]}, named="group")
    with pytest.raises(ItemError, match=r"2 \(7 people\)"):
        code_states(item, "g", {"w1": Wave(pd.DataFrame({"g": [1, 2]}))}, {"w1": pd.array([3, 7])})
