"""Notebooks without a network."""

import altair as alt
import pytest

import opinionpanel as op
from opinionpanel.drawing import notebooks
from opinionpanel.errors import SelectionError


def test_outside_of_a_notebook_it_says_what_to_do():
    with pytest.raises(SelectionError, match=r"charts\.save"):
        op.charts.offline()


def test_a_notebook_gets_what_draws_charts_once_and_each_chart_by_itself(monkeypatch):
    shown, before = [], alt.renderers.active
    monkeypatch.setattr("IPython.core.getipython.get_ipython", object)
    monkeypatch.setattr("IPython.display.display", lambda part, **_: shown.append(part))
    try:
        op.charts.offline()
        assert alt.renderers.active == "opinionpanel-offline"
    finally:
        alt.renderers.enable(before)
    (script,) = [part["text/html"] for part in shown]
    assert len(script) > 500_000
    spec = {"title": "</script>", "mark": "bar"}
    first, second = (notebooks._drawn(spec)["text/html"] for _ in range(2))
    assert first != second
    assert first.count("</script>") == 1
