"""The assumption of proportional odds: true where it is made so, and silent where it cannot be."""

import numpy as np
import pytest
from many_waves import STRATA, frames, panel_of

from opinionpanel.models.answers_over_waves import answer_model


def ordered(waves, design=STRATA):
    return answer_model(panel_of(waves, design), "sex", item="answer", kind="ordered")


def test_slopes_that_differ_are_found():
    """Men say a or c, women b."""
    waves = {}
    for name, frame in frames().items():
        number = frame["person"].str[1:].astype(int)
        ends = np.where(number % 2, "a", "c")
        middle = (frame["sex"] == "f") & (number % 3 > 0)
        waves[name] = frame.assign(answer=np.where(middle, "b", ends))
    test = ordered(waves).proportional_odds
    assert test.pvalue < 1e-4
    assert test.note.startswith("The slopes differ between thresholds")
    assert test.name.startswith("Proportional odds")


def test_without_a_true_difference_there_is_mostly_none():
    rng, rejected = np.random.default_rng(5), 0
    first = frames()["w1"]
    for _ in range(15):
        latent = rng.logistic(size=len(first)) + (first["sex"] == "m")
        answer = np.array(list("abc"))[np.digitize(latent, [0, 1.2])]
        wave = first.assign(answer=answer)
        test = ordered({"w1": wave, "w2": wave.iloc[:1]}, None).proportional_odds
        rejected += test.pvalue < 0.05
    assert rejected <= 4


def test_no_test_where_a_slope_is_infinite():
    """No man says a, but both sexes have answers on both sides of it in the ordered model."""
    waves = {}
    for name, frame in frames().items():
        gone = (frame["sex"] == "m") & (frame["answer"] == "a")
        waves[name] = frame.assign(answer=frame["answer"].mask(gone, "b"))
    fit = ordered(waves)
    assert fit.proportional_odds is None
    text = " ".join(str(fit).split())
    assert "The assumption of proportional odds is not tested" in text
    assert np.isfinite(fit.coefficients.std_error).all()
    assert fit.loglik == pytest.approx(fit.loglik)
