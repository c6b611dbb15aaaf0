"""Bounds of moves: they hold what people did, and say when nothing fits."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.possible_moves import transition_bounds
from opinionpanel.strategies import panels

few = settings(max_examples=6)
STATES = {"approve": [1], "unsure": [2], "oppose": [3]}


def series(n=400, seed=1, groups=("man", "woman")):
    """Two samples of other people, opinion moving a little."""
    rng = np.random.default_rng(seed)
    waves = {}
    for wave, shares in (("May", (0.5, 0.2, 0.3)), ("June", (0.42, 0.22, 0.36))):
        waves[wave] = pd.DataFrame(
            {"q": rng.choice([1, 2, 3], n, p=shares), "sex": rng.choice(groups, n)}
        )
    return of_frames(waves)


def of_frames(waves):
    return op.Panel.from_waves(
        waves,
        person=None,
        items={"q": op.Item("q", STATES)},
        groups=["sex"],
        design=op.Design(weight=None),
    )


def sides(bounds):
    """The lower and the upper bounds, and how far sampling error takes them."""
    frame = bounds.between_bounds()
    return (frame[name].to_numpy() for name in ("lower", "upper", "conf_low", "conf_high"))


@few
@given(panels(waves=(2, 3), states=(2, 3)))
def test_the_bounds_of_a_panel_hold_its_matrix(panel):
    for of, measure in (("flows", op.flows), ("transitions", op.transitions)):
        true = measure(panel, "opinion").value
        for by in (None, "gender"):
            low, high, least, most = sides(transition_bounds(panel, "opinion", of=of, by=by))
            known = np.isfinite(low) & np.isfinite(true)
            assert (low[known] <= true[known] + 1e-9).all()
            assert (high[known] >= true[known] - 1e-9).all()
            # Some have no degrees of freedom.
            assert (np.isnan(least) | (least <= low + 1e-9) | np.isnan(low)).all()
            assert (np.isnan(most) | (most >= high - 1e-9) | np.isnan(high)).all()


def test_samples_of_other_people_are_bounded():
    bounds = transition_bounds(series(), "q")
    assert not np.isfinite(bounds.std_error).any()
    assert bounds.n.tolist() == [400] * 18
    low, high, least, most = sides(bounds)
    p, q = (op.shares(series(), "q", waves=[wave]).value for wave in ("May", "June"))
    np.testing.assert_allclose(low, np.maximum(0, p[:, None] + q - 1).ravel() / p.repeat(3))
    np.testing.assert_allclose(high, np.minimum(p[:, None], q).ravel() / p.repeat(3), atol=1e-12)
    assert (least <= low).all()
    assert (most >= high).all()
    assert (most > high + 0.01).any()
    assert bounds.plot().to_dict()
    text = str(bounds)
    assert "Bounds, and no estimate" in text
    assert "the smaller of the two compared" in text.replace("\n", " ")


def test_limits_follow_the_level_and_what_is_selected():
    bounds = transition_bounds(series(), "q", by="sex", assume={"steps": 1, "moved": 0.3})
    narrow, wide = (bounds.to_frame(level=level) for level in (0.5, 0.99))
    assert (narrow["conf_high"] <= wide["conf_high"] + 1e-12).all()
    part = bounds.select(origin="unsure")
    whole = bounds.to_frame()
    own = whole[whole["origin"] == "unsure"].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.to_frame(), own)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(part)).to_frame(), own)
    text = str(bounds).replace("\n", " ")
    assert "nobody leaves a group of sex and each group has the mean of its sizes" in text
    assert "nobody moves more than one state" in text
    assert "no more than 30.0% of people move" in text
    # No interval is claimed for what is computed from bounds.
    lower = bounds.select(component="lower")
    assert lower.difference("origin", "approve", minus="oppose").to_frame()["conf_low"].isna().all()


@pytest.mark.parametrize(
    ("change", "say"),
    [
        ({"assume": {"moved": 0.01}}, r"contradicts the shares at May and June: \d+\.\d% or more"),
        ({"assume": {"moved": 20}}, "a share of people between 0 and 1"),
        ({"waves": ["May"]}, "at least 2 different waves"),
        ({"by": "gender"}, "Unknown group 'gender'"),
    ],
)
def test_refusals(change, say):
    with pytest.raises(SelectionError, match=say):
        transition_bounds(series(), "q", **change)


def test_groups_of_sizes_that_no_population_has_are_refused():
    def samples(*men):
        """Two samples of 2,000 people each, some of them men."""
        rng = np.random.default_rng(1)
        return of_frames(
            {
                wave: pd.DataFrame(
                    {"q": rng.choice([1, 2, 3], 2000), "sex": ["man"] * n + ["woman"] * (2000 - n)}
                )
                for wave, n in zip(("May", "June"), men, strict=True)
            }
        )

    panel = samples(600, 1200)
    say = r"'man' are 30\.0% of 2,000 people at May and 60\.0% of 2,000 people at June"
    with pytest.raises(SelectionError, match=say):
        transition_bounds(panel, "q", by="sex")
    assert len(transition_bounds(panel, "q")) == 18
    # At a lower level fewer samples are of one population.
    bounds = transition_bounds(samples(850, 1150), "q", by="sex")
    with pytest.raises(SelectionError, match=r"at a level of 10%"):
        bounds.to_frame(level=0.1)


def test_bounds_that_a_small_group_narrows_are_withheld():
    small = {wave: ["man"] * 200 + ["other"] * 3 + ["woman"] * 197 for wave in ("May", "June")}
    rng = np.random.default_rng(1)
    frames = {
        wave: pd.DataFrame({"q": rng.choice([1, 2, 3], 400), "sex": sex})
        for wave, sex in small.items()
    }
    bounds = transition_bounds(of_frames(frames), "q", by="sex")
    assert np.isfinite(bounds.to_frame()["estimate"]).all()
    width = bounds.difference("component", "upper", minus="lower")
    for found in (bounds, bounds.select(origin="approve"), width):
        frame = found.to_frame(min_n=10)
        assert frame["withheld"].all()
        assert frame[["estimate", "conf_low", "conf_high"]].isna().all(axis=None)
        assert not found.to_frame(min_n=3)["withheld"].any()
    linked = op.Panel.from_waves(
        {wave: frame.assign(id=range(400)) for wave, frame in frames.items()},
        person="id",
        items={"q": op.Item("q", STATES)},
        groups=["sex"],
        design=op.Design(weight=None),
    )
    assert transition_bounds(linked, "q", by="sex").to_frame(min_n=10)["withheld"].all()
    assert not transition_bounds(linked, "q").to_frame(min_n=10)["withheld"].any()


def test_an_origin_without_anybody_is_undefined():
    waves = {
        "May": pd.DataFrame({"q": [1, 1, 3, 3]}),
        "June": pd.DataFrame({"q": [1, 2, 3, 1]}),
    }
    panel = op.Panel.from_waves(
        waves, person=None, items={"q": op.Item("q", STATES)}, design=op.Design(weight=None)
    )
    bounds = transition_bounds(panel, "q").select(origin="unsure")
    assert np.isnan(bounds.value).all()
    assert (bounds.n == 0).all()
