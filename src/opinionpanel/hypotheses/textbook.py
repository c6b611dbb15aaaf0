"""Textbook statistics of change in a table of unweighted counts; they ignore weights and design."""

import warnings
from itertools import combinations

import numpy as np

from opinionpanel.arrays import Floats


def stuart_maxwell(counts: Floats) -> tuple[float, int]:
    """Marginal homogeneity: statistic and degrees of freedom (Stuart 1955, Maxwell 1970)."""
    change = counts.sum(axis=0) - counts.sum(axis=1)
    covariance = np.diag(counts.sum(axis=0) + counts.sum(axis=1)) - counts - counts.T
    inverse = np.linalg.pinv(covariance, hermitian=True)
    return float(change @ inverse @ change), int(np.linalg.matrix_rank(covariance, hermitian=True))


def bowker(counts: Floats) -> tuple[float, int]:
    """Symmetry: the statistic and its degrees of freedom (Bowker 1948)."""
    upper = np.triu_indices(len(counts), 1)
    both = (counts + counts.T)[upper]
    moved = both > 0
    difference = (counts - counts.T)[upper]
    return float((difference[moved] ** 2 / both[moved]).sum()), int(moved.sum())


def quasi_symmetric_fit(counts: Floats) -> tuple[float, float, int]:
    """X², G² and degrees of freedom of log-linear quasi-symmetry; the diagonal fits exactly."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    there = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1) > 0)
    table, size = counts[np.ix_(there, there)], len(there)
    flows = [(i, j) for i in range(size) for j in range(size) if i != j]
    pairs = list(combinations(range(size), 2))
    # A parameter for each pair of states, and the pull of each origin but one.
    design = np.zeros((len(flows), len(pairs) + size - 1))
    for row, (i, j) in enumerate(flows):
        design[row, pairs.index((min(i, j), max(i, j)))] = 1.0
        if i < size - 1:
            design[row, len(pairs) + i] = 1.0
    observed = np.array([table[flow] for flow in flows])
    with warnings.catch_warnings():
        # Flows that are quasi-symmetric to the last person fit perfectly.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = GLM(observed, design, family=Poisson()).fit(tol=1e-12)
    return float(fit.pearson_chi2), float(fit.deviance), len(flows) - design.shape[1]
