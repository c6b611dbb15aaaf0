"""Detectable changes against statsmodels, simulation, and each other."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.errors import SelectionError
from opinionpanel.measures.planning import minimum_detectable_change, people_needed

shares = st.floats(0.02, 1.0)


@given(n=st.floats(200, 1e5), turnover=shares, deff=st.floats(0.5, 4), power=st.floats(0.55, 0.99))
def test_the_change_solves_its_equation(n, turnover, deff, power):
    from scipy import stats

    try:
        change = minimum_detectable_change(n=n, turnover=turnover, deff=deff, power=power)
    except SelectionError:
        return
    error = np.sqrt(deff * (turnover - change**2) / n)
    quantiles = stats.norm.ppf(0.975) + stats.norm.ppf(power)
    np.testing.assert_allclose(change, quantiles * error, rtol=1e-9)


@given(turnover=shares, part=st.floats(0.02, 0.98), retained=st.floats(0.3, 1))
def test_the_people_needed_can_show_the_change(turnover, part, retained):
    change = part * turnover
    n = people_needed(change=change, turnover=turnover, retained=retained)
    found = minimum_detectable_change(n=n + 1e-6, turnover=turnover, retained=retained)
    assert found <= change + 1e-9
    # One fewer cannot: it shows a greater change only, or none at all.
    with suppress(SelectionError):
        fewer = minimum_detectable_change(n=n - 1, turnover=turnover, retained=retained)
        assert fewer >= change - 1e-9


@pytest.mark.parametrize("turnover", [0.1, 0.263, 0.5])
def test_against_statsmodels(turnover):
    from statsmodels.stats import power

    change = minimum_detectable_change(n=461, turnover=turnover)
    effect = change / np.sqrt(turnover - change**2)
    reached = power.NormalIndPower().power(effect, nobs1=461, alpha=0.05, ratio=0)
    np.testing.assert_allclose(reached, 0.8, atol=1e-4)
    people = power.TTestPower().solve_power(effect_size=effect, power=0.8, alpha=0.05)
    assert abs(people / 461 - 1) < 0.02


def test_simulated_power():
    rng = np.random.default_rng(1)
    n, turnover = 461, 0.263
    change = minimum_detectable_change(n=n, turnover=turnover)
    gain, loss = (turnover + change) / 2, (turnover - change) / 2
    draws = rng.multinomial(n, [gain, loss, 1 - turnover], size=20_000) / n
    d = draws[:, 0] - draws[:, 1]
    error = np.sqrt((draws[:, 0] + draws[:, 1] - d**2) / (n - 1))
    # 20,000 draws have a standard error of .003.
    np.testing.assert_allclose((np.abs(d / error) > 1.96).mean(), 0.8, atol=0.012)


def test_what_changes_it():
    base = minimum_detectable_change(n=461, turnover=0.263)
    np.testing.assert_allclose(minimum_detectable_change(n=922, turnover=0.263, retained=0.5), base)
    np.testing.assert_allclose(minimum_detectable_change(n=922, turnover=0.263, deff=2.0), base)
    assert minimum_detectable_change(n=461, turnover=0.263, df=20) > base
    assert minimum_detectable_change(n=461, turnover=0.263, level=0.99) > base
    assert minimum_detectable_change(n=461, turnover=0.263, power=0.9) > base
    assert minimum_detectable_change(n=461, turnover=0.3) > base
    assert people_needed(change=-0.05, turnover=0.2) == people_needed(change=0.05, turnover=0.2)
    few = people_needed(change=0.2, turnover=0.2, df=10)
    assert few > people_needed(change=0.2, turnover=0.2)


def test_too_few_people_are_told_how_many_it_takes():
    with pytest.raises(SelectionError, match="even if everyone who moves went one way") as error:
        minimum_detectable_change(n=50, turnover=0.05)
    needed = int(str(error.value).rstrip(".").split("n = ")[1].replace(",", ""))
    assert minimum_detectable_change(n=needed, turnover=0.05) <= 0.05
    with pytest.raises(SelectionError):
        minimum_detectable_change(n=needed - 1, turnover=0.05)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n": 0}, "n must be a number above 0"),
        ({"n": "many"}, "n must be a number above 0, not 'many'"),
        ({"turnover": "0.2"}, "turnover must be a share"),
        ({"power": "0.8"}, "power must lie"),
        ({"level": "0.95"}, "level must lie"),
        ({"df": "10"}, "df must be a number"),
        ({"n": float("nan")}, "n must be a number above 0"),
        ({"n": float("inf")}, "n must be a number above 0"),
        ({"turnover": 26.3}, r"turnover must be a share above 0 and up to 1, not 26.3: 26.3% is"),
        ({"turnover": 0}, "turnover must be a share"),
        ({"deff": -1}, "deff must be a number above 0"),
        ({"power": 0.4}, "power must lie between .5 and 1"),
        ({"power": 80}, "power must lie between .5 and 1"),
        ({"level": 95}, "level must lie between 0 and 1"),
        ({"df": 0}, "df must be a number above 0"),
        ({"retained": 1.2}, "retained must be a share"),
    ],
)
def test_impossible_input(changes, message):
    with pytest.raises(SelectionError, match=message):
        minimum_detectable_change(**({"n": 461, "turnover": 0.263} | changes))
    if "n" not in changes:
        with pytest.raises(SelectionError, match=message):
            people_needed(**({"change": 0.05, "turnover": 0.263} | changes))


def test_net_change_beyond_turnover():
    with pytest.raises(SelectionError, match="cannot come of a turnover of"):
        people_needed(change=0.2, turnover=0.1)
    for change in (0, "0.05"):
        with pytest.raises(SelectionError, match="change must be a share"):
            people_needed(change=change, turnover=0.1)
