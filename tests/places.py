"""Where tests find files, wherever they stand themselves."""

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
GOLDEN_FILES = TESTS / "golden"
BENCHMARKS = ROOT / "benchmarks"
SHARED = ROOT.parent / "shared"
PUBLISHED_FIGURES = SHARED / "reference" / "published.json"
REAL_FILES = SHARED / "data"
