"""Seeded small studies: few people, small groups, drop-out; what their reports show, and the truth.

The truth is counted here from the made-up people, by no code of the library.
"""

from dataclasses import dataclass
from html import unescape

import numpy as np
import pandas as pd
from unknowns import NO_ANSWER, NOT_INTERVIEWED, UNKNOWN, Outline

import opinionpanel as op

ITEM = "opinion"
# Districts are not split into more.
MOST_CATEGORIES = 6
STATES = ("for", "unsure", "against", "neither")


@dataclass(frozen=True, eq=False)
class Study:
    """Made-up people: one text per person and wave (state, no answer, not interviewed) or group."""

    outline: Outline
    answers: np.ndarray
    groups: dict

    def panel(self):
        """Build the panel of these people, without weights."""
        frames = {}
        for t, wave in enumerate(self.outline.waves):
            # Not the numbers 1, 2, 3, …: those are refused, as a wave may be numbered anew.
            person = 1000 + 7 * np.arange(len(self.answers))
            frame = pd.DataFrame({"person": person, **self.groups})
            frame = frame.replace({name: {UNKNOWN: None} for name in self.groups})
            frame["answer"] = pd.Series(self.answers[:, t]).replace({NO_ANSWER: None})
            frames[wave] = frame[self.answers[:, t] != NOT_INTERVIEWED]
        item = op.Item(column="answer", states={state: [state] for state in self.outline.states})
        return op.Panel.from_waves(
            frames,
            person="person",
            items={ITEM: item},
            groups=list(self.groups),
            design=op.Design(weight=None),
        )


def made_up(seed):
    """Make up the people of one study."""
    rng = np.random.default_rng([20250417, seed])
    people = int(rng.choice([30, 45, 60, 90, 130, 200, 300, 400]))
    waves = tuple(f"w{t + 1}" for t in range(rng.choice([2, 2, 3, 4])))
    states = STATES[: rng.choice([2, 3, 3, 4])]
    answers = _answers(rng, people, len(waves), states)
    groups, nested = _groups(rng, people)
    seen = (answers != NOT_INTERVIEWED).any(axis=1)
    groups = {name: values[seen] for name, values in groups.items()}
    categories = {name: tuple(sorted(set(values) - {UNKNOWN})) for name, values in groups.items()}
    return Study(Outline(waves, states, categories, nested), answers[seen], groups)


def _answers(rng, people, waves, states):
    """Let people keep their answers, change, refuse, drop out, or join later."""
    start = rng.dirichlet(rng.choice([0.7, 2.0, 6.0]) * np.ones(len(states)))
    stays = rng.choice([0.4, 0.7, 0.9, 0.97])
    codes = rng.choice(len(states), (people, waves), p=start)
    for t in range(1, waves):
        same = rng.random(people) < stays
        codes[same, t] = codes[same, t - 1]
    answers = np.array(states, dtype=object)[codes]
    answers[rng.random(answers.shape) < rng.choice([0.0, 0.02, 0.1])] = NO_ANSWER
    lost = rng.choice([0.0, 0.02, 0.1, 0.3])
    joins = rng.random(people) < rng.choice([0.0, 0.03, 0.2])
    first = np.where(joins, rng.integers(1, waves, people), 0)
    gone = rng.random((people, waves)) < lost
    if rng.random() < 0.7:
        # Who left does not come back.
        gone = np.logical_or.accumulate(gone & (np.arange(waves) > first[:, None]), axis=1)
    answers[gone | (np.arange(waves) < first[:, None])] = NOT_INTERVIEWED
    return answers


def _groups(rng, people):
    """Make no, one or two groups; the second may differ from the first by a few people."""
    groups, nested = {}, {}
    number = rng.choice([0, 1, 1, 2])
    if number:
        share = rng.dirichlet(rng.choice([0.5, 1.0, 4.0]) * np.ones(rng.choice([2, 3, 4])))
        letters = np.array(["a", "b", "c", "d"], dtype=object)
        groups["region"] = letters[rng.choice(len(share), people, p=share)]
    if number == 2:
        if rng.random() < 0.5:
            groups["district"], nested = _nested(rng, groups["region"])
        else:
            groups["sex"] = np.array(["man", "woman"], dtype=object)[rng.integers(0, 2, people)]
    unknown = rng.random(people) < rng.choice([0.0, 0.0, 0.02])
    for values in groups.values():
        values[unknown] = UNKNOWN
    return groups, nested


def _nested(rng, region):
    """Split a few people off each of some regions."""
    district = region + " rest"
    for name in sorted(set(region)):
        inside = np.flatnonzero(region == name)
        if len(inside) > 1 and len(set(district)) < MOST_CATEGORIES and rng.random() < 0.6:
            few = rng.choice(inside, min(int(rng.integers(1, 10)), len(inside) - 1), replace=False)
            district[few] = f"{name} few"
    nested = {("district", value): ("region", value[0]) for value in sorted(set(district))}
    return district, nested


def summary_of(panel):
    """Return what the index of a report says of the panel."""
    return unescape(str(panel))
