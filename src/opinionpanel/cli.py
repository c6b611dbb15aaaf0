"""The command ``opinionpanel``."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TypeAlias

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError, StudyError
from opinionpanel.escaping import terminal_line
from opinionpanel.interruptions import Interrupted, raised
from opinionpanel.written_files import FULL, made, reason

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        The exit status: 1 where the library refused, and where a signal ended the command or
        nobody reads on, the one by which shells tell that.
    """
    _print_anywhere()
    written: list[Path] = []
    try:
        with raised():
            try:
                _run(_parser().parse_args(arguments), written)
            finally:
                # What is left to be printed may meet a full disk as well.
                if sys.stdout is not None:
                    sys.stdout.flush()
    except OpinionPanelError as error:
        return _refused(str(error))
    except BrokenPipeError:
        return _unread()
    except Interrupted as error:
        what = ", ".join(f"{str(path)!r}" for path in written)
        what = f"{what} had been" if written else "nothing was"
        _refused(terminal_line(f"interrupted; {what} written"))
        return error.status
    except MemoryError:
        return _refused("there is not enough memory for this. Close other programs, or read less.")
    except (OSError, UnicodeError) as error:
        return _refused(terminal_line(f"{_said_by_system(error)}."))
    return 0


def _run(options: argparse.Namespace, written: list[Path]) -> None:
    """Do what was asked for, and note what has been written."""
    if options.command == "demo":
        _demo(Path(options.output), written)
    elif options.command == "columns":
        _columns(options)
    elif options.command == "init":
        _init(options)
    elif options.command == "check":
        _check(options)
    else:
        _report(options, written)


def _print_anywhere() -> None:
    """Print what a terminal has no letters for by its number, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        # What was put in the place of a terminal may have a place in it that cannot be told.
        with suppress(OSError):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")


def _refused(text: str) -> int:
    # Where nobody can be told, the status says it.
    with suppress(OSError):
        print(f"opinionpanel: {text}", file=sys.stderr, flush=True)
    return 1


def _said_by_system(error: OSError | UnicodeError) -> str:
    """Say what the system refused, in words where it can only be about writing."""
    if isinstance(error, UnicodeError) or error.errno in FULL:
        return reason(error)
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or type(error).__name__}"


def _unread() -> int:
    """End quietly where nobody reads on, as in `opinionpanel check study.toml | head -1`."""
    # The interpreter would try once more, and complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


class _Parser(argparse.ArgumentParser):
    """A parser whose messages show arguments, such as names of files, within their line."""

    def error(self, message: str) -> NoReturn:
        super().error(terminal_line(message))


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="opinionpanel", description="Opinion change in panel surveys, with honest uncertainty."
    )
    parser.add_argument("--version", action="version", version=f"opinionpanel {op.__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="analyse the bundled panel and write a report")
    demo.add_argument("--output", default="build/demo", help="folder to write to (%(default)s)")
    _add_columns(commands)
    _add_init(commands)
    check = commands.add_parser(
        "check",
        help="read and link a study: summary, codes of every item, and all faults",
        epilog="The exit status is 0 only if there is no fault and no place left to decide.",
    )
    check.add_argument("study", metavar="STUDY.toml", help="the study's declaration")
    what = check.add_mutually_exclusive_group()
    what.add_argument("--item", default="", metavar="NAME", help="show one item in full")
    what.add_argument("--brief", action="store_true", help="show a line for each item")
    report = commands.add_parser("report", help="write the report pages of a study")
    report.add_argument("study", metavar="STUDY.toml", help="the study's declaration")
    report.add_argument(
        "--output", default="report", metavar="DIR", help="folder to write to (%(default)s)"
    )
    report.add_argument(
        "--language", choices=["en", "ru"], default="en", help="of the report (%(default)s)"
    )
    report.add_argument(
        "--format",
        choices=["html", "pdf", "docx"],
        default="html",
        help="pages, or one file for paper or Word (%(default)s)",
    )
    report.add_argument(
        "--eject", metavar="DIR", help="write the pages as Markdown to edit, instead of building"
    )
    return parser


def _add_columns(commands: _Commands) -> None:
    columns = commands.add_parser(
        "columns", help="list the columns of wave files: wording, codes, labels and counts"
    )
    _add_wave_files(columns)
    columns.add_argument(
        "--search",
        default="",
        metavar="WORD",
        help="only columns with this in their name, wording, codes or labels, in any case",
    )


def _add_init(commands: _Commands) -> None:
    init = commands.add_parser("init", help="write a first study file from wave files")
    _add_wave_files(init)
    init.add_argument("--output", default="study.toml", help="file to write (%(default)s)")
    init.add_argument(
        "--items",
        type=_names,
        default=[],
        metavar="NAME,…",
        help="columns to draft as items, such as q1,q126; without it attitudes come first",
    )


def _add_wave_files(parser: argparse.ArgumentParser) -> None:
    """Let a command take wave files, and how to read them."""
    parser.add_argument(
        "files",
        metavar="WAVE",
        nargs="+",
        help="wave files in order of fieldwork, or one file of all waves",
    )
    parser.add_argument("--encoding", help="text encoding of the files, such as windows-1251")
    parser.add_argument(
        "--skip-rows",
        type=_rows,
        default=0,
        metavar="ROWS",
        help="rows of text and Excel files to leave out: how many first ones, 2, or which, [2, 3]",
    )


def _names(text: str) -> list[str]:
    """Read names with commas between them."""
    return [name for part in text.split(",") if (name := part.strip())]


def _rows(text: str) -> int | list[int]:
    """Read which rows to leave out, as messages write it: 2, or [2, 3]."""
    numbers = [int(number) for number in text.strip("[] ").split(",")]
    return numbers if "[" in text or len(numbers) > 1 else numbers[0]


def _demo(output: Path, written: list[Path]) -> None:
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
    with made(output):
        op.charts.save(op.charts.sankey(flows), chart)
    written.append(chart)
    _wrote(chart)
    _build(folder / "study.toml", output / "report", written)
    index = output / "report" / "index.html"
    print("\nDone. Open these files in a browser:", *map(terminal_line, (chart, index)), sep="\n  ")


def _opposite_flows(flows: op.Estimates) -> op.Estimates:
    """Compare approve → unsure with unsure → approve; they come from the same people."""
    import pandas as pd

    ways = list(zip(flows.labels["origin"], flows.labels["destination"], strict=True))
    row = [(way == ("approve", "unsure")) - (way == ("unsure", "approve")) for way in ways]
    label = pd.DataFrame({"flow": ["approve → unsure minus unsure → approve"]})
    return flows.contrast([row], label, title="Difference between two opposite flows of support")


def _columns(options: argparse.Namespace) -> None:
    from opinionpanel.study import list_columns

    print(
        list_columns(
            options.files,
            search=options.search,
            encoding=options.encoding,
            skip_rows=options.skip_rows,
        )
    )


def _init(options: argparse.Namespace) -> None:
    from opinionpanel.study import leads_outside, number_of_places, undecided_in, write_draft

    output = Path(options.output)
    write_draft(
        options.files,
        output,
        items=options.items,
        encoding=options.encoding,
        skip_rows=options.skip_rows,
    )
    if any(leads_outside(Path(file), output.parent) for file in options.files):
        print("Wave files lie outside its folder, so it says allow_outside = true.")
    places = number_of_places(undecided_in(output))
    print(terminal_line(f"Wrote {output}, a draft: {places}."))
    print(terminal_line(f"Edit it, and run: opinionpanel check {output}"))


def _check(options: argparse.Namespace) -> None:
    from opinionpanel.study import check_study, draft_lines, fault_lines, undecided_in

    text, keys = check_study(options.study, item=options.item, brief=options.brief)
    # Flushed, so that the faults come after it where both go to one terminal.
    print(text, flush=True)
    places = undecided_in(options.study)
    if keys.faults or places:
        faults = fault_lines(keys) if keys.faults else []
        raise StudyError(*faults, *(draft_lines(options.study, places) if places else []))


def _report(options: argparse.Namespace, written: list[Path]) -> None:
    from opinionpanel import report

    if not options.eject:
        choices = {"language": options.language, "format": options.format}
        _build(options.study, Path(options.output), written, **choices)
        return
    folder = report.eject(options.study, options.eject, language=options.language)
    written.append(folder)
    _wrote(folder)
    print(terminal_line(f"Edit its pages, and run: sphinx-build {folder} {options.output}"))


def _build(study: str | Path, output: Path, written: list[Path], **choices: str) -> None:
    from opinionpanel import report

    _step(f"Building the report in {output}")
    place = report.build(study, output, **choices)  # type: ignore[arg-type]
    written.append(place)
    _wrote(place)


def _step(text: str) -> None:
    # Flushed, so that a long step is announced before it runs.
    print(f"\n== {terminal_line(text)}\n", flush=True)


def _wrote(path: Path) -> None:
    print(terminal_line(f"Wrote {path}"))
