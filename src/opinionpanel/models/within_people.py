"""Answers of people at several waves, compared with their own answers at the other waves only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import AnySampling, PersonWeight
from opinionpanel.engines import combinations
from opinionpanel.errors import DesignError, SelectionError, count_people, listing
from opinionpanel.estimates import About, Estimates, Kinds, Labels, kinds_of
from opinionpanel.models.conditional_logit import ConditionalLikelihood, unbounded
from opinionpanel.models.formula import Formula
from opinionpanel.models.patterns import Observed, Patterns
from opinionpanel.phrases import in_a_row

CAUTION = (
    "People are compared with themselves at other waves only: what is the same for a person at all "
    "waves, known or not, is held alike. These are still associations, not causes: what else "
    "changed for the person at the same time is not. There are no average marginal effects, as the "
    "level of each person is not estimated. Unsteady answers count as change."
)
CROSSED = "Where a group is crossed with wave, write 'wave * gender', not wave:gender"


@dataclass(frozen=True, eq=False, kw_only=True)
class Within:
    """A conditional logit that was fitted to kinds of people.

    Attributes
    ----------
    coefficients : Estimates
    loglik : float
        With weights that add up to the number of people who changed.
    working : numpy.ndarray, shape (m, m)
        The covariance that people drawn one by one would have.
    terms : dict of str to tuple of str
        The terms with coefficients.
    people : int
        How many are in the base, whether they changed or not.
    notes : list of str
    """

    coefficients: Estimates
    loglik: float
    working: Floats
    terms: Mapping[str, tuple[str, ...]]
    people: int
    notes: list[str]


@dataclass(frozen=True, eq=False)
class _Kinds:
    """What people of each kind said, and which columns they have, at every wave.

    Attributes
    ----------
    kinds : Kinds
    design : numpy.ndarray, shape (kinds, waves, columns)
        Less the mean over the waves, which the conditional likelihood does not know.
    chosen : numpy.ndarray of bool, shape (kinds, waves)
    """

    kinds: Kinds
    design: Floats
    chosen: Booleans

    def changed(self, totals: Floats) -> Booleans:
        """Mark the kinds of people who changed, of those with any weight."""
        return (totals > 0) & self.chosen.any(axis=1) & ~self.chosen.all(axis=1)


def at_all_waves(times: Sequence[Observed]) -> tuple[list[Observed], int]:
    """Keep those who are in the base, and known on all variables, at every wave.

    Also counts those in the base, known or not.
    """
    base = reduce(np.logical_and, (one.inside for one in times))
    known = reduce(np.logical_and, (code >= 0 for one in times for code in one.codes), base)
    return [replace(one, inside=known) for one in times], int(base.sum())


def fit_within(
    sampling: AnySampling, patterns: Patterns, formula: Formula, weight: PersonWeight, about: About
) -> Within:
    """Fit a conditional logit of the second outcome, and bring the design to the coefficients.

    Parameters
    ----------
    sampling : Sampling or Replication
    patterns : Patterns
        Of the same people at every wave.
    formula : Formula
    weight : PersonWeight
    about : About

    Raises
    ------
    SelectionError
        A term does not differ between the waves.
    DesignError
        Nobody changed, some coefficients have no finite estimate, or the fit does not converge.
    """
    people = _kinds(sampling, patterns, weight)
    changed = people.changed(people.kinds.totals)
    state, waves = patterns.outcomes[1], in_a_row(about.waves)
    whole = int(people.kinds.people.sum())
    if not changed.any():
        raise DesignError(
            f"None of the {count_people(whole)} who are known at all of {waves} changed between "
            f"{state!r} and other answers: there is nothing to compare within people. Name other "
            "waves or another state, or ask who differs from whom with kind='binary'."
        )
    terms, absorbed = _moving_terms(patterns, formula, people.design[changed])
    columns = [name for names in terms.values() for name in names]
    places = [patterns.columns.index(name) for name in columns]
    design, chosen = people.design[changed][:, :, places], people.chosen[changed]
    _check(design, chosen, columns, state)
    likelihood = ConditionalLikelihood(design, chosen)
    fit = likelihood.fit(people.kinds.totals[changed])
    scores = np.zeros((len(changed), len(columns)))
    scores[changed] = fit.scores

    def refit(totals: Floats) -> Floats:
        some = people.changed(totals)[changed]
        if not some.all() and not _estimable(design[some], chosen[some]):
            return np.full(len(columns), np.nan)
        return likelihood.maximum(totals[changed], fit.value, fit.inverse)

    coefficients = people.kinds.estimates(
        Labels.of(pd.DataFrame({"term": columns, "outcome": state})),
        fit.value,
        base=np.tile(changed, (len(columns), 1)),
        scores=scores,
        refit=refit,
        about=about,
        unit="number",
        what="answer model: replicates",
    )
    total = float(people.kinds.totals[changed].sum())
    times = float(people.kinds.people[changed].sum())
    known = "an answer and known groups" if formula.groups else "an answer"
    notes = [
        f"Of {count_people(whole)} with {known} at all of {waves}, {int(times):,} changed between "
        f"{state!r} and other answers. Only they count: whoever did not change cannot be compared "
        "with themselves."
    ]
    if absorbed:
        notes.append(
            f"No coefficient of {listing(absorbed)} alone: the same at all waves for each of them."
        )
    return Within(
        coefficients=coefficients,
        loglik=fit.loglik * times / total,
        working=fit.inverse * total / times,
        terms=terms,
        people=whole,
        notes=notes,
    )


def _kinds(sampling: AnySampling, patterns: Patterns, weight: PersonWeight) -> _Kinds:
    """Sort people by what they are and said at all waves."""
    inside = reduce(np.logical_and, (kind >= 0 for kind in patterns.kinds))
    found, codes = combinations(patterns.kinds, patterns.sizes, inside)
    first: Integers = np.cumsum([0, *patterns.sizes[:-1]])
    cells = patterns.cells[found + first]
    design = patterns.design[cells // len(patterns.outcomes)]
    return _Kinds(
        kinds=kinds_of(sampling, weight, codes, len(found)),
        design=design - design.mean(axis=1, keepdims=True),
        chosen=cells % len(patterns.outcomes) == 1,
    )


def _moving_terms(
    patterns: Patterns, formula: Formula, design: Floats
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Find the terms that differ between waves, and those that only such a term needs."""
    moves = np.abs(design).max(axis=(0, 1)) > 1e-12
    moving = {name for name, one in zip(patterns.columns, moves, strict=True) if one}
    variables = [{one.name for one in term} for term in formula.terms]
    parts = dict(zip(patterns.terms, variables, strict=True))
    terms = {term: names for term, names in patterns.terms.items() if moving & set(names)}
    still = [term for term in patterns.terms if term not in terms]
    absorbed = [term for term in still if any(parts[term] < parts[other] for other in terms)]
    if refused := [term for term in still if term not in absorbed]:
        raise SelectionError(
            f"Nobody who changed differs between the waves in {listing(refused)}, so that there is "
            "nothing to compare within people. Ask whether the change differs by it, as in 'wave * "
            f"{refused[0]}', or take it out of the formula."
        )
    if not terms:
        raise SelectionError(
            "The formula has nothing that differs between the waves, and nothing else can be "
            "compared within people. Name wave, or a group that counts as at each wave."
        )
    nobody = [name for names in terms.values() for name in names if name not in moving]
    if nobody:
        raise DesignError(
            f"Nobody who changed differs between the waves in {listing(nobody)}. {CROSSED}; merge "
            "categories; or take the term out of the formula."
        )
    return terms, absorbed


def _estimable(design: Floats, chosen: Booleans) -> bool:
    """Tell whether all coefficients have a finite estimate."""
    rank = np.linalg.matrix_rank(design.reshape(-1, design.shape[2])) if len(design) else 0
    return bool(rank == design.shape[2] and not unbounded(design, chosen).any())


def _check(design: Floats, chosen: Booleans, columns: Sequence[str], state: str) -> None:
    """Refuse coefficients without a finite estimate, and say which."""
    flat = design.reshape(-1, len(columns))
    ranks = [int(np.linalg.matrix_rank(flat[:, : count + 1])) for count in range(len(columns))]
    pairs = zip(columns, [0, *ranks], ranks, strict=False)
    if repeated := [name for name, before, after in pairs if before == after]:
        raise DesignError(
            f"The coefficients of the formula cannot be told apart: {listing(repeated)} follow(s) "
            f"within people from the columns before. {CROSSED}; merge categories; or take a term "
            "out of the formula."
        )
    moving = unbounded(design, chosen)
    if moving.any():
        named = [name for name, one in zip(columns, moving, strict=True) if one]
        raise DesignError(
            f"Some coefficients of the outcome {state!r} have no finite estimate: among those who "
            f"changed, all who differ in {listing(named, most=4)} did so alike. Merge categories, "
            "leave out a wave, or take the term out of the formula."
        )
