"""Waves that asked other people: what works as ever, and what is refused, all in one sentence."""

from functools import partial
from inspect import isfunction, signature

import numpy as np
import pandas as pd
import pytest
from engine_frames import arrow_dataset, polars_frame
from hypothesis import assume, given, settings
from public_calls import ASKED, ASKED_OF_TWO, BUILT, DESIGN, ITEM, LONG, SCORES, TARGETS, people

import opinionpanel as op
from opinionpanel.errors import (
    CallError,
    DesignError,
    EngineError,
    LinkError,
    ReadError,
    SelectionError,
)
from opinionpanel.strategies import panel_parts

# What is about each wave by itself.
WORK = {
    *("shares", "independence", "weight_effects", "weights_summary", "trim_weights"),
    *("answer_model", "transition_bounds", "impute"),
    *("rake", "poststratify", "calibrate", "means", "quantiles", "cross", "cronbach_alpha"),
    # Beside a sample of other people.
    *("combine", "sources_agree", "source_effects"),
    # Of one wave, as it is asked here.
    "replicate",
}
REFUSED = "nobody was asked twice, (so nothing can be said of how people changed|and base=)"
BASES = ("balanced", "panel")
# How a function calls what it is about: an item, or a score.
QUESTION = {"item": "x", "score": "warmth", "scale": "z"}
SERIES = {
    "items": {"x": ITEM, "y": ITEM, "warmth": op.Score("q", low=1, high=3), "z": SCORES["z"]},
    "groups": ["sex"],
    "design": DESIGN,
}


def series(waves=None, **changes):
    return op.Panel.from_waves(
        people() if waves is None else waves, person=None, **SERIES | changes
    )


def same(one, other):
    for name in ("value", "std_error", "df", "n"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9)


def calls_of(panel):
    """Every public function of a panel, and methods that are about two waves."""
    more = {name: dict(given_to) for name, given_to in ASKED.items()}
    more |= ASKED_OF_TWO
    more |= dict.fromkeys(("rake", "poststratify", "calibrate"), TARGETS)
    more["trim_weights"] = {"upper": 2.0}
    more["weight_effects"] = {"adjusted": op.rake(panel, TARGETS["targets"]), "measure": "shares"}
    more["replicate"] = {"function": lambda one: one["weight"].sum(), "waves": ["May"]}
    more["impute"] = {"items": "x", "m": 2, "seed": 1}
    models = ("change_model", "hazard", "answer_model")
    more |= {name: {"formula": "C(sex)"} for name in models}
    public = {name: getattr(op, name) for name in op.__all__}
    calls = {}
    for name, function in public.items():
        known = signature(function).parameters if isfunction(function) else {}
        if "panel" in known:
            named = {kind: QUESTION[kind] for kind in QUESTION if kind in known}
            calls[name] = partial(function, panel, **more.get(name, {}) | named)
    calls |= {f"shares, {base}": partial(op.shares, panel, "x", base=base) for base in BASES}
    calls["linkage"] = panel.linkage
    calls["weight"] = partial(panel.weight, "May", "June")
    return calls


@pytest.mark.parametrize("name", calls_of(series()))
def test_what_is_about_the_same_people_is_refused_in_one_sentence(name):
    call = calls_of(series())[name]
    if name in WORK:
        call()
    else:
        with pytest.raises(SelectionError, match=REFUSED):
            call()


@pytest.mark.parametrize(
    ("call", "instead"),
    [
        (partial(op.flows, item="x"), r"how shares differ.* op\.shares\(panel, 'x'\)\.difference"),
        (partial(op.mean_change, score="warmth"), r"how means.* op\.means\(panel, 'warmth'\)\."),
        (partial(op.correlation, score="warmth"), r"how means.* op\.means\(panel, 'warmth'\)\."),
        (partial(op.direction, item="warmth"), r"how means.* op\.means\(panel, 'warmth'\)\."),
        (partial(op.shares, item="x", base="balanced"), "base='balanced' is .* base='answered'"),
        (partial(op.means, score="warmth", base="balanced"), "base='balanced' is .*='answered'"),
        (op.Panel.linkage, r"op\.shares\(panel, 'item'\)"),
    ],
)
def test_the_refusal_says_what_there_is_of_the_question(call, instead):
    with pytest.raises(SelectionError, match=instead):
        call(series())


def test_that_nobody_is_linked_is_none_without_quotes():
    for person in ("none", "None"):
        with pytest.raises(LinkError, match=r"person=None, without quotes.* person=\['[nN]one'\]"):
            op.Panel.from_waves(people(), person=person, **SERIES)
    named = {wave: frame.rename(columns={"id": "none"}) for wave, frame in people().items()}
    assert not op.Panel.from_waves(named, person=["none"], **SERIES).independent


def test_no_pair_of_waves_links():
    panel = series()
    assert panel.independent
    assert panel.pairs() == panel.pairs("x") == []
    assert panel.asked("x") == ("May", "June", "July")
    assert not op.Panel.from_waves(people(), person="id", **SERIES).independent


@settings(max_examples=8)
@given(panel_parts(independent=True))
def test_a_wave_is_as_if_it_stood_alone(parts):
    """But where waves share PSUs, of which not all are at every wave."""
    if getattr(parts.design, "same_psus", False):
        return
    found = op.shares(parts.panel(), "opinion", by="gender")
    for wave in parts.panel().asked("opinion"):
        alone = op.Panel.from_waves(
            {wave: parts.frames[wave]},
            person=None,
            items={"opinion": parts.item.within([wave])},
            groups=parts.groups,
            design=parts.design,
        )
        one, here = op.shares(alone, "opinion", by="gender"), found.select(wave=wave)
        same(one, here.select(gender=list(dict.fromkeys(one.labels["gender"]))))


@settings(max_examples=8)
@given(panel_parts(independent=True))
def test_waves_vary_by_themselves(parts):
    """Unless they share PSUs."""
    panel = parts.panel()
    shares = op.shares(panel, "opinion")
    wave = shares.labels["wave"].to_numpy()
    apart = wave[:, None] != wave
    assume(apart.any())
    covariance = shares.covariance
    if getattr(parts.design, "same_psus", False):
        return
    np.testing.assert_allclose(covariance[apart & np.isfinite(covariance)], 0.0, atol=1e-12)
    first, last = panel.asked("opinion")[0], panel.asked("opinion")[-1]
    less = shares.difference("wave", last, minus=first)
    errors = [shares.select(wave=name).std_error for name in (first, last)]
    np.testing.assert_allclose(less.std_error, np.hypot(*errors), rtol=1e-7, atol=1e-12)


@settings(max_examples=6)
@given(panel_parts(independent=True))
def test_the_order_of_people_tells_nothing(parts):
    turned = {wave: frame[::-1] for wave, frame in parts.frames.items()}
    panel = parts.panel()
    again = op.Panel.from_waves(
        turned,
        person=None,
        items={"opinion": parts.item},
        groups=parts.groups,
        design=parts.design,
    )
    same(op.shares(panel, "opinion", by="job"), op.shares(again, "opinion", by="job"))
    assert str(panel) == str(again)


@settings(max_examples=6)
@given(panel_parts(designs=["clustered"], weights=["varying"], complete=True))
def test_of_the_same_people_in_psus_the_links_change_nothing(parts):
    """The variance is between PSUs: who is who in them does not count."""
    linked, design = parts.panel(), op.Design(weight="weight", stratum="stratum", psu="psu")
    apart = op.Panel.from_waves(
        parts.frames,
        person=None,
        items={"opinion": parts.item},
        design=op.Design(weight="weight", stratum="stratum", psu="psu", same_psus=True),
    )
    assert linked.design == design
    one, other = op.shares(linked, "opinion"), op.shares(apart, "opinion")
    np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-12)


def test_rows_that_come_in_batches(tmp_path):
    wanted = op.shares(series(), "x", by="sex")
    apart = series({wave: arrow_dataset(frame) for wave, frame in people().items()})
    same(op.shares(apart, "x", by="sex"), wanted)
    rows, waves = arrow_dataset(LONG), list(people())
    long = op.Panel.from_long(rows, person=None, wave="wave", waves=waves, **SERIES)
    same(op.shares(long, "x", by="sex"), wanted)
    files = {wave: tmp_path / f"{wave}.csv" for wave in people()}
    for wave, frame in people().items():
        frame.to_csv(files[wave], index=False)
    for engine in ("memory", "duckdb"):
        read = op.read_panel(files, person=None, engine=engine, **SERIES)
        same(op.shares(read, "x", by="sex"), wanted)


def test_rows_that_stay_on_an_engine_are_refused():
    frames = {wave: polars_frame(frame) for wave, frame in people().items()}
    with pytest.raises(EngineError, match=r"has no numbers of rows\. Collect the columns"):
        series(frames)
    with pytest.raises(EngineError, match="has no numbers of rows"):
        op.Panel.from_long(polars_frame(LONG), person=None, wave="wave", **SERIES)


def test_a_table_of_frequencies():
    table = pd.DataFrame({"wave": [1, 1, 2, 2], "q": [1, 3, 1, 3], "n": [30, 10, 20, 20]})
    panel = op.Panel.from_long(table, person=None, wave="wave", items={"x": ITEM}, count="n")
    assert panel.present.sum(axis=1).tolist() == [40, 40]
    assert op.shares(panel, "x").select(state="yes").value.tolist() == [0.75, 0.5]


def test_a_domain_and_a_group_by_wave():
    panel = series(groups={"sex": "wave"})
    women = op.shares(panel.where(sex="woman"), "x")
    same(women, op.shares(panel, "x", by="sex").select(sex="woman"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fixed": ["sex"]}, "fixed= speaks of people who are linked"),
        ({"due": {"May": ["June"]}}, "due= speaks"),
        ({"duplicates": "drop_all", "no_id": [-1]}, "no_id= and duplicates='drop_all' speaks"),
    ],
)
def test_what_is_about_linked_people_is_refused(changes, message):
    with pytest.raises(LinkError, match=message):
        series(**changes)


def test_weights_of_two_waves_are_refused():
    by_wave = dict.fromkeys(people(), "w")
    with pytest.raises(DesignError, match="interviewed at both, and with person=None nobody was"):
        series(design=op.Design(weight={**by_wave, ("May", "June"): "w"}))


def test_a_wave_without_rows_is_refused():
    frames = people()
    frames["June"] = frames["June"][:0]
    with pytest.raises(LinkError, match=r"Wave 'June' .*: it has no rows. Leave it out."):
        series(frames)


def test_the_same_psus_go_with_other_people_only():
    design = op.Design(weight="w", psu="unit", same_psus=True)
    with pytest.raises(DesignError, match="is for waves that asked other people"):
        op.Panel.from_waves(people(), **BUILT | {"design": design})


def test_ids_that_are_forgotten(tmp_path):
    with pytest.raises(CallError, match="where every wave asked other people, say person=None"):
        op.Panel.from_waves(people(), items={"x": ITEM})
    for wave, frame in people().items():
        frame.to_csv(tmp_path / f"{wave}.csv", index=False)
    LONG.to_csv(tmp_path / "long.csv", index=False)
    files = {wave: tmp_path / f"{wave}.csv" for wave in people()}
    for given_to in ({"files": files}, {"files": tmp_path / "long.csv", "wave": "wave"}):
        with pytest.raises(ReadError, match=r"names the id column\. Where every wave asked other"):
            op.read_panel(**given_to, items={"x": ITEM})


def test_ids_that_start_again_name_the_way_out():
    frames = people()
    for place, frame in enumerate(frames.values()):
        frame["id"] += 1000 * place
    with pytest.raises(LinkError, match="If every wave asked other people, say person=None"):
        op.Panel.from_waves(frames, person="id", **SERIES)


def test_the_summary_says_so():
    text = str(series())
    assert text.startswith("Independent samples: 3 waves, 174 people, others at each wave\n")
    assert "new" not in text
    assert "→" not in text
    assert str(series({"May": people()["May"]})).startswith("One sample: 58 people\n")


def test_captions_say_so():
    shares = op.shares(series(), "x")
    assert "of other people at each wave" in str(shares)
    assert "of other people at each wave" in str(shares.difference("wave", "June", minus="May"))
    opt_in = series(design=op.Design(weight="w", sample="nonprobability"))
    assert "taking part is unrelated to the answers" in " ".join(
        str(op.shares(opt_in, "x")).split()
    )
