"""Time the import of the package against that of pandas."""

import subprocess
import sys
from collections.abc import Callable, Iterator

from timing import Row, in_turn

RUNS = 9
# The package loads its names when they are first used: what a script's first lines cost shows
# only where they use some.
FIRST_LINES = "from opinionpanel import Design, Item, Panel, transitions"


def fresh(code: str) -> Callable[[], object]:
    """Make a call that runs code in an interpreter of its own."""
    command = [sys.executable, "-c", code]
    return lambda: subprocess.run(command, check=True)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure the bare import, and one with the names that every script needs."""
    wanted = 3 if quick else RUNS
    for what, code in (
        ("import opinionpanel", "import opinionpanel"),
        ("import opinionpanel, then Panel and transitions", FIRST_LINES),
    ):
        (ours, theirs), runs = in_turn((fresh(code), fresh("import pandas")), wanted)
        yield Row(
            part="importing",
            what=what,
            ours=ours,
            against="import pandas",
            theirs=theirs,
            at_most=1.2,
            people=0,
            waves=0,
            runs=runs,
            note="fresh interpreters; every module compiled before",
        )
