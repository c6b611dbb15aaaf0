"""Patterns of covariates that people have, as a formula makes columns of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.engines import PersonColumn, combinations
from opinionpanel.errors import DesignError, count_people, listing
from opinionpanel.models.formula import Formula
from opinionpanel.models.likelihood_families import Family


@dataclass(frozen=True, eq=False)
class Observed:
    """What is known of people at one time: a wave, or an interval between two.

    Attributes
    ----------
    inside : PersonColumn of bool
        Who is in the base then.
    codes : sequence of PersonColumn of int
        Each person's category of each variable; -1 for none.
    outcome : PersonColumn of int
    """

    inside: PersonColumn
    codes: Sequence[PersonColumn]
    outcome: PersonColumn


@dataclass(frozen=True, eq=False)
class Patterns:
    """The combinations of covariates that somebody has, and who has which.

    Attributes
    ----------
    frame : pandas.DataFrame, one row per pattern
        The category of each variable.
    design : numpy.ndarray, shape (patterns, columns)
    columns : tuple of str
    terms : dict of str to tuple of str
        The columns of each term, without the intercept.
    outcomes : tuple of str
    kinds : tuple of PersonColumn of int
        At each time the pattern and outcome of each person; -1 outside the base.
    sizes : tuple of int
        How many kinds there are at each time; those of all times follow one another.
    cells : numpy.ndarray of int, shape (kinds of all times,)
        Pattern times the number of outcomes, plus the outcome.
    empty : tuple of str
        Categories and outcomes that nobody in the base has, in words.
    """

    frame: pd.DataFrame
    design: Floats
    columns: tuple[str, ...]
    terms: Mapping[str, tuple[str, ...]]
    outcomes: tuple[str, ...]
    kinds: tuple[PersonColumn, ...]
    sizes: tuple[int, ...]
    cells: Integers
    empty: tuple[str, ...]
    _formula: Formula
    _specification: Any

    def counts(self, sums: Floats) -> Floats:
        """Place sums by kind in a table, shape (patterns, outcomes)."""
        shape = len(self.frame), len(self.outcomes)
        found = np.bincount(self.cells, sums, shape[0] * shape[1])
        return found.reshape(shape).astype(np.float64, copy=False)

    def with_everyone(self, name: str, category: str) -> Floats:
        """Columns of the patterns if everyone were in a category of a group."""
        same = pd.Categorical(
            [category] * len(self.frame), categories=self.frame[name].cat.categories
        )
        changed = self.frame.assign(**{name: same})
        return self._formula.matrix_again(self._specification, changed)

    def estimable(self, occupied: Booleans, family: Family) -> bool:
        """Tell whether all coefficients have a finite estimate."""
        design = self.design[occupied.any(axis=1)]
        if np.linalg.matrix_rank(design) < design.shape[1]:
            return False
        return not family.separated(self.design, occupied).any()

    def check(self, occupied: Booleans, family: Family) -> None:
        """Refuse coefficients without a finite estimate, and say which and why.

        Parameters
        ----------
        occupied : numpy.ndarray of bool, shape (patterns, outcomes)
            Which outcomes somebody with the pattern has.
        family : Family
        """
        rank = np.linalg.matrix_rank(self.design)
        if rank < self.design.shape[1]:
            nobody = [
                f"nobody has {_named(names, combination)} (term {term!r})"
                for term, names in self._variables()
                for combination in self._missing(names, self.frame)
            ]
            reason = _list(nobody) or (
                f"{listing(self._repeated())} follow(s) from the columns before, so a term or a "
                "group repeats others"
            )
            raise DesignError(
                f"The coefficients of the formula cannot be told apart: {reason}. Merge "
                "categories, or take the term out of the formula."
            )
        moving = family.separated(self.design, occupied)
        if not moving.any():
            return
        nobody = [
            f"nobody with {_named(names, combination)} has the outcome {outcome!r} (term {term!r})"
            for place, outcome in enumerate(self.outcomes)
            for term, names in self._variables()
            for combination in self._missing(names, self.frame[occupied[:, place]])
        ]
        named = family.parameters(self.columns, self.outcomes)
        infinite = [named[place] for place in np.flatnonzero(moving)]
        reason = _list(nobody) or (
            "the patterns that somebody has separate the outcomes by "
            + listing(dict.fromkeys(column for column, _ in infinite), most=4)
        )
        found = listing(dict.fromkeys(outcome for _, outcome in infinite))
        raise DesignError(
            f"Some coefficients of the outcome {found} have no finite estimate: {reason}. Merge "
            "categories or states, or take the term out of the formula."
        )

    def _variables(self) -> Iterable[tuple[str, list[str]]]:
        """Give the variables of each term."""
        # The first is the intercept.
        named = zip(self._specification.terms[1:], self._formula.terms, strict=True)
        for text, term in named:
            yield str(text), [name for name in self.frame if name in {one.name for one in term}]

    def _missing(self, names: list[str], rows: pd.DataFrame) -> list[tuple[str, ...]]:
        """List the combinations of categories that none of the patterns has."""
        seen = set(rows[names].itertuples(index=False, name=None))
        every = product(*(self.frame[name].cat.categories for name in names))
        return [combination for combination in every if combination not in seen]

    def _repeated(self) -> list[str]:
        """Name the columns that follow from those before them."""
        ranks = [
            int(np.linalg.matrix_rank(self.design[:, : count + 1]))
            for count in range(len(self.columns))
        ]
        return [
            name
            for name, before, after in zip(self.columns, [0, *ranks], ranks, strict=False)
            if before == after
        ]


def patterns_of(
    formula: Formula,
    variables: Mapping[str, Sequence[str]],
    outcomes: Sequence[str],
    times: Sequence[Observed],
) -> Patterns:
    """Find the patterns of the people inside who are known on all variables.

    Parameters
    ----------
    formula : Formula
    variables : dict of str to sequence of str
        The categories of what is in the formula.
    outcomes : sequence of str
    times : sequence of Observed
        One, or several at which the same people may be observed.

    Raises
    ------
    DesignError
        A variable or the outcome has a single category with anybody.
    SelectionError
        The formula asks for what cannot be done with categories.
    """
    # The outcome last, whatever a group is called.
    categories = [*variables.values(), outcomes]
    sizes = [len(names) for names in categories]
    rows, kinds, base = [], [], 0
    for time in times:
        known = reduce(np.logical_and, (codes >= 0 for codes in time.codes), time.inside)
        found, codes = combinations([*time.codes, time.outcome], sizes, known)
        rows.append(found)
        kinds.append(codes)
        base += int(known.sum())
    levels = np.vstack(rows)
    who = count_people(base) if len(times) == 1 else f"{base} answers"
    words = [f"category of {name!r}" for name in variables] + ["outcome"]
    empty: list[str] = []
    used: list[list[str]] = []
    for place, name in enumerate([*variables, "outcome"]):
        names, levels[:, place], unused = _occupied(
            words[place], categories[place], levels[:, place], who
        )
        used.append(names)
        empty += [f"{name} {category}" for category in unused]
    distinct, which = np.unique(levels[:, :-1], axis=0, return_inverse=True)
    frame = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(distinct[:, place], pd.Index(used[place]))
            for place, name in enumerate(variables)
        },
        index=range(len(distinct)),
    )
    specification, design = formula.matrix(frame)
    columns = tuple(map(str, specification.column_names))
    return Patterns(
        frame=frame,
        design=design,
        columns=columns,
        terms={
            str(term): columns[place]
            for term, place in specification.term_slices.items()
            if term.degree
        },
        outcomes=tuple(used[-1]),
        kinds=tuple(kinds),
        sizes=tuple(map(len, rows)),
        cells=which.ravel() * len(used[-1]) + levels[:, -1],
        empty=tuple(empty),
        _formula=formula,
        _specification=specification,
    )


def _occupied(
    what: str, categories: Sequence[str], codes: Integers, who: str
) -> tuple[list[str], Integers, list[str]]:
    """Find the categories that some kind has, the codes of kinds among these, and the others."""
    values, dense = np.unique(codes, return_inverse=True)
    used = [categories[value] for value in values]
    if len(used) < 2:
        only = f"a single {what}, {used[0]!r}" if used else f"no {what}"
        raise DesignError(
            f"The {who} in the base have {only}: nothing to compare. Check the waves, the groups "
            "of the formula and the domain."
        )
    return used, dense.astype(np.int64), [name for name in categories if name not in used]


def _named(names: list[str], combination: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in zip(names, combination, strict=True))


def _list(reasons: list[str]) -> str:
    shown = "; ".join(reasons[:3])
    return shown + (f"; and {len(reasons) - 3} more" if len(reasons) > 3 else "")
