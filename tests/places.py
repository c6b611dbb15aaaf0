"""Where tests find files, wherever they stand themselves."""

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
GOLDEN_FILES = TESTS / "golden"
BENCHMARKS = ROOT / "benchmarks"
SHARED = ROOT.parent / "shared"
PUBLISHED_FIGURES = SHARED / "reference" / "published.json"
REAL_FILES = SHARED / "data"
# Files of tests that take longest: a run on several cores begins with them.
LONGEST = [
    TESTS / name
    for name in (
        *("panel/test_same_everywhere.py", "report/test_reports_opened.py", "test_every_form.py"),
        *("test_on_spark.py", "golden/test_made_by_r.py", "report/test_building.py"),
        *("test_public_names.py", "safety/test_hostile_study.py", "report/test_ejected.py"),
        *("test_round_trip.py", "panel/test_any_form.py", "test_group_names.py"),
        *("weighting/test_calibration.py", "measures/test_bounds.py"),
    )
]


def files(folder: Path, *patterns: str) -> list[Path]:
    """List the files of a folder; over none a test would pass without testing anything."""
    found = [path for pattern in patterns for path in folder.glob(pattern) if path.is_file()]
    if not found:
        raise FileNotFoundError(f"No file {' or '.join(patterns)} in {folder}.")
    return sorted(found)
