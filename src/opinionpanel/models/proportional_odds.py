"""Whether slopes are the same at all thresholds between ordered answers."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.estimates import About, Estimates, Kinds, Labels, TestResult
from opinionpanel.hypotheses import joint_test
from opinionpanel.models.logit import Logit, fit_logit, separated
from opinionpanel.models.patterns import Patterns

FOUND = (
    "The slopes differ between thresholds by more than chance would explain: the one slope of the "
    "ordered model is an average that holds at none of them. Compare with kind='multinomial'."
)
NONE = (
    "No detectable difference of slopes between thresholds; that does not show that there is none."
)


def proportional_odds(
    kinds: Kinds, patterns: Patterns, about: About
) -> tuple[TestResult | None, str]:
    """Test that the binary logits of being above each threshold have the same slopes.

    Parameters
    ----------
    kinds : Kinds
    patterns : Patterns
        With three outcomes or more, in their order, and a column besides the intercept.
    about : About

    Returns
    -------
    tuple
        The test; or None, and a note that says why there is none.
    """
    counts = patterns.counts(kinds.totals)
    if any(separated(patterns.design, part > 0).any() for part in _above(counts)):
        return None, (
            "The assumption of proportional odds is not tested: at a threshold the slopes have no "
            "finite estimate."
        )
    fits = [fit_logit(patterns.design, part) for part in _above(counts)]
    scores = _scores(patterns, fits)
    value = np.concatenate([fit.value for fit in fits])

    def refit(other: Floats) -> Floats:
        parts = _above(patterns.counts(other))
        if any(separated(patterns.design, part > 0).any() for part in parts):
            return np.full(len(value), np.nan)
        return np.concatenate(
            [
                fit_logit(patterns.design, part, fit.coefficients).value
                for part, fit in zip(parts, fits, strict=True)
            ]
        )

    thresholds, columns = len(fits), len(patterns.columns)
    labels = pd.DataFrame(
        {
            "threshold": np.repeat(range(thresholds), columns),
            "term": [*patterns.columns] * thresholds,
        }
    )
    slopes: Estimates = kinds.estimates(
        Labels.of(labels),
        value,
        base=np.ones((len(value), len(patterns.cells)), dtype=bool),
        scores=scores[patterns.cells],
        refit=refit,
        about=about,
        unit="number",
        what="proportional odds: replicates",
    )
    # Slopes at every other threshold less those at the first; intercepts may differ.
    own = np.eye(columns)[1:]
    others = range(1, thresholds)
    matrix = np.vstack(
        [np.kron(np.eye(thresholds)[place] - np.eye(thresholds)[0], own) for place in others]
    )
    names = _labels(others, patterns.columns[1:])
    weighted = counts.ravel()[:, None] * scores
    # If answers had been drawn one by one.
    working = scores.T @ weighted * (counts.sum() / kinds.people.sum())
    result = joint_test(
        slopes.contrast(matrix, names), matrix @ working @ matrix.T, found=FOUND, none=NONE
    )
    return replace(result, name="Proportional odds: the same slopes at all thresholds"), ""


def _labels(thresholds: Sequence[int], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "threshold": np.repeat(thresholds, len(columns)),
            "term": [*columns] * len(thresholds),
        }
    )


def _above(counts: Floats) -> list[Floats]:
    """Count those below and above each threshold, shape (patterns, 2)."""
    return [
        np.column_stack([counts[:, :place].sum(axis=1), counts[:, place:].sum(axis=1)])
        for place in range(1, counts.shape[1])
    ]


def _scores(patterns: Patterns, fits: list[Logit]) -> Floats:
    """Differentiate the coefficients of all thresholds by the weight of a person, by cell."""
    outcomes = np.arange(len(patterns.outcomes))
    # Of two outcomes: below, and above.
    parts = [
        fit.scores(patterns.design)[:, (outcomes >= place).astype(np.int64)]
        for place, fit in enumerate(fits, start=1)
    ]
    return np.concatenate(parts, axis=2).reshape(len(patterns.frame) * len(outcomes), -1)
