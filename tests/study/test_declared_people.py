"""Ids, groups and traits of a study file, and their faults."""

from study_files import PERSON, SIMPLE, faults

import opinionpanel as op
from opinionpanel.study.declaring import declare


def test_ids_may_be_one_list_for_all_waves(study):
    path = study('person = ["old"]\n' + SIMPLE)
    assert declare(path).person == {"w1": ["old"], "w2": ["old"]}
    assert op.read_study(path).panel.present.all()


def test_groups_with_states_and_bands_and_units_by_wave(study):
    path = study(
        PERSON.replace('["wid", "old"]', '"wid"')
        + SIMPLE
        + """
        [fixed]
        gender = {column = "sex", states = {man = ["m"], woman = ["f"]}}
        [groups]
        sex = {column = "sex", states = {woman = ["f"], man = ["m"]}, use = "latest"}
        old = {bands = [110, 120.0]}
        [groups.a.states]
        w1 = {x = [1, 2], y = [9, "(blank)"]}
        w2 = {x = [1], y = [2, 9, "(blank)"]}
        [design]
        stratum = {w1 = "b", w2 = "b"}
        psu = {w1 = "old", w2 = "old"}
        """
    )
    panel = op.read_study(path).panel
    assert panel.groups["sex"].categories == ("woman", "man")
    assert panel.groups["sex"].use == "latest"
    assert panel.groups["a"].categories == ("x", "y")
    assert panel.groups["a"].changed == 10
    assert panel.groups["old"].categories == ("under 110", "110–119", "120+")
    assert panel.fixed["gender"].changed == 0
    assert "stratum b (w1), b (w2); psu old (w1), old (w2) (2 strata, 40 PSUs)" in str(panel)


def test_faults_of_groups_stand_beside_each_other(study):
    path = study(
        PERSON
        + 'fixed = {sex = {column = {w1 = "sex", w3 = "sex"}}}\n'
        + SIMPLE
        + """
        [groups]
        a = {bands = [30, 18]}
        b = {bands = ["18"]}
        c = {column = "sex", states = {man = []}}
        d = {column = "sex", states = {man = ["m"]}, bands = [18]}
        e = {column = "sex", rest = "drop"}
        f = {column = "sex", states = {w1 = {man = ["m"]}, w3 = {man = ["m"]}}}
        g = {column = "sex", use = "last"}
        [design]
        stratum = {w1 = "b", w3 = "b"}
        psu = 5
        """
    )
    found = dict(fault.split(": ", 1) for fault in faults(path))
    there_is = "there is no such wave. Known: 'w1', 'w2'."
    assert found == {
        "groups.a": "bands must ascend, each number once: 30, 18.",
        "groups.b.bands.1": "must be a number, without quotes",
        "groups.c": "State 'man' needs a non-empty list of codes or labels, got [].",
        "groups.d": "A group has states or bands, not both: states name codes, bands cut numbers.",
        "groups.e.rest": "must be 'missing', not 'drop'",
        "groups.f.states.w3": there_is,
        "groups.g.use": "must be 'first', 'latest' or 'wave', not 'last'",
        "fixed.sex.column.w3": there_is,
        "design.stratum.w3": there_is,
        "design.psu": "must be a column name, or a table of column names by wave",
    }
