"""A file is that one file, of its own name, and stays as it is from the first look to the last.

Files are gone through several times: their header, the kinds of their columns, their people. What
was checked at one time must be what is read at another.
"""

import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from opinionpanel.errors import ReadError, listing

# What tells a version of a file: the disk and the place on it, its size, and when it was written
# and renamed. None for one that is not there.
Stamp = tuple[int, ...] | None

# The files looked at in what is being read; None outside.
_looks: ContextVar[dict[Path, Stamp] | None] = ContextVar("looks", default=None)

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

# http://here/w.csv and the like; a drive of Windows is one letter. A path has one slash of two.
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def stamp_of(path: Path) -> Stamp:
    """Tell the version of a file by what the system knows of it."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return None
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


@contextmanager
def steady() -> Iterator[None]:
    """Refuse files that change between the first look at them inside and the end.

    Inside another one, the end is that of the outer one.
    """
    if _looks.get() is not None:
        yield
        return
    looks: dict[Path, Stamp] = {}
    token = _looks.set(looks)
    try:
        yield
    except Exception as error:
        # Whatever went wrong may come from there.
        if changed := _changed(looks):
            raise changed from error
        raise
    finally:
        _looks.reset(token)
    if changed := _changed(looks):
        raise changed


def look(path: Path) -> None:
    """Note how a file is, before anything is read of it."""
    looks = _looks.get()
    if looks is not None and path not in looks:
        looks[path] = stamp_of(path)


def check_steady() -> None:
    """Refuse files that have changed by now; what they do later is nobody's business."""
    looks = _looks.get() or {}
    changed = _changed(looks)
    looks.clear()
    if changed:
        raise changed


def _changed(looks: dict[Path, Stamp]) -> ReadError | None:
    names = [path.name for path, stamp in looks.items() if stamp_of(path) != stamp]
    if not names:
        return None
    return ReadError(
        f"Changed while being read: {listing(names)}. Another program has written or replaced the "
        "file, so that what was checked may not be what was read. Let it finish, and read again."
    )


def check_file(path: Path) -> None:
    """Refuse what is no plain file: a pipe or a device may never end."""
    try:
        mode = path.stat().st_mode
    except PermissionError as error:
        raise _closed(path, error) from None
    except (OSError, ValueError):
        # Also of names that no system has.
        way_out = "Check the path and the folder."
        if ADDRESS.match(str(path)):
            way_out = "Addresses are not read: save the file here, and name that."
        raise ReadError(f"There is no file {str(path)!r}. {way_out}") from None
    if not stat.S_ISREG(mode):
        kind = KINDS.get(stat.S_IFMT(mode), "no plain file")
        raise ReadError(
            f"There is no file {str(path)!r}: it is {kind}. Check the path, or write what comes "
            "from there to a file."
        )


def first_bytes(path: Path, size: int) -> bytes:
    """Read the start of a file."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise _closed(path, error) from None


def _closed(path: Path, error: OSError) -> ReadError:
    return ReadError(
        f"{path.name} cannot be opened: {error.strerror}. Check who may read it and its folder."
    )


def is_file(path: Path) -> bool:
    """Tell whether there is a plain file; no name, however odd, is an error."""
    try:
        return path.is_file()
    except OSError:
        # No system has names that long.
        return False


def plain_path(path: Path) -> str:
    """Write a path so that no library takes it for an address, or for one in a home folder."""
    return str(path.absolute())


def resolved(path: Path) -> Path:
    """Follow links to the file itself; a path that leads nowhere is refused where it is read."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path
