"""Every kind of file and panel × every form that it may come in × every engine: the right numbers.

What is right is worked out by hand from the frames, or from a panel of frames that were cleaned by
hand.
"""

import numpy as np
import pandas as pd
import pytest
from any_form import FORMS, WAYS, Case, panel_of

import opinionpanel as op

FRAMES = ("from_waves", "from_long", "from_wide")
PEOPLE = np.arange(100, 160)
EVEN = pd.DataFrame({"id": PEOPLE, "v": 1 + PEOPLE // 2 % 2})

# Name to the case, to what must be so of its panel, and to the forms that it can have.
KINDS = {}


def waves(*frames):
    return {str(place): frame for place, frame in enumerate(frames, start=1)}


def kind(make, *, forms=None):
    case, right = make()
    KINDS[make.__name__] = case, right, forms or list(FORMS)
    return make


def of_frames(make):
    """A kind that text files do not have: they have no labels."""
    return kind(make, forms=FRAMES)


def of_files(make):
    """A kind that only text files have."""
    return kind(make, forms=[form for form in FORMS if form not in FRAMES])


def lost(panel):
    """The share not interviewed at the later wave, for each pair that links people."""
    found = op.attrition(panel, "v").select(state="all").to_frame()
    pairs = zip(found["from_wave"], found["to_wave"], strict=True)
    return dict(zip(pairs, found["estimate"].round(6), strict=True))


def share_of(panel, wave, state):
    return round(float(op.shares(panel, "v", waves=[wave]).select(state=state).value[0]), 6)


def sizes(panel):
    """How many answered at the first wave, by category of the group."""
    found = op.shares(panel, "v", by="g", waves=panel.waves[:1]).select(state="yes").to_frame()
    return {name: int(n) for name, n in zip(found["g"], found["n"], strict=True) if n}


def notes(panel):
    return " ".join(line for line in str(panel).splitlines() if line.startswith("Note"))


@kind
def people_who_come_late_and_leave_early():
    fresh = pd.DataFrame({"id": [1, 2, 3], "v": [2, 2, 2]})
    later = pd.concat([EVEN.iloc[15:].assign(v=1), fresh])

    def right(panel):
        assert panel.waves == ("1", "2")
        assert lost(panel) == {("1", "2"): 0.25}
        assert share_of(panel, "2", "no") == round(3 / 48, 6)

    return Case(waves(EVEN, later)), right


@kind
def a_code_of_no_interview():
    later = EVEN.assign(v=np.where(PEOPLE % 10 < 4, 99, 1))
    item = {"states": {"yes": [1], "no": [2]}, "no_interview": [99]}

    def right(panel):
        assert lost(panel) == {("1", "2"): 0.4}

    return Case(waves(EVEN, later), item), right


@kind
def a_status_of_who_was_interviewed():
    later = EVEN.assign(status=np.where(PEOPLE % 4 == 0, 3, 1 + PEOPLE % 2))

    def right(panel):
        assert lost(panel) == {("1", "2"): 0.25}

    return Case(waves(EVEN.assign(status=1), later), status=[1, 2]), right


@kind
def a_positive_weight_of_who_was_interviewed():
    later = EVEN.assign(w=np.where(PEOPLE % 5 == 0, 0.0, 2.0))

    def right(panel):
        assert lost(panel) == {("1", "2"): 0.2}

    both = waves(EVEN.assign(w=1.0), later)
    return Case(both, weighted=True, arguments={"interviewed": "weight"}), right


@kind
def a_code_that_looks_like_no_interview():
    silent = PEOPLE % 4 == 0
    later = EVEN.assign(v=np.where(silent, 99, 1 + PEOPLE % 2), w=np.where(silent, 0.0, 2.0))
    item = {"states": {"yes": [1], "no": [2]}, "rest": "missing"}

    def right(panel):
        assert "15 of 60 people interviewed (25%) have no answer" in notes(panel)

    return Case(waves(EVEN.assign(w=1.0), later), item, weighted=True), right


@kind
def two_baselines_and_one_follow_up():
    second = EVEN.assign(id=PEOPLE + 1000)
    last = pd.concat([EVEN.iloc[:30], second.iloc[:45]]).assign(v=1)

    def right(panel):
        moves = op.transitions(panel, "v").labels
        pairs = {("1", "3"), ("2", "3")}
        assert set(zip(moves["from_wave"], moves["to_wave"], strict=True)) == pairs
        assert lost(panel) == {("1", "3"): 0.5, ("2", "3"): 0.25}
        assert "not due" in notes(panel)

    return Case(waves(EVEN, second, last)), right


@kind
def a_cohort_that_is_declared_due():
    """Nobody of the first wave was at the second, and all were to be."""
    second = EVEN.assign(id=PEOPLE + 1000)
    last = pd.concat([EVEN.iloc[:30], second.iloc[:45]]).assign(v=1)

    def right(panel):
        named = op.attrition(panel, "v", waves=["1", "2"]).select(state="all")
        assert named.value.tolist() == [1.0]

    return Case(waves(EVEN, second, last), arguments={"due": {"1": ["1", "2", "3"]}}), right


@kind
def a_group_with_states():
    told = EVEN.assign(g=np.where(PEOPLE % 10 == 0, 9, 1 + PEOPLE % 3))
    group = {"states": {"young": [1], "older": [2, 3]}, "rest": "missing"}

    def right(panel):
        assert panel.groups["g"].categories == ("young", "older")
        assert sizes(panel) == {"young": 18, "older": 36}

    return Case(waves(told, told), group=group), right


@kind
def a_group_in_bands():
    ages = EVEN.assign(g=18 + PEOPLE % 60)
    cut = pd.cut(ages["g"], [17, 29, 44, 59, 99], labels=["18–29", "30–44", "45–59", "60+"])

    def right(panel):
        assert sizes(panel) == cut.value_counts().to_dict()

    return Case(waves(ages, ages), group={"bands": [18, 30, 45, 60]}), right


@kind
def a_refusal_is_no_other_value():
    first = np.where(PEOPLE % 2, "man", "woman")
    later = np.where(PEOPLE % 12 == 0, "refused", first)

    def right(panel):
        assert panel.groups["g"].changed == 0
        assert sizes(panel) == {"man": 30, "woman": 30}

    return Case(waves(EVEN.assign(g=later), EVEN.assign(g=first)), group={}), right


@kind
def names_of_a_group_in_several_spellings():
    first = np.where(PEOPLE % 2, "North West", "South")
    later = np.where(PEOPLE % 2, "north\N{NO-BREAK SPACE}west.", "SOUTH")

    def right(panel):
        assert panel.groups["g"].changed == 0
        assert sizes(panel) == {"North West": 30, "South": 30}
        assert "South" in notes(panel)

    return Case(waves(EVEN.assign(g=first), EVEN.assign(g=later)), group={}), right


@kind
def answers_that_were_carried_over():
    def right(panel):
        assert "all 60 people who answered at 1 and at 2 gave the same answer" in notes(panel)

    return Case(waves(EVEN, EVEN)), right


@kind
def codes_that_shift_by_one():
    states = {"a": [0], "b": [1], "c": [2], "d": [3]}
    first = EVEN.assign(v=PEOPLE % 3)

    def right(panel):
        assert "code 0 does not occur at '2', where 3 is new" in notes(panel)

    return Case(waves(first, first.assign(v=first["v"] + 1)), {"states": states}), right


@of_frames
def labels_and_declared_missing_codes():
    told, again = (np.where(PEOPLE % 10 == 0, code, 1 + PEOPLE % 2) for code in (9, 2))
    labels = {"v": {1: "Yes", 2: "No"}, "g": {1: "man", 2: "woman", 9: "Refused"}}
    item = {"states": {"yes": ["Yes"], "no": ["No"]}}

    def right(panel):
        assert panel.groups["g"].changed == 0
        assert sizes(panel) == {"man": 24, "woman": 36}

    both = waves(EVEN.assign(g=told), EVEN.assign(g=again))
    return Case(both, item, group={}, labels=labels, missing={"g": [9]}), right


@of_files
def psus_that_numbers_would_merge():
    frame = EVEN.assign(psu=[f"1.{1 + place % 20}" for place in range(60)])

    def right(panel):
        assert panel.sampling.text == "20 PSUs"

    return Case(waves(frame, frame), design={"psu": "psu"}), right


@of_files
def words_that_stand_for_blanks():
    later = EVEN.assign(v=[("NA" if one % 6 == 0 else "1") for one in PEOPLE])

    def right(panel):
        assert share_of(panel, "2", "yes") == 1

    return Case(waves(EVEN, later), reading={"blanks": ["NA"]}), right


ALL = [
    pytest.param(name, form, engine, marks=pytest.mark.slow if engine == "duckdb" else ())
    for name, (_, _, forms) in KINDS.items()
    for form in forms
    for engine in FORMS[form]
]


@pytest.mark.parametrize(("name", "form", "engine"), ALL)
def test_the_right_numbers_in_every_form(name, form, engine, tmp_path):
    case, right, _ = KINDS[name]
    right(panel_of(case, form, engine, tmp_path))


# What is refused: the case, and what the refusal says.
REFUSED = {
    "a label renamed at one wave": (
        Case(
            waves(
                EVEN.assign(v=np.array(["Yes", "No", "Don't know"])[PEOPLE % 3]),
                EVEN.assign(v=np.array(["Yes", "No", "Don't know / refused"])[PEOPLE % 3]),
            ),
            {
                "states": {"yes": ["Yes"], "no": ["No"], "dk": ["Don't know"]},
                "rest": "missing",
            },
        ),
        "Don't know / refused",
    ),
    "a code beside the states and that of no interview": (
        Case(
            waves(EVEN, EVEN.assign(v=np.where(PEOPLE % 2, 99, 1))),
            {"states": {"yes": [1], "no": [2]}, "no_interview": [7]},
        ),
        "99",
    ),
    "a status that nobody has": (
        Case(waves(EVEN.assign(status=1), EVEN.assign(status=2)), status=[5]),
        "5 occurs at no wave",
    ),
    "a code of a group without a state": (
        Case(
            waves(EVEN.assign(g=1), EVEN.assign(g=1 + PEOPLE % 3)),
            group={"states": {"man": [1], "woman": [2]}},
        ),
        "3 (20 people)",
    ),
    "a wave that is not there": (
        Case(waves(EVEN, EVEN), arguments={"due": {"1": ["none"]}}),
        "none",
    ),
    "ids that stand twice": (
        Case(waves(pd.concat([EVEN, EVEN[:4]]), pd.concat([EVEN, EVEN[:4]]))),
        "duplicates",
    ),
}


@pytest.mark.parametrize(("form", "engine"), [way for way in WAYS if way[1] != "duckdb"])
@pytest.mark.parametrize("name", REFUSED)
def test_the_same_refusal_in_every_form(name, form, engine, tmp_path):
    case, say = REFUSED[name]
    with pytest.raises(op.OpinionPanelError) as refused:
        panel_of(case, form, engine, tmp_path)
    assert say in str(refused.value)
