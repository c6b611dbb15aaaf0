"""Estimates as a frame: one row each, with intervals, and small bases withheld."""

import numpy as np
import pandas as pd

from opinionpanel.estimates import Estimates
from opinionpanel.intervals import Interval, confidence_limits

__all__ = ["design_effects", "frame_of", "matrix_of"]


def frame_of(estimates: Estimates, *, level: float, interval: Interval, min_n: int) -> pd.DataFrame:
    """Lay estimates out as `Estimates.to_frame` describes."""
    wald = np.zeros(len(estimates), dtype=bool) if estimates.wald is None else estimates.wald
    share = ~wald & (estimates.unit == "share")
    low, high = confidence_limits(
        interval,
        level,
        share=share,
        value=estimates.value,
        std_error=estimates.std_error,
        df=estimates.df,
        n=estimates.n,
        n_effective=estimates.n_effective,
    )
    if estimates.unit == "share":
        low = np.where(wald, np.maximum(low, 0), low)
        high = np.where(wald, np.minimum(high, 1), high)
    frame = estimates.labels.reset_index(drop=True).assign(
        estimate=estimates.value, std_error=estimates.std_error, conf_low=low, conf_high=high
    )
    frame["n"] = estimates.n.astype(np.int64)
    if estimates.n_cell is not None:
        frame["n_cell"] = estimates.n_cell.astype(np.int64)
    if min_n:
        small = estimates.n < min_n
        hidden = ["estimate", "std_error", "conf_low", "conf_high"]
        frame.loc[small, hidden] = np.nan
        if estimates.n_cell is not None:
            frame["n_cell"] = frame["n_cell"].astype("Int64").mask(small)
        frame["withheld"] = small
    return frame


def matrix_of(estimates: Estimates) -> pd.DataFrame:
    """Lay estimates out as `Estimates.matrix` describes."""
    *rows, last = list(estimates.labels)
    varying = [name for name in rows[:-1] if estimates.labels[name].nunique() > 1] + rows[-1:]
    if not varying:
        return pd.DataFrame([estimates.value], columns=pd.Index(estimates.labels[last], name=last))
    table = estimates.labels[[*varying, last]].assign(estimate=estimates.value)
    order = [estimates.labels[name].drop_duplicates() for name in (*varying, last)]
    wide = table.set_index([*varying, last])["estimate"].unstack(last)
    wide = wide.reindex(columns=pd.Index(order[-1], name=last))
    index = estimates.labels[varying].drop_duplicates()
    if len(varying) == 1:
        return wide.reindex(index=pd.Index(index[varying[0]], name=varying[0]))
    return wide.reindex(index=pd.MultiIndex.from_frame(index))
