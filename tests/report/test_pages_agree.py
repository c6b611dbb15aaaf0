"""All pages of seeded studies: every sentence that compares comes from the tests, and all agree."""

import re

import pytest
from claims_compared import contradictions
from seeded_panels import sample

from opinionpanel.report.blocks import Folded, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.findings_in_words import item_claims, three_findings
from opinionpanel.report.plan import blocks_of, every_page, pages_of
from opinionpanel.study import Study

# What only a test may say of numbers; notes on method, of none, are not meant.
COMPARES = re.compile(
    r"\b(rose|fell|grew|shrank|larger|smaller|higher|lower|more common|more people|detectab\w+)\b"
)
# Fits models, and compares nothing.
SLOW = "true-change"


def texts_of(blocks):
    for block in blocks:
        if isinstance(block, Text) and block.kind != "note":
            yield block.text
        elif isinstance(block, Points):
            yield from block.texts
        elif isinstance(block, Folded):
            yield from texts_of(block.blocks)


@pytest.mark.parametrize(("seed", "waves", "moved"), [(1, 2, 0.0), (2, 3, 0.3), (6, 4, 0.15)])
def test_no_two_sentences_of_a_report_contradict_each_other(seed, waves, moved):
    panel = sample(seed, waves=waves, moved=moved)
    contents = Contents(Study(title="t", source="", panel=panel))
    (item,) = contents.items.values()
    language, names = contents.told.language, contents.told.names
    claims = item_claims(item.tests, language, names)
    claims += three_findings(item.tests, item.published, language, names)
    told = {claim.text: claim for claim in claims}
    read = set()
    for page in every_page(pages_of(contents)):
        for section in page.sections:
            if section.part in (SLOW, "how-to-read", "disclosure-list"):
                continue
            for text in texts_of(blocks_of(contents, section.part, section.about)):
                assert text in told or not COMPARES.search(text), f"{section}: {text}"
                read |= {text} & set(told)
    assert {claim.subject[0] for claim in map(told.get, read)} >= {"trend", "net", "balance"}
    found = [told[text] for text in sorted(read)]
    states = panel.item("opinion").state_names
    assert contradictions(found, list(item.tests.net), states) == []
