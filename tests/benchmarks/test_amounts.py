"""Figures of the benchmarks are shown with three digits at most, a unit that fits, no exponent."""

import re
import sys

import pytest
from hypothesis import given, strategies as st
from places import BENCHMARKS


@pytest.fixture(scope="module")
def amounts():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        import amounts

        yield amounts
    sys.modules.pop("amounts", None)


@given(st.floats(1e-4, 1e9), st.sampled_from(["ms", "KB", "MB", "GB"]))
def test_an_amount_is_near_and_short(amounts, figure, unit):
    shown, its_unit = amounts.amount(figure, unit).split()
    assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?", shown)
    assert len(shown.replace(",", "").replace(".", "").strip("0")) <= 3
    steps = {"ms": 1, "s": 1e3, "KB": 1, "MB": 1e3, "GB": 1e6}
    back = float(shown.replace(",", "")) * steps[its_unit] / steps[unit]
    assert back == pytest.approx(figure, rel=5e-3)


@pytest.mark.parametrize(
    ("figure", "unit", "shown"),
    [
        (1886.7, "ms", "1.89 s"),
        (999.6, "ms", "1 s"),
        (140_265.4, "ms", "140 s"),
        (1_402_654, "ms", "1,400 s"),
        (0.0396, "ms", "0.0396 ms"),
        (1484.2, "MB", "1.48 GB"),
        (0.298, "GB", "298 MB"),
    ],
)
def test_units_fit(amounts, figure, unit, shown):
    assert amounts.amount(figure, unit) == shown


def test_a_ratio_reads_as_its_limit_does(amounts):
    assert amounts.times(0.0096, "≥ 150 × faster") == "104 × faster"
    assert amounts.times(0.214, "≤ 0.5 ×") == "0.214 ×"
    assert amounts.times(0.5, "") == "2 × faster"
    assert amounts.times(0.99, "") == "0.99 ×"
    assert amounts.times(193.36, "") == "193 ×"
