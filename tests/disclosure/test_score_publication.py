"""No mean of few people can be computed from the means of a report, which are attacked by hand."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.disclosure import publish_score

MIN_N = 10
SCORE = op.Score("ft", low=0, high=100, missing=[998])


def panel_of(answered, groups=None, numbers=None):
    """Unweighted people; who answered at each wave, by wave."""
    people = len(next(iter(answered.values())))
    rng = np.random.default_rng(5)
    frames = {}
    for wave, here in answered.items():
        ft = rng.integers(0, 101, people) if numbers is None else numbers[wave]
        frame = pd.DataFrame({"id": range(people), "ft": np.where(here, ft, 998), **(groups or {})})
        frames[wave] = frame
    items = {"warmth": SCORE}
    return op.Panel.from_waves(frames, person="id", items=items, groups=list(groups or {}))


def told(published):
    """All means and bases that are shown of the last wave: as a reader has them."""
    wave = published.panel.waves[-1]
    found = {}
    if (means := published.means()) is not None:
        frame = means.frame()
        row = frame[frame["wave"] == wave]
        if len(row):
            found["all"] = float(row["estimate"].iloc[0]), int(row["n"].iloc[0])
    if (change := published.change()) is not None:
        frame = change.frame()
        row = frame[frame["moment"] == "after"].iloc[0]
        found["both"] = float(row["estimate"]), int(row["n"])
        for group in published.groups:
            by = published.change_by(group).frame()
            for _, row in by[by["moment"] == "after"].iterrows():
                found[group, row[group]] = float(row["estimate"]), int(row["n"])
    return found


def attacked(figures):
    """What the differences of two bases tell, and those of one and two others."""
    sums = {key: (mean * n, n) for key, (mean, n) in figures.items() if np.isfinite(mean)}
    for a, b in combinations(sums, 2):
        yield abs(sums[a][1] - sums[b][1])
    for whole in sums:
        for a, b in combinations([key for key in sums if key != whole], 2):
            yield abs(sums[whole][1] - sums[a][1] - sums[b][1])


EVERYONE = np.ones(60, dtype=bool)


def test_nothing_is_left_out_where_all_differ_by_many():
    later = np.arange(60) < 40
    sex = np.where(np.arange(60) % 2, "man", "woman")
    published = publish_score(
        panel_of({"May": EVERYONE, "June": later}, {"sex": sex}), "warmth", ["sex"]
    )
    assert (published.waves, published.out) == (["May", "June"], [])
    assert published.main_pair == ("May", "June")
    assert published.groups == ["sex"]
    assert published.moved() is not None
    change = published.change().frame()
    assert change["moment"].tolist() == ["before", "after", "change"]


def test_a_wave_of_few_people_has_no_mean():
    published = publish_score(panel_of({"May": EVERYONE, "June": np.arange(60) < 9}), "warmth")
    assert (published.waves, published.out) == (["May"], ["June"])
    assert published.main_pair is None
    assert published.change() is None


@pytest.mark.parametrize(("lost", "stayed"), [(0, 60), (1, 59), (5, 55), (9, 51), (10, 50)])
def test_those_who_left_are_not_told_by_those_who_stayed(lost, stayed):
    """All of May less those of June who were asked in May is who left."""
    panel = panel_of({"May": EVERYONE, "June": np.arange(60) >= lost})
    published = publish_score(panel, "warmth")
    means = published.means().frame().set_index("wave")["n"]
    assert published.change().frame()["n"].tolist() == [stayed] * 3
    assert means["May"] - stayed in (0, lost) if lost >= MIN_N else means["May"] == stayed
    assert bool(published.notes) is (0 < lost < MIN_N)


@pytest.mark.parametrize("few", [1, 5, 9])
def test_a_small_category_is_put_together_with_others(few):
    town = np.array(["A"] * 25 + ["B"] * (35 - few) + ["C"] * few)
    published = publish_score(
        panel_of({"May": EVERYONE, "June": EVERYONE}, {"town": town}), "warmth", ["town"]
    )
    shown = published.change_by("town").frame()
    assert shown["n"].min() >= MIN_N
    assert "C" not in set(shown["town"])


@pytest.mark.parametrize("few", [1, 9])
def test_people_without_a_category_are_not_what_is_left(few):
    town = np.array([None] * few + ["A"] * 25 + ["B"] * (35 - few), dtype=object)
    published = publish_score(
        panel_of({"May": EVERYONE, "June": EVERYONE}, {"town": town}), "warmth", ["town"]
    )
    assert published.groups == []
    many = np.array([None] * 10 + ["A"] * 25 + ["B"] * 25, dtype=object)
    published = publish_score(
        panel_of({"May": EVERYONE, "June": EVERYONE}, {"town": many}), "warmth", ["town"]
    )
    assert published.groups == ["town"]


def test_a_region_less_its_towns_tells_nobody():
    """Two towns are a region, but for three people elsewhere in it."""
    region = np.array(["north"] * 30 + ["south"] * 30)
    town = np.array(["N1"] * 14 + ["N2"] * 13 + ["S1"] * 3 + ["S1"] * 30)
    panel = panel_of({"May": EVERYONE, "June": EVERYONE}, {"region": region, "town": town})
    published = publish_score(panel, "warmth", ["region", "town"])
    assert published.groups == ["region"]
    assert all(n == 0 or n >= MIN_N for n in attacked(told(published)))


@pytest.mark.parametrize("seed", range(12))
def test_differences_of_what_is_shown_are_of_nobody_or_of_many(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(30, 90))
    answered = {
        wave: rng.random(size) < rng.choice([0.6, 0.9, 0.97, 1.0]) for wave in ("May", "June")
    }
    groups = {
        name: rng.choice([*"ABCD", None], size, p=[0.4, 0.3, 0.2, 0.06, 0.04])
        for name in ("g", "h")
    }
    panel = panel_of(answered, groups)
    figures = told(publish_score(panel, "warmth", ["g", "h"]))
    assert all(n >= MIN_N for _, n in figures.values())
    whole = {key: n for key, (_, n) in figures.items() if key in ("all", "both")}
    gaps = [abs(a - b) for a, b in combinations(whole.values(), 2)]
    for name in ("g", "h"):
        if parts := [n for key, (_, n) in figures.items() if key[0] == name]:
            gaps.append(figures["both"][1] - sum(parts))
    assert all(gap == 0 or gap >= MIN_N for gap in gaps)


def test_means_of_three_numbers_tell_no_number_of_few():
    """Of n people who gave 0, 1 or 2, a mean and its standard error tell how many gave each."""
    for few, shown in ((3, False), (9, False), (12, True)):
        one, two = np.arange(200) % 2, np.arange(200) % 2
        one[:few], two[-few:] = 2, 2
        frames = {
            wave: pd.DataFrame({"id": range(200), "ft": column, "sex": np.arange(200) // 100})
            for wave, column in (("May", one), ("June", two))
        }
        score = {"s": op.Score("ft", low=0, high=2)}
        panel = op.Panel.from_waves(frames, person="id", items=score, groups=["sex"])
        found = publish_score(panel, "s", ["sex"])
        assert (found.means() is not None) == shown
        assert (found.change() is not None) == shown
        if shown:
            frame = found.means().frame()
            mean, error = frame["estimate"].iloc[0], frame["std_error"].iloc[0]
            squares = error**2 * 200 * 199 + 200 * mean**2
            assert round((squares - 200 * mean) / 2) == few


@pytest.mark.parametrize("wave", ["May", "June"])
def test_a_group_that_bands_of_the_score_make_has_no_table(wave):
    bands = [0, 30, 60]
    frames = {
        name: pd.DataFrame(
            {"id": range(60), "ft": (np.arange(60) * (7 if name == "May" else 11)) % 100}
        )
        for name in ("May", "June")
    }
    frames = {name: frame.assign(sex=np.arange(60) % 2) for name, frame in frames.items()}
    cut = np.digitize(frames[wave]["ft"], bands)
    frames = {name: frame.assign(cut=cut) for name, frame in frames.items()}
    panel = op.Panel.from_waves(frames, person="id", items={"warmth": SCORE}, groups=["sex", "cut"])
    assert publish_score(panel, "warmth", ["sex", "cut"]).groups == ["sex"]


def test_two_scores_of_nearly_the_same_people_tell_of_nobody():
    """One person said 99: a number to the one score, no answer to the other."""
    rng = np.random.default_rng(0)
    frames = {
        wave: pd.DataFrame({"id": range(80), "ft": rng.integers(0, 98, 80)})
        for wave in ("May", "June")
    }
    frames["June"].loc[7, "ft"] = 99
    one, other = (op.Score("ft", low=0, high=100, missing=missing) for missing in ([], [99]))
    panel = op.Panel.from_waves(frames, person="id", items={"one": one, "other": other})
    first, second = (publish_score(panel, name) for name in panel.scores)
    assert first.waves == ["May", "June"]
    assert second.waves == ["May"] or not second.waves
    assert second.change() is None
    alone = op.Panel.from_waves(frames, person="id", items={"other": other})
    assert publish_score(alone, "other").change() is not None
