"""How often people changed: the number of changes, its mean, and a group of the panel by it."""

from dataclasses import replace

import numpy as np

from opinionpanel.arguments import check_choice, checked
from opinionpanel.arrays import Integers
from opinionpanel.estimates import Estimates, Role, Totals, label_rows, repeated
from opinionpanel.measures.bases import Base, By
from opinionpanel.measures.pairs_of_waves import Waves
from opinionpanel.measures.paths_taken import (
    caption_of,
    complete_paths,
    observed_paths,
    path_totals,
)
from opinionpanel.measures.reference_groups import compared
from opinionpanel.measures.trajectories import Gaps
from opinionpanel.panel import Panel, steady_group, with_group

TYPES = ("stable", "switched once", "wavering")


@checked
def number_of_changes(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "balanced",
    reference: str | None = None,
    mean: bool = False,
    gaps: Gaps = "leave out",
) -> Estimates:
    """Share of people who changed never, once, twice, … between consecutive waves, or the mean.

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
    mean : bool
        Whether to give the mean number of changes of a person in place of the shares.
    gaps : {"leave out", "skip"}
        What to do with people who answered at the first and the last of the waves and missed one in
        between, or gave no answer there: leave them out; or compare the answers that they gave, one
        with the next. A change there and back during a gap is not seen, and a note says how many
        people have gaps.

    Returns
    -------
    Estimates
        Labels: the groups and ``changes``, from 0 to one fewer than the waves; the shares of a
        group add up to 1. With ``mean=True`` the groups and ``index``: a number from 0 to one
        fewer than the waves, the sum of the turnovers between consecutive waves on the same base
        where nobody has gaps.
        NaN with n = 0 where a base is empty. Where everyone has the same number of changes their
        mean has no standard error (NaN): an interval of no width would claim certainty.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or fewer than two waves; waves out of
        order; another base; a reference without groups, or that is none of their categories.

    Notes
    -----
    W_c / W, with W_c the weighted people who changed c times and W those of the base; the mean is
    Σ_c c p_c over these shares p_c, with their covariance (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("nes_ideology")
    >>> changes = op.number_of_changes(panel, "ideology")
    >>> changes.to_frame()[["changes", "estimate", "n_cell"]].round(3)
       changes  estimate  n_cell
    0        0     0.598     244
    1        1     0.262     107
    2        2     0.140      57
    >>> mean = op.number_of_changes(panel, "ideology", mean=True)
    >>> round(float(mean.value[0]), 3), round(float(mean.std_error[0]), 3)
    (0.542, 0.036)
    """
    roles: dict[str, Role] = {"changes": "component", **({"index": "parameter"} if mean else {})}
    check_choice("gaps", gaps, Gaps)
    skip = 2 if gaps == "skip" else 0
    found = complete_paths(
        panel, item, waves, by, base, "number_of_changes", own=[*roles], skip=skip
    )
    what, shared = ("Mean number", "") if mean else ("Number", ": share of the base")
    title = f"{what} of changes of {item} between consecutive waves{shared}"
    about = replace(caption_of(panel, found, title), roles=roles)

    def counted(cells: Totals, by: list[str]) -> Estimates:
        shares = cells.shares(by, about)
        return _mean(shares, by) if mean else shares

    labels = label_rows({"changes": range(found.steps.shape[1])})
    totals = path_totals(panel, found, labels, _changes_of(found.steps))
    return compared(totals, [*found.groups], reference, counted)


@checked
def typology(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    name: str = "typology",
    gaps: Gaps = "leave out",
) -> Panel:
    """Group people by how often they changed: stable, switched once, or wavering.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Three waves or more, in the order of fieldwork; by default every wave that asked the item
        and at which people of the first were due.
    name : str
        What to call the group.
    gaps : {"leave out", "skip"}
        Whether people have a type who answered at the first and the last of the waves and at three
        or more in all, but missed one in between or gave no answer there: by their answers, one
        compared with the next. They may have changed there and back, so fewer of them waver. The
        panel's note says how many they are.

    Returns
    -------
    Panel
        With the group, for ``by=`` of any measure and for `Panel.where`: ``stable`` (no change
        between consecutive waves), ``switched once``, ``wavering`` (two changes or more). People
        without an answer at one of the waves, or with a weight of zero for them, have none. A
        domain stays as it is, and everyone outside it is grouped too.

    Raises
    ------
    SelectionError
        An item or wave that the panel does not have, fewer than three waves, or a name that is
        taken by another group.

    Notes
    -----
    The weights are those of the first and last wave, as in a balanced base. A careless
    answer makes two changes: part of those who waver may only have answered so.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.typology(op.datasets.load("nes_ideology"), "ideology")
    >>> shares = op.shares(panel, "ideology", waves=["wave 1"], by="typology")
    >>> shares.select(state="moderate").to_frame()[["typology", "estimate", "n"]].round(3)
            typology  estimate    n
    0         stable     0.143  244
    1  switched once     0.495  107
    2       wavering     0.439   57
    """
    check_choice("gaps", gaps, Gaps)
    everyone = replace(panel, domain=np.ones_like(panel.domain), domain_text="")
    skip = 3 if gaps == "skip" else 0
    found = observed_paths(everyone, item, waves, "balanced", "typology", at_least=3, skip=skip)
    codes = found.people(np.minimum(_changes_of(found.steps), len(TYPES) - 1))
    what = f"changes of {item} at {', '.join(found.about.waves)}"
    what = " ".join([what, *(f"({text})" for text in found.about.notes.values())])
    made_of = tuple((item, wave) for wave in found.about.waves)
    group = replace(steady_group(panel, codes, TYPES), made_of=made_of)
    return with_group(panel, name, group, what, instead=f"{name}_{item}")


def _changes_of(steps: Integers) -> Integers:
    """Count the changes between consecutive waves on each path."""
    return np.asarray((steps[:, 1:] != steps[:, :-1]).sum(axis=1), dtype=np.int64)


def _mean(shares: Estimates, by: list[str]) -> Estimates:
    """Mean number of changes by group, from their shares."""
    changes = np.array(shares.named.column("changes"), dtype=np.float64)
    domain = np.arange(len(shares)) // (int(changes.max()) + 1)
    of_domain = domain == np.arange(domain.max() + 1)[:, None]
    groups = shares.named.only(by).take(of_domain.argmax(axis=1))
    labels = repeated(label_rows({"index": ["mean changes"]}), groups)
    mean = shares.combination(of_domain * changes, labels, title=shares.about.title)
    alike = (of_domain & (shares.value > 1 - 1e-12)).any(axis=1)
    possible = np.array([[0.0, changes.max()]] * len(mean))
    return replace(mean.without_error(alike), unit="number", possible=possible)
