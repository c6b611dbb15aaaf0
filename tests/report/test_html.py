"""Blocks as HTML."""

import re

import pytest
from made_contents import bundled, every, part

from opinionpanel.report.blocks import INDENT, Folded, Grid, Links, Points, Text
from opinionpanel.report.html import grid_html, html_of

HOSTILE = "</p><script>x</script> & \"'"


@pytest.mark.parametrize(
    "block",
    [
        Text(HOSTILE),
        Points([HOSTILE], "finding"),
        Links([(HOSTILE, "page.html")]),
        Grid("name", HOSTILE, [HOSTILE], [[HOSTILE]], 1, HOSTILE),
        Folded(HOSTILE, [Text(HOSTILE)]),
    ],
)
def test_text_stays_text(block):
    html = html_of([block], bundled().told)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_no_line_ends_between_n_and_its_number_in_texts_nor_below_tables():
    text = "n = 1,043"
    blocks = [Text(text), Points([text]), Grid("name", "t", ["a"], [["b"]], 1, text)]
    assert html_of(blocks, bundled().told).count("n\u00a0=\u00a01,043") == len(blocks)


def test_a_row_set_off_from_its_whole_is_told_from_the_others():
    grid = Grid("name", "t", ["a", "b"], [["All", "1"], [f"{INDENT}net", "2"]], 1)
    heads = re.findall('<th scope="row"([^>]*)>([^<]*)<', grid_html(grid, bundled().told))
    assert heads == [("", "All"), (' class="part"', "net")]


def test_a_table_names_its_file_only_where_files_are():
    (grid,) = every(part(bundled(), "change", "support"), Grid)
    assert f'href="downloads/{grid.name}.csv"' in grid_html(grid, bundled().told)
    assert "href" not in grid_html(grid, bundled().told, downloads=False)


def test_figures_have_the_colour_of_their_strength_and_what_is_withheld_has_none():
    strengths = [[0.05, 0.12, 1.0, -0.3, float("nan")]]
    grid = Grid("name", "t", list("abcdef"), [list("ABCDEF")], 1, strengths=strengths)
    assert re.findall(r'<td( class="[a-z]+-\d")?>(\w)</td>', grid_html(grid, bundled().told)) == [
        ("", "B"),
        (' class="more-1"', "C"),
        (' class="more-4"', "D"),
        (' class="less-3"', "E"),
        ("", "F"),
    ]


def test_a_table_is_one_for_readers_who_hear_it():
    (grid,) = every(part(bundled(), "change", "support"), Grid)
    html = grid_html(grid, bundled().told)
    assert html.count('scope="row"') == len(grid.rows)
    assert html.count('scope="col"') == len(grid.header)
    assert re.search('role="group" aria-label="[^"]+"', html)
