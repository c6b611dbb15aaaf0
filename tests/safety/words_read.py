"""What the sentences of a report say, the notes below tables, and the summary of the panel."""

import re

from figures import printed, whole
from unknowns import NOT_INTERVIEWED, NotToldApartError


def take_sentence(said, part, text):
    """Read a sentence of a page, if it is of a kind that is known; its base stands at its table."""
    said.source = f"words of {part.name}"
    pair = said.pair("", part.arguments)
    of = said.base(part.tables[0].note, pair or ()) if part.tables else None
    try:
        if part.name == "all_waves" and of:
            _drop_out(said, of, text)
        elif pair and of and part.name in ("opposites", "turnover", "net_change"):
            read = {"opposites": _largest, "turnover": _moved, "net_change": _rose}[part.name]
            read(said, pair, of, text)
    except NotToldApartError:
        return


def take_note(said, part, table):
    """Read the note below a table: who is in the base, and how turnover is bounded."""
    said.source = f"note of {part.name}"
    pair, note = said.pair(table.caption, part.arguments), table.note
    found = re.search(r"Of ([\d,]+) people interviewed at \S+, ([\d,]+) \(\S+ answered both", note)
    if pair and found:
        everyone = {pair[0]: said.outline.interviewed}
        both = dict.fromkeys(pair, said.outline.answered)
        said.people(everyone, whole(found[1]))
        said.people(both, whole(found[2]))
        found = re.search(r"turnover among all of them lies between ([\d.]+) and ([\d.]+)%", note)
        if found:
            movers, lost = said.movers(both, pair), said.count(everyone) - said.count(both)
            said.share(movers, everyone, printed(found[1], 0.01))
            said.share(movers + lost, everyone, printed(found[2], 0.01))


def _largest(said, pair, of, text):
    found = re.search(
        r": ([\d.]+) %.* of the base went from (.*?) to (.*?), and ([\d.]+) %.* from (.*?) "
        r"to (.*?)\. .* the difference is ([+−-]?[\d.]+)",
        text,
    )
    ends = [said.values(found[place]) for place in (2, 3, 5, 6)] if found else [None]
    if all(ends):
        there, back = (
            said.count(said.within(of, dict(zip(pair, way, strict=True))))
            for way in (ends[:2], ends[2:])
        )
        said.share(there, of, printed(found[1], 0.01))
        said.share(back, of, printed(found[4], 0.01))
        said.share(there - back, of, printed(found[7], 0.01))


def _moved(said, pair, of, text):
    if found := re.match(r"([\d.]+) %.*? gave an answer in another state", text):
        said.share(said.movers(of, pair), of, printed(found[1], 0.01))


def _rose(said, pair, of, text):
    for name, way, points in re.findall(r"[:;] ([^;:]*?) (rose|fell) by ([\d.]+)", text):
        if states := said.values(name):
            change = said.change(of, pair, states)
            said.share(change if way == "rose" else -change, of, printed(points, 0.01))


def _drop_out(said, of, text):
    for share, wave in re.findall(r"([\d.]+) %(?: \([^)]*\))?[a-z ]* at (\w+)", text):
        if wave in said.outline.waves:
            lost = said.count(said.within(of, {said.wave(wave): {NOT_INTERVIEWED}}))
            said.share(lost, of, printed(share, 0.01))


def take_summary(said, text):
    """Read what the index of a report says of the panel: numbers of people by wave and group."""
    said.source = "summary"
    answered, interviewed = said.outline.answered, said.outline.interviewed
    item = False
    for line in text.splitlines():
        item = line.startswith("Item ") or (item and line.startswith("  "))
        words = line.replace(",", "").split()
        t = said.wave(words[0]) if words and words[0] in said.outline.waves else None
        found = re.search(r"(\S+) → (\S+): ", line)
        if found and set(found.groups()) <= set(said.outline.waves):
            _links(said, [said.wave(one) for one in found.groups()], line)
        elif t is not None and item:
            if len(words) > 1 and words[1].isdigit():
                said.people({t: answered}, int(words[1]))
        elif t is not None:
            _interviewed(said, t, words)
        elif found := re.match(r"Panel: .*, ([\d,]+) people", line):
            said.people({}, whole(found[1]))
        elif found := re.search(r"In all \d+ waves: ([\d,]+)", line):
            always = dict.fromkeys(range(len(said.outline.waves)), interviewed)
            said.people(always, whole(found[1]))
        elif found := re.match(r"Group (.*?): (.*)", line):
            _sizes(said, *found.groups())


def _interviewed(said, t, words):
    interviewed = said.outline.interviewed
    numbers = [int(word) for word in words[1:3] if word.isdigit()]
    if numbers:
        said.people({t: interviewed}, numbers[0])
    if t and len(numbers) == 2:
        before = {wave: {NOT_INTERVIEWED} for wave in range(t)}
        said.people({**before, t: interviewed}, numbers[1])


def _links(said, pair, line):
    interviewed = said.outline.interviewed
    if found := re.search(r"([\d,]+) people in both, ([\d,]+) not interviewed again", line):
        said.people(dict.fromkeys(pair, interviewed), whole(found[1]))
        said.people({pair[0]: interviewed, pair[1]: {NOT_INTERVIEWED}}, whole(found[2]))
    if found := re.search(r": ([\d,]+) answered both", line):
        said.people(dict.fromkeys(pair, said.outline.answered), whole(found[1]))


def _sizes(said, group, text):
    for category in said.outline.values(group) if group in said.outline.groups else ():
        if found := re.search(rf"(?:^|, ){re.escape(category)} ([\d,]*\d)", text):
            said.people({group: {category}}, whole(found[1]))
