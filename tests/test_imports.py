"""Each module imports only from those above it, and importing the package stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import opinionpanel

ORDER = (
    "errors",
    "codes",
    "items",
    "replicates",
    "replicate_design",
    "design",
    "expressions",
    "lazy",
    "joint",
    "asking",
    "engine",
    "replicate_weights",
    "incidence",
    "sampling",
    "resampling",
    "intervals",
    "about",
    "derivatives",
    "figures",
    "frames",
    "estimates",
    "tables",
    "wald",
    "raoscott",
    "export",
    "solving",
    "calibrated",
    "waves",
    "ids",
    "files",
    "writing",
    "numbering",
    "linking",
    "coding",
    "answers",
    "groups",
    "traits",
    "weights",
    "shapes",
    "building",
    "beyond",
    "panel",
    "linkage",
    "summary",
    "read",
    "study",
    "studyfile",
    "freedom",
    "tally",
    "progress",
    "scores",
    "bases",
    "tabulation",
    "rest",
    "bounds",
    "measures",
    "combining",
    "change",
    "scale",
    "indices",
    "classical",
    "contrasts",
    "significance",
    "chains",
    "sameness",
    "association",
    "trajectories",
    "wavering",
    "dropout",
    "supplemented",
    "missing",
    "sensitivity",
    "planning",
    "targets",
    "factors",
    "weighting",
    "staying",
    "attritionweights",
    "weightsummary",
    "models",
    "charts",
    "report",
    "datasets",
    "strategies",
    "cli",
)
# A result shows itself through a module below it, which is loaded only then.
UPWARD = {
    ("figures", "frames"),
    ("figures", "tables"),
    ("figures", "wald"),
    ("figures", "export"),
    ("panel", "linkage"),
    ("panel", "summary"),
}
PACKAGE = Path(opinionpanel.__file__).parent
HEAVY = ("scipy", "pyreadstat", "altair", "statsmodels", "sphinx", "hypothesis", "pydantic")
FILES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py" and "templates" not in path.parts
)


def module_of(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path):
    """Own modules that a file imports, each with whether that is at module level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # What only a type checker reads is not imported either.
    deferred = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    inside_functions = {
        id(node)
        for outer in ast.walk(tree)
        if isinstance(outer, deferred)
        or (isinstance(outer, ast.If) and ast.unparse(outer.test) == "TYPE_CHECKING")
        for node in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively; the project does not"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "opinionpanel":
                yield rest.split(".")[0], id(node) not in inside_functions


def test_every_module_has_its_place():
    assert {module_of(path) for path in FILES} <= set(ORDER)
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_from_above(path):
    module = module_of(path)
    place = ORDER.index(module)
    for name, at_module_level in imported(path):
        # The command is a caller: it stands on the whole package, not inside it.
        if name == module or module == "cli":
            continue
        if (module, name) in UPWARD:
            assert not at_module_level, f"{module} must load {name} only when it is needed"
            continue
        assert name in ORDER, f"{module} imports {name!r} from the package itself"
        assert ORDER.index(name) < place, f"{module} imports {name}, which stands below it"


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, opinionpanel; "
        f"heavy = {HEAVY!r}; "
        "loaded = [name for name in heavy if name in sys.modules]; "
        "loaded += [m for m in sys.modules if m.startswith('opinionpanel.charts')]; "
        "print(','.join(loaded))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert result.stdout.strip() == ""


def test_importing_the_package_loads_nothing_it_stands_on():
    """Only the errors: whatever else a script uses is loaded when it is used."""
    code = (
        "import sys, opinionpanel; "
        "print(*sorted(name for name in sys.modules if name.startswith('opinionpanel')), "
        "'pandas' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert result.stdout.split() == ["opinionpanel", "opinionpanel.errors", "False"]


@pytest.mark.parametrize("name", opinionpanel.__all__)
def test_every_public_name_can_be_had(name):
    value = getattr(opinionpanel, name)
    assert value is getattr(opinionpanel, name)
    if name in opinionpanel.LATER:
        assert value.__module__ == f"opinionpanel.{opinionpanel.LATER[name]}"


def test_public_names_are_listed_before_they_are_loaded():
    code = "import opinionpanel; print(*dir(opinionpanel))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert set(opinionpanel.__all__) <= set(result.stdout.split())


def test_type_checkers_and_scripts_find_the_same_names_in_the_same_place():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module.removeprefix("opinionpanel").removeprefix(".")
        for outer in tree.body
        if isinstance(outer, ast.If)
        for node in ast.walk(outer)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {**opinionpanel.LATER, "charts": "", "datasets": ""}
    assert set(opinionpanel.__all__) == {*seen, "OpinionPanelError"}


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'flow'"):
        _ = opinionpanel.flow


def test_a_public_name_is_no_module_that_has_it_too():
    """A module of the same name would take the place of the function once it is imported."""
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    modules |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert modules & set(opinionpanel.__all__) <= {"charts", "datasets"}
