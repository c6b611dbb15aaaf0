"""The sampling design as it is declared, in columns of the wave files."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Literal, cast

import numpy as np

from opinionpanel.arguments import called, checked
from opinionpanel.design.declared_columns import UnitColumns, check_units, check_weights
from opinionpanel.design.replicate_design import (
    Columns,
    ReplicateDesign,
    column_text,
    columns_text,
)
from opinionpanel.design.sample_kind import (
    Sample,
    check_sample,
    sample_text,
    undeclared_parts,
)
from opinionpanel.errors import DesignError, listing, shown
from opinionpanel.escaping import terminal_line

LonelyPsu = Literal["fail", "certainty", "adjust", "average"]
ResamplingKind = Literal["jk1", "jkn", "bootstrap"]


@called
@dataclass(frozen=True, kw_only=True)
class Design:
    """How the people of a panel were sampled, as columns of the wave files.

    Parameters
    ----------
    weight : str, dict or None
        The weight column: one name for all waves; or a dict with a name by wave and, where there
        are longitudinal weights, by ``(from wave, to wave)``; or None for no weights.
    stratum, psu : str or dict of str to str, optional
        Columns of the stratum and the primary sampling unit of recruitment: one name for all
        waves, or a name by wave. Without ``psu`` each person is a PSU.
    fpc : str or dict of str to str, optional
        Column, likewise, with the finite population: the number of PSUs in the stratum's
        population, or the sampled fraction where no value exceeds 1, which is that of the wave with
        the most PSUs of the stratum. Without ``psu`` it is the number of people. The fraction of a
        wave, or of a pair of waves, is that of the PSUs that count there; people lost inside them
        are not seen.
    nest : bool
        Whether PSU numbers start again in every stratum.
    same_psus : bool
        For waves that are samples of other people (``person=None``): whether PSUs of the same name
        are the same places at every wave, as in a fixed sample of settlements in which each wave
        draws other people. Waves then vary together, as in R's survey with the files one below
        the other. By default each wave has strata and PSUs of its own, whatever their names, and
        no covariance with another. The people of a panel keep their PSU anyway.
    lonely_psu : {"fail", "certainty", "adjust", "average"}
        A stratum with a single PSU: refuse; let it add no variance; centre it at the grand mean;
        let it add the average of the other strata.
    sample : {"probability", "nonprobability"}, optional
        How people came into the sample. For an opt-in panel say ``"nonprobability"``: captions
        then say that the intervals are model-based, and what they assume. Left out, captions say
        which of weight, strata and PSUs nobody declared, and that intervals are as for a simple
        random sample.

    Raises
    ------
    DesignError
        An option has an unknown value, or what should name a column is no name.

    Examples
    --------
    >>> print(Design(weight="wgt", stratum="region", psu="settlement"))
    Design: weight wgt; stratum region; psu settlement
    >>> print(Design(weight={"w1": "wgt1", ("w1", "w2"): "long12", "w2": None}))
    Design: weight wgt1 (w1), long12 (w1 → w2), none (w2); no strata or PSUs declared
    >>> print(Design(weight="wgt", sample="probability"))
    Design: weight wgt; people as PSUs; probability sample
    >>> print(Design(weight="wgt", stratum={"2016": "strat16", "2020": "strat20"}, psu="village"))
    Design: weight wgt; stratum strat16 (2016), strat20 (2020); psu village
    """

    weight: Columns | None
    stratum: UnitColumns = None
    psu: UnitColumns = None
    fpc: UnitColumns = None
    nest: bool = False
    same_psus: bool = False
    lonely_psu: LonelyPsu = "fail"
    sample: Sample | None = None

    def __post_init__(self) -> None:
        check_weights(self.weight)
        for role in ("stratum", "psu", "fpc"):
            columns = getattr(self, role)
            check_units(role, columns)
            if isinstance(columns, Mapping):
                object.__setattr__(self, role, dict(columns))
        if not isinstance(self.nest, (bool, np.bool_)):
            raise DesignError(
                f"nest says whether PSU numbers start again in every stratum: True or False, not "
                f"{shown(self.nest)}."
            )
        if not isinstance(self.same_psus, (bool, np.bool_)):
            raise DesignError(
                "same_psus says whether PSUs of the same name are the same places at every wave: "
                f"True or False, not {shown(self.same_psus)}."
            )
        if self.same_psus and self.psu is None:
            raise DesignError("same_psus=True speaks of PSUs: name their column, psu='…'.")
        rules = ("fail", "certainty", "adjust", "average")
        if not isinstance(self.lonely_psu, str) or self.lonely_psu not in rules:
            raise DesignError(
                f"lonely_psu must be one of {listing(rules)}: {shown(self.lonely_psu)}."
            )
        check_sample(self.sample)

    @called
    def as_replicates(
        self,
        kind: ResamplingKind,
        *,
        replicates: int | None = None,
        seed: int | None = None,
        mse: bool = False,
    ) -> "Resampling":
        """Make replicate weights from this design instead of linearising.

        Parameters
        ----------
        kind : {"jk1", "jkn", "bootstrap"}
            Leave out one PSU at a time, without strata or within them; or draw PSUs again, one
            fewer than there are in each stratum (the rescaled bootstrap of Rao and Wu).
        replicates : int, optional
            How many bootstrap replicates; by default 500. A jackknife has one for each PSU.
        seed : int, optional
            Of the bootstrap's draws; by default 1, so that the figures come out the same again.
        mse : bool
            Deviations from the full-sample estimate rather than from the mean of the replicates.

        Returns
        -------
        Resampling
            A design to build a panel with. The panel's own `design` is then a `ReplicateDesign`
            that shows the constants.

        Raises
        ------
        DesignError
            The kind is unknown or cannot have these strata, single-PSU strata are to be adjusted
            or averaged, the number of replicates or the seed is impossible, or either is given for
            a jackknife.

        Examples
        --------
        >>> print(Design(weight="wgt", stratum="region", psu="village").as_replicates("jkn"))
        Design: weight wgt; jkn replicates made from stratum region, psu village
        """
        kind = cast("ResamplingKind", str(kind).lower())
        if kind in ("jk1", "jkn") and (replicates is not None or seed is not None):
            raise DesignError(
                "replicates= and seed= belong to the bootstrap: a jackknife has one replicate for "
                "each PSU and draws nothing. Leave them out."
            )
        drawn = 500 if replicates is None else replicates
        return Resampling(self, kind, drawn, 1 if seed is None else seed, mse)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """What nobody declared, of weight, strata and PSUs; nothing where `sample` is declared."""
        return undeclared_parts(
            self.sample,
            weight=self.weight is not None,
            stratum=self.stratum is not None,
            psu=self.psu is not None,
        )

    @checked
    def weight_text(self, key: Hashable) -> str:
        """Name the weight of a wave or a pair in words."""
        return column_text(self.weight, key)

    def __str__(self) -> str:
        units = [part for part in self.undeclared if part != "weight"]
        parts = [
            f"weight {columns_text(self.weight)}",
            *_units(self, "" if "PSUs" in units else "people as PSUs"),
            "the same PSUs at every wave" if self.same_psus else "",
            f"single-PSU strata: {self.lonely_psu}" if self.lonely_psu != "fail" else "",
            f"no {' or '.join(units)} declared" if units else "",
            sample_text(self.sample),
        ]
        return terminal_line("Design: " + "; ".join(part for part in parts if part))


# More replicates take days, and tell no more.
MOST_REPLICATES = 100_000


@dataclass(frozen=True, repr=False)
class Resampling:
    """Replicate weights to be made from a design: what `Design.as_replicates` returns.

    Attributes
    ----------
    design : Design
        The design that the replicates are made from.
    kind : {"jk1", "jkn", "bootstrap"}
        Leave out one PSU at a time, without strata or within them; or draw PSUs again.
    replicates, seed : int
        Of the bootstrap: how many, and where its draws begin; a jackknife does not use them.
    mse : bool
        Deviations from the full-sample estimate rather than from the mean of the replicates.
    """

    design: Design
    kind: ResamplingKind
    replicates: int
    seed: int
    mse: bool

    def __post_init__(self) -> None:
        kinds = ("jk1", "jkn", "bootstrap")
        if self.kind not in kinds:
            raise DesignError(
                f"Unknown kind of replicates {self.kind!r}. as_replicates makes {listing(kinds)}."
            )
        if self.kind == "jk1" and self.design.stratum:
            raise DesignError(
                f"jk1 knows no strata, and the design has stratum={self.design.stratum!r}. Use "
                "as_replicates('jkn')."
            )
        if self.design.lonely_psu in ("adjust", "average"):
            raise DesignError(
                f"lonely_psu={self.design.lonely_psu!r} is a rule for linearised variances: no "
                "replicate can be made of a single PSU. Merge such strata with a neighbour, or "
                "say lonely_psu='certainty'."
            )
        if not isinstance(self.mse, (bool, np.bool_)):
            raise DesignError(f"mse must be True or False, not {shown(self.mse)}.")
        many = _whole(self.replicates, MOST_REPLICATES + 1)
        if many or not _whole(self.replicates, 2) or not _whole(self.seed, 0):
            raise DesignError(
                f"replicates must be a whole number from 2 to {MOST_REPLICATES:,}, and seed one of "
                f"at least 0, not {self.replicates!r} and {self.seed!r}."
            )

    @property
    def weight(self) -> Columns | None:
        """The weight columns of the design."""
        return self.design.weight

    @property
    def sample(self) -> Sample | None:
        """How the design was sampled."""
        return self.design.sample

    def weight_text(self, key: Hashable) -> str:
        """Name the weight of a wave or a pair in words."""
        return self.design.weight_text(key)

    @property
    def origin(self) -> str:
        """What the replicates are made from, in words."""
        seed = [f"seed {self.seed}"] if self.kind == "bootstrap" else []
        return f"made from {', '.join([*_units(self.design, 'people as PSUs'), *seed])}"

    def __str__(self) -> str:
        count = f"{self.replicates} " if self.kind == "bootstrap" else ""
        parts = [
            f"weight {columns_text(self.weight)}",
            f"{count}{self.kind} replicates {self.origin}{', mse' if self.mse else ''}",
            sample_text(self.sample),
        ]
        return terminal_line("Design: " + "; ".join(part for part in parts if part))

    __repr__ = __str__


# What a panel holds, and what may be declared for one.
CompiledDesign = Design | ReplicateDesign
AnyDesign = Design | ReplicateDesign | Resampling


def has_same_psus(design: AnyDesign) -> bool:
    """Tell whether a design declares that PSUs of the same name are the same at every wave."""
    declared = design.design if isinstance(design, Resampling) else design
    return isinstance(declared, Design) and bool(declared.same_psus)


def _units(design: Design, people: str) -> list[str]:
    """Name stratum, PSU and population; `people` says what stands for a PSU that has no column."""
    parts = [
        f"stratum {columns_text(design.stratum)}" if design.stratum else "",
        f"psu {columns_text(design.psu)}" if design.psu else people,
        f"fpc {columns_text(design.fpc)}" if design.fpc else "",
    ]
    return [part for part in parts if part]


def _whole(value: object, least: int) -> bool:
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    return whole and int(value) >= least  # type: ignore[call-overload]
