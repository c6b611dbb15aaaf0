"""Linked people who disagree on what cannot change are not the same people."""

import numpy as np
import pandas as pd
import pytest
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.errors import LinkError
from opinionpanel.panel.linking import link_waves
from opinionpanel.panel.traits import agreement, check_traits
from opinionpanel.questions.groups import read_fixed, read_groups
from opinionpanel.waves.wave import Wave

SHARED = REAL_FILES
needs_files = pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not here")


def check(*frames, groups=(), fixed=()):
    """Link frames with a column id and check their traits."""
    linked = link_waves({f"w{t}": Wave(one) for t, one in enumerate(frames, start=1)}, "id")
    parts = (linked.waves, linked.rows, linked.people)
    return check_traits(
        read_groups(groups, *parts),
        read_fixed(fixed, *parts),
        list(linked.waves),
        linked.present,
        numbered=linked.numbered,
    )


def people(n, seed=1, **columns):
    random = np.random.default_rng(seed)
    data = {
        "gender": random.choice(["man", "woman"], n),
        "born": random.integers(1940, 2006, n),
        "rare": random.choice(["no", "yes"], n, p=[0.98, 0.02]),
    }
    return pd.DataFrame({"id": np.arange(n) + 1000} | data | columns)


def test_agreement_by_hand():
    first = pd.DataFrame({"id": range(10), "g": [1] * 6 + [2] * 4})
    last = pd.DataFrame({"id": range(10), "g": [1] * 4 + [2] * 5 + [1]})
    linked = link_waves({"w1": Wave(first), "w2": Wave(last)}, "id")
    found = agreement(read_groups(["g"], linked.waves, linked.rows, 10)["g"], 0, 1)
    assert found.compared == 10
    assert found.same == pytest.approx(0.7)
    assert found.chance == pytest.approx(0.6 * 0.5 + 0.4 * 0.5)
    assert found.kappa == pytest.approx(0.4)
    assert found.std_error == pytest.approx(np.sqrt(0.7 * 0.3 / 10) / 0.5)


@pytest.mark.parametrize("trait", ["gender", "born"])
@pytest.mark.parametrize("role", ["groups", "fixed"])
def test_strangers_are_refused(trait, role):
    with pytest.raises(
        LinkError, match=rf"'w1' and 'w2': 400 people link.*'{trait}': \d+% of 400"
    ) as error:
        check(people(400), people(500, seed=2), **{role: [trait]})
    assert "chance alone gives" in str(error.value)
    assert "person=" in str(error.value)
    assert ("'wave'" in str(error.value)) == (role == "groups")


def test_the_same_people_pass_with_mistakes():
    first, last = people(400), people(400)
    wrong = np.arange(400) < 20
    last["gender"] = np.where(wrong, "man", last["gender"])
    # A birth year computed from age is often one off.
    last["born"] += np.arange(400) % 2
    check(first, last, fixed=["gender", "born"])


def test_everybody_grows_older():
    first, last = people(400, age=2024 - people(400)["born"]), people(400)
    last["age"] = 2025 - last["born"]
    check(first, last, groups=["age"])
    check(first, last, fixed=["age"])


def test_one_steady_group_is_enough_but_a_fixed_trait_must_hold():
    first, last = people(400), people(400)
    last["gender"] = people(400, seed=5)["gender"]
    check(first, last, groups=["gender", "born"])
    with pytest.raises(LinkError, match=r"\('gender': [^;]*\)"):
        check(first, last, groups=["born"], fixed=["gender"])


def test_groups_by_wave_and_few_people_say_nothing():
    first, last = people(400), people(400, seed=5)
    check(first, last, groups={"gender": "wave"})
    check(first.head(29), last.head(29), fixed=["gender"])


def test_a_trait_that_nearly_all_share_says_nothing():
    first, last = people(60), people(60, seed=4)
    check(first.assign(rare="no"), last.assign(rare="no"), fixed=["rare"])
    few = np.where(np.arange(60) < 2, "yes", "no")
    check(first.assign(rare=few), last.assign(rare=few[::-1]), fixed=["rare"])


def test_declared_missing_values_are_not_compared():
    first, last = people(100, sex=1), people(100, sex=2)
    first.loc[:49, "sex"] = 2
    last.loc[:89, "sex"] = 9
    waves = {"w1": Wave(first), "w2": Wave(last, missing={"sex": [9]})}
    linked = link_waves(waves, "id")
    group = read_fixed(["sex"], waves, linked.rows, linked.people)["sex"]
    assert agreement(group, 0, 1).compared == 10


def test_a_trait_that_skips_a_wave():
    with pytest.raises(LinkError, match="'w1' and 'w3'"):
        check(
            people(200), people(200)[["id"]], people(200, seed=3), fixed=["gender"],
        )  # fmt: skip


def test_row_numbers_need_a_trait():
    first = people(400, id=np.arange(1, 401))
    last = people(410, id=np.arange(1, 411))
    with pytest.raises(LinkError, match=r"waves 'w1', 'w2' are exactly.*fixed=\['gender'\]"):
        check(first, last)
    with pytest.raises(LinkError, match="exactly the numbers"):
        check(first, last, groups={"gender": "wave"})
    last.loc[:399, ["gender", "born"]] = first[["gender", "born"]]
    check(first, last, fixed=["gender"])
    check(first, last, groups=["born"])
    check(first, last.head(400))


@pytest.mark.parametrize("n", [60, 100, 1000])
def test_strangers_are_nearly_always_found_and_friends_never_refused(n):
    """How often the rule is right, on an even trait with two values and one mistake in twenty."""
    refused = {"strangers": 0, "same": 0}
    for seed in range(100):
        random = np.random.default_rng(seed)
        first = people(n, seed=seed)
        mistaken = random.random(n) < 0.05
        same = first.assign(
            gender=np.where(mistaken, people(n, seed=seed + 500)["gender"], first["gender"])
        )
        for name, last in (("same", same), ("strangers", people(n, seed=seed + 900))):
            try:
                check(first, last, fixed=["gender"])
            except LinkError:
                refused[name] += 1
    assert refused["same"] == 0
    assert refused["strangers"] >= 90


@needs_files
@pytest.mark.parametrize("traits", [[], ["GENDER"], ["AGE"], ["GENDER", "AGE", "AGE_GR"]])
@pytest.mark.parametrize("role", ["groups", "fixed"])
def test_surveys_whose_ids_restart(traits, role):
    frames = [
        op.read_wave(SHARED / "chronicles" / name, columns=["ID", *traits])
        .frame.rename(columns={"ID": "id"})
        for name in ("ch01.sav", "ch02.sav")
    ]  # fmt: skip
    with pytest.raises(LinkError, match=r"1,807 people link|exactly the numbers"):
        check(*frames, **{role: traits})


@needs_files
def test_real_panels_pass():
    german = [
        op.read_wave(SHARED / "covid_germany" / f"wave{t}.dta", columns=["be06_rv2", "sd02"])
        for t in (1, 2)
    ]
    linked = link_waves({"w1": german[0], "w2": german[1]}, "be06_rv2", duplicates="drop_all")
    fixed = read_fixed(["sd02"], linked.waves, linked.rows, linked.people)
    check_traits({}, fixed, list(linked.waves), linked.present, numbered=linked.numbered)
    assert agreement(fixed["sd02"], 0, 1).kappa > 0.95
    american = {
        "w4": op.read_wave(
            SHARED / "yougov_rhode_island" / "wave4.sav",
            columns=["caseid", "birthyr", "gender_client"],
        ),
        "w5": op.read_wave(
            SHARED / "yougov_rhode_island" / "wave5.sav",
            columns=["caseid_BROW0016", "caseid_BROW0017", "birthyr", "gender_client"],
        ),
    }
    linked = link_waves(american, {"w4": "caseid", "w5": ["caseid_BROW0016", "caseid_BROW0017"]})
    fixed = read_fixed(["birthyr", "gender_client"], linked.waves, linked.rows, linked.people)
    check_traits({}, fixed, list(linked.waves), linked.present)
    compared = {name: agreement(one, 0, 1).compared for name, one in fixed.items()}
    # Three would rather not say their gender at one of the waves.
    assert compared == {"birthyr": 175, "gender_client": 172}


def test_waves_that_share_few_people_do_not_hide_a_restart():
    first = people(400)
    rotated = people(400, 2, id=np.r_[first["id"][:10], np.arange(400, 790) + 1000])
    with pytest.raises(LinkError, match="'w1' and 'w3': 400 people link"):
        check(first, rotated, people(400, 3), fixed=["gender"])


def test_values_with_other_names_in_another_wave():
    first = people(100)
    last = first.assign(gender="x " + first["gender"])
    with pytest.raises(
        LinkError, match=r"no value in common: 'gender' is 'man', 'woman' and 'x man'.*alike"
    ):
        check(first, last, groups=["gender"])


def test_swapped_codes_are_not_taken_for_strangers():
    first = people(100)
    last = first.assign(gender=first["gender"].map({"man": "woman", "woman": "man"}))
    with pytest.raises(LinkError, match="codes look swapped in one wave: recode it") as error:
        check(first, last, fixed=["gender"])
    assert "restart" not in str(error.value)


def test_ids_taken_on_trust_are_noted():
    frame = people(100)
    later = frame.drop(columns="gender")
    (note,) = check(frame, later, fixed=["gender"])
    assert "taken on trust" in note
    assert not check(frame, frame, fixed=["gender"])
    assert not check(frame[:20], later[:20])
    item = op.Item("rare", {"no": ["no"], "yes": ["yes"]})
    panel = op.Panel.from_waves(
        {"a": frame, "b": later}, person="id", items={"rare": item}, fixed=["gender"]
    )
    assert "Fixed trait gender; no value at b" in str(panel)
    assert f"Note: {note}" in str(panel)
