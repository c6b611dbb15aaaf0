"""Two studies of other people that asked the same, written as files, for tests of reports."""

import numpy as np
import pandas as pd

TOML = """
title = "Opinions in {name}"
name = "{name}"
person = "id"
groups = ["sex"]
population = "Adults of {name}"
{more}
[[waves]]
name = "{waves[0]}"
file = "w1.csv"
[[waves]]
name = "{waves[1]}"
file = "w2.csv"
[items.talks]
question = "{question}"
label = "Talks"
column = "talks"
neutral = "unsure"
states = {{for = [1], unsure = [9], against = [2]}}
[scores.warmth]
column = "ft"
low = 0
high = {high}
[design]
weight = "w"
psu = "psu"
"""


def study_files(
    folder,
    name,
    seed,
    *,
    people=400,
    leaning=0.5,
    unsure=0.1,
    warmth=50,
    waves=("spring", "autumn"),
    question="Should there be talks?",
    high=100,
    others=(),
    more="",
):
    """Write a study and its two waves; `others` are files that stand beside it, by name."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    answer = rng.choice([1, 9, 2], people, p=[leaning, unsure, 1 - leaning - unsure])
    for number in (1, 2):
        again = rng.choice([1, 9, 2], people, p=[leaning, unsure, 1 - leaning - unsure])
        answer = np.where(rng.random(people) < 0.3, again, answer)
        frame = pd.DataFrame({"id": np.arange(people), "psu": np.arange(people) % 40})
        frame["sex"] = np.array(["man", "woman"])[frame["id"] % 2]
        frame["talks"], frame["w"] = answer, rng.uniform(0.5, 2, people).round(3)
        frame["ft"] = np.clip(rng.normal(warmth, 20, people).round(), 0, high)
        frame.to_csv(folder / f"w{number}.csv", index=False)
    if others:
        listed = "\n".join(f'{one} = "{file}"' for one, file in dict(others).items())
        more = f"{more}\nallow_outside = true\n[side_by_side]\n{listed}\n"
    text = TOML.format(name=name, waves=waves, question=question, high=high, more=more)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def two_studies(folder, **own):
    """Write the North with the South beside it, whose people are of another opinion."""
    study_files(folder / "south", "South", 2, **{"leaning": 0.3, "warmth": 60, **own})
    beside = {"South": "../south/study.toml"}
    return study_files(folder / "north", "North", 1, people=150, others=beside)
