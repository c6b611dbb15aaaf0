"""Tests of what is published of a score by group and over waves, and sentences about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.disclosure import PublishedScore, Shown
from opinionpanel.errors import OpinionPanelError
from opinionpanel.estimates import wald_test
from opinionpanel.phrases import Phrase
from opinionpanel.report.families import Family, Unadjusted, hierarchy, single_comparisons
from opinionpanel.report.item_tests import PARTLY, TOO_SMALL, WITHHELD
from opinionpanel.report.score_figures_in_words import scale_figures
from opinionpanel.report.told import Told

# Of the comparisons of a family, those that are told in sentences.
MOST_SINGLES = 3
SAMPLES_TOO_SMALL = Phrase("the samples are too small for this test")
SAME_NUMBER = Phrase("nothing varies in what is compared, as where everyone gave the same number")
SAME_CHANGE = Phrase("nothing varies in what is compared, as where all changed by the same number")


def score_families(published: PublishedScore, changes: Mapping[str, Shown]) -> list[Family]:
    """Test whether the mean changed over the waves of a series, and in which groups it did.

    Where the same people were asked, their change is tested by itself, and here by group.

    Parameters
    ----------
    published : PublishedScore
    changes : dict of str to Shown
        By group, the change of the mean in each of its categories.

    Notes
    -----
    The joint tests are adjusted for their number, and single comparisons within each (Holm 1979).
    """
    asked = list(_trend(published))
    if published.main_pair is not None:
        asked += [
            _categories(shown, group, published.main_pair) for group, shown in changes.items()
        ]
    return hierarchy(asked)


def _trend(published: PublishedScore) -> Iterator[Unadjusted]:
    """Compare the means of other people at every wave with the first."""
    shown = published.means()
    if shown is None or not published.panel.independent or len(published.waves) < 2:
        return
    size = len(published.waves)
    minus_first = np.hstack([-np.ones((size - 1, 1)), np.eye(size - 1)])
    labels = pd.DataFrame({"wave": published.waves[1:]})
    changes = _less(shown, minus_first, labels)
    last = single_comparisons(_less(shown, minus_first[-1:], labels.iloc[-1:]))
    key = (published.waves[0], published.waves[-1])
    pvalue, untested = _joint(changes, shown, SAMPLES_TOO_SMALL, SAME_NUMBER)
    yield Unadjusted("trend", key, pvalue, untested, last)


def _categories(shown: Shown, group: str, pair: tuple[str, str]) -> Unadjusted:
    """Compare the change of the mean in every two categories of a group."""
    labels = shown.estimates.labels
    (column,) = shown.estimates.about.columns(labels, "group")
    twos = list(combinations(range(len(labels)), 2))
    matrix = np.zeros((len(twos), len(labels)))
    for row, (one, other) in enumerate(twos):
        matrix[row, one], matrix[row, other] = 1.0, -1.0
    names = labels[column].tolist()
    compared = pd.DataFrame(
        [(names[one], names[other]) for one, other in twos], columns=["category", "other"]
    )
    every = _less(shown, matrix, compared)
    pvalue, untested = _joint(every, shown, TOO_SMALL, SAME_CHANGE)
    key = (group, *pair)
    return Unadjusted("net change by", key, pvalue, untested, single_comparisons(every))


def _less(shown: Shown, matrix: Floats, labels: pd.DataFrame) -> Shown:
    """Combine figures; what lacks an interval is withheld."""
    withheld = shown.withheld
    if withheld.limits is not None:
        withheld = replace(withheld, rows=withheld.rows | withheld.limits, limits=None)
    plain = Shown(shown.estimates, withheld)
    title = f"Differences: {shown.estimates.about.title}"
    return plain.contrast(matrix, labels.reset_index(drop=True), title)


def _joint(differences: Shown, shown: Shown, too_small: str, same: str) -> tuple[float | None, str]:
    """Test whether all differences of what is shown are zero; or say why that is not tested."""
    if differences.hidden.any():
        # Limits may be withheld alone, of figures that rest on enough people.
        return None, WITHHELD if shown.hidden.any() else PARTLY
    try:
        pvalue = wald_test(differences.estimates).pvalue
    except OpinionPanelError:
        pvalue = float("nan")
    if np.isfinite(pvalue):
        return pvalue, ""
    return None, same if without_variance(differences) else too_small


def without_variance(shown: Shown) -> bool:
    """Tell whether none of the figures varies, so that no test can be made of however many."""
    return bool(np.allclose(shown.estimates.std_error, 0))


def trend_sentences(families: Sequence[Family], published: PublishedScore, told: Told) -> list[str]:
    """Say whether the mean changed from the first wave of a series to the last."""
    return [
        text
        for family in families
        if family.kind == "trend"
        for text in _trend_texts(family, published, told)
    ]


def _trend_texts(family: Family, published: PublishedScore, told: Told) -> Iterator[str]:
    waves = {"first": told.name(family.key[0]), "last": told.name(family.key[1])}
    if family.pvalue is None:
        reason = told.language.tell(family.untested)
        yield told.say(
            "Whether the mean changed between {first} and {last} was not tested: {reason}.",
            reason=reason,
            **waves,
        )
    elif not family.holds:
        yield told.say(
            "The mean did not detectably change over the waves from {first} to {last}.", **waves
        )
    elif not len(family.found):
        yield told.say(
            "Taken together, the means differ between the waves from {first} to {last}, but those "
            "of these two cannot be told apart.",
            **waves,
        )
    else:
        row = family.found.iloc[0]
        size, limits = _figures(row, published, told)
        yield told.say(
            "The mean rose by {change} ({limits}; n = {n}) between {first} and {last}."
            if row["estimate"] > 0
            else "The mean fell by {change} ({limits}; n = {n}) between {first} and {last}.",
            change=size,
            limits=limits,
            n=int(row["n"]),
            **waves,
        )


def group_sentences(families: Sequence[Family], published: PublishedScore, told: Told) -> list[str]:
    """Say in which groups the mean changed otherwise, the largest differences first."""
    return [
        text
        for family in families
        if family.kind == "net change by"
        for text in _group_texts(family, published, told)
    ]


def _group_texts(family: Family, published: PublishedScore, told: Told) -> Iterator[str]:
    group, first, last = family.key
    values = {
        "group": told.group(group),
        "first": told.name(first),
        "last": told.name(last),
    }
    if family.pvalue is None:
        reason = told.language.tell(family.untested)
        yield told.say(
            "Whether the mean changed differently by {group} between {first} and {last} was not "
            "tested: {reason}.",
            reason=reason,
            **values,
        )
    elif not family.holds:
        yield told.say(
            "Between {first} and {last} the mean did not detectably change in other ways by "
            "{group}.",
            **values,
        )
    elif not len(family.found):
        yield told.say(
            "Between {first} and {last} the mean changed differently by {group}, taken together, "
            "but no two categories can be told apart.",
            **values,
        )
    for _, row in family.found.head(MOST_SINGLES).iterrows():
        more, less = told.name(str(row["category"])), told.name(str(row["other"]))
        if row["estimate"] < 0:
            more, less = less, more
        size, limits = _figures(row, published, told)
        yield told.say(
            "Between {first} and {last} the change of the mean was {change} ({limits}; n = {n}) "
            "higher in “{category}” than in “{other}”.",
            first=values["first"],
            last=values["last"],
            category=more,
            other=less,
            change=size,
            limits=limits,
            n=int(row["n"]),
        )


def _figures(row: "pd.Series[float]", published: PublishedScore, told: Told) -> tuple[str, str]:
    """Write the size of a difference and its limits, without signs."""
    shown = published.means()
    assert shown is not None
    value, low, high = (float(row[name]) for name in ("estimate", "conf_low", "conf_high"))
    return scale_figures(shown.estimates, value, low, high, told.language)
