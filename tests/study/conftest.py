"""Small studies on disk."""

import re

import numpy as np
import pandas as pd
import pytest
from study_files import BUNDLED, FOLDER, WAVES


@pytest.fixture
def study(tmp_path):
    """Two small waves; gives the path of a study file with the text that is added."""
    first = pd.DataFrame(
        {
            "id": range(40),
            "old": range(100, 140),
            "a": np.tile([1, 2, 9, ""], 10),
            "b": np.repeat([1, 2], 20),
            "sex": np.tile(["f", "m"], 20),
            "where": "town",
            "wgt": np.tile([0.5, 1.5], 20),
        }
    )
    second = first.assign(
        a=np.tile([2, 1, 9, ""], 10),
        where="village",
        lw=2.0,
        **{f"rep_{number}": np.tile([0.4, 1.6], 20) for number in (1, 2, 10)},
    )
    first.assign(**{f"rep_{number}": np.tile([0.4, 1.6], 20) for number in (1, 2, 10)}).to_csv(
        tmp_path / "w1.csv", index=False
    )
    second.rename(columns={"id": "wid"}).to_csv(tmp_path / "w2.csv", index=False)

    def write(text, waves=WAVES):
        path = tmp_path / "study.toml"
        # Keys of the whole file come before its first table.
        head, table, tables = re.split(r"(\[items|\[scores|\Z)", text, maxsplit=1)
        path.write_text(head + waves + table + tables, encoding="utf-8")
        return path

    return write


@pytest.fixture
def bundled(tmp_path):
    """Write the bundled study with some text replaced, beside nothing but its waves."""

    def write(*changes):
        text = BUNDLED.replace('file = "', f'file = "{FOLDER.as_posix()}/')
        text = f"allow_outside = true\n{text}"
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "study.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
