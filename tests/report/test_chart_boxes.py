"""Boxes of charts: same chart, same text; and no text of a study can end its script."""

import json
import re

from opinionpanel.report.chart_boxes import chart_box

SPEC = {"description": 'A "chart" </script><b>', "mark": "bar", "data": {"values": [{"a": 1}]}}


def test_the_specification_survives_and_cannot_end_its_script():
    html = chart_box(SPEC)
    data = re.search(r'<script type="application/json"[^>]*>(.*)</script>$', html)[1]
    assert "<" not in data
    assert json.loads(data) == SPEC
    assert 'aria-label="A &quot;chart&quot; &lt;/script&gt;&lt;b&gt;"' in html


def test_ids_come_from_content_name_and_window():
    boxes = [
        chart_box(SPEC, name="a"),
        chart_box(SPEC, name="a"),
        chart_box(SPEC, name="b"),
        chart_box(SPEC, name="a", windows="narrow"),
    ]
    ids = [re.search(r' id="([^"]+)"', box)[1] for box in boxes]
    assert ids[0] == ids[1]
    assert len({*ids}) == 3
    assert all(f'data-chart="{one}"' in box for one, box in zip(ids, boxes, strict=True))
