"""Tests of whether two studies differ, and their sentences."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import opinionpanel as op
from opinionpanel.disclosure import Shown
from opinionpanel.estimates import Withheld, withheld_of
from opinionpanel.report.beside_shown import joined
from opinionpanel.report.beside_tests import beside_families, beside_sentences, differences
from opinionpanel.report.told import Told, report_language
from opinionpanel.study import Study


def shown(panel, item):
    found = op.shares(panel, item)
    return Shown(found, withheld_of(found, 10))


@pytest.fixture
def two(from_table):
    """Two samples of other people, of 100 and 80."""
    one = from_table(["yes", "no"], [[40, 10], [20, 30]])
    other = from_table(["yes", "no"], [[15, 10], [25, 30]])
    (item,) = one.items
    return one, other, item


def test_differences_are_those_of_the_estimates_and_of_no_other_waves(two):
    one, other, item = two
    beside = joined({"N": shown(one, item), "S": shown(other, item)})
    found = differences(beside)
    direct = op.side_by_side({"N": op.shares(one, item), "S": op.shares(other, item)})
    direct = direct.difference("study", "N", minus="S")
    assert [(each.study, each.other, each.wave) for each in found] == [
        ("N", "S", wave) for wave in one.waves
    ]
    value = np.concatenate([each.shown.estimates.value for each in found])
    error = np.concatenate([each.shown.estimates.std_error for each in found])
    assert value == pytest.approx(direct.value)
    assert error == pytest.approx(direct.std_error)
    assert {each.shown.estimates.about.base for each in found} == {direct.about.base}


def test_one_comparison_of_two_answers_is_tested_by_its_own_t(two):
    one, other, item = two
    beside = joined({"N": shown(one, item), "S": shown(other, item)})
    families = beside_families(beside, found := differences(beside))
    p = []
    for each in found:
        estimates = each.shown.estimates
        t = estimates.value[0] / estimates.std_error[0]
        p.append(2 * stats.t.sf(abs(t), estimates.df[0]))
    # Holm: the least of two counts twice.
    least, most = sorted(p)
    wanted = {least: min(1, 2 * least), most: max(2 * least, most)}
    assert [family.pvalue for family in families] == pytest.approx([wanted[one] for one in p])


def told(panel):
    return Told(Study(title="", source="", panel=panel), report_language("en"))


def test_sentences_say_what_the_tests_hold_up(two):
    one, other, item = two
    same = joined({"N": shown(one, item), "S": Shown(*alike(one, item))})
    (first, _), (open_, _) = differences(same), beside_families(same, differences(same))
    (text,) = beside_sentences(open_, first, told(one))
    assert text.startswith("In w1 the answers do not detectably differ between N and S")
    beside = joined({"N": shown(one, item), "S": shown(other, item)})
    found = differences(beside)
    (text,) = beside_sentences(beside_families(beside, found)[0], found[0], told(one))
    assert text.startswith("In w1 “yes” was more common in N than in S, by ")
    assert text.endswith("; n = 100 and 80).")
    # The base of whoever has more stands first, as in the sentence.
    beside = joined({"S": shown(other, item), "N": shown(one, item)})
    (text,) = beside_sentences(
        beside_families(beside, found := differences(beside))[0], found[0], told(one)
    )
    assert text.startswith("In w1 “yes” was more common in N than in S, by ")
    assert text.endswith("; n = 100 and 80).")


def alike(panel, item):
    """The same figures, as of other people."""
    found = op.shares(panel, item)
    found = replace(found, about=replace(found.about, marks=frozenset({"another"})))
    return found, withheld_of(found, 10)


def test_what_is_withheld_is_not_tested(two):
    one, other, item = two
    found = op.shares(other, item)
    rows = np.arange(len(found)) == 1
    hidden = Shown(found, Withheld(rows, 10, 5))
    beside = joined({"N": shown(one, item), "S": hidden})
    first, second = beside_families(beside, differences(beside))
    assert first.pvalue is None
    assert second.pvalue is not None
    (text,) = beside_sentences(first, differences(beside)[0], told(one))
    assert text.startswith("Whether N and S differ in w1 was not tested: too few people")
    assert first.singles["estimate"].isna().tolist() == [False, True]


def alike_within(value, people, answer="a"):
    """One wave of people who all say the same."""
    frame = pd.DataFrame({"ft": [value] * people, "q": [answer] * people})
    items = {"s": op.Score("ft", low=0, high=10), "x": op.Item("q", {"a": ["a"], "b": ["b"]})}
    return op.Panel.from_waves({"w1": frame}, person=None, items=items)


@pytest.mark.parametrize(
    ("measure", "name", "what"), [(op.means, "s", "number"), (op.shares, "x", "answer")]
)
def test_where_nobody_differs_within_a_study_no_sample_is_called_small(measure, name, what):
    figures = {}
    for study, value in (("N", 3.3), ("S", 4.1)):
        panel = alike_within(value, 544)
        found = measure(panel, name)
        figures[study] = Shown(found, withheld_of(found, 10))
    beside = joined(figures)
    (one,), (family,) = differences(beside), beside_families(beside, differences(beside))
    assert family.pvalue is None
    (text,) = beside_sentences(family, one, told(panel))
    assert text.endswith(
        f"nothing varies in what is compared, as where everyone gave the same {what}."
    )
