"""Captions: who is in a base and who is not, what intervals rest on; no line twice."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.estimates import base_text, caption

ANSWERS = {"yes": [1], "no": [2]}


def panel_of(answers, weights=None, item_options=None, **design):
    """Build a panel from one list of answers by wave; None was not interviewed."""
    waves = {}
    for number, codes in enumerate(answers, start=1):
        there = [code is not None for code in codes]
        frame = pd.DataFrame(
            {"id": range(len(codes)), "q": codes, "village": np.arange(len(codes)) // 2}
        )
        frame["w"] = 1.0 if weights is None else weights[number - 1]
        frame["all"] = len(codes) if design.get("psu") is None else len(codes) // 2
        waves[f"t{number}"] = frame[there].astype({"q": int})
    item = op.Item("q", ANSWERS, not_asked=[9], **(item_options or {}))
    made = op.Design(**{"weight": None if weights is None else "w"} | design)
    return op.Panel.from_waves(waves, person="id", items={"x": item}, design=made)


def asked_of_half():
    """20 people; at t2 8 of them were not asked, at t3 one of 18 is not."""
    third = [1, 2] * 8 + [9, 1] + [None] * 2
    return panel_of([[1, 2] * 10, [9] * 8 + [1, 2] * 6, third])


@pytest.mark.parametrize(
    "measure", [op.shares, op.flows, op.transitions, op.turnover, op.net_change, op.stable_core]
)
def test_every_base_says_who_was_not_asked(measure):
    lines = caption(measure(asked_of_half(), "x"))
    told = "At t2, 8 of 20 people (40%) were not asked this question; at t3, 1 of 18 people (6%)."
    assert lines.count(told) == 1
    assert len(lines) == len(set(lines))


def test_who_was_not_asked_goes_with_the_wave():
    shares = op.shares(asked_of_half(), "x")
    assert not any("asked" in line for line in caption(shares.select(wave="t1")))
    told = caption(shares.select(wave="t2"))
    assert "At t2, 8 of 20 people (40%) were not asked this question." in told
    flows = op.flows(asked_of_half(), "x")
    assert "At t2, 8 of 20 people (40%) were not asked this question." in caption(
        flows.select(to_wave="t2")
    )
    everyone = panel_of([[1, 2] * 5, [2, 1] * 5])
    assert not any("asked" in line for line in caption(op.shares(everyone, "x")))


def test_tests_say_who_was_not_asked():
    panel = panel_of([[1, 2] * 10, [9] * 8 + [1, 1, 2, 2] * 3])
    text = " ".join(str(op.marginal_homogeneity(panel, "x", waves=["t1", "t2"])).split())
    assert "At t2, 8 of 20 people (40%) were not asked this question. No weight" in text
    assert "No weight, strata or PSUs were declared: tested as for a simple random sample." in text


def test_one_person_was_not_asked():
    panel = panel_of([[1, 2] * 6 + [1], [9] + [1, 2] * 6])
    assert "At t2, 1 of 13 people (8%) was not asked this question." in caption(
        op.shares(panel, "x")
    )


def test_a_difference_between_waves_says_that_others_were_asked():
    shares = op.shares(asked_of_half(), "x")
    told = "Of the people interviewed, {} were asked this question: part of the difference may be"
    for made in (
        shares.difference("wave", "t2", minus="t1"),
        shares.contrast([[-1, 0, 1, 0, 0, 0]], {"what": ["t2 less t1"]}),
    ):
        words = " ".join(caption(made))
        assert told.format("100% at t1 and 60% at t2") in words
    words = " ".join(caption(shares.pairwise("wave")))
    assert told.format("100% at t1, 60% at t2 and 94% at t3") in words
    within = shares.contrast([[1, -1, 0, 0, 0, 0]], {"what": ["yes less no"]})
    assert not any("part of the difference" in line for line in caption(within))


@pytest.mark.parametrize(("silent", "said"), [(1, True), (0, False)])
def test_five_points_fewer_asked_are_said(silent, said):
    panel = panel_of([[1, 2] * 10, [9] * silent + [1] + [1, 2] * 9 + [1] * (1 - silent)])
    change = op.shares(panel, "x").difference("wave", "t2", minus="t1")
    assert any("part of the difference" in line for line in caption(change)) == said


def test_less_than_five_points_are_not():
    panel = panel_of([[1, 2] * 11, [9] + [1] + [1, 2] * 10])
    change = op.shares(panel, "x").difference("wave", "t2", minus="t1")
    assert not any("part of the difference" in line for line in caption(change))


def test_people_with_the_weight_0_do_not_count_and_are_said():
    weights = [[1.0] * 10, [0.0, 0.0, *[1.0] * 8]]
    panel = panel_of([[1, 2] * 5, [2, 1] * 5], weights)
    told = "people with an answer {}have the weight 0 and do not count."
    assert f"t2: 2 {told.format('')}" in caption(op.shares(panel, "x"))
    flows = caption(op.flows(panel, "x"))
    assert f"t1 → t2: 2 {told.format('at both waves ')}" in flows
    # They answered twice: nobody was lost.
    assert not any(line.startswith("Of ") for line in flows)
    backwards = panel_of([[1, 2] * 5, [2, 1] * 5], weights[::-1])
    one = caption(op.flows(backwards, "x", base="panel"))
    assert "2 people interviewed at t1 have the weight 0 and do not count." in one
    assert base_text(op.flows(backwards, "x", base="panel")).count("the weight 0") == 1
    single = panel_of([[1, 2] * 5, [2, 1] * 5], [[1.0] * 10, [0.0, *[1.0] * 9]])
    assert "t2: 1 person with an answer has the weight 0 and does not count." in caption(
        op.shares(single, "x")
    )
    assert not any("weight 0" in line for line in caption(op.shares(single, "x", waves=["t1"])))


def test_missing_weights_are_not_called_0():
    panel = panel_of([[1, 2] * 5, [2, 1] * 5], [[1.0] * 10, [None, *[1.0] * 9]])
    assert "t2: 1 person with an answer has no weight or the weight 0 and does not count." in (
        caption(op.shares(panel, "x"))
    )


LOST = "Of 20 people interviewed at t1, 12 (60%) answered both then and at t2."


@pytest.mark.parametrize("measure", [op.transitions, op.flows, op.net_change, op.direction])
def test_how_many_were_lost_is_one_line(measure):
    panel = panel_of([[1, 2] * 10, [*[2, 1, 2, 2, 1, 1] * 2, *[None] * 8]])
    lines = caption(measure(panel, "x"))
    assert [line for line in lines if line.startswith("Of ")] == [LOST]
    few = panel_of([[1, 2] * 5, [2, 1, 2, 2, 1, 1, *[None] * 4]])
    assert "Of 10 people interviewed at t1, 6 answered both then and at t2." in caption(
        measure(few, "x")
    )
    (turnover,) = (line for line in caption(op.turnover(panel, "x")) if line.startswith("Of "))
    assert turnover.startswith(LOST[:-1])
    assert "whatever the others did" not in " ".join(lines)


def test_the_lost_are_a_state_of_their_own_in_the_panel():
    panel = panel_of([[1, 2] * 5, [2, 1, 2, 2, 1, 1, *[None] * 4]])
    assert not any(line.startswith("Of ") for line in caption(op.flows(panel, "x", base="panel")))


def test_what_turnover_of_the_panel_counts_is_said_once():
    panel = panel_of([[1, 2] * 5, [2, 1, 2, 2, 1, 1, *[None] * 4], [1, 2] * 3 + [None] * 4])
    text = " ".join(caption(op.turnover(panel, "x", base="panel")))
    assert text.count("Turnover here counts dropping out") == 1


@pytest.mark.parametrize(
    ("design", "line"),
    [
        (
            {},
            "No weight, strata or PSUs were declared: 95% intervals as for a simple random sample.",
        ),
        (
            {"psu": "village"},
            "No weight or strata were declared: 95% intervals as for a simple random sample of 5 "
            "PSUs.",
        ),
        ({"sample": "probability"}, "95% intervals from the design (10 people as PSUs)."),
    ],
)
def test_what_nobody_declared_is_said(design, line):
    assert caption(op.shares(panel_of([[1, 2] * 5], **design), "x"))[-1] == line


def test_only_a_weight_is_missing(build):
    panel = build(design=op.Design(weight=None, stratum="region", psu="village"))
    line = "No weight was declared. 95% intervals from the design (2 strata, 4 PSUs)."
    assert line in caption(op.shares(panel, "support"))
    assert "No weight was declared. Design: 2 strata, 4 PSUs." in base_text(
        op.shares(panel, "support")
    )


def test_raked_weights_were_not_declared_but_are_there(build):
    panel = build(design=None)
    raked = op.rake(panel, {"gender": {"man": 0.5, "woman": 0.5}})
    assert caption(op.shares(raked, "support"))[-1].startswith("No strata or PSUs were declared: ")


@pytest.mark.parametrize(
    ("waves", "words"),
    [(None, "joining the panel and staying in it are"), (["t1"], "joining the panel is")],
)
def test_opt_in_panels_assume_that_staying_too_is_unrelated(waves, words):
    panel = panel_of([[1, 2] * 5, [2, 1] * 5], sample="nonprobability")
    (line,) = (line for line in caption(op.shares(panel, "x", waves=waves)) if "Opt-in" in line)
    assert f"assume that, given the weights, {words} unrelated to the answers." in line


@pytest.mark.parametrize(
    ("psu", "words"),
    [
        (None, "everybody was drawn"),
        ("village", "all PSUs were drawn, and only this first stage counts"),
    ],
)
def test_an_interval_without_width_says_why(psu, words):
    panel = panel_of([[1, 2] * 5, [2, 1] * 5], fpc="all", psu=psu)
    told = caption(op.shares(panel, "x"))
    assert told[-1].startswith(f"Intervals without width: {words}")
    half = panel_of([[1, 2] * 5, [2, 1] * 5], psu=psu)
    assert not any("without width" in line for line in caption(op.shares(half, "x")))
