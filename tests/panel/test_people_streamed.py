"""What is read of people whose rows came in batches, column by column."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest
from panel_table import assert_same

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel import people_streamed


def dataset(frame):
    return pyarrow.dataset.dataset(pa.Table.from_pandas(frame, preserve_index=False))


def waves(**changes):
    ids = np.arange(1, 41)
    first = pd.DataFrame(
        {"id": ids, "q1": ids % 3, "q2": [None] * 40, "psu": ids % 5, "h": ids % 2, "w": 1.5}
    ).astype({"q2": "float64"})
    second = first.assign(q1=np.where(ids % 4, (ids + 1) % 3, np.nan), q2=ids % 3)
    return {"a": first, "b": second.iloc[5:].assign(**changes)}


ITEM = op.Item(op.coalesce("q1", "q2"), {"x": [0], "y": [1], "z": [2]})
DESIGN = op.Design(weight="w", stratum="h", psu="psu", nest=True)


def panels(frames, **about):
    for make in (dataset, lambda frame: frame):
        given = {name: make(frame) for name, frame in frames.items()}
        try:
            yield op.Panel.from_waves(given, person="id", **about)
        except OpinionPanelError as error:
            yield str(error)


@pytest.mark.parametrize("most", [0, people_streamed.MOST_COMBINATIONS])
def test_columns_that_belong_together(monkeypatch, most):
    monkeypatch.setattr(people_streamed, "MOST_COMBINATIONS", most)
    frames = waves()
    frames["b"].loc[frames["b"].index[::2], "q2"] = np.nan
    frames["b"].loc[frames["b"]["q1"].notna(), "q2"] = np.nan
    found, expected = panels(frames, items={"q": ITEM}, design=DESIGN)
    assert_same(found, expected)
    assert found.unread == expected.unread


def test_a_question_in_sixty_columns():
    ids = np.arange(1, 241)
    columns = {f"q{k}": np.where(ids % 60 == k, (ids + k) % 3, np.nan) for k in range(60)}
    item = op.Item(op.coalesce(*columns), ITEM.states)
    frame = pd.DataFrame({"id": ids, **columns})
    found, expected = panels({"a": frame, "b": frame.iloc[::-2]}, items={"q": item})
    assert_same(found, expected)


def test_answers_that_contradict_each_other_are_counted_as_people():
    found, expected = panels(waves(q1=1, q2=2), items={"q": ITEM})
    assert found == expected
    assert "35 people gave answers that mean different states" in found


def test_units_of_recruitment_count():
    changes = {"psu": np.arange(35) % 5, "h": 7}
    found, expected = panels(waves(**changes), items={"q": op.Item("q1", {"x": [0, 1, 2]})},
                             design=op.Design(weight="w", psu="psu"))  # fmt: skip
    assert_same(found, expected)
    assert found.notes == expected.notes
    assert any("with another value at a later wave" in note for note in found.notes)


def test_a_unit_stored_as_text_in_one_wave_and_as_a_number_in_the_other_is_one():
    frames = waves()
    frames["b"] = frames["b"].astype({"psu": str}).astype({"h": object})
    frames["b"].loc[frames["b"].index[3], "psu"] = "77"
    found, expected = panels(frames, items={}, design=DESIGN)
    assert_same(found, expected)
    assert any("psu psu: 1 person with another value" in note for note in found.notes)


@pytest.mark.parametrize("about", [{"groups": ["psu"]}, {"fixed": ["psu"]}, {"design": DESIGN}])
def test_lists_are_no_groups_or_units(about):
    tables = [pa.table({"id": [1], "psu": [[1]], "h": [1], "w": [1.0]})] * 2
    with pytest.raises(OpinionPanelError, match="column 'psu' holds lists"):
        op.Panel.from_waves(
            dict(zip("ab", map(pyarrow.dataset.dataset, tables), strict=True)),
            person="id", items={}, **about,
        )  # fmt: skip


def test_views_of_texts_are_texts():
    table = pa.table({"id": [1, 2], "q": pa.array(["x", "y"], pa.string_view())})
    panel = op.Panel.from_waves(
        dict.fromkeys("ab", pyarrow.dataset.dataset(table)),
        person="id", items={"q": op.Item("q", {"x": ["x"], "y": ["y"]})}, groups=["q"],
    )  # fmt: skip
    assert panel.groups["q"].categories == ("x", "y")


def test_replicates_and_their_faults():
    frames = waves()
    for place in range(3):
        frames = {k: f.assign(**{f"r{place}": f["w"] * (place + 1)}) for k, f in frames.items()}
    design = op.ReplicateDesign.bootstrap(weight="w", replicates="r*")
    item = {"q": op.Item("q1", {"x": [0], "y": [1], "z": [2]})}
    found, expected = panels(frames, items=item, design=design)
    one, two = (op.shares(panel, "q") for panel in (found, expected))
    np.testing.assert_allclose(one.covariance, two.covariance, rtol=1e-12)
    frames["b"].loc[frames["b"].index[0], "r1"] = np.nan
    found, expected = panels(frames, items=item, design=design)
    assert found == expected
