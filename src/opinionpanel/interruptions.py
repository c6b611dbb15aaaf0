"""Interruptions: a signal ends a command in one line, never between steps that belong together."""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Interrupted", "held", "raised"]

# Ctrl-C, the request to end, and a terminal that was closed; the last is not known everywhere.
SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

# So many seconds are left for clearing.
PATIENCE = 5.0


class Interrupted(KeyboardInterrupt):
    """A signal that ends the command.

    Attributes
    ----------
    status : int
        The exit status that tells the signal, as shells count it.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def raised() -> Iterator[None]:
    """Raise `Interrupted` where a signal comes, so that what is being done is cleared away."""
    came = -math.inf

    def interrupt(number: int, _: FrameType | None) -> None:
        nonlocal came
        # A second one, of somebody impatient, must not stop the clearing.
        if time.monotonic() - came > PATIENCE:
            came = time.monotonic()
            raise Interrupted(number)

    with _handled(interrupt):
        yield


@contextmanager
def held() -> Iterator[None]:
    """Keep a signal until the block is done: what belongs together is not parted by it."""
    came: list[int] = []
    with _handled(lambda number, _: came.append(number)):
        yield
    if came:
        signal.raise_signal(came[0])


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """Handle the signals that are not ignored, as `nohup` does; only a main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for number in SIGNALS:
        # None is a handler that was not set from Python, and could not be set again.
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, older in before.items():
            signal.signal(number, older)
