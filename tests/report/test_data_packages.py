"""Tables described for programs."""

import json

import pandas as pd

from opinionpanel.drawing import language_of
from opinionpanel.report.blocks import Grid
from opinionpanel.report.data_packages import package
from opinionpanel.report.told import Told
from opinionpanel.study import Study


def test_columns_have_types_units_and_what_the_study_calls_them(from_table):
    panel = from_table(["a", "b"], [[20, 20], [20, 20]])
    told = Told(Study(title="A study", source="A source", panel=panel), language_of("en"))
    data = pd.DataFrame({"age_group": ["old"], "estimate": [0.1], "n": [40], "withheld": [False]})
    grid = Grid("Q.1-2", "A table", [], [], 1, data=data, unit="change")
    described = json.loads(package([grid], told))
    (table,) = described["resources"]
    fields = {field["name"]: field for field in table["schema"]["fields"]}
    assert described["sources"] == [{"title": "A source"}]
    assert (table["name"], table["path"]) == ("q.1-2", "Q.1-2.csv")
    assert fields["age_group"]["title"] == "Age group"
    assert fields["estimate"]["unit"].startswith("difference of shares")
    assert fields["n"]["unit"] == "people"
    kinds = [field["type"] for field in fields.values()]
    assert kinds == ["string", "number", "integer", "boolean"]
