"""No report gives away what it withholds: an attacker tries to compute it from all that is shown.

A few of the seeded small studies of which ``benchmarks/disclosure.py`` tries thousands.
"""

import pytest
from attacker import Attack
from report_read import parts_of_report
from small_studies import made_up, summary_of
from withheld import shown, too_few, withheld

# Two to four waves, none to two groups, 60 to 300 people; some once told what they hid: 41 by the
# interval of a trend, the last ones by nested groupings whose small categories were put together,
# the turnover beside a model, and shares by group at the last wave beside the flows of all people.
SEEDS = (2, 7, 8, 22, 41, 46, 364, 869, 1308, 4529)


@pytest.fixture(scope="module", params=SEEDS)
def attacked(request):
    study = made_up(request.param)
    panel = study.panel()
    return study, Attack.on(study.outline, parts_of_report(panel), summary_of(panel))


def test_nothing_that_is_withheld_can_be_computed(attacked):
    study, attack = attacked
    found = attack.determined(withheld(study, attack))
    assert [(one.target.key, one.low, one.high) for one in found] == []


def test_flows_of_few_people_are_not_shown(attacked):
    study, attack = attacked
    assert [one.key for one in too_few(shown(study, attack))] == []


def test_something_is_shown(attacked):
    """Whoever withholds everything is safe too."""
    _, attack = attacked
    assert attack.shown
