"""Prepared parts as what Sphinx lays out."""

import pytest

pytest.importorskip("docutils")


def test_text_is_text_and_all_else_is_html():
    from opinionpanel.report.page_nodes import part_nodes

    made = list(part_nodes([["note", "<b>"], ["finding", ["a", "b"]], ["html", "<i>c</i>"]]))
    assert made[0].astext() == "<b>"
    assert len(made[1].children) == 2
    assert made[2]["format"] == "html"


def test_no_line_ends_between_n_and_its_number():
    from opinionpanel.report.page_nodes import part_nodes

    made = list(part_nodes([["note", "(n = 153)"], ["finding", ["n = 1,043"]]]))
    assert [one.astext() for one in made] == ["(n\u00a0=\u00a0153)", "n\u00a0=\u00a01,043"]
