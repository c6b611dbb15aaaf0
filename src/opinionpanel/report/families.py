"""Families of comparisons: a joint test that opens each, and single comparisons within it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.disclosure import Shown
from opinionpanel.estimates import holm

Kind = Literal[
    "trend", "net", "balance", "turnover by", "net change by", "shares by", "between studies"
]
# By kind, the waves or the group and the waves that it is about.
Key = tuple[str, ...]

# Of samples in which nothing changed and no groups differ, those in which a page may say otherwise.
ALPHA = 0.05


@dataclass(frozen=True, eq=False)
class Family:
    """Comparisons that answer one question about an item, with p-values fit to be told from.

    Attributes
    ----------
    kind : str
        One of `Kind`.
    key : tuple of str
        The first and the last wave; for tables by group the group and the waves, or the wave; of
        two studies these and the wave.
    pvalue : float or None
        Of the joint test that there is no difference at all, adjusted for the number of families
        of the item; None where it was not tested.
    untested : str
        Why it was not; empty where it was.
    singles : pandas.DataFrame
        What is compared, ``state``, ``origin`` and ``destination``, or ``category`` and
        ``other``; then ``estimate conf_low conf_high n``, each with the 95% interval that tables
        show; ``p``; ``p_adjusted`` for the number of comparisons and families; and ``found``.
        NaN where a figure is withheld or does not vary.
    """

    kind: Kind
    key: Key
    pvalue: float | None
    untested: str
    singles: pd.DataFrame

    @property
    def holds(self) -> bool:
        """Whether there is a difference, of which the singles may or may not say where."""
        return self.pvalue is not None and self.pvalue < ALPHA

    @property
    def found(self) -> pd.DataFrame:
        """The single comparisons that show a difference, the largest first."""
        found = self.singles[self.singles["found"]]
        return found.sort_values("estimate", key=lambda one: -one.abs().round(9), kind="stable")


@dataclass(frozen=True, eq=False)
class Unadjusted:
    """A family before it stands beside the others of its item.

    Attributes
    ----------
    kind, key, untested, singles
        As in `Family`; the singles without ``p_adjusted`` and ``found``.
    pvalue : float or None
        Of the joint test alone.
    implied_by : (str, tuple of str) or None
        The kind and key of the family of which a difference is one here, too.
    same : bool
        Whether that family puts the same question, so that both count once.
    partly : str
        Why not all that it asks about was compared, so that nothing found is no answer; empty where
        all was.
    """

    kind: Kind
    key: Key
    pvalue: float | None
    untested: str
    singles: pd.DataFrame
    implied_by: tuple[Kind, Key] | None = None
    same: bool = False
    partly: str = ""


def single_comparisons(differences: Shown) -> pd.DataFrame:
    """Lay single comparisons out with their intervals and p-values.

    A p-value would tell an interval that is withheld, so there is none either.
    """
    frame = differences.frame()
    p = differences.estimates.comparisons()["pvalue"].to_numpy()
    known = np.isfinite(frame["conf_low"]) & np.isfinite(frame["conf_high"])
    columns = [*differences.estimates.labels, "estimate", "conf_low", "conf_high", "n"]
    return frame[columns].assign(p=np.where(known, p, np.nan))


def within_family(singles: pd.DataFrame) -> Floats:
    """Adjust the p-values of single comparisons for their number."""
    p = singles["p"].to_numpy(dtype=np.float64)
    if "state" in singles and singles["state"].nunique() == 2:
        # What one of two states gains the other loses: that is one comparison.
        return np.repeat(holm(p[::2]), 2)
    return holm(p)


def hierarchy(asked: Sequence[Unadjusted]) -> list[Family]:
    """Adjust the joint tests of an item for their number, and the singles below them.

    Parameters
    ----------
    asked : sequence of Unadjusted
        Those that imply others stand before them.

    Notes
    -----
    The joint tests are adjusted by Holm (1979). Where a family implies another, the other holds
    whenever it does: if the other's hypothesis is true, so is its own, so that this adds no false
    findings. A single comparison is found only in a family that holds; its p-value is the larger
    of the family's and its own, adjusted by Holm within the family. Where something withheld was
    not compared, and nothing else is found, the family was not tested.
    """
    own = [np.nan if one.pvalue is None or one.same else one.pvalue for one in asked]
    adjusted = holm(np.array(own))
    families: dict[tuple[Kind, Key], Family] = {}
    for one, p in zip(asked, adjusted.tolist(), strict=True):
        pvalue = p if np.isfinite(p) else None
        untested = one.untested
        above = families[one.implied_by] if one.implied_by else None
        if above and above.pvalue is not None and (one.same or above.holds):
            pvalue = min(above.pvalue, 1.0 if pvalue is None else pvalue)
            untested = ""
        elif above and one.same:
            untested = above.untested
        singles = _adjusted(one.singles, pvalue)
        if one.partly and pvalue is not None and pvalue >= ALPHA:
            pvalue, untested = None, one.partly
        families[one.kind, one.key] = Family(one.kind, one.key, pvalue, untested, singles)
    return list(families.values())


def _adjusted(singles: pd.DataFrame, pvalue: float | None) -> pd.DataFrame:
    joint = np.nan if pvalue is None else pvalue
    p = np.maximum(within_family(singles), joint)
    return singles.assign(p_adjusted=p, found=p < ALPHA)
