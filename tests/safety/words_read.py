"""What the sentences of a report say, the notes below tables, and the summary of the panel."""

import re

from figures import printed, whole
from unknowns import NOT_INTERVIEWED, NotToldApartError


def take_sentences(said, parts):
    """Read the sentences of all parts, if they are of a kind that is known.

    Differences between groups are left aside, as all that is compared is shown itself; so are
    trends, of which `Tables` reads the intervals.
    """
    said.source = "words"
    for text in dict.fromkeys(text for part in parts for text in part.sentences):
        for read in (_lost, _linked, _larger, _moved, _rose, _drop_out):
            try:
                read(said, text)
            except NotToldApartError:
                continue


def take_note(said, part, table):
    """Read the note below a table: who is in the base, and how turnover is bounded."""
    said.source = f"note of {part.name}"
    _lost(said, table.note)


def _lost(said, text):
    """Read how many answered at two waves, and how those who did not bound turnover."""
    found = re.search(
        r"Of ([\d,]+) people interviewed at (\S+), ([\d,]+) \(\S+ answered both then and at (\w+)",
        text,
    )
    pair = said.pair("", (found[2], found[4])) if found else None
    if not pair:
        return
    everyone = said.within(said.page.domain, {pair[0]: said.outline.interviewed})
    both = said.both(pair)
    said.people(everyone, whole(found[1]))
    said.people(both, whole(found[3]))
    found = re.search(r"turnover among all of them lies between ([\d.]+) and ([\d.]+)%", text)
    if found:
        movers, lost = said.movers(both, pair), said.count(everyone) - said.count(both)
        said.share(movers, everyone, printed(found[1], 0.01))
        said.share(movers + lost, everyone, printed(found[2], 0.01))


def _linked(said, text):
    """Read how many took part in two waves, whatever they answered."""
    found = re.match(
        r"(\S+) → (\S+): ([\d,]+) people took part in both; ([\d,]+) \(\S+ were not", text
    )
    if found:
        one, other = (said.wave(name) for name in found.groups()[:2])
        came = said.outline.interviewed
        said.people({one: came, other: came}, whole(found[3]))
        said.people({one: came, other: {NOT_INTERVIEWED}}, whole(found[4]))


def _larger(said, text):
    """Read that more went from a state to another than back."""
    found = re.match(
        r"Between (\S+) and (\S+) more people went from “(.*)” to “(.*)” than back, by "
        r"([\d.]+) points",
        text,
    )
    if found:
        pair, ends = (
            said.pair("", found.groups()[:2]),
            [said.values(found[3]), said.values(found[4])],
        )
        of = said.both(pair)
        there, back = (
            said.count(said.within(of, dict(zip(pair, way, strict=True))))
            for way in (ends, ends[::-1])
        )
        said.share(there - back, of, printed(found[5], 0.01))


def _moved(said, text):
    found = re.match(
        r"Of the people who answered both times ([\d.]+)%.* answers in (\S+) and (\S+) \(",
        text,
    )
    if found:
        pair = said.pair("", found.groups()[1:])
        said.share(said.movers(said.both(pair), pair), said.both(pair), printed(found[1], 0.01))


def _rose(said, text):
    """Read how much a state grew among the same people; its interval stands in their table."""
    found = re.match(
        r"Among the same people “(.*)” (rose|fell) by ([\d.]+) points .* between (\S+) and (\w+)",
        text,
    )
    if found:
        pair, states = said.pair("", found.groups()[3:]), said.values(found[1])
        change = said.change(said.both(pair), pair, states)
        share = printed(found[3], 0.01)
        said.share(change if found[2] == "rose" else -change, said.both(pair), share)


def _drop_out(said, text):
    found = re.match(
        r"Of those who answered in (\S+), these shares were not interviewed later: (.*)", text
    )
    if found:
        of = {said.wave(found[1]): said.outline.answered}
        for share, wave in re.findall(r"([\d.]+)%(?: \([^)]*\))? in (\w+)", found[2]):
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
