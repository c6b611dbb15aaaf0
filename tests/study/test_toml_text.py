"""Values can be read again as TOML."""

import tomllib

from hypothesis import given, strategies as st

from opinionpanel.study.toml_text import toml_value

values = st.recursive(
    st.text() | st.integers(-(10**9), 10**9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(values)
def test_any_value_can_be_read_again(value):
    assert tomllib.loads(f"key = {toml_value(value)}") == {"key": value}
