"""What the fits of a latent Markov model estimate, and the scores behind its standard errors."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import AnySampling
from opinionpanel.estimates import About, Estimates, Kinds, Labels, Role, beside, repeated
from opinionpanel.measures import WAVES, Paths, by_text
from opinionpanel.models.expectation import AGAIN, Best, climb, influence
from opinionpanel.models.latent_result import (
    PEOPLE_PER_PATH,
    LatentMarkov,
    boundary_texts,
    drawn_one_by_one,
    model_notes,
    value_labels,
)
from opinionpanel.models.likelihood import Chain, PathTable
from opinionpanel.panel import Panel

ROLES: dict[str, Role] = {
    **WAVES,
    **dict.fromkeys(("latent", "from_latent", "to_latent", "state"), "state"),
    "parameter": "parameter",
    "component": "component",
}
# Squared coefficient of variation that rounding leaves of equal weights.
EQUAL = 1e-12


@dataclass(frozen=True, eq=False)
class LatentModel:
    """The model, and the people of each group and path; each group is fitted on its own.

    The values of a fit are the entries of the chain's vector, then observed and then true
    turnover in each interval.
    """

    chain: Chain
    paths: Paths
    kinds: Kinds

    @property
    def groups(self) -> int:
        """The number of groups; one where there is a single fit of everybody."""
        return len(self.paths.groups)

    @property
    def width(self) -> int:
        """The number of values of a fit."""
        return self.chain.size + 2 * (self.chain.waves - 1)

    @property
    def names(self) -> list[str]:
        """The label columns of the groups."""
        return [str(name) for name in self.paths.groups]

    def labels(self, group: int) -> dict[str, str]:
        """Labels of a group."""
        return {name: str(self.paths.groups.column(name)[group]) for name in self.names}

    def text(self, group: int) -> str:
        """Name a group in a message."""
        pairs = [f"{name}={value!r}" for name, value in self.labels(group).items()]
        return f", {', '.join(pairs)}" if pairs else ""

    @property
    def moved(self) -> Booleans:
        """Whether a path changes state in each interval, shape (kinds, intervals)."""
        return np.asarray(self.paths.steps[:, 1:] != self.paths.steps[:, :-1])

    def people(self, group: int) -> int:
        """Count a group; all of it have an answer at every wave and a weight."""
        return int(self.kinds.people[self.paths.group == group].sum())

    def table(self, group: int, sums: Floats) -> tuple[PathTable, Integers]:
        """Weigh the paths of a group, adding up to its people; and say which kinds they are.

        `sums` are the weights of each kind.
        """
        taken = np.flatnonzero((self.paths.group == group) & (sums > 0))
        scaled = sums[taken] * (self.people(group) / max(sums[taken].sum(), 1e-300))
        return PathTable(self.paths.steps[taken], scaled), taken

    def values(self, table: PathTable, taken: Integers, vector: Floats) -> Floats:
        """List the values of a fit."""
        observed = table.counts @ self.moved[taken] / table.counts.sum()
        return np.concatenate([vector, observed, self.chain.turnover(vector)])

    def refit(self, found: list[Best], sums: Floats) -> Floats:
        """Climb again from the solution, with other weights; all groups one after the other."""
        rows = []
        for group, best in enumerate(found):
            table, taken = self.table(group, sums)
            if not len(taken):
                rows.append(np.full(self.width, np.nan))
                continue
            again = climb(self.chain, table, best.climb.vector, first=AGAIN)
            vector = again.vector if again.arrived else np.full(self.chain.size, np.nan)
            rows.append(self.values(table, taken, vector))
        return np.concatenate(rows)


def latent_estimates(
    panel: Panel, item: str, model: LatentModel, found: list[Best], merged: list[bool]
) -> LatentMarkov:
    """Bring the design to the fits, and take their values apart.

    `found` is the fit of every group, with its latent states in order; `merged` tells in which
    groups two latent states give the same answer most often.
    """
    chain = model.chain
    named = chain.latent == chain.states and not any(merged)
    frame = value_labels(chain, model.paths.states, model.paths.about.waves, named=named)
    labels = repeated(Labels.of(frame), model.paths.groups)
    value, scores, summary = _fitted(model, found, merged, panel.sampling)
    estimates = _estimates(model, found, labels, value, scores)
    boundary = boundary_texts(labels.frame, value, model.names)
    same = [", ".join(model.labels(group).values()) for group, one in enumerate(merged) if one]
    notes = model_notes(chain, summary, boundary, same, panel.sampling)
    about = _about(panel, item, model, notes)
    pairs = [] if chain.constant else ["from_wave", "to_wave"]
    return LatentMarkov(
        response=_part(estimates, "response", [*model.names, "latent", "state"], about),
        initial=_part(estimates, "initial", [*model.names, "latent"], about),
        transitions=_part(
            estimates, "transition", [*pairs, *model.names, "from_latent", "to_latent"], about
        ),
        turnover=_part(
            estimates, "turnover", ["from_wave", "to_wave", *model.names, "component"], about
        ),
        fits=beside(model.paths.groups.frame, pd.DataFrame(summary)),
        parameters=chain.free * model.groups,
        boundary=boundary,
    )


def _fitted(
    model: LatentModel, found: list[Best], merged: list[bool], sampling: AnySampling
) -> tuple[Floats, Floats, list[dict[str, Any]]]:
    """Give the values of all groups, the score of each path for them, and how well they went."""
    chain, kinds = model.chain, model.kinds
    scores = np.zeros((len(model.paths.steps), model.width * model.groups))
    values, summary = [], []
    for group, best in enumerate(found):
        table, taken = model.table(group, kinds.totals)
        value, by_path = _with_scores(model, table, taken, best)
        if merged[group]:
            # A move between two latent states with the same answer is no change of position.
            value[1 - chain.waves :] = np.nan
        block = slice(group * model.width, (group + 1) * model.width)
        # By the weight itself, where the counts add up to the people.
        scores[taken, block] = by_path * (model.people(group) / kinds.totals[taken].sum())
        values.append(value)
        determined = bool(np.isfinite(by_path[:, : chain.size]).any())
        summary.append(_summary(model, group, table, best, sampling) | {"determined": determined})
    return np.concatenate(values), scores, summary


def _estimates(
    model: LatentModel, found: list[Best], labels: Labels, value: Floats, scores: Floats
) -> Estimates:
    groups = np.repeat(np.arange(model.groups), model.width)
    # Replicates would give a standard error to what has none.
    lost = np.asarray(~np.isfinite(scores).all(axis=0))
    return model.kinds.estimates(
        labels,
        value,
        base=model.paths.group == groups[:, None],
        scores=scores,
        refit=lambda sums: model.refit(found, sums),
        about=model.paths.about,
        unit="share",
        what="latent Markov: replicates",
    ).without_error(lost)


def _with_scores(
    model: LatentModel, table: PathTable, taken: Integers, best: Best
) -> tuple[Floats, Floats]:
    """Values of a fit, and their derivatives by the count of each path; NaN where there is none."""
    chain, vector = model.chain, best.climb.vector
    directions, basis, nobody = influence(chain, table, best.climb)
    stepped = vector + 1e-30j * basis.T
    slopes = np.imag(chain.turnover(stepped)) / 1e-30
    latent = np.hstack([directions @ basis.T, directions @ slopes])
    held = np.concatenate([~(basis != 0).any(axis=1), ~(slopes != 0).any(axis=0)])
    latent[:, held] = np.nan
    value = model.values(table, taken, np.where(nobody, np.nan, vector))
    intervals = chain.waves - 1
    # A latent state with nobody in it moves nobody.
    value[-intervals:] = chain.turnover(vector)
    share = value[chain.size : chain.size + intervals]
    observed = (model.moved[taken] - share) / table.counts.sum()
    return value, np.hstack([latent[:, : chain.size], observed, latent[:, chain.size :]])


def _part(all_values: Estimates, parameter: str, columns: list[str], about: About) -> Estimates:
    """Take one kind of values, in the order of its labels, with a caption of its own."""
    part = all_values.select(parameter=parameter)
    titles = {
        "response": "Response probabilities",
        "initial": "Latent states at the first wave",
        "transition": "Transitions between latent states",
        "turnover": "Turnover, observed and between latent states",
    }
    if "from_wave" in columns:
        # Named by pair, so that a single interval keeps its weight and its note.
        pairs: list[tuple[str, ...]] = list(pairwise(about.waves))
        notes = dict.fromkeys(pairs, " ".join(about.notes.values()))
        about = replace(about, weights=dict.fromkeys(pairs, about.weight), notes=notes)
    about = replace(about, title=f"{titles[parameter]}: {about.title}")
    return replace(part, named=part.named.only(columns), about=about)


def _summary(
    model: LatentModel, group: int, table: PathTable, best: Best, sampling: AnySampling
) -> dict[str, Any]:
    """Say how well a fit went."""
    chain, inside = model.chain, model.paths.group == group
    kinds, n, cells = model.kinds, model.people(group), chain.states**chain.waves
    squares, total = kinds.squares[inside].sum(), kinds.totals[inside].sum()
    equal = n * squares <= total**2 * (1 + EQUAL)
    told = equal and n >= PEOPLE_PER_PATH * cells
    saturated = float(table.counts @ np.log(table.counts / n))
    return {
        "n": n,
        "paths": len(table.counts),
        "loglik": best.climb.loglik,
        "g2": 2 * (saturated - best.climb.loglik) if told else np.nan,
        "g2_df": cells - 1 - chain.free if told and drawn_one_by_one(sampling) else np.nan,
        "starts": best.starts,
        "reached": best.reached,
        "arrived": best.climb.arrived,
    }


def _about(panel: Panel, item: str, model: LatentModel, notes: list[str]) -> About:
    about = model.paths.about
    return replace(
        about,
        roles=ROLES,
        title=f"latent Markov model of {item}" + by_text(panel, model.paths.by, pairs=True),
        notes={(about.waves[0], about.waves[-1]): " ".join(notes)},
    )
