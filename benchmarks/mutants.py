"""Small faults made on purpose in the modules that make numbers: which would the tests notice?

A mutant is a module with one operator, comparison, number or truth value changed. cosmic-ray makes
them and runs the tests nearest to each, in a copy of the tree. What became of them stands in
``mutants.csv``, from which a further run goes on; ``--survivors`` takes those again that survived.
"""

import argparse
import ast
import csv
import hashlib
import os
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator, operator_names
from cosmic_ray.testing import run_tests
from cosmic_ray.work_item import TestOutcome
from mutated_modules import NEAREST

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "mutants.csv"
COPIED = ("src", "tests", "data", "benchmarks", "docs", "pyproject.toml", "README.md")
SEED = "2024"
# Faults a person would make. Most others, such as + for >>, do not even run.
PLAUSIBLE = re.compile(
    "core/("
    "ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|Div_FloorDiv|FloorDiv_Div|Pow_Mul"
    "|BitAnd_BitOr|BitOr_BitAnd)"
    "|ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Lt_GtE|Gt_LtE"
    "|Is_IsNot|IsNot_Is)"
    "|ReplaceUnaryOperator_Delete_.*"
    "|NumberReplacer|ReplaceTrueWithFalse|ReplaceFalseWithTrue|ReplaceAndWithOr|ReplaceOrWithAnd"
    "|AddNot|ZeroIterationForLoop)"
)


# What changes no number: texts, classes frozen, arguments named, lengths checked, copies spared,
# the order of groups that are numbered, how long to go on, and two things that are None together.
NO_NUMBER = re.compile(
    r"""@dataclass.*|\*,|def .*|raise .*|[+]? ?[(]?f".*|title.*"""
    r"|.*\b(strict|copy|sparse|sort|hermitian)=.*"
    r"|ITERATIONS = .*|if \S+ is (not )?None (or|and) \S+ is (not )?None:"
)


@dataclass(frozen=True)
class Mutant:
    """One changed place of a module, as in a row of mutants.csv."""

    module: str
    line: int
    operator: str
    original: str
    nth: int  # of such places in equal lines of the module
    mutated: str = ""
    result: str = ""
    seconds: str = ""
    reason: str = ""
    occurrence: int = 0  # of the operator in the module, which changes with every edit

    @property
    def key(self) -> tuple[str, ...]:
        """What stays the same while other lines of the module change."""
        return (self.module, self.operator, self.original, str(self.nth))

    @property
    def lot(self) -> str:
        return hashlib.sha256("\n".join((SEED, *self.key)).encode()).hexdigest()


COLUMNS = [column.name for column in fields(Mutant) if column.name != "occurrence"]


def mutants_of(module: str) -> Iterator[Mutant]:
    """All plausible mutants of a module, not yet made."""
    source = (ROOT / "src" / "opinionpanel" / module).read_text(encoding="utf-8")
    types, lines = list(annotations(source)), source.splitlines()
    nodes = list(ast_nodes(get_ast(source)))
    for name in filter(PLAUSIBLE.fullmatch, operator_names()):
        operator = get_operator(name)()
        seen: Counter[str] = Counter()
        places = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, start in enumerate(places):
            original = lines[start[0] - 1].strip()
            nth = seen[original]
            seen[original] += 1
            typed = any(first <= start < last for first, last in types)
            if not typed and not NO_NUMBER.fullmatch(original):
                short = name.removeprefix("core/")
                yield Mutant(module, start[0], short, original, nth, occurrence=occurrence)


def annotations(source: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where types stand: nothing runs there."""
    for node in ast.walk(ast.parse(source)):
        for name in ("annotation", "returns"):
            if (type_ := getattr(node, name, None)) is not None:
                yield (type_.lineno, type_.col_offset), (type_.end_lineno, type_.end_col_offset)


def drawn(number: int) -> list[Mutant]:
    """Draw mutants evenly over modules, and within a module over the kinds of change.

    A line changed elsewhere leaves the draw of the others as it is.
    """
    by_module = []
    for module in NEAREST:
        ranked, kinds = [], Counter[str]()
        for mutant in sorted(mutants_of(module), key=lambda mutant: mutant.lot):
            kind = mutant.operator.split("_")[0]
            ranked.append((kinds[kind], mutant.lot, mutant))
            kinds[kind] += 1
        by_module.append([mutant for *_, mutant in sorted(ranked, key=lambda rank: rank[:2])])
    rounds = range(max(map(len, by_module)))
    even = [pile[turn] for turn in rounds for pile in by_module if turn < len(pile)]
    return even[:number]


# ---- running ----------------------------------------------------------------------------------


def move_into_a_copy(folder: str) -> None:
    """Work in a copy of the tree from now on."""
    copy = Path(mkdtemp(dir=folder))
    for name in COPIED:
        whole = (ROOT / name).is_dir()
        (shutil.copytree if whole else shutil.copy2)(ROOT / name, copy / name)
    os.chdir(copy)
    os.environ |= {"PYTHONPATH": str(copy / "src"), "OPENBLAS_NUM_THREADS": "1"}


def command(module: str) -> str:
    """The tests nearest to a module: its examples, its own test file, and those named beside it."""
    room, name = module.split("/")
    own = [f"src/opinionpanel/{module}", f"tests/{room}/test_{name}"]
    files = [*filter(lambda file: (ROOT / file).exists(), own), *NEAREST[module]]
    options = "-x -q --no-header --tb=line -p no:cacheprovider -p no:xdist"
    return f"{sys.executable} -m pytest {options} --hypothesis-profile=mutants {' '.join(files)}"


def seconds_unchanged(module: str) -> float:
    """How long the nearest tests take, which must pass while nothing is changed."""
    start = time.monotonic()
    outcome, output = run_tests(command(module), 600)
    if outcome != TestOutcome.SURVIVED:
        raise SystemExit(f"The tests of {module} fail although nothing is changed:\n{output}")
    return time.monotonic() - start


def tested(mutant: Mutant, limit: float) -> Mutant:
    """Run the nearest tests on a mutant, in this process's copy of the tree."""
    operator = get_operator(f"core/{mutant.operator}")()
    start = time.monotonic()
    place = Path("src", "opinionpanel", mutant.module)
    with use_mutation(place, operator, mutant.occurrence) as (sound, changed):
        outcome, output = run_tests(command(mutant.module), limit)
    lines = zip(sound.splitlines(), changed.splitlines(), strict=False)
    mutated = next((b.strip() for a, b in lines if a != b), "")
    result = "timeout" if output == "timeout" else outcome.value
    seconds = f"{time.monotonic() - start:.1f}"
    reason = mutant.reason if result == "survived" else ""
    return replace(mutant, mutated=mutated, result=result, seconds=seconds, reason=reason)


# ---- results ----------------------------------------------------------------------------------


def results_in(path: Path) -> Iterator[Mutant]:
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            yield from (Mutant(**row) for row in csv.DictReader(file))


def write(mutants: Iterable[Mutant], path: Path) -> None:
    in_order = sorted(mutants, key=lambda mutant: (list(NEAREST).index(mutant.module), mutant.line))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(mutant) for mutant in in_order if mutant.result)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=500, help="how many mutants to draw")
    parser.add_argument("--jobs", type=int, default=1, help="how many to run at a time")
    parser.add_argument("--modules", nargs="*", default=list(NEAREST), help="run only those of")
    parser.add_argument("--survivors", action="store_true", help="run again those that survived")
    parser.add_argument("--results", type=Path, default=RESULTS, help="read, and written anew")
    chosen = parser.parse_args()
    before = {row.key: row for row in results_in(chosen.results)}
    table = {}
    for mutant in drawn(chosen.number):
        row = before.get(mutant.key, mutant)
        table[mutant.key] = replace(row, line=mutant.line, occurrence=mutant.occurrence)
    again = {"", "survived"} if chosen.survivors else {""}
    due = [row for row in table.values() if row.result in again and row.module in chosen.modules]
    with (
        TemporaryDirectory(prefix="mutants-") as folder,
        ProcessPoolExecutor(chosen.jobs, initializer=move_into_a_copy, initargs=[folder]) as pool,
    ):
        modules = list(dict.fromkeys(row.module for row in due))
        seconds = dict(zip(modules, pool.map(seconds_unchanged, modules), strict=True))
        runs = [pool.submit(tested, row, 20 + 3 * seconds[row.module]) for row in due]
        for number, run in enumerate(as_completed(runs), 1):
            found = run.result()
            table[found.key] = found
            write(table.values(), chosen.results)
            print(f"{number} of {len(due)}: {found.module}:{found.line} {found.result}", flush=True)
            if found.result == "survived":
                print(f"      {found.original}\n      {found.mutated}")
    counts = Counter(row.result for row in table.values() if row.result)
    print(", ".join(f"{count} {result}" for result, count in counts.items()))


if __name__ == "__main__":
    main()
