"""The pictures at the top of the page about charts: of each of its examples, made by itself."""

import ast
import base64
import re
from pathlib import Path

import vl_convert

from opinionpanel.drawing.font_faces import register_font
from opinionpanel.escaping import html_text
from opinionpanel.report.embed import Html

CELL = re.compile(r"^```\{code-cell\} ipython3\n(?::tags: \[(.*?)\]\n)?(.*?)^```", re.M | re.S)
HEAD = re.compile(r"^\(([\w-]+)\)=\n## (.*)$", re.M)
WIDTH = 300


def of(page):
    """A small picture of the first chart below each head that has a name, linked to it."""
    text = (Path(__file__).parent / page).read_text(encoding="utf-8")
    heads = {found.start(): found.groups() for found in HEAD.finditer(text)}
    names, shown = {}, {}
    for cell in CELL.finditer(text):
        tags, code = cell.groups()
        if "thumbnails" in code:
            continue
        value = _run(code, names)
        above = [place for place in heads if place < cell.start()]
        if tags and "gallery" in tags and above and above[-1] not in shown:
            shown[above[-1]] = value
        if len(shown) == len(heads):
            break
    links = "".join(_link(*heads[place], chart) for place, chart in shown.items())
    return Html(f'<div class="opinionpanel-gallery">{links}</div>')


def _run(code, names):
    """Run a cell; the value of its last line, if that is one."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "charts.md", "exec"), names)
    return last and eval(compile(ast.Expression(last.value), "charts.md", "eval"), names)


def _link(name, title, chart):
    register_font()
    spec = chart.to_dict()
    png = vl_convert.vegalite_to_png(spec, scale=1.5 * WIDTH / spec["width"])
    source = base64.b64encode(png).decode()
    return (
        f'<a href="#{name}"><img src="data:image/png;base64,{source}" alt="" width="{WIDTH}" '
        f'style="object-fit: contain">'
        f"<span>{html_text(title)}</span></a>"
    )
