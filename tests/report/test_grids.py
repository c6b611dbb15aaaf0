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


def test_a_base_that_is_the_same_for_all_rows_stands_in_the_line_below():
    item = bundled().items["support"]
    shown = item.published.turnover(*item.main_pair)
    grid = grid_of(shown, "name", "title", item.told)
    assert "n" not in grid.header
    assert f"n = {int(shown.estimates.n[0])}" in grid.note
    assert all(len(row) == len(grid.header) for row in grid.rows)


def test_a_single_row_is_named_after_its_pair_of_waves():
    item = plain().items["opinion"]
    grid = grid_of(item.published.break_even().of_pair(item.waves[0]), "name", "title", item.told)
    assert grid.rows[0][0] == " → ".join(item.waves[:2])
    assert len(grid.rows[0]) == len(grid.header) == 2


def test_there_is_a_cell_for_each_figure_and_the_withheld_say_so():
    item = plain().items["opinion"]
    shown = item.published.flows(*item.main_pair)
    cells = cells_of(shown, item.told)
    assert len(cells) == len(shown.estimates)
    for cell, hidden in zip(cells, shown.hidden, strict=True):
        assert (cell in ("withheld", "n < 10")) == hidden
    values = shown.frame()["estimate"].to_numpy()
    assert (np.isnan(values) == shown.hidden).all()
