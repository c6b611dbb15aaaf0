"""The house as a picture: which room of the package takes how many names from which other.

The rooms and their order are those of the map in CONTRIBUTING.md, their sentences stand on their
doors, and what they take is read from their import statements: nothing is written down here.
"""

import ast
import re
from html import escape
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "opinionpanel"

# The picture, in pixels: a phone shows it at three quarters of that.
WIDTH, EDGE, BOX, HEIGHT, STEP = 480, 4, 130, 36, 56
# How far the longest arc reaches, and how wide lines are for one name and for the most.
REACH, THIN, THICK = 320, 1.4, 7.0
# An arrow has the colour of the room that it leads to; neighbours differ, also to the colour-blind.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b5648f", "#c58a00", "#3a93c9", "#8c6d31")
STYLE = """
.house { width: 100%; max-width: 30rem; height: auto; display: block; margin: 1rem auto; }
.house text { font: 600 15px system-ui, sans-serif; fill: currentColor; }
.house rect { fill-opacity: 0.12; stroke-width: 1.5; }
.house path { fill: none; stroke-opacity: 0.7; }
.house:has(g:hover) g:not(:hover) path { stroke-opacity: 0.12; }
"""


def rooms():
    """Name the rooms in their order, beginning with the one that knows of no other."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(\w+)/`", text, flags=re.MULTILINE)


def sentence(room):
    """Read what a room says on its door."""
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    return ast.get_docstring(tree).splitlines()[0]


def taken():
    """Count the names that each room takes from the others, in their order."""
    order = rooms()
    counts = {}
    for room in order:
        pairs = {pair for path in (PACKAGE / room).rglob("*.py") for pair in _names(path)}
        found = [other for other, _ in sorted(pairs, key=lambda pair: order.index(pair[0]))]
        counts[room] = {other: found.count(other) for other in found if other != room}
    return counts


def _names(path):
    """What a file takes from rooms, as (room, name); of a room that it imports, what it uses."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    whole = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "opinionpanel":
            whole |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("opinionpanel."):
            room = node.module.split(".")[1]
            if (PACKAGE / room).is_dir():
                yield from ((room, alias.name) for alias in node.names)
    for node in nodes:
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in whole:
            yield ast.unparse(node.value), node.attr


def picture():
    """Draw rooms as boxes, one below the other, and an arrow from each to those it takes from."""
    counts = taken()
    order = list(counts)
    most = max(number for others in counts.values() for number in others.values())
    colours = dict(zip(order, cycle(COLOURS), strict=False))
    height = 2 * EDGE + STEP * (len(order) - 1) + HEIGHT
    parts = [
        f'<svg class="house" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-label="Rooms of the package and what they take from each other">',
        f"<style>{STYLE}</style>",
    ]
    for place, room in enumerate(order):
        top = EDGE + STEP * place
        parts.append(f"<g><title>{escape(room)}: {escape(sentence(room))}</title>")
        for rank, (other, number) in enumerate(reversed(counts[room].items())):
            width = THIN + (THICK - THIN) * (number / most) ** 0.5
            # Arcs leave the upper half of a box, the nearest uppermost, and all arrive below.
            start = top + 4 + rank * (HEIGHT / 2 - 4) / max(1, len(counts[room]) - 1)
            end = EDGE + STEP * order.index(other) + HEIGHT * 0.75
            share = (place - order.index(other)) / (len(order) - 1)
            parts.append(_arc(start, end, width, share, colours[other]))
        parts.append(
            f'<rect x="{EDGE}" y="{top}" width="{BOX}" height="{HEIGHT}" rx="4" '
            f'fill="{colours[room]}" stroke="{colours[room]}"/>'
        )
        parts.append(
            f'<text x="{EDGE + BOX / 2}" y="{top + HEIGHT / 2 + 5}" text-anchor="middle">'
            f"{escape(room)}</text></g>"
        )
    for other in dict.fromkeys(other for others in counts.values() for other in others):
        x, y = EDGE + BOX, EDGE + STEP * order.index(other) + HEIGHT * 0.75
        points = f"{x},{y} {x + 12},{y - 6} {x + 12},{y + 6}"
        parts.append(f'<polygon points="{points}" fill="{colours[other]}"/>')
    return "\n".join([*parts, "</svg>"])


def _arc(start, end, width, share, colour):
    """Bend a line to the right: the further the rooms are apart, the further it reaches."""
    out, back = EDGE + BOX, EDGE + BOX + 8
    # A cubic curve comes within a quarter of its control points.
    x = out + REACH * share**0.7 * 4 / 3
    return (
        f'<path stroke="{colour}" stroke-width="{width:.1f}" '
        f'd="M{out},{start:.1f} C{x:.0f},{start:.1f} {x:.0f},{end:.1f} {back},{end:.1f}"/>'
    )


def table():
    """List the rooms with their sentences and how many names they take from which others."""
    rows = []
    for room, others in taken().items():
        numbers = ", ".join(f"{other} {number}" for other, number in others.items())
        takes = f"Takes from {numbers}." if numbers else "Takes from none."
        rows.append(
            f"<tr><td><code>{room}</code></td>"
            f"<td>{escape(sentence(room))}<br><small>{takes}</small></td></tr>"
        )
    return "<table>" + "".join(rows) + "</table>"
