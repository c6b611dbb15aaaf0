"""Shocks of people vary as the design says that weighted sums do."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.models.shocks import shocks_of, units_of

DRAWS = 4_000


def panel_of(design):
    rng = np.random.default_rng(2)
    number = 120
    frame = pd.DataFrame({"q": rng.integers(0, 2, number), "u": np.arange(number) // 5})
    frame = frame.assign(s=frame["u"] // 8, w=rng.uniform(0.5, 2, number))
    item = op.Item({"May": "q"}, {"no": [0], "yes": [1]})
    return op.Panel.from_wide(frame, items={"x": item}, design=design)


CLUSTERED = op.Design(weight="w", stratum="s", psu="u")
DESIGNS = [
    None,
    op.Design(weight="w", stratum="s"),
    CLUSTERED,
    CLUSTERED.as_replicates("jkn"),
]


@pytest.mark.parametrize("design", DESIGNS)
def test_sums_of_shocks_have_the_variance_of_a_share(design):
    panel = panel_of(design)
    share = op.shares(panel, "x").select(state="yes")
    weight = panel.weights["May"]
    residual = weight * ((panel.answers["x"][0] == 1) - share.value[0]) / weight.sum()
    drawn = shocks_of(panel, [("x", 0)], DRAWS, np.random.default_rng(1))["x", 0]
    assert (residual @ drawn).std() == pytest.approx(share.std_error[0], rel=0.05)


def test_a_single_psu_of_a_stratum_is_not_centred():
    panel = panel_of(CLUSTERED)
    alone = replace(
        panel,
        sampling=replace(
            panel.sampling, stratum_of_psu=np.array([*[0] * 23, 1]), sampled=np.array([23, 1])
        ),
    )
    drawn = shocks_of(alone, [("x", 0)], DRAWS, np.random.default_rng(1))["x", 0]
    assert drawn[-1].std() == pytest.approx(1.0, rel=0.05)


def test_units_are_psus_with_several_people():
    assert units_of(panel_of(None)) is None
    assert units_of(panel_of(CLUSTERED)).max() == 23
