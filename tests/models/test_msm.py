"""The plain chain and a latent Markov model against R's msm; see golden/make_msm_golden.R."""

import numpy as np
import pandas as pd
import pytest
from places import GOLDEN_FILES

import opinionpanel as op

GOLDEN = GOLDEN_FILES / "msm_golden.csv"


@pytest.fixture(scope="module")
def golden():
    return pd.read_csv(GOLDEN).set_index(["model", "what"])["value"].sort_index(kind="stable")


@pytest.fixture(scope="module")
def panel():
    return op.datasets.load("women_labour_1967_71")


def test_plain_chain(panel, golden):
    fit = op.mover_stayer(panel, "working")
    start = op.shares(panel, "working").select(wave=panel.waves[0])
    first = float((start.n_cell * np.log(start.value)).sum())
    assert fit.loglik_chain - first == pytest.approx(golden["chain", "loglik after the first wave"])


def test_latent_markov(panel, golden):
    fit = op.latent_markov(panel, "working")
    assert fit.loglik == pytest.approx(golden["latent", "loglik"].item(), abs=1e-5)
    for name in ("initial", "response", "transitions"):
        expected = golden["latent", name]
        np.testing.assert_allclose(getattr(fit, name).value, expected, atol=1e-5)
