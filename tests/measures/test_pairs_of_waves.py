"""Which waves a measure is about: waves in a list, pairs of them, and those taken by default."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from rotating_panels import BASELINES, panel_of, rotating_frames, rotating_panel

import opinionpanel as op
from opinionpanel.errors import ArgumentError, SelectionError
from opinionpanel.measures.pairs_of_waves import pair_names, wave_names, waves_of

ITEM, PAIR = "support", ("Jul 2024", "Nov 2024")
PAIRS = [("A", "C"), ("B", "C")]
few = settings(max_examples=8)


@pytest.fixture(scope="module")
def panel():
    return op.datasets.load("attitudes_2024").panel


@pytest.fixture(scope="module")
def rotating():
    return rotating_panel(BASELINES)


def test_waves_that_did_not_ask_or_come_twice_are_refused(panel):
    assert wave_names(panel, ITEM, None, at_least=2) == list(panel.waves)
    for waves in ([PAIR[0]], [PAIR[0], PAIR[0]]):
        with pytest.raises(SelectionError, match="at least 2 different"):
            wave_names(panel, ITEM, waves, at_least=2)
    with pytest.raises(SelectionError, match="in the order of fieldwork"):
        wave_names(panel, ITEM, PAIR[::-1], at_least=2, in_order=True)
    with pytest.raises(SelectionError, match="Unknown wave 'Jul 2042'"):
        wave_names(panel, ITEM, [PAIR[0], "Jul 2042"], at_least=1)


def test_a_wave_that_did_not_ask_is_refused_by_name():
    frames = rotating_frames({"1": ["1", "2", "3"]}, 20)
    asked = op.Item({"1": "q", "3": "q"}, {"yes": [1], "no": [2, 3]})
    panel = panel_of(frames, items={"y": asked})
    assert wave_names(panel, "y", None, at_least=2) == ["1", "3"]
    assert pair_names(panel, "y", None) == [("1", "3")]
    for waves in (["1", "2"], [("1", "2")]):
        with pytest.raises(SelectionError, match=r"'y' was not asked at wave '2'.*'1', '3'"):
            op.flows(panel, "y", waves=waves)


def test_a_score_is_not_called_an_item_and_no_wave_is_none():
    frame = pd.DataFrame({"id": range(4), "ft": range(4)})
    late = op.Score({"June": "ft"}, low=0, high=10)
    of = op.Panel.from_waves({"May": frame, "June": frame}, person="id", items={"late": late})
    with pytest.raises(SelectionError, match=r"2 different waves with score 'late'; got 'June'\."):
        op.mean_change(of, "late")
    with pytest.raises(SelectionError, match="Score 'late' was not asked at wave 'May'"):
        op.means(of, "late", waves="May")
    for waves, got in (([], "none"), (["June", "June"], "'June', 'June'")):
        with pytest.raises(SelectionError, match=f"needs a wave, each once, with .*; got {got}"):
            op.means(of, "late", waves=waves)


def test_pairs_are_named_or_consecutive_or_those_that_link_people(rotating):
    assert pair_names(rotating, "q", None) == PAIRS
    assert pair_names(rotating, "q", ["A", "B", "C"]) == [("A", "B"), ("B", "C")]
    assert pair_names(rotating, "q", PAIRS[1:]) == PAIRS[1:]
    assert pair_names(rotating, "q", [list(pair) for pair in PAIRS]) == PAIRS
    assert pair_names(rotating, "q", None, base="panel") == [("A", "C")]
    assert waves_of(rotating, PAIRS) == ["A", "B", "C"]
    assert waves_of(rotating, [("C", "A")]) == ["C", "A"]


@pytest.mark.parametrize(
    ("waves", "options", "message"),
    [
        (["A", ("B", "C")], {}, "waves, or pairs of two waves, and not both"),
        ([("A", "B", "C")], {}, r"pairs of two waves.*waves=\[\('A', 'C'\), \('B', 'C'\)\]"),
        ([("A", "A")], {}, "two different waves"),
        ([("A", "C"), ("A", "C")], {}, "each named once"),
        ([("A", "D")], {}, "Unknown wave 'D'"),
        (PAIRS, {"base": "panel"}, "base='panel' has one base.*in one list"),
        (PAIRS, {"base": "balanced"}, "base='balanced' has one base"),
        (["A"], {}, "at least 2 different"),
        ("A", {}, "at least 2 different"),
    ],
)
def test_what_is_no_pair_is_refused_with_the_way_out(rotating, waves, options, message):
    with pytest.raises(SelectionError, match=message):
        op.flows(rotating, "q", waves=waves, **options)


def test_pairs_are_refused_where_a_measure_needs_a_chain(rotating):
    for measure in (op.shares, op.paths, op.markov_order, op.stationarity, op.stable_core):
        with pytest.raises(SelectionError, match="This needs waves, not pairs of waves"):
            measure(rotating, "q", waves=PAIRS)
    with pytest.raises(SelectionError, match="order of fieldwork"):
        op.attrition(rotating, "q", waves=[("C", "A")])
    with pytest.raises(ArgumentError, match=r"waves\[0\] must be text, not 1"):
        op.flows(rotating, "q", waves=[1, 2])


def test_too_few_waves_by_default_say_that_people_were_not_due(rotating):
    for measure in (op.markov_order, op.reliability):
        with pytest.raises(SelectionError, match=r"(?s)got 'A', 'C'.*'A' were not due at 'B'"):
            measure(rotating, "q")
        with pytest.raises(SelectionError) as named:
            measure(rotating, "q", waves=["A", "C"])
        assert "not due" not in str(named.value)
    assert op.paths(rotating, "q").about.waves == ("A", "C")


@few
@given(seed=st.integers(0, 10**6), people=st.integers(20, 60), weighted=st.booleans())
def test_a_pair_is_that_of_a_panel_of_these_two_waves(seed, people, weighted):
    """Values are those of the pair alone; variances but for the number of people sampled."""
    frames = rotating_frames(BASELINES, people, seed=seed)
    design = {"design": op.Design(weight="w")} if weighted else {}
    whole = panel_of(frames, **design)
    for measure in (op.flows, op.net_change, op.turnover, op.direction):
        together = measure(whole, "q", waves=PAIRS)
        np.testing.assert_array_equal(together.value, measure(whole, "q").value)
        for pair in PAIRS:
            two = panel_of({wave: frames[wave] for wave in pair}, **design)
            alone, mine = measure(two, "q"), together.select(from_wave=pair[0], to_wave=pair[1])
            np.testing.assert_allclose(mine.value, alone.value, atol=1e-12)
            assert (mine.n == alone.n).all()
            m, n = len(whole.domain), len(two.domain)
            if measure is op.turnover:
                # Its parts bend where flows are nearly equal, and rounding may choose the side.
                mine, alone = (part.select(component="total") for part in (mine, alone))
            factor = (m / (m - 1)) / (n / (n - 1))
            np.testing.assert_allclose(
                mine.covariance, factor * alone.covariance, rtol=1e-8, atol=1e-12
            )


@few
@given(seed=st.integers(0, 10**6), people=st.integers(20, 60))
def test_drop_out_is_that_of_each_cohort(seed, people):
    frames = rotating_frames(BASELINES, people, seed=seed)
    whole = panel_of(frames, design=op.Design(weight="w"))
    lost = op.attrition(whole, "q")
    bounds = op.turnover_bounds(whole, "q")
    assert lost.labels[["from_wave", "to_wave"]].drop_duplicates().to_numpy().tolist() == [
        list(pair) for pair in PAIRS
    ]
    for cohort in "AB":
        ids = frames[cohort].id
        parts = {wave: frame[frame.id.isin(ids)] for wave, frame in frames.items()}
        two = panel_of({wave: parts[wave] for wave in (cohort, "C")}, design=op.Design(weight="w"))
        for found, measure in ((lost, op.attrition), (bounds, op.turnover_bounds)):
            mine, alone = found.select(from_wave=cohort), measure(two, "q")
            # The other cohort may have a state, such as no answer, that nobody of this one gave.
            mine, alone = (part.at(part.n > 0) for part in (mine, alone))
            np.testing.assert_allclose(mine.value, alone.value, atol=1e-12)
            assert (mine.n == alone.n).all()


def scores(panel, frames, pair, cell):
    """Linearised scores of a flow by id, by hand: w (1(cell) − share) / Σw."""
    both = frames[pair[0]].merge(frames[pair[1]], on="id", suffixes=("", "_then")).dropna()
    here = (both.q == cell[0]) & (both.q_then == cell[1])
    share = (both.w_then * here).sum() / both.w_then.sum()
    both["z"] = both.w_then * (here - share) / both.w_then.sum()
    return share, both[["id", "town", "z"]]


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize(
    ("due", "pairs"),
    [(BASELINES, PAIRS), ({"A": ["A", "B", "C"]}, [("A", "B"), ("A", "C")])],
)
def test_pairs_that_share_a_wave_have_the_covariance_between_them(due, pairs, clustered):
    """By hand: two baselines share PSUs and no people; two follow-ups share people."""
    frames = rotating_frames(due, 50)
    psu = "town" if clustered else None
    panel = panel_of(frames, design=op.Design(weight="w", psu=psu))
    flows = op.flows(panel, "q", waves=pairs)
    cells = flows.select(origin="yes", destination="no")
    (first, one), (second, other) = (scores(panel, frames, pair, (1, 2)) for pair in pairs)
    np.testing.assert_allclose(cells.value, [first, second], atol=1e-12)
    key = "town" if clustered else "id"
    both = one.groupby(key).z.sum().to_frame("a")
    both = both.join(other.groupby(key).z.sum().rename("b"), how="outer").fillna(0.0)
    units = 8 if clustered else len(panel.domain)
    by_hand = units / (units - 1) * both.T.to_numpy() @ both.to_numpy()
    np.testing.assert_allclose(cells.covariance, by_hand, atol=1e-12)
    shared = due is not BASELINES or clustered
    assert (abs(by_hand[0, 1]) > 1e-9) == shared


def test_pairs_that_share_sampling_units_are_as_in_r():
    """R: svyby(~y, ~cohort, subset(svydesign(ids=~town, weights=~w)), svymean, covmat=TRUE)."""
    frames = rotating_frames(BASELINES, 50)
    panel = panel_of(frames, design=op.Design(weight="w", psu="town"))
    found = op.flows(panel, "q", waves=PAIRS).select(origin="yes", destination="no")
    np.testing.assert_allclose(found.value, [0.10193894343, 0.08016403023], rtol=1e-9)
    between = -0.0005986917818
    by_r = [[0.0030429976109, between], [between, 0.0031426202869]]
    np.testing.assert_allclose(found.covariance, by_r, rtol=1e-9)


def test_a_call_of_pairs_is_one_tally_for_every_measure_of_pairs(rotating):
    measures = [op.transitions, op.inflows, op.gains_and_losses, op.displacement, op.agreement]
    measures += [op.mobility_indices, op.flow_totals, op.attrition, op.missing_at_random]
    for measure in measures:
        found = measure(rotating, "q", waves=PAIRS).labels[["from_wave", "to_wave"]]
        assert found.drop_duplicates().to_numpy().tolist() == [list(pair) for pair in PAIRS]
    for test in (op.symmetry, op.marginal_homogeneity, op.attrition_test):
        assert "A → C, B → C" in test(rotating, "q", waves=PAIRS).name
    fit = op.change_model
    with pytest.raises(SelectionError, match=r"waves=\['A', 'C'\]"):
        fit(rotating, "origin", item="q")


def test_weights_against_drop_out_are_of_pairs_that_people_were_due_at(rotating):
    weighted = op.attrition_weights(rotating, "q")
    assert [key for key in weighted.weights if isinstance(key, tuple)] == PAIRS
    with pytest.raises(SelectionError, match=r"Nobody was due at two of the waves 'A', 'B'"):
        op.attrition_weights(rotating, "q", waves=["A", "B"])
    with pytest.raises(SelectionError, match="order of fieldwork"):
        op.attrition_weights(rotating, "q", waves=[("C", "A")])
    effects = op.weight_effects(rotating, weighted, "q", waves=PAIRS)
    assert len(effects.labels.drop_duplicates(["from_wave", "to_wave"])) == 2


def test_not_due_is_a_state_of_its_own_for_everyone_interviewed():
    due = {"1": ["1", "2", "4"], "2": ["2", "3", "4"]}
    panel = rotating_panel(due, 30, stay=0.7)
    shares = op.shares(panel, "q", base="panel", waves=["2", "3", "4"]).to_frame()
    away = shares[shares.state == "not due"].set_index("wave").n_cell
    cohort = (panel.present[0] & panel.present[1]).sum()
    assert away.to_dict() == {"2": 0, "3": cohort, "4": 0}
    assert op.shares(panel, "q", base="panel").about.waves == ("1", "2", "4")
    assert "not due" not in op.shares(panel, "q", base="panel").about.states
    change = op.turnover(panel, "q", base="panel", waves=["2", "3"])
    assert "So does not being due" in " ".join(str(change).split())
    plain = op.turnover(panel, "q", base="panel", waves=["1", "2"])
    assert "So does not being due" not in " ".join(str(plain).split())
    lost = op.attrition(panel, "q", waves=["2", "3"]).select(state="all")
    assert lost.n.tolist() == [30]
    named = op.Item("q", {"not due": [1], "no": [2, 3]})
    taken = panel_of(rotating_frames(due, 30), items={"q": named})
    with pytest.raises(SelectionError, match="'not due'"):
        op.flows(taken, "q", base="panel")
    # Where everybody is due at every wave the name is free; what is always added is not.
    ordinary = {"1": ["1", "2"]}
    free = panel_of(rotating_frames(ordinary, 30), items={"q": named})
    assert "not due" in op.flows(free, "q", base="panel").about.states
    named = op.Item("q", {"not interviewed": [1], "no": [2, 3]})
    taken = panel_of(rotating_frames(ordinary, 30), items={"q": named})
    with pytest.raises(SelectionError, match="'not interviewed'"):
        op.flows(taken, "q", base="panel")


def test_nobody_can_have_missed_a_wave_before_the_first():
    panel = rotating_panel({"1": ["1", "2", "3"]}, 30, stay=0.7)
    for waves, missed in ((["1", "2"], False), (["2", "3"], True)):
        origins = op.inflows(panel, "q", waves=waves, base="panel").about.states
        assert ("not interviewed" in origins) == missed
