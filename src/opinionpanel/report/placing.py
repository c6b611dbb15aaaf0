"""Where a report may stand, and how a finished one takes the place of an older one."""

import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from opinionpanel.errors import OpinionPanelError, listing
from opinionpanel.interruptions import held
from opinionpanel.report.manifest import (
    others,
    read_manifest,
    refuse_changed,
    write_manifest,
)
from opinionpanel.written_files import alone

# Folders of the work folder: the finished report, and the one whose place it takes.
FINISHED, OLDER = "html", "older"


def check_output(output: Path, needed: Iterable[Path]) -> None:
    """Refuse a folder that holds something else than a report.

    Parameters
    ----------
    output : pathlib.Path
        The folder, without links.
    needed : iterable of pathlib.Path
        Files of the study: neither their folders nor any above these become a report.
    """
    kept = {"the study or its waves": [path.resolve().parent for path in needed]}
    # Without a home, and in a folder that is gone, there is nothing to keep.
    with suppress(OSError, RuntimeError):
        kept["your home folder"] = [Path.home().resolve()]
    with suppress(OSError):
        kept["the current folder"] = [Path.cwd()]
    for what, folders in kept.items():
        if any(folder.is_relative_to(output) for folder in folders):
            raise OpinionPanelError(
                f"Folder {str(output)!r} is or holds {what}, so no report is written over it. Name "
                "a folder of its own, such as 'report'."
            )
    if output.is_symlink():
        raise OpinionPanelError(f"The links of {str(output)!r} lead nowhere. Name a folder.")
    if output.is_mount():
        raise OpinionPanelError(f"{str(output)!r} is a whole disk. Name a folder in it.")
    if output.exists() and not output.is_dir():
        raise OpinionPanelError(f"{str(output)!r} is a file. Name a folder for the report.")
    if not output.is_dir() or not any(output.iterdir()):
        return
    written = read_manifest(output)
    if written is None:
        raise OpinionPanelError(
            f"Folder {str(output)!r} is not empty and holds no report of opinionpanel, so it is "
            "left alone. Name another folder, or empty this one."
        )
    refuse_changed(output, written)


def put_in_place(work: Path, output: Path) -> None:
    """Put a finished report where it belongs; what others put into the folder stays there."""
    finished = work / FINISHED
    write_manifest(finished)
    older = work / OLDER / output.name
    older.parent.mkdir()
    # Two reports may be finished at once, and none is to end between the two steps.
    with alone(output.parent), held():
        if output.exists():
            # Somebody may have come to the folder meanwhile.
            check_output(output, [])
            _refuse_taken(output, finished)
            finished.chmod(stat.S_IMODE(output.stat().st_mode))
            output.rename(older)
        try:
            finished.rename(output)
        except OSError:
            if older.exists():
                older.rename(output)
            raise
        _bring_over(older, output)


def rescue(work: Path) -> None:
    """Go on where a run was killed while it put its report in place.

    Raises
    ------
    OpinionPanelError
        It would lose files of somebody; its folder is to be left alone.
    """
    for older in (work / OLDER).glob("*"):
        output = work.parent / older.name
        with alone(output.parent), held():
            if not output.exists():
                older.rename(output)
                continue
            _bring_over(older, output)
            if list(others(older, read_manifest(older) or {})):
                raise OpinionPanelError(f"{str(older)!r} holds files that nobody wrote anew.")


def _refuse_taken(output: Path, finished: Path) -> None:
    """Refuse where a file of somebody has the name of one of the new report."""
    taken = [
        name
        for name in others(output, read_manifest(output) or {})
        if (finished / name).exists()
        or any((finished / inside).is_file() for inside in Path(name).parents)
    ]
    if taken:
        raise OpinionPanelError(
            f"Folder {str(output)!r} holds {len(taken)} file(s) that no report wrote and whose "
            f"names the new one needs: {listing(taken)}. Nothing was replaced. Move them "
            "elsewhere, or name another folder."
        )


def _bring_over(older: Path, output: Path) -> None:
    """Move what others put into an older report into the new one."""
    if not older.is_dir():
        return
    for name in list(others(older, read_manifest(older) or {})):
        place = output / name
        if not place.exists() and not place.is_symlink():
            place.parent.mkdir(parents=True, exist_ok=True)
            (older / name).rename(place)
