"""Waves that asked other people: whose strata and PSUs are a wave's own, and whose are shared."""

from typing import NamedTuple

import numpy as np

from opinionpanel.arrays import Booleans, Integers
from opinionpanel.design.replicate_design import columns_text
from opinionpanel.design.sample_design import Design
from opinionpanel.errors import DesignError


class Units(NamedTuple):
    """Stratum and PSU of everyone, as codes; None where nobody named a column of them."""

    stratum: Integers | None
    psu: Integers | None


def by_sample(
    design: Design, units: Units, sample: Integers, inside: Booleans, waves: int
) -> tuple[Units, int, list[str]]:
    """Give each wave strata and PSUs of its own, but where PSUs are declared to be the same.

    Parameters
    ----------
    design : Design
    units : Units
    sample : numpy.ndarray of int, shape (people,)
        The place of everyone's wave.
    inside : numpy.ndarray of bool, shape (people,)
        Who has a positive weight.
    waves : int
        How many waves there are.

    Returns
    -------
    tuple
        The units, how many samples of their own there are, and what to note.

    Notes
    -----
    A wave that asked other people is a sample of its own: a stratum of the design is one at each
    wave, as in a file of the waves one below the other whose strata are crossed with the wave. The
    variance of a wave is then what its own file gives, and waves have no covariance. In PSUs that
    stay the same, waves vary together: the file of all waves is one sample of PSUs.
    """
    shared = _shared(units.psu, sample, inside)
    if design.same_psus:
        if waves > 1 and not shared:
            raise DesignError(
                f"same_psus=True, but no PSU of column {columns_text(design.psu)!r} stands at two "
                "waves. Write the names alike at every wave, or leave same_psus= out: each wave "
                "then has PSUs of its own."
            )
        return units, 1, []
    notes = []
    if shared:
        notes.append(
            f"psu {columns_text(design.psu)}: names of PSUs that stand at several waves: "
            f"{shared:,}. They count as other places at each. If they are the same, and each wave "
            "asked other people there, say same_psus=True in the Design: waves then vary together"
        )
    stratum = np.zeros_like(sample) if units.stratum is None else units.stratum
    psu = None if units.psu is None else units.psu * waves + sample
    return Units(stratum * waves + sample, psu), waves, notes


def _shared(psu: Integers | None, sample: Integers, inside: Booleans) -> int:
    """Count the PSUs that stand at more than one wave."""
    if psu is None:
        return 0
    pairs = np.unique(np.stack([psu[inside], sample[inside]]), axis=1)
    return int((np.unique(pairs[0], return_counts=True)[1] > 1).sum())
