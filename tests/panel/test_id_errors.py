"""What is said of ids that stand for nobody: how many rows, and advice that loses nobody."""

import pandas as pd
import pytest
from engine_frames import FRAMES, ON_STAND_INS

import opinionpanel as op
from opinionpanel.errors import LinkError

ITEMS = {"v": op.Item("q", {"yes": [1], "no": [2]})}


def refusal(second, made=lambda frame: frame, **told):
    """What is refused of two waves; the first has the ids 71 to 76."""
    waves = {
        "t1": pd.DataFrame({"old": [71, 72, 73, 74, 75, 76], "q": 1}),
        "t2": pd.DataFrame({"old": second, "q": 2}),
    }
    with pytest.raises(LinkError) as error:
        op.Panel.from_waves(
            {name: made(frame) for name, frame in waves.items()}, person="old", items=ITEMS, **told
        )
    return str(error.value)


CASES = {
    "one placeholder": [71, 72, -1, -1, -1],
    "two placeholders": [71, 72, -1, -1, -1, 0, 0],
    "real ones as well": [71, 71, 72, -1, -1, -1],
    "two rows below zero": [71, 72, -1, -1],
    "real ones only": [71, 71, 72, 99, 99],
}


@pytest.mark.parametrize("case", CASES)
def test_a_way_out_for_each(case):
    text = refusal(CASES[case])
    assert text.startswith("Wave 't2' (a frame), column 'old': ")
    assert ("duplicates='drop_all'" in text) == case.startswith("real")
    assert ("no person id" in text) == (case != "real ones only")
    if case == "one placeholder":
        assert "3 row(s) have no person id: the value '-1' stands in their place" in text
        assert "person={'t2': ['old', 'own_id'], …}" in text
        assert "no_id=[…]" in text
    if case == "two placeholders":
        assert "5 row(s) have no person id: 2 values, one of them '-1'" in text
    if case == "real ones as well":
        assert "1 id(s) stand in more than one row (2 rows, 1 too many)" in text
        assert "3 further row(s) have no person id" in text


@ON_STAND_INS
@pytest.mark.parametrize("case", CASES)
def test_on_an_engine_alike(engine, case):
    assert refusal(CASES[case], FRAMES[engine]) == refusal(CASES[case])


@ON_STAND_INS
@pytest.mark.parametrize(
    ("second", "no_id"),
    [
        ([71, 72, -1, -1, 73], [-1]),
        ([71, 72, 555, 556], ["555", 556]),
        ([71.0, 72.0, -1.0, None, 73.0], [-1.0, "none"]),
        (["71", "72", "none", " -1", "73"], ["none", -1]),
    ],
)
def test_declared_values_are_blanks(engine, second, no_id):
    text = refusal(second, no_id=no_id)
    number = len(second) - sum(one in (71, 72, 73, "71", "72", "73") for one in second)
    assert f"column 'old': {number} row(s) have no person id. If they are new" in text
    assert refusal(second, FRAMES[engine], no_id=no_id) == text
    assert refusal(second, no_id=no_id, duplicates="drop_all") == text
