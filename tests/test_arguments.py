"""The gate for arguments: what it lets through, what it refuses, and in which words."""

import inspect
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.arguments import as_numbers, check_named, checked, listed, which
from opinionpanel.errors import ArgumentError, CallError, SelectionError
from opinionpanel.estimates import Estimates


class Thing:
    pass


KINDS = {
    "text": (str, ["a", np.str_("a")], [5, b"a", None]),
    "number": (
        float,
        [1, 0.5, np.float32(1), np.int8(1), float("nan"), -(10**308)],
        [True, "1", 1j, None, 10**400, -(10**400)],
    ),
    "whole": (int, [1, np.int64(1), 10**30], [1.0, True, "1", 10**5000]),
    "truth": (bool, [True, np.bool_(False)], [0, 1, "yes"]),
    "names": (
        Sequence[str] | None,
        ["a", ["a"], ("a",), np.array(["a"]), pd.Index(["a"]), pd.Series(["a"]), {"a": 1}.keys()],
        [5, [5], {"a"}, {"a": 1}, (x for x in "a"), np.array("a"), [["a"]]],
    ),
    "dict": (Mapping[str, Sequence[int]], [{}, {"a": [1]}], [[], {"a": 1}, {1: [1]}, {"a": ["b"]}]),
    "choice": (Literal["a", "b"], ["a", "c"], [5, ["a"]]),
    "pair": (tuple[str, str], [("a", "b"), ["a", "b"], ("a",)], ["ab", ("a", 5)]),
    "several": (tuple[str, ...], [(), ("a", "b")], [(5,)]),
    "key": (Hashable, ["a", 1, ("a",)], [[], {}, ([],)]),
    "function": (Callable[[int], int], [len, Thing], [5]),
    "class": (Thing, [Thing()], [Thing, None]),
    "path": (str | Path, ["a", Path("a")], [5]),
    "array": (npt.ArrayLike, [1, [[1]], np.eye(2)], []),
}


def function_of(kind):
    def function(value):
        return value

    function.__annotations__ = {"value": kind}
    return checked(function)


@pytest.mark.parametrize("name", KINDS)
def test_kinds(name):
    kind, right, wrong = KINDS[name]
    function = function_of(kind)
    for value in right:
        assert function(value) is value
    for value in wrong:
        with pytest.raises(ArgumentError, match=r"^function: value"):
            function(value)


WORDS = {
    "function: value must be a number, not a whole number above 10^308.": (float, 10**5000),
    "function: value[0] must be a number, not a whole number below -10^308.": (
        Sequence[float],
        [-(10**400)],
    ),
    "function: value must be text, not 5.": (str, 5),
    "function: value[1] must be text, not None.": (Sequence[str], ["a", None]),
    "function: value must be a list of text or None, not a set.": (Sequence[str] | None, {"a"}),
    "function: value must be a list of whole numbers, not 5.": (Sequence[int], 5),
    "function: value must be a list of Estimates, not 5.": (Sequence[Estimates], 5),
    "function: value['a'] must be a number, not 'x'.": (Mapping[str, float], {"a": "x"}),
    "function: value: the key 5 must be text, not 5.": (Mapping[str, float], {5: 1.0}),
    "function: value must be a pair (text, text), not 'ab'.": (tuple[str, str], "ab"),
    "function: value must be a Thing, not a DataFrame.": (Thing, pd.DataFrame({"id": [1]})),
    "function: value must be a dict {name: …}, text or a Path, not a list.": (
        Mapping[str, str] | str | Path,
        [1, 2, 3, 4],
    ),
}


@pytest.mark.parametrize("text", WORDS)
def test_words(text):
    kind, value = WORDS[text]
    with pytest.raises(ArgumentError) as refused:
        function_of(kind)(value)
    assert str(refused.value) == text


def test_a_study_has_a_panel():
    study = op.datasets.load("attitudes_2024")
    with pytest.raises(ArgumentError, match=r"must be a Panel, not a Study. A Study has one: .pan"):
        op.shares(study, "support")


def test_signature_and_documentation_stay():
    assert list(inspect.signature(op.shares).parameters)[:3] == ["panel", "item", "waves"]
    assert list(inspect.signature(op.Design).parameters)[:2] == ["weight", "stratum"]
    assert "Parameters" in op.shares.__doc__
    assert op.shares.__module__ == "opinionpanel.measures.shares_and_flows"
    assert isinstance(op.Design, type)


def test_what_is_left_out_or_unknown_is_the_librarys_error():
    with pytest.raises(CallError, match="item is missing"):
        op.shares(op.datasets.load("thomas_1991"))
    # Its kinds are looked at by the class itself; what it has not is refused alike.
    with pytest.raises(CallError, match="Did you mean 'weight'"):
        op.Design(wieght="w")


def test_a_type_error_from_within_stays_one():
    @checked
    def function(value: int) -> None:
        raise TypeError("within")

    with pytest.raises(TypeError, match=r"^within$") as raised:
        function(1)
    assert not isinstance(raised.value, CallError)


def test_further_arguments_are_named():
    @checked
    def function(*columns: str, **labels: Hashable) -> None:
        pass

    function("a", b=1)
    with pytest.raises(ArgumentError, match=r"^function: argument 2 must be text, not 5"):
        function("a", 5)
    with pytest.raises(ArgumentError, match=r"^function: wave must be text or a number"):
        function(wave=[])


def test_fields_of_a_caption():
    flows = op.flows(op.datasets.load("thomas_1991"), "opinion")
    row = np.ones((1, len(flows)))
    assert flows.contrast(row, {"what": ["all"]}, title="Sum").about.title == "Sum"
    with pytest.raises(ArgumentError, match="contrast: title must be text, not 5"):
        flows.contrast(row, {"what": ["all"]}, title=5)
    with pytest.raises(SelectionError, match=r"Unknown argument of contrast: 'titel'.*'title'"):
        flows.contrast(row, {"what": ["all"]}, titel="Sum")
    check_named(Thing, {}, "thing")


def test_one_or_several():
    assert listed("ab") == ["ab"]
    assert listed(5) == [5]
    assert listed(("a", "b")) == listed(["a", "b"]) == listed(np.array(["a", "b"])) == ["a", "b"]


def test_numbers_in_rows():
    assert as_numbers([[1, 2], [3, 4.5]]).tolist() == [[1, 2], [3, 4.5]]
    for value in ("x", [[1], [1, 2]], [10**400], None.__class__, {}):
        assert as_numbers(value) is None


def test_which_rows():
    assert which([0, -1], 3).tolist() == [0, -1]
    assert which(np.array([True, False]), 2, marked=True).tolist() == [True, False]
    assert len(which(np.array([], dtype=int), 0)) == 0
    for rows in (None, 1, ("t1", "t2"), [3], [-4], [10**400], [[1], [1, 2]], [True], 0.5):
        with pytest.raises(ArgumentError, match="rows must be an array of places from 0 to 2, or "):
            which(rows, 3)
    for rows in (0.5, [0], [True]):
        with pytest.raises(ArgumentError, match="rows must be an array of True or False for each"):
            which(rows, 3, marked=True)
