"""Every form in which estimates are shown has the same numbers."""

import csv

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.estimates.shown import Figures


@pytest.fixture
def change():
    return op.net_change(op.datasets.load("thomas_1991_3"), "opinion")


def test_estimates_are_figures(change):
    assert isinstance(change, Figures)


def test_the_test_and_the_family_are_of_the_shown_values(change):
    frame, family = change.to_frame(), change.comparisons()
    pd.testing.assert_series_equal(frame["estimate"], family["estimate"])
    pd.testing.assert_series_equal(frame["std_error"], family["std_error"])
    # Simultaneous intervals are wider.
    assert (family["conf_low"] < frame["conf_low"]).all()
    assert change.test().pvalue < family["pvalue_holm"].max()


def test_text_and_page_and_file_show_the_same_cells(change, tmp_path):
    change.to_csv(tmp_path / "change.csv")
    with (tmp_path / "change.csv").open(encoding="utf-8", newline="") as file:
        header, row, *_ = csv.reader(file)
    text, page, tex = str(change), change._repr_html_(), change.to_latex()
    assert len(header) == len(row)
    for cell in row:
        assert cell in text
        assert cell in page
    assert tex.count("&") == 2 * (len(header) - 1)
    assert repr(change) == text
