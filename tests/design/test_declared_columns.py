"""What a design names: columns, by wave where they have other names, and nothing else."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.design.declared_columns import check_units, check_weights
from opinionpanel.errors import DesignError


@pytest.mark.parametrize("role", ["stratum", "psu", "fpc"])
@pytest.mark.parametrize(
    "columns",
    [
        *(5, 0.1, True, False, np.int64(1), "", ["s"], ("s", "t"), {}, {"a": 5}, {"a": None}),
        *({"a": ""}, {"a": ["s"]}, {1: "s"}, {("a", "b"): "s"}, {"s"}, b"s"),
        *(pd.Series(["s"]), np.array(["s"])),
    ],
)
def test_no_columns_of_units(role, columns):
    with pytest.raises(DesignError, match=rf"^{role} must be a column name.*Write {role}='"):
        op.Design(weight=None, **{role: columns})


def test_the_way_out_fits_what_was_given():
    with pytest.raises(DesignError, match=r"frame.assign\(N=…\)"):
        check_units("fpc", 1000)
    with pytest.raises(DesignError, match="put together in one first"):
        check_units("psu", ["a", "b"])
    with pytest.raises(DesignError, match="a dict with None"):
        check_units("stratum", {"2016": None})
    check_units("stratum", {"2016": "s"})


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        *(
            (wrong, "weight must be a column name.*Write weight='wgt'")
            for wrong in (5, True, "", ["w"], {}, {"a": 5}, {"a": True}, {"a": ""}, {("a", "b"): 1})
        ),
        *(
            (wrong, "keys of weight are waves")
            for wrong in ({2016: "w"}, {("a",): "w"}, {("a", "b", "c"): "w"}, {("a", 1): "w"})
        ),
    ],
)
def test_no_weights(columns, words):
    with pytest.raises(DesignError, match=words):
        op.Design(weight=columns)
    check_weights({"a": "w", ("a", "b"): "long", "b": None})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"nest": "yes"}, "True or False, not 'yes'"),
        ({"nest": 1}, "True or False, not 1"),
        ({"nest": None}, "True or False, not None"),
        ({"lonely_psu": ["fail"]}, "lonely_psu must be one of"),
        ({"lonely_psu": None}, "lonely_psu must be one of"),
        ({"sample": True}, "sample must be"),
        ({"sample": np.array(["probability"])}, "sample must be"),
    ],
)
def test_options_of_another_kind(options, words):
    with pytest.raises(DesignError, match=words):
        op.Design(weight=None, **options)


def test_a_design_does_not_change_with_the_dict_it_was_given():
    columns = {"2016": "strat16"}
    design = op.Design(weight=None, stratum=columns)
    columns["2016"] = "other"
    assert str(design).startswith("Design: weight none; stratum strat16 (2016)")
    assert "stratum strat16 (2016)" in str(design.as_replicates("jkn"))
