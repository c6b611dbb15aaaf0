"""Several columns that together hold one question."""

import pytest

from opinionpanel.errors import ItemError
from opinionpanel.questions.coalesced import coalesce


@pytest.mark.parametrize(
    ("columns", "words"),
    [((), "at least two"), (("a",), "at least two"), (("a", "a"), "two"), ((1, "a"), "names")],
)
def test_impossible_combinations(columns, words):
    with pytest.raises(ItemError, match=words):
        coalesce(*columns)
