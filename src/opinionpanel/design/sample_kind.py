"""How the people came into the sample, as far as a design says it."""

from typing import Literal, get_args

from opinionpanel.errors import DesignError, shown

Sample = Literal["probability", "nonprobability"]


def check_sample(sample: object) -> None:
    """Refuse a kind of sample that does not exist; None says nothing."""
    if sample is None:
        return
    if not isinstance(sample, str) or sample not in get_args(Sample):
        raise DesignError(
            f"sample must be 'probability' or 'nonprobability', not {shown(sample)}. Leave it out "
            "where it is not known."
        )


def sample_text(sample: Sample | None) -> str:
    """Name the kind of sample; empty where nobody said it."""
    return f"{sample} sample" if sample else ""


def undeclared_parts(
    sample: Sample | None, *, weight: bool, stratum: bool, psu: bool
) -> tuple[str, ...]:
    """Name what nobody declared of how people were drawn.

    Who names the kind of sample has described it: people drawn without strata, say.
    """
    if sample is not None:
        return ()
    declared = {"weight": weight, "strata": stratum, "PSUs": psu}
    return tuple(name for name, said in declared.items() if not said)
