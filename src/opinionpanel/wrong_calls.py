"""Calls that do not fit a signature: which argument, its likely place, and how to write it."""

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature
from itertools import takewhile
from typing import Any, Literal, get_args, get_origin

from opinionpanel.errors import listing, near, shown

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
# Where a name that the panel knows is written: what it is there, and the arguments that take it.
ROLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "groups": ("a group", ("by", "groups", "group")),
    "waves": ("a wave", ("waves", "wave")),
    "items": ("an item", ("item", "items")),
}
# What else is said of an argument that is missing.
MISSING: Mapping[str, str] = {
    "person": " It names the id column; where every wave asked other people, say person=None."
}
# Arguments that take a list of several.
LISTS = ("waves", "groups", "items")
BY_PLACE = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
BY_NAME = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
Fits = Callable[[Any, Any], bool]


def misfit(
    name: str,
    signature: Signature,
    args: Sequence[Any],
    named: Mapping[str, Any],
    *,
    hints: Mapping[str, Any],
    fits: Fits,
) -> str:
    """Say what is wrong with a call; "" for one that fits.

    Parameters
    ----------
    name : str
        Of the function, the method or the class.
    signature : inspect.Signature
    args, named : sequence and dict
        What is given by place and by name.
    hints : dict
        The annotation of each parameter.
    fits : callable
        Whether a value is of the kind of an annotation.
    """
    parameters = list(signature.parameters.values())
    if parameters and parameters[0].name in ("self", "cls"):
        parameters, args = parameters[1:], args[1:]
    kinds = {one.kind for one in parameters}
    places = [one.name for one in parameters if one.kind in BY_PLACE]
    known = [one.name for one in parameters if one.kind in BY_NAME]
    given = {*places[: len(args)], *(label for label in known if label in named)}
    free = [label for label in known if label not in given]
    panel = _panel_in([*args, *named.values()])

    def place(value: Any) -> tuple[str, str]:
        return _place(value, free, panel, hints=hints, fits=fits)

    if len(args) > len(places) and Parameter.VAR_POSITIONAL not in kinds:
        more = Parameter.VAR_KEYWORD in kinds
        return _too_many(name, places, args, free, place, more=more)
    if Parameter.VAR_KEYWORD not in kinds:
        for label in named:
            if label not in known:
                text, way = place(named[label])
                hint = f" {text}: write {way}. Known: {listing(known)}." if text else ""
                return f"Unknown argument of {name}: {label!r}.{hint or near(label, known)}"
    for label in places[: len(args)]:
        if label in named and label in known:
            return f"{name}: {label} is given twice, by its place and by its name. Write it once."
    needed = [one.name for one in parameters if _required(one)]
    missing = [label for label in needed if label not in given]
    written = ", ".join(label if label in places else f"{label}=…" for label in needed)
    return _missing(name, written, missing, panel) if missing else ""


def _required(parameter: Parameter) -> bool:
    return parameter.default is Parameter.empty and parameter.kind in (*BY_PLACE, *BY_NAME)


def _too_many(
    name: str,
    places: Sequence[str],
    args: Sequence[Any],
    free: Sequence[str],
    place: Callable[[Any], tuple[str, str]],
    *,
    more: bool,
) -> str:
    """Say of the first argument that has no place by which name it is written."""
    extra = args[len(places) :]
    number = len(places)
    which = ORDINALS[number] if number < len(ORDINALS) else f"{number + 1}th"
    count = f"{number} argument{'' if number == 1 else 's'}" if number else "no argument"
    listed = f" ({', '.join(places)})" if places else ""
    takes = f"{name} takes {count} without a name{listed}"
    if not free and not more:
        return f"{takes}, and has no others: leave out {shown(extra[0])}."
    takes += f"; the {which}, {shown(extra[0])}, needs its name."
    text, way = place(extra[0])
    if not way:
        names = f"It may be {listing(free)}." if free else f"Write NAME={shown(extra[0])}."
        return f"{takes} {names}"
    # Names after each other that belong to one argument are written as its list.
    start = way.partition("=")[0] + "="
    together = list(takewhile(lambda value: place(value)[1].startswith(start), extra))
    if len(together) > 1 and all(isinstance(value, str) for value in together):
        text, way = place(together)
    return f"{takes} {text}: write {way}." if text else f"{takes} Write {way}."


def _missing(name: str, written: str, missing: Sequence[str], panel: Any) -> str:
    """Say which arguments are missing, how a call is written, and what the panel has for them."""
    verb = "is" if len(missing) == 1 else "are"
    text = f"{name}: {' and '.join(missing)} {verb} missing. Write {name}({written})."
    text += MISSING.get(missing[0], "")
    for attribute, (_, labels) in ROLES.items():
        if panel is not None and missing[0] in labels:
            text += f" The panel's {attribute}: {listing(getattr(panel, attribute))}."
    return text


def _panel_in(values: Sequence[Any]) -> Any:
    """Find the panel among what is given, or that of a study; None for none."""
    for value in values:
        panel = getattr(value, "panel", value)
        if all(hasattr(type(panel), "asked") and hasattr(panel, kind) for kind in ROLES):
            return panel
    return None


def _place(
    value: Any, free: Sequence[str], panel: Any, *, hints: Mapping[str, Any], fits: Fits
) -> tuple[str, str]:
    """Say what a value is, and how it is written; ("", "") where that is not clear."""
    names = value if isinstance(value, (list, tuple)) else [value]
    if panel is not None and names and all(isinstance(part, str) for part in names):
        for attribute, (what, labels) in ROLES.items():
            label = next((label for label in labels if label in free), None)
            if label and all(part in getattr(panel, attribute) for part in names):
                said = f"is {what}" if isinstance(value, str) else f"are {attribute}"
                one = [value] if label in LISTS and isinstance(value, str) else value
                return f"{shown(value)} {said} of the panel", _written(label, one)
    choices = [label for label in free if _one_of(value, hints.get(label))]
    kinds = choices or [label for label in free if label in hints and fits(value, hints[label])]
    return ("", _written(kinds[0], value)) if len(kinds) == 1 else ("", "")


def _one_of(value: Any, kind: Any) -> bool:
    """Tell whether a value is among those that an annotation lists."""
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    return any(_one_of(value, part) for part in get_args(kind))


def _written(label: str, value: Any) -> str:
    plain = isinstance(value, (str, int, float, list, tuple)) and len(shown(value)) < 60
    return f"{label}={shown(value) if plain else '…'}"
