"""Estimate shares by group with svy, whenever asked; runs in svy's own environment.

Arguments: a folder of numpy columns, and the names of the states.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import svy


def main(folder: Path, states: list[str]) -> None:
    """Say what was found, then the seconds of every further call."""
    columns = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    replicates = columns.pop("replicates", None)
    columns["support"] = np.array(states)[columns["support"]]
    frame = pl.DataFrame(columns)
    if replicates is None:
        method = "taylor"
        design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
    else:
        method, count = "replication", replicates.shape[1]
        names = [f"rep{number}" for number in range(1, count + 1)]
        frame = frame.hstack(pl.DataFrame(replicates, schema=names))
        design = svy.Design(wgt="weight", rep_wgts=svy.BootstrapWgts(prefix="rep", n_reps=count))
    sample = svy.Sample(data=frame, design=design)

    def estimate() -> svy.Estimate:
        return sample.estimation.prop("support", by="group", method=method)

    found = estimate()
    answer = {
        "keys": [[str(part) for part in key] for key in found.keys()],  # noqa: SIM118
        "share": [row.est for row in found.estimates],
        "covariance": np.asarray(found.covariance).tolist(),
    }
    print(json.dumps(answer), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        estimate()
        print(json.dumps(time.perf_counter() - start), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
