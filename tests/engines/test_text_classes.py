"""Kinds of characters: those of Python, on every engine."""

import re
import sys

import narwhals.stable.v2 as nw
import pandas as pd
import pytest
from engine_frames import FRAMES, STAND_INS
from hypothesis import given, strategies as st

from opinionpanel.engines.expressions import collected
from opinionpanel.engines.text_classes import is_format, is_letter, of_kind

ALL = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
EXPRESSIONS = {str.isdecimal: r"\d", str.isspace: r"\s", is_letter: r"[^\W\d_]"}
KINDS = [*EXPRESSIONS, is_format, str.islower, str.isupper]
# Cyrillic, Arabic and full-width digits, a roman numeral, no-break and other spaces, a soft hyphen.
MANY = "Ж\u0661\uff11\u2163\u00a0\u2003\u3000\u00adß١٢x9_-ⅷİ\u200f"


def replaced(engine, texts, kind):
    """Put a mark in the place of the characters of a kind, on an engine."""
    rows = pd.DataFrame({"row": range(len(texts)), "text": texts})
    frame = nw.from_native(rows if engine == "pandas" else FRAMES[engine](rows))
    marked = nw.col("text").str.replace_all(f"[{of_kind(kind)}]", "#").alias("marked")
    if engine == "pandas":
        return frame.select(marked)["marked"].to_list()
    return collected(frame.lazy().select("row", marked)).sort_values("row")["marked"].tolist()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_class_holds_the_characters_of_its_kind_and_no_others(kind):
    found = re.findall(f"[{of_kind(kind)}]", "".join(ALL))
    assert found == [character for character in ALL if kind(character)]


@pytest.mark.parametrize("kind", EXPRESSIONS, ids=lambda kind: kind.__name__)
def test_kinds_are_those_of_pythons_expressions(kind):
    assert re.findall(EXPRESSIONS[kind], "".join(ALL)) == [one for one in ALL if kind(one)]


@pytest.mark.parametrize("engine", ["pandas", *STAND_INS])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_engines_find_the_same_characters(engine, kind):
    # All characters there are, a thousand in a text.
    texts = ["".join(ALL[start : start + 1000]) for start in range(0, len(ALL), 1000)]
    expected = ["".join("#" if kind(one) else one for one in text) for text in texts]
    assert replaced(engine, texts, kind) == expected


@pytest.mark.parametrize("engine", ["pandas", *STAND_INS])
@given(texts=st.lists(st.text(max_size=6) | st.text(MANY, max_size=6), min_size=1, max_size=8))
def test_engines_write_texts_as_python_does(engine, texts):
    for kind, expression in EXPRESSIONS.items():
        assert replaced(engine, texts, kind) == [re.sub(expression, "#", text) for text in texts]
