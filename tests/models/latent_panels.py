"""Panels for latent Markov models: published ones with weights, and made-up ones with error."""

import numpy as np
import pandas as pd

import opinionpanel as op


def weighed(name, item, weighted=True):
    """A bundled panel whose people have weights by the rule of the script of the golden file."""
    panel = op.datasets.load(name)
    _, path = np.unique(panel.answers[item].T, axis=0, return_inverse=True)
    place = pd.Series(path.ravel()).groupby(path.ravel()).cumcount().to_numpy()
    weight = 1.0 + (place % 4) / 2 if weighted else np.ones(len(place))
    return with_design(panel, item, {"weight": weight}, op.Design(weight="weight"))


def with_design(panel, item, columns, design):
    """Build a panel again from its answers, with other columns and another design."""
    states = panel.item(item).state_names
    names = np.array(states, dtype=object)
    table = pd.DataFrame(names[panel.answers[item]].T, columns=list(panel.waves)).assign(**columns)
    question = op.Item({wave: wave for wave in panel.waves}, {state: [state] for state in states})
    groups = [name for name in columns if name.startswith("group")]
    return op.Panel.from_wide(table, items={item: question}, groups=groups, design=design)


def drawn(people=300, waves=3, seed=1, *, error=0.1, change=0.2):
    """A made-up panel of two states, with groups, strata, PSUs and weights."""
    rng = np.random.default_rng(seed)
    latent = rng.random(people) < 0.5
    answers = []
    for _ in range(waves):
        answers.append(latent ^ (rng.random(people) < error))
        latent = latent ^ (rng.random(people) < change)
    table = pd.DataFrame(
        {f"w{wave + 1}": np.where(a, "yes", "no") for wave, a in enumerate(answers)}
    )
    table["group"] = rng.choice(["a", "b"], people)
    table["stratum"], table["psu"] = np.arange(people) % 3, np.arange(people) % 30
    table["weight"] = rng.uniform(0.5, 2.0, people)
    return table


def panel_of(table, design=None, groups=("group",), states=("no", "yes")):
    waves = [name for name in table if name.startswith("w") and name != "weight"]
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in states})
    groups = list(groups)
    return op.Panel.from_wide(table, items={"vote": item}, groups=groups, design=design)


def two_ways_to_say_yes(people=1_500, seed=3):
    """One latent state answers yes nearly always, the other more often than not; few change."""
    rng = np.random.default_rng(seed)
    latent, answers = rng.random(people) < 0.5, {}
    for wave in ("w1", "w2", "w3", "w4"):
        said = rng.random(people) < np.where(latent, 0.97, 0.65)
        answers[wave] = np.where(said, "yes", "no")
        latent = latent ^ (rng.random(people) < 0.05)
    return pd.DataFrame(answers).assign(group="merged")
