"""Codes are numbered without gaps, and in their order."""

import numpy as np
from hypothesis import given, strategies as st

from opinionpanel.engines import renumbered


@given(st.lists(st.integers(-1, 40) | st.integers(0, 10**12)))
def test_numbers_lead_back_to_the_codes(codes):
    codes = np.array(codes, dtype=np.int64)
    used, numbers = renumbered(codes)
    np.testing.assert_array_equal(used, np.unique(codes[codes >= 0]))
    np.testing.assert_array_equal(np.append(used, -1)[numbers], codes)
