"""Findings where tests found little."""

import re

import pytest
from seeded_panels import sample

from opinionpanel.report.contents import Contents
from opinionpanel.report.findings_in_words import MOST_FINDINGS
from opinionpanel.report.more_findings import lost_text
from opinionpanel.study import Study


def test_where_nobody_was_lost_that_is_no_finding():
    (item,) = Contents(Study(title="A study", source="", panel=sample(3))).items.values()
    _, shares = item.published.way()
    assert list(lost_text(shares, item.told)) == []


@pytest.mark.parametrize("moved", [0.0, 0.4])
@pytest.mark.parametrize(("people", "states", "waves"), [(600, 3, 3), (30, 2, 2), (12, 3, 2)])
def test_every_item_has_three_findings_none_of_them_twice(people, states, waves, moved):
    panel = sample(3, people, waves, states, moved)
    (item,) = Contents(Study(title="A study", source="", panel=panel)).items.values()
    assert len(set(item.findings)) == MOST_FINDINGS
    assert list(item.findings[: len(item.claims)]) == [claim.text for claim in item.claims]
    # What a panel is for comes first: whether something changed.
    assert item.claims[0].subject[0] != "shares by"


def test_two_flows_that_cannot_be_told_apart_stand_with_their_intervals():
    (item,) = Contents(Study(title="A study", source="", panel=sample(3))).items.values()
    (text,) = [one for one in item.findings if "told apart" in one]
    flows = item.published.flows(*item.main_pair).frame().set_index(["origin", "destination"])
    origin, destination = re.findall("“(.)”", text)
    shares = [
        round(100 * flows["estimate"][way])
        for way in (
            (origin, destination),
            (destination, origin),
        )
    ]
    assert re.findall(r"(\d+)% \(", text) == [*map(str, shares)]
    assert shares == sorted(shares, reverse=True)
