"""A panel in words: counts, never a person."""

from dataclasses import replace

import pandas as pd
from engine_frames import ON_STAND_INS, on_engine
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.engines.person_column import how_many
from opinionpanel.panel.summary import _columns, _conditions, _most, panel_text


def test_text_says_who_links_and_what_weighs(build):
    text = str(build(design=op.Design(weight="wgt", stratum="region", psu="village")))
    for part in (
        "2 waves, 9 people",
        "Jul → Nov: 6 people in both, 2 not interviewed again (25%)",
        "Item support: approve / unsure / oppose\n",
        "Group gender: man 5, and 1 small category, 4 people",
        "weight wgt; stratum region; psu village",
        "(2 strata, 4 PSUs)",
    ):
        assert part in text
    answered = [line.split() for line in text.splitlines() if line.startswith("  ")]
    assert ["Jul", "7", "1"] in answered
    assert ["Nov", "7"] in answered
    assert "7000" not in text
    assert repr(build()) == str(build())


def test_text_of_three_waves_counts_returns(build, july, november):
    december = july.assign(q12=1)
    item = op.Item("q12", {"any": [1, 2, 3, 4, 5, 98]})
    november = november.rename(columns={"q9": "q12"})
    waves = {"Jul": july, "Nov": november, "Dec": december}
    panel = build(waves=waves, items={"support": item})
    text = str(panel)
    assert "In all 3 waves: 6" in text
    dec = next(line for line in text.splitlines() if line.startswith("Dec "))
    assert dec.split()[:4] == ["Dec", "8", "0", "2"]


def survey(*present):
    """Waves of people that are there or not; two are in all."""
    frames = {}
    for place, here in enumerate(present):
        ids = [0, 9, *(person for person, there in enumerate(here, start=1) if there)]
        frames[f"w{place}"] = pd.DataFrame({"id": ids, "q": 1})
    item = op.Item("q", {"any": [1]})
    return op.Panel.from_waves(frames, person="id", items={"q": item})


@given(present=st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=2, max_size=4))
def test_everyone_is_counted_once(present):
    panel = survey(*present)
    counts = how_many(_conditions(panel))
    stayed = 0
    for place, wave in enumerate(panel.waves):
        new, returned = counts["new", wave], counts["returned", wave]
        assert counts["interviewed", wave] == new + returned + stayed
        if place + 1 < len(panel.waves):
            # A pair that nobody links has no line, beside others.
            pair = (wave, panel.waves[place + 1])
            stayed = counts.get(("both", pair), 0)
            assert stayed == panel.linked[pair]
            if pair in panel.pairs():
                assert counts["interviewed", wave] == stayed + counts["left", pair]
    assert sum(counts["new", wave] for wave in panel.waves) == len(panel.domain)
    assert counts["always"] == panel.present.all(axis=0).sum()


@ON_STAND_INS
def test_the_text_is_the_same_on_an_engine(build, support, engine):
    item = replace(support, changes={"Nov": "asked by phone"})
    panel = build(items={"support": item}, design=op.Design(weight="wgt", stratum="region"))
    assert "  changed at Nov: asked by phone\n" in str(panel)
    assert panel_text(on_engine(panel, engine)) == panel_text(panel)


def weighted_by(weights):
    """Two waves of people, with these weights at the first."""
    frame = pd.DataFrame({"id": range(len(weights)), "q": 1, "w": weights})
    waves, item = {"t1": frame, "t2": frame.assign(w=1.0)}, op.Item("q", {"any": [1]})
    return op.Panel.from_waves(waves, person="id", items={"q": item}, design=op.Design(weight="w"))


def test_people_with_the_weight_0_are_told_apart_from_those_without_one():
    text = str(weighted_by([1.0, 0, 0, None]))
    assert "1 person interviewed at t1 has no weight there and counts as not sampled\n" in text
    assert "2 people interviewed at t1 have the weight 0 there and do not count" in text
    assert "interviewed at t2" not in text
    assert "1 person interviewed at t1 has the weight 0 there and does not count" in str(
        weighted_by([1.0, 0])
    )
    assert "weight 0" not in str(weighted_by([1.0, None]))


def test_the_weight_0_of_a_pair_of_waves():
    weight = {"t1": None, "t2": None, ("t1", "t2"): "w"}
    frame = pd.DataFrame({"id": range(3), "q": 1, "w": [1.0, 2.0, 0.0]})
    panel = op.Panel.from_waves(
        {"t1": frame, "t2": frame},
        person="id",
        items={"q": op.Item("q", {"any": [1]})},
        design=op.Design(weight=weight),
    )
    text = str(panel)
    assert "1 person interviewed at t1 → t2 has the weight 0 there and does not count" in text
    assert text.count("weight 0") == 1


@ON_STAND_INS
def test_the_weight_0_is_counted_on_an_engine(engine):
    panel = weighted_by([1.0, 0, 0, None])
    assert panel_text(on_engine(panel, engine)) == panel_text(panel)


def test_the_most_frequent_codes_are_named():
    codes = {"a": 1, "b": 20, "c": 3, "d": 4_000, "e": 5, "f": 6}
    assert _most(codes) == "d 4,000, b 20, f 6, e 5, 2 other answers, 4 people"
    assert _most({}) == ""


def test_columns_without_an_entry_are_left_out():
    rows = [["wave", "n", "note"], ["May", "5", ""], ["December", "10", ""]]
    assert _columns(rows, text={0}) == ["wave       n", "May        5", "December  10"]


@ON_STAND_INS
def test_a_score_is_told_by_the_ends_of_its_scale_and_never_by_a_number_of_the_data(engine):
    july = pd.DataFrame({"id": range(6), "ft": [3, 40, 60, 998, None, -1]})
    november = pd.DataFrame({"id": range(5), "ft": [13, 40, 77, 998, 9]})
    score = op.Score("ft", low=0, high=100, missing=[998], not_asked=[-1], changes={"Nov": "web"})
    waves = {"Jul": july, "Nov": november}
    panel = op.Panel.from_waves(waves, person="id", items={"warmth": score})
    assert str(panel).split("\n\n")[3].splitlines()[:6] == [
        "Score warmth: 0 to 100",
        "       answered  no answer  not asked  read as no answer",
        "  Jul         3          2          1  998 1",
        "  Nov         4          1             998 1",
        "  changed at Nov: web",
        "  Jul → Nov: 3 answered both",
    ]
    assert "77" not in str(panel)
    assert panel_text(on_engine(panel, engine)) == panel_text(panel)
