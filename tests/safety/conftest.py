"""Fixtures that tests of safety share."""

from base64 import b64decode

import pytest

from opinionpanel.report import downloads, paper, word

# A picture of one pixel.
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


@pytest.fixture
def undrawn(monkeypatch):
    """Leave out pictures: they are those of the blocks, and drawing them takes seconds."""

    def nothing(spec, endings):
        return dict.fromkeys(endings, PIXEL)

    for module in (downloads, paper, word):
        monkeypatch.setattr(module, "pictures_of", nothing)
