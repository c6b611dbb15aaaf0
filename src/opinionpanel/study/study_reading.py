"""A study read from its file: the panel of the waves that it names, and what is said of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from opinionpanel.arguments import checked
from opinionpanel.errors import OpinionPanelError, StudyError, placed
from opinionpanel.panel import Panel, read_panel
from opinionpanel.study.declaration import Declaration
from opinionpanel.study.declared_estimation import anchored, check_people
from opinionpanel.study.declaring import declare, fault_lines
from opinionpanel.study.study import Study
from opinionpanel.study.texts import LANGUAGE, in_language
from opinionpanel.waves import steady


@checked
@steady()
def read_study(path: str | Path) -> Study:
    """Read a study that is declared in a ``study.toml`` file.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; the wave files it names are looked for beside it, and outside its folder only
        with ``allow_outside = true``.

    Returns
    -------
    Study
        Its title, its source, and its panel; and the studies that the file names to stand beside
        it.

    Raises
    ------
    StudyError
        The file is missing, is not TOML, or has faulty keys; every one of them is named.
    ReadError
        A wave file does not exist, is damaged or of another format, or lacks a column.
    LinkError
        Missing or duplicate ids, ids of different forms, no overlap between waves, dates that
        contradict the order of the waves.
    ItemError
        Answer codes mapped to no state, or with another meaning in another wave.
    DesignError
        Negative or infinite weights, a wave without weights, a single-PSU stratum.

    Examples
    --------
    >>> import opinionpanel as op
    >>> study = op.read_study(op.datasets.folder("attitudes_2024") / "study.toml")
    >>> sorted(study.panel.items)
    ['course', 'peace', 'support']
    """
    declared = declare(path)
    if declared.keys.faults:
        raise StudyError(*fault_lines(declared.keys))
    study = _study_of(declared)
    samples = {name: read_other(name, other).panel for name, other in declared.samples.items()}
    return replace(
        study,
        others={name: read_other(name, other) for name, other in declared.others.items()},
        estimation=replace(study.estimation, samples=samples),
    )


def _study_of(declared: Declaration) -> Study:
    texts = declared.texts
    return Study(
        title=in_language(texts.title, LANGUAGE),
        source=declared.source,
        panel=read_declared(declared),
        texts=texts,
        name=declared.keys.name,
        batteries=declared.batteries,
        estimation=replace(declared.keys.estimation, people=declared.people),
    )


def read_other(name: str, declared: Declaration) -> Study:
    """Read a study that stands beside another one; what is refused says in which file."""
    try:
        return _study_of(declared)
    except OpinionPanelError as error:
        place = f"Study {name!r}, {declared.keys.path.name}"
        raise type(error)(*placed(place, error)) from None


def read_declared(declared: Declaration) -> Panel:
    """Read the panel of a declaration that has no fault."""
    keys = declared.keys
    files: dict[str, Any] = {"files": declared.files}
    if declared.file is not None:
        files = {
            "files": declared.file,
            "wave": keys.wave or None,
            "waves": keys.wave_names,
        }
    panel = read_panel(
        **files,
        person=declared.person,
        items=declared.items,
        groups=declared.groups,
        design=declared.design,
        fixed=declared.fixed,
        duplicates=keys.duplicates,
        no_id=keys.no_id,
        interviewed=declared.interviewed,
        due=declared.due,
        **declared.reading,
        dates=declared.dates,
        source=declared.source,
    )
    for name, (item, wave) in declared.answer_groups.items():
        panel = panel.group_of(item, wave=wave, name=name)
    if keys.small_groups is not None and declared.people is not None:
        check_people(panel, keys.small_groups, declared.people)
    return panel if keys.anchor is None else anchored(panel, keys.anchor)


def wave_files(path: str | Path) -> list[Path]:
    """Name the files that a study is read from, as far as they are there."""
    return declare(path).wave_files
