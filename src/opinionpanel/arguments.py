"""One gate for arguments: what a public function is given is of the kind that it says it takes.

The kinds are those of the annotations, so that no rule stands twice. Whether the panel has a wave
that is named by text is not asked here, but where the wave is looked up.
"""

import inspect
import types
from collections.abc import Callable, Hashable, Iterable, KeysView, Mapping, Sequence, ValuesView
from functools import cache, reduce, wraps
from numbers import Integral, Real
from operator import or_
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from opinionpanel.arrays import Array, Floats
from opinionpanel.errors import (
    ArgumentError,
    CallError,
    SelectionError,
    shown,
    unknown,
    with_article,
)
from opinionpanel.wrong_calls import misfit

__all__ = [
    "annotations_of",
    "as_numbers",
    "called",
    "check_choice",
    "check_named",
    "check_whole",
    "checked",
    "listed",
    "which",
]

Checked = TypeVar("Checked", bound=Callable[..., Any])

WORDS: Mapping[Any, str] = {
    str: "text",
    float: "a number",
    int: "a whole number",
    bool: "True or False",
    types.NoneType: "None",
    Hashable: "text or a number",
    Mapping: "a dict {name: …}",
    Callable: "a function",
}
# What may stand for a list. Sets have no order, and what runs out cannot be looked at twice.
LISTS = (Sequence, np.ndarray, pd.Index, pd.Series, KeysView, ValuesView)
SEVERAL = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
NOTHING: frozenset[type] = frozenset()


def checked(public: Checked) -> Checked:
    """Refuse arguments that a function, a method or a class has not, or of another kind than its.

    Parameters
    ----------
    public : callable
        Its signature, annotations and documentation stay as they are.
    """
    return _at_the_gate(public, kinds=True)


def called(public: Checked) -> Checked:
    """Refuse arguments that it has not, as `checked` does; their kinds it looks at by itself."""
    return _at_the_gate(public, kinds=False)


def _at_the_gate(public: Checked, *, kinds: bool) -> Checked:
    if isinstance(public, type):
        made: Any = public
        made.__init__ = _gated(made.__init__, public.__name__, kinds=kinds)
        return public
    return cast("Checked", _gated(public, public.__name__, kinds=kinds))


def _gated(function: Callable[..., Any], name: str, *, kinds: bool) -> Callable[..., Any]:
    @cache
    def wanted() -> tuple[inspect.Signature, dict[str, Any]]:
        # When first called: by then all that annotations of arguments name is there.
        return inspect.signature(function), annotations_of(function)

    @cache
    def plain() -> tuple[list[str], set[str], dict[str, frozenset[type] | None]]:
        # What may be given by position, what must be given, and types that need no further look.
        signature, hints = wanted()
        each = signature.parameters.values()
        if any(one.kind in SEVERAL for one in each):
            # Never all given: such a call is always looked at closely.
            return [], {""}, {}
        places = [one.name for one in each if one.kind is not one.KEYWORD_ONLY]
        needed = {one.name for one in each if one.default is one.empty}
        right = {one.name: _plain(hints.get(one.name)) if kinds else None for one in each}
        return places, needed, right

    @wraps(function)
    def gate(*args: Any, **named: Any) -> Any:
        places, needed, right = plain()
        labels = {*places[: len(args)], *named}
        given = (*zip(places, args, strict=False), *named.items())
        if (
            len(args) + len(named) == len(labels)
            and needed <= labels
            and all(
                (known := right.get(label, NOTHING)) is None or type(value) in known
                for label, value in given
            )
        ):
            return function(*args, **named)
        signature, hints = wanted()
        if text := misfit(name, signature, args, named, hints=hints, fits=_fits):
            raise CallError(text)
        bound = signature.bind(*args, **named).arguments
        for parameter, value in bound.items() if kinds else ():
            if parameter not in hints:
                continue
            for label, part in _parts(signature.parameters[parameter], value):
                if fault := _fault(part, hints[parameter], label):
                    raise ArgumentError(f"{name}: {fault}")
        return function(*args, **named)

    return gate


def annotations_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Read the annotations of arguments.

    What a function returns is not looked at, and may be of a class that is loaded later.
    """
    given = {name: kind for name, kind in function.__annotations__.items() if name != "return"}
    named = types.SimpleNamespace(__annotations__=given)
    return get_type_hints(named, inspect.unwrap(function).__globals__)


def _fits(value: Any, kind: Any) -> bool:
    return not _fault(value, kind, "")


def _plain(kind: Any) -> frozenset[type] | None:
    """List types of which every value is right; None where no value is looked at.

    A closer look takes as long as what many small functions do.
    """
    if kind is None:
        return None
    found: set[type] = set()
    for option in _options(kind):
        if get_origin(option) is Literal:
            found |= {type(value) for value in get_args(option)}
        elif option is Hashable:
            found.add(str)
        elif isinstance(option, type):
            found.add(option)
        elif get_origin(option) is Sequence and get_args(option) == (str,):
            found.add(str)
    # Not every number is one that floats hold.
    return frozenset(found - {int, float})


def check_named(kind: type, given: Mapping[str, Any], where: str) -> None:
    """Refuse values for fields that a class does not have, or that are of another kind."""
    hints = get_type_hints(kind)
    for name, value in given.items():
        if name not in hints:
            raise unknown(f"argument of {where}:", name, hints)
        if fault := _fault(value, hints[name], name):
            raise ArgumentError(f"{where}: {fault}")


def check_choice(name: str, value: str, kind: Any) -> None:
    """Refuse a text that is none of those of a `Literal`.

    The gate lets any text pass, since many functions say more than what is known: each of them
    refuses others by itself, which a test asks of all.
    """
    if value not in get_args(kind):
        raise SelectionError(f"{name} must be {_words(kind)}, not {shown(value)}.")


def check_whole(names: Iterable[str], where: str) -> None:
    """Refuse names with halves of characters: no file, page or frame of text can hold them."""
    broken = sum(not _encodes(name) for name in names)
    if broken:
        have = "name holds" if broken == 1 else "names hold"
        raise ArgumentError(
            f"{where}: {broken:,} {have} half a character, as texts do that were decoded in "
            "another encoding than theirs. Decode them in their own, or write other names."
        )


def _encodes(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def listed(value: Any) -> list[Any]:
    """List what is given as one value or as several."""
    several = isinstance(value, (tuple, range, ValuesView)) or not _hashable(value)
    return list(value) if several else [value]


def as_numbers(value: Any) -> Floats | None:
    """Read numbers, in rows of the same length; None for what is none, or beyond what floats hold.

    Whole numbers of Python have no end. What is given may change before errors are worked out: the
    numbers are a copy.
    """
    try:
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return None


def which(rows: Any, number: int, *, marked: bool = False) -> Array:
    """Read which of a number of rows are meant: True or False for each, or unless `marked` places.

    Places before 0 count from the end, as everywhere in Python. A copy, as of `as_numbers`.
    """
    try:
        given = np.array(rows)
    except ValueError:
        given = np.array(None)
    places = given.ndim == 1 and given.dtype.kind in "iu" and not marked
    marks = given.ndim == 1 and given.dtype.kind == "b" and len(given) == number
    if marks or (places and ((given >= -number) & (given < number)).all()):
        return given
    what = "" if marked else f"places from 0 to {number - 1}, or "
    raise ArgumentError(
        f"rows must be an array of {what}True or False for each of {number:,}, not {shown(rows)}."
    )


def _parts(parameter: inspect.Parameter, value: Any) -> list[tuple[str, Any]]:
    """List the values that share an annotation, with their names."""
    if parameter.kind is parameter.VAR_POSITIONAL:
        return [(f"argument {place}", part) for place, part in enumerate(value, start=1)]
    if parameter.kind is parameter.VAR_KEYWORD:
        return list(value.items())
    return [(parameter.name, value)]


def _fault(value: Any, kind: Any, label: str) -> str:
    """Say what is wrong with a value; "" for nothing."""
    options = _options(kind)
    if any(not _inner(value, option, label) for option in options if _outer(value, option)):
        return ""
    # Of the right kind outside: the fault is inside, and said there.
    inside = [_inner(value, option, label) for option in options if _outer(value, option)]
    if inside:
        return inside[-1]
    words = list(dict.fromkeys(_words(option) for option in options))
    wanted = " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
    return f"{label} must be {wanted}, not {shown(value)}.{_way_out(value, options)}"


def _options(kind: Any) -> list[Any]:
    if get_origin(kind) in (Union, types.UnionType):
        return [option for part in get_args(kind) for option in _options(part)]
    return [kind]


def _outer(value: Any, kind: Any) -> bool:
    """Tell whether a value is of a kind, whatever it holds."""
    origin = get_origin(kind) or kind
    if origin is Literal:
        return any(_outer(value, type(option)) for option in get_args(kind))
    if origin in (bool, int, float):
        wanted: Any = {bool: (bool, np.bool_), int: Integral, float: Real}[origin]
        if not isinstance(value, wanted) or (origin is not bool and isinstance(value, bool)):
            return False
        return as_numbers(value) is not None
    if origin is Sequence:
        # A name is a list of one.
        one = isinstance(value, str) and get_args(kind) == (str,)
        no_list = isinstance(value, (str, bytes, bytearray)) or getattr(value, "ndim", 1) == 0
        return one or (isinstance(value, LISTS) and not no_list)
    if origin is tuple:
        return isinstance(value, (tuple, list))
    if origin is Hashable:
        return _hashable(value)
    if origin is Callable or origin is get_origin(Callable[..., Any]):
        return callable(value)
    # Whatever numpy takes for an array is looked at when it is made one.
    is_class = isinstance(origin, type) and origin is not Any
    if not is_class or origin.__module__.startswith("numpy._typing"):
        return True
    return isinstance(value, origin)


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    # A blank equals nothing, so that nothing can be looked up by it.
    return value is not pd.NA


def _inner(value: Any, kind: Any, label: str) -> str:
    """Say what is wrong with what a value of the right kind holds."""
    origin, held = get_origin(kind), get_args(kind)
    if origin is Sequence:
        if isinstance(value, str):
            return ""
        return _first(_fault(part, held[0], f"{label}[{i}]") for i, part in enumerate(value))
    if origin is tuple:
        tuple_of = reduce(or_, [part for part in held if part is not ...])
        return _first(_fault(part, tuple_of, f"{label}[{i}]") for i, part in enumerate(value))
    if origin is Mapping:
        keys = (_fault(key, held[0], f"{label}: the key {shown(key)}") for key in value)
        values = (_fault(part, held[1], f"{label}[{key!r}]") for key, part in value.items())
        return _first(keys) or _first(values)
    return ""


def _first(faults: Any) -> str:
    return next((fault for fault in faults if fault), "")


def _words(kind: Any) -> str:
    """Name a kind."""
    origin, held = get_origin(kind) or kind, get_args(kind)
    if origin in WORDS:
        return WORDS[origin]
    if origin is Literal:
        return " or ".join(map(repr, held))
    if origin is Sequence:
        return f"a list of {_plural(held[0])}"
    if origin is tuple and len(held) == 2 and ... not in held:
        return f"a pair ({', '.join(map(_words, held))})"
    name = "tuple" if origin is tuple else getattr(origin, "__name__", str(origin))
    return with_article(name)


def _plural(kind: Any) -> str:
    words = " or ".join(_words(option) for option in _options(kind))
    if words == "text" or " or " in words:
        return words
    return f"{words.split(' ', 1)[1].removesuffix('s')}s"


def _way_out(value: Any, options: Sequence[Any]) -> str:
    """Point to the panel of a study."""
    held = getattr(value, "panel", None)
    if held is not None and any(_outer(held, option) for option in options):
        return f" A {type(value).__name__} has one: .panel."
    return ""
