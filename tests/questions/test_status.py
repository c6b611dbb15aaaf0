"""The column that says who was interviewed."""

import pytest

import opinionpanel as op
from opinionpanel.errors import ArgumentError, ItemError


def test_a_column_may_have_a_name_by_wave():
    assert op.Status("status", [1]).column_at("May") == "status"
    assert op.Status({"May": "status"}, [1]).column_at("June") is None


def test_no_code_is_refused():
    with pytest.raises(ItemError, match="names no code of people who were interviewed"):
        op.Status("status", [])
    with pytest.raises(ArgumentError, match="column must be text"):
        op.Status(3, [1])
