"""How much of what reports withhold can an attacker compute? Thousands of seeded small studies.

Run as ``python benchmarks/disclosure.py 10000``. Each study has few people, small groups, drop-out
and answers missing, and no weights; all tables, charts and sentences that its report shows of an
item, and the summary of the panel, are one set. The attacker of ``tests/safety`` reads a set as a
reader would and solves linear programs about it. What is printed:

* determined: withheld cells whose number of people lies in an interval narrower than 5 people, or
  than the totals of row, column and base alone would leave open. Wanted: none.
* too few, and shown: cells of flows and transitions that show 1 to 4 people. Wanted: none.
* small differences: opinions of the 1 to 9 people by whom two bases differ, likewise determined.
* cells shown, of all cells and of flows, as whoever withholds everything is safe too.
* what gave the determined cells away, for the first of each study.

Studies that are done stand in ``build/disclosure.csv`` and are not tried again; ``--afresh``
forgets them, as a changed library must.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from csv import DictReader, DictWriter
from pathlib import Path
from time import perf_counter

from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "safety"))

from attacker import Attack, Verdict  # noqa: E402
from program import ContradictionError  # noqa: E402
from report_read import parts_of_report  # noqa: E402
from small_studies import made_up, summary_of  # noqa: E402
from withheld import printed_flows, shown, small_differences, too_few, withheld  # noqa: E402

DONE = ROOT / "build" / "disclosure.csv"
# Explaining takes a program for each source: of so many determined cells of a study.
EXPLAINED = 1
COUNTS = (
    "withheld",
    "determined",
    "withheld_few",
    "determined_few",
    "differences",
    "differences_determined",
    "shown",
    "shown_few",
    "flows",
    "flows_shown",
    "printed",
    "printed_shown",
)
COLUMNS = ("seed", "people", "waves", "error", *COUNTS, "unread", "cells", "leaks", "seconds")
KINDS = {
    "share": "shares",
    "by": "groups",
    "flow by": "flows-in-groups",
    "flow": "flows",
    "transition": "transitions",
}


def attempt(seed: int) -> dict[str, object]:
    """Make up one study, build what its report shows, attack it, and count."""
    start = perf_counter()
    study = made_up(seed)
    row: dict[str, object] = dict.fromkeys(COLUMNS, "")
    row |= {"seed": seed, "people": len(study.answers), "waves": len(study.outline.waves)}
    panel = study.panel()
    try:
        parts = parts_of_report(panel)
        attack = Attack.on(study.outline, parts, summary_of(panel))
        hidden, open_ones = withheld(study, attack), shown(study, attack)
        few = [one for one in hidden if 0 < one.truth < 5]
        differences = small_differences(study, attack)
        found, found_beside = attack.determined(hidden), attack.determined(differences)
        leaks = [attack.explained(one) for one in found[:EXPLAINED]]
    except ContradictionError as error:
        return row | {"error": str(error), "seconds": round(perf_counter() - start, 2)}
    numbers, printed = printed_flows(parts)
    return row | {
        "withheld": len(hidden),
        "determined": len(found),
        "withheld_few": len(few),
        "determined_few": sum(0 < one.target.truth < 5 for one in found),
        "differences": len(differences),
        "differences_determined": len(found_beside),
        "shown": len(open_ones),
        "shown_few": len(too_few(open_ones)),
        "flows": sum(one.key[0] == "flow" for one in [*hidden, *open_ones]),
        "flows_shown": sum(one.key[0] == "flow" for one in open_ones),
        "printed": printed,
        "printed_shown": numbers,
        "unread": len(attack.unread),
        "cells": " ".join(sorted(KINDS[one.target.key[0]] for one in found)),
        "leaks": "; ".join(f"{KINDS[one.target.key[0]]} by {_sources(one)}" for one in leaks),
        "seconds": round(perf_counter() - start, 2),
    }


def _sources(verdict: Verdict) -> str:
    return " + ".join(verdict.sources)


def attempts(seeds: Iterable[int], path: Path, processes: int) -> None:
    """Try all studies that are not done, and note each as it is done."""
    done = {int(row["seed"]) for row in _rows(path)}
    left = [seed for seed in seeds if seed not in done]
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("a", newline="", encoding="utf-8") as file,
        ProcessPoolExecutor(processes) as pool,
    ):
        writer = DictWriter(file, COLUMNS)
        if not done:
            writer.writeheader()
        for row in tqdm(pool.map(attempt, left, chunksize=8), total=len(left)):
            writer.writerow(row)
            file.flush()


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(DictReader(file))


def summary(rows: list[dict[str, str]]) -> str:
    """Say how much was determined, how much is shown, and what gave away what."""
    read = [row for row in rows if not row["error"]]
    total = {name: sum(int(row[name]) for row in read) for name in COUNTS}
    sets = sum(int(row["determined"]) > 0 for row in read)
    everything = total["withheld"] + total["shown"]
    leaks = Counter(leak for row in read for leak in row["leaks"].split("; ") if leak)
    cells = Counter(cell for row in read for cell in row["cells"].split())
    seconds = sum(float(row["seconds"]) for row in rows) / max(len(rows), 1)
    lines = [
        f"{len(rows):,} table sets, {len(rows) - len(read):,} that could not be read; "
        f"{seconds:.2f} s each",
        f"sets with a determined cell: {_of(sets, len(read))}",
        f"withheld cells determined: {_of(total['determined'], total['withheld'])}",
        f"  of those with 1 to 4 people: {_of(total['determined_few'], total['withheld_few'])}",
        "  by kind: " + ", ".join(f"{kind} {n:,}" for kind, n in cells.most_common()),
        f"flows and transitions of 1 to 4 people shown: {total['shown_few']:,}",
        "opinions of small differences of bases determined: "
        f"{_of(total['differences_determined'], total['differences'])}",
        f"cells shown: {_of(total['shown'], everything)}",
        f"tables that told nothing: {sum(int(row['unread']) for row in read):,}",
        f"cells of flows shown: {_of(total['flows_shown'], total['flows'])}",
        f"  of the tables of flows as printed, states merged: "
        f"{_of(total['printed_shown'], total['printed'])}",
        "given away (first determined cell of a set):",
        *(f"  {n:5,}  {leak}" for leak, n in leaks.most_common(25)),
        "seeds with a determined cell, the first: "
        + " ".join([row["seed"] for row in read if int(row["determined"])][:20]),
        *(f"not read: seed {row['seed']}: {row['error']}" for row in rows if row["error"]),
    ]
    return "\n".join(lines)


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / max(whole, 1):.2%})"


def main() -> None:
    """Try so many studies and print what was found in all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=int, nargs="?", default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--output", type=Path, default=DONE, help="default: %(default)s")
    parser.add_argument("--afresh", action="store_true", help="forget the sets that are done")
    options = parser.parse_args()
    if options.afresh:
        options.output.unlink(missing_ok=True)
    # Each process solves programs of its own; threads of the algebra would only crowd them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    attempts(range(options.sets), options.output, options.processes)
    print(summary([row for row in _rows(options.output) if int(row["seed"]) < options.sets]))


if __name__ == "__main__":
    main()
