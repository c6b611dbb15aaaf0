"""The page how_it_compares.md: made from neighbours.toml and neighbours_in_r.csv."""

import tomllib
from functools import cache
from html import escape
from pathlib import Path

import page_parts
import pandas as pd
from IPython.display import Markdown

import opinionpanel as op

FOLDER = Path(__file__).parent
IN_R = FOLDER / "neighbours_in_r.csv"
WAVES = {"earlier": ("wave1.sav", "q12"), "later": ("wave2.sav", "q9")}
STATES = {"approve": [1, 2], "unsure": [3, 98, 99], "oppose": [4, 5]}
# What a cell of the table shows, and what a screen reader says of it.
MARKS = {"yes": ("●", "yes"), "partly": ("◐", "partly"), "": ("–", "not what it is for")}
# On a phone the names of packages stand upright, so that all columns fit.
STYLE = """<style>
.marks tbody th { text-align: left; }
.marks td, .marks thead th { text-align: center; }
.marks .ours { background: #8882; }
.marks .unseen {
  clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px;
}
@media (max-width: 599px) {
  .marks thead th span { rotate: 180deg; writing-mode: vertical-rl; }
}
</style>"""


@cache
def told():
    """Everything that neighbours.toml says."""
    return tomllib.loads((FOLDER / "neighbours.toml").read_text(encoding="utf-8"))


def features():
    """Mark for each feature which package has it."""
    packages = list(told()["packages"])
    heads = [f'<th scope="col"{_ours(name)}><span>{name}</span></th>' for name in packages]
    rows = []
    for feature in told()["features"]:
        cells = [_mark(feature, name) for name in packages]
        name = escape(feature["name"])
        rows.append(f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>')
    head = f"<thead><tr><td></td>{''.join(heads)}</tr></thead>"
    table = f'<table class="evidence marks">{head}<tbody>{"".join(rows)}</tbody></table>'
    return page_parts.box("Features by package", STYLE + table)


def _mark(feature, name):
    mark, said = MARKS[feature.get(name, {}).get("answer", "")]
    heard = f'<span class="unseen">{said}</span>'
    return f'<td{_ours(name)}><span aria-hidden="true">{mark}</span>{heard}</td>'


def _ours(name):
    return ' class="ours"' if name == "opinionpanel" else ""


def versions():
    """List the packages with the versions that the page speaks of."""
    rows = [
        {
            "package": f"**{name}**",
            "version": f"{package['language']}, {package['version']}",
            "made for": package["aim"],
        }
        for name, package in told()["packages"].items()
    ]
    frame = pd.DataFrame(rows)
    return page_parts.table("Packages and their versions", frame, texts=list(frame))


def when():
    """Say when the documentation of the others was read."""
    return Markdown(f"Their documentation was read on {told()['seen']:%-d %B %Y}.")


def package(name):
    """Say how a package does what it does, with the source of each statement."""
    lines = []
    for feature in told()["features"]:
        if name in feature:
            answer = feature[name]
            source = f" [Source]({answer['source']})" if "source" in answer else ""
            partly = "partly. " if answer["answer"] == "partly" else ""
            lines.append(f"- **{feature['name']}**: {partly}{answer['how']}{source}")
    if "paper" in told()["packages"][name]:
        lines.append(f"- Described in: {told()['packages'][name]['paper']}")
    return Markdown("\n".join(lines))


def in_r():
    """R's figures from neighbours_in_r.csv, beside those that opinionpanel computes now."""
    rows = []
    ours = figures()
    for row in stored().itertuples():
        found = ours[row.figure]
        rows.append(
            {
                "figure": row.figure,
                "in R": f"`{row.call}`",
                "R gives": row.says or _shown(float(row.estimate), float(row.std_error)),
                "opinionpanel": _shown(found.value[0], found.std_error[0]),
            }
        )
    texts = ["figure", "in R", "R gives"]
    return page_parts.table("The same figures in R", pd.DataFrame(rows), texts=texts)


def stored():
    """What neighbours.R wrote."""
    return pd.read_csv(IN_R, keep_default_na=False)


def _shown(estimate, std_error):
    return f"{100 * estimate:.4f} ({100 * std_error:.4f})".replace("-", "\N{MINUS SIGN}")


def figures():
    """The figures of neighbours.R, each an `Estimates` of one row."""
    panel = two_waves()
    flows, turnover = op.flows(panel, "support"), op.turnover(panel, "support")
    there = {"origin": "approve", "destination": "unsure"}
    ways = flows.labels["origin"] + " " + flows.labels["destination"]
    less = ways.map({"approve unsure": 1.0, "unsure approve": -1.0}).fillna(0.0).to_numpy()
    change = op.shares(panel, "support").difference("wave", "later", minus="earlier")
    return {
        "flow approve → unsure": flows.select(**there),
        "transition approve → unsure": op.transitions(panel, "support").select(**there),
        "flow approve → unsure, less the flow back": flows.contrast(
            less[None, :], pd.DataFrame({"flow": ["less the flow back"]})
        ),
        "turnover, total": turnover.select(component="total"),
        "turnover, net": turnover.select(component="net"),
        "turnover, exchange": turnover.select(component="exchange"),
        "approve, later wave less earlier": change.select(state="approve"),
    }


def two_waves():
    """The first two waves of the bundled panel."""
    folder = op.datasets.folder("attitudes_2024")
    columns = {wave: column for wave, (_, column) in WAVES.items()}
    return op.read_panel(
        {wave: folder / file for wave, (file, _) in WAVES.items()},
        person="resp_id",
        items={"support": op.Item(column=columns, states=STATES)},
        design=op.Design(weight="wgt", stratum="region", psu="settlement", sample="nonprobability"),
    )


def people():
    """The same people as neighbours.R reads them, merged by pandas: one row each."""
    folder, frames = op.datasets.folder("attitudes_2024"), []
    state = {code: name for name, codes in STATES.items() for code in codes}
    for wave, (file, column) in WAVES.items():
        frame = op.read_wave(folder / file).frame.set_index("resp_id")
        answers = {wave: frame[column].map(state), f"{wave}_weight": frame["wgt"]}
        frames.append(frame[["region", "settlement"]].assign(**answers))
    first, second = frames
    merged = first.combine_first(second)
    merged = merged.rename(columns={"region": "stratum", "settlement": "psu"})
    return merged.fillna({f"{wave}_weight": 0.0 for wave in WAVES}).reset_index(drop=True)
