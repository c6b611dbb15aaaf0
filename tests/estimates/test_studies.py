"""Estimates of independent studies side by side: each as it was, and nothing between them."""

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from public_calls import PANEL, made

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of
from opinionpanel.strategies import panels

WAVES = ["May", "June"]


@pytest.fixture(scope="module")
def other():
    """The people of the other panel of tests, drawn anew."""
    return made(design=op.Design(weight="w", psu="unit"), source="elsewhere")


def shares(panel, **how):
    return op.shares(panel, "x", **{"waves": WAVES} | how)


@settings(max_examples=8, deadline=None)
@given(panels(movers=False, states=(3, 3), people=(10, 30)), panels(states=(3, 3), people=(10, 30)))
def test_a_difference_has_the_sum_of_both_variances(one, two):
    asked = [panel.asked("opinion")[:2] for panel in (one, two)]
    parts = [
        op.turnover(panel, "opinion", waves=waves)
        for panel, waves in zip((one, two), asked, strict=True)
    ]
    found = op.side_by_side({"one": parts[0], "two": parts[1]})
    size = len(parts[0])
    np.testing.assert_array_equal(found.value, np.concatenate([part.value for part in parts]))
    np.testing.assert_array_equal(found.std_error, np.concatenate([p.std_error for p in parts]))
    for place, part in zip((slice(size), slice(size, None)), parts, strict=True):
        own, known = found.covariance[place, place], np.isfinite(part.std_error)
        own, known = own[known][:, known], part.covariance[known][:, known]
        np.testing.assert_allclose(own, known, atol=1e-15)
    between = found.covariance[:size, size:]
    known = np.isfinite(parts[0].std_error)[:, None] & np.isfinite(parts[1].std_error)
    assert (between[known] == 0).all()
    less = found.difference("study", "one", minus="two")
    np.testing.assert_allclose(less.value, parts[0].value - parts[1].value)
    expected = np.hypot(parts[0].std_error, parts[1].std_error)
    np.testing.assert_allclose(less.std_error, expected, atol=1e-12)
    np.testing.assert_array_equal(less.df, np.minimum(parts[0].df, parts[1].df))
    np.testing.assert_array_equal(less.n, np.minimum(parts[0].n, parts[1].n))


def test_each_study_is_named_in_the_caption(other):
    found = op.side_by_side({"North": shares(PANEL, by="sex"), "South": shares(other, by="sex")})
    assert [*found.labels] == ["study", "wave", "sex", "state"]
    text = " ".join(str(found).split())
    assert "by sex, by study" in text
    assert "n = North 28 to 30, South 28 to 30 (unweighted)." in text
    assert "Weight: North: w (at May); South: w (at May); North: w (at June); South: w" in text
    assert "Source: South: elsewhere." in text
    assert "the design (North: 2 strata, 20 PSUs; South: a simple random sample of 20 PSUs)" in text
    assert "South: No strata were declared." in text
    assert "North: No" not in text
    one = found.select(study="South")
    assert "n = 28 to 30 (unweighted)." in " ".join(str(one).split())


def test_where_each_has_a_wave_of_its_own_they_get_a_name_in_common(other):
    may, june = shares(PANEL, waves="May"), shares(other, waves="June")
    found = op.side_by_side({"A": may, "B": june})
    assert found.labels["wave"].unique().tolist() == ["May (A), June (B)"]
    assert found.about.weight == "A: w (at May); B: w (at June)"
    assert len(found.difference("study", "A", minus="B")) == 3
    pairs = {
        "A": op.flows(PANEL, "x", waves=["May", "June"]),
        "B": op.flows(other, "x", waves=["May", "July"]),
    }
    labels = op.side_by_side(pairs).labels
    assert labels["from_wave"].unique().tolist() == ["May"]
    assert labels["to_wave"].unique().tolist() == ["June (A), July (B)"]
    both = {"A": shares(PANEL), "B": shares(other, waves=["June", "July"])}
    assert op.side_by_side(both).labels["wave"].unique().tolist() == ["May", "June", "July"]


def test_a_study_is_withheld_as_on_its_own(other):
    """In one table of groups a second would be withheld beside the small one."""
    few = shares(PANEL.where(sex="man"), waves="May")
    one = replace(few, n=np.full(3, 7.0), n_cell=None)
    found = op.side_by_side({"A": one, "B": shares(other, waves="May")})
    hidden = withheld_of(found, 10).rows
    np.testing.assert_array_equal(hidden, [True] * 3 + [False] * 3)
    flows = [op.flows(panel, "x", waves=WAVES, by="sex") for panel in (PANEL, other)]
    alone = [withheld_of(part, 10).rows for part in flows]
    both = withheld_of(op.side_by_side({"A": flows[0], "B": flows[1]}), 10).rows
    assert alone[0].any()
    np.testing.assert_array_equal(both, np.concatenate(alone))


def test_charts_draw_a_panel_or_a_section_for_each_study(other):
    found = op.side_by_side({"North": shares(PANEL), "South": shares(other)})
    for draw in (op.charts.trend, op.charts.dots, op.charts.stacked):
        text = draw(found, min_n=1).to_json()
        assert "North" in text
        assert "South" in text
    assert "South" in str(op.report.table(found).text)


def test_they_go_through_other_processes_and_functions(other):
    found = op.side_by_side({"A": shares(PANEL), "B": shares(other)})
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.covariance, found.covariance)
    ratio = found.derive(lambda p: [p[0] / p[6]], {"ratio": ["A/B"]})
    a, b = found.value[0], found.value[6]
    error = a / b * np.hypot(found.std_error[0] / a, found.std_error[6] / b)
    np.testing.assert_allclose(ratio.std_error, error)
    third = op.side_by_side({"A": shares(PANEL)} | {"B": shares(other)}, name="country")
    assert third.about.study == "country"


def test_the_same_panel_is_refused_whatever_was_done_to_it(other):
    for changed in (
        PANEL,
        PANEL.where(sex="man"),
        op.rake(PANEL, {"sex": {"man": 0.5, "woman": 0.5}}),
        op.typology(PANEL, "x"),
    ):
        with pytest.raises(SelectionError, match="'A' and 'C' are of the same panel"):
            op.side_by_side({"A": shares(PANEL), "B": shares(other), "C": shares(changed)})
    both = op.side_by_side({"A": shares(PANEL), "B": shares(other)})
    with pytest.raises(SelectionError, match="of the same panel"):
        op.side_by_side({"both": both, "A": shares(PANEL)}, name="source")


def test_what_differs_is_listed(other):
    one = shares(PANEL)
    item = op.Item("q", {"yes": [1], "maybe": [2], "no": [3]})
    for two, words in (
        (op.flows(other, "x"), r"other measures: shares \(share\) and flows \(share\)"),
        (one.difference("wave", "June", minus="May"), "of the same panel"),
        (
            shares(other, by="sex"),
            "other columns of labels: 'wave', 'state'; 'wave', 'sex', 'state'",
        ),
        (
            shares(made(items={"x": item})),
            "another state: 'unsure' only in the first, 'maybe' only",
        ),
    ):
        with pytest.raises(SelectionError, match=words):
            op.side_by_side({"A": one, "B": two})
    with pytest.raises(SelectionError, match="two studies or more"):
        op.side_by_side({"A": one})
    with pytest.raises(SelectionError, match="a label column 'wave' already"):
        op.side_by_side({"A": one, "B": shares(other)}, name="wave")


@pytest.mark.parametrize("measure", [op.quantiles, op.correlation])
def test_limits_of_their_own_stay(measure):
    one, two = (
        made(items={"warmth": op.Score(column, low=0, high=99)}, design=op.Design(weight="w"))
        for column in ("unit", "q")
    )
    parts = {"A": measure(one, "warmth", waves=WAVES), "B": measure(two, "warmth", waves=WAVES)}
    both = op.side_by_side(parts)
    ends = ["conf_low", "conf_high"]
    for level in (0.95, 0.8):
        alone = [part.to_frame(level=level)[ends] for part in parts.values()]
        joined = both.to_frame(level=level)[ends]
        np.testing.assert_array_equal(joined, np.vstack(alone))
        assert joined.notna().any().all()
        places = np.arange(len(both))[::-1]
        np.testing.assert_array_equal(both.at(places).to_frame(level=level)[ends], joined[::-1])


@pytest.mark.parametrize(("name", "second"), [("", "B"), ("study", " ")])
def test_studies_and_their_column_have_names(other, name, second):
    with pytest.raises(SelectionError, match="one is empty"):
        op.side_by_side({"A": shares(PANEL), second: shares(other)}, name=name)


def score_panel(high, question="", codes=(1, 2)):
    """Twenty people with an item and a score."""
    frame = pd.DataFrame({"ft": np.arange(20) % 11, "q": [codes[0], codes[1]] * 10})
    items = {
        "x": op.Item({"May": "q"}, {"a": [codes[0]], "b": [codes[1]]}, question=question),
        "s": op.Score({"May": "ft"}, low=0, high=high, question=question),
    }
    return op.Panel.from_wide(frame, items=items)


def test_scores_with_other_ends_are_refused_and_correlations_have_none():
    one, two = op.means(score_panel(10), "s"), op.means(score_panel(100), "s")
    with pytest.raises(SelectionError, match=r"other ends: 0 to 10 and 0 to 100\. .* Bring one"):
        op.side_by_side({"N": one, "S": two})
    found = op.side_by_side({"N": one, "S": op.means(score_panel(10), "s")})
    assert found.about.ends == (0, 10)


def test_another_wording_and_other_codes_are_noted():
    one = op.shares(score_panel(10, "Are you for it?"), "x")
    same = op.side_by_side({"N": one, "S": op.shares(score_panel(10, "Are you for it?"), "x")})
    assert "wording" not in str(same)
    assert "codes" not in str(same)
    other = op.shares(score_panel(10, "For it?", codes=(5, 6)), "x")
    text = " ".join(str(op.side_by_side({"N": one, "S": other})).split())
    assert "The wording is not the same in all studies" in text
    assert "Other codes count as the same answer: N: a = 1, b = 2; S: a = 5, b = 6." in text
    chosen = op.side_by_side({"N": one, "S": other}).difference("study", "N", minus="S")
    assert "The wording is not the same" in str(chosen.select(wave="May"))


def media_panel(**how):
    """Forty people of whom some selected nothing, or said so."""
    frame = pd.DataFrame({"tv": [1, 1, 0, 0] * 10, "net": [1, 0, 1, 0] * 10, "none": [0] * 40})
    media = op.multiple(
        {name: {"May": name} for name in ("tv", "net")}, selected=[1], unselected=[0], **how
    )
    return op.Panel.from_wide(frame, items={"m": media})


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"nothing": "none"}, "B: who selected an option, or nothing."),
        ({"none": {"May": "none"}}, "B: who selected an option, or that of none."),
    ],
)
def test_shares_of_options_of_other_people_are_noted(how, said):
    """Whoever selected nothing is in the base of one study and not in that of the other."""
    one, same, two = (op.shares(media_panel(**each), "m") for each in ({}, {}, how))
    found = op.side_by_side({"A": one, "B": two})
    for shown in (found, found.difference("study", "A", minus="B")):
        text = " ".join(str(shown).split())
        assert f"are of other people in each study: A: who selected an option; {said}" in text
    assert "other people in each study" not in str(op.side_by_side({"A": one, "B": same}))


def test_intervals_of_a_part_of_a_family_stay_those_of_all(other):
    """A family of six of which two are kept, beside a family of one: seven hold at once."""
    six = shares(PANEL).simultaneous()
    parts = {"N": six.select(wave="May", state="yes"), "S": shares(other, waves="May")}
    parts["S"] = parts["S"].select(state="yes").simultaneous()
    found = op.side_by_side(parts)
    assert found.about.family == len(six) + 1
    narrow, wide = (one.to_frame()["conf_high"][0] for one in (parts["N"], found))
    assert wide > narrow
    # Of whole families the intervals that there are count, as long as none is left out.
    assert not op.side_by_side({"N": six, "S": shares(other).simultaneous()}).about.family
