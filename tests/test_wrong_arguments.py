"""No foreign error: given wrong arguments, every public name works or refuses in its own words.

The calls are drawn by a seed: a right call of some name, of which up to three arguments are
replaced. What fails is printed as a table, so that the same call can be made again.
"""

import inspect
import warnings
from datetime import date
from pathlib import Path
from typing import Literal, get_args, get_origin

import numpy as np
import pandas as pd
import polars
import pytest
from public_calls import DESIGN, FLOWS, INNER, ITEM, PANEL, people, right_calls

import opinionpanel as op
from opinionpanel.arguments import annotations_of

SEED, CALLS, FEW = 20251129, 1500, 400


class Thing:
    """Something of another program."""


PLAIN = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        3,
        10**30,
        10**400,
        -(10**400),
        0.5,
        -0.1,
        2.5,
        float("nan"),
        float("inf"),
        1j,
        ...,
    ),
    *(b"May", b"", "", "x ", "no such", "May", "June", "sex", "x", "all", "*", "q"),
    *(pd.NA, pd.NaT, date(2024, 5, 1), np.float32(1), np.str_("x"), np.int8(2), np.bool_(True)),
)


def wrong_values():
    """What people give by mistake: named, to be shown, each made anew."""
    frame = people()["May"]
    return {
        **{repr(value): value for value in PLAIN},
        **{repr(value): value for value in ([], (), {}, set(), [1], [None], ["x", 5], [[]])},
        **{repr(value): value for value in ([10**400], [[0.5, -(10**400)]], {"yes": 10**400})},
        **{repr(value): value for value in (["May", "May"], ["June", "May"], ("May",), [b"May"])},
        **{repr(value): value for value in ({"x": 5}, {"May": None}, {5: "x"}, {"a": {"b": {}}})},
        **{repr(value): value for value in ({("a", "b"): 1}, {"sex": {"man": -1}}, {"sex": []})},
        **{repr(value): value for value in ({"May", "June"}, range(3), (1, 2, 3), ["May", None])},
        "array of numbers": np.arange(3.0),
        "array of names": np.array(["May", "June"]),
        "array without shape": np.array(1),
        "matrix": np.eye(9),
        "matrix of text": [["a"] * 9],
        "frame": frame,
        "empty frame": pd.DataFrame(),
        "frame of polars": polars.from_pandas(frame),
        "series": frame["q"],
        "index": pd.Index(["May", "June"]),
        "generator": (name for name in ("May", "June")),
        "function": lambda *_: [1.0],
        "type": dict,
        "thing": Thing(),
        "panel": PANEL,
        "item": ITEM,
        "items": {"x": ITEM},
        "design": DESIGN,
        "estimates": FLOWS,
        "path": Path("/no/such/file.csv"),
        "keys": {"May": 1, "June": 2}.keys(),
        "long text": "very " * 100,
    }


def drawn(calls, number, seed):
    """Draw calls: the name, its arguments, and what was put wrong in words."""
    rng = np.random.default_rng(seed)
    names = sorted(calls)
    for _ in range(number):
        name = names[rng.integers(len(names))]
        function, right = calls[name]
        given, told, pool = dict(right), {}, wrong_values()
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            if not given:
                break
            parameter = list(given)[rng.integers(len(given))]
            text = list(pool)[rng.integers(len(pool))]
            given[parameter], told[parameter] = pool[text], text
        yield name, function, given, told


def outcome(function, given):
    """Call, and print what comes: None if it works, else the error."""
    several = given.get("*")
    try:
        if "*" in given:
            function(*(several if isinstance(several, (list, tuple)) else [several]))
        else:
            str(function(**given))
    except Exception as error:  # whatever it is: that is what the test is about
        return error
    return None


def foreign_errors(calls, number, seed, counts=None):
    """List the calls with another error than the library's, and count what became of all."""
    rows, counts = [], {} if counts is None else counts
    for name, function, given, told in drawn(calls, number, seed):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            error = outcome(function, given)
        refused = isinstance(error, op.OpinionPanelError)
        what = "worked" if error is None else "refused" if refused else "foreign"
        of_name = counts.setdefault(name, dict.fromkeys(("worked", "refused", "foreign"), 0))
        of_name[what] += 1
        if what == "foreign":
            wrong = ", ".join(f"{parameter}={text}" for parameter, text in told.items())
            rows.append(f"{name:28} {wrong[:90]:90} {type(error).__name__}: {str(error)[:120]}")
    return rows


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    return right_calls(tmp_path_factory.mktemp("files"))


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    """A path drawn for a file to be written must not land in the repository."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("number", "seed"), [(FEW, SEED), pytest.param(CALLS, SEED + 1, marks=pytest.mark.slow)]
)
def test_no_foreign_error(calls, number, seed, record_property):
    counts = {}
    rows = foreign_errors(calls, number, seed, counts)
    record_property("table", pd.DataFrame(counts).T.sort_index().to_string())
    assert not rows, f"{len(rows)} of {number} calls, seed {seed}:\n" + "\n".join(sorted(rows))


def test_every_public_name_is_called(calls):
    names = set(op.__all__) - {
        "charts",
        "datasets",
        "errors",
        "report",
        "OpinionPanelError",
        "TestResult",
        "Study",
    }
    assert names - {"Panel", "Estimates"} <= set(calls)
    for owner in (op.Panel, op.Estimates, op.Item, op.Design, op.ReplicateDesign):
        public = {
            f"{owner.__name__}.{name}"
            for name, member in inspect.getmembers(owner, callable)
            if not name.startswith("_") and member.__doc__
        }
        assert public - INNER <= set(calls), public - set(calls)


def choices(calls):
    """Give the arguments of every public name that are one of some texts."""
    for name, (function, given) in calls.items():
        made = function.__init__ if isinstance(function, type) else function
        for parameter, kind in annotations_of(made).items():
            options = [kind, *get_args(kind)]
            if parameter in given and any(get_origin(one) is Literal for one in options):
                yield name, function, given, parameter


def test_a_text_that_is_no_choice_is_refused(calls):
    tried = list(choices(calls))
    taken = [
        f"{name}: {parameter}"
        for name, function, given, parameter in tried
        if not isinstance(outcome(function, given | {parameter: "no such"}), op.OpinionPanelError)
    ]
    assert len(tried) > 80
    assert not taken


@pytest.mark.parametrize("name", ["shares", "Panel.from_waves", "Estimates.select", "Design"])
def test_right_calls_are_right(calls, name):
    function, given = calls[name]
    assert function(**given) is not None
