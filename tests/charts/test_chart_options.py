"""What every kind of chart can be asked for."""

import inspect

import pytest

from opinionpanel import charts
from opinionpanel.charts.chart_options import Options
from opinionpanel.drawing.sizes import SIZES

KINDS = (charts.sankey, charts.heatmap, charts.trend, charts.dots, charts.stacked, charts.paths)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_options_of_all_with_the_same_defaults(kind):
    parameters = inspect.signature(kind).parameters
    for name, field in Options.__dataclass_fields__.items():
        assert parameters[name].default == field.default
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["min_n"].default == 10


def test_the_size_of_options_is_that_of_its_name():
    assert Options(size="phone").measures == SIZES["phone"]
