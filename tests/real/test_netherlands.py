"""Netherlands: the codes of a question change in wave 3, in files without labels."""

import numpy as np
import pandas as pd
import pytest
from by_pandas import DATA, crosstab, needs_data, percent, refusal, rows_of

import opinionpanel as op
from opinionpanel.errors import ItemError

pytestmark = needs_data

DUTCH = {f"wave {wave}": DATA / f"vu_netherlands/wave{wave}.csv" for wave in range(5)}
OLD = {"yes": [1, 2], "unsure": [None], "no": [3, 4]}
NEW = {"yes": [1, 3], "unsure": [None], "no": [4, 5]}
BY_WAVE = {wave: OLD if place < 3 else NEW for place, wave in enumerate(DUTCH)}


def without_test_record():
    """All waves as frames, without the person 9992, which is a test record."""
    waves = {}
    for wave, path in DUTCH.items():
        frame = op.read_wave(path, columns=["iisID", "H7"]).frame
        waves[wave] = frame[frame["iisID"] != 9992]
    return waves


@pytest.mark.parametrize("rest", [None, "missing"])
def test_recoding_of_vu_netherlands_is_noticed(rest, show):
    item = op.Item("H7", {"yes": [1, 2], "no": [3, 4]}, rest=rest)
    with pytest.raises(ItemError) as refused:
        op.read_panel(DUTCH, person="iisID", items={"vaccine": item})
    first, last = (
        pd.read_csv(DUTCH[wave], usecols=["H7"])["H7"].value_counts()
        for wave in ("wave 0", "wave 4")
    )
    for counts in (first, last):
        shown = ", ".join(f"{int(code)}: {counts[code]:,}" for code in sorted(counts.index))
        assert shown in str(refused.value)
    for part in ("code 2 does not occur at 'wave 3', 'wave 4'", "Map each wave for itself"):
        assert part in str(refused.value)
    show(f"one mapping, rest={rest}: {refusal(refused)}")


def test_vu_netherlands_mapped_by_wave(show):
    item = op.Item("H7", BY_WAVE)
    panel = op.Panel.from_waves(without_test_record(), person="iisID", items={"vaccine": item})
    moves = op.transitions(panel, "vaccine", waves=["wave 0", "wave 4"])
    published = [[0.913, 0.051, 0.036], [0.535, 0.302, 0.163], [0.194, 0.075, 0.731]]
    np.testing.assert_allclose(moves.matrix(), published, atol=0.0005)
    frames = [
        pd.read_csv(DUTCH[wave], usecols=["iisID", "H7"]).query("iisID != 9992")
        for wave in ("wave 0", "wave 4")
    ]
    both = frames[0].merge(frames[1], on="iisID")
    words = [
        {code: state for state, codes in states.items() for code in codes if code}
        for states in (OLD, NEW)
    ]
    table = crosstab(
        both["H7_x"].map(words[0]).fillna("unsure"),
        both["H7_y"].map(words[1]).fillna("unsure"),
        list(OLD),
    )
    np.testing.assert_allclose(moves.matrix(), rows_of(table), atol=1e-12)
    assert table.sum() == 1372
    np.testing.assert_array_equal(moves.n[::3], table.sum(axis=1))
    # The files hold no trait in two waves; gender stands in wave 0 only.
    assert [note.split(":")[0] for note in panel.notes] == [
        "nothing shows that linked people are the same"
    ]
    show(f"mapped by wave, 0 → 4, n = {int(table.sum())}, row %: {percent(moves.matrix())}")


def test_vu_netherlands_with_all_codes_in_one_mapping_leaves_a_note(show):
    """Every code has a state, so nothing can be refused; the summary says what looks wrong."""
    item = op.Item("H7", {"yes": [1, 2], "no": [3, 4, 5]})
    panel = op.read_panel(DUTCH, person="iisID", items={"vaccine": item})
    notes = [line for line in str(panel).splitlines() if line.startswith("Note: item 'vaccine'")]
    assert "code 2 does not occur at 'wave 3', 'wave 4', where 5 is new" in notes[0]
    show(*notes)
