"""Waves of ids only, linked; and ids of every type."""

from decimal import Decimal

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from opinionpanel.panel.linking import link_waves
from opinionpanel.waves.wave import Wave


def linked(*, duplicates="error", **waves):
    """Link waves of ids only."""
    frames = {name: Wave(pd.DataFrame({"resp_id": pd.Series(ids)})) for name, ids in waves.items()}
    return link_waves(frames, "resp_id", duplicates=duplicates)


def pairs(found, first="w1", last="w2"):
    """For every row of a wave, the row of the same person in another; -1 for none."""
    place = np.full(found.people, -1)
    place[found.rows[last]] = np.arange(len(found.rows[last]))
    return place[found.rows[first]].tolist()


FORMS = {
    "int64": lambda ids: np.array(ids),
    "int16": lambda ids: np.array(ids, dtype=np.int16),
    "uint64": lambda ids: np.array(ids, dtype=np.uint64),
    "float64": lambda ids: np.array(ids, dtype=np.float64),
    "nullable int": lambda ids: pd.array(ids, dtype="Int64"),
    "nullable float": lambda ids: pd.array(ids, dtype="Float64"),
    "text": lambda ids: pd.array([str(one) for one in ids], dtype="str"),
    "padded text": lambda ids: np.array([f" {one}  " for one in ids], dtype=object),
    "bytes": lambda ids: np.array([str(one).encode() for one in ids], dtype=object),
    "mixed objects": lambda ids: np.array(
        [(one, str(one), float(one), Decimal(one), np.int32(one))[i % 5]
         for i, one in enumerate(ids)],
        dtype=object,
    ),
    "categories of int": lambda ids: pd.Categorical(ids, categories=sorted(ids)),
    "categories of text": lambda ids: pd.Categorical([str(one) for one in ids]),
    "arrow int": lambda ids: pd.array(ids, dtype="int64[pyarrow]"),
    "arrow text": lambda ids: pd.array([str(one) for one in ids], dtype="string[pyarrow]"),
    "arrow decimal": lambda ids: pd.Series(
        [Decimal(one) for one in ids]
    ).convert_dtypes(dtype_backend="pyarrow"),
}  # fmt: skip


WHOLE = st.lists(st.integers(0, 30_000), unique=True, min_size=1, max_size=8)

# Texts as ids may be: of several scripts, padded with zeros, parted, in two cases, as numbers are.
ID_TEXTS = st.builds(
    lambda before, body, after: f"{before}{body}{after}",
    st.sampled_from(["", "0", "00", "0x", "0X", "-", "\u200b"]),
    st.text("aAbBжЖ12079 -_,", min_size=1, max_size=4),
    st.sampled_from(["", ".0", ".00", "."]),
).map(str.strip).filter(bool)  # fmt: skip
