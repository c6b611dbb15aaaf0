"""Every row of a wide frame is a person: ids, duplicates, late entrants, and who has a row."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError, LinkError, ReadError, SelectionError
from opinionpanel.panel.wide_rows import columns_by_wave, order_of_waves

STATES = {"yes": [1], "no": [2]}
VOTE = {"vote": op.Item({"74": "a", "79": "b"}, STATES)}


def wide(**columns):
    frame = pd.DataFrame(
        {"id": [11, 12, 13, 14, 15], "a": [1, 2, 1, 2, np.nan], "b": [1, 1, 2, np.nan, 2]}
    )
    return frame.assign(**columns)


def from_wide(frame, **options):
    return op.Panel.from_wide(frame, **{"person": "id", "items": VOTE} | options)


def test_people_with_any_answer_have_a_row():
    assert from_wide(wide()).present.sum(axis=1).tolist() == [4, 4]
    other = VOTE | {"also": op.Item({"79": "c"}, {"x": ["x"]})}
    panel = from_wide(wide(c=["x", " ", None, "x", ""]), items=other)
    assert panel.present.sum(axis=1).tolist() == [4, 5]


@pytest.mark.parametrize("nobody", [[0, 0], [np.nan, np.nan], [np.nan, 15]], ids=str)
def test_late_entrants_without_an_id_are_people(nobody):
    panel = from_wide(wide(id=[11.0, 12.0, 13.0, *nobody]))
    assert panel.present.sum(axis=1).tolist() == [4, 4]
    assert panel.present.shape[1] == 5
    (note,) = [note for note in panel.notes if "have no id" in note]
    assert f"{1 if 15 in nobody else 2} row(s) have no id" in note
    assert note.startswith("the frame: column 'id'")


def test_text_placeholders_and_declared_ones():
    panel = from_wide(wide(id=["p1", "p2", "n/a", "n/a", " "]))
    assert "3 row(s) have no id" in str(panel)
    panel = from_wide(wide(id=[11, 12, 13, -7, -7]), no_id=[-7])
    assert panel.present.shape[1] == 5
    assert "2 row(s) have no id" in str(panel)


def test_ids_twice_are_refused_with_advice_that_works():
    twice = wide(id=[11, 12, 12, 13, 14])
    with pytest.raises(
        LinkError, match=r"a frame, column 'id': 1 id\(s\) stand in more than one"
    ) as error:
        from_wide(twice)
    for advice in ("duplicates='drop_all'", "leave person= out", "wave='…'"):
        assert advice in str(error.value)
    dropped = from_wide(twice, duplicates="drop_all")
    # Person 12 was interviewed at both waves, and nobody can tell with which answers.
    assert dropped.present.sum(axis=1).tolist() == [3, 3]
    assert (dropped.answers["vote"] >= 0).sum(axis=1).tolist() == [2, 2]
    assert from_wide(twice, person=None).present.shape[1] == 5


def test_a_doubled_id_is_dropped_at_every_wave():
    """One of its rows has no answer at 79; that the other has one does not make it right."""
    panel = from_wide(wide(id=[11, 12, 13, 14, 14]), duplicates="drop_all")
    assert panel.present.sum(axis=1).tolist() == [4, 4]
    assert (panel.answers["vote"] >= 0).sum(axis=1).tolist() == [3, 3]


def test_groups_and_weights_by_wave():
    panel = from_wide(
        wide(sex74=[*list("mfmf"), None], sex79=list("mfmff"), w74=2.0, w79=[1, 2, 3, 4, 5]),
        groups={"sex": op.Grouping({"74": "sex74", "79": "sex79"})},
        design=op.Design(weight={"74": "w74", "79": "w79"}),
    )
    assert np.bincount(panel.groups["sex"].codes).tolist() == [3, 2]
    assert panel.weights["79"].tolist() == [1, 2, 3, 0, 5]


def test_waves_are_chosen_and_ordered():
    assert from_wide(wide(), waves=["79", "74"]).waves == ("79", "74")
    one = from_wide(wide(), waves=["79"])
    assert one.waves == ("79",)
    assert list(one.items["vote"].column) == ["79"]
    with pytest.raises(SelectionError, match="no item names a column for '80'"):
        from_wide(wide(), waves=["74", "80"])
    with pytest.raises(ReadError, match="'74' twice"):
        from_wide(wide(), waves=["74", "74"])
    with pytest.raises(ItemError, match="asked at none of the waves"):
        from_wide(wide(), items=VOTE | {"x": op.Item({"79": "b"}, STATES)}, waves=["74"])


def items(*waves):
    return {str(k): op.Item(dict.fromkeys(named, "q"), STATES) for k, named in enumerate(waves)}


@pytest.mark.parametrize(
    ("named", "order"),
    [
        ([["w1", "w3"], ["w1", "w2"]], ["w1", "w2", "w3"]),
        ([["2019"], ["2017", "2018"]], ["2017", "2018", "2019"]),
        ([["b", "a"], ["c", "a"]], ["b", "c", "a"]),
        ([["w2", "w1"]], ["w2", "w1"]),
        ([["Jul 2024"], ["May 2024", "Nov 2024"]], ["May 2024", "Jul 2024", "Nov 2024"]),
    ],
)
def test_items_that_skip_waves_do_not_turn_them_round(named, order):
    assert order_of_waves(named) == order
    assert list(columns_by_wave(items(*named))) == order


def test_items_that_disagree_on_the_order_are_refused():
    with pytest.raises(ItemError, match=r"in different orders.*waves="):
        order_of_waves([["a", "b"], ["b", "a"]])
    assert list(columns_by_wave(items(["a", "b"], ["b", "a"]), ["b", "a"])) == ["b", "a"]
    with pytest.raises(ItemError, match="no item is given"):
        columns_by_wave({})
