"""How often limits of possible moves hold the true table: `python benchmarks/possible_moves.py`.

Two samples of other people are drawn from a population whose moves are known, and all cells of its
table compared with their limits. Written to possible_moves.csv, which a page of the documentation
shows.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.estimates import level_of_each, limits
from opinionpanel.measures.possible_moves import transition_bounds

STATES = ["approve", "unsure", "oppose"]
# Nobody moves who need not: the table lies at the edge of what its margins allow.
EDGE = np.array([[0.36, 0.04, 0.0], [0.0, 0.24, 0.04], [0.0, 0.0, 0.32]])
INSIDE = np.array([[0.3, 0.06, 0.04], [0.05, 0.18, 0.05], [0.02, 0.05, 0.25]])
ROWS = [
    ("at the edge", EDGE, 500, 0, None, {}),
    ("at the edge", EDGE, 2000, 0, None, {}),
    ("at the edge", EDGE, 1000, 25, None, {}),
    ("at the edge", EDGE, 1000, 0, "half", {}),
    ("at the edge", EDGE, 1000, 0, None, {"steps": 1, "moved": 0.2}),
    ("within", INSIDE, 500, 0, None, {}),
    ("within", INSIDE, 1000, 0, None, {"moved": 0.3}),
]


def drawn(rng, table, n, psus):
    """Draw two samples; with PSUs each has shares of its own about those of the table."""
    waves = {}
    for number, shares in enumerate((table.sum(axis=1), table.sum(axis=0))):
        places = psus or 1
        own = rng.dirichlet(40 * shares, places) if psus else np.array([shares])
        answers = [rng.choice(3, n // places, p=one) for one in own]
        frame = pd.DataFrame({"q": np.concatenate(answers)})
        frame["place"] = np.repeat(np.arange(places), n // places)
        # A group of which half of everybody is, whatever they answer.
        frame["half"] = rng.integers(0, 2, len(frame))
        waves[f"w{number + 1}"] = frame
    return op.Panel.from_waves(
        waves,
        person=None,
        items={"q": op.Item("q", {state: [code] for code, state in enumerate(STATES)})},
        groups=["half"],
        design=op.Design(weight=None, psu="place") if psus else op.Design(weight=None),
    )


def holds(panel, table, by, assume):
    """Tell whether all cells of the table are within their limits; None where refused.

    Where the limits of all margins hold, the true table is one of those that are possible, and no
    programme need be solved.
    """
    shares = op.shares(panel, "q")
    low, high = limits(shares, level_of_each(0.95, len(shares)), "logit")
    true = np.r_[table.sum(axis=1), table.sum(axis=0)]
    if by is None and not assume and ((low <= true) & (true <= high)).all():
        return True
    try:
        bounds = transition_bounds(panel, "q", by=by, assume=assume, of="flows")
    except op.OpinionPanelError:
        return None
    frame = bounds.between_bounds()
    inside = (frame["conf_low"] <= table.ravel() + 1e-9) & (
        frame["conf_high"] >= table.ravel() - 1e-9
    )
    return bool(inside.all())


def main(samples):
    """Draw the samples of every row."""
    found = []
    for where, table, n, psus, by, assume in ROWS:
        rng = np.random.default_rng(20241101)
        # With groups or assumptions every sample takes its programmes.
        number = samples // 10 if by or assume else samples
        held = [holds(drawn(rng, table, n, psus), table, by, assume) for _ in range(number)]
        known = [one for one in held if one is not None]
        found.append(
            {
                "true table": where,
                "people": n,
                "PSUs": psus or "people",
                "groups": 2 if by else "none",
                "assumed": ", ".join(f"{name} {value:g}" for name, value in assume.items())
                or "none",
                "samples": number,
                "refused": number - len(known),
                "inside": round(float(np.mean(known)), 4),
            }
        )
        print(found[-1], flush=True)
    pd.DataFrame(found).to_csv(Path(__file__).with_suffix(".csv"), index=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=10_000)
    main(parser.parse_args().samples)
