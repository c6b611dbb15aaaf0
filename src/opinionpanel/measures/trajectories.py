"""Over several waves: the paths people took, who never changed, when first, and who came back.

Each is a property of a person's path, so all of them rest on one base: `observed_paths`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from opinionpanel import engines
from opinionpanel.arguments import check_choice, checked
from opinionpanel.arrays import Booleans
from opinionpanel.engines import Key, Table
from opinionpanel.errors import SelectionError, count_people
from opinionpanel.estimates import (
    About,
    Estimates,
    Totals,
    crossed,
    free_name,
    label_rows,
    repeated,
    tally,
    weighted_cells,
)
from opinionpanel.measures.bases import ALL, Base, By, Way
from opinionpanel.measures.pairs_of_waves import Waves
from opinionpanel.measures.paths_taken import (
    caption_of,
    complete_paths,
    observed_paths,
    path_totals,
)
from opinionpanel.measures.reference_groups import compared
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

ARROW = " → "
OTHER = "other paths"
Gaps = Literal["leave out", "skip"]
NEVER = "never"
# A cell of `stable_core` that is no row of it.
CHANGED = "(changed)"


@checked
def paths(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Way = "balanced",
    reference: str | None = None,
    min_n: int = 10,
) -> Estimates:
    """Share of every path that people took through the states of several waves.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Two waves or more, in the order of fieldwork; by default every wave that asked the item and
        at which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the first
        of the waves; with ``base="last"``, at the last.
    base : {"balanced", "panel", "last"}
        People with an answer at all the waves, with the weight of the first and last of them; or
        everyone interviewed at the first wave, with that wave's weight; ``not interviewed`` is then
        a state, and so are ``no answer``, ``not asked`` and ``not due`` (not to be interviewed at
        that wave) where they occur. ``"last"`` looks back: everyone interviewed at the last wave,
        with that wave's weight; who joined after a wave, such as a refreshment sample, is a ``new
        entrant`` there. By default all waves that asked the item.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.
    min_n : int
        Paths that fewer people took, unweighted and over all groups together, are added up as
        ``other paths``; the note says how many. With 1 every path has a row.

    Returns
    -------
    Estimates
        Labels ``path``, such as "approve → unsure → approve", and the groups: the same paths in
        every group, from the most frequent in the whole base, ``other paths`` last. The shares of
        a group add up to 1, NaN with n = 0 where its base is empty; ``n_cell`` is the number of
        people on the path, which in a group may be fewer than `min_n`.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or fewer than two waves; waves out of
        order; ``base="answered"``, under which there is no one base for a path; a base with nobody
        in it; an item whose states have the arrow of a path in their name; a reference without
        groups, or that is none of their categories.

    Notes
    -----
    W_s / W, with W_s the weighted people on path s and W those of the base: a ratio over a domain,
    as every share (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> found = op.paths(op.datasets.load("nes_ideology"), "ideology")
    >>> found.to_frame().loc[:2, ["path", "estimate", "n_cell"]].round(3)
                                             path  estimate  n_cell
    0  conservative → conservative → conservative     0.346     141
    1                 liberal → liberal → liberal     0.167      68
    2              moderate → moderate → moderate     0.086      35
    """
    if min_n < 1:
        raise SelectionError(f"min_n must be a whole number of at least 1, not {min_n!r}.")
    found = observed_paths(panel, item, waves, base, "paths", at_least=2, own=["path"], by=by)
    if any(ARROW in state for state in found.states):
        raise SelectionError(
            f"Item {item!r} has a state with {ARROW!r} in its name: its paths could be read in two "
            "ways. Rename the state in the Item."
        )
    kinds = len(found.steps)
    if not kinds:
        raise SelectionError(f"Nobody is in the base: {found.about.base}, with a positive weight.")
    key = Key(found.codes, kinds)
    n, total = engines.tables([Table((key,)), Table((key,), (found.weight.values,))])
    steps, path = np.unique(found.steps, axis=0, return_inverse=True)
    path = path.ravel()
    people, weight = (np.bincount(path, table, len(steps)) for table in (n, total))
    named = np.flatnonzero(people >= min_n)
    # Equally frequent paths stay in their order, whatever rounding leaves between them.
    named = named[np.argsort(-np.round(weight[named] / weight.sum(), 12), kind="stable")]
    names = [ARROW.join(found.states[state] for state in steps[place]) for place in named]
    rows = np.full(len(steps), len(named))
    rows[named] = np.arange(len(named))
    title = f"Paths of {item}: share of the base"
    about = caption_of(panel, found, title, last=base == "last")
    merged = (people > 0) & (people < min_n)
    if merged.any():
        names.append(OTHER)
        text = _other_paths_text(int(merged.sum()), int(people[merged].sum()), min_n)
        about = replace(about, notes={(found.about.waves[0], found.about.waves[-1]): text})
    # Paths come before groups: as rows of a table they are readable, as columns they are not.
    about = replace(about, roles={"path": "state"})
    labels = repeated(found.groups, label_rows({"path": names}))
    codes = found.people(rows[path] * len(found.groups) + found.group)
    totals = tally(panel.sampling, [weighted_cells(codes, found.weight, labels)])
    return compared(totals, [*found.groups], reference, lambda cells, by: cells.shares(by, about))


@checked
def stable_core(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "balanced",
    reference: str | None = None,
) -> Estimates:
    """Share of people who were in the same state at every wave, overall and by state.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Two waves or more, in the order of fieldwork; by default every wave that asked the item and
        at which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the first
        of the waves.
    base : {"balanced"}
        People with an answer at all the waves, with the weight of the first and last of them.
        Others may or may not have changed while they were not interviewed, so no other base is
        taken.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels: the groups and ``state``, first ``all`` and then every state. All of them are shares
        of the whole base, between 0 and 1: the states add up to ``all``. NaN with n = 0 where a
        base is empty; ``n`` is the unweighted base, ``n_cell`` the people who stayed in the state.
        With `reference`: the differences, with the covariance that overlapping people bring, and
        ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or fewer than two waves; waves out of
        order; another base; a reference without groups, or that is none of their categories; a
        state named ``all``.

    Notes
    -----
    W_i / W, with W_i the weighted people in state i at every wave and W those of the base; standard
    errors are those of ratios over a domain (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> core = op.stable_core(op.datasets.load("nes_ideology"), "ideology")
    >>> core.to_frame()[["state", "estimate", "n_cell"]].round(3)
              state  estimate  n_cell
    0           all     0.598     244
    1       liberal     0.167      68
    2      moderate     0.086      35
    3  conservative     0.346     141
    """
    found = complete_paths(panel, item, waves, by, base, "stable_core", own=["state"])
    for name in (ALL, CHANGED):
        _refuse_name("state", name, found.states)
    stayed = (found.steps == found.steps[:, :1]).all(axis=1)
    cells = np.where(stayed, found.steps[:, 0], len(found.states))
    labels = label_rows({"state": [*found.states, CHANGED]})
    title = f"Stable core of {item}: share in the same state at every wave"
    about = caption_of(panel, found, title)
    about = replace(about, roles={"state": "state"}, together={"state": ALL})

    def measure(cells: Totals, by: list[str]) -> Estimates:
        changed = cells.named.where("state", CHANGED)
        parts = {ALL: (~changed, changed)}
        for name in found.states:
            here = cells.named.where("state", name)
            parts[name] = (here, ~here)
        return _shares_of(cells, by, "state", parts, about)

    totals = path_totals(panel, found, labels, cells)
    return compared(totals, [*found.groups], reference, measure)


@checked
def first_change(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "balanced",
    reference: str | None = None,
    gaps: Gaps = "leave out",
) -> Estimates:
    """Share of people whose first change came at each wave.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Two waves or more, in the order of fieldwork; by default every wave that asked the item and
        at which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the first
        of the waves.
    base : {"balanced"}
        People with an answer at all the waves, with the weight of the first and last of them.
        Others may or may not have changed while they were not interviewed, so no other base is
        taken, unless `gaps` says otherwise.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.
    gaps : {"leave out", "skip"}
        What to do with people who answered at the first and the last of the waves and missed one in
        between, or gave no answer there: leave them out; or compare the answers that they gave, one
        with the next. A change during a gap then counts at the wave after it, a change there and
        back is not seen, and a note says how many people have gaps.

    Returns
    -------
    Estimates
        Labels: the groups and ``wave``, that of the first answer that was another than the one
        before, and ``never``. Shares between 0 and 1, which add up to 1 in each group. NaN with n =
        0 where a base is empty; ``n`` is the unweighted base, ``n_cell`` the people whose first
        change came at the wave. With `reference`: the differences, with the covariance that
        overlapping people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or fewer than two waves; waves out of
        order; another base; a reference without groups, or that is none of their categories; a wave
        named ``never``.

    Notes
    -----
    W_t / W, with W_t the weighted people whose first change came at wave t and W those of the base;
    standard errors are those of ratios over a domain (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> first = op.first_change(op.datasets.load("nes_ideology"), "ideology")
    >>> first.to_frame()[["wave", "estimate", "n_cell"]].round(3)
         wave  estimate  n_cell
    0  wave 2     0.277     113
    1  wave 3     0.125      51
    2   never     0.598     244
    """
    check_choice("gaps", gaps, Gaps)
    skip = 2 if gaps == "skip" else 0
    found = complete_paths(panel, item, waves, by, base, "first_change", own=["wave"], skip=skip)
    names = found.about.waves
    _refuse_name("wave", NEVER, names)
    away = found.steps[:, 1:] != found.steps[:, :1]
    cells = np.where(away.any(axis=1), away.argmax(axis=1), len(names) - 1)
    about = caption_of(panel, found, f"First change of {item}: share of the base")
    # Selecting a wave keeps the weight of that wave: it is the same one for all of them.
    weights: dict[tuple[str, ...], str] = {(wave,): found.weight.text for wave in names}
    about = replace(about, weights=weights, roles={"wave": "time"})
    labels = label_rows({"wave": [*names[1:], NEVER]})
    totals = path_totals(panel, found, labels, cells)
    return compared(totals, [*found.groups], reference, lambda cells, by: cells.shares(by, about))


@checked
def returns(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "balanced",
    reference: str | None = None,
) -> Estimates:
    """Of those who left their first state, the share who came back to it at any later wave.

    Whether they stayed after coming back does not matter. Those who left it only at the last wave
    are not in the base: no wave is left at which they could have come back.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Three waves or more, in the order of fieldwork; by default every wave that asked the item
        and at which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the first
        of the waves.
    base : {"balanced"}
        People with an answer at all the waves, with the weight of the first and last of them.
        Others may or may not have changed while they were not interviewed, so no other base is
        taken.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels: the groups and ``origin``, the state at the first wave, with ``all`` first. Shares,
        between 0 and 1, of those who left it before the last wave, whose unweighted number is
        ``n``; ``n_cell`` came back. NaN with n = 0 where nobody left. With `reference`: the
        differences, with the covariance that overlapping people bring, and ``n`` the smaller of the
        two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or fewer than three waves; waves out of
        order; another base; a reference without groups, or that is none of their categories; a
        state named ``all``.

    Notes
    -----
    W_back / W_left, with W_left the weighted people who left their first state at a wave before the
    last and W_back those of them who were in it again later; standard errors are those of ratios
    over a domain (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> back = op.returns(op.datasets.load("nes_ideology"), "ideology")
    >>> back.to_frame()[["origin", "estimate", "n", "n_cell"]].round(3)
             origin  estimate    n  n_cell
    0           all     0.398  113      45
    1       liberal     0.500   30      15
    2      moderate     0.368   57      21
    3  conservative     0.346   26       9
    """
    found = complete_paths(panel, item, waves, by, base, "returns", at_least=3, own=["origin"])
    _refuse_name("state", ALL, found.states)
    at_first = found.steps == found.steps[:, :1]
    left = np.logical_or.accumulate(~at_first, axis=1)
    came_back = (left & at_first).any(axis=1)
    cells = np.where(left[:, -2], 2 * found.steps[:, 0] + came_back, -1)
    # A label while shares are made.
    came = free_name("(came back)", found.groups)
    labels = crossed({"origin": found.states, came: (False, True)})
    about = caption_of(panel, found, f"Returns of {item}: came back to the first state")
    last = found.about.waves[-1]
    base_then = Phrase(
        "{base}, who left their first state before {wave}", base=about.base, wave=last
    )
    about = replace(about, base=base_then, roles={"origin": "origin"}, together={"origin": ALL})

    def measure(cells: Totals, by: list[str]) -> Estimates:
        back = cells.named.where(came, True)
        parts = {ALL: (back, ~back)}
        for name in found.states:
            here = cells.named.where("origin", name)
            parts[name] = (here & back, here & ~back)
        return _shares_of(cells, by, "origin", parts, about)

    totals = path_totals(panel, found, labels, cells)
    return compared(totals, [*found.groups], reference, measure)


def _refuse_name(kind: str, name: str, given: Sequence[str]) -> None:
    if name in given:
        raise SelectionError(
            f"A {kind} is named {name!r}, as is a row of this result that means something else. "
            f"Rename the {kind} when the panel is made."
        )


def _other_paths_text(paths: int, people: int, min_n: int) -> str:
    """Say what the row of paths that few took is made of."""
    return Phrase(
        "“other paths”: {paths} that fewer than {least} people took, {people} in all (unweighted).",
        paths=Phrase("{n} path", n=paths) if paths == 1 else Phrase("{n} paths", n=paths),
        least=min_n,
        people=count_people(people),
    )


def _shares_of(
    cells: Totals,
    by: list[str],
    column: str,
    parts: Mapping[str, tuple[Booleans, Booleans]],
    about: About,
) -> Estimates:
    """Shares that overlap or have other bases: of each part the cells counted, and the others."""
    group = cells.named.numbers(by)
    first = np.unique(group, return_index=True)[1]
    rows = []
    for place in first:
        here = group == group[place]
        for counted, others in parts.values():
            rows += [here & counted, here & others]
    # Both halves of a part have its labels: they are its domain.
    names = label_rows({column: [name for name in parts for _ in ("counted", "others")]})
    labels = repeated(names, cells.named.only(by).take(first))
    shares = cells.combine(np.array(rows), labels).shares([*by, column], about)
    return shares.at(np.arange(0, len(shares), 2))
