"""Written files: each appears whole or not at all, and what a killed program left is swept."""

import errno
import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from opinionpanel.errors import OpinionPanelError, WriteError
from opinionpanel.interruptions import held

__all__ = [
    "FULL",
    "LETTERS",
    "alone",
    "made",
    "reason",
    "tells_of_no_room",
    "told",
    "work_folder",
    "write_file",
]

# What is not finished stands under such a name, beside what it is to become.
UNFINISHED = re.compile(r"\.opinionpanel-[0-9a-f]{16}")
LETTERS = (
    "the settings of this system know no such letters in names of files. Set the environment "
    "variable PYTHONUTF8=1, or name it otherwise"
)
# What the system says, in words, with the way out.
REASONS = {
    errno.ENOSPC: "there is no room left on the disk. Free some, or write to another one",
    errno.EDQUOT: "your share of the disk is used up. Free some, or write to another one",
    errno.EFBIG: "it would be larger than this system allows. Write to another disk",
    errno.EROFS: "the disk may only be read. Write to another one",
    errno.EACCES: "you may not write there. Name another folder, or ask who owns this one",
    errno.EPERM: "you may not write there. Name another folder, or ask who owns this one",
    errno.ENOENT: "its folder does not exist. Create it first",
    errno.ENOTDIR: "a part of the path is a file and no folder. Name another folder",
    errno.EISDIR: "it is a folder. Name a file",
    errno.ENAMETOOLONG: "the name is too long. Name it shorter",
    errno.ELOOP: "its links lead round in a circle. Name another folder",
    errno.EEXIST: "a file stands where a folder would be. Name another folder",
    errno.EBUSY: "it is in use by the system. Name another folder",
}

# Of these, what only writing can meet: there is no room.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_file(path: Path, content: str | bytes, *, replace: bool = True) -> None:
    """Write a file: beside its place, and renamed once it is whole.

    Parameters
    ----------
    path : pathlib.Path
        A link is followed. Whoever may read the older file may read the new one.
    content : str or bytes
        Text is written as UTF-8.
    replace : bool
        False refuses to write over a file, also one that appears meanwhile.

    Raises
    ------
    FileExistsError
        The file is there, and `replace` is False.
    WriteError
        It cannot be written: nothing has changed then.
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    if "\0" in str(path):
        raise WriteError(f"{str(path)!r} is no name of a file. Name it otherwise.")
    try:
        with held():
            _write(Path(os.path.realpath(path)), data, replace=replace)
    except FileExistsError:
        raise
    except (OSError, UnicodeError) as error:
        raise _unwritten(path, error) from None


def _write(target: Path, data: bytes, *, replace: bool) -> None:
    mode = _mode(target, replace=replace)
    _sweep(target.parent, folders=False, rescue=os.unlink)
    unfinished, handle = _claimed(target.parent, _new_file)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if mode is not None:
                unfinished.chmod(mode)
            file.flush()
            os.fsync(file.fileno())
            _rename(unfinished, target, replace=replace)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def work_folder(parent: Path, rescue: Callable[[Path], object]) -> Iterator[Path]:
    """Give a folder for what is not finished; it is gone in the end, however that comes.

    Parameters
    ----------
    parent : pathlib.Path
        Where it stands, on the same disk as what it is to become.
    rescue : callable
        What to do with the folder of a program that was killed, before it is removed.
    """

    def clear(path: Path) -> None:
        rescue(path)
        _remove(path)

    _sweep(parent, folders=True, rescue=clear)
    with ExitStack() as stack:
        with held():
            folder, handle = _claimed(parent, _new_folder)
            stack.callback(_close, folder, handle)
        yield folder


def _close(folder: Path, handle: int) -> None:
    with held():
        _remove(folder)
        os.close(handle)


@contextmanager
def made(folder: Path) -> Iterator[None]:
    """Make a folder, and those above it; they go again where nothing comes of it."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        with told(folder):
            folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for one in missing:
            with suppress(OSError):
                one.rmdir()
        raise


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other run of this library changes a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle, wait=True)
        yield
    finally:
        os.close(handle)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say in words why something cannot be written."""
    try:
        yield
    except (OSError, UnicodeError) as error:
        raise _unwritten(path, error) from None


def reason(error: OSError | UnicodeError) -> str:
    """Say in words what the system refuses, with the way out where one is known."""
    if isinstance(error, OSError):
        return REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
    return LETTERS


def tells_of_no_room(text: str) -> bool:
    """Tell whether another program says that there is no room, in the system's words or ours."""
    return any(os.strerror(number) in text or REASONS[number] in text for number in FULL)


def _unwritten(path: Path, error: OSError | UnicodeError) -> WriteError:
    return WriteError(f"{path} cannot be written: {reason(error)}.")


def _mode(target: Path, *, replace: bool) -> int | None:
    """Return the permissions of the older file; None where there is none."""
    try:
        older = target.stat()
    except FileNotFoundError:
        return None
    if not replace:
        raise FileExistsError
    if not stat.S_ISREG(older.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is no file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it may only be read")
    return stat.S_IMODE(older.st_mode)


def _rename(unfinished: Path, target: Path, *, replace: bool) -> None:
    if replace:
        unfinished.replace(target)
        return
    try:
        # Unlike a renamed file, a link never takes the place of another one.
        os.link(unfinished, target)
    except FileExistsError:
        raise
    except OSError:
        # Some disks know no links.
        if target.exists():
            raise FileExistsError from None
        unfinished.replace(target)


def _new_file(path: Path) -> int:
    # With the permissions that any new file has here.
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)


def _new_folder(path: Path) -> int:
    path.mkdir(mode=0o700)
    return os.open(path, os.O_RDONLY)


def _claimed(parent: Path, make: Callable[[Path], int]) -> tuple[Path, int]:
    """Make a file or folder that no other run takes for one of a killed program."""
    while True:
        path = parent / f".opinionpanel-{secrets.token_hex(8)}"
        handle = make(path)
        if _lock(handle) is not False and path.exists():
            return path, handle
        # Another run swept it before it was locked.
        os.close(handle)


def _lock(handle: int, *, wait: bool = False) -> bool | None:
    """Lock an open file or folder as long as it is open; None where the system cannot.

    The lock goes with the process, however that ends.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _sweep(parent: Path, *, folders: bool, rescue: Callable[[Path], object]) -> None:
    """Remove what killed programs left: ours by its name and owner, and locked by nobody."""
    found: list[Path] = []
    # A folder that nobody may list can still be written to.
    with suppress(OSError), os.scandir(parent) as entries:
        found = [Path(entry) for entry in entries if UNFINISHED.fullmatch(entry.name)]
    for path in found:
        # Another run may sweep the same, and what cannot be rescued is left alone.
        with suppress(OSError, OpinionPanelError):
            about = path.lstat()
            kind = stat.S_ISDIR if folders else stat.S_ISREG
            if not kind(about.st_mode) or (hasattr(os, "geteuid") and about.st_uid != os.geteuid()):
                continue
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            try:
                if _lock(handle):
                    rescue(path)
            finally:
                os.close(handle)


def _remove(folder: Path) -> None:
    """Remove a folder; processes that are ending may still write into it."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)
