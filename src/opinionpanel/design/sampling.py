"""The design of one panel, compiled: strata and PSUs, and from cell totals to their covariance."""

from dataclasses import dataclass, field
from uuid import uuid4

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design.replicate_design import columns_text
from opinionpanel.design.sample_design import Design, LonelyPsu
from opinionpanel.engines import PersonColumn, renumbered
from opinionpanel.errors import DesignError
from opinionpanel.phrases import Phrase, in_a_row


def new_mark() -> str:
    """Mark people who were drawn: no two panels that are made share a mark."""
    return uuid4().hex


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
    sampled : numpy.ndarray of int, shape (strata,)
        Sampled PSUs (or people), over everyone with a positive weight at any wave.
    population : numpy.ndarray, shape (strata,)
        PSUs (or people) in the population of the stratum; infinite where none was declared.
    lonely_psu : str
        The rule of `Design` for strata with one PSU.
    fractions : bool
        The populations were declared as sampled fractions.
    samples : int
        How many waves are samples of their own, with strata and PSUs of their own; 1 where they
        are not.
    mark : str
        Tells the people from those of another panel; what narrows or reweights a panel keeps it.
    """

    stratum: PersonColumn
    psu: PersonColumn | None
    stratum_of_psu: Integers | None
    sampled: Integers
    population: Floats
    lonely_psu: LonelyPsu
    fractions: bool
    samples: int = 1
    mark: str = field(default_factory=new_mark, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The design in words, for captions."""
        strata, number = len(self.sampled), int(self.sampled.sum())
        units = Phrase("{n} PSUs", n=number)
        if self.psu is None:
            units = Phrase("{n} people as PSUs", n=number)
        # A wave that is a sample of its own is no stratum that anybody declared.
        declared = strata > self.samples
        return in_a_row([Phrase("{n} strata", n=strata), units]) if declared else units

    @property
    def finite(self) -> bool:
        """Whether any stratum has a population that was declared."""
        return bool(np.isfinite(self.population).any())

    @property
    def fraction(self) -> Floats:
        """The part of its population that each stratum sampled over all waves, at most all."""
        return np.minimum(self.sampled / self.population, 1.0)

    @property
    def units(self) -> tuple[PersonColumn, int]:
        """The PSU of each person and their number; strata where people are their own PSUs."""
        if self.psu is None or self.stratum_of_psu is None:
            return self.stratum, len(self.sampled)
        return self.psu, len(self.stratum_of_psu)


@dataclass(frozen=True, eq=False)
class Replication:
    """The constants of a panel's replicate weights.

    Parameters
    ----------
    kind : str
        The method's name; "" where it is not known.
    scale, mse
        As in `ReplicateDesign`.
    rscales : numpy.ndarray, shape (replicates,)
    df : float or None
        Declared degrees of freedom.
    sampling : Sampling or None
        The design that they were made from, where waves are samples of their own of a finite
        population: the replicates know nothing of it, and what each estimate rests on decides.
    stratum : numpy.ndarray of int, shape (replicates,), or None
        The one stratum that each replicate then changes.
    factors : numpy.ndarray, shape (PSUs, replicates), or None
        By what each replicate then multiplies the weights of each PSU.
    unit : numpy.ndarray of int, shape (people,), or None
        The PSU of each person, as a row of `factors`.
    apart : bool
        Waves are samples of their own, so that replicates of one say nothing of another.
    sample : numpy.ndarray of int, shape (replicates,), or None
        The wave whose people each replicate then changes; None where it changes those of all.
    mark : str
        As in `Sampling`.
    """

    kind: str
    scale: float
    rscales: Floats
    mse: bool
    df: float | None
    sampling: Sampling | None = None
    stratum: Integers | None = None
    factors: Floats | None = None
    unit: PersonColumn | None = None
    apart: bool = False
    sample: Integers | None = None
    mark: str = field(default_factory=new_mark, repr=False)

    @property
    def text(self) -> str:
        """The design in words, for captions."""
        if not self.kind:
            return Phrase("{n} replicate weights", n=len(self.rscales))
        return Phrase("{n} {kind} replicate weights", n=len(self.rscales), kind=self.kind)


AnySampling = Sampling | Replication


def compile_sampling(
    design: Design,
    in_design: Booleans,
    stratum: Integers | None,
    psu: Integers | None,
    fpc: Floats | None,
    times: Integers | None = None,
) -> Sampling:
    """Count strata and PSUs over the people of the design, and refuse what has no variance.

    `stratum` and `psu` are codes by person, as `pandas.factorize` gives them; people outside
    the design may carry any code, -1 included. `times` says how many people each place stands
    for; by default one.
    """
    if stratum is None:
        stratum, strata = np.where(in_design, 0, -1), 1
    else:
        used, stratum = renumbered(np.where(in_design, stratum, -1))
        strata = len(used)
    stratum_of_psu = None
    if psu is None:
        unit_stratum = stratum
    else:
        if design.nest:
            psu = stratum * (psu.max() + 1) + psu
        psu = np.where(in_design, psu, -1)
        used, psu = renumbered(psu)
        stratum_of_psu = np.zeros(len(used), dtype=np.int64)
        stratum_of_psu[psu[in_design]] = stratum[in_design]
        torn = len(np.unique(psu[in_design & (stratum_of_psu[psu] != stratum)]))
        if torn:
            raise DesignError(
                f"{torn} PSU(s) of column {columns_text(design.psu)!r} appear in more than one "
                f"stratum of {columns_text(design.stratum)!r}. If PSU numbers start again in every "
                "stratum, say nest=True; otherwise mend the columns."
            )
        unit_stratum = stratum_of_psu
    units = times if psu is None else None
    # People outside the design have the stratum -1.
    sampled = np.bincount(unit_stratum + 1, units, minlength=strata + 1)[1:].astype(np.int64)
    population, fractions = np.full(strata, np.inf), False
    if fpc is not None:
        people = None if times is None else times[in_design]
        population = _one_number(design, fpc[in_design], stratum[in_design], strata, people)
        fractions = bool(population.max() <= 1)
        if fractions:
            population = sampled / population
    lonely = (sampled == 1) & (population > 1)
    if lonely.any() and design.lonely_psu == "fail":
        what = "PSU" if psu is not None else "person"
        where = (
            f"column {columns_text(design.stratum)!r}" if design.stratum else "no stratum declared"
        )
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
        population=population,
        lonely_psu=design.lonely_psu,
        fractions=fractions,
    )


def _one_number(
    design: Design, fpc: Floats, stratum: Integers, strata: int, times: Integers | None
) -> Floats:
    """Find the population size or sampled fraction of each stratum, from everyone's."""
    usable = np.isfinite(fpc) & (fpc > 0)
    low, high = np.full(strata, np.inf), np.zeros(strata)
    np.minimum.at(low, stratum[usable], fpc[usable])
    np.maximum.at(high, stratum[usable], fpc[usable])
    if not usable.all() or (low != high).any():
        without = int((~usable).sum() if times is None else times[~usable].sum())
        raise DesignError(
            f"Column {columns_text(design.fpc)!r} must hold one positive number in each stratum, "
            f"the number of PSUs in its population or the sampled fraction: {without} people have "
            f"none, and {int((low < high).sum())} strata hold several values."
        )
    return high
