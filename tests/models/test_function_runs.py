"""A function under one weight after the other: the same in several processes, errors told."""

import threading

import numpy as np
import pandas as pd
import pytest
from function_people import STRATIFIED, of_two, panel_of

import opinionpanel as op
from opinionpanel.errors import SelectionError


def spoils(people):
    mean = np.average(people["x"].astype(float), weights=people["weight"])
    people["x"] = "7"
    people.loc[people.index, "weight"] = 1.0
    people.pop("sex")
    return mean


def test_what_a_function_does_to_its_frame_is_gone_at_the_next_call():
    panel = panel_of(STRATIFIED)
    mean = {"mean": lambda people: np.average(people["x"].astype(float), weights=people["weight"])}
    spoilt = op.replicate(panel, spoils, waves="w2")
    whole = op.replicate(panel, mean["mean"], waves="w2")
    np.testing.assert_array_equal(spoilt.std_error, whole.std_error)
    assert (spoilt.labels["parameter"][0], whole.labels["parameter"][0]) == ("spoils", "value")


@pytest.mark.slow
def test_several_processes_find_the_same_and_tell_where_it_failed():
    panel = panel_of(STRATIFIED)
    alone, together = (op.replicate(panel, of_two, waves="w2", jobs=jobs) for jobs in (1, 2))
    np.testing.assert_array_equal(alone.std_error, together.std_error)

    def fails_later(people):
        return 1 / float(people["weight"].iloc[70])

    with pytest.raises(SelectionError, match=r"in replicate 15 of 30: ZeroDivisionError") as told:
        op.replicate(panel, fails_later, waves="w2", jobs=2)
    assert isinstance(told.value.__cause__, ZeroDivisionError)


def test_the_error_of_the_function_stays_to_be_seen():
    def wrong(people):
        return people["no such column"]

    with pytest.raises(SelectionError, match=r"on the whole sample: KeyError") as told:
        op.replicate(panel_of(STRATIFIED), wrong)
    assert isinstance(told.value.__cause__, KeyError)


def test_numbers_may_be_missing_in_a_replicate_but_not_new():
    def fewer(people):
        known = people[people["weight"] > 0].groupby("stratum", observed=True)["weight"].sum()
        return known[known < 1e9] if people["weight"].iloc[0] else known.iloc[1:]

    found = op.replicate(panel_of(STRATIFIED), fewer)
    np.testing.assert_array_equal(np.isnan(found.std_error), [True, False, False])

    def more(people):
        return {"a": 1} if people["weight"].iloc[0] else {"a": 1, "b": 2}

    with pytest.raises(SelectionError, match=r"returned 'b' in replicate 1 of 30, and not on"):
        op.replicate(panel_of(STRATIFIED), more)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, "nothing .does it end with return.. on the whole"),
        ("3", "'3'"),
        ([1, "3"], "'3'"),
        (1j, "1j"),
        ({}, "no number"),
        (np.eye(2), "a ndarray"),
        (pd.Series([1, 2], index=["a", "a"]), "2 numbers on the whole sample under 1 names"),
    ],
)
def test_what_are_no_numbers_is_refused(result, words):
    with pytest.raises(SelectionError, match=words):
        op.replicate(panel_of(STRATIFIED), lambda _: result)


def test_what_cannot_be_copied_stays_in_one_process():
    panel, lock = panel_of(STRATIFIED), threading.Lock()

    def holds_a_lock(people):
        with lock:
            return people["weight"].sum()

    assert op.replicate(panel, holds_a_lock, waves="w2").df[0] == 27
    with pytest.raises(SelectionError, match="such as a connection"):
        op.replicate(panel, holds_a_lock, waves="w2", jobs=2)
    with pytest.raises(SelectionError, match="at least 1, not 0"):
        op.replicate(panel, holds_a_lock, jobs=0)
