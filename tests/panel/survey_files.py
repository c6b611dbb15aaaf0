"""Wave files of a few columns, and panels read from them."""

import pandas as pd
import pyreadstat

import opinionpanel as op


def write(path, **columns):
    """Write a wave file, by the ending of its name."""
    frame = pd.DataFrame(columns)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        pyreadstat.write_sav(frame, path)
    return path


def panel_of(files, **changes):
    item = op.Item("q", {"yes": [1], "no": [2]})
    return op.read_panel(files, **({"person": "id", "items": {"q": item}} | changes))
