"""The sampling design as it is declared, in columns of the wave files."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from opinionpanel.errors import DesignError, listing

__all__ = ["AnyDesign", "Design", "LonelyPsu", "ReplicateDesign"]

LonelyPsu = Literal["fail", "certainty", "adjust", "average"]


@dataclass(frozen=True, kw_only=True)
class Design:
    """How the people of a panel were sampled, as columns of the wave files.

    Parameters
    ----------
    weight : str, dict or None
        The weight column: one name for all waves; or a dict with a name by wave and, where there
        are longitudinal weights, by ``(from wave, to wave)``; or None for no weights.
    stratum, psu : str, optional
        Columns of the stratum and the primary sampling unit of recruitment. Without ``psu`` each
        person is a PSU.
    fpc : str, optional
        Column with the finite population: the number of PSUs in the stratum's population, or the
        sampled fraction where no value exceeds 1.
    nest : bool
        Whether PSU numbers start again in every stratum.
    lonely_psu : {"fail", "certainty", "adjust", "average"}
        A stratum with a single PSU: refuse; let it add no variance; centre it at the grand mean;
        let it add the average of the other strata.
    sample : {"probability", "nonprobability"}
        For an opt-in panel say ``"nonprobability"``: captions then say that the intervals are
        model-based.

    Raises
    ------
    DesignError
        An option has an unknown value.

    Examples
    --------
    >>> print(Design(weight="wgt", stratum="region", psu="settlement"))
    Design: weight wgt; stratum region; psu settlement; probability sample
    >>> print(Design(weight={"w1": "wgt1", ("w1", "w2"): "long12", "w2": None}))
    Design: weight wgt1 (w1), long12 (w1 → w2), none (w2); people as PSUs; probability sample
    """

    weight: str | Mapping[Hashable, str | None] | None
    stratum: str | None = None
    psu: str | None = None
    fpc: str | None = None
    nest: bool = False
    lonely_psu: LonelyPsu = "fail"
    sample: Literal["probability", "nonprobability"] = "probability"

    def __post_init__(self) -> None:
        if not (self.weight is None or isinstance(self.weight, (str, Mapping))):
            raise DesignError(
                f"weight must be a column name, a dict by wave or None, not {self.weight!r}."
            )
        rules = ("fail", "certainty", "adjust", "average")
        if self.lonely_psu not in rules:
            raise DesignError(f"lonely_psu must be one of {listing(rules)}: {self.lonely_psu!r}.")
        if self.sample not in ("probability", "nonprobability"):
            raise DesignError(
                f"sample must be 'probability' or 'nonprobability', not {self.sample!r}."
            )

    def weight_text(self, key: Hashable) -> str:
        """Name the weight of a wave or a pair in words."""
        return _column_text(self.weight, key)

    def __str__(self) -> str:
        parts = [
            f"weight {_columns_text(self.weight)}",
            f"stratum {self.stratum}" if self.stratum else "",
            f"psu {self.psu}" if self.psu else "people as PSUs",
            f"fpc {self.fpc}" if self.fpc else "",
            f"single-PSU strata: {self.lonely_psu}" if self.lonely_psu != "fail" else "",
            f"{self.sample} sample",
        ]
        return "Design: " + "; ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class ReplicateDesign:
    """A design that the survey house delivers as replicate weights.

    Parameters
    ----------
    weight : str or dict
        As in `Design`.
    replicates : str, list of str, or dict
        The replicate columns: a list, or a pattern with ``*`` for the number, such as ``"rep_*"``.
        A dict by wave, and by ``(from wave, to wave)``, as for `weight`.
    scale : float
        The constant of the method, by which squared deviations are multiplied.
    rscales : sequence of float, optional
        A further constant for each replicate.
    mse : bool
        Deviations from the full-sample estimate rather than from the mean of the replicates.
    kind : str
        The method's name, for captions.
    df : float, optional
        Degrees of freedom; by default the number of replicates less one.
    sample : {"probability", "nonprobability"}
        As in `Design`.

    Raises
    ------
    DesignError
        A constant is not positive, or no replicate is named.

    Notes
    -----
    V = scale Σ_r rscales_r (θ_r − c)², with θ_r the estimate under replicate r and c the mean of
    them or, with ``mse``, the estimate itself (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> print(ReplicateDesign(weight="wgt", replicates="rep_*", scale=0.05, kind="bootstrap"))
    Design: weight wgt; replicates rep_* (bootstrap, scale 0.05); probability sample
    """

    weight: str | Mapping[Hashable, str | None]
    replicates: str | Sequence[str] | Mapping[Hashable, str | Sequence[str]]
    scale: float
    rscales: Sequence[float] | None = None
    mse: bool = False
    kind: str = ""
    df: float | None = None
    sample: Literal["probability", "nonprobability"] = "probability"

    def __post_init__(self) -> None:
        if not self.weight or not self.replicates:
            raise DesignError("A replicate design needs a weight column and replicate columns.")
        constants = [self.scale, *(self.rscales or ())]
        if not all(np.isfinite(value) and value > 0 for value in constants):
            raise DesignError(
                "scale and rscales must be positive numbers; see the survey's manual."
            )

    def replicates_at(self, key: Hashable) -> list[str]:
        """List the replicate columns, or patterns, of a wave or a pair; none for no replicates."""
        named = self.replicates
        if isinstance(named, Mapping):
            named = named.get(key, ())
        return [named] if isinstance(named, str) else list(named)

    def weight_text(self, key: Hashable) -> str:
        """Name the weight of a wave or a pair in words."""
        return _column_text(self.weight, key)

    def __str__(self) -> str:
        by_key = self.replicates if isinstance(self.replicates, Mapping) else {"": self.replicates}
        names = [self.replicates_at(key) for key in by_key]
        texts = [part[0] if len(part) == 1 else f"{len(part)} columns" for part in names]
        constants = [
            self.kind,
            f"scale {self.scale:g}",
            "with rscales" if self.rscales else "",
            "mse" if self.mse else "",
        ]
        parts = [
            f"weight {_columns_text(self.weight)}",
            f"replicates {', '.join(texts)} ({', '.join(part for part in constants if part)})",
            f"{self.sample} sample",
        ]
        return "Design: " + "; ".join(parts)


AnyDesign = Design | ReplicateDesign


def _column_text(weight: str | Mapping[Hashable, str | None] | None, key: Hashable) -> str:
    column = weight.get(key) if isinstance(weight, Mapping) else weight
    return "none" if column is None else str(column)


def _columns_text(weight: str | Mapping[Hashable, str | None] | None) -> str:
    if not isinstance(weight, Mapping):
        return _column_text(weight, "")
    return ", ".join(
        f"{_column_text(weight, key)} ({' → '.join(key) if isinstance(key, tuple) else key})"
        for key in weight
    )
