"""How people were drawn, in words for captions: what was declared, and what nobody declared."""

from typing import NamedTuple

from opinionpanel.design.sample_design import CompiledDesign, Design
from opinionpanel.design.sampling import AnySampling, Sampling
from opinionpanel.phrases import Phrase


class SamplingWords(NamedTuple):
    """What captions say of a sampling.

    Attributes
    ----------
    undeclared : tuple of str
        What nobody declared, of "weight", "strata" and "PSUs".
    drawn : str
        The sampling that intervals rest on: strata and PSUs, or a simple random sample.
    population : {"people", "PSUs", ""}
        What a finite population was declared of. Not said where weights were calibrated: a known
        margin has no error either.
    """

    undeclared: tuple[str, ...]
    drawn: str
    population: str


def sampling_words(
    design: CompiledDesign, sampling: AnySampling, *, reweighted: bool, independent: bool = False
) -> SamplingWords:
    """Describe a sampling; people may be `reweighted` though nobody declared a weight.

    `independent` waves are samples of other people.
    """
    undeclared = tuple(part for part in design.undeclared if part != "weight" or not reweighted)
    population = ""
    if isinstance(design, Design) and design.fpc and not reweighted:
        population = "people" if design.psu is None else "PSUs"
    drawn = _drawn(sampling, undeclared)
    if independent:
        drawn = Phrase("{drawn}, of other people at each wave", drawn=drawn)
    return SamplingWords(undeclared, drawn, population)


def _drawn(sampling: AnySampling, undeclared: tuple[str, ...]) -> str:
    """Name what intervals rest on where strata, PSUs or both were not declared."""
    open_units = {"strata", "PSUs"} & set(undeclared)
    if not isinstance(sampling, Sampling) or not open_units:
        return sampling.text
    if open_units == {"strata"}:
        return Phrase("a simple random sample of {units}", units=sampling.text)
    if open_units == {"PSUs"}:
        return Phrase("simple random samples of people in {n} strata", n=len(sampling.sampled))
    return Phrase("a simple random sample")
