"""Ids of one person that are written in two ways, and would pass for two people."""

import re
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Integers
from opinionpanel.engines import is_format
from opinionpanel.errors import LinkError
from opinionpanel.panel.ids import Texts, blank_words, form
from opinionpanel.waves import ByCharacter

# Names the step that undoes it, and matches what parts an id.
PARTS = "spaces, commas or hyphens"
SEPARATORS = r"_,\-"
PARTED = re.compile(rf"[\s{SEPARATORS}]+")
ZERO_X = re.compile(r"^0[xX]")
POINT_ZERO = re.compile(r"\.0+$")
INVISIBLE = ByCharacter(lambda one: "" if is_format(one) else one)

# What programs and people change about an id in passing, in the order it is undone. There may be
# millions of ids, and most have nothing to undo: the cheap question comes first.
STEPS: dict[str, Callable[[str], str]] = {
    "invisible characters": lambda text: text if text.isascii() else text.translate(INVISIBLE),
    "letter case": lambda text: (
        text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    ),
    "a leading 0x": lambda text: ZERO_X.sub("", text) if text[:1] == "0" else text,
    "a trailing .0": lambda text: POINT_ZERO.sub("", text) if "." in text else text,
    # A hyphen at the beginning is a sign, and parts nothing.
    PARTS: lambda text: text[:1] + PARTED.sub("", text[1:]),
    "leading zeros": lambda text: text.lstrip("0") or "0",
}


# Most ids have nothing to undo.
PLAIN = re.compile(r"[1-9a-z][0-9a-z]*")


def by_case(texts: Texts) -> bool:
    """Tell whether ids use letter case to tell people apart, as random ones such as "kJ4x" do."""
    return any(_is_cased(text) for text in texts if not PLAIN.fullmatch(text))


def _is_cased(text: str) -> bool:
    """Tell whether a small letter stands before a large one; the x of 0x is no letter of an id."""
    rest = text[2:] if text.startswith("0x") else text
    small = next((place for place, one in enumerate(rest) if one.islower()), len(rest))
    return any(one.isupper() for one in rest[small:])


def in_one_case(texts: Texts) -> bool:
    """Tell whether no id has a letter of the other case, as after a program that folds them."""
    return all(text == text.lower() for text in texts) or all(
        text == text.upper() for text in texts
    )


def loose(text: str, *, fold: bool) -> tuple[str, str]:
    """Write an id without what may have changed in passing; `fold` ignores letter case.

    Also gives the same with hyphens where the id is parted; "" where it is in one piece.
    """
    if PLAIN.fullmatch(text):
        return text, ""
    parted = ""
    for name, step in STEPS.items():
        if name == PARTS:
            if not PARTED.search(text, 1):
                continue
            parted = STEPS["leading zeros"](text[:1] + PARTED.sub("-", text[1:]))
            text = step(text)
        elif fold or name != "letter case":
            text = step(text)
    return text, parted


def difference(first: str, second: str) -> str:
    """Name what two ids with the same loose form differ in."""
    found = []
    for name, step in STEPS.items():
        after = step(first), step(second)
        if (after[0] == first) != (after[1] == second):
            found.append(name)
        first, second = after
    return " and ".join(found) or "their writing"


def check_writing(
    waves: Sequence[str],
    columns: str,
    keys: Sequence[Texts],
    rows: Sequence[Integers],
    present: Booleans,
) -> None:
    """Refuse words for a blank, and ids that differ in zeros, case, a decimal point or a hyphen.

    Two ids count only if no wave has both (then they are two people), and, where they have
    hyphens or spaces, if these stand at the same places: 1-23 and 12-3 are two people.
    """
    texts = np.empty(present.shape[1], dtype=object)
    for key, row in zip(keys, rows, strict=True):
        texts[row] = key
    if blanks := blank_words(texts):
        raise blank_error(blanks, columns)
    # Whoever is in every wave shares a wave with any other id.
    open_ids = np.flatnonzero(~present.all(axis=0))
    if not len(open_ids):
        return
    # Ids that use letter case lose it in a wave that some program folded.
    fold = not by_case(texts[open_ids]) or any(in_one_case(key) for key in keys)
    some = texts[open_ids]
    found = alike(some, present[:, open_ids], fold=fold)
    if found:
        # Rows have no order on every engine: the pair to show goes by the ids.
        shown = min(found, key=lambda pair: some[pair[0]])
        both = open_ids[list(shown)]
        named = ends(waves, texts[both], present[:, both])
        raise alike_error(len(found), columns, named)


def alike(texts: Texts, present: Booleans, *, fold: bool) -> list[tuple[int, int]]:
    """Find ids that would link if they were written alike: of each such set two places.

    They are those of the first and of the last text. `present` says at which waves each id is.
    """
    undone, parted = zip(*(loose(text, fold=fold) for text in texts), strict=True)
    codes, _ = pd.factorize(np.array(undone, dtype=object))
    several = np.bincount(codes) > 1
    for here in present:
        several &= np.bincount(codes[here], minlength=len(several)) <= 1
    sets: dict[int, list[int]] = {}
    for place in np.flatnonzero(several[codes]):
        sets.setdefault(int(codes[place]), []).append(int(place))
    return [
        (min(places, key=texts.__getitem__), max(places, key=texts.__getitem__))
        for places in sets.values()
        if len({parted[place] for place in places if parted[place]}) <= 1
    ]


def ends(waves: Sequence[str], texts: Texts, present: Booleans) -> list[tuple[str, str]]:
    """Name some ids, each with the first wave that has it, in the order of these."""
    first = present.argmax(axis=0)
    return [(str(texts[one]), waves[first[one]]) for one in np.argsort(first, kind="stable")]


def alike_error(number: int, columns: str, ends: Sequence[tuple[str, str]]) -> LinkError:
    """Refuse ids that are written in two ways; `ends` are two of them, each with a wave."""
    (first, first_wave), (second, second_wave) = ends
    return LinkError(
        f"{number} id(s) (column {columns}) would link if they were written alike: "
        f"like {form(first)!r} in wave {first_wave!r}, like {form(second)!r} in wave "
        f"{second_wave!r}; they differ by {difference(first, second)}. Write "
        "the ids in the same form in every wave, best as text."
    )


def blank_error(number: int, columns: str) -> LinkError:
    """Refuse ids that are a program's word for a blank."""
    return LinkError(
        f"{number} id(s) (column {columns}) are 'nan' or another word that programs write for "
        "a blank. Name a second column that identifies these people, person={'w1': ['id', "
        "'own_id'], …}, or give them ids of their own."
    )
