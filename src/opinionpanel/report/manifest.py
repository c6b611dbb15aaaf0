"""The list of files that a report wrote: only these are replaced, and only as they were written."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from opinionpanel.errors import OpinionPanelError, listing
from opinionpanel.written_files import write_file

MANIFEST = ".opinionpanel-report"
# A report has some hundred files; a list that is longer was not written here.
LARGEST = 1 << 24


def write_manifest(folder: Path) -> None:
    """List the files of a new report with the SHA-256 of each."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): _sum(path) for path in paths}
    text = json.dumps({"written by opinionpanel": files}, indent=1, ensure_ascii=False)
    write_file(folder / MANIFEST, f"{text}\n")


def read_manifest(folder: Path) -> dict[str, str] | None:
    """Read the list of a report; None where the folder holds none.

    Raises
    ------
    OpinionPanelError
        The list is damaged, or names files elsewhere: then nobody knows what may be replaced.
    """
    path = folder / MANIFEST
    if not path.is_file() or path.is_symlink():
        return None
    try:
        text = path.read_text(encoding="utf-8") if path.stat().st_size < LARGEST else ""
        (files,) = json.loads(text).values()
        if all(_inside(name) and re.fullmatch("[0-9a-f]{64}", files[name]) for name in files):
            return dict(files)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise OpinionPanelError(
        f"Folder {str(folder)!r} holds a report, but its list of files, {MANIFEST}, is damaged or "
        "of an earlier version, so that nobody can tell which of them may be replaced. Name "
        "another folder, or delete this one or move it away."
    )


def _inside(name: str) -> bool:
    """Tell whether a name is that of a file in the folder, written in the only way."""
    path = PurePosixPath(name)
    plain = str(path) == name and "\\" not in name and "\0" not in name
    return plain and not path.is_absolute() and ".." not in path.parts and name != "."


def changed(folder: Path, written: Mapping[str, str]) -> list[str]:
    """Name the files of a report that somebody changed since."""
    return [name for name, told in written.items() if not _as_written(folder / name, told)]


def _as_written(path: Path, told: str) -> bool:
    """Tell whether a file is as it was written; one that is gone is not missed."""
    if path.is_file() and not path.is_symlink():
        return _sum(path) == told
    return not path.is_symlink() and not path.exists()


def others(folder: Path, written: Mapping[str, str], inside: str = "") -> Iterator[str]:
    """Name what a folder holds besides the report; a folder without a file of it counts as one."""
    for path in sorted((folder / inside).iterdir()):
        name = f"{inside}{path.name}"
        # In folders that hold no file nothing can be lost; Sphinx makes such as well.
        ours = any(one.startswith(f"{name}/") for one in written)
        if _is_folder(path) and (ours or _is_empty(path)):
            yield from others(folder, written, f"{name}/")
        elif name not in written and name != MANIFEST:
            yield name


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_empty(folder: Path) -> bool:
    return all(map(_is_folder, folder.rglob("*")))


def refuse_changed(folder: Path, written: Mapping[str, str]) -> None:
    """Refuse to replace what somebody changed."""
    if names := changed(folder, written):
        raise OpinionPanelError(
            f"Folder {str(folder)!r}: {len(names)} file(s) of the report in it were changed since "
            f"it was written: {listing(names)}. Nothing was replaced. Move them elsewhere, or name "
            "another folder."
        )


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
