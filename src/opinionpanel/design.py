"""The sampling design: what was declared, and from cell totals to their covariance."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from opinionpanel.errors import DesignError, listing

__all__ = ["AnyDesign", "Design", "ReplicateDesign", "Sampling"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
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
    Panels read the columns and check them. Estimates with replicate weights are refused until the
    library computes them.

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


@dataclass(frozen=True)
class Sampling:
    """The design of one panel, compiled: who is in which stratum and PSU.

    Parameters
    ----------
    stratum : numpy.ndarray of int, shape (people,)
        Index of each person's stratum.
    psu : numpy.ndarray of int, shape (people,), or None
        Index of each person's PSU; None where people are their own PSUs.
    stratum_of_psu : numpy.ndarray of int, shape (PSUs,), or None
        Index of each PSU's stratum.
    sampled : numpy.ndarray, shape (strata,)
        Sampled PSUs (or people), over everyone with a positive weight at any wave.
    fraction : numpy.ndarray, shape (strata,)
        Sampled fraction of the stratum's population; 0 without a finite population.
    lonely_psu : str
        The rule of `Design` for strata with one PSU.
    """

    stratum: Integers
    psu: Integers | None
    stratum_of_psu: Integers | None
    sampled: Integers
    fraction: Floats
    lonely_psu: LonelyPsu

    @property
    def scale(self) -> Floats:
        """(1 − f_h) n_h / (n_h − 1) by stratum; 0 for a single PSU, whose rule is its own."""
        several = self.sampled > 1
        ratio = np.divide(self.sampled, self.sampled - 1, out=np.zeros(len(several)), where=several)
        return np.asarray((1.0 - self.fraction) * ratio)

    def covariance_of_psus(self, totals: Floats) -> Floats:
        """Covariance of weighted totals from their PSU totals.

        Parameters
        ----------
        totals : numpy.ndarray, shape (PSUs, cells)
            Weighted totals by PSU; a PSU without members is a row of zeros.

        Returns
        -------
        numpy.ndarray, shape (cells, cells)

        Notes
        -----
        V = Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)(z_hi − z̄_h)ᵀ, with-replacement
        sampling of PSUs within strata (Lumley 2010, Complex Surveys, ch. 2).
        """
        assert self.stratum_of_psu is not None
        sums = np.zeros((len(self.sampled), totals.shape[1]))
        np.add.at(sums, self.stratum_of_psu, totals)
        centred = totals - (sums / self.sampled[:, None])[self.stratum_of_psu]
        scaled = centred * np.sqrt(self.scale)[self.stratum_of_psu, None]
        return self._with_lonely(scaled.T @ scaled, sums)

    def covariance_of_people(self, products: Floats, sums: Floats) -> Floats:
        """Covariance of weighted totals where people are their own PSUs.

        Parameters
        ----------
        products : numpy.ndarray, shape (cells, cells)
            Σ scale_h z zᵀ over people.
        sums : numpy.ndarray, shape (strata, cells)
            Weighted totals by stratum.

        Notes
        -----
        V = Σ_h (1 − f_h) n_h / (n_h − 1) (Q_h − S_h S_hᵀ / n_h).
        """
        scaled = sums * np.sqrt(self.scale / self.sampled)[:, None]
        return self._with_lonely(products - scaled.T @ scaled, sums)

    def _with_lonely(self, covariance: Floats, sums: Floats) -> Floats:
        lonely = (self.sampled == 1) & (self.fraction < 1)
        if not lonely.any() or self.lonely_psu == "certainty":
            return covariance
        if self.lonely_psu == "average":
            return np.asarray(covariance * (len(lonely) / (len(lonely) - lonely.sum())))
        # The linearised values of a ratio add up to zero, so their grand mean is zero as well; R's
        # survey centres at zero as well.
        scaled = sums[lonely] * np.sqrt(1.0 - self.fraction[lonely])[:, None]
        return np.asarray(covariance + scaled.T @ scaled)


def compile_sampling(
    design: Design,
    in_design: npt.NDArray[np.bool_],
    stratum: Integers | None,
    psu: Integers | None,
    fpc: Floats | None,
) -> Sampling:
    """Count strata and PSUs over the people of the design, and refuse what has no variance.

    `stratum` and `psu` are codes by person, as `pandas.factorize` gives them; people outside
    the design may carry any code, -1 included.
    """
    if stratum is None:
        stratum, strata = np.where(in_design, 0, -1), 1
    else:
        used, stratum = _dense(np.where(in_design, stratum, -1))
        strata = len(used)
    stratum_of_psu = None
    if psu is None:
        unit_stratum = stratum
    else:
        if design.nest:
            psu = stratum * (psu.max() + 1) + psu
        psu = np.where(in_design, psu, -1)
        used, psu = _dense(psu)
        stratum_of_psu = np.zeros(len(used), dtype=np.int64)
        stratum_of_psu[psu[in_design]] = stratum[in_design]
        torn = len(np.unique(psu[in_design & (stratum_of_psu[psu] != stratum)]))
        if torn:
            raise DesignError(
                f"{torn} PSU(s) of column {design.psu!r} appear in more than one stratum of "
                f"{design.stratum!r}. If PSU numbers start again in every stratum, say nest=True; "
                "otherwise mend the columns."
            )
        unit_stratum = stratum_of_psu
    # People outside the design have the stratum -1.
    sampled = np.bincount(unit_stratum + 1, minlength=strata + 1)[1:]
    fraction = np.zeros(strata)
    if fpc is not None:
        fraction = _fractions(design, fpc[in_design], stratum[in_design], sampled)
    lonely = (sampled == 1) & (fraction < 1)
    if lonely.any() and design.lonely_psu == "fail":
        what = "PSU" if psu is not None else "person"
        where = f"column {design.stratum!r}" if design.stratum else "no stratum declared"
        raise DesignError(
            f"{int(lonely.sum())} of {strata} strata ({where}) hold a single {what}, so their "
            "variance cannot be estimated. Merge them with a neighbour, or choose "
            "lonely_psu='certainty', 'adjust' or 'average' in the Design."
        )
    if design.lonely_psu == "average" and lonely.all():
        raise DesignError("Every stratum holds a single PSU: there is no variance to average.")
    return Sampling(
        stratum=np.maximum(stratum, 0),
        psu=None if psu is None else np.maximum(psu, 0),
        stratum_of_psu=stratum_of_psu,
        sampled=sampled,
        fraction=fraction,
        lonely_psu=design.lonely_psu,
    )


def _dense(codes: Integers) -> tuple[Integers, Integers]:
    """Renumber the codes that occur as 0, 1, …; -1 stays -1."""
    used = np.unique(codes[codes >= 0])
    return used, np.where(codes >= 0, np.searchsorted(used, codes), -1)


def _fractions(design: Design, fpc: Floats, stratum: Integers, sampled: Integers) -> Floats:
    """Turn population sizes or fractions by person into one sampled fraction by stratum."""
    usable = np.isfinite(fpc) & (fpc > 0)
    low, high = np.full(len(sampled), np.inf), np.zeros(len(sampled))
    np.minimum.at(low, stratum[usable], fpc[usable])
    np.maximum.at(high, stratum[usable], fpc[usable])
    if not usable.all() or (low != high).any():
        raise DesignError(
            f"Column {design.fpc!r} must hold one positive number in each stratum, the number of "
            f"PSUs in its population or the sampled fraction: {int((~usable).sum())} people have "
            f"none, and {int((low < high).sum())} strata hold several values."
        )
    fraction = high if fpc.max() <= 1 else sampled / high
    if (fraction > 1).any():
        raise DesignError(
            f"Column {design.fpc!r}: {int((fraction > 1).sum())} strata have fewer PSUs in the "
            "population than in the sample. Give population counts, not sample counts."
        )
    return fraction
