"""Time the pages of a report against a bare build of as many, and the report of a large study."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import pandas as pd
from panels import SEED
from timing import Row, explained, in_turn

import opinionpanel as op
from opinionpanel import report
from opinionpanel.report import building

RUNS = 5
# Headings stay, and one word stands where a part of the report would.
PART = re.compile(r"```\{opinionpanel\}[^\n]*\n```")
BARE = """\
project = "Pages"
extensions = ["myst_parser"]
html_theme = "furo"
"""
STATES = ("for", "rather for", "unsure", "against")
GROUPS = {"gender": 2, "age": 4, "region": 6, "education": 3, "settlement": 5, "income": 4}
LARGE, SMALL = (5_000, 6, 5), (500, 3, 2)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure the bundled study, and five items of 5,000 people at six waves, by six groups."""
    with TemporaryDirectory() as name:
        place = Path(name)
        study = op.datasets.folder("attitudes_2024") / "study.toml"
        pages = bare_pages(study, place / "bare")

        def ours() -> None:
            # Files to take away are no pages.
            with patch.object(
                building, "write_downloads", lambda front, contents, folder: folder.mkdir()
            ):
                report.build(study, place / "report")

        (took, bare), runs = in_turn((ours, bare_build(place / "bare")), 1 if quick else RUNS)
        yield explained(
            Row(
                part="reporting",
                what="pages of a report: 3 items, 4 waves, 3 groups",
                ours=took,
                against="bare Sphinx and furo",
                theirs=bare,
                at_most=2,
                people=1_000,
                waves=4,
                runs=runs,
                note=f"{pages} pages each; one word where a table or chart would stand",
            ),
            ours,
        )
        people, waves, items = SMALL if quick else LARGE
        large = large_study(place / "large", people, waves, items)
        (took,), runs = in_turn((lambda: report.build(large, place / "many"),), 1)
        yield Row(
            part="reporting",
            what=f"a report with all its files: {items} items, {waves} waves, {len(GROUPS)} groups",
            ours=took / 1e3,
            unit="s",
            at_most=60,
            people=people,
            waves=waves,
            runs=runs,
        )


def bare_pages(study: Path, folder: Path) -> int:
    """Write the pages of a study with nothing but their headings; return how many there are."""
    report.eject(study, folder)
    pages = list(folder.glob("*.md"))
    for page in pages:
        page.write_text(PART.sub("Text.", page.read_text("utf-8")), "utf-8")
    (folder / "conf.py").write_text(BARE, "utf-8")
    return len(pages)


def bare_build(folder: Path) -> Callable[[], None]:
    """Make a call that builds pages from nothing."""

    def build() -> None:
        shutil.rmtree(folder / "built", ignore_errors=True)
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "built"]
        subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL)

    return build


def large_study(folder: Path, people: int, waves: int, items: int) -> Path:
    """Write a study of people who lean one way and answer by it, with some who do not answer."""
    rng = np.random.default_rng(SEED)
    folder.mkdir()
    fixed = {"person": np.arange(people), "psu": rng.integers(0, 200, people)}
    fixed |= {name: rng.integers(1, size + 1, people) for name, size in GROUPS.items()}
    fixed["weight"] = np.exp(rng.normal(0, 0.4, people)).round(4)
    leaning = rng.normal(size=(items, people))
    for wave in range(waves):
        answers = leaning + rng.normal(0, 0.7, (items, people)) + 0.05 * wave
        codes = np.digitize(answers, (-0.8, 0.1, 0.7)) + 1
        frame = pd.DataFrame(fixed | {f"q{item + 1}": codes[item] for item in range(items)})
        there = rng.random(people) < 0.9
        frame[there].to_csv(folder / f"wave{wave + 1}.csv", index=False)
    (folder / "study.toml").write_text(_declared(waves, items), "utf-8")
    return folder / "study.toml"


def _declared(waves: int, items: int) -> str:
    lines = ['title = "A large study"', 'person = "person"', f"groups = {list(GROUPS)!r}"]
    for wave in range(1, waves + 1):
        lines += ["[[waves]]", f'name = "Wave {wave}"', f'file = "wave{wave}.csv"']
    for item in range(1, items + 1):
        lines += [f"[items.q{item}]", f'column = "q{item}"', f"[items.q{item}.states]"]
        lines += [f'"{state}" = [{code}]' for code, state in enumerate(STATES, start=1)]
    lines += ["[design]", 'weight = "weight"', 'psu = "psu"']
    return "\n".join(lines) + "\n"
