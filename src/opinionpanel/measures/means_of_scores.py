"""Means of a score by wave, and how they change among the same people."""

from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.estimates import DOWNWARD, MOMENT, UPWARD, Estimates, Role, Totals
from opinionpanel.measures.bases import (
    Base,
    By,
    about_of,
    accounts_of,
    base_of,
    base_words,
    by_text,
    group_names,
)
from opinionpanel.measures.pairs_of_waves import Waves, pair_names, wave_names, waves_of
from opinionpanel.measures.reference_groups import compared
from opinionpanel.measures.score_totals import (
    averages,
    moment_last,
    moments,
    numbers_of,
    refuse_panel,
)
from opinionpanel.measures.tabulation import WAVE, WAVES, OneTable
from opinionpanel.panel import Panel


@checked
def means(
    panel: Panel,
    score: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Mean of a score at every wave.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    score : str
        The score's name in the panel.
    waves : sequence of str, optional
        By default every wave that asked the score; with one base for all waves, those of them at
        which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the wave.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with a number at the
        wave, with that wave's weight. ``"balanced"``: people with a number at all the waves named,
        with the weight of the first and last of them.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``wave`` and the groups; means in the numbers of the score. NaN with n = 0 where a
        base is empty; ``n`` is the unweighted base of the wave and group. With `reference`: the
        differences, with the covariance that overlapping people bring, and ``n`` the smaller of the
        two bases.

    Raises
    ------
    SelectionError
        A score, wave or group that the panel does not have; an item in place of a score; a
        reference without groups, or that is none of their categories; ``base="panel"``.

    Notes
    -----
    Σ w x / Σ w over the base: a ratio of weighted totals over a domain; standard errors are by
    linearisation (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import pandas as pd
    >>> import opinionpanel as op
    >>> may = pd.DataFrame({"id": [1, 2, 3, 4], "warmth": [10, 40, 60, 90]})
    >>> june = pd.DataFrame({"id": [1, 2, 3, 4], "warmth": [20, 40, 70, 90]})
    >>> warmth = op.Score("warmth", low=0, high=100)
    >>> waves = {"May": may, "June": june}
    >>> panel = op.Panel.from_waves(waves, person="id", items={"warmth": warmth})
    >>> op.means(panel, "warmth").value.tolist()
    [50.0, 55.0]
    """
    refuse_panel(base)
    numbers, groups = numbers_of(panel, score), group_names(by)
    names = wave_names(panel, score, waves, at_least=1, base=base)
    tables = []
    for wave in names:
        inside, weight = base_of(panel, score, names, (wave,), base)
        people = OneTable((wave,), wave, inside, weight, [])
        tables.append((people, {"mean": numbers.at(panel.position(wave))}))
    accounts = accounts_of(panel, names, [(wave,) for wave in names], base)
    about = about_of(panel, score, names, groups, base_words(base, names, pairs=False), accounts)
    title = f"Mean of {score} by wave" + by_text(panel, groups, pairs=False)
    about = replace(about, measure="means", title=title)
    totals, about, columns = moments(panel, about, groups, WAVE, tables)

    def measure(cells: Totals, _: list[str]) -> Estimates:
        found = averages(cells, about, numbers, levels=("mean",))
        return replace(found, named=moment_last(found.named))

    return compared(totals, columns, reference, measure)


@checked
def mean_change(
    panel: Panel,
    score: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Mean change of a score among the same people, beside the means that it leads from and to.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    score : str
        The score's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is compared; or, with ``base="answered"``,
        the pairs themselves. By default the pairs that link people, as `Panel.pairs` lists them.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with a number at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with a number at all the waves named, with the weight of the
        first and last of them.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``moment``: the mean ``before`` and
        ``after``, and the ``change``, after minus before, in the numbers of the score; then
        ``upward`` and ``downward``, the mean of the steps up and of the steps down over everyone in
        the base, of which the change is the difference. NaN with n = 0 where a base is empty;
        ``n_cell`` is the people who made such a step, of the others the base. How many people moved
        at all, `direction` tells.

    Raises
    ------
    SelectionError
        A score, wave or group that the panel does not have; an item in place of a score; fewer than
        two waves; a reference without groups; ``base="panel"``.

    Notes
    -----
    Σ w (x₂ − x₁) / Σ w among the same people, by linearisation (Lumley 2010, Complex Surveys, ch.
    2). It is not the difference of `means` at two waves, each of which has all who answered there:
    ``means(...).difference("wave", ...)``.

    Examples
    --------
    >>> import pandas as pd
    >>> import opinionpanel as op
    >>> may = pd.DataFrame({"id": [1, 2, 3, 4], "warmth": [10, 40, 60, 90]})
    >>> june = pd.DataFrame({"id": [1, 2, 3, 4], "warmth": [20, 40, 70, 90]})
    >>> warmth = op.Score("warmth", low=0, high=100)
    >>> waves = {"May": may, "June": june}
    >>> panel = op.Panel.from_waves(waves, person="id", items={"warmth": warmth})
    >>> found = op.mean_change(panel, "warmth")
    >>> dict(zip(found.labels["moment"], found.value.round(1).tolist()))
    {'before': 50.0, 'after': 55.0, 'change': 5.0, 'upward': 5.0, 'downward': 0.0}
    """
    refuse_panel(base)
    numbers, groups = numbers_of(panel, score), group_names(by)
    pairs = pair_names(panel, score, waves, base=base)
    names = waves_of(panel, pairs)
    tables = []
    for pair in pairs:
        inside, weight = base_of(panel, score, names, pair, base)
        before, after = (numbers.at(panel.position(wave)) for wave in pair)
        step = after - before
        amounts = {
            "before": before,
            "after": after,
            "change": step,
            UPWARD: np.where(step > 0, step, 0.0),
            DOWNWARD: np.where(step < 0, -step, 0.0),
        }
        tables.append((OneTable(pair, pair[0], inside, weight, []), amounts))
    accounts = accounts_of(panel, names, pairs, base)
    about = about_of(panel, score, names, groups, base_words(base, names, pairs=True), accounts)
    title = f"Mean change of {score}" + by_text(panel, groups, pairs=True)
    roles: dict[str, Role] = {**about.roles, MOMENT: "component"}
    about = replace(about, measure="mean_change", title=title, roles=roles)
    totals, about, columns = moments(panel, about, groups, WAVES, tables)

    def measure(cells: Totals, _: list[str]) -> Estimates:
        found = averages(cells, about, numbers, levels=("before", "after"), counted=True)
        return replace(found, named=moment_last(found.named, MOMENT))

    return compared(totals, columns, reference, measure)
