"""Values, texts and comments can be read again as TOML."""

import tomllib

from hypothesis import given, strategies as st

from opinionpanel.study.toml_text import toml_comment, toml_key, toml_text, toml_value


@given(st.text())
def test_any_text_can_be_written(text):
    assert tomllib.loads(f"{toml_key(text)} = {toml_text(text)}  # {toml_comment(text)}") == {
        text: text
    }


values = st.recursive(
    st.text() | st.integers(-(10**9), 10**9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(values)
def test_any_value_can_be_read_again(value):
    assert tomllib.loads(f"key = {toml_value(value)}") == {"key": value}


@given(st.text())
def test_a_comment_is_one_line(text):
    assert tomllib.loads(f"a = 1  # {toml_comment(text)}") == {"a": 1}
