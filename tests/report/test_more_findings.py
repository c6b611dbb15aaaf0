"""Findings where tests found little."""

import re
from dataclasses import replace

import numpy as np
import pytest
from seeded_panels import sample

from opinionpanel.report.contents import Contents
from opinionpanel.report.findings_in_words import MOST_FINDINGS
from opinionpanel.report.more_findings import lost_text, more_findings
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


def test_the_two_largest_opposite_flows_stand_with_their_intervals_unless_they_differ():
    (item,) = Contents(Study(title="A study", source="", panel=sample(3))).items.values()
    (text,) = [one for one in item.findings if "all comparisons considered" in one]
    flows = item.published.flows(*item.main_pair).frame().set_index(["origin", "destination"])
    singles = item.tests.balance[item.main_pair].singles
    ways = list(zip(singles["origin"], singles["destination"], strict=True))
    sums = [flows["estimate"][way] + flows["estimate"][way[::-1]] for way in ways]
    assert len(ways) == 3
    largest = int(np.argmax(sums))
    two = (ways[largest], ways[largest][::-1])
    there, back = sorted(two, key=lambda way: -flows["estimate"][way])
    assert re.findall("“(.)”", text) == list(there)
    shares = [f"{100 * flows['estimate'][way]:.0f}" for way in (there, back)]
    assert re.findall(r"(\d+)% \(", text) == shares
    for place in range(3):
        found = replace(
            item.tests.balance[item.main_pair],
            singles=singles.assign(found=[place == other for other in range(3)]),
        )
        tests = replace(item.tests, balance={item.main_pair: found})
        told = [
            one for one in more_findings(item.published, tests, item.told) if "considered" in one
        ]
        assert told == ([] if place == largest else [text])
