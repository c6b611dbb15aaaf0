"""The design that a study file declares: its weights, and replicates where there are any."""

from typing import Any

from opinionpanel.design import AnyDesign, Design, ReplicateDesign
from opinionpanel.study.key_forms import StudyDesign, StudyReplicates
from opinionpanel.study.keys import StudyKeys, check_waves


def declared_design(keys: StudyKeys, waves: list[str]) -> AnyDesign | None:
    """Make the design of a study; None where it has a fault."""
    written = keys.design
    if written is None:
        return Design(weight=None)
    before = len(keys.faults)
    check_waves(keys, ["design", "unweighted"], written.unweighted, waves)
    weight = _weight(keys, written, waves)
    for role in ("stratum", "psu", "fpc"):
        if isinstance(by_wave := getattr(written, role), dict):
            check_waves(keys, ["design", role], by_wave, waves)
    made: AnyDesign | None
    if written.replicates is None:
        made = _with_units(keys, written, weight)
    else:
        made = _with_replicates(keys, written, written.replicates, weight, waves)
    return made if len(keys.faults) == before else None


def _with_units(keys: StudyKeys, written: StudyDesign, weight: Any) -> Design | None:
    return keys.attempt(
        ["design"],
        lambda: Design(
            weight=weight,
            stratum=written.stratum,
            psu=written.psu,
            fpc=written.fpc,
            nest=written.nest,
            same_psus=written.same_psus,
            lonely_psu=written.lonely_psu,
            sample=written.sample,
        ),
    )


def _with_replicates(
    keys: StudyKeys,
    written: StudyDesign,
    replicates: StudyReplicates,
    weight: Any,
    waves: list[str],
) -> ReplicateDesign | None:
    """Make a design with replicate weights; what does not go with them is a fault."""
    for name in ("stratum", "psu", "fpc", "same_psus"):
        if getattr(written, name):
            keys.fault(
                ["design", name], "replicates carry the strata and PSUs in them; leave this out"
            )
    if not weight:
        keys.fault(["design", "weight"], "is missing; replicates belong to a weight")
        return None
    columns = _replicate_columns(keys, written, replicates, waves)
    rscales = _rscales(keys, replicates, weight, columns)
    return keys.attempt(
        ["design", "replicates"],
        lambda: ReplicateDesign(
            weight=weight,
            replicates=columns,
            scale=replicates.scale,
            rscales=rscales,
            mse=replicates.mse,
            kind=replicates.kind,
            rho=replicates.rho,
            df=replicates.df,
            sample=written.sample,
        ),
    )


def _replicate_columns(
    keys: StudyKeys, written: StudyDesign, replicates: StudyReplicates, waves: list[str]
) -> Any:
    """Name the replicates as the library does: for all waves, or by wave and by pair of waves."""
    columns: Any = replicates.columns
    if isinstance(columns, dict):
        check_waves(keys, ["design", "replicates", "columns"], columns, waves)
    elif written.longitudinal:
        columns = {wave: columns for wave in waves if wave not in written.unweighted}
    else:
        return columns
    of_pairs = {
        (pair.start, pair.end): pair.replicates for pair in written.longitudinal if pair.replicates
    }
    return {**columns, **of_pairs}


def _rscales(keys: StudyKeys, replicates: StudyReplicates, weight: Any, columns: Any) -> Any:
    """Give the factor of every replicate; the sizes of the strata of a jackknife say it, too."""
    sizes, rscales = replicates.stratum_sizes, replicates.rscales
    if sizes is None:
        return rscales
    jackknife = keys.attempt(
        ["design", "replicates", "stratum_sizes"],
        lambda: ReplicateDesign.jkn(
            weight=weight, replicates=columns, stratum_sizes=sizes, rscales=rscales
        ),
    )
    return None if jackknife is None else jackknife.rscales


def _weight(keys: StudyKeys, written: StudyDesign, waves: list[str]) -> Any:
    """Bring the weights to one name, to None, or to a dict by wave and by pair of waves."""
    weight: Any = written.weight
    if not isinstance(weight, dict):
        if not written.unweighted and not written.longitudinal:
            return weight
        weight = {wave: weight for wave in waves if wave not in written.unweighted}
    else:
        check_waves(keys, ["design", "weight"], weight, waves)
        for wave in waves:
            if wave not in weight and wave not in written.unweighted:
                keys.fault(
                    ["design", "weight"],
                    f"no weight is declared for the wave {wave!r}; name its column, or write "
                    f'unweighted = ["{wave}"]',
                )
            elif wave in weight and wave in written.unweighted:
                keys.fault(["design", "unweighted"], f"the wave {wave!r} has a weight as well")
    pairs = {}
    for place, pair in enumerate(written.longitudinal, start=1):
        key = ["design", "longitudinal", place]
        known = [
            check_waves(keys, [*key, end], [wave], waves)
            for end, wave in (("from", pair.start), ("to", pair.end))
        ]
        if all(known) and waves.index(pair.start) >= waves.index(pair.end):
            keys.fault(key, "from must be an earlier wave than to")
        if (pair.start, pair.end) in pairs:
            keys.fault(key, "this pair of waves has a weight already")
        pairs[pair.start, pair.end] = pair.weight
    return {**weight, **dict.fromkeys(written.unweighted), **pairs}
