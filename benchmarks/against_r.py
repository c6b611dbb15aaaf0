"""Time one transition table of a million people against R's survey."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from estimating import transitions_of
from panels import PSUS, STATES, STRATA, People, make_people
from peers import Peer, rscript
from timing import Row, explained, in_turn

import opinionpanel as op

RUNS = 3
WORKER = Path(__file__).with_name("against_r.R")
# As svyby is mostly called, and with the covariance between its rows, which we always give.
CALLS = (
    ("svyby", "R svyby(~b, ~a, design, svymean)", 150),
    ("covmat", "R svyby(…, covmat = TRUE)", None),
)


def hand_over(made: People, folder: Path) -> None:
    """Write the columns as plain numbers, which R reads as they are."""
    columns = {"a": made.codes[0], "b": made.codes[1], "psu": made.psu, "stratum": made.stratum}
    for name, column in columns.items():
        column.astype(np.int32).tofile(folder / name)
    made.weight(1).tofile(folder / "weight")


def check_same(found: op.Estimates, theirs: dict[str, list[float]]) -> None:
    """Refuse different shares, standard errors or covariances; R lists destinations last."""
    size = len(STATES)
    shares, errors = (np.reshape(theirs[name], (size, size)).T for name in ("share", "error"))
    np.testing.assert_allclose(found.value, shares.ravel(), rtol=1e-9)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), errors.ravel(), rtol=1e-8)
    place = np.arange(size**2).reshape(size, size).T.ravel()
    scale = np.outer(errors.ravel(), errors.ravel())
    covariance = np.reshape(theirs["covariance"], (size**2, size**2))[np.ix_(place, place)]
    np.testing.assert_allclose(found.covariance / scale, covariance / scale, atol=1e-7)


def compare(made: People) -> list[tuple[list[float], int]] | None:
    """Medians of ours and of R's, for every call; None where R's survey is not installed."""
    script = rscript("survey")
    if script is None:
        return None
    panel = made.panel(clustered=True)
    people = made.codes.shape[1]
    with tempfile.TemporaryDirectory() as folder:
        hand_over(made, Path(folder))
        with Peer(script, WORKER, folder, str(people)) as peer:
            check_same(op.transitions(panel, "support"), peer.found)
            return [
                in_turn((transitions_of(panel), lambda call=call: peer.ask(call)), RUNS)
                for call, _, _ in CALLS
            ]


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure both ways to call svyby, for a panel of usual size and a large one."""
    absent: tuple[list[None], int] = ([None, None], 0)
    for people in (10_000,) if quick else (10_000, 1_000_000):
        made = make_people(people, 2)
        found = compare(made) or [absent] * len(CALLS)
        for (_, against, faster), ((ours, theirs), runs) in zip(CALLS, found, strict=True):
            row = Row(
                part="against_r",
                what=f"one transition table, {PSUS:,} PSUs in {STRATA} strata",
                ours=ours,
                against=against,
                theirs=theirs,
                # Of 10,000 people both count in no time: what is wanted there is in `calls`.
                faster=faster if people == 1_000_000 else None,
                people=people,
                waves=2,
                runs=runs,
                note="design declared before; shares, errors and covariance compared",
            )
            yield explained(row, transitions_of(made.panel(clustered=True)))
