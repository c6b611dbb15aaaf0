"""A score is checked when it is made."""

import numpy as np
import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError, SelectionError

ENDS = {"low": 0, "high": 100}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"low": 100, "high": 0}, "low must be less than high: low=100 and high=0 leave no scale"),
        ({"low": 5, "high": 5}, "low=5 and high=5 leave no scale"),
        ({"low": 0, "high": 1e300}, "squares of numbers from 0 to 1e.300 are beyond"),
        ({"low": 0, "high": 10**400}, "Declare the scale in other units, with ends up to 1e.100"),
        ({"low": 0, "high": 1e-300}, "and a width of 1e-100 or more"),
        ({"low": float("nan"), "high": 5}, "low is the end of the scale, as a number, not nan"),
        ({"low": "0", "high": 5}, "low is the end of the scale, as a number, not '0'"),
        ({"low": 0, "high": True}, "high is the end of the scale, as a number, not True"),
        (ENDS | {"missing": "998"}, r"missing must be a list of codes, for example \['998'\]"),
        (ENDS | {"missing": 998}, r"missing must be a list of codes, for example \[998\]"),
        (ENDS | {"missing": [[998]]}, r"missing: a code is a number or a text, not \[998\]"),
        (ENDS | {"missing": [(97, 99)]}, r"a code is a number or a text, not \(97, 99\)"),
        (ENDS | {"missing": [998], "not_asked": [998.0]}, "Code 998 stands in missing and in not_"),
        (ENDS | {"question": 3}, "question is the wording, as text, not 3"),
        (ENDS | {"label": None}, "label is what titles call the score, as text, not None"),
        (ENDS | {"changes": ["May"]}, "changes says in words what changed at a wave"),
    ],
)
def test_what_makes_no_scale_is_refused(wrong, said):
    with pytest.raises(ItemError, match=said):
        op.Score("ft", **wrong)


def test_a_column_is_a_name():
    with pytest.raises(ItemError, match=r"A column is a name, or coalesce\('q1_a', 'q1_b'\)"):
        op.Score(["ft1", "ft2"], low=0, high=100)
    with pytest.raises(SelectionError, match="wave in the score's changes: 'July'"):
        op.Score({"June": "ft"}, low=0, high=100, changes={"July": "by phone"})


def test_ends_may_be_infinite_and_any_kind_of_number():
    assert op.Score("ft", low=np.int64(0), high=float("inf")).ends == "0 to inf"


def test_what_it_says_of_itself():
    score = op.Score(
        {"May": "ft1", "June": op.coalesce("a", "b")}, low=-10, high=10.5, missing=[98, "refused"],
        not_asked=[None], label="Warmth", changes={"June": "by phone"},
    )  # fmt: skip
    assert str(score).splitlines() == [
        "Score: ft1 (May), a or b (June)",
        "  from       -10 to 10.5",
        "  missing    98, 'refused'",
        "  not asked  blank",
        "  columns    ft1 (May), a or b (June)",
        "  label      Warmth",
        "  changes    by phone (June)",
    ]
    assert score._repr_html_().startswith("<pre>Score: ")
    assert (score.kind, score.state_names, score.neutral_state) == ("score", (), None)


def test_what_is_done_with_its_dicts_and_lists_afterwards_changes_nothing():
    column, missing = {"May": "ft"}, [998]
    score = op.Score(column, low=0, high=100, missing=missing)
    column["June"] = "ft2"
    missing.append(1)
    assert score.columns_at("June") == ()
    assert score.missing == (998,)
