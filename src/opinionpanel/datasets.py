"""The data that come with the library: a synthetic panel and published turnover tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from opinionpanel.arguments import called, checked
from opinionpanel.errors import unknown
from opinionpanel.panel import Panel
from opinionpanel.questions import Item

if TYPE_CHECKING:
    from opinionpanel.study import Study

__all__ = ["folder", "load", "names"]

TABLES = {
    "agresti_approval": "opinion",
    "dutch_1977_party": "party",
    "nes_ideology": "ideology",
    "rlms_2008_09": "satisfaction",
    "thomas_1991": "opinion",
    "thomas_1991_3": "opinion",
    "women_labour_1967_71": "working",
}
STUDIES = ("attitudes_2024",)


@called
def names() -> list[str]:
    """Name the bundled data sets.

    Returns
    -------
    list of str
        What `load` takes: the study ``attitudes_2024``, and published tables.

    Examples
    --------
    >>> "thomas_1991" in names()
    True
    """
    return [*STUDIES, *TABLES]


@checked
def load(name: str) -> Panel | Study:
    """Load a bundled data set.

    Parameters
    ----------
    name : str
        A bundled data set, such as ``attitudes_2024`` or ``thomas_1991``; `names` lists all.

    Returns
    -------
    Study or Panel
        ``attitudes_2024`` is a study (synthetic; its panel is ``.panel``); the published tables
        are panels of their people, unweighted, with one item.

    Raises
    ------
    SelectionError
        There is no such data set.

    Examples
    --------
    >>> panel = load("thomas_1991")
    >>> panel.waves, list(panel.items)
    (('wave 1', 'wave 2'), ['opinion'])
    """
    if name in STUDIES:
        from opinionpanel.study import read_study

        return read_study(folder(name) / "study.toml")
    if name not in TABLES:
        raise unknown("data set", name, names())
    return _load_table(folder("published") / f"{name}.csv", TABLES[name])


@checked
def folder(name: str) -> Path:
    """Return the folder of a bundled data set, ``attitudes_2024`` or ``published``.

    Parameters
    ----------
    name : str
        ``attitudes_2024``, the wave files and the study file of the synthetic panel; or
        ``published``, published turnover tables as text files.

    Returns
    -------
    pathlib.Path
        The folder, where its files can be read; of an installed package too.

    Raises
    ------
    SelectionError
        There is no such folder.

    Examples
    --------
    >>> (folder("attitudes_2024") / "study.toml").is_file()
    True
    """
    installed = Path(__file__).parent / "_data"
    # In a checkout the data stand at the top; a wheel carries them inside the package.
    root = installed if installed.is_dir() else Path(__file__).parents[2] / "data"
    known = [*STUDIES, "published"]
    if name not in known:
        raise unknown("data folder", name, known)
    return root / name


def _load_table(path: Path, item: str) -> Panel:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = dict(line[1:].split(":", 1) for line in lines if line.startswith("#"))
    about = {key.strip(): value.strip() for key, value in head.items()}
    frame = pd.read_csv(path, comment="#", encoding="utf-8", dtype=str)
    waves = [str(column) for column in frame.columns if column != "count"]
    states = {state.strip(): [state.strip()] for state in about["states"].split(";")}
    question = Item({wave: wave for wave in waves}, states, question=about["question"])
    return Panel.from_wide(frame, items={item: question}, count="count", source=about["source"])
