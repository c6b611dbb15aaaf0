"""Frames: small bases withheld, the reliability of shares, and design effects."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.estimates.about import About
from opinionpanel.estimates.frames import FIGURES
from opinionpanel.estimates.withholding import withheld
from opinionpanel.strategies import panel_parts, panels

few = settings(max_examples=8)
ABOUT = About(
    measure="flows",
    title="Flows",
    roles={
        **dict.fromkeys(("wave", "from_wave", "to_wave"), "time"),
        "state": "state",
        "origin": "origin",
        "destination": "state",
    },
)


def hidden(names, rows, min_n=10):
    """What is withheld of rows of labels, each with its base."""
    frame = pd.DataFrame(rows, columns=[*names, "n"])
    return withheld(frame[names], frame["n"].to_numpy(dtype=float), min_n, ABOUT).tolist()


# ---- small bases ------------------------------------------------------------------------------


def test_a_single_withheld_group_takes_the_next_smallest_along():
    rows = [("a", 5), ("b", 40), ("c", 20)]
    assert hidden(["region"], rows) == [True, False, True]


def test_two_withheld_groups_hide_each_other():
    rows = [("a", 5), ("b", 40), ("c", 7)]
    assert hidden(["region"], rows) == [True, False, True]
    assert hidden(["region"], [*rows, ("d", 12)]) == [True, False, True, False]


def test_two_tiny_groups_take_a_third_along():
    rows = [("a", 2), ("b", 2), ("c", 50), ("d", 60)]
    assert hidden(["region"], rows) == [True, True, True, False]


def test_a_group_with_nobody_in_it_hides_nothing():
    # The only other group is then the total less the one withheld.
    assert hidden(["region"], [("a", 5), ("b", 0), ("c", 30)]) == [True, True, True]


def test_each_wave_and_each_origin_is_a_table_of_its_own():
    names = ["wave", "gender", "state"]
    rows = [
        *[("w1", "man", state, 8) for state in "xy"],
        *[("w1", "woman", state, 30) for state in "xy"],
        *[("w2", "man", state, 25) for state in "xy"],
        *[("w2", "woman", state, 30) for state in "xy"],
    ]
    assert hidden(names, rows) == [True] * 4 + [False] * 4


def test_states_and_waves_without_groups_take_nothing_along():
    assert hidden(["wave", "state"], [("w1", "x", 5), ("w1", "y", 5), ("w2", "x", 50)]) == [
        True,
        True,
        False,
    ]
    pair = ["from_wave", "to_wave", "origin", "destination"]
    rows = [("w1", "w2", "x", "x", 5), ("w1", "w2", "y", "x", 50), ("w1", "w2", "z", "x", 60)]
    assert hidden(pair, rows) == [True, False, False]


def test_several_groups_are_followed_until_nothing_changes():
    # (a, x) takes (a, y) and (b, x) along, and those two (b, y).
    rows = [("a", "x", 5), ("a", "y", 30), ("b", "x", 40), ("b", "y", 50)]
    assert hidden(["region", "gender"], rows) == [True] * 4
    wide = [
        (r, g, 5 if (r, g) == ("a", "x") else 20 + 10 * i + j)
        for i, r in enumerate("abc")
        for j, g in enumerate("xyz")
    ]
    assert sum(hidden(["region", "gender"], wide)) == 4


@given(
    st.lists(st.integers(0, 30), min_size=12, max_size=12),
    st.integers(1, 25),
    st.sampled_from([(2, 6), (3, 4), (1, 12)]),
)
def test_no_line_of_a_table_has_a_single_withheld_group(n, min_n, shape):
    labels = pd.DataFrame(
        [(f"r{i}", f"g{j}") for i in range(shape[0]) for j in range(shape[1])],
        columns=["region", "group"],
    )
    n = np.array(n, dtype=float)
    result = withheld(labels, n, min_n, ABOUT)
    assert result[n < min_n].all()
    if (n[n > 0] >= min_n).all():
        assert (result == (n < min_n)).all()
    for axis in (0, 1):
        hides = (result & (n > 0)).reshape(shape).sum(axis=axis)
        people = (n > 0).reshape(shape).sum(axis=axis)
        assert ((hides != 1) | (people == 1)).all()
        # Nor are all withheld people of a line together fewer than may be shown.
        together = (n * result).reshape(shape).sum(axis=axis)
        assert ((together == 0) | (together >= min_n) | (hides == people)).all()


@few
@given(panels(people=(4, 60)), st.integers(1, 30))
def test_withheld_rows_show_nothing_but_their_base(panel, min_n):
    for measure in (op.shares, op.transitions, op.turnover):
        estimates = measure(panel, "opinion", by="gender")
        frame = estimates.to_frame(min_n=min_n, reliable=True)
        plain = estimates.to_frame()
        gone = frame["withheld"]
        assert gone.dtype == bool
        assert gone[frame["n"] < min_n].all()
        assert (
            frame.loc[gone, [name for name in (*FIGURES, "n_cell") if name in frame]]
            .isna()
            .all(axis=None)
        )
        assert (frame.loc[gone, ["reliable", "reason"]] == "").all(axis=None)
        pd.testing.assert_frame_equal(frame.loc[~gone, FIGURES], plain.loc[~gone, FIGURES])
        pd.testing.assert_series_equal(frame["n"], plain["n"])


def test_nothing_is_withheld_by_default(build):
    assert "withheld" not in op.shares(build(), "support", by="gender").to_frame()


# ---- reliability ------------------------------------------------------------------------------


def verdicts(from_table, counts):
    """Of the origins of a table; every person is a PSU of the same weight."""
    moves = op.transitions(from_table([f"s{i}" for i in range(len(counts))], counts), "opinion")
    frame = moves.to_frame(reliable=True)
    return frame[["reliable", "reason"]].to_numpy().reshape(len(counts), len(counts), 2).tolist()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # The reasons of both cells of a row, from the two counts.
        ([29, 0], [("no", "n < 30")] * 2),
        ([15, 15], [("no", "interval of 30 points or more")] * 2),
        ([300, 300], [("yes", "")] * 2),
        # 2 of 100: .2% to 7.0%, wider than .05 and than 1.3 × .02.
        (
            [2, 98],
            [
                ("no", "interval wider than 130% of the share"),
                ("yes", "interval wider than 130% of the complement"),
            ],
        ),
        # 5 of 1,000: .2% to 1.2%, more than 130% of the share but under 5 points.
        ([5, 995], [("yes", "")] * 2),
        # 0 of 100: up to 3.6%.
        ([0, 100], [("review", "share of 0 or 1")] * 2),
        # 0 of 40: up to 8.8%, infinitely wider than the share.
        ([0, 40], [("no", "interval wider than 130% of the share"), ("review", "share of 0 or 1")]),
    ],
)
def test_reliability_of_simple_random_samples(from_table, row, expected):
    # A large second origin, so that the first has the design's degrees of freedom to itself.
    assert [tuple(cell) for cell in verdicts(from_table, [row, [500, 500]])[0]] == expected


def test_thirty_people_of_equal_weight_are_an_effective_sample_of_thirty(from_table):
    # 1 of 30 has an interval of 17 points: not for the base, but for the share.
    ((few_, many), _) = verdicts(from_table, [[1, 29], [500, 500]])
    assert few_ == ["no", "interval wider than 130% of the share"]
    assert many[0] == "yes"


def clustered(effect):
    """200 people in 8 PSUs: each of one answer, or all alike."""
    psu = np.repeat(np.arange(8), 25)
    answer = {"strong": psu % 2, "none": np.tile([0, 1], 100)}[effect]
    frame = pd.DataFrame({"person": np.arange(200), "answer": answer, "psu": psu, "w": 1.0})
    item = op.Item("answer", {"no": [0], "yes": [1]})
    design = op.Design(weight="w", psu="psu")
    panel = op.Panel.from_waves(
        {"w1": frame, "w2": frame}, person="person", items={"answer": item}, design=design
    )
    return op.shares(panel, "answer", waves=["w1"])


def test_clusters_shrink_the_effective_base():
    estimates = clustered("strong")
    effects = estimates.design_effect()
    # V = Σ (p_i − .5)² / (8 · 7) = .25 / 7, against .25 / 199.
    np.testing.assert_allclose(effects["design_effect"], 199 / 7)
    np.testing.assert_allclose(effects["kish"], 1)
    np.testing.assert_allclose(effects["n_effective"], 200 * 7 / 199)
    frame = estimates.to_frame(reliable=True)
    assert frame["reason"].tolist() == ["effective n < 30"] * 2


def test_few_degrees_of_freedom_call_for_a_review():
    frame = clustered("none").to_frame(reliable=True)
    assert frame["reliable"].tolist() == ["review"] * 2
    assert frame["reason"].tolist() == ["df < 8"] * 2


def test_reliability_is_judged_at_95_per_cent_whatever_is_shown(from_table):
    shares = op.shares(from_table(["a", "b"], [[20, 10], [20, 300]]), "opinion")
    judged = [
        shares.to_frame(level=level, interval=interval, reliable=True)[["reliable", "reason"]]
        for level, interval in ((0.95, "logit"), (0.5, "wald"), (0.999, "wilson"))
    ]
    for other in judged[1:]:
        pd.testing.assert_frame_equal(judged[0], other)


def test_only_shares_are_judged(build):
    panel = build()
    change = op.net_change(panel, "support").to_frame(reliable=True)
    assert set(change["reliable"]) == set(change["reason"]) == {""}
    parts = op.turnover(panel, "support").to_frame(reliable=True)
    assert (parts["reliable"] == "").tolist() == [False, True, True, True]


# ---- design effects ---------------------------------------------------------------------------


def test_simple_random_samples_have_a_design_effect_of_1(from_table):
    flows = op.flows(from_table(["a", "b"], [[40, 10], [20, 30]]), "opinion")
    effects = flows.design_effect()
    np.testing.assert_allclose(effects["design_effect"], 1)
    np.testing.assert_allclose(effects["kish"], 1)
    np.testing.assert_allclose(effects["n_effective"], effects["n"])


def test_weights_by_hand(build, july):
    effects = op.shares(build(), "support", waves=["Jul"]).design_effect()
    answered = july.dropna(subset=["q12"])
    weight, n = answered["wgt"].to_numpy(), len(answered)
    approves = answered["q12"].isin([1, 2]).to_numpy()
    share = np.average(approves, weights=weight)
    # Nine people are the design, two of whom are not in this base.
    variance = 9 / 8 * ((weight * (approves - share)) ** 2).sum() / weight.sum() ** 2
    row = effects.iloc[0]
    assert row["design_effect"] == pytest.approx(variance / (share * (1 - share) / (n - 1)))
    assert row["kish"] == pytest.approx(n * (weight**2).sum() / weight.sum() ** 2)
    assert row["n_effective"] == pytest.approx(n / row["design_effect"])
    assert row["n"] == n


@few
@given(panel_parts(), st.sampled_from([op.shares, op.transitions, op.turnover, op.net_change]))
def test_design_effects_are_positive_or_undefined(parts, measure):
    estimates = measure(parts.panel(), "opinion", by="gender")
    effects = estimates.design_effect()
    known = effects["design_effect"].dropna()
    assert (known >= 0).all()
    inside = (estimates.value > 1e-9) & (estimates.value < 1 - 1e-9)
    share = inside & (estimates.unit == "share")
    if estimates.wald is not None:
        share &= ~estimates.wald
    assert (effects["design_effect"].notna() == (share & np.isfinite(estimates.std_error))).all()
    kish = effects["kish"].dropna()
    assert (kish >= 1 - 1e-9).all()
    assert len(kish) == ((estimates.n > 0) & (estimates.unit == "share")).sum()


def test_a_row_for_all_does_not_give_a_small_state_away():
    """The states of such a table are bases that add up to the last row."""
    labels = pd.DataFrame({"state": ["a", "b", "no answer", "all"]})
    about = replace(ABOUT, together={"state": "all"})
    hidden = withheld(labels, np.array([40.0, 30.0, 5.0, 75.0]), 10, about)
    assert hidden.tolist() == [False, True, True, False]
