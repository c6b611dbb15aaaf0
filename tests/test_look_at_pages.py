"""Whatever may be wrong with a page is noticed, and of what is right nothing is said."""

import re

import pytest
from chromium import CHROMIUM
from look_at_pages import faults, main

HEAD = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head>'
SPEC = '<script type="application/json" class="opinionpanel-spec" data-chart="{0}"></script>'
MARKS = '<svg class="marks" width="9" height="9"><g class="role-mark">{}</g></svg>'


def chart(name, marks, *, says="A chart"):
    box = f'<div id="{name}" role="group" aria-label="{says}">{MARKS.format(marks)}</div>'
    return box + SPEC.format(name)


HEAP = '<path transform="translate(0,0)" d="M0,0h0v0h0Z"/>' * 4
DRAWN = chart("chart", '<path d="M0,0L1,1"/>')
SLOW = (
    "<style>@keyframes come { from { opacity: 0.3 } }</style><p style='animation: come 99s'>on</p>"
)
RIGHT = (
    f"{HEAD}<body><main><h1 id='top'>A page</h1><a href='right.html#top'>up</a>{SLOW}"
    f"{DRAWN}<div style='overflow-x: auto' tabindex='0'><p style='width: 2000px'>wide</p></div>"
    "</main></body></html>"
)
WRONG = {
    "console: no luck 3": "<script>console.error('no luck', 3)</script>",
    "opens a dialog: well": "<script>alert('well')</script>",
    "exception: Error: a fault": "<script>throw new Error('a fault')</script>",
    "asks for https://example.org/x.js": "<script src='https://example.org/x.js'></script>",
    "net::ERR_FILE_NOT_FOUND": "<script src='absent.js'></script>",
    "a chart is empty": chart("empty", '<path d=""/>'),
    "a chart has its marks in a heap": chart("heap", HEAP),
    "a chart does not say what it shows": chart("mute", '<path d="M0,0L1,1"/>', says="Chart"),
    "a chart is drawn of what is no number": chart("odd", '<path d="M0,NaN"/>'),
    'leaves the window: p "wide"': "<p style='width: 2000px'>wide</p>",
    "scrolls sideways: html": "",
    # Above it, one like it that stands upon another ground.
    "color-contrast (serious), 1 of them, first: <p class": (
        "<style>@media (max-width: 600px) { .pale { color: #ccc; background: #fff } }</style>"
        "<div style='background: #000; color: #ccc'><p>light</p></div><p class='pale'>pale</p>"
    ),
    "link-name (serious)": "<a href='right.html'></a>",
    "loads 'http://example.org/late.png' from outside": (
        "<img alt='late' loading='lazy' src='http://example.org/late.png'>"
    ),
    # Of another origin, where axe-core must not look.
    "asks for https://example.org/frame": "<iframe title='in' src='https://example.org/frame'></iframe>",
    "no file where the link 'absent.png' leads": (
        "<img alt='top' src='data:,' srcset='right.html, absent.png 2x'>"
    ),
    "no file where the link 'absent.html' leads": "<a href='absent.html'>absent</a>",
    "no place where the link 'right.html#down' leads": "<a href='right.html#down'>down</a>",
    "2 elements have the id 'two'": "<p id='two'></p><p id='two'></p>",
}


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_what_is_wrong_with_a_page_is_listed(tmp_path, capsys):
    wrong = f"{HEAD}<body><main><h1>A page</h1>{''.join(WRONG.values())}</main></body></html>"
    (tmp_path / "right.html").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "wrong.html").write_text(wrong, encoding="utf-8")
    assert main([str(tmp_path)])
    said = capsys.readouterr().out
    assert said.startswith(f"{tmp_path / 'wrong.html'}\n  ")
    assert str(tmp_path / "right.html") not in said
    assert [fault for fault in WRONG if fault not in said] == []
    assert re.search(r"color-contrast .*pale</p> \(390 light\)", said)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_page_that_stands_still_does_not_keep_the_next_one(tmp_path):
    (tmp_path / "endless.html").write_text(f"{HEAD}<script>for (;;) alert('on')</script>")
    (tmp_path / "next.html").write_text(f"{HEAD}<body><h1>A page</h1><a href='next.html'></a>")
    found = faults([tmp_path], in_turn=True, longest=3)
    assert "cannot be looked at: it stands still (1280 light)" in found[tmp_path / "endless.html"]
    assert "link-name (serious)" in str(found[tmp_path / "next.html"])
    assert "(1280 dark)" in str(found[tmp_path / "next.html"])


def test_without_a_folder_nothing_passes(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "FOLDER" in capsys.readouterr().err


def test_without_a_browser_links_are_looked_at_and_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("look_at_pages.CHROMIUM", None)
    (tmp_path / "right.html").write_text(RIGHT, encoding="utf-8")
    assert not main([str(tmp_path)])
    assert "Chromium is not installed" in capsys.readouterr().out
    (tmp_path / "wrong.html").write_text(f"{HEAD}<a href='absent.html'>absent</a>")
    assert main([str(tmp_path)])
    assert "absent.html" in capsys.readouterr().out
