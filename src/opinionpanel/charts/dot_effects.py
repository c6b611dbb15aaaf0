"""Rows of a chart of dots that are no groups: effects of models, and what two items tell."""

from collections.abc import Sequence

from opinionpanel.charts.frame import Frame
from opinionpanel.estimates import PAIR, Estimates
from opinionpanel.measures import ARROW

# The effects of a model: what stands at the head of a section, and what its rows are.
OUTCOME = "outcome"
EFFECTS = (OUTCOME, "term", "reference", "category")
# Terms that are no groups of the study.
TERMS = {"wave": "the wave", "origin": "the earlier answer"}
# What two items tell of each other.
LAGGED = ("item", "other", "state")


def effect_rows(estimates: Estimates, own: set[str]) -> list[str]:
    """Name the label columns of rows of effects of a model, and of what two items tell."""
    if {*EFFECTS} <= own:
        found = estimates.labels[OUTCOME].nunique() > 1
        return [*EFFECTS] if found else [*EFFECTS[1:]]
    if estimates.about.measure == "cross_lagged" and {*LAGGED} <= {*estimates.labels}:
        return [*LAGGED]
    return []


def told_of(frame: Frame, columns: Sequence[str], values: Sequence[str]) -> str:
    """Name values of label columns, a pair of waves by an arrow."""
    known = dict(zip(columns, values, strict=True))
    pair = [known.pop(name) for name in PAIR if name in known]
    names = [ARROW.join(map(frame.name, pair))] if pair else []
    return ", ".join([*names, *map(frame.name, known.values())])


def section_of(frame: Frame, head: dict[str, str]) -> str:
    """Write the head of a section: of groups by their names, else in words."""
    said = []
    if "reference" in head:
        term, reference = head.pop("term"), head.pop("reference")
        own = TERMS.get(term) if term not in frame.options.all_labels else None
        term = frame.say(own) if own else frame.column(term)
        against = frame.name(reference.removeprefix("against "))
        text = frame.say("{term}, against {reference}", term=term, reference=against)
        outcome = frame.name(head.pop(OUTCOME)) if OUTCOME in head else ""
        said = [f"{outcome}: {text}" if outcome else f"{text[:1].upper()}{text[1:]}"]
    elif LAGGED[0] in head:
        item, other = (frame.name(head.pop(name)) for name in LAGGED[:-1])
        said = [frame.say("{item}: had said {other} to the other question", item=item, other=other)]
    return ", ".join(filter(None, [told_of(frame, [*head], [*head.values()]), *said]))
