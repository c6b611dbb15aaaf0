"""Parts that frame the others on the page of an item."""

from made_contents import bundled, every, part

from opinionpanel.report.blocks import Folded, Links, Points, Text


def test_findings_begin_with_the_wording():
    question, findings = part(bundled(), "findings", "support")
    assert question == Text("“Do you support the special military operation?”", "question")
    assert len(findings.texts) == 3


def test_all_tables_lead_to_every_pair_of_waves_that_links_people():
    contents = bundled()
    targets = [
        place
        for links in every(part(contents, "all-tables", "support"), Links)
        for _, place in links.targets
    ]
    assert {f"{page}.html" for page in contents.items["support"].pairs} <= set(targets)
    (codes,) = every(part(contents, "all-tables", "support"), Folded)
    (grid,) = codes.blocks
    assert grid.header == ["Answer", "July 2024", "November 2024, March 2025 and July 2025"]
    assert grid.rows[0] == ["approve", "1, 2", "1, 2"]
    assert grid.rows[-1] == ["Column in the file", "q12", "q9"]


def test_notes_say_each_thing_once():
    (notes,) = every(part(bundled(), "notes", "support"), Points)
    assert len(set(notes.texts)) == len(notes.texts) > 5
