"""Guards that a name which turns the direction of writing turns no figure that follows it.

Under U+202E, 46% would be read as 64%, in public.
"""

import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from kinds import of_every_kind

import opinionpanel as op
from opinionpanel.escaping import DIRECTIONS
from opinionpanel.report.contents import Contents
from opinionpanel.report.html import html_of
from opinionpanel.report.plan import blocks_of, every_page, pages_of
from opinionpanel.study import Study

WAVES = ["w\u202e", "v\u2067", "w\u202e u\u202d"]
STATES = {"a\u202e": [0], "b a\u202e": [1], "c": [2]}


@pytest.fixture(scope="module")
def panel():
    rng, base = np.random.default_rng(1), np.arange(600) % 3
    frames = {}
    for wave in WAVES:
        stays = rng.random(600) < 0.5
        answers = np.where(stays, base, rng.integers(0, 3, 600))
        group = np.where(np.arange(600) % 2, "m\u202e", "f")
        frame = pd.DataFrame({"id": np.arange(600), "q": answers, "g\u202e": group})
        frames[wave] = frame[rng.random(600) < 0.8]
    item = op.Item("q", STATES, question="Q\u202e", label="L\u202e", changes={WAVES[1]: "C\u202e"})
    texts = {"dates": dict.fromkeys(WAVES, "May\u202e"), "source": "S\u202e"}
    return op.Panel.from_waves(
        frames, person="id", items={"x\u202e": item}, groups=["g\u202e"], **texts
    )


def turned(text):
    """Show the first figure that a direction goes on to; None if there is none."""
    ends = []
    for place, sign in enumerate(text):
        if sign in DIRECTIONS:
            ends.append(DIRECTIONS[sign])
        elif ends and sign == ends[-1]:
            ends.pop()
        elif ends and sign.isdigit():
            return ascii(text[max(0, place - 30) : place + 3])
    return None


def paragraphs(html):
    return [unescape(text) for text in re.findall(r"<(?:p|li|caption|th|td)[^>]*>(.*?)</", html)]


def test_what_is_turned_would_be_found():
    assert turned("w\u202e: 46%")
    assert not turned("w\u202e\u202c: 46%")


def test_no_figure_of_a_page_is_turned(panel):
    contents = Contents(Study(title="T\u202e", source="S\u202e", panel=panel))
    parts = [
        html_of(blocks_of(contents, section.part, section.about), contents.told)
        for page in every_page(pages_of(contents))
        for section in page.sections
    ]
    texts = [text for part in parts for text in paragraphs(part)]
    assert len(texts) > 30
    assert any("\u202e\u202c" in text and "n\u00a0=\u00a0" in text for text in texts)
    assert [text for text in map(turned, texts) if text] == []


@pytest.mark.parametrize(
    "options",
    [
        {"size": "phone", "language": "ru"},
        {"title": "T\u202e", "subtitle": "S\u2067", "caption": "C\u202e"},
        {"labels": {"a\u202e": "A\u2067", "m\u202e": "M\u202e", WAVES[1]: "V\u202e"}},
    ],
    ids=["names", "texts", "labels"],
)
def test_no_figure_of_a_chart_is_turned(panel, options):
    for kind, chart in of_every_kind(panel, "x\u202e", "g\u202e", **options).items():
        rows = chart.data["values"]
        lines = [line for row in rows for line in row.get("text", "").split("\n")]
        said = [", ".join(row["cells"]) for row in rows if "cells" in row]
        texts = [*chart.title.text, *chart.title.subtitle, *lines, *said, chart.description]
        assert any("\u202c" in text and "%" in text for text in texts), kind
        assert [text for text in map(turned, texts) if text] == [], kind


def test_no_figure_of_a_file_is_turned(panel, tmp_path):
    women = panel.where(**{"g\u202e": "m\u202e"})
    flows = op.flows(women, "x\u202e", waves=WAVES[:2])
    flows.to_csv(tmp_path / "a.csv")
    notes = (tmp_path / "a.csv").read_text(encoding="utf-8").partition("\n\n")[2]
    assert "n = " in notes
    assert [text for text in map(turned, notes.split("\n")) if text] == []
