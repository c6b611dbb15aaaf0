"""Files that need nothing else."""

from html.parser import HTMLParser

import pytest

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.errors import SelectionError


@pytest.fixture(scope="module")
def chart():
    return charts.sankey(
        op.flows(op.datasets.load("thomas_1991_3"), "opinion"), subtitle="Is </script> a word?"
    )


@pytest.mark.parametrize(
    ("ending", "start"),
    [(".svg", b"<svg"), (".png", b"\x89PNG"), (".PDF", b"%PDF"), (".html", b"<!DOCTYPE html>")],
)
def test_the_ending_decides(chart, tmp_path, ending, start):
    path = charts.save(chart, tmp_path / f"shift{ending}")
    assert path.read_bytes().startswith(start)


def test_html_loads_nothing_and_its_text_cannot_end_the_script(chart, tmp_path):
    html = charts.save(chart, str(tmp_path / "shift.html")).read_text(encoding="utf-8")
    tags = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
    parser.feed(html)
    assert not [tag for tag, attributes in tags if {"src", "href"} & set(attributes)]
    assert [tag for tag, _ in tags].count("script") == html.count("</script>") == 3
    assert "45% (42–48) changed their answer" in html
    assert len(html) < 1_000_000


def test_png_is_twice_as_large_by_default(chart, tmp_path):
    def width(path):
        return int.from_bytes(path.read_bytes()[16:20], "big")

    double = charts.save(chart, tmp_path / "double.png")
    single = charts.save(chart, tmp_path / "single.png", scale=1)
    assert width(double) == pytest.approx(2 * width(single), abs=2)


@pytest.mark.parametrize("name", ["shift.jpg", "shift", "shift.html.bak"])
def test_another_ending_is_refused(chart, tmp_path, name):
    with pytest.raises(SelectionError, match=r"'\.html', '\.svg', '\.png', '\.pdf'"):
        charts.save(chart, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_refused(chart, tmp_path):
    with pytest.raises(SelectionError, match="does not exist"):
        charts.save(chart, tmp_path / "nowhere" / "shift.svg")
