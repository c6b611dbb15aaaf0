"""What regressions have in common: comparisons, parts, notes."""

from functools import partial

import numpy as np
from many_waves import panel

import opinionpanel as op
from opinionpanel.estimates.replicates import Replicates
from opinionpanel.models.answers_over_waves import answer_model
from opinionpanel.models.patterns import Patterns
from opinionpanel.models.regression import later_notes, notes_on_fit


def test_notes_name_what_is_left_out():
    patterns = Patterns(None, None, (), {}, (), (), (), None, ("age 99", "outcome d"), None, None)
    values = np.array([[1.0, 2.0], [np.nan, np.nan], [np.nan, 1.0], [np.nan, np.nan]])
    replicates = Replicates(values, 1.0, np.array([1.0, 1, 1, 0]), mse=False)
    assert notes_on_fit(patterns, 2, ["sex", "age"], "{} with", replicates) == [
        "Left out: 2 people with no known sex or age.",
        "Left out, nobody there: 'age 99', 'outcome d'.",
        "No standard errors: 1 of 3 replicates have no finite fit.",
    ]
    assert notes_on_fit(patterns, 0, [], "{}", None) == [
        "Left out, nobody there: 'age 99', 'outcome d'."
    ]


def test_answers_given_later_are_told_of():
    """They may follow from what they are to explain."""
    people = panel("people")
    grouped = people.group_of("answer", wave="w3", name="later")
    said = "'later' is what people answered at w3, after w2: it may follow from what it is to"
    change = partial(op.change_model, grouped, "later", item="answer", outcome="changed")
    texts = {
        pair: " ".join(str(change(waves=pair).coefficients).split())
        for pair in (("w1", "w2"), ("w2", "w3"))
    }
    assert [said in text for text in texts.values()] == [True, False]
    for model in (op.hazard, op.answer_model):
        fit = model(grouped, "later", item="answer", waves=["w1", "w2", "w4"])
        assert "'later' is what people answered at w3" in " ".join(str(fit.coefficients).split())
        assert later_notes(people, ["sex"], "w1") == []


def test_coefficients_and_effects_are_parted():
    fit = answer_model(panel("people"), "sex * wave", item="answer", kind="binary", state="a")
    assert list(fit.coefficients.labels) == ["term", "outcome"]
    assert list(fit.effects.labels) == ["term", "category", "reference", "outcome"]
    assert fit.effects.unit == "change"
    assert fit.effects.labels["reference"].tolist() == [*["against w1"] * 3, "against f"]
    # The test of a term takes all of its coefficients.
    test = fit.test("sex:wave")
    assert test.df1 == 3
    assert fit.terms["sex:wave"] == tuple(f"sex[T.m]:wave[T.w{t}]" for t in (2, 3, 4))
