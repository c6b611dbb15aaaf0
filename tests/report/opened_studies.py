"""Studies whose reports are built and opened: seeded ones, and those of real survey files."""

from string import ascii_lowercase

import numpy as np
import pandas as pd
from places import REAL_FILES


def plain(folder):
    """A study that declares nothing optional: two waves and a question."""
    return _seeded(folder, items=1, waves=2)


def long(folder):
    """A question at six waves, and a group."""
    return _seeded(folder, items=1, waves=6, groups={"region": 3})


def _seeded(folder, *, items, waves, groups=None, people=300):
    rng = np.random.default_rng(2024)
    names = [f"item{number}" for number in range(items)]
    ids, leaning = np.arange(people), rng.standard_normal((items, people))
    traits = {name: rng.integers(0, size, people) for name, size in (groups or {}).items()}
    text = 'title = "A seeded study"\nperson = "id"\n'
    if traits:
        text += f"groups = {list(traits)}\n"
    for wave in range(waves):
        there = rng.random(people) < 0.9
        answers = 1 + np.digitize(leaning + rng.standard_normal((items, people)), [-0.7, 0.7])
        letters = {name: np.array(list(ascii_lowercase))[one] for name, one in traits.items()}
        frame = pd.DataFrame({"id": ids, **dict(zip(names, answers, strict=True)), **letters})
        frame[there].to_csv(folder / f"wave{wave}.csv", index=False)
        text += f'[[waves]]\nname = "wave {wave}"\nfile = "wave{wave}.csv"\n'
    for name in names:
        text += (
            f'[items.{name}]\ncolumn = "{name}"\nstates = {{no = [1], unsure = [2], yes = [3]}}\n'
        )
    return _written(folder, text)


def yougov(folder):
    """Rhode Island: weights, and people known by the ids of several earlier waves."""
    data = REAL_FILES / "yougov_rhode_island"
    return _written(
        folder,
        """
        title = "Vaccination in Rhode Island"
        allow_outside = true
        groups = ["educ"]
        [person]
        "wave 3" = "caseid"
        "wave 4" = "caseid"
        "wave 5" = ["caseid_BROW0016", "caseid_BROW0015", "caseid_BROW0017"]
        "wave 6" = ["caseid_16", "caseid_15", "caseid_17", "caseid"]
        """
        + _waves({f"wave {wave}": data / f"wave{wave}.sav" for wave in range(3, 7)})
        + """
        [items.vaccine]
        not_asked = [9]
        column = {"wave 3" = "q1", "wave 4" = "q1", "wave 5" = "q126", "wave 6" = "q150"}
        states = {will = [4, 5], "not sure" = [3], "won't" = [1, 2]}
        [design.weight]
        "wave 3" = "weight"
        "wave 4" = "weight_RI"
        "wave 5" = "weight_RI"
        "wave 6" = "weight"
        """,
    )


def netherlands(folder):
    """Netherlands: five waves without labels, whose codes change in between."""
    data = REAL_FILES / "vu_netherlands"
    waves = [f"wave {wave}" for wave in range(5)]
    old = '{yes = [1, 2], unsure = ["(blank)"], no = [3, 4]}'
    new = '{yes = [1, 3], unsure = ["(blank)"], no = [4, 5]}'
    states = [f'"{wave}" = {old if place < 3 else new}' for place, wave in enumerate(waves)]
    return _written(
        folder,
        """
        title = "Vaccination in the Netherlands"
        allow_outside = true
        person = "iisID"
        # A record of a test stands in a wave twice.
        duplicates = "drop_all"
        """
        + _waves({wave: data / f"wave{place}.csv" for place, wave in enumerate(waves)})
        + '[items.vaccine]\ncolumn = "H7"\n[items.vaccine.states]\n'
        + "\n".join(states),
    )


def _waves(paths):
    return "".join(
        f'[[waves]]\nname = "{name}"\nfile = "{path.as_posix()}"\n' for name, path in paths.items()
    )


def _written(folder, text):
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder / "study.toml"
