"""Files that tests go through: never none without a word."""

import re

import pytest
from places import LONGEST, TESTS, files


def test_files_are_listed_in_order_and_none_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"No file \*\.txt or b\* in"):
        files(tmp_path, "*.txt", "b*")
    for name in ("c.txt", "a.txt", "b.csv"):
        (tmp_path / name).touch()
    (tmp_path / "folder.txt").mkdir()
    assert [path.name for path in files(tmp_path, "*.txt", "b*")] == ["a.txt", "b.csv", "c.txt"]


def test_files_that_take_longest_are_there():
    assert [path for path in LONGEST if not path.is_file()] == []


def test_no_other_test_goes_through_a_folder_by_itself():
    """Renewing snapshots deletes what there is, be it nothing."""
    through = re.compile(r"\bfor\b.*\.(glob|rglob|iterdir)\(")
    found = [
        path.name
        for path in files(TESTS, "**/*.py")
        if path.name not in ("places.py", "make_snapshots.py")
        and any(
            through.search(line) and "assert" not in line
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    ]
    assert found == []
