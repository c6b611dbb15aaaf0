"""Time nine transition tables against R's TraMineR, which gives shares without errors."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from estimating import WAVES, transitions_of
from panels import PSUS, STATES, make_people
from peers import Peer, rscript
from timing import Row, in_turn

import opinionpanel as op

RUNS = 3
WORKER = Path(__file__).with_name("against_traminer.R")


def compare(people: int) -> tuple[list[float], int] | tuple[list[None], int]:
    """Medians of ours and of TraMineR's; None where it is not installed."""
    script = rscript("TraMineR")
    if script is None:
        return [None, None], 0
    made = make_people(people, WAVES)
    panel = made.panel(clustered=True)
    with tempfile.TemporaryDirectory() as folder:
        for wave, codes in enumerate(made.codes):
            codes.astype(np.int32).tofile(Path(folder) / f"w{wave + 1}")
        made.weight(0).tofile(Path(folder) / "weight")
        with Peer(script, WORKER, folder, str(people), str(WAVES)) as peer:
            rates = np.reshape(peer.found["rates"], (WAVES - 1, len(STATES), len(STATES)))
            found = op.transitions(panel, "support").value
            np.testing.assert_allclose(found, rates.transpose(0, 2, 1).ravel(), rtol=1e-9)
            return in_turn((transitions_of(panel), lambda: peer.ask("rates")), RUNS)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure a panel of usual size and a large one."""
    for people in (10_000,) if quick else (10_000, 1_000_000):
        (ours, theirs), runs = compare(people)
        yield Row(
            part="against_traminer",
            what=f"{WAVES - 1} transition tables, {PSUS:,} PSUs",
            ours=ours,
            against="TraMineR seqtrate, no errors",
            theirs=theirs,
            people=people,
            waves=WAVES,
            runs=runs,
            note="sequences declared before; shares compared",
        )
