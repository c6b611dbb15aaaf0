"""The public names: written once, loaded when they are first used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from places import files

import opinionpanel

PACKAGE = Path(opinionpanel.__file__).parent
HEAVY = (
    "narwhals",
    "scipy",
    "pyreadstat",
    "altair",
    "statsmodels",
    "sphinx",
    "hypothesis",
    "pydantic",
)


def printed(code):
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return result.stdout.split()


def test_importing_the_package_loads_nothing_it_stands_on():
    code = (
        "import sys, opinionpanel; "
        "print(*(name for name in sys.modules if name.startswith('opinionpanel')), "
        "'pandas' in sys.modules)"
    )
    assert printed(code) == ["opinionpanel", "False"]


def test_a_panel_and_its_transitions_load_nothing_heavy():
    code = (
        "import sys; from opinionpanel import Panel, transitions; "
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))"
    )
    assert printed(code) == []


@pytest.mark.parametrize("name", opinionpanel.__all__)
def test_every_public_name_can_be_had(name):
    value = getattr(opinionpanel, name)
    assert value is getattr(opinionpanel, name)
    assert value.__module__.startswith("opinionpanel.") if hasattr(value, "__module__") else True


def test_only_public_names_are_listed_also_before_they_are_loaded():
    names = printed("import opinionpanel; print(*dir(opinionpanel))")
    assert names == sorted(opinionpanel.__all__)
    assert names == sorted(dir(opinionpanel))


def test_type_checkers_read_the_names_where_they_are_loaded_from():
    tree = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    names = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    ]
    assert sorted(names) == sorted(opinionpanel.__all__)
    assert len(names) == len(set(names))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="flow"):
        _ = opinionpanel.flow


def test_a_public_name_is_no_room_that_has_it_too():
    """A room of the same name would take the place of the function once it is imported."""
    rooms = {path.stem for path in files(PACKAGE, "*.py")}
    rooms |= {path.parent.name for path in files(PACKAGE, "*/__init__.py")}
    assert rooms & set(opinionpanel.__all__) <= {"charts", "datasets"}
