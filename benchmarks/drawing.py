"""Time charts: a Sankey of six waves and five groups to its specification, and to a picture."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from panels import make_people
from timing import Row, in_turn

import opinionpanel as op
from opinionpanel.escaping import script_json

WAVES, GROUPS = 6, 5
RUNS = 9


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure the time it takes, and how large the specification is."""
    people = 2_000 if quick else 20_000
    panel = make_people(people, WAVES, groups=GROUPS).panel(clustered=True, grouped=True)
    flows = op.flows(panel, "support", base="balanced", by="group")
    # All flows, of small numbers of people as well: as many as there can be.
    spec = op.charts.sankey(flows, min_n=0).to_dict()
    drawn = [row["share"] for data in spec["datasets"].values() for row in data if is_flow(row)]
    np.testing.assert_allclose(np.sort(drawn), np.sort(flows.value), atol=1e-4)
    (ours,), runs = in_turn((lambda: op.charts.sankey(flows, min_n=0).to_dict(),), RUNS)
    size = len(script_json(spec).encode())
    common = {"part": "drawing", "people": people, "waves": WAVES, "runs": runs}
    what = f"Sankey of {WAVES} waves × {GROUPS} groups"
    yield Row(what=f"{what} to a spec", ours=ours, at_most=100, **common)
    yield Row(
        what=f"{what}: its JSON",
        ours=size / 1e3,
        unit="KB",
        at_most=100,
        note="as it is written into a page",
        **common,
    )
    with TemporaryDirectory() as target:
        chart = op.charts.sankey(op.flows(panel, "support", base="balanced"))
        path = Path(target) / "flows.png"
        (ours,), runs = in_turn((lambda: op.charts.save(chart, path),), RUNS)
    yield Row(what=f"Sankey of {WAVES} waves to a PNG, warm", ours=ours, at_most=1000, **common)


def is_flow(row: dict[str, object]) -> bool:
    """Whether a row of the chart's data is a flow."""
    return row.get("kind") == "flow"
