"""The outlines of SVG: paths as lines and cubic curves, in absolute pixels.

A place is a complex number, x + iy: turning is then a product, and shifting a sum.
"""

import cmath
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# Coordinates that the commands of a path take.
COORDINATES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}
TOKENS = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
TRANSFORMS = re.compile(r"(\w+)\(([^)]*)\)")


class UnknownMarkError(Exception):
    """What is drawn in a way that has no counterpart among shapes, such as an image."""


@dataclass(frozen=True)
class Placing:
    """Where a group of marks stands: turned, then shifted."""

    turn: complex = 1
    shift: complex = 0

    def at(self, place: complex) -> complex:
        """Place a point of the group."""
        return self.turn * place + self.shift

    def within(self, transform: str) -> "Placing":
        """Place what stands within this group and has an attribute ``transform`` of its own."""
        placing = self
        for name, inside in TRANSFORMS.findall(transform):
            numbers = [float(number) for number in re.split(r"[\s,]+", inside.strip())]
            match name, numbers:
                case "translate", [x, y]:
                    placing = Placing(placing.turn, placing.at(complex(x, y)))
                case "rotate", [degrees]:
                    turn = placing.turn * cmath.rect(1, math.radians(degrees))
                    placing = Placing(turn, placing.shift)
                case _:
                    raise UnknownMarkError(transform)
        return placing


@dataclass(frozen=True)
class Step:
    """Of an outline, a ``move``, ``line``, ``curve`` (two handles, then its end) or ``close``."""

    kind: str
    places: tuple[complex, ...] = ()


def steps_of(path: str, placing: Placing) -> tuple[Step, ...]:
    """Read the attribute ``d`` of a path."""
    return tuple(
        Step(step.kind, tuple(map(placing.at, step.places))) for step in _steps(_commands(path))
    )


def places_of(steps: tuple[Step, ...]) -> list[complex]:
    """List the places of an outline, handles included."""
    return [place for step in steps for place in step.places]


def is_line(steps: tuple[Step, ...]) -> bool:
    """Tell whether an outline is one straight line."""
    return [step.kind for step in steps] == ["move", "line"]


def is_rectangle(steps: tuple[Step, ...]) -> bool:
    """Tell whether an outline is a closed rectangle whose sides are level and upright."""
    if [step.kind for step in steps] != ["move", "line", "line", "line", "close"]:
        return False
    corners = places_of(steps)
    sides = [end - start for start, end in pairwise([*corners, corners[0]])]
    level = [abs(side.imag) < 1e-6 for side in sides]
    upright = [abs(side.real) < 1e-6 for side in sides]
    return (level[0] and upright[1] and level[2] and upright[3]) or (
        upright[0] and level[1] and upright[2] and level[3]
    )


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Give each letter of a path with the numbers of one use; a letter may be used repeatedly."""
    letter, numbers = "", list[float]()
    for token in TOKENS.findall(path):
        if token.isalpha():
            letter, numbers = token, []
        else:
            numbers.append(float(token))
        if letter.upper() not in COORDINATES:
            raise UnknownMarkError(path)
        if len(numbers) == COORDINATES[letter.upper()]:
            yield letter, numbers
            # More places after a move are lines.
            letter, numbers = {"M": "L", "m": "l"}.get(letter, letter), []


def _steps(commands: Iterator[tuple[str, list[float]]]) -> Iterator[Step]:
    here = start = 0j
    for letter, numbers in commands:
        origin = here if letter.islower() else 0j
        before = here
        match letter.upper(), numbers:
            case "Z", _:
                here = start
                yield Step("close")
            case "M", [x, y]:
                here = start = origin + complex(x, y)
                yield Step("move", (here,))
            case "L", [x, y]:
                here = origin + complex(x, y)
                yield Step("line", (here,))
            case "H", [x]:
                here = complex(origin.real + x, here.imag)
                yield Step("line", (here,))
            case "V", [y]:
                here = complex(here.real, origin.imag + y)
                yield Step("line", (here,))
            case "C", [x1, y1, x2, y2, x, y]:
                here = origin + complex(x, y)
                yield Step("curve", (origin + complex(x1, y1), origin + complex(x2, y2), here))
            case "Q", [x1, y1, x, y]:
                handle, here = origin + complex(x1, y1), origin + complex(x, y)
                first, second = (end + (handle - end) * 2 / 3 for end in (before, here))
                yield Step("curve", (first, second, here))
            case "A", [radius, other, _, large, sweep, x, y]:
                if radius != other:
                    raise UnknownMarkError("arc of an ellipse")
                here = origin + complex(x, y)
                yield from _arc(before, here, radius, large=bool(large), sweep=bool(sweep))


def _arc(
    start: complex, end: complex, radius: float, *, large: bool, sweep: bool
) -> Iterator[Step]:
    """Draw an arc of a circle by curves of a quarter of it at most."""
    chord = end - start
    if not chord or not radius:
        yield Step("line", (end,))
        return
    # A radius that does not reach is made to.
    radius = max(radius, abs(chord) / 2)
    height = math.sqrt(max(radius**2 - abs(chord) ** 2 / 4, 0))
    side = 1j if large != sweep else -1j
    centre = (start + end) / 2 + side * height * chord / abs(chord)
    angle = cmath.phase((end - centre) / (start - centre))
    if sweep and angle < 0:
        angle += 2 * math.pi
    elif not sweep and angle > 0:
        angle -= 2 * math.pi
    pieces = max(1, math.ceil(abs(angle) / (math.pi / 2) - 1e-9))
    turn = cmath.rect(1, angle / pieces)
    reach = 1j * 4 / 3 * math.tan(angle / pieces / 4)
    spoke = start - centre
    for _ in range(pieces):
        after = spoke * turn
        handles = (centre + spoke * (1 + reach), centre + after * (1 - reach))
        spoke = after
        yield Step("curve", (*handles, centre + spoke))
