"""Pages that were written to be edited, moved, edited and built by Sphinx itself."""

import re
import shutil
import subprocess
import sys

import pytest
from places import files
from small_study import small_study

from opinionpanel import report

# With code of one's own, which quotes a figure that it computed.
CELL = """
```{code-cell} ipython3
import opinionpanel as op
from myst_nb import glue
from opinionpanel import report

turnover = op.turnover(op.read_study("../study/study.toml").panel, "support")
glue("turned", report.quote(turnover, component="total"), display=False)
```

So said the cell: {glue:text}`turned`.
"""
KEPT = ("headlines", "findings", "all-tables", "pair-change")
OTHERS = re.compile(rf"```{{opinionpanel}} (?!(?:{'|'.join(KEPT)}) ).*\n```\n")
# In a folder of its own, with an item that there is not in the last line but one.
MINE = """# My page

So said the study: {estimate}`turnover support`.

```{opinionpanel} trend support
```

As many {estimate}`turnover suport`.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build pages that were moved, with their study, after they were written."""
    pytest.importorskip("myst_nb")
    folder = tmp_path_factory.mktemp("ejected")
    (folder / "before").mkdir()
    study = small_study(folder / "before" / "study", items=1, waves=2)
    report.eject(study, folder / "before" / "pages")
    shutil.move(folder / "before", folder / "after")
    pages = folder / "after" / "pages"
    for page in files(pages, "*.md"):
        # All other parts would take their time, and are built in other tests.
        text = OTHERS.sub("", page.read_text(encoding="utf-8"))
        text = text.replace("\nsupport\n```", "\nsupport\nmore/mine\n```")
        page.write_text(text + CELL * (page.stem == "support"), encoding="utf-8")
    (pages / "more").mkdir()
    (pages / "more" / "mine.md").write_text(MINE, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-j2", "--no-color"]
    ran = subprocess.run(
        [*command, str(pages), str(folder / "html")],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    return folder / "html", ran.stdout, ran.stderr


@pytest.mark.slow
def test_an_estimate_that_is_not_there_is_the_only_error_with_its_place(built):
    _, _, said = built
    errors = [line for line in said.splitlines() if "mine.md" in line or "WARNING" in line]
    assert len(errors) == 1, said
    assert re.search(r"more.mine\.md:8: ERROR: Unknown item 'suport'\. Did you mean", errors[0])


@pytest.mark.slow
def test_a_kernel_runs_for_the_page_with_code_only(built):
    _, said, _ = built
    assert said.count("Executing notebook using") == 1


@pytest.mark.slow
def test_sentences_quote_the_study_and_the_code_alike(built):
    html, _, _ = built
    texts = [
        re.sub("<[^>]+>", "", (html / page).read_text(encoding="utf-8"))
        for page in ("support.html", "more/mine.html")
    ]
    quoted = [
        re.search(r"So said [^:]*: ([\d.]+% \(.* to .*; n\s=\s[\d,]+\))\.", text) for text in texts
    ]
    assert quoted[0][1] == quoted[1][1]


@pytest.mark.slow
def test_pages_lead_to_files_and_pages_that_are_there(built):
    html, _, _ = built
    for page in files(html, "**/*.html"):
        for place in re.findall(r'href="(?!https:)([^"#?]+)', page.read_text(encoding="utf-8")):
            assert (page.parent / place).exists(), (page.name, place)
    assert (html / "downloads" / "support.trend.png").is_file()
    assert not (html / "genindex.html").exists()
