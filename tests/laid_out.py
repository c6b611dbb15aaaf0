"""What is wrong with a chart that is laid out: told from its marks, without drawing it."""

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.drawing.boxes import overlapping, text_box
from opinionpanel.drawing.marks import Text
from opinionpanel.estimates import withheld_of


def faults(drawing):
    """Texts that meet, leave the sheet, or are too small to be read."""
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    left, top = drawing.corner
    found = [f"{a.text!r} meets {b.text!r}" for a, b in overlapping(texts)]
    for text in texts:
        box = text_box(text)
        # Titles stand above the corner.
        if box.left < -left or box.right > drawing.width - left or box.top < -1:
            found.append(f"{text.text!r} leaves the sheet")
        if box.bottom > drawing.height - top:
            found.append(f"{text.text!r} ends below the sheet")
        if text.size < 9:
            found.append(f"{text.text!r} has letters of {text.size}")
    return found


def frame_of(estimates, *, min_n=10, **options):
    """A frame as charts make it."""
    return Frame(estimates, withheld_of(estimates, min_n), Options(**options))


def laid_out(lay_out, estimates, *, min_n=10, by=None, more=None, **options):
    """A chart that is laid out but not drawn."""
    withheld = withheld_of(estimates, min_n)
    return lay_out(estimates, withheld, Options(**options), by=by, **(more or {}))


def shown(drawing, kind="share"):
    """The figures in the data of marks of a kind, by group, wave and state."""
    return {
        (*mark.data["groups"], mark.data["wave"], mark.data["state"]): float(mark.data["share"])
        for mark in drawing.marks
        if mark.kind == kind
    }


def expected(estimates, min_n=10):
    """The same figures as a table gives them, without those that are withheld."""
    table = estimates.to_frame(min_n=min_n)
    groups = estimates.about.columns(estimates.labels, "group")
    kept = table[np.isfinite(table["estimate"])]
    keys = kept[[*groups, "wave", "state"]].itertuples(index=False, name=None)
    return dict(zip(keys, kept["estimate"].tolist(), strict=True))


def same_shares():
    """The same shares as they are, of rows turned round, and of weights eight times as large."""
    for turn, scale in ((1, 1.0), (-1, 1.0), (1, 8.0)):
        random = np.random.default_rng(5)
        frames = {
            wave: pd.DataFrame(
                {
                    "id": np.arange(60),
                    "q": random.integers(1, 4, 60),
                    "w": scale * random.uniform(1, 2, 60),
                }
            )[::turn]
            for wave in ("first", "second")
        }
        item = op.Item("q", {"for": [1], "unsure": [2], "against": [3]})
        design = op.Design(weight="w")
        panel = op.Panel.from_waves(frames, person="id", items={"q": item}, design=design)
        yield op.shares(panel, "q")
