"""All kinds of charts by their name."""

from typing import get_args

import opinionpanel as op
from opinionpanel.charts import Kind, Options, lay_out
from opinionpanel.charts.kinds_of_charts import LAY_OUT
from opinionpanel.estimates import withheld_of


def test_every_kind_can_be_laid_out():
    assert set(LAY_OUT) == set(get_args(Kind))


def test_names_of_a_study_rename_without_being_needed():
    flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion", waves=["wave 1", "wave 2"])
    names = {"favourable": "for it", "nothing of this": "elsewhere"}
    options = Options(names=names, title="Who moved")
    drawing = lay_out("sankey", flows, withheld_of(flows, 10), options)
    texts = [getattr(mark, "text", "") for mark in drawing.marks]
    assert "for it" in texts
    assert "favourable" not in texts
    assert "elsewhere" not in texts
