"""Numbers of scales: averaged by hand, of turned columns, of too few answers, streamed."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from engine_frames import polars_frame

import opinionpanel as op
from opinionpanel.errors import ItemError

NAN = np.nan
MAY = pd.DataFrame(
    {"id": range(5), "a": [1, 5, NAN, 9, NAN], "b": [2, NAN, 3, 4, 9], "c": [5, 5, NAN, 1, 9]}
)
JUNE = pd.DataFrame({"id": range(1, 5), "k1": [3, 3, 4, 9], "k2": [3, 2, 4, 9], "k3": [1, 1, 1, 9]})
COLUMNS = {"May": ["a", "b", "c"], "June": ["k1", "k2", "k3"]}
TRUST = op.scale(
    COLUMNS, low=1, high=5, reverse=["c", "k3"], missing=[9], at_least=2, changes={"June": "phone"}
)


def panel(waves=None, **items):
    waves = waves or {"May": MAY, "June": JUNE}
    return op.Panel.from_waves(waves, person="id", items=items or {"trust": TRUST})


def numbers(made, name="trust"):
    codes, values = np.asarray(made.answers[name]), made.numbers[name]
    return np.where(codes >= 0, values[np.maximum(codes, 0)], codes)


def test_the_mean_of_what_was_answered():
    # c is turned; the second person's c of 5 is 1; the third and the last gave too few answers.
    may = [(1 + 2 + 1) / 3, (5 + 1) / 2, -1, (4 + 5) / 2, -1]
    june = [-3, (3 + 3 + 5) / 3, (3 + 2 + 5) / 3, (4 + 4 + 5) / 3, -1]
    np.testing.assert_allclose(numbers(panel()), [may, june])
    assert list(panel().scores) == ["trust"]


def test_a_wave_that_did_not_ask():
    only = op.scale({"June": ["k1", "k2"]}, low=1, high=5, missing=[9])
    np.testing.assert_array_equal(numbers(panel(trust=only))[0], [-2] * 5)
    assert op.means(panel(trust=only), "trust").labels["wave"].tolist() == ["June"]


def test_streamed_waves_give_the_same():
    waves = {"May": pa.Table.from_pandas(MAY), "June": pa.Table.from_pandas(JUNE)}
    np.testing.assert_allclose(numbers(panel(waves)), numbers(panel()))


def test_faults_name_the_question():
    with pytest.raises(ItemError, match=r"trust: part 1'.*column 'a'"):
        panel(trust=op.scale(COLUMNS, low=1, high=4.5, missing=[9]))


def test_a_name_that_a_question_gets():
    with pytest.raises(ItemError, match="what the panel calls a question of the scale"):
        panel(**{"trust": TRUST, "trust: part 1": op.Score("a", low=1, high=9)})


def test_on_an_engine_it_is_to_be_computed_there_first():
    waves = {"May": polars_frame(MAY), "June": polars_frame(JUNE)}
    with pytest.raises(ItemError, match="declare that as a Score"):
        panel(waves)
