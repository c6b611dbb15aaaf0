"""Time what fresh interpreters do against the import of pandas: imports, and a first script."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from timing import Row, in_turn

import opinionpanel as op

RUNS = 9
FRESH = "fresh interpreters; every module compiled before"
# The package loads its names when they are first used: what a script's first lines cost shows
# only where they use some.
FIRST_LINES = "from opinionpanel import Design, Item, Panel, transitions"
WAVES = ("July 2024", "November 2024", "March 2025", "July 2025")
# A script that starts cold: four files are read, and a table is printed.
SCRIPT = """
import opinionpanel as op
panel = op.read_panel(
    {files!r},
    person="resp_id",
    items={{"support": op.Item(
        {{wave: "q12" if wave == "July 2024" else "q9" for wave in {files!r}}},
        {{"approve": [1, 2], "unsure": [3, 98, 99], "oppose": [4, 5]}},
    )}},
    groups=["gender", "age_group"],
    design=op.Design(weight="wgt", stratum="region", psu="settlement"),
)
print(op.transitions(panel, "support"))
"""
SANKEY = """
chart = op.charts.sankey(op.flows(panel, "support", base="balanced"))
chart.to_dict()
"""
# What draws a chart on a page, which no page is made without.
BUNDLE = "import vl_convert; vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;')"
PAGE = "op.charts.save(chart, {path!r})"


def fresh(code: str) -> Callable[[], object]:
    """Make a call that runs code in an interpreter of its own, which keeps what it compiles."""
    kept = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    return lambda: subprocess.run(command, check=True, env=kept, stdout=subprocess.DEVNULL)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure imports, a script that reads and prints, and its first chart and page."""
    wanted = 3 if quick else RUNS
    folder = op.datasets.folder("attitudes_2024")
    files = {wave: str(folder / f"wave{place}.sav") for place, wave in enumerate(WAVES, start=1)}
    script = SCRIPT.format(files=files)
    for what, code, at_most in (
        ("import opinionpanel", "import opinionpanel", 1.2),
        ("import opinionpanel, then Panel and transitions", FIRST_LINES, 1.3),
        ("a cold script: four .sav, transitions, print", script, 2.2),
    ):
        (ours, theirs), runs = in_turn((fresh(code), fresh("import pandas")), wanted)
        yield Row(
            part="importing",
            what=what,
            ours=ours,
            against="import pandas",
            theirs=theirs,
            at_most=at_most,
            people=0,
            waves=0,
            runs=runs,
            note=FRESH,
        )
    with TemporaryDirectory() as target:
        charted = script + SANKEY
        saved = charted + PAGE.format(path=str(Path(target) / "flows.html"))
        calls = (script, charted, saved, "import altair", BUNDLE, "pass")
        (bare, first, page, altair, bundle, nothing), runs = in_turn(
            tuple(map(fresh, calls)), wanted
        )
    for what, ours, against, theirs, at_most in (
        (
            "the first Sankey of that script, Altair's import included",
            first - bare,
            "import altair",
            altair - nothing,
            2.5,
        ),
        ("its first HTML file", page - first, "vl-convert's bundle", bundle - nothing, 1.5),
    ):
        yield Row(
            part="importing",
            what=what,
            ours=ours,
            against=against,
            theirs=theirs,
            at_most=at_most,
            people=0,
            waves=0,
            runs=runs,
            note=f"{FRESH}; how much longer the script takes",
        )
