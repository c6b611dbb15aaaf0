"""The form of what a study file says of how figures are estimated beyond counting."""

import pytest
from study_files import PERSON, SIMPLE, faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[anchor]\nitem = "b"\n', "anchor.known: is missing"),
        ('[anchor]\nitme = "b"\n', "anchor.itme: unknown key. Did you mean 'item'?"),
        (
            '[anchor]\nitem = "b"\nbounds = [0.5]\nknown.w1 = {yes = 0.5, no = 0.5}\n',
            "anchor.bounds: must be the least and the greatest factor of a weight, such as "
            "[0.3, 3]",
        ),
        (
            '[anchor]\nitem = "b"\nknown.w1 = {yes = "half"}\n',
            "anchor.known.w1.yes: must be a number, without quotes",
        ),
        ("[small_groups]\nby = []\n", "small_groups.by: is empty"),
        ("[impute]\nm = 2.5\n", "impute.m: must be a whole number, without quotes"),
        (
            '[combine]\ndisagreement = "ignore"\n',
            "combine.disagreement: must be 'refuse' or 'pool', not 'ignore'",
        ),
        ('[ancor]\nitem = "b"\n', "ancor: unknown key. Did you mean 'anchor'?"),
    ],
)
def test_every_fault_names_its_key(study, text, fault):
    assert fault in [one.partition(" Known: ")[0] for one in faults(study(PERSON + SIMPLE + text))]
