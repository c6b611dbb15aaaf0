"""Time how long ten waves of a million people take to become a panel.

Peers, in the same run: nine outer merges of the same frames; and, where the people stand in the
same order in every wave, one copy of the columns.
"""

from functools import reduce

import numpy as np
import pandas as pd
from timing import HEAD, in_turn, row

import opinionpanel as op

PEOPLE, WAVES = 1_000_000, 10
STATES = ("approve", "unsure", "oppose")
RUNS = 3


def make_waves(*, shuffled: bool) -> dict[str, pd.DataFrame]:
    """Make ten waves of the same people, whole-number ids, one question and a weight each."""
    rng = np.random.default_rng(20260101)
    frames = {}
    for wave in range(1, WAVES + 1):
        person = rng.permutation(PEOPLE) if shuffled else np.arange(PEOPLE)
        frames[f"w{wave}"] = pd.DataFrame(
            {
                # Steps of seven: as in a file, the numbers are not their own positions.
                "person": 1_000_000 + 7 * person,
                "support": pd.Categorical.from_codes(rng.integers(3, size=PEOPLE), list(STATES)),
                "weight": rng.lognormal(-0.1, 0.45, PEOPLE),
            }
        )
    return frames


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


def main() -> None:
    """Measure and print."""
    print(f"\n{PEOPLE:,} people x {WAVES} waves to a panel")
    print(HEAD)
    for shuffled, peer, against in (
        (True, merged, "nine outer merges"),
        (False, copied, "copying the columns"),
    ):
        frames = make_waves(shuffled=shuffled)
        panel = build(frames)
        if not panel.present.all() or panel.present.shape != (WAVES, PEOPLE):
            raise AssertionError("the people did not link")
        ours, theirs = in_turn((lambda: build(frames), lambda: peer(frames)), RUNS)  # noqa: B023
        print(row("ids shuffled" if shuffled else "ids in the same order", ours, against, theirs))


if __name__ == "__main__":
    main()
