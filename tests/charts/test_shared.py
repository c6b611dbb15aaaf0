"""What charts share with the room that draws."""

from opinionpanel import charts, drawing


def test_it_is_the_same_by_either_name():
    assert charts.save is drawing.save
    assert charts.offline is drawing.offline
    assert charts.Language is drawing.Language
