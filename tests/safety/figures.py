"""Printed figures as intervals: what a number tells at its printed precision."""

import re
from dataclasses import dataclass

# Ends of rounding intervals may be met exactly.
SLACK = 1e-9
_NUMBER = r"[+−-]?\d[\d,]*(?:\.\d+)?"
_CELL = re.compile(rf"({_NUMBER})(?: \(.*\))?")


@dataclass(frozen=True)
class Printed:
    """Between which two numbers a printed number lies."""

    low: float
    high: float


def printed(text, unit=1.0):
    """Read a number with its rounding: "26.3" in per cent lies between .2625 and .2635."""
    plain = text.replace(",", "").replace("−", "-")
    value = float(plain) * unit
    half = 0.5 * unit * 10.0 ** -len(plain.partition(".")[2])
    return Printed(value - half - SLACK, value + half + SLACK)


def cell(text, unit=0.01):
    """Read a cell such as "26.3 (23.1 to 30.2)"; None for a mark in its place."""
    found = _CELL.fullmatch(text.strip())
    return printed(found[1], unit) if found else None


def ends(text, unit=0.01):
    """Read both ends of the interval in a cell; None where there is none."""
    found = re.fullmatch(rf".* \(({_NUMBER}) to ({_NUMBER})\)", text.strip())
    return (printed(found[1], unit), printed(found[2], unit)) if found else None


def base(text):
    """Read a number of people, or the least and the greatest of several; None for a mark."""
    found = re.fullmatch(r"(\d[\d,]*)(?:–(\d[\d,]*))?", text.strip())
    if not found:
        return None
    low, high = (int((one or found[1]).replace(",", "")) for one in found.groups())
    return Printed(low, high)


def whole(text):
    """Read a whole number."""
    return int(text.replace(",", ""))


def partition(names, known):
    """Split names of merged categories into known ones; one that cannot be is all the others."""
    found = {name: pieces(name, known) for name in names}
    left = frozenset(known).difference(*filter(None, found.values()))
    unclear = [name for name, parts in found.items() if parts is None]
    if len(unclear) == 1 and left:
        found[unclear[0]] = left
    return {name: parts for name, parts in found.items() if parts}


def single(names):
    """Take names for categories of their own."""
    return {name: frozenset([name]) for name in names}


def pieces(name, known):
    """Split the name of a merged category into known ones; None where that cannot be."""
    if name in known:
        return frozenset([name])
    for separator in (" or ", " and ", ", ", " / ", " + ", "/", "+", " & "):
        parts = [part.strip() for part in name.split(separator)]
        if len(parts) > 1 and all(part in known for part in parts):
            return frozenset(parts)
    listed = re.split(r", | or | and ", name)
    return frozenset(listed) if all(part in known for part in listed) else None
