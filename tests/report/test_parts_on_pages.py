"""What of parts depends on the page that they end up on."""

import json
import re

import pytest
from docutils import nodes
from sphinx_projects import Environment

from opinionpanel.report.chart_boxes import chart_box
from opinionpanel.report.parts_on_pages import LEADS_TO_FILES, settle_parts

SPEC = {"description": 'id="chart-0123456789ab"', "mark": "bar", "data": {"values": [{"a": 1}]}}
LINK = '<a href="downloads/a.csv">a</a>'


def settled(folder, *contents, page="index", kind="html", target=".html", **marks):
    """The pieces of HTML of a page, as they are once it is clear where they stand."""
    app = Environment(folder, target=target).app
    app.builder.format = kind
    tree = nodes.section("", *(nodes.raw("", one, format="html", **marks) for one in contents))
    settle_parts(app, tree, page)
    assert all(node["format"] == "html" for node in tree)
    return [node.astext() for node in tree]


@pytest.mark.parametrize(
    ("page", "target", "place"),
    [
        ("index", ".html", "downloads"),
        ("more/mine", ".html", "../downloads"),
        ("more/mine", "/", "../../downloads"),
    ],
)
def test_files_are_led_to_from_every_folder(tmp_path, page, target, place):
    marks = {LEADS_TO_FILES: True}
    found = settled(tmp_path, LINK, page=page, target=target, **marks)
    assert found == [LINK.replace("downloads", place)]


def test_pages_without_addresses_and_links_of_others_stay_as_they_are(tmp_path):
    assert settled(tmp_path, LINK, kind="latex", target=None, **{LEADS_TO_FILES: True}) == [LINK]
    assert settled(tmp_path, LINK, page="more/mine") == [LINK]


def test_a_chart_that_a_page_shows_again_has_a_box_of_its_own(tmp_path):
    box, other = chart_box(SPEC, name="a"), chart_box(SPEC, name="b")
    found = settled(tmp_path, box, other, box + box)
    assert found[:2] == [box, other]
    pairs = re.findall(
        r'<div [^>]*\bid="([^"]+)".*?data-chart="([^"]+)">(.*?)</script>', "".join(found)
    )
    first, _, second, third = (name for name, _, _ in pairs)
    assert (second, third) == (f"{first}-2", f"{first}-3")
    for name, of_data, data in pairs:
        assert name == of_data
        assert json.loads(data) == SPEC
