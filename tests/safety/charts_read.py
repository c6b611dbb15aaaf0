"""What the data of the charts of a report say: shares, people, and places on the page."""

import re
from itertools import pairwise, permutations

from figures import Printed, printed, single, whole
from unknowns import NO_ANSWER, NOT_INTERVIEWED

# Half of the last digit of a share in the data of a chart.
HALF = 0.5e-5 + 1e-9


def take_chart(said, part, rows):
    """Read one Sankey chart, if its base is understood."""
    waves = said.pair("", part.arguments) or ()
    if part.name == "all_waves":
        waves = tuple(range(len(said.outline.waves)))
    note = " ".join(str(row.get("text", "")) for row in rows if row["kind"] == "note")
    note = note.replace("\n", " ")
    of = said.base(note, waves)
    if of is None or len(waves) < 2:
        return
    said.source = f"chart of {part.name}"
    if found := re.search(r"Base: .*?; n = ([\d,]+) \(", note):
        said.people(of, whole(found[1]))
    marks = []
    for row in rows:
        ends = _ends(waves, row)
        sets = {wave: said.values(name) for wave, name in ends.items()}
        if sets and all(sets.values()):
            _mark(said, said.within(of, sets), of, row)
            marks.append((ends, row))
            if row["kind"] == "flow" and {"people", "share"} & row.keys():
                said.shown.add(("flow", tuple(ends), part.name == "all_waves", *ends.values()))
        elif row["kind"] == "title" and part.name == "flows":
            _title(said, of, waves, row["text"])
    said.source = f"places in chart of {part.name}"
    _edges(said, of, [(ends, row) for ends, row in marks if row["kind"] == "flow"])
    _nodes(said, of, {(*ends.items(),): row for ends, row in marks if row["kind"] == "node"})


def _title(said, of, waves, text):
    if found := re.search(r"([\d.]+)% gave another answer", text):
        said.share(said.movers(of, waves), of, printed(found[1], 0.01))


def _ends(waves, row):
    """Name the states that a mark is about, by wave; none for other rows."""
    names = {"node": ("state",), "flow": ("origin", "destination")}.get(row["kind"], ())
    first = row.get("wave" if row["kind"] == "node" else "step")
    if first is None or not all(isinstance(row.get(name), str) for name in names):
        return {}
    return {waves[first + place]: row[name] for place, name in enumerate(names)}


def _mark(said, inside, of, row):
    """Read the share and the people of a mark."""
    counted = said.count(inside)
    if isinstance(row.get("people"), int | float):
        said.between(counted, row["people"], row["people"])
    if isinstance(row.get("share"), int | float):
        said.share(counted, of, Printed(row["share"] - HALF, row["share"] + HALF))
    elif isinstance(row.get("low"), int | float) and isinstance(row.get("high"), int | float):
        said.share(counted, of, Printed(row["low"] - HALF, row["high"] + HALF))
    if found := re.match(r"([\d.]+)%", str(row.get("text", ""))):
        said.share(counted, of, printed(found[1], 0.01))


def _order(said):
    """Name states in the order in which they are stacked, each with those that it is made of."""
    return {**said.states, **single((NO_ANSWER, NOT_INTERVIEWED))}


def _edges(said, of, ribbons):
    """Read the places of ribbons in a node: what lies between two edges takes that much room.

    Where that is no more than the ribbon itself, the chart leaves no room for what it does not
    show, and tells nothing.
    """
    known = _order(said)
    order = list(known)
    for edge, here, there in (("y0", 0, 1), ("y1", 1, 0)):
        nodes = {}
        for ends, row in ribbons:
            waves, states = list(ends), list(ends.values())
            if edge in row and set(states) <= set(order):
                key = (waves[here], states[here], waves[there])
                place = (order.index(states[there]), row[edge], row.get("share", 0.0))
                nodes.setdefault(key, []).append(place)
        for (wave, state, other), found in nodes.items():
            found.sort()
            for (first, top, share), (second, below, _) in pairwise(found):
                if abs(below - top - share) < 4 * HALF:
                    continue
                between = frozenset().union(*(known[name] for name in order[first:second]))
                inside = said.within(of, {wave: known[state], other: between})
                _room(said, inside, of, below - top, {})


def _nodes(said, of, nodes):
    """Read the places of nodes: the gap between two that follow each other is always the same."""
    known, gap = _order(said), said.helper()
    follows = list(pairwise(known))
    for (one, top), (other, below) in permutations(nodes.items(), 2):
        ((wave, state),), ((same, after),) = one, other
        if wave == same and (state, after) in follows and "y" in top and "y" in below:
            inside = said.within(of, {wave: known[state]})
            _room(said, inside, of, below["y"] - top["y"], {gap: 1.0})


def _room(said, inside, of, room, helpers):
    share = Printed(room - 2 * HALF, room + 2 * HALF)
    said.share(said.count(inside), of, share, helpers)
