"""No text keeps the library busy: what a hundred thousand marks say is told at once.

Texts of other people go through regular expressions and loops, and some of these take the square
of a text's length, or worse, for texts that are written for that.
"""

from contextlib import suppress
from time import process_time

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.design import matching
from opinionpanel.drawing import wrap
from opinionpanel.models.formula import read_formula
from opinionpanel.questions.refusals import says_refusal, says_undecided
from opinionpanel.study.drafting import draft_study
from opinionpanel.study.keys import read_keys
from opinionpanel.waves import folded

MANY = 100_000
# Whatever takes the square of so many takes as long as more plain steps of Python than these: the
# search for "a*b", one of the quickest, as 160 million. What is asked here takes up to 25 million.
MOST_STEPS = 60_000_000
COUNTED = 2_000_000
TEXTS = [
    *("(" * MANY, "[(" * (MANY // 2), "&" + "amp;" * MANY, "&" + "#38;" * MANY, "9" * MANY),
    *("1 - " * MANY, " " * MANY + "x", "1." * MANY, " or " * MANY, "'" * MANY, "a/" * MANY),
    *("1e" * MANY, "\N{NO-BREAK SPACE}" * MANY + "x", "*1" * 30, "`" * MANY + "a"),
]


def steps_per_second():
    """Count how fast this machine is, as busy as it is now."""
    start, count = process_time(), 0
    for step in range(COUNTED):
        count += step
    return COUNTED / (process_time() - start)


@pytest.fixture(autouse=True)
def _at_once():
    speed, start = steps_per_second(), process_time()
    yield
    assert (process_time() - start) * speed < MOST_STEPS


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:6]))
def test_texts_are_read_at_once(text):
    folded(text)
    says_refusal(text)
    says_undecided(text)
    matching(text, [text, "1" * 200])
    with pytest.raises(op.OpinionPanelError):
        read_formula(text, ["sex"])


@pytest.mark.parametrize("text", TEXTS[:6], ids=lambda text: ascii(text[:6]))
def test_a_panel_of_long_texts_is_made_at_once(tmp_path, text):
    frame = pd.DataFrame({"id": range(20), "q": [1, 2] * 10, "g": ["a", text] * 10})
    frame.loc[3, "g"] = "z" + text
    frame.to_csv(tmp_path / "w.csv", index=False)
    item = op.Item("q", {"no": [1], "yes": [2]}, question=text)
    files = {"a": tmp_path / "w.csv", "b": shifted(frame, tmp_path)}
    # Some of the texts are contradictions of others, and refused.
    with suppress(op.OpinionPanelError):
        op.read_panel(files, person="id", items={"x": item}, groups=["g"], dates={"a": text})


def shifted(frame, folder):
    frame.assign(q=frame["q"].iloc[::-1].to_numpy()).to_csv(folder / "v.csv", index=False)
    return folder / "v.csv"


def test_a_study_file_is_read_at_once(tmp_path):
    path = tmp_path / "study.toml"
    for line in (".".join("a" * MANY) + " = 1", "x = " + "[" * MANY, '"' * MANY, "a " * MANY):
        path.write_text(line)
        with pytest.raises(op.OpinionPanelError):
            read_keys(path)


@pytest.mark.parametrize("waves", ["a", "ab"])
@pytest.mark.parametrize(
    "name", ["1999x" * 20_000 + "\n", "_w1" * 30_000 + "\n", "weight " + "9" * MANY]
)
def test_columns_of_long_names_are_drafted_at_once(tmp_path, name, waves):
    """Also numbers of more digits than Python reads."""
    frame = pd.DataFrame({"id": range(20), "q": [1, 2] * 10, name: [1.5, 0.5] * 10})
    for wave in waves:
        frame.assign(**{f"{name}2": [1, 2] * 10}).to_parquet(tmp_path / f"{wave}.parquet")
    assert draft_study([tmp_path / f"{wave}.parquet" for wave in waves], tmp_path)


def test_numbers_of_many_digits_order_no_waves():
    frame = pd.DataFrame({"id": range(20), "q": [1, 2] * 10, "r": [2, 1] * 10})
    columns = {"w1": "q", "w" + "9" * 5000: "r"}
    items = {"x": op.Item(columns, {"no": [1], "yes": [2]})}
    assert op.Panel.from_wide(frame, person="id", items=items).waves == tuple(columns)


@pytest.mark.parametrize("kind", ["heatmap", "paths", "sankey", "trend"])
def test_charts_of_long_names_are_laid_out_at_once(kind):
    long = "x y " * 2_000
    people = range(90)
    answers = [people, [one // 3 for one in people]]
    frames = {
        wave: pd.DataFrame({"id": people, "q": [one % 3 for one in answer]})
        for wave, answer in zip("ab", answers, strict=True)
    }
    item = op.Item("q", {f"{long}{code}": [code] for code in range(3)})
    panel = op.Panel.from_waves(frames, person="id", items={"x": item})
    measures = {"heatmap": op.transitions, "paths": op.paths, "sankey": op.flows}
    assert measures.get(kind, op.shares)(panel, "x").plot().height > 1_000


def test_a_long_text_is_broken_into_lines_at_once():
    assert len(wrap("x y " * MANY, 1e6, 10.0)) > 1
