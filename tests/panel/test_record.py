"""What a panel holds, found by name."""

import pytest

from opinionpanel.errors import SelectionError


@pytest.mark.parametrize(
    ("call", "near"),
    [
        (lambda panel: panel.where(gendr="woman"), "gender"),
        (lambda panel: panel.where(gender="women"), "woman"),
        (lambda panel: panel.group("gander"), "gender"),
        (lambda panel: panel.item("suport"), "support"),
        (lambda panel: panel.position("Nvo"), "Nov"),
    ],
)
def test_unknown_names(build, call, near):
    with pytest.raises(SelectionError, match=f"Did you mean '{near}'"):
        call(build())
