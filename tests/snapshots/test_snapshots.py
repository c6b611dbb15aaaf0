"""What is printed of every public result looks as it did; see make_snapshots.py."""

import inspect
from difflib import unified_diff

import pytest
from make_snapshots import FOLDER, RESULTS, printed
from places import files

import opinionpanel as op

RENEW = "If this is meant, run 'make snapshots' and commit what changed."
# Public functions without a snapshot, and why.
PLAIN = {
    "coalesce": "is part of an item's declaration",
    "multiple": "is part of a panel's declaration",
    "scale": "is part of a panel's declaration",
    "minimum_detectable_change": "gives a number",
    "people_needed": "gives a number",
    "read_panel": "gives a Panel, shown as Study and Panel",
    "read_study": "gives a Study, shown as Study",
}


def difference(name, folder):
    """Say where what is printed differs from the snapshots in a folder; empty if nowhere."""
    lines = []
    for ending, text in printed(name).items():
        path = folder / f"{name}.{ending}"
        before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        lines += unified_diff(before, text.splitlines(), path.name, "printed now", lineterm="")
    return "\n".join(lines)


@pytest.mark.parametrize("name", RESULTS)
def test_what_is_printed_is_the_snapshot(name):
    text = difference(name, FOLDER)
    assert not text, f"{text}\n{RENEW}"


def test_every_snapshot_is_compared():
    found = {path.name for path in files(FOLDER, "*.txt", "*.html")}
    compared = {f"{name}.{ending}" for name in RESULTS for ending in printed(name)}
    assert found == compared, RENEW


def test_every_public_function_has_a_snapshot():
    functions = {name for name in op.__all__ if inspect.isfunction(getattr(op, name))}
    shown = {name.split("-")[0] for name in RESULTS}
    assert functions - shown == set(PLAIN), "add it to RESULTS in make_snapshots.py"


def test_results_say_what_they_are():
    """Nothing is shown as the bare record that Python prints by default."""
    for name in RESULTS:
        assert printed(name), name
        assert "object at 0x" not in "".join(printed(name).values()), name


def test_a_changed_or_missing_snapshot_would_be_found(tmp_path):
    (tmp_path / "turnover.txt").write_text("Turnover of opinion\n", encoding="utf-8")
    text = difference("turnover", tmp_path)
    assert "--- turnover.txt\n+++ printed now" in text
    assert "\n-Turnover of opinion\n+Turnover of support" in text
    assert "--- turnover.html" in text
