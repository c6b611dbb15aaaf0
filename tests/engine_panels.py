"""Panels to build on an engine and in memory, and whether they hold the same people."""

from functools import reduce

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.engines.expressions import collected

WAVES = ["May", "June", "July"]


def survey(seed=1, people=90, share=0.7, **columns):
    """Three waves with drop-outs and entrants, and a category that one of them lacks."""
    rng = np.random.default_rng(seed)
    waves = {}
    trait = rng.integers(0, 4, people)
    for place, wave in enumerate(WAVES):
        ids = rng.permutation(people)[: int(people * share)]
        answers = rng.choice([1.0, 2.0, 3.0, 98.0, np.nan], len(ids), p=[0.3, 0.2, 0.2, 0.2, 0.1])
        if place == 1:
            answers[answers == 98] = 3
        weight = rng.gamma(2.0, 1.0, len(ids)).round(3)
        weight[rng.random(len(ids)) < 0.1] = np.nan
        weight[rng.random(len(ids)) < 0.05] = 0
        moving = (trait[ids] + (rng.random(len(ids)) < 0.2)) % 4
        waves[wave] = pd.DataFrame(
            {
                "id": ids + 1000,
                "q": answers,
                "w": weight,
                "region": np.array(["north", "south", "east", "west"])[trait[ids]],
                "village": (ids % 12) * 10,
                "age": np.where(rng.random(len(ids)) < 0.1, np.nan, moving + 18.0),
                "gender": np.where(ids % 2 == 0, "woman ", "man"),
                "number": 120.0,
            }
        ).assign(**columns)
    return waves


def vote(**options):
    return {"vote": op.Item("q", {"yes": [1, 2], "no": [3], "unsure": [98]}, **options)}


def from_waves(waves, make=None, engine="", **arguments):
    given = waves if make is None else {k: make(engine, frame) for k, frame in waves.items()}
    return op.Panel.from_waves(given, **{"person": "id", "items": vote()} | arguments)


def from_long(parts, make=None, engine="", **arguments):
    frame = pd.concat([part.assign(when=name) for name, part in parts.items()], ignore_index=True)
    given = frame if make is None else make(engine, frame)
    defaults = {"person": "id", "wave": "when", "waves": list(parts), "items": vote()}
    return op.Panel.from_long(given, **defaults | arguments)


def people_of(panel):
    """Bring everything that is known of people to one table, a row each, in no order."""
    columns = [*panel.present, *panel.weights.values(), panel.domain]
    for codes in panel.answers.values():
        columns += list(codes)
    for group in (*panel.groups.values(), *panel.fixed.values()):
        columns += [group.codes, *group.by_wave]
    for weights in panel.replicates.values():
        whole = isinstance(weights, np.ndarray)
        replicates = weights.T if whole else map(weights.column, range(weights.number))
        columns += list(replicates)
    in_design = reduce(np.logical_or, [weight > 0 for weight in panel.weights.values()])
    for codes in (getattr(panel.sampling, name, None) for name in ("stratum", "psu")):
        if codes is not None:
            columns.append(np.where(in_design, codes, -1))
    if isinstance(panel.present, tuple):
        named = {f"c{place}": column.expression() for place, column in enumerate(columns)}
        frame = panel.domain.people.frame.with_columns(**named).select(*named)
        table = collected(frame).to_numpy(dtype=float)
    else:
        table = np.stack([np.asarray(column, dtype=float) for column in columns], axis=1)
    table = table.round(9)
    return table[np.lexsort(table.T)]


def assert_same(lazy, panel):
    np.testing.assert_array_equal(people_of(lazy), people_of(panel))
    assert lazy.waves == panel.waves
    for name in ("unread", "without_weight", "sources", "design"):
        assert str(getattr(lazy, name)) == str(getattr(panel, name)), name
    assert set(lazy.notes) == set(panel.notes)
    for here, there in ((lazy.groups, panel.groups), (lazy.fixed, panel.fixed)):
        assert list(here) == list(there)
        for name in there:
            for part in ("categories", "missing", "changed", "use"):
                assert getattr(here[name], part) == getattr(there[name], part), (name, part)
    for name in ("sampled", "fraction", "stratum_of_psu", "rscales"):
        one, two = (getattr(each.sampling, name, None) for each in (lazy, panel))
        if two is not None:
            np.testing.assert_allclose(one, two)
    assert lazy.sampling.text == panel.sampling.text


DESIGN = op.Design(weight="w", stratum="region", psu="village", nest=True)


ARGUMENTS = {
    "unweighted": {},
    "groups": {
        "groups": {"region": "first", "age": "latest", "gender": "wave"},
        "fixed": ["gender"],
        "design": op.Design(weight="w"),
    },
    "clustered": {"design": DESIGN, "groups": ["age"]},
    "strata": {"design": op.Design(weight="w", stratum="gender", fpc="number")},
    "moving psu": {"design": op.Design(weight="w", psu="age")},
    "pairs": {
        "design": op.Design(
            weight={"May": "w", "June": None, "July": "w", ("May", "July"): "number"}
        )
    },
    "rest": {
        "items": {
            "vote": op.Item("q", {"yes": [1, 2], "no": [3]}, rest="missing"),
            "blank": op.Item(
                {"May": "q", "July": "q"}, {"a": [1, 2], "b": [3, None]}, not_asked=[98]
            ),
            "region": op.Item("region", {"up": ["north", "east"], "down": ["west", "south "]}),
        }
    },
    "coalesced": {
        "items": {
            "any": op.Item(
                {"May": op.coalesce("q", "age"), "June": "age", "July": op.coalesce("age", "q")},
                {"young": [18, 19, 1], "old": [20, 21]},
                rest="missing",
            )
        }
    },
    "resampled": {
        "design": op.Design(weight="w", stratum="gender", psu="village").as_replicates("jkn")
    },
    "no items": {"items": {}},
}  # fmt: skip


def check_built(build, make, engine):
    """Build a panel with most of what there is on an engine and in memory, and compare both."""
    waves = {name: part.assign(id=part["id"].map("p{}".format)) for name, part in survey().items()}
    arguments = ARGUMENTS["groups"] | {"design": DESIGN}
    lazy, panel = build(waves, make, engine, **arguments), build(waves, **arguments)
    assert_same(lazy, panel)
    one, two = (op.transitions(each, "vote", by="region").to_frame() for each in (lazy, panel))
    pd.testing.assert_frame_equal(one, two, rtol=1e-8)
