"""Where tests find files, wherever they stand themselves."""

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
GOLDEN_FILES = TESTS / "golden"
BENCHMARKS = ROOT / "benchmarks"
SHARED = ROOT.parent / "shared"
PUBLISHED_FIGURES = SHARED / "reference" / "published.json"
REAL_FILES = SHARED / "data"


def files(folder: Path, *patterns: str) -> list[Path]:
    """List the files of a folder; over none a test would pass without testing anything."""
    found = [path for pattern in patterns for path in folder.glob(pattern) if path.is_file()]
    if not found:
        raise FileNotFoundError(f"No file {' or '.join(patterns)} in {folder}.")
    return sorted(found)
