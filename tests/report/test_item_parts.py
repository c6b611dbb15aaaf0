"""Parts that frame the others on the page of an item."""

from made_contents import bundled, every, part

from opinionpanel.report.blocks import Folded, Links, Points, Text


def test_findings_begin_with_the_wording():
    question, findings = part(bundled(), "findings", "support")
    assert question == Text("“Do you support the special military operation?”", "question")
    assert 1 <= len(findings.texts) <= 3


def test_all_tables_lead_to_every_pair_of_waves_that_links_people():
    contents = bundled()
    targets = [
        place
        for links in every(part(contents, "all-tables", "support"), Links)
        for _, place in links.targets
    ]
    assert {f"{page}.html" for page in contents.items["support"].pairs} <= set(targets)
    (codes,) = every(part(contents, "all-tables", "support"), Folded)
    assert codes.blocks


def test_notes_say_each_thing_once():
    (notes,) = every(part(bundled(), "notes", "support"), Points)
    assert len(set(notes.texts)) == len(notes.texts) > 5
