"""Made-up people who answer wave after wave, and what their transitions are by plain numpy."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

import opinionpanel as op

SEED = 20260101
STRATA, PSUS_PER_STRATUM = 40, 50
PSUS = STRATA * PSUS_PER_STRATUM
STATES = ("approve", "unsure", "oppose")
CELLS = len(STATES) ** 2
CHUNK = 100_000


@dataclass(frozen=True)
class People:
    """Who answered what.

    Attributes
    ----------
    codes : numpy.ndarray of int8, shape (waves, people)
        Position of the state; -1 for no answer.
    weights : numpy.ndarray, shape (1 or waves, people)
        One column for all waves, or one for each.
    psu, group : numpy.ndarray of int, shape (people,)
    """

    codes: np.ndarray
    weights: np.ndarray
    psu: np.ndarray
    group: np.ndarray

    @property
    def stratum(self) -> np.ndarray:
        """The stratum of everyone's PSU."""
        return self.psu // PSUS_PER_STRATUM

    def weight(self, wave: int) -> np.ndarray:
        """The weight at a wave."""
        return self.weights[min(wave, len(self.weights) - 1)]

    def frames(self) -> dict[str, pd.DataFrame]:
        """One frame per wave, the people in the same order in all."""
        # Steps of seven: as in a file, the numbers are not their own positions.
        person = 1_000_000 + 7 * np.arange(self.codes.shape[1])
        stratum = self.stratum
        return {
            f"w{wave + 1}": pd.DataFrame(
                {
                    "person": person,
                    "support": pd.Categorical.from_codes(codes, list(STATES)),
                    "weight": self.weight(wave),
                    "stratum": stratum,
                    "psu": self.psu,
                    "group": self.group,
                },
                copy=False,
            )
            for wave, codes in enumerate(self.codes)
        }

    def panel(self, *, clustered: bool, grouped: bool = False) -> op.Panel:
        """Make a panel of them: sampled in PSUs, or each on their own, in the same strata."""
        return op.Panel.from_waves(
            self.frames(),
            person="person",
            items={"support": op.Item("support", {state: [state] for state in STATES})},
            groups=["group"] if grouped else (),
            design=op.Design(weight="weight", stratum="stratum", psu="psu" if clustered else None),
        )


def make_people(
    people: int,
    waves: int,
    *,
    weight_per_wave: bool = False,
    unanswered: float = 0.0,
    groups: int = 1,
) -> People:
    """Make people of whom, from wave to wave, four in five keep their answer."""
    rng = np.random.default_rng(SEED)
    codes = np.empty((waves, people), dtype=np.int8)
    codes[0] = rng.integers(len(STATES), size=people)
    for wave in range(1, waves):
        redrawn = rng.integers(len(STATES), size=people, dtype=np.int8)
        codes[wave] = np.where(rng.random(people) < 0.8, codes[wave - 1], redrawn)
    if unanswered:
        codes[rng.random(codes.shape) < unanswered] = -1
    return People(
        codes,
        rng.lognormal(-0.1, 0.45, (waves if weight_per_wave else 1, people)),
        rng.integers(PSUS, size=people),
        rng.integers(groups, size=people),
    )


def combined(made: People) -> list[np.ndarray]:
    """Origin and destination in one code for every pair of waves, as bincount likes them best.

    Who did not answer at both has the code after the last.
    """
    pairs = zip(made.codes[:-1].astype(np.intp), made.codes[1:].astype(np.intp), strict=True)
    return [
        np.where((first < 0) | (second < 0), CELLS, first * len(STATES) + second)
        for first, second in pairs
    ]


def bare_counts(made: People, codes: list[np.ndarray]) -> list[np.ndarray]:
    """The floor: one weighted count of the cells of every pair of waves, and nothing else."""
    return [
        np.bincount(code, weights=made.weight(wave + 1), minlength=CELLS)
        for wave, code in enumerate(codes)
    ]


def transition_shares(made: People) -> np.ndarray:
    """Transitions from the bare counts, shape (pairs, origins, destinations)."""
    counts = [count[:CELLS] for count in bare_counts(made, combined(made))]
    tables = np.array(counts).reshape(-1, len(STATES), len(STATES))
    return tables / tables.sum(axis=2, keepdims=True)


def transition_covariance(made: People, *, clustered: bool) -> np.ndarray:
    """Covariance of all transitions by a second way: linearise every person, then add up.

    V = Σ_h n_h / (n_h − 1) Σ_i (z_hi − z̄_h)(z_hi − z̄_h)ᵀ over PSUs i, or over people, with z the
    sum of w (1(destination) − P) / W(origin) over the members of i.
    """
    width = CELLS * (len(made.codes) - 1)
    stratum = made.stratum
    if clustered:
        totals = np.zeros((PSUS, width))
        for part, scores in _scores(made):
            members = (np.ones(len(scores)), (made.psu[part], np.arange(len(scores))))
            totals += sparse.csr_array(members, shape=(PSUS, len(scores))) @ scores
        parts, stratum = iter([(slice(0, PSUS), totals)]), np.arange(PSUS) // PSUS_PER_STRATUM
    else:
        parts = _scores(made)
    units = np.bincount(stratum, minlength=STRATA)
    scale = units / (units - 1)
    products, sums = np.zeros((width, width)), np.zeros((STRATA, width))
    for part, scores in parts:
        here = stratum[part]
        products += (scores * scale[here, None]).T @ scores
        members = (np.ones(len(scores)), (here, np.arange(len(scores))))
        sums += sparse.csr_array(members, shape=(STRATA, len(scores))) @ scores
    return products - (sums * (scale / units)[:, None]).T @ sums


def _scores(made: People) -> Iterator[tuple[slice, np.ndarray]]:
    """Linearised values of all transitions, some people at a time."""
    shares = transition_shares(made)
    counts = [count[:CELLS] for count in bare_counts(made, combined(made))]
    origins = np.array(counts).reshape(shares.shape).sum(axis=2)
    states, people = len(STATES), made.codes.shape[1]
    for start in range(0, people, CHUNK):
        part = slice(start, min(start + CHUNK, people))
        rows = np.arange(part.stop - part.start)
        scores = np.zeros((len(rows), len(shares), states, states))
        for pair, share in enumerate(shares):
            first, second = made.codes[pair, part], made.codes[pair + 1, part]
            weight = np.where((first < 0) | (second < 0), 0.0, made.weight(pair + 1)[part])
            moved = np.eye(states)[second] - share[first]
            scores[rows, pair, first] = moved * (weight / origins[pair, first])[:, None]
        yield part, scores.reshape(len(rows), -1)


def check_transitions(found: op.Estimates, made: People, *, clustered: bool) -> None:
    """Refuse a fast wrong answer: value and covariance must be those of plain numpy."""
    np.testing.assert_allclose(found.value, transition_shares(made).ravel(), rtol=1e-9)
    expected = transition_covariance(made, clustered=clustered)
    error = np.sqrt(np.diag(expected))
    # A covariance is compared on the scale of its two standard errors.
    np.testing.assert_allclose(
        found.covariance / np.outer(error, error), expected / np.outer(error, error), atol=1e-7
    )
