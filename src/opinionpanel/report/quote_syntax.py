"""How a page names an estimate: "flows support; Jul 2024 → Nov 2024; approve → unsure"."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from opinionpanel.disclosure import Shown
from opinionpanel.errors import OpinionPanelError, SelectionError, listing, unknown
from opinionpanel.escaping import one_line
from opinionpanel.report.contents import Contents, ItemContents
from opinionpanel.report.quotes import in_a_sentence, row_of

# A table, and the labels of one of its estimates.
Found = tuple[Shown, dict[str, Hashable]]
# What can be quoted, and how each is written.
FORMS = {
    "shares": "shares ITEM; WAVE; ANSWER; GROUP = CATEGORY",
    "flows": "flows ITEM; WAVE → WAVE; ANSWER → ANSWER",
    "transitions": "transitions ITEM; WAVE → WAVE; ANSWER → ANSWER",
    "turnover": "turnover ITEM; WAVE → WAVE; PART; GROUP = CATEGORY",
    "net_change": "net_change ITEM; WAVE → WAVE; ANSWER; GROUP = CATEGORY",
}
WAYS = ("flows", "transitions")
# What is called ANSWER and PART there, by the columns of tables.
CALLED = {"state": "answer", "origin": "answer", "destination": "answer", "component": "part"}
# A name and the sign after it. In double quotes a name may hold these signs, and quotes doubled.
NAME = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>(?:(?!;|→|->|=).)*?))\s*(?P<sign>;|→|->|=|\Z)',
    re.DOTALL,
)


@dataclass(frozen=True)
class Quotation:
    """An estimate by the names that the study file has for its parts.

    Attributes
    ----------
    measure : str
        A key of `FORMS`.
    item : str
    waves, answers : tuple of str
        Empty for the usual ones: the latest waves with tables, and all who gave another answer.
    group : tuple of str
        The group and the category; empty for all people.
    """

    measure: str
    item: str
    waves: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    group: tuple[str, ...] = ()


def quoted(contents: Contents, text: str) -> str:
    """Write the estimate that a page names as in a sentence; or that it is withheld.

    Raises
    ------
    SelectionError
        The text is not understood, or names something that the study does not have.
    """
    wanted = quotation(text)
    item = _item(contents, wanted.item)
    try:
        found = _by_group(item, wanted) if wanted.group else _of_everyone(item, wanted)
        if found is None:
            return item.told.say("withheld")
        shown, labels = found
        _check_labels(shown, labels)
    except OpinionPanelError as error:
        # Answers and categories may have been put together, under names of their own.
        raise SelectionError(*error.args, *item.published.notes) from None
    return in_a_sentence(shown, row_of(shown.estimates, labels), item.told.language)


def _item(contents: Contents, name: str) -> ItemContents:
    items = {item.item: item for item in contents.items.values()}
    if name in contents.left_out:
        raise SelectionError(
            f"Item {name!r} has no page in the report, so that nothing of it can be quoted: it was "
            f"asked at one wave only, or has one answer only. Items with pages: {listing(items)}."
        )
    if name not in items:
        raise unknown("item", name, items)
    return items[name]


def _check_labels(shown: Shown, labels: Mapping[str, Hashable]) -> None:
    """Refuse names that a table does not have, in the words that `FORMS` has for them."""
    for column, name in labels.items():
        known = dict.fromkeys(shown.estimates.labels[column])
        if name not in known:
            raise unknown(CALLED.get(column, column), name, known)


def quotation(text: str) -> Quotation:
    """Read how a page names an estimate."""
    word = re.match(r"\s*(\w*)\s*", text)
    measure = word[1] if word else ""
    if word is None or measure not in FORMS:
        raise unknown("measure", measure, FORMS)
    (sign, item), *fields = _fields(text[word.end() :])
    groups = [names for sign, names in fields if sign == "="]
    others = [names for sign, names in fields if sign != "="]
    waves, answers = (*others, (), ())[:2]
    fits = (
        (sign, len(item), len(others) <= 2) == ("", 1, True)
        and len(waves) in (0, 1 if measure == "shares" else 2)
        and len(answers) in ((2,) if measure in WAYS else (0, 1) if measure == "turnover" else (1,))
        and [len(names) for names in groups] in ([], [] if measure in WAYS else [2])
    )
    if not fits:
        raise SelectionError(
            f"Write {FORMS[measure]!r}, not {one_line(text)!r}. Names with ; = → or -> in them "
            'stand in double quotes. An empty place, as in "ITEM; ; ANSWER", stands for the '
            "latest waves, and GROUP = CATEGORY may be left out."
        )
    return Quotation(measure, item[0], waves, answers, *groups)


def _fields(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Split a text into its fields: the sign between the names of each, and these; () for none."""
    fields: list[tuple[str, tuple[str, ...]]] = [("", ())]
    place = 0
    while found := NAME.match(text, place):
        place, (sign, names) = found.end(), fields[-1]
        quoted, plain = found["quoted"], one_line(found["plain"] or "")
        if quoted is not None or plain or sign:
            names = (*names, plain if quoted is None else quoted.replace('""', '"'))
        if found["sign"] in ("→", "->", "="):
            sign = "→" if found["sign"] == "->" else found["sign"]
        fields[-1] = (sign, names)
        if found["sign"] == ";":
            fields.append(("", ()))
        if not found["sign"]:
            break
    return fields


def _of_everyone(item: ItemContents, wanted: Quotation) -> Found | None:
    """Find the table about all people, and the labels of the estimate; None where it is left out.

    Of a table that is shown the estimate itself may be withheld.
    """
    published = item.published
    if wanted.measure == "shares":
        wave = wanted.waves[0] if wanted.waves else item.waves[-1]
        _check_wave(item, wave)
        shown, _ = published.shares()
        if shown is None or wave not in set(shown.estimates.labels["wave"]):
            return None
        return shown, {"wave": wave, "state": wanted.answers[0]}
    pair = _pair(item, wanted.waves)
    if pair is None or not published.has(*pair):
        return None
    if wanted.measure == "turnover":
        return published.turnover(*pair), {"component": (*wanted.answers, "total")[0]}
    if wanted.measure == "net_change":
        return published.net_change(*pair), {"state": wanted.answers[0]}
    table = published.flows if wanted.measure == "flows" else published.transitions
    origin, destination = wanted.answers
    return table(*pair), {"origin": origin, "destination": destination}


def _by_group(item: ItemContents, wanted: Quotation) -> Found | None:
    """Find the table of a group, and the labels of the estimate; None where it is left out."""
    published, (group, category) = item.published, wanted.group
    if group not in item.compared:
        raise unknown("group", group, item.compared)
    if wanted.measure == "turnover" and wanted.answers not in ((), ("total",)):
        raise SelectionError("Turnover by group has one part, 'total'. Leave PART out.")
    categories = published.panel.groups[group].categories
    if category not in categories:
        raise unknown(f"category of {group}", category, categories)
    compared = item.main_pair or (item.waves[-1],)
    waves = wanted.waves or (compared[-1:] if wanted.measure == "shares" else compared)
    for wave in waves:
        _check_wave(item, wave)
    if not set(waves) <= set(compared) or (len(waves) > 1 and waves != compared):
        raise SelectionError(f"Groups are compared at these waves only: {listing(compared)}.")
    if wanted.measure == "shares":
        shown = published.shares_by(group, *waves)
    elif item.main_pair is None:
        shown = None
    elif wanted.measure == "turnover":
        shown = published.turnover_by(group, *item.main_pair)
    else:
        shown = published.net_change_by(group, *item.main_pair)
    if shown is None:
        return None
    (column,) = shown.estimates.about.columns(shown.estimates.labels, "group")
    answer: Hashable = (*wanted.answers, "total")[0]
    return shown, {
        column: category,
        "component" if wanted.measure == "turnover" else "state": answer,
    }


def _pair(item: ItemContents, waves: tuple[str, ...]) -> tuple[str, str] | None:
    """Find the pair of waves that is meant; None where no pair has tables."""
    if not waves:
        return item.main_pair
    for wave in waves:
        _check_wave(item, wave)
    pairs = [*item.pairs.values()]
    if waves not in pairs:
        known = [" → ".join(pair) for pair in pairs]
        raise unknown("pair of waves that links people", " → ".join(waves), known)
    return pairs[pairs.index((waves[0], waves[1]))]


def _check_wave(item: ItemContents, wave: str) -> None:
    if wave not in item.waves:
        raise unknown("wave", wave, item.waves)
