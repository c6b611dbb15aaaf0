"""The file ``study.toml``: its keys, checked, and the study it declares."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from opinionpanel.design import Design
from opinionpanel.errors import StudyError
from opinionpanel.items import Item
from opinionpanel.read import read_panel
from opinionpanel.study import Study

__all__ = ["read_study"]

Code = int | float | str
States = dict[str, list[Code]]


class _Strict(BaseModel):
    # A misspelt key would otherwise be ignored without a word.
    model_config = ConfigDict(extra="forbid")


class _Wave(_Strict):
    name: str
    file: str
    fieldwork: str = ""


class _Item(_Strict):
    column: str | dict[str, str]
    states: States | dict[str, States]
    question: str = ""
    rest: Literal["missing"] | None = None


class _Design(_Strict):
    weight: str | dict[str, str] | None = None
    stratum: str | None = None
    psu: str | None = None
    fpc: str | None = None
    nest: bool = False
    lonely_psu: Literal["fail", "certainty", "adjust", "average"] = "fail"
    sample: Literal["probability", "nonprobability"] = "probability"


class _Study(_Strict):
    title: str
    source: str = ""
    person: str | dict[str, str | list[str]]
    groups: list[str] = Field(default_factory=list)
    waves: list[_Wave] = Field(min_length=1)
    items: dict[str, _Item] = Field(min_length=1)
    design: _Design = Field(default_factory=_Design)


def read_study(path: str | Path) -> Study:
    """Read a study that is declared in a ``study.toml`` file.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; the wave files it names are looked for beside it.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        The file is missing, is not TOML, or has faulty keys; every one of them is named.
    OpinionPanelError
        As in `read_panel`.

    Examples
    --------
    >>> import opinionpanel as op
    >>> study = op.read_study(op.datasets.folder("attitudes_2024") / "study.toml")
    >>> sorted(study.panel.items)
    ['course', 'peace', 'support']
    """
    path = Path(path)
    if not path.is_file():
        raise StudyError(f"There is no file {str(path)!r}. Check the path and the folder.")
    try:
        declared = _Study.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{path.name} is not a TOML file in UTF-8: {error}.") from None
    except ValidationError as error:
        raise StudyError(_faults(path, error)) from None
    names = [wave.name for wave in declared.waves]
    if len(set(names)) < len(names):
        raise StudyError(f"{path.name}: two waves have the same name. Give each wave its own.")
    panel = read_panel(
        {wave.name: path.parent / wave.file for wave in declared.waves},
        person=declared.person,
        items={name: Item(**item.model_dump()) for name, item in declared.items.items()},
        groups=declared.groups,
        design=Design(**declared.design.model_dump()),
        dates={wave.name: wave.fieldwork for wave in declared.waves if wave.fieldwork},
        source=declared.source,
    )
    return Study(title=declared.title, source=declared.source, panel=panel)


def _faults(path: Path, error: ValidationError) -> str:
    faults = dict.fromkeys(
        f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_url=False)
    )
    lines = "".join(f"\n  {fault}" for fault in faults)
    return f"{path.name} has {len(faults)} fault(s):{lines}\nMend these keys and read it again."
