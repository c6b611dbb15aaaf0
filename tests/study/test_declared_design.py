"""The design of a study file: weights, replicates, and what does not go together."""

import pytest
from study_files import PERSON, SIMPLE, faults

import opinionpanel as op
from opinionpanel.study.declaring import declare


def test_replicates(study):
    path = study(
        PERSON
        + SIMPLE
        + '[design]\nweight = "wgt"\n[design.replicates]\ncolumns = "rep_*"\nscale = 0.5\n'
        'rscales = [1, 1, 2]\nmse = true\nkind = "jkn"\ndf = 2\n'
    )
    design = declare(path).design
    assert (design.scale, design.mse, design.kind, design.df) == (0.5, True, "JKn", 2)
    assert op.read_study(path).panel.replicates["w2"].shape == (40, 3)


@pytest.mark.parametrize(
    ("written", "scale", "mse"),
    [
        ('kind = "Fay"\nrho = 0.5', 4 / 3, False),
        ('kind = "sdr"', 4 / 3, True),
        ('kind = "JKn"\nstratum_sizes = [3]', 1, False),
    ],
)
def test_a_kind_of_replicates_brings_its_constants(study, written, scale, mse):
    head = '[design]\nweight = "wgt"\n[design.replicates]\ncolumns = "rep_*"\n'
    design = op.read_study(study(PERSON + SIMPLE + head + written + "\n")).panel.design
    assert design.scale == pytest.approx(scale)
    assert design.mse is mse


@pytest.mark.parametrize(
    ("text", "key", "say"),
    [
        ('weight = {w1 = "wgt"}', "design.weight", "no weight is declared for the wave 'w2'"),
        ('weight = {w1 = "wgt", w2 = "wgt", w3 = "x"}', "design.weight.w3", "no such wave"),
        ('weight = "wgt"\nunweighted = ["w3"]', "design.unweighted.w3", "no such wave"),
        (
            'weight = {w1 = "wgt", w2 = "wgt"}\nunweighted = ["w2"]',
            "design.unweighted",
            "has a weight as well",
        ),
        (
            'longitudinal = [{from = "w2", to = "w1", weight = "lw"}]',
            "design.longitudinal.1",
            "from must be an earlier wave",
        ),
        (
            'longitudinal = [{from = "w1", to = "w2", weight = "a"}, '
            '{from = "w1", to = "w2", weight = "b"}]',
            "design.longitudinal.2",
            "has a weight already",
        ),
        (
            'weight = "wgt"\nstratum = "sex"\nreplicates = {columns = "rep_*", scale = 1}',
            "design.stratum",
            "replicates carry the strata",
        ),
        ('replicates = {columns = "rep_*", scale = 1}', "design.weight", "is missing"),
        (
            'weight = "wgt"\nreplicates = {columns = "rep_*", scale = -1}',
            "design.replicates",
            "must be positive",
        ),
    ],
)
def test_faults_of_a_design(study, text, key, say):
    found = faults(study(PERSON + SIMPLE + f"[design]\n{text}\n"))
    assert [fault for fault in found if fault.startswith(f"{key}: ") and say in fault]
    assert len(found) == 1
