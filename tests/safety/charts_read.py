"""What the data of the charts of a report say: shares, people, and places on the page.

A reader has the rows of data of a chart, and sees what Vega makes of them: `style` and places are
in pixels, `cells` stand in tooltips under the heads that the rows of kind "heads" name.
"""

import re
from itertools import pairwise, permutations

from figures import Printed, cell, printed, single, whole
from unknowns import NO_ANSWER, NOT_INTERVIEWED

# Half of the last digit of a share in the data of a chart, and of a place in pixels.
HALF, PIXEL = 0.5e-5 + 1e-9, 0.5e-2 + 1e-9
# Heads of a ribbon and of a node: the states at two waves, and at one.
ENDS, STATE = ("From", "To"), "State"


def take_chart(said, part, rows):
    """Read one Sankey chart, if its base is understood."""
    waves = said.pair("", part.arguments) or ()
    if part.name == "all_waves":
        waves = tuple(range(len(said.outline.waves)))
    note = " ".join(str(row.get("text", "")) for row in rows if row.get("kind") == "note")
    note = note.replace("\n", " ")
    of = said.base(note, waves)
    if of is None or len(waves) < 2:
        return
    said.source = f"chart of {part.name}"
    if found := re.search(r"Base: .*?; n = ([\d,]+)", note):
        said.people(of, whole(found[1]))
    marks = []
    for row, told in _told(rows):
        ends = _ends(said, told)
        sets = {wave: said.values(name) for wave, name in ends.items()}
        if sets and all(sets.values()):
            _mark(said, said.within(of, sets), of, row, told)
            marks.append((ends, row))
            if row["kind"] == "flow" and {"People, unweighted", "Share"} & told.keys():
                said.shown.add(("flow", tuple(ends), part.name == "all_waves", *ends.values()))
    for row in rows:
        if row.get("kind") == "title" and part.name == "flows":
            _title(said, of, waves, row["text"])
    said.source = f"places in chart of {part.name}"
    if pixels := _pixels([row for _, row in marks]):
        _edges(said, of, [(ends, row) for ends, row in marks if row["kind"] == "flow"], pixels)
        nodes = {(*ends.items(),): row for ends, row in marks if row["kind"] == "node"}
        _nodes(said, of, nodes, pixels)


def _told(rows):
    """Give each ribbon and node with its cells by their heads."""
    heads = {row["head"]: row["cells"] for row in rows if row.get("kind") == "heads"}
    for row in rows:
        if row.get("kind") in ("flow", "node"):
            yield row, dict(zip(heads.get(row.get("head"), ()), row.get("cells", ()), strict=False))


def _title(said, of, waves, text):
    """Read how many moved: from the finding, and from the description of the whole chart."""
    for pattern in (
        r"([\d.]+)% \([^)]*\) changed their answer",
        r"Changed their answer: ([\d.]+)%",
    ):
        if found := re.search(pattern, text):
            said.share(said.movers(of, waves), of, printed(found[1], 0.01))


def _ends(said, told):
    """Name the states that a mark is about, by wave; none for other rows."""
    names = said.outline.waves
    if told.get("Wave") in names and STATE in told:
        return {names.index(told["Wave"]): told[STATE]}
    waves = told.get("Waves", "").split(" → ")
    if set(ENDS) <= told.keys() and all(wave in names for wave in waves):
        return {names.index(wave): told[end] for wave, end in zip(waves, ENDS, strict=True)}
    return {}


def _mark(said, inside, of, row, told):
    """Read the share and the people of a mark."""
    counted = said.count(inside)
    if people := told.get("People, unweighted"):
        said.between(counted, whole(people), whole(people))
    if isinstance(row.get("share"), int | float):
        said.share(counted, of, Printed(row["share"] - HALF, row["share"] + HALF))
    elif share := cell(told.get("Share", "").replace("%", "")):
        said.share(counted, of, share)


def _pixels(rows):
    """Pixels for a share of 1, from the largest mark of which both are known."""
    sizes = [(row["share"], row.get("thick", row.get("height"))) for row in rows if "share" in row]
    share, size = max(((share, size) for share, size in sizes if size), default=(0, 0))
    return size / share if share else 0


def _order(said):
    """Name states in the order in which they are stacked, each with those that it is made of."""
    return {**said.states, **single((NO_ANSWER, NOT_INTERVIEWED))}


def _edges(said, of, ribbons, pixels):
    """Read the places of ribbons in a node: what lies between two edges takes that much room.

    Where that is no more than the ribbon itself, the chart leaves no room for what it does not
    show, and tells nothing.
    """
    known = _order(said)
    order = list(known)
    for edge, here, there in (("y", 0, 1), ("y2", 1, 0)):
        nodes = {}
        for ends, row in ribbons:
            waves, states = list(ends), list(ends.values())
            if edge in row and set(states) <= set(order):
                key = (waves[here], states[here], waves[there])
                place = (order.index(states[there]), row[edge], row.get("thick", 0.0))
                nodes.setdefault(key, []).append(place)
        for (wave, state, other), found in nodes.items():
            found.sort()
            for (first, top, thick), (second, below, _) in pairwise(found):
                if abs(below - top - thick) < 4 * PIXEL:
                    continue
                between = frozenset().union(*(known[name] for name in order[first:second]))
                inside = said.within(of, {wave: known[state], other: between})
                _room(said, inside, of, (below - top) / pixels, pixels, {})


def _nodes(said, of, nodes, pixels):
    """Read the places of nodes: the gap between two that follow each other is always the same."""
    known, gap = _order(said), said.helper()
    follows = list(pairwise(known))
    for (one, top), (other, below) in permutations(nodes.items(), 2):
        ((wave, state),), ((same, after),) = one, other
        if wave == same and (state, after) in follows and "y" in top and "y" in below:
            inside = said.within(of, {wave: known[state]})
            _room(said, inside, of, (below["y"] - top["y"]) / pixels, pixels, {gap: 1.0})


def _room(said, inside, of, room, pixels, helpers):
    """Read a room; what a pixel is worth was itself read from rounded figures."""
    half = 2 * PIXEL / pixels + 1e-4 * abs(room)
    share = Printed(room - half, room + half)
    said.share(said.count(inside), of, share, helpers)
