"""What users write, in one form."""

import opinionpanel as op
from opinionpanel.panel.declared import declared


def test_groups_are_written_out_and_people_are_unweighted():
    found = declared(person="id", items={}, groups=["sex"], fixed={"born": "latest"})
    assert found.groups == {"sex": op.Grouping()}
    assert found.fixed == {"born": op.Grouping(use="latest")}
    assert found.design == op.Design(weight=None)
    assert found.due == {}


def test_rotation_groups_are_read_as_traits_are():
    due = op.Cohorts({"May": "rota"}, {1: ["May"]})
    found = declared(person="id", items={}, groups=["sex"], fixed=["born"], due=due)
    assert [*found.traits] == [("fixed", "born"), ("groups", "sex"), ("due", "")]
    assert found.traits["due", ""] == op.Grouping({"May": "rota"})
