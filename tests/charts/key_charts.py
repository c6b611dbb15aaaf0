"""Ten charts as they are meant to be: their structure, and a small picture of each.

`PYTHONPATH=src python tests/charts/key_charts.py` makes both anew: look at the pictures before they
are committed.
"""

import io
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import vl_convert
from PIL import Image

sys.path.append(str(Path(__file__).parents[1]))

from chart_panels import LONG, NAMES, panel_of

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.drawing.font_faces import register_font

FOLDER = Path(__file__).parents[1] / "snapshots" / "charts"


def key_charts():
    """The charts, by name."""
    panel = op.datasets.load("attitudes_2024").panel
    waves = ["Jul 2024", "Nov 2024"]
    many = panel_of(NAMES[7], 8, people=3000)
    long = panel_of(LONG, 3)
    flows = op.flows(panel, "support", waves=waves)
    shares = op.shares(panel, "support", waves=["Jul 2024", "Jul 2025"])
    by_age = op.shares(panel, "support", by="age_group", waves=["Jul 2024", "Jul 2025"])
    now = op.shares(panel, "support", by="age_group", waves=["Jul 2025"])
    return {
        "sankey of two waves": charts.sankey(flows),
        "sankey of eight waves": charts.sankey(op.flows(many, "support", base="balanced")),
        "sankey on a phone": charts.sankey(
            op.flows(long, "support", base="balanced"), size="phone", language="ru"
        ),
        "sankey by gender, dark": charts.sankey(
            op.flows(panel, "support", base="balanced", by="gender"), theme="dark"
        ),
        "heatmap": charts.heatmap(op.transitions(panel, "support", waves=waves)),
        "trend": charts.trend(op.shares(panel, "support")),
        "trend in print": charts.trend(op.shares(many, "support"), theme="print"),
        "dots": charts.dots([shares, by_age]),
        "stacked": charts.stacked(now),
        "paths": charts.paths(op.paths(panel, "support"), size="card"),
    }


def outline(spec):
    """What a chart is made of: its size and texts, its layers, and how many marks of a kind."""
    rows = [row for data in spec["datasets"].values() for row in data]
    return {
        "size": [spec["width"], spec["height"]],
        "title": spec["title"]["text"],
        "layers": [layer["mark"]["type"] for layer in spec["layer"]],
        "marks": dict(sorted(Counter(str(row.get("kind")) for row in rows).items())),
        "texts": [row["text"] for row in rows if "text" in row],
    }


def picture(spec):
    """A small grey picture, as an array."""
    register_font()
    png = vl_convert.vegalite_to_png(spec, scale=0.5)
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=np.float64)


def main():
    """Write the structure and the picture of each."""
    FOLDER.mkdir(exist_ok=True)
    for name, chart in key_charts().items():
        spec = chart.to_dict()
        text = json.dumps(outline(spec), ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        Image.fromarray(picture(spec).astype(np.uint8)).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
