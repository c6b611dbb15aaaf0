"""Parts made where a page is read: what they lead to, from where the page stands."""

import re

import pytest
from made_contents import bundled
from sphinx_projects import Environment

from opinionpanel.report.live_parts import live_part

STUDY = "study.toml"


def made(folder, part, about, **project):
    """A part as the names of its nodes, its links and its HTML."""
    env = Environment(folder, **project)
    env.app.opinionpanel_contents, env.app.opinionpanel_files = bundled(), [folder / STUDY]
    return list(live_part(env, part, about)), env


@pytest.mark.parametrize(
    ("page", "target", "place"),
    [
        ("index", ".html", "downloads"),
        ("more/mine", ".html", "../downloads"),
        ("more/mine", "/", "../../downloads"),
    ],
)
def test_files_are_led_to_from_every_folder(tmp_path, page, target, place):
    found, env = made(tmp_path, "change", "support", page=page, target=target)
    html = "".join(node.astext() for node in found if node.tagname == "raw")
    assert {link.rpartition("/")[0] for link in re.findall(r'href="([^"]+)"', html)} == {place}
    assert env.noted == [str(tmp_path / STUDY)]
    assert env.opinionpanel_shown == {page: {("change", "support")}}


def test_pages_are_led_to_as_far_as_they_stand_beside_this_one(tmp_path):
    pages = ["more/support.1-2", "support.2-3"]
    found, _ = made(tmp_path, "all-tables", "support", page="more/mine", pages=pages)
    pairs, workbook = (node for node in found if "opinionpanel-links" in node.get("classes", ()))
    assert [node.get("reftarget") for node in pairs.children[::2]] == [
        *("/more/support.1-2", None, None)
    ]
    assert pairs.astext().count("→") == 3
    assert [node["refuri"] for node in workbook] == ["../downloads/support.xlsx"]
