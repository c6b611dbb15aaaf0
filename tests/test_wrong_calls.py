"""Calls that do not fit: refused in the library's words, with what to write instead."""

import inspect
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.arguments import called, checked
from opinionpanel.errors import CallError

STUDY = op.datasets.load("attitudes_2024")
PANEL = STUDY.panel
FLOWS = op.flows(PANEL, "support", base="balanced")
SHARES = op.shares(PANEL, "support")
THIRD = "transitions takes 2 arguments without a name (panel, item); the third, "
CALLS = {
    THIRD + "'gender', needs its name. 'gender' is a group of the panel: write by='gender'.": (
        lambda: op.transitions(PANEL, "support", "gender")
    ),
    THIRD + "'Jul 2024', needs its name. ['Jul 2024', 'Nov 2024'] are waves of the panel: "
    "write waves=['Jul 2024', 'Nov 2024'].": (
        lambda: op.transitions(STUDY, "support", "Jul 2024", "Nov 2024")
    ),
    THIRD + "'balanced', needs its name. Write base='balanced'.": (
        lambda: op.transitions(PANEL, "support", "balanced")
    ),
    THIRD + "'x', needs its name. It may be 'waves', 'by', 'base', 'reference'.": (
        lambda: op.transitions(PANEL, "support", "x")
    ),
    "difference takes 2 arguments without a name (column, a); the third, 'Jul 2024', needs its "
    "name. Write minus='Jul 2024'.": lambda: SHARES.difference("wave", "Nov 2024", "Jul 2024"),
    "select takes no argument without a name; the first, 'approve', needs its name. Write "
    "NAME='approve'.": lambda: SHARES.select("approve"),
    "load takes 1 argument without a name (name), and has no others: leave out 'b'.": (
        lambda: op.datasets.load("a", "b")
    ),
    "flows: item is missing. Write flows(panel, item). The panel's items: 'support', 'course', "
    "'peace'.": lambda: op.flows(PANEL),
    "flows: panel and item are missing. Write flows(panel, item).": lambda: op.flows(),
    "independence: by is missing. Write independence(panel, item, by=…). The panel's groups: "
    "'gender', 'age_group', 'region'.": lambda: op.independence(PANEL, "support"),
    "Design: weight is missing. Write Design(weight=…).": lambda: op.Design(),
    "Unknown argument of shares: 'wave'. Did you mean 'waves'? Known: 'panel', 'item', 'waves', "
    "'by', 'base', 'reference'.": lambda: op.shares(PANEL, "support", wave="x"),
    "Unknown argument of shares: 'group'. 'gender' is a group of the panel: write by='gender'. "
    "Known: 'panel', 'item', 'waves', 'by', 'base', 'reference'.": (
        lambda: op.shares(PANEL, "support", group="gender")
    ),
    "shares: item is given twice, by its place and by its name. Write it once.": (
        lambda: op.shares(PANEL, "support", item="support")
    ),
}


@pytest.mark.parametrize("text", CALLS)
def test_words(text):
    with pytest.raises(CallError) as refused:
        CALLS[text]()
    assert str(refused.value) == text
    assert isinstance(refused.value, TypeError)
    assert isinstance(refused.value, op.OpinionPanelError)


def plain(first, second, *, third, fourth=4, fifth=None):
    """What the calls below are made of."""


def several(first, /, *more, third=3, **others):
    """And with arguments of any number and name."""


NAMES = ("first", "second", "third", "fourth", "other")


@given(
    st.sampled_from([plain, several]),
    st.lists(st.integers(), max_size=4),
    st.dictionaries(st.sampled_from(NAMES), st.integers()),
    st.sampled_from([checked, called]),
)
def test_exactly_what_python_refuses_is_refused(function, args, named, gate):
    """A call passes the gate as it would without one, and only then."""
    gated, reached = gate(function), False
    with suppress(TypeError):
        inspect.signature(function).bind(*args, **named)
        reached = True
    if reached:
        gated(*args, **named)
        return
    with pytest.raises(CallError) as refused:
        gated(*args, **named)
    assert function.__name__ in str(refused.value)


# Made by the library, not by who uses it.
MADE = {"Estimates", "OpinionPanelError", "Panel", "Study", "TestResult"}


def public():
    """Every function, method and class that the reference lists, with its name."""
    for name in set(dir(op)) - {"__version__"}:
        value = getattr(op, name)
        if inspect.ismodule(value):
            members = getattr(value, "__all__", ["names", "load", "folder", "build", "table"])
            for inner in members:
                if inspect.isfunction(one := getattr(value, inner, None)):
                    yield f"{name}.{inner}", one
        elif inspect.isclass(value):
            if name not in MADE:
                yield name, value.__init__
        else:
            yield name, value


# What the library hands from one module to another.
INNER: set[str] = set()


def test_every_public_function_and_class_has_the_gate():
    found = dict(public())
    assert {"shares", "Item", "Design", "datasets.load", "charts.sankey"} <= set(found)
    assert {name for name, one in found.items() if not hasattr(one, "__wrapped__")} <= INNER


@pytest.mark.parametrize("name", ["matrix", "test", "design_effect", "plot"])
def test_methods_without_arguments_take_none(name):
    with pytest.raises(CallError):
        getattr(FLOWS, name)(1)
