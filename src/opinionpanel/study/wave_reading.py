"""Wave files as `init` and `columns` read them: whole, and named after themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from opinionpanel.errors import StudyError
from opinionpanel.panel import options_by_wave
from opinionpanel.waves import (
    LOSSY,
    ReadOptions,
    SkipRows,
    Wave,
    read_wave,
    resolved,
    stem_of,
    suffix_of,
)


@dataclass(frozen=True)
class WaveFiles:
    """Wave files that were read.

    Attributes
    ----------
    waves : dict of str to Wave
    options : dict of str to ReadOptions
        Wave to how its file was read.
    lossy : list of str
        Files whose format loses which codes are declared missing.
    """

    waves: dict[str, Wave]
    options: dict[str, ReadOptions]
    lossy: list[str]


def read_wave_files(
    paths: Sequence[Path], *, encoding: str | None, skip_rows: SkipRows
) -> WaveFiles:
    """Read wave files in the order in which they are given.

    Raises
    ------
    StudyError
        A file is given twice.
    ReadError
        A file cannot be read.
    """
    files = dict(zip(_wave_names(paths), paths, strict=True))
    options = options_by_wave(files, encoding=encoding, skip_rows=skip_rows)
    # What such formats lose is for the user to accept, in the draft.
    lossy = [path.name for path in paths if suffix_of(path) in LOSSY]
    waves = {
        name: read_wave(
            path,
            encoding=encoding,
            skip_rows=options[name].skip_rows,
            allow_lost_missing=path.name in lossy,
        )
        for name, path in files.items()
    }
    return WaveFiles(waves, options, lossy)


def _wave_names(paths: Sequence[Path]) -> list[str]:
    """Name waves by their files, with the folder where two files have one name."""
    stems = [stem_of(path) for path in paths]
    names = [
        stem if stems.count(stem) == 1 else f"{resolved(path).parent.name} {stem}"
        for stem, path in zip(stems, paths, strict=True)
    ]
    if len(set(names)) < len(names):
        raise StudyError("The same wave file was named twice. Name each wave once.")
    return names
