"""A study with a scale, a question that takes several answers and a battery, as files."""

import numpy as np
import pandas as pd

TOML = """
title = "Trust"
person = "{person}"
groups = ["sex"]
[[waves]]
name = "May"
file = "may.csv"
[[waves]]
name = "June"
file = "june.csv"
[items.president]
label = "The president"
question = "Do you trust the president?"
column = "t1"
states = {{trust = [1], "hard to say" = [9], distrust = [2]}}
[items.church]
column = "t2"
states = {{trust = [1], "hard to say" = [9], distrust = [2]}}
[batteries.institutions]
label = {{en = "Institutions", ru = "Учреждения"}}
items = ["president", "church"]
[scales.warmth]
columns = ["q1", "q2", "q3"]
low = 1
high = 5
reverse = ["q3"]
at_least = 2
label = "Warmth"
question = "How warm?"
[multiple.media]
options = {{TV = "m1", internet = "m2", papers = {{May = "m3"}}}}
selected = [1]
none = "m9"
label = {{en = "Sources of news", ru = "Источники новостей"}}
question = "Where from do you get news?"
"""
TOML = TOML.replace(
    'options = {{TV = "m1", internet = "m2", papers = {{May = "m3"}}}}',
    'options = {{TV = {{May = "m1", June = "m1"}}, internet = {{May = "m2", June = "m2"}}, '
    'papers = {{May = "m3"}}}}',
).replace('none = "m9"', 'none = {{May = "m9", June = "m9"}}')


def questions_study(folder, *, person="id", people=200, more=""):
    """Write the study and its waves; with person="none" every wave asked other people."""
    rng = np.random.default_rng(4)
    leaning = rng.normal(size=people)
    folder.mkdir(parents=True, exist_ok=True)
    for place, wave in enumerate(("may", "june")):
        frame = pd.DataFrame({"id": np.arange(people)})
        frame["sex"] = np.array(["man", "woman"])[frame["id"] % 2]
        for name, shift in (("t1", 0.3), ("t2", -0.2)):
            answer = leaning + rng.normal(size=people) + shift - 0.4 * place
            frame[name] = np.where(answer > 0.3, 1, np.where(answer > -0.2, 9, 2))
        for name, sign in (("q1", 1), ("q2", 1), ("q3", -1)):
            answer = 3 + sign * leaning + rng.normal(size=people) * 0.7
            frame[name] = np.clip(answer.round(), 1, 5).astype(int)
        for name, share in (("m1", 0.6), ("m2", 0.5), ("m3", 0.3)):
            frame[name] = np.where(rng.random(people) < share, 1, np.nan)
        frame["m9"] = np.where(frame[["m1", "m2", "m3"]].isna().all(axis=1), 1, np.nan)
        frame.to_csv(folder / f"{wave}.csv", index=False)
    path = folder / "study.toml"
    path.write_text(TOML.format(person=person) + more, encoding="utf-8")
    return path
