"""The columns of an item: what looks like ids or open answers."""

import pytest

from opinionpanel.questions.naming import looks_open


@pytest.mark.parametrize(
    ("values", "people", "open_"),
    [
        (12, 1, False),  # few people may give twelve different answers
        (13, 1, True),
        (50, 2, False),  # many give fifty
        (51, 40, True),
        (20, 2, False),  # half as many values as people are just codes
        (21, 1, True),
    ],
)
def test_how_many_values_look_like_ids(values, people, open_):
    assert looks_open(dict.fromkeys(range(values), people)) == open_
