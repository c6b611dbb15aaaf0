"""Replicate weights as they are declared: their columns and the constants of their method."""

import difflib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NotRequired, TypedDict, Unpack

import numpy as np

from opinionpanel.arguments import as_numbers, called, checked
from opinionpanel.design.declared_columns import check_weights
from opinionpanel.design.sample_kind import Sample, check_sample, sample_text, undeclared_parts
from opinionpanel.errors import DesignError, listing, shown
from opinionpanel.escaping import terminal_line

Columns = str | Mapping[Hashable, str | None]
AnyColumns = Columns | Mapping[str, str]
Replicated = str | Sequence[str] | Mapping[Hashable, str | Sequence[str]]
# Methods whose scale is known, some by the number of replicates and Fay's by its rho.
_KINDS = ("BRR", "Fay", "JK1", "JK2", "JKn", "bootstrap", "SDR")


class ReplicateColumns(TypedDict):
    """What every kind of replicate design is given; see `ReplicateDesign`."""

    weight: Columns
    replicates: Replicated
    mse: NotRequired[bool]
    df: NotRequired[float | None]
    sample: NotRequired[Sample | None]


@checked
@dataclass(frozen=True, kw_only=True, repr=False)
class ReplicateDesign:
    """A design that the survey house delivers as replicate weights.

    The class methods ``brr fay jk1 jkn bootstrap sdr`` set the constants of the common methods; a
    wrong one is silently wrong by 30 %, so the panel's design shows them.

    Parameters
    ----------
    weight : str, dict or None
        The weight column: one name for all waves; or a dict with a name by wave and, where there
        are longitudinal weights, by ``(from wave, to wave)``. None only where `made` says so.
    replicates : str, list of str, or dict
        The replicate columns: a list, or a pattern with ``*`` for the number, such as ``"rep_*"``;
        or a dict by wave, and by ``(from wave, to wave)``, of either.
    scale : float, optional
        The constant of the method, by which squared deviations are multiplied. Only for a `kind`
        that determines it may it be left out; it is then known when the columns are counted.
    rscales : float or sequence of float, optional
        A further constant for each replicate, or one for all; 0 for a replicate that adds nothing.
    mse : bool, optional
        Deviations from the full-sample estimate rather than from the mean of the replicates; by
        default only for SDR.
    kind : str
        The method: BRR, Fay, JK1, JK2, JKn, bootstrap, SDR, in small or capital letters; or any
        other name, for captions.
    rho : float
        Fay's constant, between 0 and 1: replicates multiply weights by rho and 2 - rho. 0, the
        default, for every other method.
    df : float, optional
        The most degrees of freedom there are, for example PSUs minus strata where the manual says
        so. Without it, and below it, the rank of the replicate weights in the domain less one, as
        in R's survey.
    sample : {"probability", "nonprobability"}, optional
        How people came into the sample. For an opt-in panel say ``"nonprobability"``: captions then
        say that the intervals are model-based, and what they assume.
    made : str
        Set by a panel that made the replicates itself: what they were made from.

    Raises
    ------
    DesignError
        A constant is impossible or missing, or no replicate is named.

    Notes
    -----
    V = scale Σ_r rscales_r (θ_r − c)², with θ_r the estimate under replicate r and c the mean of
    them or, with ``mse``, the estimate itself (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> print(ReplicateDesign(weight="wgt", replicates="rep_*", scale=0.05))
    Design: weight wgt; replicates rep_* (scale 0.05, rscales 1)
    """

    weight: Columns | None
    replicates: Replicated
    scale: float | None = None
    rscales: float | Sequence[float] | None = None
    mse: bool | None = None
    kind: str = ""
    rho: float = 0.0
    df: float | None = None
    sample: Sample | None = None
    made: str = ""

    def __post_init__(self) -> None:
        _check_numbers(self.scale, self.rscales, self.df, self.rho)
        check_sample(self.sample)
        check_weights(self.weight)
        if not self.made and not (self.weight and len(self.replicates)):
            raise DesignError("A replicate design needs a weight column and replicate columns.")
        if not isinstance(self.kind, str):
            raise DesignError(f"kind is the name of the method, not {self.kind!r}.")
        object.__setattr__(self, "kind", _known_kind(self.kind))
        object.__setattr__(self, "mse", self.kind == "SDR" if self.mse is None else bool(self.mse))
        if self.kind == "JKn" and self.rscales is None:
            raise DesignError(
                "JKn needs rscales, (n_h - 1)/n_h for every replicate; ReplicateDesign.jkn makes "
                "them of stratum_sizes. Where all are 1 the method is JK2."
            )
        if self.scale is None and self.kind not in _KINDS:
            raise DesignError(
                "A replicate design needs the scale of its method, from the survey's manual, or a "
                f"kind that determines it: {listing(_KINDS)}. ReplicateDesign.brr, fay, "
                "jk1, jkn, bootstrap and sdr know theirs."
            )
        without = self.kind == "Fay" and self.scale is None and self.rho == 0
        if not 0 <= self.rho < 1 or without or (self.rho > 0 and self.kind != "Fay"):
            raise DesignError(
                f"rho is {self.rho!r}: Fay's method needs one between 0 and 1 (with 0 it is BRR: "
                "ReplicateDesign.brr), and no other method has one."
            )
        rscales = np.atleast_1d(1.0 if self.rscales is None else np.asarray(self.rscales, float))
        positive = [value for value in (self.scale, self.df) if value is not None]
        if (
            not all(0 < value < np.inf for value in positive)
            or not (np.isfinite(rscales) & (rscales >= 0)).all()
            or rscales.ndim != 1
            or not rscales.any()
        ):
            raise DesignError(
                "scale, rscales and df must be positive numbers (single rscales may be 0); see the "
                "survey's manual."
            )

    @classmethod
    @called
    def brr(cls, **columns: Unpack[ReplicateColumns]) -> "ReplicateDesign":
        """Balanced repeated replication, half of every pair of PSUs at a time: scale 1/R.

        Parameters
        ----------
        weight : str, dict or None
            The weight column: one name for all waves; or a dict with a name by wave and, where
            there are longitudinal weights, by ``(from wave, to wave)``.
        replicates : str, list of str, or dict
            The replicate columns: a list, or a pattern with ``*`` for the number, such as
            ``"rep_*"``; or a dict by wave, and by ``(from wave, to wave)``, of either.
        mse : bool, optional
            Deviations from the full-sample estimate rather than from the mean of the replicates; by
            default False.
        df : float, optional
            The most degrees of freedom there are, for example PSUs minus strata where the manual
            says so. By default, and below it, the rank of the replicate weights in the base, less
            one.
        sample : {"probability", "nonprobability"}, optional
            How people came into the sample; captions of ``"nonprobability"`` say that intervals are
            model-based.

        Returns
        -------
        ReplicateDesign
            With the constants of the method; those that depend on R, the number of replicates, are
            filled in when the panel is built.

        Raises
        ------
        DesignError
            A constant is impossible, or no replicate is named.

        Notes
        -----
        V = Σ_r (θ_r − c)² / R, with θ_r the estimate under replicate r and c the mean of them or,
        with ``mse=True``, the estimate itself (Wolter 2007, Introduction to Variance Estimation,
        ch. 3).

        Examples
        --------
        >>> print(ReplicateDesign.brr(weight="wgt", replicates="rep_*"))
        Design: weight wgt; replicates rep_* (BRR, scale by R, rscales 1)
        """
        return cls(kind="BRR", **columns)

    @classmethod
    @checked
    def fay(cls, *, rho: float, **columns: Unpack[ReplicateColumns]) -> "ReplicateDesign":
        """Fay's balanced replication, weights times rho and 2 − rho: scale 1/(R(1 − rho)²).

        Parameters
        ----------
        weight : str, dict or None
            The weight column: one name for all waves; or a dict with a name by wave and, where
            there are longitudinal weights, by ``(from wave, to wave)``.
        replicates : str, list of str, or dict
            The replicate columns: a list, or a pattern with ``*`` for the number, such as
            ``"rep_*"``; or a dict by wave, and by ``(from wave, to wave)``, of either.
        rho : float
            Fay's constant, between 0 and 1: replicates multiply weights by rho and 2 − rho.
        mse : bool, optional
            Deviations from the full-sample estimate rather than from the mean of the replicates; by
            default False.
        df : float, optional
            The most degrees of freedom there are, for example PSUs minus strata where the manual
            says so. By default, and below it, the rank of the replicate weights in the base, less
            one.
        sample : {"probability", "nonprobability"}, optional
            How people came into the sample; captions of ``"nonprobability"`` say that intervals are
            model-based.

        Returns
        -------
        ReplicateDesign
            With the constants of the method; those that depend on R, the number of replicates, are
            filled in when the panel is built.

        Raises
        ------
        DesignError
            A constant is impossible, or no replicate is named.

        Notes
        -----
        V = Σ_r (θ_r − c)² / (R (1 − ρ)²), with θ_r the estimate under replicate r and c the mean of
        them or, with ``mse=True``, the estimate itself (Judkins 1990, Journal of Official
        Statistics 6).

        Examples
        --------
        >>> print(ReplicateDesign.fay(weight="w", replicates="rep_*", rho=0.3))
        Design: weight w; replicates rep_* (Fay, rho 0.3, scale by R, rscales 1)
        """
        return cls(kind="Fay", rho=rho, **columns)

    @classmethod
    @called
    def jk1(cls, **columns: Unpack[ReplicateColumns]) -> "ReplicateDesign":
        """Jackknife without strata, one PSU left out at a time: scale (R − 1)/R.

        Parameters
        ----------
        weight : str, dict or None
            The weight column: one name for all waves; or a dict with a name by wave and, where
            there are longitudinal weights, by ``(from wave, to wave)``.
        replicates : str, list of str, or dict
            The replicate columns: a list, or a pattern with ``*`` for the number, such as
            ``"rep_*"``; or a dict by wave, and by ``(from wave, to wave)``, of either.
        mse : bool, optional
            Deviations from the full-sample estimate rather than from the mean of the replicates; by
            default False.
        df : float, optional
            The most degrees of freedom there are, for example PSUs minus strata where the manual
            says so. By default, and below it, the rank of the replicate weights in the base, less
            one.
        sample : {"probability", "nonprobability"}, optional
            How people came into the sample; captions of ``"nonprobability"`` say that intervals are
            model-based.

        Returns
        -------
        ReplicateDesign
            With the constants of the method; those that depend on R, the number of replicates, are
            filled in when the panel is built.

        Raises
        ------
        DesignError
            A constant is impossible, or no replicate is named.

        Notes
        -----
        V = (R − 1) / R Σ_r (θ_r − c)², with θ_r the estimate under replicate r and c the mean of
        them or, with ``mse=True``, the estimate itself (Wolter 2007, Introduction to Variance
        Estimation, ch. 4).

        Examples
        --------
        >>> print(ReplicateDesign.jk1(weight="w", replicates="rep_*"))
        Design: weight w; replicates rep_* (JK1, scale by R, rscales 1)
        """
        return cls(kind="JK1", **columns)

    @classmethod
    @checked
    def jkn(
        cls,
        *,
        rscales: float | Sequence[float] | None = None,
        stratum_sizes: Sequence[int] | None = None,
        **columns: Unpack[ReplicateColumns],
    ) -> "ReplicateDesign":
        """Jackknife within strata: scale 1, rscales (n_h − 1)/n_h; for JK2 they are 1.

        Parameters
        ----------
        weight : str, dict or None
            The weight column: one name for all waves; or a dict with a name by wave and, where
            there are longitudinal weights, by ``(from wave, to wave)``.
        replicates : str, list of str, or dict
            The replicate columns: a list, or a pattern with ``*`` for the number, such as
            ``"rep_*"``; or a dict by wave, and by ``(from wave, to wave)``, of either.
        rscales : float or sequence of float, optional
            The constant of each replicate, or one for all: ``rscales=1`` for JK2.
        stratum_sizes : sequence of int, optional
            Instead of `rscales`: the number of PSUs of each stratum, where there is a replicate for
            each PSU, stratum by stratum.
        mse : bool, optional
            Deviations from the full-sample estimate rather than from the mean of the replicates; by
            default False.
        df : float, optional
            The most degrees of freedom there are, for example PSUs minus strata where the manual
            says so. By default, and below it, the rank of the replicate weights in the base, less
            one.
        sample : {"probability", "nonprobability"}, optional
            How people came into the sample; captions of ``"nonprobability"`` say that intervals are
            model-based.

        Returns
        -------
        ReplicateDesign
            With the constants of the method; those that depend on R, the number of replicates, are
            filled in when the panel is built.

        Raises
        ------
        DesignError
            A constant is impossible, or no replicate is named.

        Notes
        -----
        V = Σ_r (n_h − 1) / n_h (θ_r − c)², with n_h the PSUs of the stratum that replicate r leaves
        one out of, θ_r the estimate under it and c the mean of them or, with ``mse=True``, the
        estimate itself (Wolter 2007, Introduction to Variance Estimation, ch. 4).

        Examples
        --------
        >>> print(ReplicateDesign.jkn(weight="w", replicates="rep_*", stratum_sizes=[2, 4]))
        Design: weight w; replicates rep_* (JKn, scale 1, rscales 0.5 to 0.75)
        """
        if (rscales is None) == (stratum_sizes is None):
            raise DesignError(
                "jkn needs either rscales, (n_h - 1)/n_h for every replicate (1 for JK2), or "
                "stratum_sizes, the number of PSUs of each stratum in the order of the replicates."
            )
        if stratum_sizes is not None:
            sizes = np.asarray(stratum_sizes)
            if sizes.ndim != 1 or sizes.dtype.kind not in "iu" or not (sizes >= 2).all():
                raise DesignError("stratum_sizes must be whole numbers of at least 2.")
            rscales = tuple(np.repeat((sizes - 1) / sizes, sizes).tolist())
        return cls(kind="JKn", scale=1.0, rscales=rscales, **columns)

    @classmethod
    @called
    def bootstrap(cls, **columns: Unpack[ReplicateColumns]) -> "ReplicateDesign":
        """Bootstrap: scale 1/(R − 1) about the mean of the replicates, as in R's survey.

        Some houses divide by R: then give ``scale`` to the class itself.

        Parameters
        ----------
        weight : str, dict or None
            The weight column: one name for all waves; or a dict with a name by wave and, where
            there are longitudinal weights, by ``(from wave, to wave)``.
        replicates : str, list of str, or dict
            The replicate columns: a list, or a pattern with ``*`` for the number, such as
            ``"rep_*"``; or a dict by wave, and by ``(from wave, to wave)``, of either.
        mse : bool, optional
            Deviations from the full-sample estimate rather than from the mean of the replicates; by
            default False.
        df : float, optional
            The most degrees of freedom there are, for example PSUs minus strata where the manual
            says so. By default, and below it, the rank of the replicate weights in the base, less
            one.
        sample : {"probability", "nonprobability"}, optional
            How people came into the sample; captions of ``"nonprobability"`` say that intervals are
            model-based.

        Returns
        -------
        ReplicateDesign
            With the constants of the method; those that depend on R, the number of replicates, are
            filled in when the panel is built.

        Raises
        ------
        DesignError
            A constant is impossible, or no replicate is named.

        Notes
        -----
        V = Σ_r (θ_r − c)² / (R − 1), with θ_r the estimate under replicate r and c the mean of them
        or, with ``mse=True``, the estimate itself (Rao, Wu & Yue 1992, Survey Methodology 18).

        Examples
        --------
        >>> print(ReplicateDesign.bootstrap(weight="w", replicates="rep_*"))
        Design: weight w; replicates rep_* (bootstrap, scale by R, rscales 1)
        """
        return cls(kind="bootstrap", **columns)

    @classmethod
    @called
    def sdr(cls, **columns: Unpack[ReplicateColumns]) -> "ReplicateDesign":
        """Successive differences: scale 4/R about the full-sample estimate (mse).

        Parameters
        ----------
        weight : str, dict or None
            The weight column: one name for all waves; or a dict with a name by wave and, where
            there are longitudinal weights, by ``(from wave, to wave)``.
        replicates : str, list of str, or dict
            The replicate columns: a list, or a pattern with ``*`` for the number, such as
            ``"rep_*"``; or a dict by wave, and by ``(from wave, to wave)``, of either.
        mse : bool, optional
            Deviations from the full-sample estimate rather than from the mean of the replicates; by
            default True.
        df : float, optional
            The most degrees of freedom there are, for example PSUs minus strata where the manual
            says so. By default, and below it, the rank of the replicate weights in the base, less
            one.
        sample : {"probability", "nonprobability"}, optional
            How people came into the sample; captions of ``"nonprobability"`` say that intervals are
            model-based.

        Returns
        -------
        ReplicateDesign
            With the constants of the method; those that depend on R, the number of replicates, are
            filled in when the panel is built.

        Raises
        ------
        DesignError
            A constant is impossible, or no replicate is named.

        Notes
        -----
        V = 4 / R Σ_r (θ_r − c)², with θ_r the estimate under replicate r and c the full-sample
        estimate or, with ``mse=False``, the mean of the replicates (Fay & Train 1995, Proceedings
        of the Section on Government Statistics, American Statistical Association).

        Examples
        --------
        >>> print(ReplicateDesign.sdr(weight="w", replicates="rep_*"))
        Design: weight w; replicates rep_* (SDR, scale by R, rscales 1, mse)
        """
        return cls(kind="SDR", **columns)

    @checked
    def with_constants(self, replicates: int) -> "ReplicateDesign":
        """Fill in the constants that depend on the number of replicates."""
        scale = self.scale
        if scale is None:
            scale = {
                "BRR": 1 / replicates,
                "Fay": 1 / (replicates * (1 - self.rho) ** 2),
                "JK1": (replicates - 1) / replicates,
                "JK2": 1.0,
                "JKn": 1.0,
                "bootstrap": 1 / (replicates - 1),
                "SDR": 4 / replicates,
            }[self.kind]
        given = 1.0 if self.rscales is None else self.rscales
        rscales = np.broadcast_to(given, replicates) if np.ndim(given) == 0 else np.asarray(given)
        if len(rscales) != replicates:
            raise DesignError(
                f"There are {replicates:,} replicates and {len(rscales):,} rscales. Give one "
                "number for each replicate, in their order; stratum_sizes add up to their number."
            )
        return replace(self, scale=scale, rscales=tuple(rscales.astype(float).tolist()))

    @checked
    def replicates_at(self, key: Hashable) -> list[str]:
        """List the replicate columns, or patterns, of the weight of a wave or of a pair of waves.

        Parameters
        ----------
        key : str or (str, str)
            A wave, or a pair of waves.

        Returns
        -------
        list of str
            Empty where there are no replicates.

        Raises
        ------
        ArgumentError
            What is neither a wave nor a pair of waves.

        Examples
        --------
        >>> ReplicateDesign.sdr(weight="w", replicates="rep_*").replicates_at("May")
        ['rep_*']
        """
        named = self.replicates
        if isinstance(named, Mapping):
            named = named.get(key, ())
        return [named] if isinstance(named, str) else list(named)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """As in `Design`; replicates carry the strata and PSUs in them."""
        weighted = self.weight is not None
        return undeclared_parts(self.sample, weight=weighted, stratum=True, psu=True)

    @checked
    def weight_text(self, key: Hashable) -> str:
        """Name the weight of a wave or a pair in words."""
        return column_text(self.weight, key)

    def __str__(self) -> str:
        by_key = self.replicates if isinstance(self.replicates, Mapping) else {"": self.replicates}
        names = [self.replicates_at(key) for key in by_key]
        texts = [part[0] if len(part) == 1 else f"{len(part)} columns" for part in names]
        rscales = np.atleast_1d(1.0 if self.rscales is None else np.asarray(self.rscales))
        low, high = f"{rscales.min():g}", f"{rscales.max():g}"
        constants = [
            self.kind,
            f"rho {self.rho:g}" if self.rho else "",
            "scale by R" if self.scale is None else f"scale {self.scale:g}",
            f"rscales {low}" if low == high else f"rscales {low} to {high}",
            "mse" if self.mse else "",
        ]
        parts = [
            f"weight {columns_text(self.weight)}",
            f"replicates {self.made or ', '.join(texts)} "
            f"({', '.join(part for part in constants if part)})",
            sample_text(self.sample),
        ]
        return terminal_line("Design: " + "; ".join(part for part in parts if part))

    __repr__ = __str__


def _check_numbers(*constants: object) -> None:
    for constant in constants:
        if constant is not None and as_numbers(constant) is None:
            raise DesignError(
                f"scale, rscales, df and rho are numbers, not {shown(constant)}; see the survey's "
                "manual."
            )


def _known_kind(kind: str) -> str:
    """Spell a known method as captions do; refuse what looks like one with a slip in it."""
    spelled = {name.lower(): name for name in _KINDS}
    near = difflib.get_close_matches(kind.lower(), spelled, n=1, cutoff=0.8)
    if near and near[0] != kind.lower():
        raise DesignError(
            f"Unknown kind of replicates {kind!r}. Did you mean {spelled[near[0]]!r}?"
        )
    return spelled.get(kind.lower(), kind)


def column_text(weight: AnyColumns | None, key: Any) -> str:
    """Name the column of a wave or a pair; "none" for none."""
    column = weight.get(key) if isinstance(weight, Mapping) else weight
    return "none" if column is None else str(column)


def columns_text(weight: AnyColumns | None) -> str:
    """Name all columns of weights or units, with the waves they are for."""
    if not isinstance(weight, Mapping):
        return column_text(weight, "")
    return ", ".join(f"{column_text(weight, key)} ({key_text(key)})" for key in weight)


def key_text(key: Hashable) -> str:
    """Name a wave, or a pair of waves, in words."""
    return " → ".join(key) if isinstance(key, tuple) else str(key)
