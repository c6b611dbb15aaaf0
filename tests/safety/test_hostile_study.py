"""Guards that a study of which every text is hostile is shown as it is, and does nothing else."""

import csv
import tomllib
import unicodedata
from importlib.util import find_spec
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
from browser import CHROMIUM, look_at
from hostile import POOL, write_study
from places import files

import opinionpanel as op
from opinionpanel import report
from opinionpanel.cli import main
from opinionpanel.escaping import starts_formula

UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}
# Shown on pages; codes have labels, and files names, that `check` alone shows.
ON_PAGES = (
    *("title", "source", "question", "wave", "date", "category", "method", "note of a wave"),
    *("label of a state", "label of a group"),
)
KINDS = pytest.mark.parametrize(("ending", "seed"), [(".sav", 1), (".csv", 2)])


def assert_lines_of_ours(text):
    """Whoever begins a line is this program: hostile texts have FORGED where they would end one."""
    assert not {sign for sign in text if unicodedata.category(sign) in UNSEEN} - {"\n"}
    for line in text.split("\n"):
        assert not line.lstrip().startswith("FORGED"), line


@KINDS
def test_on_a_terminal_no_text_leaves_its_line(tmp_path, capsys, ending, seed):
    hostile = write_study(tmp_path / "study", seed, ending=ending)
    assert main(["check", str(hostile.path)]) == 0
    text = capsys.readouterr().out
    assert_lines_of_ours(text)
    assert text.count("\nGroup ") == 2
    assert text.count("\nItem ") == text.count("\nCodes of item ") == 1

    panel = op.read_study(hostile.path).panel
    item, group = hostile.texts["item"][0], hostile.texts["group"][0]
    results = [
        *(op.read_study(hostile.path), panel, panel.item(item), panel.design),
        *(op.shares(panel, item, by=group), op.flows(panel, item), op.turnover(panel, item)),
        *(op.symmetry(panel, item), op.independence(panel, item, by=group, wave=panel.waves[0])),
        *(op.missing_at_random(panel, item), op.weights_summary(panel)),
    ]
    for result in results:
        assert_lines_of_ours(str(result))
        assert_lines_of_ours(repr(result))


@KINDS
def test_faults_show_what_is_wrong_within_its_line(tmp_path, capsys, ending, seed):
    hostile = write_study(tmp_path / "study", seed, ending=ending)
    text = hostile.path.read_text(encoding="utf-8")
    # A state without its code, a wave with another column, a key that nobody knows.
    hostile.path.write_text(f"{text.rsplit(chr(10), 2)[0]}\n", encoding="utf-8")
    assert main(["check", str(hostile.path)]) == 1
    assert_lines_of_ours("".join(capsys.readouterr()))
    hostile.path.write_text(f'{text}\n[items."a\\u001bb\\nFORGED"]\n"\\nFORGED" = 1\n', "utf-8")
    assert main(["check", str(hostile.path)]) == 1
    said = capsys.readouterr()
    assert_lines_of_ours("".join(said))
    assert r"a\u001bb\nFORGED" in said.err
    assert main(["check", "a\x1b[2J\nFORGED"]) == 1
    assert_lines_of_ours("".join(capsys.readouterr()))


def test_a_first_draft_of_hostile_files_is_a_study(tmp_path, capsys):
    hostile = write_study(tmp_path / "study", 1)
    hostile.path.unlink()
    waves = [str(path) for path in files(hostile.path.parent, "*.sav")]
    assert main(["init", *waves, "--output", str(tmp_path / "draft.toml")]) == 0
    draft = (tmp_path / "draft.toml").read_text(encoding="utf-8")
    assert_lines_of_ours(draft)
    assert len(tomllib.loads(draft)["waves"]) == 2
    assert_lines_of_ours("".join(capsys.readouterr()))


def test_tables_and_pictures_hold_the_text_and_compute_nothing(tmp_path):
    hostile = write_study(tmp_path / "study", 2, ending=".csv")
    panel, item = op.read_study(hostile.path).panel, hostile.texts["item"][0]
    shares = op.shares(panel, item, by=hostile.texts["group"][0])
    shares.to_csv(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert not [cell for row in rows for cell in row if starts_formula(cell)]
    cells = {*rows[0], *(cell.removeprefix("'") for cell in rows[0])}
    assert {*hostile.texts["state"]} <= cells
    shares.to_excel(tmp_path / "a.xlsx")
    sheet = pytest.importorskip("openpyxl").load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    assert_lines_of_ours(shares.to_latex())
    flows = op.flows(panel, item, by=hostile.texts["group"][1])
    svg = ElementTree.parse(op.charts.save(op.charts.sankey(flows), tmp_path / "a.svg"))
    assert not [part for part in svg.iter() if part.tag.endswith(("script", "image", "a"))]
    assert op.charts.save(op.charts.sankey(flows), tmp_path / "a.pdf").stat().st_size > 1000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """One report and one chart of each group, in one folder."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile = write_study(folder / "study", 4, ending=".csv")
    report.build(hostile.path, folder / "report")
    panel, item = op.read_study(hostile.path).panel, hostile.texts["item"][0]
    for name, group in zip(("a", "b"), hostile.texts["group"], strict=True):
        chart = op.charts.sankey(op.flows(panel, item, by=group))
        op.charts.save(chart, folder / f"{name}.html")
    op.charts.save(charted_elsewhere(hostile), folder / "own.html")
    return hostile


def charted_elsewhere(hostile):
    """A chart that somebody draws of a frame, with tooltips that Vega takes specially."""
    frame = pd.DataFrame(
        {"image": hostile.texts["category"], "title": POOL[:4], "share": [0.1, 0.2, 0.3, 0.4]}
    )
    chart = alt.Chart(frame, title="<!--<script>").mark_bar()
    return chart.encode(x="share", y="title", tooltip=["image", "title", "share"])


def squeezed(text):
    return unicodedata.normalize("NFC", "".join(text.split()))


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium: what runs in pages is not checked")
@pytest.mark.skipif(
    any(find_spec(name) is None for name in ("sphinx", "myst_nb", "furo", "ipykernel")),
    reason="the extra opinionpanel[report] is not installed",
)
def test_in_a_browser_nothing_runs_and_the_text_stands(hostile):
    folder = hostile.path.parents[1]
    pages = [path.relative_to(folder) for path in files(folder, "**/*.html")]
    search = "report/search.html?q=window"
    found, said = look_at([*map(str, pages), search], folder)
    assert said == []
    assert len(found) == len(pages) + 1 > 7
    assert "Search finished" in found[search]["text"]
    for name, page in found.items():
        assert page["ran"] == 0, name
        assert page["drawn"] == page["wanted"], name
        assert not {"iframe", "img", "b", "textarea", "object"} & set(page["elements"]), name
        assert all(url.startswith(folder.as_uri()) for url in page["loaded"]), name
        assert "more than a table" not in page["tips"], name
    # Those of the report, for wide windows and for phones, and the three saved by themselves.
    assert sum(page["wanted"] for page in found.values()) > 10
    assert not (folder / "ran").exists()
    shown = squeezed("".join(page["text"] for page in found.values()))
    for what in ON_PAGES:
        for text in hostile.texts[what]:
            assert squeezed(text) in shown, f"{what}: {text!r}"
    # A state with a label is called by it, and the item by the one of the report's language.
    for text in (*hostile.texts["state"][1:], hostile.texts["label of the item"][0]):
        assert squeezed(text) in shown, text
    title = squeezed(hostile.texts["title"][0])
    assert squeezed(found["report/index.html"]["title"]) == title
    for name, group in zip(("a.html", "b.html"), hostile.texts["group"], strict=True):
        rows = [squeezed(row) for row in found[name]["tips"]]
        assert any(row.startswith(squeezed(f'["{group} ",')) for row in rows), rows
