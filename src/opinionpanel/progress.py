"""Progress of what takes long: shown on a terminal after two seconds, nowhere else."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

__all__ = ["steps"]

Step = TypeVar("Step")


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
    yield from tqdm(items, desc=what, delay=2, leave=False, disable=None)
