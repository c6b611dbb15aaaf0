"""What each study gives, for the table at the end of the tests' output."""

import pytest


@pytest.fixture
def show(record_property):
    """Show lines in the output of the tests: what the library gives, or refuses."""

    def record(*lines):
        record_property("table", "\n".join(lines))

    return record
