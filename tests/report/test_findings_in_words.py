"""Findings in sentences: with their numbers, in every language, and the most telling first."""

import re
from dataclasses import replace

import numpy as np
import pytest
from made_contents import bundled

from opinionpanel.disclosure import publish
from opinionpanel.drawing import language_of
from opinionpanel.report.findings_in_words import family_claims, item_claims, three_findings
from opinionpanel.report.item_tests import item_tests

STATES = ["for", "unsure", "against"]
CHANGED = [[100, 60, 5], [10, 80, 6], [5, 6, 90]]
QUIET = [[100, 30, 15], [29, 80, 16], [15, 16, 90]]
ENGLISH, RUSSIAN = map(language_of, ("en", "ru"))


@pytest.fixture
def told(from_table):
    """The three findings of a table of flows."""

    def tell(counts, language=ENGLISH, states=STATES, names=None):
        published = publish(from_table(states, counts), "opinion")
        tests = item_tests(published)
        return published, tests, three_findings(tests, published, language, names or {})

    return tell


def test_a_finding_says_its_number_interval_and_base(told):
    _, tests, (first, second, _) = told(CHANGED)
    row = tests.trend.found.iloc[0]
    assert row["state"] == "for"
    low, high = sorted(100 * abs(row[name]) for name in ("conf_low", "conf_high"))
    assert first.text == (
        f"“for” fell by {100 * abs(row['estimate']):.1f} points ({low:.1f} to {high:.1f}; n = 362) "
        "between w1 and w2."
    )
    assert (first.subject, first.direction) == (("trend", "w1", "w2", "for"), "down")
    assert second.text.startswith(
        "Between w1 and w2 more people went from “for” to “unsure” than back, by 13.8 points ("
    )


def test_what_fell_has_the_limits_of_what_it_fell_by(told):
    _, _, (first, *_) = told(CHANGED)
    assert "−" not in first.text


def test_the_larger_flow_is_named_first(told):
    _, tests, _ = told(np.transpose(CHANGED))
    flow = family_claims(tests.balance["w1", "w2"], ENGLISH, {})[0]
    assert "from “unsure” to “for” than back" in flow.text
    assert (flow.subject[-2:], flow.direction) == (("for", "unsure"), "down")


def test_findings_come_by_size(told):
    _, _, claims = told(CHANGED)
    sizes = [claim.size for claim in claims if claim.direction != "estimate"]
    assert sizes == sorted(sizes, reverse=True)
    # The trend of these people is their net change, which is not said again.
    assert [claim.subject[0] for claim in claims] == ["trend", "balance", "turnover"]


def test_without_a_finding_turnover_stands_as_an_estimate(told):
    _, _, claims = told(QUIET)
    (claim,) = claims
    assert claim.direction == "estimate"
    assert re.fullmatch(
        r"Of the people who answered both times 31% \(27 to 36\) gave different answers in w1 and "
        r"w2 \(n = 391\); no share changed detectably, and no flow differs detectably from the "
        r"flow back\.",
        claim.text,
    )


def test_what_is_withheld_is_not_said(from_table):
    """Where turnover would tell of few people, it is no finding either."""
    published = publish(from_table(STATES, [[90, 2, 0], [0, 80, 0], [0, 0, 70]]), "opinion")
    assert published.turnover("w1", "w2").hidden[0]
    (claim,) = three_findings(item_tests(published), published, ENGLISH, {})
    assert claim.direction == "unknown"
    assert not re.search(r"\d", claim.text.replace("w1", "").replace("w2", ""))


def test_nothing_found_beside_something_withheld_is_not_tested(told):
    """The interval of one share is withheld, and the others, whose p is 1, do not speak for it."""
    published, tests, _ = told([[60, 3, 30], [3, 60, 2], [30, 2, 60]])
    assert published.net_change("w1", "w2").withheld.limits.tolist() == [False, True, False]
    for family in (tests.trend, tests.net["w1", "w2"]):
        assert family.singles["p_adjusted"].dropna().tolist() == [1.0, 1.0]
        (english,), (russian,) = (family_claims(family, one, {}) for one in (ENGLISH, RUSSIAN))
        assert english.direction == "unknown"
        assert "was not tested: some of what would be compared is withheld" in english.text
        assert "не проверялось: часть сравниваемого скрыта" in russian.text
    # What is found among the others is said.
    _, found, _ = told([[60, 3, 60], [3, 60, 2], [12, 2, 60]])
    (net,) = family_claims(found.net["w1", "w2"], ENGLISH, {})[:1]
    assert net.direction in ("up", "down")


def test_what_changed_comes_before_how_groups_differ():
    claims = bundled().items["support"].claims
    kinds = [claim.subject[0] for claim in claims]
    assert kinds == ["turnover", "shares by"]


def test_together_but_no_single_one_is_said_so(told):
    _, tests, _ = told(CHANGED)
    family = replace(tests.trend, singles=tests.trend.singles.assign(found=False))
    (claim,) = family_claims(family, ENGLISH, {})
    assert claim.direction == "some"
    assert "taken together" in claim.text.lower()
    published, tests, _ = told(QUIET)
    joint = replace(tests, trend=replace(family, pvalue=0.01))
    claims = three_findings(joint, published, ENGLISH, {})
    assert [claim.direction for claim in claims] == ["estimate", "some"]
    # Then nobody says that shares did not change.
    assert "detectably" not in claims[0].text


def test_of_two_states_each_finding_is_said_once(told):
    _, tests, claims = told([[300, 60], [30, 210]], states=["yes", "no"])
    assert [claim.subject[-1] for claim in family_claims(tests.trend, ENGLISH, {})] == ["yes"]
    assert len(claims) == 3


def test_sentences_have_the_labels_and_the_language_of_the_reader(told):
    names = {"for": "за", "unsure": "не знают", "w1": "июль", "w2": "ноябрь"}
    _, tests, claims = told(CHANGED, RUSSIAN, names=names)
    assert claims[0].text.startswith("Доля ответа «за» снизилась на 13,8")
    for claim in item_claims(tests, RUSSIAN, names):
        assert not re.search("[a-z]", claim.text.replace("against", "").replace("n =", ""))


def test_a_small_difference_keeps_its_distance_from_nothing(told):
    _, tests, _ = told(CHANGED)
    small = {"estimate": -0.0005, "conf_low": -0.0006, "conf_high": -0.0004}
    family = replace(tests.trend, singles=tests.trend.singles.assign(**small))
    assert "fell by 0.05 points (0.04 to 0.06;" in family_claims(family, ENGLISH, {})[0].text


def test_names_that_turn_the_direction_of_text_end_with_it(told):
    _, _, claims = told(CHANGED, names={"for": "\u202efor"})
    assert "\u202c" in claims[0].text
