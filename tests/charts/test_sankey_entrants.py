"""New people stand below those of the panel, and in none of their figures."""

import pytest
from chart_panels import NAMES, panel_of
from flows_drawn import framed, laid_out, marks_of, texts_of

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.charts.sankey_entrants import entrants_of
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of

WAVES = ["wave 2", "wave 3"]
PANEL = panel_of(NAMES[3], 3, lost=0.1, joined=60, groups=2)
FLOWS = op.flows(PANEL, "support", base="panel")


def joined(*waves, by=None, min_n=10):
    found = [op.fresh_and_staying(PANEL, "support", wave=wave, by=by) for wave in waves]
    return [(one, withheld_of(one, min_n)) for one in found]


def test_shares_of_new_people_are_the_measure():
    (new,) = entrants_of(framed(FLOWS), [], joined("wave 3"))
    frame = op.fresh_and_staying(PANEL, "support", wave="wave 3").to_frame()
    fresh = frame[frame["side"] == "fresh"].set_index("state")
    assert (new.wave, new.n, new.hidden) == ("wave 3", fresh["n"].iloc[0], False)
    for ours, column in (
        (new.value, "estimate"),
        (new.low, "conf_low"),
        (new.high, "conf_high"),
    ):
        shown = dict(zip(FLOWS.about.states, ours, strict=True))
        assert {state: shown[state] for state in fresh.index} == fresh[column].to_dict()


@pytest.mark.parametrize("size", ["page", "slide", "card", "phone"])
def test_each_wave_has_a_node_of_its_own_below_the_panels(size):
    drawing = laid_out(FLOWS, entrants=joined(*WAVES), size=size)
    said = [text.replace("\n", " ") for text in texts_of(drawing, "new")]
    assert len(said) == 2
    assert said[0].startswith("new at wave 2, n = ")
    parts = marks_of(drawing, "entrants")
    nodes = marks_of(drawing, "node")
    for x in {part.x for part in parts}:
        mine = [part for part in parts if part.x == x]
        same = [node for node in nodes if node.x == x]
        assert same
        heights = {round(sum(p.height for p in mine if p.words.cells[0] == w), 6) for w in WAVES}
        assert len(heights - {0}) == 1
    assert "they are in no flow" in " ".join(texts_of(drawing, "note")).replace("\n", " ")


def test_they_change_nothing_of_the_panel():
    without, beside = laid_out(FLOWS), laid_out(FLOWS, entrants=joined(*WAVES))
    for kind in ("flow", "node"):
        assert marks_of(without, kind) == marks_of(beside, kind)


def test_groups_have_their_own():
    flows = op.flows(PANEL, "support", base="panel", by="region")
    drawing = laid_out(flows, entrants=joined("wave 2", by="region"))
    assert len(texts_of(drawing, "new")) >= 2
    assert {part.words.cells[0] for part in marks_of(drawing, "entrants")} == {
        "region 1",
        "region 2",
    }
    with pytest.raises(SelectionError, match=r"by the groups of the flows \('region'\)"):
        laid_out(flows, entrants=joined("wave 2"))


def test_few_new_people_are_blank():
    drawing = laid_out(FLOWS, entrants=joined("wave 2", min_n=100), min_n=100)
    assert texts_of(drawing, "new") == ["new at wave 2, n < 100"]
    assert len(marks_of(drawing, "withheld")) == 1
    assert not marks_of(drawing, "entrants")


def test_other_estimates_and_other_waves_are_refused():
    with pytest.raises(SelectionError, match=r"these estimates are shares"):
        charts.sankey(FLOWS, entrants=op.shares(PANEL, "support"))
    two = op.flows(PANEL, "support", base="panel", waves=["wave 1", "wave 2"])
    with pytest.raises(SelectionError, match="'wave 3', which the flows do not have"):
        laid_out(two, entrants=joined("wave 3"))
