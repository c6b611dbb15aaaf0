"""Formulas: the small grammar, and that all else is refused before any library reads it."""

import re

import numpy as np
import pandas as pd
import pytest
from change_people import panel, people
from hypothesis import example, given, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.models.formula import CONTRASTS, MOST_TERMS, read_formula
from opinionpanel.models.regression_of_change import change_model

GROUPS = ["age", "region", "sex"]


def terms(text, groups=GROUPS):
    return [":".join(map(str, term)) for term in read_formula(text, groups).terms]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", []),
        ("origin + sex", ["sex"]),
        ("sex * age", ["sex", "age", "sex:age"]),
        ("sex:age + age:sex", ["sex:age"]),
        ("origin:sex + age", ["age", "origin:sex"]),
        ("(sex + age):region", ["sex:region", "age:region"]),
        ("`sex`\n*\tregion:age", ["sex", "region:age", "sex:region:age"]),
        ("C( sex )", ["C(sex)"]),
        ('C(age, contr.treatment(base="55+"))', ["C(age, contr.treatment('55+'))"]),
        ("C(age,contr.treatment('a ''b'''))", ["C(age, contr.treatment(\"a 'b'\"))"]),
        *((f"C(age, contr.{name}())", [f"C(age, contr.{name})"]) for name in CONTRASTS),
    ],
)
def test_the_grammar(text, found):
    assert terms(text) == ["origin", *found]


def test_groups_stand_in_the_order_of_the_formula():
    assert read_formula("sex + age", GROUPS).groups == ["sex", "age"]
    assert read_formula("age:se + s", ["s", "se", "age"]).groups == ["age", "se", "s"]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("answer ~ sex", "give the right-hand side only"),
        ("sex +", "a name is expected in place of the end"),
        ("", "cannot be read"),
        (".", "cannot be read"),
        ("sex age", "'age' stands where +, * or : is expected"),
        ("sexx", "Unknown variable in the formula: 'sexx'. Did you mean 'sex'"),
        ("np.log(age)", "It names groups, which are categories, not numbers"),
        ("lag(sex)", "'lag' stands before a bracket, and nothing is computed"),
        ("'sex'", "cannot be read"),
        (3, "formula must be text, not 3"),
        ("sex - 1", "Formula 'sex - 1' takes a term out"),
        ("0 + sex", "Formula '0 + sex' takes a term out"),
        ("sex - origin", "takes a term out, with - or 0. The intercept and the origin are always"),
        ("sex +-1", "takes a term out"),
        ("2 * sex", "2 is a number; a group of that name stands in backquotes"),
        ("C(age, contr.sum('55+'))", "contr.sum() takes nothing, not '55+'"),
        ("C(age, contr.treatment('99'))", "Unknown category of 'age' with anybody: '99'"),
        ("C(age, contr.treatment(sex))", "takes a category in quotes, not 'sex'"),
        ("C(age, Treatment)", "'Treatment' is none of the contrasts"),
    ],
)
def test_formulas_that_make_no_sense(formula, text):
    with pytest.raises(SelectionError, match=re.escape(text)):
        change_model(panel("people"), formula, item="answer")


HOSTILE = [
    '__import__("os").system("true")',
    "(lambda: sex)()",
    "sex.__class__",
    "{sex}",
    "{__import__('os').system('true')}",
    "I(sex)",
    'Q("sex")',
    "`__import__('os').system('true')`",
    "`sex`.map(print)",
    "C(sex, print())",
    "C(sex, contr.treatment(print()))",
    'C(sex, contr.treatment("f" if print() else "m"))',
    'C(sex, contr.treatment("f"), levels=print())',
    "C(sex, contr.__class__)",
    "contr.treatment('f')",
    "\N{CYRILLIC CAPITAL LETTER ES}(sex)",
    "\N{FULLWIDTH LATIN SMALL LETTER S}ex",
    "sex\0",
    "sex\N{RIGHT-TO-LEFT OVERRIDE}",
    "sex[0]",
    "sex if sex else sex",
    "sex ** 2",
    "sex / age",
    "sex %in% age",
    "sex | age",
    "@sex",
    "sex; age",
    "sex # age",
    "f'{sex}'",
    "`sex",
    "C(`sex",
    "(" * 10_000 + "sex" + ")" * 10_000,
    "*".join(f"(sex + age + region + {name})" for name in ("1", "origin")) + "+" + "x" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_code_is_refused_before_anything_reads_it(text):
    with pytest.raises(SelectionError, match=r"^(Formula|Unknown variable)") as refusal:
        read_formula(text, GROUPS)
    assert len(str(refusal.value)) < 700
    assert str(refusal.value).isprintable()


def test_a_short_formula_cannot_fill_the_memory():
    names = [f"g{number}" for number in range(60)]
    with pytest.raises(SelectionError, match=f"more than {MOST_TERMS:,} terms"):
        read_formula(" * ".join(names), names)


def test_a_formula_that_repeats_itself_is_refused_at_once():
    names = [f"g{number}" for number in range(100)]
    crossed = f"({'*'.join(names[:9])})"
    for text in ("+".join(names * 200), ":".join(names * 200), "*".join([crossed] * 200)):
        with pytest.raises(SelectionError, match="repeat each other too often"):
            read_formula(text, names)


def test_columns_are_counted_before_they_are_made(monkeypatch):
    """The count is that of what is made: one column fewer is refused."""
    rng, sizes = np.random.default_rng(1), {"origin": 2, "a": 3, "b": 4, "c": 2}
    frame = pd.DataFrame(
        {name: pd.Categorical(rng.choice([*"pqrs"[:many]], 90)) for name, many in sizes.items()}
    )
    for text in ("a", "a:b", "a*b", "a:b + b:c", "a*b*c", "C(a, contr.sum):b + c"):
        formula = read_formula(text, sizes)
        columns = formula.matrix(frame)[1].shape[1]
        with monkeypatch.context() as patch:
            patch.setattr("opinionpanel.models.formula.MOST_COLUMNS", columns)
            formula.matrix(frame)
            patch.setattr("opinionpanel.models.formula.MOST_COLUMNS", columns - 1)
            with pytest.raises(SelectionError, match=r"more than \d+ coefficients"):
                formula.matrix(frame)


def test_a_crossing_of_many_groups_fills_no_memory():
    names = [f"g{number}" for number in range(20)]
    frame = pd.DataFrame(dict.fromkeys([*names, "origin"], pd.Categorical([*"abc"] * 9)))
    with pytest.raises(SelectionError, match="more than 1,000 coefficients"):
        read_formula(":".join(names), names).matrix(frame)


@given(st.text(st.sampled_from("sexage`'\"C(,).:+*~-01 \n\\\0contr{}"), max_size=30) | st.text())
def test_any_text_is_a_formula_or_refused_in_words(text):
    try:
        found = read_formula(text, GROUPS)
    except SelectionError:
        return
    assert {one.name for term in found.terms for one in term} <= {"origin", *GROUPS}


@given(st.text(min_size=1))
@example("a`b")
@example("`")
@example('__import__("os")')
def test_any_name_stands_in_backquotes(name):
    quoted = "`{}`".format(name.replace("`", "``"))
    for text, contrast in ((quoted, None), (f"C({quoted})", "")):
        (_, (found,)) = read_formula(text, [name]).terms[:2]
        if name != "origin":
            assert (found.name, found.contrast) == (name, contrast)


def test_names_are_looked_up_and_never_evaluated():
    """Groups named like code, or like what a library knows, are ordinary groups."""
    names = ['__import__("os").system("true")', "np", "a`b:{sex}['"]
    item = op.Item({"w1": "answer1", "w2": "answer2"}, {state: [state] for state in "abc"})
    frame = people()
    frame = frame.assign(**dict.fromkeys(names, frame["sex"]))
    here = op.Panel.from_wide(frame, person="person", items={"x": item}, groups=["sex", *names])
    plain = change_model(here, "sex", item="x")
    for name in names:
        quoted = "`{}`".format(name.replace("`", "``"))
        fit = change_model(here, f"C({quoted}, contr.treatment('f'))", item="x")
        np.testing.assert_array_equal(fit.coefficients.value, plain.coefficients.value)
        assert fit.effects.labels["term"].unique().tolist() == [name]


@pytest.mark.parametrize(
    ("names", "formula", "called"),
    [
        (["1"], "`1`", "'1'"),
        (["Intercept"], "`Intercept`", "'Intercept'"),
        (["sex", "C(sex)"], "C(sex) + `C(sex)`", "'C(sex)'"),
    ],
)
def test_names_that_are_written_as_other_parts_are_refused(names, formula, called):
    frame = people().assign(**dict.fromkeys(names, people()["sex"]))
    item = op.Item({"w1": "answer1", "w2": "answer2"}, {state: [state] for state in "abc"})
    here = op.Panel.from_wide(frame, person="person", items={"x": item}, groups=names)
    with pytest.raises(SelectionError, match=re.escape(f"are called {called}. Rename the group")):
        change_model(here, formula, item="x")
