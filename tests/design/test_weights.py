"""Weights by wave and pair, strata and PSUs by person, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import STAND_INS, brought, held_on
from hypothesis import given, strategies as st
from replicated_panels import at, replicate_design

import opinionpanel as op
from opinionpanel.design.replicate_weights import column_of
from opinionpanel.design.weights import weigh_people
from opinionpanel.engines.person_column import NONE
from opinionpanel.errors import DesignError, ReadError, SelectionError
from opinionpanel.waves.wave import Wave


def test_weights_follow_the_person(build, july):
    panel = build()
    assert panel.weights["Jul"][at(panel, july, 70003)] == 1.0
    assert panel.weights["Nov"][at(panel, july, 70003)] == 1.5
    assert panel.weights["Nov"][at(panel, july, 70007)] == 0.0


@pytest.mark.parametrize(("value", "what"), [(-1.0, "negative"), (np.inf, "infinite")])
def test_impossible_weights(build, november, value, what):
    november.loc[[0, 3], "wgt"] = value
    with pytest.raises(DesignError) as error:
        build()
    message = str(error.value)
    for part in ("'Nov'", "'wgt'", f"2 weight(s) are {what}", "leave it blank"):
        assert part in message
    assert "7000" not in message


def test_weights_that_are_text(build, july):
    july["wgt"] = july["wgt"].astype(object)
    july.loc[0, "wgt"] = "heavy"
    with pytest.raises(ReadError, match=r"'Jul'.*'wgt': 1 value\(s\) are not numbers.*numeric"):
        build()


def test_a_wave_where_nobody_has_weight(build, november):
    november["wgt"] = 0.0
    with pytest.raises(DesignError, match=r"'Nov'.*'wgt': no weight is positive"):
        build()


def test_missing_weights_are_counted_and_shown(build, july):
    july.loc[[1, 6], "wgt"] = np.nan
    panel = build()
    assert panel.without_weight == {"Jul": 2, "Nov": 0}
    assert (panel.weights["Jul"] == 0).sum() == 3  # with the one who joined in November
    assert "2 people interviewed at Jul have no weight there and count as not sampled" in str(panel)
    assert op.shares(panel, "support").n.tolist() == [5] * 3 + [7] * 3


def test_every_wave_needs_a_weight_or_none(build):
    with pytest.raises(DesignError, match=r"No weight is declared for 'Nov'.*None"):
        build(design=op.Design(weight={"Jul": "wgt"}))
    panel = build(design=op.Design(weight={"Jul": "wgt", "Nov": None}))
    assert set(panel.weights["Nov"]) == {0.0, 1.0}
    assert "unweighted" in op.transitions(panel, "support").about.weight


def test_weight_of_an_unknown_wave(build):
    with pytest.raises(SelectionError, match=r"'Nvo'.*Did you mean 'Nov'"):
        build(design=op.Design(weight={"Jul": "wgt", "Nov": "wgt", "Nvo": "wgt"}))
    with pytest.raises(SelectionError, match="Did you mean 'Jul'"):
        build(design=op.Design(weight={"Jul": "wgt", "Nov": "wgt", ("Jull", "Nov"): "wgt"}))


def test_pair_weight_is_used_and_named(build, july, november):
    november["long"] = [1.0, 3.0, 0.0, 2.0, np.nan, 1.0, 5.0]
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): "long"}
    panel = build(design=op.Design(weight=weight))
    moves = op.transitions(panel, "support")
    assert "long" in moves.about.weight
    assert "longitudinal" in moves.about.weight
    assert panel.without_weight["Jul", "Nov"] == 1
    # 70001 approve to oppose with 1; 70002 stays but has no weight.
    row = moves.select(origin="approve")
    np.testing.assert_allclose(row.value, [0.0, 0.0, 1.0])
    assert row.n.tolist() == [1, 1, 1]
    assert "wgt" in op.shares(panel, "support").about.weight
    later = op.transitions(build(), "support").about.weight
    assert "wgt" in later
    assert "later wave" in later


def test_a_column_name_used_twice(build, july):
    twice = pd.concat([july, july[["wgt"]]], axis=1)
    with pytest.raises(ReadError, match=r"'Jul'.*2 columns named 'wgt'.*Rename"):
        build(waves={"Jul": twice})


def test_a_longitudinal_weight_may_come_with_the_earlier_wave(build, july):
    july["long"] = [1.0, 2.0, 0.5, 1.0, 1.0, 1.0, np.nan, np.nan]
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): "long"}
    panel = build(design=op.Design(weight=weight))
    assert panel.weights["Jul", "Nov"][at(panel, july, 70002)] == 2.0
    # The two who were not interviewed again cannot have one.
    assert panel.without_weight["Jul", "Nov"] == 0
    assert "long (longitudinal, Jul → Nov)" in op.transitions(panel, "support").about.weight


def test_a_pair_without_a_weight_is_left_out(build):
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): None}
    with pytest.raises(DesignError, match="Leave the pair out"):
        build(design=op.Design(weight=weight))


def test_replicates_that_cannot_be(build, replicated, july):
    for changes, error, match in (
        ({"replicates": "repl_*"}, ReadError, r"'Jul'.*named like 'repl_\*'"),
        ({"rscales": [1.0, 2.0]}, DesignError, r"3 replicate column\(s\), with 2 rscales"),
        ({"replicates": ["rep_1"]}, DesignError, "at least two columns"),
    ):
        with pytest.raises(error, match=match):
            build(waves=replicated, design=replicate_design(**changes))
    with pytest.raises(DesignError, match="positive numbers"):
        replicate_design(scale=0.0)
    july.loc[2, "rep_2"] = np.nan
    with pytest.raises(DesignError, match="'rep_2': 1 person with a weight without this"):
        build(waves=replicated, design=replicate_design())


def test_weights_that_are_text_of_numbers_or_dates(build, july):
    july["wgt"] = july["wgt"].astype(str)
    july.loc[0, "wgt"] = " "
    panel = build()
    assert panel.without_weight["Jul"] == 1
    assert panel.weights["Jul"][at(panel, july, 70002)] == 0.5
    july["wgt"] = pd.Timestamp("2024-07-01")
    with pytest.raises(ReadError, match="'wgt': the values are dates"):
        build()


def test_replicates_of_a_pairs_weight_are_needed_and_used(build, replicated, november):
    november["long"] = november["wgt"] * 2
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): "long"}
    replicates = {"Jul": "rep_*", "Nov": "rep_*"}
    panel = build(waves=replicated, design=replicate_design(weight=weight, replicates=replicates))
    assert np.isfinite(op.shares(panel, "support").covariance).all()
    with pytest.raises(DesignError, match=r"no replicate weights for long \(longitudinal"):
        op.flows(panel, "support")
    for number in (1, 2, 3):
        november[f"long_{number}"] = november["long"] * number
    replicates["Jul", "Nov"] = "long_*"
    named = replicate_design(weight=weight, replicates=replicates)
    assert panel.design.rscales == (1.0, 1.0, 1.0)
    assert set(build(waves=replicated, design=named).replicates) == set(weight)
    del weight["Jul", "Nov"]
    with pytest.raises(DesignError, match="has no weight of its own"):
        build(waves=replicated, design=named)


def test_factors_in_place_of_replicate_weights(build, july, november):
    for frame in (july, november):
        frame["wgt"] = np.linspace(0.3, 3, len(frame))
        for number in range(20):
            frame[f"rep_{number}"] = 2.0 * ((np.arange(len(frame)) + number) % 2)
    waves = {"Jul": july, "Nov": november}
    with pytest.raises(DesignError, match="look like factors; multiply each by the weight"):
        build(waves=waves, design=replicate_design())
    for frame in (july, november):
        for number in range(20):
            frame[f"rep_{number}"] *= frame["wgt"]
    assert build(waves=waves, design=replicate_design()).replicates["Jul"].shape == (9, 20)


def test_replicates_of_another_weight(build, july, november):
    for frame in (july, november):
        frame["long"] = frame["wgt"] * 3 + 1
        for number in range(4):
            frame[f"rep_{number}"] = frame["wgt"] * (1 + 0.1 * number)
    waves = {"Jul": july, "Nov": november}
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): "long"}
    with pytest.raises(
        DesignError, match=r"'long' .Jul → Nov. are not the same, but have the same"
    ):
        build(waves=waves, design=replicate_design(weight=weight))
    november.loc[0, "wgt"] = 0.0
    with pytest.raises(DesignError, match=r"'rep_0': 1 person with this replicate weight, but"):
        build(waves=waves, design=replicate_design())


# The same people in memory and on an engine

WEIGHT = st.sampled_from([NONE, 0.0, 0.5, 1.0, 2.5])
FAULTY = st.sampled_from([-1.0, np.inf])
PEOPLE = 5


@st.composite
def held_numbers(draw):
    """Draw what the columns of weights hold, and in some of them a fault."""
    weights = st.lists(WEIGHT, min_size=PEOPLE, max_size=PEOPLE)
    drawn = {name: np.array(draw(weights)) for name in ("w", "long")}
    kind = draw(st.sampled_from(["zero", "kept", "any", "as long"]))
    for name in ("r_1", "r_2", "l_1", "l_2"):
        own, factor = drawn["w" if name[0] == "r" else "long"], draw(st.sampled_from([0.5, 2.0]))
        drawn[name] = np.where(own > 0, own * factor, own)
        if kind == "any":
            drawn[name] = np.array(draw(weights))
    if kind == "as long":
        drawn["l_1"], drawn["l_2"] = drawn["r_1"], drawn["r_2"]
    if draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from(sorted(drawn)))
        drawn[name][draw(st.integers(0, PEOPLE - 1))] = draw(FAULTY)
    return drawn


DESIGNS = [
    op.Design(weight="w"),
    op.Design(weight={"May": "w", "June": None, ("May", "June"): "long"}),
    replicate_design(weight="w", replicates="r_*"),
    replicate_design(
        weight={"May": "w", "June": "w", ("May", "June"): "long"},
        replicates={"May": "r_*", "June": "r_*", ("May", "June"): "l_*"},
    ),
]


def weighed(design, columns, bring):
    """Weigh people by columns, or say what was refused."""
    numbers = {name: column for name, column in columns.items() if name not in ("May", "June")}
    header = Wave(pd.DataFrame(columns=list(numbers)))
    waves = {"May": header, "June": header}
    present = (columns["May"], columns["June"])
    try:
        found = weigh_people(design, waves, lambda _, column, __: numbers[column], present)
    except DesignError as error:
        return str(error)
    columns = list(found.values.values())
    for part in found.replicates.values():
        columns += [column_of(part, place) for place in range(part.shape[1])]
    return list(found.values), found.missing, np.stack(bring(columns)).tolist()


@pytest.mark.parametrize("engine", STAND_INS)
@given(design=st.sampled_from(DESIGNS), numbers=held_numbers(), here=st.integers(0, 2**PEOPLE - 1))
def test_weights_and_refusals_are_those_in_memory(engine, design, numbers, here):
    waves = {
        "May": np.array([bool(here >> place & 1) for place in range(PEOPLE)]),
        "June": np.ones(PEOPLE, dtype=bool),
    }
    expected = weighed(design, waves | numbers, lambda columns: columns)
    found = weighed(design, held_on(engine, waves | numbers), lambda columns: brought(*columns))
    assert found == expected


@pytest.mark.parametrize("engine", ["memory", *STAND_INS])
def test_factors_are_refused_wherever_people_live(engine):
    own = np.linspace(0.3, 3, 8)
    factors = {f"r_{place}": 2.0 * ((np.arange(8) + place) % 2) for place in range(20)}
    waves = {"May": np.ones(8, dtype=bool), "June": np.ones(8, dtype=bool)}

    def outcome(columns):
        held = waves | {"w": own} | columns
        if engine == "memory":
            return weighed(DESIGNS[2], held, lambda columns: columns)
        return weighed(DESIGNS[2], held_on(engine, held), lambda columns: brought(*columns))

    assert "look like factors" in outcome(factors)
    keys, missing, _ = outcome({name: factor * own for name, factor in factors.items()})
    assert missing == dict.fromkeys(keys, 0)


@pytest.mark.parametrize("engine", ["memory", *STAND_INS])
def test_who_has_no_weight_needs_no_replicates(engine):
    columns = {
        "May": np.ones(4, dtype=bool),
        "June": np.ones(4, dtype=bool),
        "w": np.array([0.0, NONE, 2.0, 1.0]),
        "r_1": np.array([NONE, NONE, 1.0, 0.0]),
        "r_2": np.array([0.0, NONE, 4.0, 3.0]),
    }
    held = columns if engine == "memory" else held_on(engine, columns)
    bring = tuple if engine == "memory" else lambda those: brought(*those)
    _, missing, found = weighed(DESIGNS[2], held, bring)
    assert missing == {"May": 1, "June": 1}
    assert found[0] == [0.0, 0.0, 2.0, 1.0]
    assert found[2:4] == [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 4.0, 3.0]]


def test_of_two_faults_in_memory_that_of_the_first_wave_is_told(build, july, november):
    with pytest.raises(DesignError, match=r"'Jul'.*1 weight\(s\) are negative"):
        build(
            waves={
                "Jul": july.assign(wgt=[-1.0, *july["wgt"][1:]]),
                "Nov": november.assign(wgt="heavy"),
            }
        )
