"""Time how long ten waves of a million people take to become a panel.

Peers, in the same run: nine outer merges of the same frames; and, where the people stand in the
same order in every wave, one copy of the columns.
"""

from collections.abc import Iterator
from functools import reduce

import numpy as np
import pandas as pd
from panels import SEED, STATES
from timing import Row, explained, in_turn

import opinionpanel as op

WAVES = 10
RUNS = 3


def make_waves(people: int, *, shuffled: bool) -> tuple[dict[str, pd.DataFrame], np.ndarray]:
    """Make ten waves of the same people, whole-number ids, one question and a weight each.

    Also what everyone answered, shape (waves, people).
    """
    rng = np.random.default_rng(SEED)
    frames = {}
    codes = rng.integers(len(STATES), size=(WAVES, people), dtype=np.int8)
    for wave in range(WAVES):
        person = rng.permutation(people) if shuffled else np.arange(people)
        frames[f"w{wave + 1}"] = pd.DataFrame(
            {
                # Steps of seven: as in a file, the numbers are not their own positions.
                "person": 1_000_000 + 7 * person,
                "support": pd.Categorical.from_codes(codes[wave, person], list(STATES)),
                "weight": rng.lognormal(-0.1, 0.45, people),
            }
        )
    return frames, codes


def build(frames: dict[str, pd.DataFrame]) -> op.Panel:
    """Build the panel."""
    item = op.Item("support", {state: [state] for state in STATES})
    return op.Panel.from_waves(
        frames, person="person", items={"support": item}, design=op.Design(weight="weight")
    )


def merged(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Merge the frames, one after the other."""
    named = [
        frame.rename(columns=lambda name, wave=wave: name if name == "person" else f"{name}_{wave}")
        for wave, frame in frames.items()
    ]
    return reduce(lambda left, right: left.merge(right, on="person", how="outer"), named)


def copied(frames: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    """Copy every column once."""
    return [frame.copy(deep=True) for frame in frames.values()]


def check_linked(panel: op.Panel, codes: np.ndarray) -> None:
    """Refuse a panel in which anybody has another's answers; its people may be in any order."""
    if not panel.present.all() or panel.present.shape != codes.shape:
        raise AssertionError("the people did not link")
    found = panel.answers["support"]
    powers = len(STATES) ** np.arange(WAVES)
    np.testing.assert_array_equal(np.sort(powers @ found), np.sort(powers @ codes))


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure with shuffled ids and with ids in the same order."""
    people = 100_000 if quick else 1_000_000
    for what, shuffled, peer, against, at_most in (
        ("ids shuffled", True, merged, f"{WAVES - 1} outer merges", 0.5),
        ("ids in the same order", False, copied, "copying the columns once", 5.0),
    ):
        frames, codes = make_waves(people, shuffled=shuffled)
        check_linked(build(frames), codes)
        (ours, theirs), runs = in_turn(
            (lambda: build(frames), lambda: peer(frames)),  # noqa: B023
            RUNS,
        )
        row = Row(
            part="building",
            what=f"{WAVES} categorical frames to a panel, {what}",
            ours=ours,
            against=against,
            theirs=theirs,
            at_most=at_most,
            people=people,
            waves=WAVES,
            runs=runs,
            note="everyone's answers checked after linking",
        )
        yield explained(row, lambda: build(frames))  # noqa: B023
