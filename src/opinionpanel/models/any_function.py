"""Any function of a weighted frame, with standard errors by a jackknife or a bootstrap."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from opinionpanel.arguments import check_choice, checked, listed
from opinionpanel.arrays import Floats
from opinionpanel.design import (
    CompiledDesign,
    Design,
    ReplicateMembers,
    ReplicateWeights,
    Replication,
    resample_weight,
    sampling_words,
)
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.estimates import About, Estimates, Freedom, Replicates, label_rows
from opinionpanel.models.function_runs import value_of, values_of
from opinionpanel.models.people_as_frame import WEIGHT, People, Who, people_of
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, in_a_row

Method = Literal["jackknife", "bootstrap"]
# How a function without a name of its own is called.
NAMELESS = ("<lambda>", "")


class Drawn(NamedTuple):
    """Replicates of the one weight that counts, with their constants."""

    design: CompiledDesign
    constants: Replication
    weights: Any

    def column(self, people: People) -> Callable[[int], Floats]:
        """Give a function from the place of a replicate to the weights of the people."""

        def found(place: int) -> Floats:
            if isinstance(self.weights, ReplicateWeights):
                return np.asarray(self.weights.column(place))[people.inside]
            return np.asarray(self.weights[people.inside, place])

        return found


@checked
def replicate(
    panel: Panel,
    function: Callable[[pd.DataFrame], Any],
    *,
    waves: Sequence[str] | None = None,
    items: Sequence[str] | None = None,
    base: Who = "interviewed",
    method: Method | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
) -> Estimates:
    """Any function of a weighted frame of people, with a design-based standard error.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    function : callable
        Takes a frame with one row for each person and returns a number, a dict or Series of named
        numbers, or a list or array of numbers. It must use the column ``weight``: it is called once
        with the weight itself and once with each replicate of it, under which some people have a
        weight of 0. A number that is the same each time has no interval, and a note says so: most
        likely it is one without the weight.
    waves : sequence of str, optional
        The waves whose answers the frame has; by default all of the panel. Of waves that asked
        other people one is named.
    items : sequence of str, optional
        The items and scores that the frame has; by default all that were asked at these waves.
    base : {"interviewed", "balanced", "panel"}
        Who has a row, and with which weight. ``"interviewed"``: everyone interviewed at all the
        waves, with the weight of the first and last of them; ``"balanced"``: those of them with an
        answer to all the items at all the waves that asked them; ``"panel"``: everyone interviewed
        at the first wave named, with that wave's weight.
    method : {"jackknife", "bootstrap"}, optional
        How replicates are made from the strata and PSUs of the design: by default the jackknife,
        which leaves out one PSU at a time. Of people who are their own PSUs a jackknife has as many
        replicates as people, and more than 1,000 are refused: take the bootstrap. A panel whose
        design has replicate weights uses these, and takes no method.
    replicates : int, optional
        How many bootstrap replicates; by default 500.
    seed : int, optional
        Of the bootstrap's draws; by default 1, so that the figures come out the same again.
    jobs : int, optional
        How many processes share the replicates. By default one where that takes less than some
        ten seconds, and else as many as there are processors. The figures are the same.

    Returns
    -------
    Estimates
        Label ``parameter``: the names of the numbers, or 1, 2, … of an array; of a single number
        the function's own name. Numbers without a unit, with the covariance between them. ``n`` is
        the number of rows, and ``df`` the rank of the replicate weights in the base less one, also
        where the function itself leaves people out. NaN where the function gives NaN, and without a
        standard error where it does so in any replicate: the note says in how many.

    Raises
    ------
    SelectionError
        The function fails, with its own error as the cause, or returns no numbers, or other ones in
        a replicate; a wave or item that the panel does not have; a method for a panel that has
        replicates; nobody in the base.
    DesignError
        Weights that were calibrated or trimmed without replicates of them, more jackknife
        replicates than 1,000, strata with a single PSU, or waves that are samples of their own of a
        finite population.
    EngineError
        The people stay on an engine.

    Notes
    -----
    V = c Σ_r c_r (θ_r − θ̄)(θ_r − θ̄)ᵀ over the values θ_r under each replicate, with the constants
    of the method: the jackknife JK1 without strata and JKn with them, or the rescaled bootstrap of
    Rao and Wu (Lumley 2010, Complex Surveys, ch. 2). A jackknife suits smooth functions, such as
    means, ratios and regressions; of a median or a minimum take the bootstrap.

    The frame has a column for each item, whose states are categories, and for each score, of
    numbers: ``support`` where a single wave is named, else ``support (Jul 2024)``. No answer is a
    missing value. Groups have a column
    by their name, and those by wave one for each wave, like items; then comes ``weight``. Nobody's
    id is in it. Whatever the function does to its frame, the next call has a fresh one.

    Examples
    --------
    >>> import numpy as np
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> def approval(people):
    ...     answered = people.dropna(subset="support")
    ...     return np.average(answered["support"] == "approve", weights=answered["weight"])
    >>> op.replicate(
    ...     panel, approval, waves="Jul 2024", method="bootstrap", replicates=50
    ... ).to_frame()[["parameter", "estimate", "n"]].round(3)
      parameter  estimate     n
    0  approval     0.376  1500
    """
    if jobs is not None and jobs < 1:
        raise SelectionError(f"jobs must be a whole number of at least 1, not {jobs!r}.")
    check_choice("base", base, Who)
    if method is not None:
        check_choice("method", method, Method)
    people = people_of(panel, waves, items, base)
    drawn = _drawn(panel, people, method, replicates, seed)
    weight = np.asarray(people.weight.values)[people.inside]
    found = value_of(function, people.frame, weight, "on the whole sample")
    name = _name_of(function)
    labels = [name if parameter == "" else parameter for parameter in found]
    value = np.array([*found.values()])
    value = np.where(np.isfinite(value), value, np.nan)
    constants = drawn.constants
    values = values_of(
        function,
        people.frame,
        drawn.column(people),
        len(constants.rscales),
        [*found],
        jobs,
        f"replicates of {name}",
    )
    spread = Replicates(values, constants.scale, constants.rscales, constants.mse)
    asked = [*panel.questions] if items is None else listed(items)
    about = replace(
        _about(panel, people, drawn, name), modelled=panel.imputed_words(asked, people.waves)
    )
    counting = values[constants.rscales > 0]
    if notes := [*_undefined(labels, counting, value), *_unmoved(labels, counting, value)]:
        note = (
            notes[0] if len(notes) == 1 else Phrase("{text} {more}", text=notes[0], more=notes[1])
        )
        about = replace(about, notes={(): note})
    return Estimates(
        named=label_rows({"parameter": labels}),
        value=value,
        spread=spread.covariance(value),
        freedom=Freedom(lambda: np.full(len(value), _df(people, drawn))),
        n=np.full(len(value), float(len(weight))),
        n_effective=np.full(len(value), weight.sum() ** 2 / (weight**2).sum()),
        about=about,
        unit="number",
        replicates=spread,
    )


def _drawn(
    panel: Panel, people: People, method: Method | None, replicates: int | None, seed: int | None
) -> Drawn:
    """Take the replicates of the panel, or make some from its strata and PSUs."""
    weight = people.weight
    if isinstance(panel.sampling, Replication):
        if method or replicates is not None or seed is not None:
            raise SelectionError(
                "The panel's design has replicate weights, which are used as they are: leave "
                "method=, replicates= and seed= out."
            )
        if weight.replicates is None:
            raise DesignError(
                f"There are no replicate weights for {weight.text}. Name them in the "
                "ReplicateDesign, with replicates={wave or (from wave, to wave): columns}."
            )
        if panel.sampling.sampling is not None:
            raise DesignError(
                "Each wave is a sample of its own of the finite population that fpc= declares, and "
                "no replicates of one weight say so. Leave fpc= out of the Design; intervals are "
                "then rather too long."
            )
        return Drawn(panel.design, panel.sampling, weight.replicates)
    design = panel.design
    assert isinstance(design, Design)
    if weight.calibrations:
        raise DesignError(
            f"The weight is {weight.text}, and a standard error must calibrate every replicate "
            "anew. Make the replicates before: build the panel with "
            "design=Design(…).as_replicates('jkn'), 'jk1' or 'bootstrap', and calibrate that."
        )
    if method == "bootstrap":
        resampling = design.as_replicates("bootstrap", replicates=replicates, seed=seed)
    else:
        # Waves that asked other people are samples of their own, with PSUs of their own.
        apart = bool(design.stratum) or panel.independent
        kind: Literal["jk1", "jkn"] = "jkn" if apart else "jk1"
        resampling = design.as_replicates(kind, replicates=replicates, seed=seed)
    return Drawn(*resample_weight(resampling, panel.sampling, panel.weights, weight))


def _df(people: People, drawn: Drawn) -> float:
    codes = np.where(people.inside, 0, -1)
    members = ReplicateMembers([codes], [1], [drawn.weights], drawn.constants.df)
    return float(members.df(np.ones((1, 1), dtype=bool))[0])


def _name_of(function: Callable[..., Any]) -> str:
    name = getattr(function, "__name__", "")
    return "value" if name in NAMELESS else str(name)


def _about(panel: Panel, people: People, drawn: Drawn, name: str) -> About:
    """Say what the numbers rest on."""
    sampled = sampling_words(drawn.design, drawn.constants, reweighted=bool(panel.calibrations))
    waves = people.waves
    return About(
        measure="replicate",
        title=f"Function of the data: {name}",
        domain=panel.domain_text,
        waves=waves,
        all_waves=panel.waves,
        base=people.base,
        weights={(waves[0], waves[-1]): people.weight.text},
        undeclared=sampled.undeclared,
        design=sampled.drawn,
        population=sampled.population,
        sample=panel.design.sample,
        dates=panel.dates,
        days=panel.days,
        source=panel.source,
        marks=frozenset([panel.sampling.mark]),
        roles={"parameter": "parameter"},
    )


def _unmoved(labels: Sequence[str], values: Floats, value: Floats) -> list[str]:
    """Say which numbers are the same under every replicate, as those of people without a weight."""
    same = [label for label, one in zip(labels, (values == value).all(axis=0), strict=True) if one]
    if not same:
        return []
    return [
        Phrase(
            "The same under every replicate, and so without an interval: {which}. A function must "
            "use the column “{column}”.",
            which=in_a_row(same),
            column=WEIGHT,
        )
    ]


def _undefined(labels: Sequence[str], values: Floats, value: Floats) -> list[str]:
    """Say in how many replicates numbers are undefined that the whole sample has."""
    times = (~np.isfinite(values)).sum(axis=0)
    told = [
        Phrase("{name} in {some} of {n}", name=label, some=int(number), n=len(values))
        for label, number, known in zip(labels, times, np.isfinite(value), strict=True)
        if number and known
    ]
    if not told:
        return []
    return [
        Phrase(
            "Undefined under some replicates, and so without a standard error: {which}.",
            which=in_a_row(told),
        )
    ]
