"""Prepared parts as what Sphinx lays out."""

import pytest

pytest.importorskip("docutils")


def test_text_is_text_and_all_else_is_html():
    from opinionpanel.report.page_nodes import part_nodes

    made = list(part_nodes([["note", "<b>"], ["finding", ["a", "b"]], ["html", "<i>c</i>"]]))
    assert made[0].astext() == "<b>"
    assert len(made[1].children) == 2
    assert made[2]["format"] == "html"
