"""Guards that no chart tells what it withholds: not by a row, a word, a place, a size or an order.

Of two studies that differ only in what is withheld, each kind of chart must be the same.
"""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from report_read import contents_of, every_block, sections_of
from twins import STATES, made_up, moved

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.dot_chart import lay_out_dots
from opinionpanel.charts.heatmap_chart import lay_out_heatmap
from opinionpanel.charts.path_chart import lay_out_paths
from opinionpanel.charts.sankey_chart import lay_out_sankey
from opinionpanel.charts.stacked_chart import lay_out_stacked
from opinionpanel.charts.trend_chart import lay_out_trend
from opinionpanel.estimates import withheld_of
from opinionpanel.report.blocks import Grid, Picture

FIGURE = r"\d+\.\d+(e-?\d+)?"
OPTIONS = pytest.mark.parametrize(
    "options",
    [Options(), Options(theme="print", size="phone", language="ru")],
    ids=["page", "print"],
)
# Four people, whom the next larger group hides.
SIZES = (120, 4, 30, 80)


def told(drawing):
    """All that a chart holds: marks with their words and data, texts around them, and its size."""
    found = [*map(repr, drawing.marks), drawing.description, str(drawing.title.to_dict())]
    found.append(f"{drawing.width} {drawing.height} {drawing.corner}")
    # Sums of the same figures in another order differ by what rounding leaves.
    return [re.sub(FIGURE, lambda one: f"{float(one[0]):.6f}", text) for text in found]


def differing(one, other):
    """What is in one of two charts only, or stands elsewhere there."""
    return sorted(set(one) ^ set(other)) or one != other


def assert_alike(draw, one, other, **dials):
    """Both charts are the same, where the same is withheld; and are not, where nothing is."""
    withheld = [withheld_of(twin, **{"min_n": 10} | dials) for twin in (one, other)]
    assert withheld[0].rows.any()
    if len(one) == len(other):
        # Which cells hide others may depend on them.
        withheld[1] = withheld[0]
    charts = [told(draw(*twin)) for twin in zip((one, other), withheld, strict=True)]
    assert not differing(*charts)
    charts = [told(draw(twin, withheld_of(twin, 0))) for twin in (one, other)]
    assert differing(*charts)


def flow_twins(measure, *, waves=2, **options):
    """Flows of people, and of those who differ in the flows that are withheld of the first."""
    people = made_up(3, waves=waves)
    one = measure(people.panel(), "q", **options)
    labels = one.labels[withheld_of(one, 10).rows]
    labels = labels[labels["from_wave"] == "w1"]
    hidden = set(zip(labels["origin"], labels["destination"], strict=True))
    return one, measure(moved(people, hidden).panel(), "q", **options)


def group_twins(measure, *, waves=2, **options):
    """The same for groups that are withheld, of which all people answer alike in the end."""
    people = made_up(10, waves=waves, sizes=SIZES)
    inside = np.isin(people.group, ["b", "c"])
    # How many people of the larger one began in each state is not withheld.
    other = people.answering(inside, -1, 0)
    return [measure(one.panel(), "q", by="g", **options) for one in (people, other)]


@pytest.mark.parametrize(
    "given",
    [{}, {"threshold": 0.02}, {"values": "origin"}, {"highlight": STATES[0]}],
    ids=["plain", "threshold", "origin", "highlight"],
)
def test_flows_of_few_people(given):
    twins = flow_twins(op.flows)
    assert_alike(lambda one, hidden: lay_out_sankey(one, hidden, Options(), **given), *twins)


def test_flows_of_few_people_in_a_chain():
    twins = flow_twins(op.flows, waves=3, base="balanced")
    assert_alike(lambda one, hidden: lay_out_sankey(one, hidden, Options()), *twins)


@OPTIONS
@pytest.mark.parametrize("measure", [op.flows, op.transitions, op.inflows])
def test_cells_of_few_people(options, measure):
    twins = flow_twins(measure)
    assert_alike(lambda one, hidden: lay_out_heatmap(one, hidden, options), *twins)


@OPTIONS
def test_paths_of_few_people(options):
    people = made_up(3, waves=3)
    one = op.paths(people.panel(), "q", min_n=1)
    hidden = set(one.labels["path"][withheld_of(one, 10).rows])
    ways = np.array([" → ".join(STATES[code] for code in row) for row in people.answers])
    small = [at for at, way in enumerate(ways) if way in hidden]
    first, last = small[0], next(at for at in small if ways[at] != ways[small[0]])
    answers = people.answers.copy()
    answers[first] = answers[last]
    # Also the path that nobody takes any more.
    other = op.paths(replace(people, answers=answers).panel(), "q", min_n=1)
    assert_alike(lambda one, hidden: lay_out_paths(one, hidden, options), one, other)


@OPTIONS
@pytest.mark.parametrize("kind", ["trend", "stacked", "dots", "sankey", "heatmap", "paths"])
def test_groups_of_few_people(options, kind):
    measure, draw = {
        "trend": (op.shares, lay_out_trend),
        "stacked": (op.shares, lay_out_stacked),
        "dots": (op.shares, lambda one, hidden, how: lay_out_dots([one], [hidden], how)),
        "sankey": (op.flows, lay_out_sankey),
        "heatmap": (op.transitions, lay_out_heatmap),
        "paths": (partial(op.paths, min_n=1), lay_out_paths),
    }[kind]
    twins = group_twins(measure)
    assert_alike(lambda one, hidden: draw(one, hidden, options), *twins, min_cell=0)


@pytest.mark.parametrize("sort", ["estimate", "change"])
def test_the_order_and_the_ranks_of_groups(sort):
    def draw(one, hidden):
        return lay_out_dots([one], [hidden], Options(), sort=sort, ranks=True)

    assert_alike(draw, *group_twins(op.shares))


def test_the_order_of_bars():
    def draw(one, hidden):
        return lay_out_stacked(one, hidden, Options(), sort=STATES[2])

    assert_alike(draw, *group_twins(op.shares, waves=1))


def test_groups_beside_all_people():
    """Two people of groups that are withheld change places: nothing of all people differs."""
    people = made_up(5, sizes=SIZES)
    few, beside = (np.flatnonzero(people.group == name) for name in "bc")
    other = next(at for at in beside if (people.answers[at] != people.answers[few[0]]).all())
    group = people.group.copy()
    group[[few[0], other]] = group[[other, few[0]]]
    panels = [people.panel(), replace(people, group=group).panel()]
    everybody = [op.shares(panel, "q") for panel in panels]
    one, two = (op.shares(panel, "q", by="g") for panel in panels)

    def draw(groups, hidden):
        all_people = everybody[groups is two]
        decided = withheld_of(all_people, 10)
        return lay_out_dots([all_people, groups], [decided, hidden], Options(), sort="change")

    assert_alike(draw, one, two)


def test_new_people_who_are_few():
    people = made_up(7, sizes=(240, 4))
    new = people.group == "b"
    first = people.answering(new, 0, -1)
    second = first.answering(new, 1, (first.answers[new, 1] + 1) % 4)
    flows = op.flows(first.panel(), "q")
    fresh, others = (op.fresh_and_staying(one.panel(), "q") for one in (first, second))

    def draw(joined, hidden):
        decided = withheld_of(flows, hidden.min_n)
        return lay_out_sankey(flows, decided, Options(), entrants=[(joined, hidden)])

    assert_alike(draw, fresh, others)


def shown(block):
    """All that a block of a page shows, and what its files hold."""
    if isinstance(block, Grid):
        data = "" if block.data is None else block.data.round(9).to_csv()
        return [block.title, *block.header, *map(str, block.rows), block.note, data]
    if isinstance(block, Picture):
        drawn = filter(None, map(block.drawing, (block.size, "page", "phone")))
        return [text for drawing in drawn for text in told(drawing)]
    return [repr(block)]


def test_pages_of_a_report():
    """Tables, files, tests, sentences and charts, of people whose tables withhold the same."""
    people = made_up(3)
    one = contents_of(people.panel())
    (item,) = one.items.values()
    hidden = {way for way in item.published._withheld["w1", "w2"] if set(way) <= set(STATES)}
    other = contents_of(moved(people, hidden, turnover=False).panel())
    (beside,) = other.items.values()
    beside.published._withheld = item.published._withheld
    pages = [
        [
            text
            for _, blocks in sections_of(each)
            for one in every_block(blocks)
            for text in shown(one)
        ]
        for each in (one, other)
    ]
    assert len(pages[0]) > 100
    assert not differing(*pages)
    # With nothing withheld they differ.
    for each in (item, beside):
        each.published._withheld = {key: set() for key in item.published._withheld}
    assert repr(item.published.flows("w1", "w2").frame()) != repr(
        beside.published.flows("w1", "w2").frame()
    )
