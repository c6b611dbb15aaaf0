"""An estimate within a sentence."""

import re

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel import report
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.estimates import withheld_of
from opinionpanel.report.quotes import in_a_sentence, row_of
from opinionpanel.report.told import report_language

# Few enough went from one answer to the other that these flows are withheld.
COUNTS = [[40, 3, 12], [12, 30, 11], [14, 13, 35]]
STATES = ["yes", "no", "unsure"]
RUSSIAN = report_language("ru")


def quote(*given, **named):
    """A quoted estimate, with spaces at which a line may end."""
    return report.quote(*given, **named).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def approval():
    return op.datasets.load("agresti_approval")


def test_a_share_a_change_and_a_number_each_have_their_words(approval):
    flows = op.flows(approval, "opinion")
    net = op.net_change(approval, "opinion")
    moved, stayed = ("approve", "disapprove"), ("approve", "approve")
    numbers = op.flow_totals(approval, "opinion")
    assert quote(flows, origin=moved[0], destination=moved[1]) == ("9.4% (8.0 to 10.9; n = 1,600)")
    assert quote(net, state="approve") == ("−4.0 percentage points (−5.9 to −2.1; n = 1,600)")
    text = quote(numbers, origin=stayed[0], destination=stayed[1])
    assert re.fullmatch(r"794 \(755 to 833; n = 1,600\)", text)
    assert quote(net, language="ru", state="approve") == ("−4,0 п. п. (от −5,9 до −2,1; n = 1 600)")


def test_what_a_table_withholds_is_withheld_of_one_figure_too(from_table):
    flows = op.flows(from_table(STATES, COUNTS), "opinion")
    hidden = withheld_of(flows, MIN_N).rows
    ways = list(zip(flows.labels["origin"], flows.labels["destination"], strict=True))
    texts = [quote(flows, origin=start, destination=end) for start, end in ways]
    assert hidden.sum() > 1, "one is few, and others would give it away"
    assert [text == "withheld" for text in texts] == list(hidden)
    assert quote(flows, language="ru", origin="yes", destination="no") == "скрыто"


def test_without_an_interval_the_figure_and_its_base_stand_alone(approval):
    net = op.net_change(approval, "opinion")
    withheld = withheld_of(net, MIN_N)
    limits = np.array([True, False])
    shown = Shown(net, type(withheld)(withheld.rows, MIN_N, limits=limits))
    texts = [in_a_sentence(shown, row, RUSSIAN) for row in (0, 1)]
    assert [" до " in text for text in texts] == [False, True]


def test_a_figure_that_is_undefined_is_a_dash(from_table):
    panel = from_table(STATES, [[40, 0, 20], [0, 0, 0], [20, 0, 20]])
    found = op.transitions(panel, "opinion")
    shown = Shown(found, withheld_of(found, 0))
    row = row_of(found, {"origin": "no", "destination": "yes"})
    assert np.isnan(found.value[row])
    assert in_a_sentence(shown, row, RUSSIAN) == "– (n\u00a0=\u00a00)"


def test_one_estimate_is_asked_for(approval):
    flows = op.flows(approval, "opinion")
    with pytest.raises(op.errors.SelectionError, match=r"4 are given.*origin=\.\.\."):
        quote(flows)
    with pytest.raises(op.errors.SelectionError, match="Did you mean 'approve'"):
        quote(flows, origin="aprove")
    one = flows.select(origin="approve", destination="approve")
    assert quote(one).startswith("49.6%")


def test_from_a_group_called_language_one_chooses_first():
    frame = pd.DataFrame({"w1": list("yn") * 20, "w2": list("yn") * 20})
    frame["language"] = ["German"] * 20 + ["French"] * 20
    item = op.Item({"w1": "w1", "w2": "w2"}, {"yes": ["y"], "no": ["n"]})
    panel = op.Panel.from_wide(frame, items={"q": item}, groups=["language"])
    shares = op.shares(panel, "q", by="language")
    with pytest.raises(op.errors.SelectionError, match=r"quote\(estimates\.select\(language="):
        quote(shares, wave="w1", state="yes")
    chosen = shares.select(language="German")
    assert quote(chosen, wave="w1", state="yes", language="ru").startswith("50 %")
