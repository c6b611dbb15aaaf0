"""Time how the cost of transitions grows with people and with waves."""

from collections.abc import Iterator

import numpy as np
from estimating import transitions_of
from panels import bare_counts, combined, make_people, transition_shares
from timing import Row, in_turn

import opinionpanel as op

SIZES = ((1_000, 2), (10_000, 2), (100_000, 2), (1_000_000, 2), (10_000_000, 2))
SIZES += ((1_000_000, 5), (1_000_000, 10), (1_000_000, 20))


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure every size, with PSUs and with people as PSUs."""
    for people, waves in SIZES[:2] if quick else SIZES:
        # Small sizes are over in no time and need more runs for a steady median.
        wanted = 15 if people <= 100_000 else 5 if people <= 1_000_000 else 3
        for clustered in (True, False):
            made = make_people(people, waves)
            panel, codes = made.panel(clustered=clustered), combined(made)
            found = op.transitions(panel, "support").value
            np.testing.assert_allclose(found, transition_shares(made).ravel(), rtol=1e-9)
            (ours, theirs), runs = in_turn(
                (transitions_of(panel), lambda: bare_counts(made, codes)),  # noqa: B023
                wanted,
            )
            yield Row(
                part="growing",
                what=f"{people:,} × {waves} waves, {'PSUs' if clustered else 'people as PSUs'}",
                ours=ours,
                against=f"{waves - 1} bare bincount{'s' if waves > 2 else ''}",
                theirs=theirs,
                people=people,
                waves=waves,
                runs=runs,
                note="clustered" if clustered else "people as PSUs",
            )
