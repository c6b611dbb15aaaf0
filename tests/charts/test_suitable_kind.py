"""Which kind of chart suits which estimates, and what a notebook shows."""

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
