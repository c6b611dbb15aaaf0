"""The house: rooms import from rooms above them, through their doors, and in no circles."""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pytest
from parsed import PACKAGE, tree, trees
from places import ROOT, TESTS, files

ROOMS = (
    *("escaping", "phrases", "errors", "progress", "arrays", "wrong_calls", "arguments"),
    *("interruptions", "written_files"),
    *("engines", "waves", "questions", "design", "estimates", "panel"),
    *(
        "measures",
        "hypotheses",
        "weighting",
        "models",
        "disclosure",
        "drawing",
        "charts",
        "study",
        "report",
    ),
    *("datasets", "strategies", "deprecated", "cli"),
)
FILES = sorted(path for path in files(PACKAGE, "**/*.py") if path != PACKAGE / "__init__.py")


def name_of(path):
    """The dotted name of a module within the package; of a room's door, the room's."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in FILES}


def room_of(name):
    return name.split(".")[0]


def imported(path):
    """What a file imports from the package, also inside functions, as (module, name)."""
    for node in ast.walk(trees().get(path) or tree(path)):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("opinionpanel.") for alias in node.names), (
                f"{path.name}: write 'from opinionpanel.room import name'"
            )
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively; the project does not"
            package, _, module = (node.module or "").partition(".")
            if package == "opinionpanel":
                yield from ((module, alias.name) for alias in node.names)


@cache
def door(room):
    """The names that a room offers to others: those that its `__init__` imports as themselves.

    Where names are loaded when they are first used, they stand in the stub beside it.
    """
    folder = PACKAGE / room
    stub = folder / "__init__.pyi"
    place = stub if stub.exists() else folder / "__init__.py"
    return {
        alias.name
        for node in tree(place).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }


def circle(room):
    """Modules of a room that import each other in a circle; none if there is no such circle."""
    graph = {}
    for name in NAMES:
        if room_of(name) == room and name != room:
            modules = (
                f"{module}.{what}" if module == room else module
                for module, what in imported(NAMES[name])
            )
            graph[name] = {module for module in modules if room_of(module) == room}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def test_every_module_has_a_room():
    assert {room_of(name) for name in NAMES} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_above_it_and_through_their_doors(room):
    inside = [name for name in NAMES if room_of(name) == room]
    found = [(name, *one) for name in inside for one in imported(NAMES[name])]
    for name, module, what in found:
        # `from opinionpanel import measures`, or from one of its modules.
        other = what if not module else room_of(module)
        # The command is a caller: it stands on the whole package, not inside it.
        assert other in ROOMS or room == "cli", f"{name} imports {what!r} from the package itself"
        if other == room or not module:
            assert ROOMS.index(other) <= ROOMS.index(room), f"{name} imports {other} below it"
            continue
        assert ROOMS.index(other) < ROOMS.index(room), f"{name} imports {other}, which is below it"
        assert module == other, f"{name} reaches into {module}; {other} must offer {what}"
        if (PACKAGE / other).is_dir():
            assert what in door(other), f"{name} imports {what}, which {other} does not offer"


@pytest.mark.parametrize("room", [room for room in ROOMS if (PACKAGE / room).is_dir()])
def test_no_circle_stands_inside_a_room(room):
    assert circle(room) is None


def test_a_circle_would_be_found(tmp_path, monkeypatch):
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.py").write_text(
            f"def f():\n    from opinionpanel.room.{other} import f\n", encoding="utf-8"
        )
        monkeypatch.setitem(NAMES, f"room.{name}", tmp_path / f"{name}.py")
    assert set(circle("room")) == {"room.one", "room.two"}


@pytest.mark.parametrize("room", [room for room in ROOMS if (PACKAGE / room).is_dir()])
def test_a_room_says_on_its_door_what_lives_there(room):
    assert ast.get_docstring(trees()[PACKAGE / room / "__init__.py"])
    assert door(room), f"{room} offers nothing"
    # Once both are imported, only one of them would be found under the name.
    assert not door(room) & {path.stem for path in files(PACKAGE / room, "*.py")}


def test_no_two_modules_have_one_name():
    stems = [path.stem for path in FILES if path.stem != "__init__"]
    assert len(stems) == len(set(stems))


def test_every_module_has_its_test_file_in_the_same_room():
    missing = [
        name
        for name, path in NAMES.items()
        if path.stem != "__init__"
        and not (TESTS / path.relative_to(PACKAGE)).with_name(f"test_{path.stem}.py").exists()
    ]
    assert missing == []


def test_the_map_for_contributors_is_what_the_doors_say():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)(?:/|\.py)` \| (.+) \|$", text, flags=re.MULTILINE)
    doors = {room: ast.get_docstring(trees()[NAMES[room]]) for room in ROOMS}
    assert rows == [(room, doors[room].splitlines()[0]) for room in ROOMS]
