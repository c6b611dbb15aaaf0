"""Waves of one group, made from plain lists, and the groups read from them."""

import pandas as pd

from opinionpanel.panel.linking import link_waves
from opinionpanel.questions.groups import read_groups
from opinionpanel.waves.wave import Wave

SEX = {1.0: "man", 2.0: "woman"}


def wave(values, ids=None, *, name="g", **file):
    """Make a wave of one column; what the file says about it may come as keywords."""
    frame = pd.DataFrame({"id": range(len(values)) if ids is None else ids, name: values})
    return Wave(frame, **{part: {name: said} for part, said in file.items()})


def read(*waves, groups=("g",), reader=read_groups):
    named = {f"w{t}": one for t, one in enumerate(waves, start=1)}
    linked = link_waves(named, "id")
    return reader(groups, linked.waves, linked.rows, linked.people)


def values(group, codes=None):
    """Spell out the category of every person."""
    codes = group.codes if codes is None else codes
    return [None if code < 0 else group.categories[code] for code in codes]
