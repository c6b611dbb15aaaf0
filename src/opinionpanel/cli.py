"""The command ``opinionpanel``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pandas as pd

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError, StudyError
from opinionpanel.escaping import terminal_line

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status, 1 where the library refused."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "demo":
            _demo(Path(options.output))
        elif options.command == "init":
            _init(options.files, Path(options.output), options.encoding, options.skip_rows)
        elif options.command == "check":
            _check(options.study)
        else:
            _report(options.study, Path(options.output))
    except OpinionPanelError as error:
        print(f"opinionpanel: {error}", file=sys.stderr)
        return 1
    return 0


class _Parser(argparse.ArgumentParser):
    """A parser whose messages show arguments, such as names of files, within their line."""

    def error(self, message: str) -> NoReturn:
        super().error(terminal_line(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="opinionpanel", description="Opinion change in panel surveys, with honest uncertainty."
    )
    parser.add_argument("--version", action="version", version=f"opinionpanel {op.__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="analyse the bundled panel and write a report")
    demo.add_argument("--output", default="build/demo", help="folder to write to (%(default)s)")
    init = commands.add_parser("init", help="write a first study file from wave files")
    init.add_argument(
        "files",
        metavar="WAVE",
        nargs="+",
        help="wave files in order of fieldwork, or one file of all waves",
    )
    init.add_argument("--output", default="study.toml", help="file to write (%(default)s)")
    init.add_argument("--encoding", help="text encoding of the files, such as windows-1251")
    init.add_argument(
        "--skip-rows",
        type=_rows,
        default=0,
        metavar="ROWS",
        help="rows of text and Excel files to leave out: how many first ones, 2, or which, [2, 3]",
    )
    check = commands.add_parser(
        "check", help="read and link a study: summary, codes of every item, and all faults"
    )
    check.add_argument("study", metavar="STUDY.toml", help="the study's declaration")
    report = commands.add_parser("report", help="write the report pages of a study")
    report.add_argument("study", metavar="STUDY.toml", help="the study's declaration")
    report.add_argument("--output", required=True, metavar="DIR", help="folder to write to")
    return parser


def _rows(text: str) -> int | list[int]:
    """Read which rows to leave out, as messages write it: 2, or [2, 3]."""
    numbers = [int(number) for number in text.strip("[] ").split(",")]
    return numbers if "[" in text or len(numbers) > 1 else numbers[0]


def _demo(output: Path) -> None:
    folder = op.datasets.folder("attitudes_2024")
    _step("Reading the four bundled waves (synthetic: nobody was interviewed)")
    study = op.read_study(folder / "study.toml")
    panel, waves = study.panel, ("Jul 2024", "Nov 2024")
    print(panel)
    _step("Who changed: the transition matrix, July to November 2024")
    print(op.transitions(panel, "support", waves=waves))
    _step("How many changed: turnover")
    print(op.turnover(panel, "support", waves=waves))
    flows = op.flows(panel, "support", waves=waves)
    _step("Can the two flows between approve and unsure be told apart?")
    print(_opposite_flows(flows))
    _step("Drawing the shift")
    chart = output / "shift.html"
    output.mkdir(parents=True, exist_ok=True)
    op.charts.save(op.charts.sankey(flows), chart)
    _wrote(chart)
    _report(folder / "study.toml", output / "report")
    index = output / "report" / "index.html"
    print("\nDone. Open these files in a browser:", *map(terminal_line, (chart, index)), sep="\n  ")


def _opposite_flows(flows: op.Estimates) -> op.Estimates:
    """Compare approve → unsure with unsure → approve; they come from the same people."""
    ways = list(zip(flows.labels["origin"], flows.labels["destination"], strict=True))
    row = [(way == ("approve", "unsure")) - (way == ("unsure", "approve")) for way in ways]
    label = pd.DataFrame({"flow": ["approve → unsure minus unsure → approve"]})
    return flows.contrast([row], label, title="Difference between two opposite flows of support")


def _init(
    files: Sequence[str], output: Path, encoding: str | None, skip_rows: int | list[int]
) -> None:
    from opinionpanel.study import write_draft

    write_draft(files, output, encoding=encoding, skip_rows=skip_rows)
    print(terminal_line(f"Wrote {output}. Edit it, and run: opinionpanel check {output}"))


def _check(study: str) -> None:
    from opinionpanel.study import check_study, fault_lines

    text, keys = check_study(study)
    # Flushed, so that the faults come after it where both go to one terminal.
    print(text, flush=True)
    if keys.faults:
        raise StudyError(*fault_lines(keys))


def _report(study: str | Path, output: Path) -> None:
    from opinionpanel import report

    _step(f"Building the report in {output} (some 20 seconds)")
    index = report.build(study, output)
    _wrote(index)


def _step(text: str) -> None:
    # Flushed, so that a long step is announced before it runs.
    print(f"\n== {terminal_line(text)}\n", flush=True)


def _wrote(path: Path) -> None:
    print(terminal_line(f"Wrote {path}"))
