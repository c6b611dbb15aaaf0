"""The files that a study names: in its own folder, and elsewhere only if it says so."""

import os
from collections.abc import Sequence
from pathlib import Path

from opinionpanel.errors import near
from opinionpanel.study.keys import StudyKeys
from opinionpanel.waves import PLAIN, READERS, is_file, suffix_of
from opinionpanel.written_files import LETTERS


def leads_outside(path: Path, folder: Path) -> bool:
    """Tell whether a path leads out of a folder: by its name, by .., or by a link.

    Examples
    --------
    >>> leads_outside(Path("study/../../w1.sav"), Path("study"))
    True
    """
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        # Links that lead round in a circle, and what is no name at all, lead nowhere.
        return False


def file_beside(keys: StudyKeys, key: Sequence[object], name: str) -> Path | None:
    """Find a file beside the study file; note one that is not there, with the nearest name."""
    folder = keys.path.parent
    path = folder / name
    # Labels of SAS files stand beside them.
    read = [path, path.with_suffix(".sas7bcat")] if path.suffix == ".sas7bdat" else [path]
    outside = any(leads_outside(one, folder) for one in read)
    # What is elsewhere is not even looked for: a study file may come from somebody else.
    if outside and not keys.allow_outside:
        keys.fault(
            key,
            f"{name!r} leads out of the folder of {keys.path.name}. Move the file there; or, if "
            "you know who wrote the study file, write allow_outside = true at its top.",
        )
        return None
    if is_file(path):
        return path
    if not nameable(name):
        keys.fault(key, f"{name!r}: {LETTERS}.")
        return None
    text = f"there is no file {name!r} beside {keys.path.name}."
    keys.fault(key, text if outside else text + near(path.name, _wave_files(path.parent)))
    return None


def nameable(name: str) -> bool:
    """Tell whether a name of a file is one here, and is text that can be written."""
    try:
        return bool(os.fsencode(name) and name.encode())
    except UnicodeError:
        return False


def _wave_files(folder: Path) -> list[str]:
    """Name the wave files of a folder; others are nobody's business."""
    known = {*READERS, *PLAIN}
    try:
        return sorted(one.name for one in folder.iterdir() if suffix_of(one) in known)
    except (OSError, ValueError):
        return []
