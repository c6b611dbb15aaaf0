"""From linked people to the record of a panel."""

import pytest

import opinionpanel as op
from opinionpanel.errors import DesignError, LinkError


@pytest.mark.parametrize("argument", ["waves", "items"])
def test_waves_and_items_are_dicts(build, argument):
    with pytest.raises(LinkError, match=f"{argument}= must be a dict"):
        build(**{argument: ["q12"]})


def test_an_id_is_no_weight(build):
    with pytest.raises(DesignError, match="'resp_id' is named as the person id and as a weight"):
        build(design=op.Design(weight="resp_id"))
