"""Whether studies that stand side by side differ: tests of what is published, and sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.disclosure import Shown
from opinionpanel.errors import OpinionPanelError
from opinionpanel.estimates import MIN_CELL
from opinionpanel.hypotheses import joint_test, multinomial
from opinionpanel.phrases import Phrase
from opinionpanel.report.beside_shown import waves_of
from opinionpanel.report.families import (
    Family,
    Unadjusted,
    hierarchy,
    single_comparisons,
)
from opinionpanel.report.item_tests import WITHHELD
from opinionpanel.report.score_figures_in_words import amount
from opinionpanel.report.score_tests import (
    SAME_NUMBER,
    SAMPLES_TOO_SMALL,
    without_variance,
)
from opinionpanel.report.told import Told

# Of the answers that differ, those that are told in sentences; the table has all.
MOST_SINGLES = 3
SAME_ANSWER = Phrase("nothing varies in what is compared, as where everyone gave the same answer")


class Difference(NamedTuple):
    """What a study has more than another one at a wave."""

    study: str
    other: str
    wave: str
    shown: Shown
    # Of the figures of all studies, one row for each difference.
    matrix: Floats
    # How many answered in the study, and in the other one.
    n: tuple[float, float]


def differences(beside: Shown) -> list[Difference]:
    """Take from the figures of the first study those of each other one, wave by wave."""
    labels = beside.estimates.labels
    studies = list(dict.fromkeys(labels["study"]))
    place = {tuple(key): row for row, key in enumerate(labels.itertuples(index=False, name=None))}
    found = []
    for other in studies[1:]:
        for wave in waves_of(beside):
            keys = [key for key in place if key[:2] == (studies[0], wave)]
            pairs = [(place[key], place.get((other, *key[1:]))) for key in keys]
            if not pairs or any(row is None for _, row in pairs):
                continue
            matrix = np.zeros((len(pairs), len(labels)))
            for row, (one, two) in enumerate(pairs):
                matrix[row, one], matrix[row, two] = 1.0, -1.0
            rows = labels.drop(columns="study").iloc[[one for one, _ in pairs]]
            title = f"{beside.estimates.about.title}, {studies[0]} − {other}"
            shown = _of_two(beside.contrast(matrix, rows.reset_index(drop=True), title))
            # All answers of a wave have one base.
            own, others = (float(beside.estimates.n[matrix[0] == sign][0]) for sign in (1, -1))
            found.append(Difference(studies[0], other, wave, shown, matrix, (own, others)))
    return found


def _of_two(shown: Shown) -> Shown:
    """Say of a difference that the smaller base counts, as `Estimates.difference` does."""
    about = replace(shown.estimates.about, base=shown.estimates.about.smaller_base)
    return replace(shown, estimates=replace(shown.estimates, about=about))


def beside_families(beside: Shown, found: Sequence[Difference]) -> list[Family]:
    """Test each difference jointly, then answer by answer; adjusted for each other (Holm 1979)."""
    return hierarchy([_unadjusted(beside, one) for one in found])


def _unadjusted(beside: Shown, one: Difference) -> Unadjusted:
    singles = single_comparisons(one.shown).drop(columns="wave")
    key = (one.study, one.other, one.wave)
    if one.shown.hidden.any():
        return Unadjusted("between studies", key, None, WITHHELD, singles)
    pvalue = float(singles["p"].iloc[0])
    if "state" in singles:
        pvalue = _joint(beside, one)
    if not np.isfinite(pvalue):
        same = SAME_ANSWER if "state" in singles else SAME_NUMBER
        untested = same if without_variance(one.shown) else SAMPLES_TOO_SMALL
        return Unadjusted("between studies", key, None, untested, singles)
    return Unadjusted("between studies", key, pvalue, "", singles)


def _joint(beside: Shown, one: Difference) -> float:
    """Test all answers together; NaN where the samples are too small."""
    shares = beside.estimates
    people = shares.value * shares.n
    sparse = bool((people[(one.matrix != 0).any(axis=0)] < MIN_CELL).any())
    working = multinomial(shares, ["study", "wave"], one.matrix)
    try:
        return joint_test(one.shown.estimates, working, sparse=sparse).pvalue
    except OpinionPanelError:
        return float("nan")


def beside_sentences(family: Family, one: Difference, told: Told) -> Iterator[str]:
    """Say whether two studies differ, and where; nothing that the tests do not hold up."""
    values = {
        "study": told.name(one.study),
        "other": told.name(one.other),
        "wave": told.name(one.wave),
    }
    scored = "state" not in family.singles
    if family.pvalue is None:
        reason = told.language.tell(family.untested)
        yield told.say(
            "Whether {study} and {other} differ in {wave} was not tested: {reason}.",
            **values,
            reason=reason,
        )
    elif not family.holds:
        yield told.say(
            "In {wave} the mean does not detectably differ between {study} and {other}."
            if scored
            else "In {wave} the answers do not detectably differ between {study} and {other}.",
            **values,
        )
    elif scored:
        yield _mean_text(one, values, told)
    elif not len(family.found):
        yield told.say(
            "In {wave} the answers differ between {study} and {other}, taken together, but no "
            "single answer detectably does.",
            **values,
        )
    else:
        rows = _once(family).head(MOST_SINGLES).to_dict(orient="records")
        yield from (_share_text(row, one, values, told) for row in rows)


def _once(family: Family) -> pd.DataFrame:
    """Of two answers keep one: what one has more the other has less."""
    states = family.singles["state"]
    found = family.found
    return found[found["state"] == states.iloc[0]] if states.nunique() == 2 else found


def _share_text(
    row: Mapping[Any, Any], one: Difference, values: Mapping[str, str], told: Told
) -> str:
    more, less, n = values["study"], values["other"], one.n
    if row["estimate"] < 0:
        more, less, n = less, more, n[::-1]
    low, high = sorted(abs(row[name]) for name in ("conf_low", "conf_high"))
    # With two digits where one would hide how far from nothing the difference is.
    digits = 1 if low >= 0.0005 else 2
    return told.say(
        "In {wave} “{state}” was more common in {more} than in {less}, by {points} points "
        "({limits}; n = {n} and {other_n}).",
        wave=values["wave"],
        state=told.name(str(row["state"])),
        more=more,
        less=less,
        points=told.language.points(abs(row["estimate"]), digits=digits).removeprefix("+"),
        limits=told.language.limits(low, high, digits),
        n=int(n[0]),
        other_n=int(n[1]),
    )


def _mean_text(one: Difference, values: Mapping[str, str], told: Told) -> str:
    more, less, n = values["study"], values["other"], one.n
    if one.shown.estimates.value[0] < 0:
        more, less, n = less, more, n[::-1]
    size, limits = amount(one.shown.estimates, told.language)
    return told.say(
        "In {wave} the mean was higher in {more} than in {less}, by {change} "
        "({limits}; n = {n} and {other_n}).",
        wave=values["wave"],
        more=more,
        less=less,
        change=size,
        limits=limits,
        n=int(n[0]),
        other_n=int(n[1]),
    )
