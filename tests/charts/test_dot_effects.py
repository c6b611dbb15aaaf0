"""Dots of the effects of models, and of what two items tell of each other."""

import numpy as np
import pytest

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.dot_rows import part_of, rows_of
from opinionpanel.charts.frame import Frame
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of

PAIR = ["Jul 2024", "Nov 2024"]


@pytest.fixture(scope="module")
def panel():
    return op.datasets.load("attitudes_2024").panel


@pytest.fixture(scope="module")
def effects(panel):
    return op.change_model(panel, "gender + age_group", item="support", waves=PAIR).effects


def rows_in(estimates, **options):
    part = part_of(estimates, withheld_of(estimates, 10), state=None, alone=True)
    frame = Frame(part.estimates, part.withheld, Options(**options))
    return rows_of(part, frame, by=None, sort=None, ranks=False)


def test_effects_have_a_section_for_each_answer_and_term(effects):
    rows = rows_in(effects)
    sections = [
        f"{outcome}: {term}"
        for outcome in ("approve", "unsure", "oppose")
        for term in ("gender, against man", "age group, against 18–29")
    ]
    assert list(dict.fromkeys(row.section for row in rows)) == sections
    assert [row.name for row in rows[:4]] == ["woman", "30–44", "45–59", "60+"]
    # No figure stands in another's place.
    labels = effects.labels
    for row in rows:
        outcome = row.section.partition(":")[0]
        place = (labels["outcome"] == outcome) & (labels["category"] == row.name)
        assert row.last.value == effects.value[place.to_numpy()][0]
    single = rows_in(effects.select(outcome="approve"))
    assert single[0].section == "Gender, against man"


def test_terms_that_are_no_groups_have_words(panel):
    fit = op.answer_model(panel, "wave", item="support", kind="binary", state="approve")
    (section,) = {row.section for row in rows_in(fit.effects)}
    assert section == "The wave, against Jul 2024"
    (section,) = {row.section for row in rows_in(fit.effects, language="ru")}
    assert section == "Волна, по сравнению с «Jul 2024»"
    with pytest.raises(SelectionError, match=r"average effects have a chart: \.effects\.plot"):
        fit.coefficients.plot()


def test_what_two_items_tell_has_a_section_for_each(panel):
    fit = op.cross_lagged(panel, "support", "peace", waves=PAIR)
    rows = rows_in(fit.differences)
    assert [row.last.value for row in rows] == fit.differences.value.tolist()
    sections = list(dict.fromkeys(row.section for row in rows))
    assert len(sections) == 2
    assert sections[0].endswith(": had said yes − no to the other question")
    assert sections[1].endswith(": had said approve − oppose to the other question")
    rows = rows_in(fit.standardized)
    assert [row.last.value for row in rows] == fit.standardized.value.tolist()
    assert rows[0].section.endswith(": had said yes to the other question")
    assert fit.standardized.plot().title.text


@pytest.mark.parametrize("measure", [op.association_of_change, op.number_of_changes])
def test_other_numbers_have_an_axis(panel, measure):
    more = ["peace"] if measure is op.association_of_change else []
    given = {} if more else {"mean": True}
    found = measure(panel, "support", *more, waves=PAIR, **given)
    (row,) = rows_in(found)
    assert row.last.value == found.value[0]
    assert np.isfinite(row.last.high - row.last.low)
