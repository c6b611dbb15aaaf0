"""Findings where tests found little."""

import pytest
from seeded_panels import sample

from opinionpanel.report.contents import Contents
from opinionpanel.report.findings_in_words import MOST_FINDINGS
from opinionpanel.study import Study


@pytest.mark.parametrize("moved", [0.0, 0.4])
def test_every_item_has_three_findings_none_of_them_twice(moved):
    panel = sample(3, moved=moved)
    (item,) = Contents(Study(title="A study", source="", panel=panel)).items.values()
    assert len(set(item.findings)) == MOST_FINDINGS
    assert list(item.findings[: len(item.claims)]) == [claim.text for claim in item.claims]
