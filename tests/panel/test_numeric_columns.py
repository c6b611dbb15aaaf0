"""Numbers of every row, the same in memory and on an engine."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES, ON_STAND_INS

from opinionpanel.engines import NONE
from opinionpanel.engines.expressions import collected
from opinionpanel.errors import ReadError
from opinionpanel.panel.numeric_columns import numbers_in_memory, numbers_on_engine
from opinionpanel.panel.rows_on_engine import apart
from opinionpanel.waves import Wave

FRAME = pd.DataFrame({"row": [0, 1, 2, 3], "w": [1.5, np.nan, 99.0, -2.0], "t": list("abcd")})
WAVE = Wave(FRAME, missing={"w": [99]})


def test_in_memory():
    assert numbers_in_memory(WAVE, "t1", "w", "weight").tolist() == [1.5, NONE, NONE, -2.0]
    with pytest.raises(ReadError, match=r"'t1' \(a frame\), weight column 't': 4 value\(s\) are"):
        numbers_in_memory(WAVE, "t1", "t", "weight")


@ON_STAND_INS
def test_on_an_engine(engine):
    source = apart({"t1": Wave(FRAMES[engine](FRAME), missing={"w": [99]})})
    frame = source.waves["t1"].frame.with_columns(found=numbers_on_engine(source, "t1", "w"))
    rows = collected(frame.select("row", "found")).sort_values("row")
    assert rows["found"].tolist() == [1.5, NONE, NONE, -2.0]
    with pytest.raises(ReadError, match="the values are text"):
        numbers_on_engine(source, "t1", "t")
