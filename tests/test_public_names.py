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


# One of everything that fits no model: reading, printing, tests, weights, charts and export.
# (Weights against drop-out are a model of staying, and the textbook figure of an unweighted
# quasi-symmetry one of counts.)
READING = """
import sys
from pathlib import Path
import opinionpanel as op
panel = op.read_panel(
    {wave: op.datasets.folder("attitudes_2024") / name for wave, name in FILES.items()},
    person="resp_id",
    items={"support": op.Item(
        {"July": "q12", "November": "q9", "March": "q9"},
        {"approve": [1, 2], "unsure": [3, 98, 99], "oppose": [4, 5]},
    )},
    groups=["gender"],
    design=op.Design(weight="wgt", stratum="region", psu="settlement"),
)
moves = op.transitions(panel, "support")
print(panel, moves, file=sys.stderr)
"""
THE_REST = """
pair = {"waves": ["July", "November"]}
folder = Path(FOLDER)
for found in (moves, op.shares(panel, "support", by="gender"), op.turnover(panel, "support")):
    for interval in ("logit", "beta", "wilson", "wald"):
        found.to_frame(interval=interval)
    found._repr_html_(), found.to_latex(), found.design_effect()
    found.to_csv(folder / "moves.csv"), found.to_excel(folder / "moves.xlsx")
change = op.net_change(panel, "support")
change.comparisons(), change.test().wald_pvalue
for test in ("marginal_homogeneity", "symmetry", "quasi_symmetry", "stationarity", "markov_order"):
    str(getattr(op, test)(panel, "support"))
op.independence(panel, "support", by="gender", wave="July")
op.homogeneity(panel, "support", by="gender"), op.attrition_test(panel, "support")
op.turnover_bounds(panel, "support").between_bounds()
op.agreement(panel, "support", **pair), op.people_needed(change=0.05, turnover=0.2)
op.displacement(panel, "support"), op.mobility_indices(panel, "support")
op.trim_weights(op.rake(panel, {"gender": {"man": 0.5, "woman": 0.5}}), upper=5)
op.weights_summary(panel)
chart = op.charts.sankey(op.flows(panel, "support", base="balanced"))
op.charts.save(chart, folder / "chart.html")
"""


def loaded(code, modules, folder=""):
    files = {"July": "wave1.sav", "November": "wave2.sav", "March": "wave3.sav"}
    head = f"FILES, FOLDER = {files!r}, {str(folder)!r}\n"
    return printed(f"{head}{code}\nprint(*(name for name in {modules!r} if name in sys.modules))")


def test_reading_and_printing_load_few_parts_of_scipy():
    heavy = ("stats", "sparse", "optimize", "linalg", "spatial", "ndimage", "interpolate")
    parts = tuple(f"scipy.{part}" for part in heavy)
    others = ("statsmodels", "formulaic", "altair", "vl_convert", "pydantic")
    assert loaded(READING, (*parts, *others)) == []


def test_nothing_but_models_loads_what_models_stand_on(tmp_path):
    models = ("scipy.stats", "statsmodels", "formulaic")
    assert loaded(READING + THE_REST, models, tmp_path) == []


@pytest.mark.parametrize("name", opinionpanel.__all__)
def test_every_public_name_can_be_had(name):
    value = getattr(opinionpanel, name)
    assert value is getattr(opinionpanel, name)
    assert value.__module__.startswith("opinionpanel.") if hasattr(value, "__module__") else True


def test_only_public_names_are_listed_also_before_they_are_loaded():
    names = printed("import opinionpanel; print(*dir(opinionpanel))")
    assert names == sorted([*opinionpanel.__all__, "__version__", "strategies"])
    assert names == sorted(dir(opinionpanel))


def test_modules_are_there_once_the_package_is():
    code = (
        "import opinionpanel as op; print(op.report.build.__name__, op.report.table.__name__, "
        "op.report.notebook.__name__, op.strategies.panels.__name__, op.charts.save.__name__)"
    )
    assert printed(code) == ["build", "table", "notebook", "panels", "save"]


def test_strategies_are_listed_only_where_hypothesis_is(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "strategies" not in dir(opinionpanel)
    assert "transitions" in dir(opinionpanel)


def test_type_checkers_read_the_names_where_they_are_loaded_from():
    tree = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    names = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    ]
    assert sorted(names) == sorted([*opinionpanel.__all__, "strategies"])
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("given", "meant"),
    {
        "transition": "transitions",
        "transition_matrix": "transitions",
        "load_panel": "read_panel",
        "sankey": "charts.sankey",
        "path": "paths",
    }.items(),
)
def test_an_unknown_name_tells_which_is_meant(given, meant):
    with pytest.raises(AttributeError) as refused:
        getattr(opinionpanel, given)
    text = f"module 'opinionpanel' has no attribute {given!r}. Did you mean opinionpanel.{meant}?"
    assert str(refused.value) == text
    assert isinstance(refused.value, opinionpanel.OpinionPanelError)


def test_a_name_near_to_none_leads_to_the_list():
    with pytest.raises(
        AttributeError, match=r"'zzz'. dir\(opinionpanel\) lists the names there are"
    ):
        _ = opinionpanel.zzz
    assert not hasattr(opinionpanel, "__wrapped__")


def test_a_public_name_is_no_room_that_has_it_too():
    """A room of the same name would take the place of the function once it is imported."""
    rooms = {path.stem for path in files(PACKAGE, "*.py")}
    rooms |= {path.parent.name for path in files(PACKAGE, "*/__init__.py")}
    assert rooms & set(opinionpanel.__all__) <= {"charts", "datasets", "errors", "report"}
