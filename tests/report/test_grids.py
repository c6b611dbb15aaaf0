"""Estimates as tables of a report."""

import numpy as np
from made_contents import bundled, plain

from opinionpanel.report.grids import cells_of, grid_of


def test_labels_meet_the_reader_in_the_language_of_the_report():
    item = bundled("ru").items["support"]
    shown, _ = item.published.shares()
    grid = grid_of(shown, "name", "title", item.told)
    assert grid.header == ["Волна", "поддерживают", "затрудняются ответить", "не поддерживают", "n"]
    assert grid.rows[0][0] == "Июль 2024"
    assert "," in grid.rows[0][1]
    # Programs get the names and numbers of the study.
    assert set(grid.data["wave"]) == set(item.waves)


def test_there_is_a_cell_for_each_figure_and_the_withheld_say_so():
    item = plain().items["opinion"]
    shown = item.published.flows(*item.main_pair)
    cells = cells_of(shown, item.told)
    assert len(cells) == len(shown.estimates)
    for cell, hidden in zip(cells, shown.hidden, strict=True):
        assert (cell in ("withheld", "n < 10")) == hidden
    values = shown.frame()["estimate"].to_numpy()
    assert (np.isnan(values) == shown.hidden).all()
