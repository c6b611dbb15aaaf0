"""What the printed tables of a report say."""

import re
from itertools import combinations

import numpy as np
from figures import SLACK, Printed, base, cell, ends, partition, single
from unknowns import NO_ANSWER, NOT_INTERVIEWED, NotToldApartError
from widths import together


def states_of(outline, part, parts):
    """Find out which states a part of a page knows: those of a table of the same waves, or any."""
    tables = [
        (one.name in ("flows", "transitions"), one.arguments == part.arguments, one is part, table)
        for one in parts
        for table in one.tables
        if one.name in ("shares", "flows", "transitions", "all_waves")
    ]
    for _, _, _, table in sorted(tables, key=lambda one: (one[2], one[1], one[0]), reverse=True):
        names = [name for name in table.header[1:] if name not in ("n", NO_ANSWER, NOT_INTERVIEWED)]
        found = partition(names, outline.states)
        if frozenset(outline.states) == frozenset().union(*found.values()):
            return found
    return single(outline.states)


class Tables:
    """Reads tables; what they say goes to a `Said`."""

    def __init__(self, said):
        self.said, self.outline = said, said.outline

    def take(self, part, table):
        """Read one table, if it is of a kind that is known."""
        read = {
            "shares": self._shares,
            "shares_by": self._shares_by,
            "turnover_by": self._turnover_by,
            "net_change_by": self._net_change_by,
            "flows": self._flows,
            "all_waves": self._flows,
            "transitions": self._transitions,
            "opposites": self._opposites,
            "turnover": self._turnover,
            "net_change": self._net_change,
            "trend": self._trend,
            "response_error": self._response_error,
        }.get(part.name)
        self.said.source = f"table of {part.name}"
        try:
            if read:
                read(part, table)
        except NotToldApartError:
            # About more waves at once than the unknowns tell apart.
            return

    def _rows(self, table):
        """Give the labels, the cells by column and the base of every row."""
        for cells, labels in table.rows:
            values = dict(zip(table.header[labels:], cells[labels:], strict=False))
            yield cells[:labels], values, base(values.pop("n", ""))

    def _columns(self, values, known):
        """Give the columns that are states, merged ones too, with their cells."""
        names = [name for name in values if name != "estimate"]
        for name, states in partition(names, known).items():
            yield states, values[name]

    def _first_labels(self, table, known):
        """Tell what the first labels of rows mean, merged ones too."""
        return partition([cells[0] for cells, labels in table.rows if labels], known)

    def _of_pair(self, part, table):
        """Give the rows of a table about a pair of waves, with the pair and the base."""
        pair = self.said.pair(table.caption, part.arguments)
        of = self.said.base(table.note, pair or ())
        if pair and of:
            for labels, values, people in self._rows(table):
                yield pair, of, labels, values, people

    def _row(self, of, wave, values, people, key):
        """Read a row of shares of one base; key names its cells but for the state."""
        self.said.base_is(of, people)
        for states, text in self._columns(values, self.outline.states):
            counted = self.said.count(self.said.within(of, {wave: states}))
            self.said.cell(counted, of, text)
            if key and len(states) == 1 and (cell(text) or text == "–"):
                self.said.shown.add((*key, *states))

    def _shares(self, part, table):
        for labels, values, people in self._rows(table):
            for wave in self.outline.waves:
                if wave not in labels:
                    continue
                self.said.page.waves.add(wave)
                if of := self.said.base(table.note, [self.said.wave(wave)]):
                    self._row(of, self.said.wave(wave), values, people, ("share", wave))

    def _shares_by(self, part, table):
        group, wave = part.arguments[0], self.said.wave(part.arguments[1])
        of = self.said.base(table.note, [wave])
        for categories, values, people in self._in_categories(group, table):
            if of:
                key = ("by", group, wave, len(of), *categories) if len(categories) == 1 else None
                self._row({**of, group: categories}, wave, values, people, key)

    def _in_categories(self, group, table):
        """Give the rows of a table by group, with the categories that each is about."""
        meant = self._first_labels(table, self.outline.groups.get(group, ()))
        self.said.page.categories[group] = list(meant.values())
        for labels, values, people in self._rows(table):
            if categories := meant.get(labels[0]) if labels else None:
                yield categories, values, people

    def _turnover_by(self, part, table):
        pair, group = self.said.pair(table.caption, part.arguments), part.arguments[0]
        of = self.said.base(table.note, pair)
        for categories, values, people in self._in_categories(group, table):
            inside = {**of, group: categories}
            self.said.base_is(inside, people)
            self.said.cell(self.said.movers(inside, pair), inside, values.get("total", ""))

    def _net_change_by(self, part, table):
        pair, group = self.said.pair(table.caption, part.arguments), part.arguments[0]
        of = self.said.base(table.note, pair)
        for categories, values, people in self._in_categories(group, table):
            inside = {**of, group: categories}
            self.said.base_is(inside, people)
            for states, text in self._columns(values, self.outline.states):
                change = self.said.change(inside, pair, states)
                self.said.cell(change, inside, text, self.said.moved(inside, pair, states))

    def _flows(self, part, table):
        panel = part.name == "all_waves"
        self.said.page.way |= panel
        known = self.outline.values(0) if panel else self.outline.states
        meant = self._first_labels(table, known)
        for pair, of, labels, values, people in self._of_pair(part, table):
            self.said.base_is(of, people)
            origins = meant.get(labels[0]) if labels else None
            for destinations, text in self._columns(values, known) if origins else ():
                inside = self.said.within(of, {pair[0]: origins, pair[1]: destinations})
                self.said.cell(self.said.count(inside), of, text)
                if cell(text) and len(origins) == len(destinations) == 1:
                    key = ("flow", pair, panel, *origins, *destinations)
                    self.said.shown.add(key)

    def _transitions(self, part, table):
        meant = self._first_labels(table, self.outline.states)
        for pair, of, labels, values, people in self._of_pair(part, table):
            if labels and (origins := meant.get(labels[0])):
                key = ("transition", pair, *origins) if len(origins) == 1 else None
                self._row(self.said.within(of, {pair[0]: origins}), pair[1], values, people, key)

    def _opposites(self, part, table):
        for pair, of, labels, values, people in self._of_pair(part, table):
            found = re.fullmatch(r"(.*) → (.*) minus (.*) → (.*)", labels[0] if labels else "")
            ends = [self.said.values(name) for name in found.groups()] if found else [None]
            if all(ends):
                self.said.base_is(of, people)
                there, back = (
                    self.said.count(self.said.within(of, dict(zip(pair, way, strict=True))))
                    for way in (ends[:2], ends[2:])
                )
                self.said.cell(there - back, of, values.get("estimate", ""), there + back)

    def _turnover(self, part, table):
        for pair, of, _, values, people in self._of_pair(part, table):
            self.said.base_is(of, people)
            net, exchange = (cell(values.get(name, "")) for name in ("net", "exchange"))
            self.said.cell(self.said.movers(of, pair), of, values.get("total", ""))
            if net:
                self._net(of, pair, net)
            if exchange:
                self._exchange(of, pair, exchange)

    def _net(self, of, pair, share):
        """Half the sum of the sizes of all changes: no more than is printed."""
        sizes = {}
        for states in self.said.states.values():
            size = self.said.helper()
            sizes[size] = -0.5
            change = self.said.change(of, pair, states)
            for one in (change, -change):
                self.said.between(one, 0, np.inf, {size: 1.0})
        self.said.between(share.high * self.said.count(of), 0, np.inf, sizes)

    def _exchange(self, of, pair, share):
        """Twice the sum of the smaller of opposite flows: no less than is printed."""
        smaller = {}
        for a, b in combinations(self.said.states.values(), 2):
            name = self.said.helper()
            smaller[name] = 2.0
            for states in ((a, b), (b, a)):
                way = self.said.within(of, dict(zip(pair, states, strict=True)))
                flow = self.said.count(way)
                self.said.between(flow, 0, np.inf, {name: -1.0})
        self.said.between(-share.low * self.said.count(of), 0, np.inf, smaller)

    def _net_change(self, part, table):
        for pair, of, _, values, people in self._of_pair(part, table):
            self.said.base_is(of, people)
            for states, text in self._columns(values, self.outline.states):
                change = self.said.change(of, pair, states)
                self.said.cell(change, of, text, self.said.moved(of, pair, states))

    def _trend(self, part, table):
        """Read from intervals of differences how many were in a state at both of two waves.

        The more people keep it, the less can its shares differ by chance.
        """
        pair = self.said.pair("", part.arguments)
        for cells, _ in table.rows:
            both = self.said.both(pair)
            state, everyone, *shares, change = cells
            (p, n), (q, m) = ((float(share), int(n)) for share, n in (shares[:2], shares[2:]))
            states = self.said.values(state)
            once = [self.said.within(both, {wave: states}) for wave in pair]
            stayed = self.said.within(both, dict.fromkeys(pair, states))
            first, last = map(self.said.count, once)
            row = self.said.count(stayed) - q * first - p * last + p * q * self.said.count(both)
            limits = together((p, n), (q, m), int(everyone), ends(change))
            self.said.between(row, *limits, whole=False)

    def _response_error(self, part, table):
        """Read the turnover that a model was fitted to, or the errors that would explain it."""
        asked = tuple(range(len(self.outline.waves)))
        for labels, values, people in self._rows(table):
            pair = tuple(self.said.wave(one) for one in labels if one in self.outline.waves)
            pair = self.said.pair(table.caption, part.arguments) or pair or asked
            of = self.said.base(table.note, pair)
            if not of or len(pair) != 2:
                continue
            self.said.base_is(of, people)
            movers = self.said.movers(of, pair)
            self.said.cell(movers, of, values.get("observed", "").partition(" ")[0])
            if rate := cell(values.get("break-even error rate", values.get("estimate", ""))):
                low, high = (self._explained(max(end, 0.0)) for end in (rate.low, rate.high))
                self.said.share(movers, of, Printed(low - SLACK, high + SLACK))

    def _explained(self, rate):
        """Work out the turnover that so many wrong answers at two waves make."""
        others = len(self.said.states) - 1
        rate = min(rate, others / (others + 1))
        return 1 - (1 - rate) ** 2 - rate**2 / others
