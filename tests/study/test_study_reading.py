"""Studies read from their files."""

from study_files import SIMPLE

import opinionpanel as op
from opinionpanel.study.checking import check_study


def test_waves_that_asked_other_people(study):
    design = '[design]\nweight = "wgt"\npsu = "sex"\nsame_psus = true\n'
    panel = op.read_study(study('person = "none"\n' + SIMPLE + design)).panel
    assert panel.independent
    assert panel.design.same_psus
    assert len(panel.domain) == 80
    ids = study('person = ["none"]\n' + SIMPLE)
    assert any("'none'" in fault for fault in check_study(ids)[1].faults)
