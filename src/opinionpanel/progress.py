"""Progress of what takes long: shown on a terminal after two seconds, nowhere else."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from opinionpanel.escaping import terminal_line

__all__ = ["bytes_read", "steps"]

Step = TypeVar("Step")

# What takes less shows no progress.
SECONDS = 2.0


def steps(items: Sequence[Step], what: str) -> Iterator[Step]:
    """Go through items and show how far it is; interrupting leaves nothing half made.

    Parameters
    ----------
    items : sequence
    what : str
        For example "latent Markov: starts".
    """
    from tqdm import tqdm

    # None: only on a terminal.
    yield from tqdm(items, desc=terminal_line(what), delay=SECONDS, leave=False, disable=None)


@contextmanager
def bytes_read(paths: Sequence[Path], shown: bool | None) -> Iterator[Any]:
    """Give a function to report bytes read to, or None where no progress is to be shown."""
    if not (sys.stderr.isatty() if shown is None else shown):
        yield None
        return
    from tqdm import tqdm

    total = sum(path.stat().st_size for path in paths if path.is_file())
    delay = SECONDS if shown is None else 0
    with tqdm(
        total=total, desc="reading", unit="B", unit_scale=True, delay=delay, leave=False
    ) as bar:
        yield bar.update
