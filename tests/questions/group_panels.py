"""The same two waves as panels of every form: in memory, on engines, long and wide."""

import pandas as pd
import polars
from engine_frames import FRAMES

import opinionpanel as op

VOTE = op.Item("q", {"yes": [1], "no": [2]})
WAVES = ("w1", "w2")
FORMS = ("waves", "polars frames", "polars", "duckdb", "long", "long in duckdb", "wide")


def two_waves(first, second, *, name="g"):
    """Frames of two waves of the same people, with the values of a group."""
    people = range(len(first))
    answers = [1 + number % 2 for number in people]
    return {
        wave: pd.DataFrame({"id": people, "q": answers, name: values})
        for wave, values in zip(WAVES, (first, second), strict=True)
    }


def panel_of(form, frames, **options):
    """Build a panel; of a wide frame, columns end with the wave."""
    long = pd.concat([frame.assign(w=wave) for wave, frame in frames.items()])
    options = {"person": "id", "items": {"q": VOTE}, **options}
    if form.startswith("long"):
        held = FRAMES["duckdb"](long) if "duckdb" in form else long
        return op.Panel.from_long(held, wave="w", waves=list(frames), **options)
    if form == "wide":
        wide = pd.concat(
            [frame.set_index("id").add_suffix(f"_{wave}") for wave, frame in frames.items()], axis=1
        ).reset_index()
        item = op.Item({wave: f"q_{wave}" for wave in frames}, VOTE.states)
        return op.Panel.from_wide(wide, **{**options, "items": {"q": item}})
    make = {"waves": lambda frame: frame, "polars frames": polars.from_pandas, **FRAMES}[form]
    return op.Panel.from_waves({wave: make(frame) for wave, frame in frames.items()}, **options)


def by_wave(form, column):
    """Name a column as the form needs it."""
    return {wave: f"{column}_{wave}" for wave in WAVES} if form == "wide" else column
