"""Text ids of one person that are written in two ways, looked for on an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from opinionpanel.engines import EngineColumn, People, collected, is_format, nw, of_kind
from opinionpanel.errors import listing
from opinionpanel.panel.gathered_rows import as_number, single
from opinionpanel.panel.id_spelling import (
    PLAIN,
    POINT_ZERO,
    SEPARATORS,
    ZERO_X,
    alike_error,
    blank_error,
)
from opinionpanel.panel.ids import NO_ID, form
from opinionpanel.panel.ids_on_engine import shape_of

PERSON = "person"
# Sorts after whatever an id begins with.
LAST = "\U0010ffff"


def check_writing(
    people: People, waves: Sequence[str], present: Sequence[EngineColumn], columns: Sequence[str]
) -> None:
    """Refuse words for a blank, and ids that differ in zeros, case, a decimal point or a hyphen.

    Two ids count only if no wave has both, as in `id_spelling.check_writing`; compared are
    letters by lower case, without Unicode's compatibility forms.
    """
    named = listing(dict.fromkeys(columns))
    person = nw.col(PERSON)
    blank = person.str.to_lowercase().is_in(sorted(NO_ID))
    words = collected(people.frame.filter(blank).group_by(PERSON).agg(nw.len().alias("n")))[PERSON]
    if len(words) and not _other_words(people, {form(word) for word in words}):
        raise blank_error(len(words), named)
    _check_alike(people, waves, present, named)


def _other_words(people: People, shapes: set[str]) -> bool:
    """Tell whether other ids are words as well."""
    shape = shape_of(nw.col(PERSON))
    word = nw.col(PERSON).str.to_lowercase().is_in(sorted(NO_ID))
    frame = people.frame.with_columns(other=as_number(shape.is_in(sorted(shapes)) & ~word))
    return bool(single(frame.select(nw.col("other").max())))


def _check_alike(
    people: People, waves: Sequence[str], present: Sequence[EngineColumn], columns: str
) -> None:
    here = {f"here{place}": column.astype(int).expression() for place, column in enumerate(present)}
    frame = people.frame.with_columns(**here)
    # Whoever is in every wave shares a wave with any other id.
    times = sum((nw.col(name) for name in here), nw.lit(0))
    frame = frame.with_columns(times=times).filter(nw.col("times") < len(waves))
    text = _text(fold=_folds(frame, people, here))
    # Where an id is parted must be the same: 1-23 and 12-3 are two people.
    # A hyphen at the beginning is a sign, and parts nothing.
    parts = f"[{of_kind(str.isspace)}{SEPARATORS}]+"
    sign, rest = nw.col("text").str.head(1), nw.col("text").str.slice(1)
    parted = rest.str.contains(parts)
    joint = nw.concat_str([sign, rest.str.replace_all(parts, "")])
    hyphened = _bare(nw.concat_str([sign, rest.str.replace_all(parts, "-")]))
    frame = frame.with_columns(text=text).with_columns(
        loose=_bare(joint),
        low=nw.when(parted).then(hyphened).otherwise(nw.lit(LAST)),
        high=nw.when(parted).then(hyphened).otherwise(nw.lit("")),
        first=nw.col(PERSON), second=nw.col(PERSON), one=nw.lit(1),
    )  # fmt: skip
    sums = [nw.col(name).sum().alias(f"{name}_sum") for name in here]
    sets = frame.group_by("loose").agg(
        nw.col("one").sum(), nw.col("first").min(), nw.col("second").max(),
        nw.col("low").min(), nw.col("high").max(), *sums,
    )  # fmt: skip
    alike = (nw.col("low") == nw.col("high")) | (nw.col("low") == LAST)
    found = sets.filter((nw.col("one") > 1) & alike)
    for name in here:
        found = found.filter(nw.col(f"{name}_sum") <= 1)
    found = found.with_columns(set=nw.lit(1))
    number = single(found.select(nw.col("set").sum()))
    # The sum of nothing is null on some engines.
    if pd.isna(number) or not number:
        return
    # Two ids, to say what they differ in; the message shows their form only.
    pair = collected(found.select("first", "second").sort("first").head(1)).iloc[0].tolist()
    ends = []
    for one in pair:
        row = collected(frame.filter(nw.col(PERSON) == one).select(*here)).iloc[0].tolist()
        ends.append((str(one), waves[row.index(1)]))
    ends.sort(key=lambda end: waves.index(end[1]))
    raise alike_error(int(number), columns, ends)


def _folds(frame: nw.LazyFrame[Any], people: People, here: dict[str, nw.Expr]) -> bool:
    """Tell whether letter case may have been lost, as `id_spelling.check_writing` does."""
    pattern = f"[{of_kind(str.islower)}].*[{of_kind(str.isupper)}]"
    cased = as_number(nw.col(PERSON).str.replace_all("^0x", "").str.contains(pattern))
    if not single(frame.with_columns(cased=cased).select(nw.col("cased").max())):
        return True
    lower = as_number(nw.col(PERSON).str.to_lowercase() != nw.col(PERSON))
    upper = as_number(nw.col(PERSON).str.to_uppercase() != nw.col(PERSON))
    made = {f"{name}_low": nw.col(name) * lower for name in here}
    made |= {f"{name}_high": nw.col(name) * upper for name in here}
    whole = people.frame.with_columns(**here).with_columns(**made)
    sums = collected(whole.select(*(nw.col(name).sum() for name in made))).iloc[0]
    return any(not sums[f"{name}_low"] or not sums[f"{name}_high"] for name in here)


def _text(*, fold: bool) -> nw.Expr:
    """Write an id without what may have changed in passing; parts and zeros are left."""
    person = nw.col(PERSON)
    text = person.str.replace_all(f"[{of_kind(is_format)}]", "")
    text = text.str.to_lowercase() if fold else text
    text = text.str.replace_all(ZERO_X.pattern, "").str.replace_all(POINT_ZERO.pattern, "")
    return nw.when(person.str.contains(f"^{PLAIN.pattern}$")).then(person).otherwise(text)


def _bare(text: nw.Expr) -> nw.Expr:
    return text.str.replace_all(r"^0+", "")
