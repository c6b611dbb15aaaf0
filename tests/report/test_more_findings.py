"""Findings where tests found little."""

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
def test_every_item_has_three_findings_none_of_them_twice(moved):
    panel = sample(3, moved=moved)
    (item,) = Contents(Study(title="A study", source="", panel=panel)).items.values()
    assert len(set(item.findings)) == MOST_FINDINGS
    assert list(item.findings[: len(item.claims)]) == [claim.text for claim in item.claims]
