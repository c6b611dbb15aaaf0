"""Which kind of chart suits which estimates, and what a notebook shows."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import SelectionError

PANEL = op.datasets.load("attitudes_2024").panel
PAIR = ["Jul 2024", "Nov 2024"]


@pytest.mark.parametrize(
    ("estimates", "kind"),
    [
        (op.flows(PANEL, "support", waves=PAIR), op.charts.sankey),
        (op.transitions(PANEL, "support", waves=PAIR), op.charts.heatmap),
        (
            op.flows(PANEL, "support", waves=PAIR, by="gender").difference(
                "gender", "man", minus="woman"
            ),
            op.charts.heatmap,
        ),
        (op.shares(PANEL, "support"), op.charts.trend),
        (op.shares(PANEL, "support", by="age_group", waves=PAIR[:1]), op.charts.dots),
        (op.turnover(PANEL, "support", by="gender"), op.charts.dots),
        (op.paths(PANEL, "support"), op.charts.paths),
    ],
    ids=["flows", "transitions", "differences", "waves", "groups", "turnover", "paths"],
)
def test_the_kind_follows_from_the_measure(estimates, kind):
    assert estimates.plot(title="A").to_dict() == kind(estimates, title="A").to_dict()


def named(*groups):
    """A panel with groups of such names."""
    random = np.random.default_rng(3)
    people, waves = {"id": np.arange(400)}, ("May", "June")
    people |= {name: random.choice(["a", "b"], 400) for name in groups}
    frames = {wave: pd.DataFrame(people | {"q": random.integers(1, 4, 400)}) for wave in waves}
    item = op.Item("q", {"yes": [1], "so": [2], "no": [3]})
    return op.Panel.from_waves(frames, person="id", items={"q": item}, groups=groups)


@pytest.mark.parametrize(
    "groups", [("origin", "destination"), ("path",), ("wave", "state"), ("from_wave", "to_wave")]
)
def test_groups_may_be_named_like_what_the_kind_follows_from(groups):
    panel = named(*groups)
    for measure in (op.turnover, op.shares):
        estimates = measure(panel, "q", by=groups)
        kind = op.charts.trend if measure is op.shares else op.charts.dots
        assert estimates.plot().to_dict() == kind(estimates).to_dict()
    shares = op.shares(panel, "q", by=groups, waves=["May"])
    column = [name for name in shares.labels if str(name).startswith(groups[0])][-1]
    difference = shares.difference(column, "a", minus="b")
    assert difference.plot().to_dict() == op.charts.dots(difference).to_dict()
    with pytest.raises(SelectionError, match="A heatmap draws transitions"):
        op.charts.heatmap(difference)


def test_numbers_and_differences_of_paths_are_refused_as_what_they_are():
    with pytest.raises(SelectionError, match="these estimates are other numbers"):
        op.flow_totals(PANEL, "support").plot()
    paths = op.paths(PANEL, "support", by="gender")
    with pytest.raises(SelectionError, match=r"\.select\(path=\.\.\.\)"):
        paths.difference("gender", "man", minus="woman").plot()


def test_what_no_kind_draws_is_refused_and_a_notebook_shows_the_table_alone():
    agreement = op.agreement(PANEL, "support")
    with pytest.raises(SelectionError):
        agreement.plot()
    shown = agreement._repr_mimebundle_()
    assert shown == {"text/plain": str(agreement), "text/html": agreement._repr_html_()}


@pytest.mark.parametrize(
    "single",
    [
        op.turnover(PANEL, "support", waves=PAIR),
        op.attrition(PANEL, "support").select(state="all"),
        op.shares(PANEL, "support", by="gender", waves=PAIR[:1]).difference(
            "gender", "man", minus="woman"
        ),
        op.transitions(PANEL, "support").select(origin="approve", destination="approve"),
    ],
    ids=["turnover", "two waves", "a difference", "a cell"],
)
def test_a_notebook_shows_no_chart_of_one_figure(single):
    assert single._repr_mimebundle_()["text/html"] == single._repr_html_()
    # Whoever asks for it has it.
    assert single.plot().width == 760


def test_a_notebook_shows_the_chart_below_the_table():
    moves = op.transitions(PANEL, "support", waves=PAIR)
    shown = moves._repr_mimebundle_()
    table = moves._repr_html_()
    assert shown["text/html"].startswith(table)
    assert "vegaEmbed" in shown["text/html"].removeprefix(table)
    assert shown["text/plain"] == str(moves)


@pytest.fixture(scope="module")
def several():
    """A battery of two items and a question of several answers, at three waves."""
    rng = np.random.default_rng(4)
    frames = {
        wave: pd.DataFrame({"id": range(60)} | {name: rng.integers(1, 4, 60) for name in "abc"})
        for wave in ("w1", "w2", "w3")
    }
    states = {"yes": [1], "unsure": [2], "no": [3]}
    media = op.multiple({"TV": "b", "net": "c"}, selected=[1], unselected=[2, 3])
    items = {"a": op.Item("a", states, label="The first of all"), "b": op.Item("b", states)}
    return op.Panel.from_waves(frames, person="id", items=items | {"media": media})


@pytest.mark.parametrize(
    ("item", "waves", "drawn"),
    [
        (["a", "b"], ["w1"], op.charts.stacked),
        (["a", "b"], ["w1", "w2"], op.charts.stacked),
        (["a", "b"], None, op.charts.trend),
        ("media", ["w1"], op.charts.dots),
        ("media", ["w1", "w2"], op.charts.dots),
        ("media", None, op.charts.trend),
    ],
)
def test_batteries_are_bars_and_lines(several, item, waves, drawn):
    shares = op.shares(several, item, waves=waves)
    assert shares.plot().to_dict() == drawn(shares).to_dict()
    assert op.charts.compares(shares)


def test_items_are_called_as_their_labels_say(several):
    shares = op.shares(several, ["a", "b"], waves=["w1"])
    drawn = str(op.charts.stacked(shares).to_dict())
    assert "The first of" in drawn
    named = str(op.charts.stacked(shares, labels={"a": "Another"}).to_dict())
    assert "Another" in named
    assert "The first of" not in named
    # Findings are of one item: a battery has a plain title.
    assert op.turnover(several, ["a", "b"]).plot().title.text[0].startswith("How many changed")


def test_options_say_that_several_answers_were_possible(several):
    chart = op.shares(several, "media", waves=["w1"]).plot()
    assert chart.title.subtitle == ["Share who selected it; several answers were possible"]
    russian = op.charts.dots(op.net_change(several, "media", waves=["w1", "w2"]), language="ru")
    assert russian.title.subtitle == ["Чистый сдвиг доли выбравших вариант, в процентных пунктах"]
