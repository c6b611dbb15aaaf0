"""`help()` of every public name stands on its own, and the reference lists them all."""

import dataclasses
import inspect
import pydoc
import re
import subprocess
import sys

import pytest
from places import ROOT, files
from public_calls import INNER

import opinionpanel
from opinionpanel import charts, datasets, errors

DIRECTIVE = re.compile(
    r"^\.\. auto(?:function|class|method):: (\S+?)(\(\))?(?:\n   :members: (.*))?$", re.MULTILINE
)
# What stands in the place of a description where another docstring is meant to be read instead.
BORROWED = re.compile(r"\b(?:[Aa]s (?:in|for|with|under)|[Ss]ee) `(?!`)|described (?:there|above)")
# Fields from which attributes are worked out when somebody looks.
INSIDE = {"named", "spread", "freedom"}


def listed():
    """Every name that the reference describes, and whether it is a class that nobody builds."""
    found = {}
    for page in files(ROOT / "docs" / "reference", "*.md"):
        for name, given, members in DIRECTIVE.findall(page.read_text(encoding="utf-8")):
            assert name not in found, f"{name} stands on two pages"
            found[name] = bool(given)
            found |= {f"{name}.{member}": False for member in members.split(", ") if member}
    return found


LISTED = listed()
PUBLIC = {name: pydoc.locate(name) for name in LISTED}
CALLED = [
    name
    for name, given in LISTED.items()
    if callable(PUBLIC[name])
    and not given
    and not (isinstance(PUBLIC[name], type) and issubclass(PUBLIC[name], Exception))
]


def sections(value):
    """The sections of a docstring by their titles, and what stands before them under ""."""
    parts = re.split(r"^([A-Z]\w+)\n-{3,}\n", inspect.getdoc(value), flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def described(section):
    """Names in a section that have a text below them."""
    heads = re.findall(r"^(\S.*)\n {4}\S", section, flags=re.MULTILINE)
    return {name.strip(" *") for head in heads for name in head.split(" :")[0].split(",")}


def parameters(value):
    return [name for name in inspect.signature(value).parameters if name not in ("self", "cls")]


def test_every_name_of_the_reference_works_as_written():
    """Once the package is imported, whatever else was used before."""
    names = sorted(LISTED, key=lambda name: (name.count("."), name), reverse=True)
    code = f"import opinionpanel\nfor name in {names!r}: eval(name)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_the_reference_has_every_public_name():
    modules = {"charts", "datasets", "errors", "report"}
    wanted = {f"opinionpanel.{name}" for name in set(opinionpanel.__all__) - modules}
    wanted |= {f"opinionpanel.datasets.{name}" for name in datasets.__all__}
    wanted |= {f"opinionpanel.errors.{name}" for name in errors.__all__}
    wanted -= {"opinionpanel.errors.OpinionPanelError"}
    wanted |= {f"opinionpanel.charts.{name}" for name in charts.__all__}
    assert wanted <= set(LISTED)


@pytest.mark.parametrize("owner", ["Panel", "Estimates", "Item", "Design", "ReplicateDesign"])
def test_the_reference_has_every_public_method(owner):
    members = inspect.getmembers(getattr(opinionpanel, owner), callable)
    names = {f"{owner}.{name}" for name, value in members if name[0] != "_" and value.__doc__}
    assert {f"opinionpanel.{name}" for name in names - INNER} <= set(LISTED)


def test_the_overview_links_every_name_of_the_pages():
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"<(opinionpanel\.[\w.]+)>", text))
    # How a language writes numbers is told on its page.
    rest = {name for name in LISTED if name.startswith("opinionpanel.charts.Language.")}
    assert linked == set(LISTED) - rest


def test_no_docstring_sends_its_reader_elsewhere():
    assert [name for name in LISTED if BORROWED.findall(inspect.getdoc(PUBLIC[name]))] == []


def test_every_argument_is_described():
    for name in CALLED:
        value = PUBLIC[name]
        missing = set(parameters(value)) - described(sections(value).get("Parameters", ""))
        # The constants that every kind of replicate design is given stand one by one in the text.
        assert missing <= ({"columns"} if "ReplicateDesign." in name else set()), name


def test_every_docstring_begins_with_a_sentence_and_has_an_example():
    for name in CALLED:
        text = sections(PUBLIC[name])
        assert text[""].splitlines()[0].endswith("."), name
        # What only works in a notebook, or takes a minute, is shown and not run.
        assert re.search(">>>|::$", text.get("Examples", ""), flags=re.MULTILINE), name


def test_what_comes_back_is_described():
    for name in CALLED:
        if inspect.isroutine(PUBLIC[name]):
            kind = inspect.signature(PUBLIC[name]).return_annotation
            returns = sections(PUBLIC[name]).get("Returns", "")
            assert kind in (None, "None") or described(returns), name


def test_what_is_refused_is_described():
    for name in CALLED:
        value = PUBLIC[name]
        # The gate for arguments is around a function, or around the making of a class.
        gated = hasattr(value.__init__ if isinstance(value, type) else value, "__wrapped__")
        if gated and parameters(value):
            assert described(sections(value).get("Raises", "")), name


def test_every_field_of_a_result_is_described():
    for name in (name for name, given in LISTED.items() if given):
        fields = {field.name for field in dataclasses.fields(PUBLIC[name])}
        assert fields - INSIDE <= described(sections(PUBLIC[name]).get("Attributes", "")), name
