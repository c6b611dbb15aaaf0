"""Parts made where a page is read: what they lead to, from where the page stands."""

from made_contents import bundled
from sphinx_projects import Environment

from opinionpanel.report.live_parts import live_part
from opinionpanel.report.parts_on_pages import LEADS_TO_FILES

STUDY = "study.toml"


def made(folder, part, about, **project):
    """A part as the names of its nodes, its links and its HTML."""
    env = Environment(folder, opinionpanel_study=STUDY, **project)
    env.app.opinionpanel_contents, env.app.opinionpanel_files = bundled(), [folder / STUDY]
    return list(live_part(env, part, about)), env


def test_a_page_notes_what_it_shows_and_is_made_of(tmp_path):
    found, env = made(tmp_path, "change", "support")
    assert all(LEADS_TO_FILES in node for node in found if node.tagname == "raw")
    assert env.noted == [str(tmp_path / STUDY)] * 2
    assert env.opinionpanel_shown == {"index": {("change", "support")}}


def test_pages_that_have_no_addresses_show_parts_as_well(tmp_path):
    """As those for LaTeX, which ask where a page will stand only once all are read."""
    found, _ = made(tmp_path, "all-tables", "support", target=None)
    assert found


def test_pages_are_led_to_as_far_as_they_stand_beside_this_one(tmp_path):
    pages = ["more/support.1-2", "support.2-3"]
    found, _ = made(tmp_path, "all-tables", "support", page="more/mine", pages=pages)
    (pairs,) = (node for node in found if "opinionpanel-links" in node.get("classes", ()))
    assert [node.get("reftarget") for node in pairs.children[::2]] == [
        *("/more/support.1-2", None, None)
    ]
    assert pairs.astext().count("→") == 3
    (workbook,) = (node for node in found if 'href="downloads/support.xlsx"' in node.astext())
    assert LEADS_TO_FILES in workbook
