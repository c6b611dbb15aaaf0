"""Real survey files: where they are, and what plain pandas makes of them, without the library."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.panel import panel_text
from opinionpanel.study.checking import check_study

DATA = REAL_FILES
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared real survey files are absent")


def percent(shares):
    """Show a matrix in a line, a row after the other."""
    return "; ".join("/".join(f"{100 * value:.1f}" for value in row) for row in np.array(shares))


def refusal(error):
    """Show the first line of an error."""
    return f"refused, {type(error.value).__name__}: {str(error.value).splitlines()[0]}"


def crosstab(origins, destinations, states, weights=None):
    """Weighted people by origin and destination, by pandas alone."""
    if weights is None:
        weights = pd.Series(1.0, index=origins.index)
    table = pd.crosstab(origins, destinations, values=weights, aggfunc="sum")
    return table.reindex(index=states, columns=states).fillna(0).to_numpy()


def rows_of(table):
    """Row shares of a table; NaN in rows that nobody is in."""
    with np.errstate(invalid="ignore"):
        return table / table.sum(axis=1, keepdims=True)


def spss(path):
    """The values of a file, declared missing ones too, without the library."""
    return pyreadstat.read_sav(str(path), user_missing=True)[0]


def checked(tmp_path, text, panel):
    """Read a study file two ways: both give the panel that the test has built by code."""
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    study = op.read_study(path)
    assert str(study.panel) == str(panel)
    for name, answers in panel.answers.items():
        np.testing.assert_array_equal(study.panel.answers[name], answers)
    report, keys = check_study(path)
    assert keys.faults == []
    # What to look at stands at the end of it, folded.
    assert panel_text(panel, notes=False) in report
    return report
