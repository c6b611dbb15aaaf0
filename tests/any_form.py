"""One panel in every form that it may come in: a frame or a file for each wave, one long, one wide.

A `Case` says what stands in the waves and what is declared of it, once; `panel_of` builds the panel
of it in one form, in memory or on an engine.
"""

from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import pandas as pd
from engine_frames import FRAMES

import opinionpanel as op
from opinionpanel.escaping import toml_text
from opinionpanel.study.toml_text import toml_value

FORMS = {
    "from_waves": ("memory", "polars", "duckdb"),
    "from_long": ("memory", "polars", "duckdb"),
    "from_wide": ("memory", "polars", "duckdb"),
    "a file for each wave": ("memory", "duckdb"),
    "one long file": ("memory", "duckdb"),
    "one wide file": ("memory", "duckdb"),
    "study.toml": ("memory",),
    "study.toml, one long file": ("memory",),
    "study.toml, one wide file": ("memory",),
}
WAYS = [(form, engine) for form, engines in FORMS.items() for engine in engines]


@dataclass(frozen=True)
class Case:
    """What stands in the waves, and what is declared of it.

    Attributes
    ----------
    waves : dict of str to pandas.DataFrame
        With the columns "id" and "v", and others that are declared.
    item, group : dict
        Arguments of the Item of "v", and of the Grouping of "g"; no group where it is None.
    weighted : bool
        Whether "w" is a weight.
    design : dict
        Further arguments of the Design, for what stands in one column in all waves.
    status : list
        The codes of "status" of people who were interviewed; None without such a column.
    arguments : dict
        Further arguments of a panel, plain enough for a study file.
    reading : dict
        Arguments of reading text files.
    labels, missing : dict
        Column to labels and to declared missing codes.
    """

    waves: dict
    item: dict = field(default_factory=lambda: {"states": {"yes": [1], "no": [2]}})
    group: dict | None = None
    weighted: bool = False
    design: dict = field(default_factory=dict)
    status: list | None = None
    arguments: dict = field(default_factory=dict)
    reading: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)


def panel_of(case, form, engine, folder):
    """Build the panel of a case in one form."""
    if form.startswith("study.toml"):
        return op.read_study(_study(case, form, folder)).panel
    wide = form in ("from_wide", "one wide file")
    arguments = {"person": "id", **_declared(case, wide=wide), **case.arguments}
    if form == "from_waves":
        given = {name: _given(case, frame, engine) for name, frame in case.waves.items()}
        return op.Panel.from_waves(given, **arguments)
    if form == "from_long":
        return op.Panel.from_long(_given(case, long_of(case), engine), wave="when", **arguments)
    if form == "from_wide":
        return op.Panel.from_wide(_given(case, wide_of(case), engine, wide=True), **arguments)
    reading = {**case.reading, "engine": engine}
    if form == "a file for each wave":
        files = {name: _file(frame, folder / f"{name}.csv") for name, frame in case.waves.items()}
        return op.read_panel(files, **arguments, **reading)
    if form == "one long file":
        file = _file(long_of(case), folder / "long.csv")
        return op.read_panel(file, wave="when", **arguments, **reading)
    file = _file(wide_of(case), folder / "wide.csv")
    return op.read_panel(file, **arguments, **reading)


def long_of(case):
    parts = [frame.assign(when=int(name)) for name, frame in case.waves.items()]
    return pd.concat(parts, ignore_index=True)


def wide_of(case):
    """Bring the waves side by side: a row for each person, a column for each wave."""
    parts = [
        frame.rename(columns={column: f"{column}_{name}" for column in frame if column != "id"})
        for name, frame in case.waves.items()
    ]
    return reduce(lambda one, two: one.merge(two, on="id", how="outer"), parts)


def _given(case, frame, engine, *, wide=False):
    """Give a frame to an engine, with the labels that the case has."""
    made = frame if engine == "memory" else FRAMES[engine](frame)
    if not (case.labels or case.missing):
        return made
    columns = {column: column.rpartition("_")[0] if wide else column for column in frame}
    told = {
        name: {c: held[b] for c, b in columns.items() if b in held}
        for name, held in (("labels", case.labels), ("missing", case.missing))
    }
    return op.Wave(made, **told)


def _file(frame, path):
    frame.to_csv(path, index=False)
    return path


def _declared(case, *, wide):
    """Say what is declared of the columns, by wave where a wide file has several."""

    def column(name):
        return {wave: f"{name}_{wave}" for wave in case.waves} if wide else name

    found = {"items": {"v": op.Item(column("v"), **case.item)}}
    weight = column("w") if case.weighted else None
    units = {role: column(name) for role, name in case.design.items()}
    found["design"] = op.Design(weight=weight, **units)
    if case.group is not None:
        found["groups"] = {"g": op.Grouping(column("g"), **case.group)}
    if case.status is not None:
        found["interviewed"] = op.Status(column("status"), case.status)
    return found


def _study(case, form, folder):
    """Write the files of a study and its declaration."""
    wide = form.endswith("wide file")

    def column(name):
        return {wave: f"{name}_{wave}" for wave in case.waves} if wide else name

    lines = ['title = "All forms"', 'person = "id"']
    if form == "study.toml":
        for name, frame in case.waves.items():
            _file(frame, folder / f"{name}.csv")
    elif wide:
        _file(wide_of(case), folder / "all.csv")
        lines += ['file = "all.csv"']
    else:
        _file(long_of(case), folder / "all.csv")
        lines += ['file = "all.csv"', 'wave = "when"']
    said = case.arguments | case.reading
    lines += [f"{key} = {toml_value(value)}" for key, value in said.items()]
    if case.status is not None:
        status = {"column": column("status"), "codes": case.status}
        lines.append(f"interviewed = {toml_value(status)}")
    if form == "study.toml":
        for name in case.waves:
            lines += ["[[waves]]", f"name = {toml_text(name)}", f'file = "{name}.csv"']
    lines += ["[items.v]"]
    item = {"column": column("v"), **case.item}
    lines += [f"{key} = {toml_value(value)}" for key, value in item.items()]
    if case.group is not None:
        lines += ["[groups]", f"g = {toml_value({'column': column('g'), **case.group})}"]
    design = {"weight": column("w")} if case.weighted else {}
    design |= {key: column(one) for key, one in case.design.items()}
    lines += ["[design]", *(f"{key} = {toml_value(value)}" for key, value in design.items())]
    path = Path(folder) / "study.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
