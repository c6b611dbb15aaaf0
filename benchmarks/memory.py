"""Measure the memory that transitions need, in a process of its own."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from estimating import WAVES
from panels import PSUS, STRATA, make_people
from timing import Row

import opinionpanel as op


def held(panel: op.Panel) -> int:
    """Count the bytes of a panel's arrays, each once."""
    sampling = panel.sampling
    arrays = [
        *panel.answers.values(),
        *panel.weights.values(),
        panel.present,
        panel.domain,
        sampling.stratum,
        sampling.psu,
        sampling.stratum_of_psu,
    ]
    return sum({id(array): array.nbytes for array in arrays if array is not None}.values())


def measure(people: int, *, clustered: bool) -> dict[str, int]:
    """Peak of what the call allocates, beside codes and one column of weights, in bytes."""
    # A first call loads what is loaded late: that is code, not data.
    op.transitions(make_people(10_000, WAVES).panel(clustered=clustered), "support")
    panel = make_people(people, WAVES).panel(clustered=clustered)
    unit = panel.answers["support"].nbytes + people * 8
    tracemalloc.start()
    found = op.transitions(panel, "support")
    assert found.covariance.shape == (len(found.value),) * 2
    _, peak = tracemalloc.get_traced_memory()
    return {"unit": unit, "peak": peak, "held": held(panel)}


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure in a fresh interpreter."""
    people = 100_000 if quick else 1_000_000
    for clustered in (True, False):
        command = [sys.executable, str(Path(__file__)), str(people), "psu" if clustered else ""]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found = json.loads(done.stdout)
        units = f"{PSUS:,} PSUs in {STRATA} strata" if clustered else "people as PSUs"
        yield Row(
            part="memory",
            what=f"peak memory of {WAVES - 1} tables, {units}",
            ours=(found["unit"] + found["peak"]) / 1e6,
            against="codes and one weight column",
            theirs=found["unit"] / 1e6,
            unit="MB",
            at_most=3.0 if clustered else None,
            people=people,
            waves=WAVES,
            runs=1,
            note=(
                f"codes, weights and at most {found['peak'] / 1e6:.1f} MB that the call allocates "
                f"(tracemalloc); the panel's arrays take {found['held'] / 1e6:.1f} MB in all"
            ),
        )


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), clustered=bool(sys.argv[2]))))
