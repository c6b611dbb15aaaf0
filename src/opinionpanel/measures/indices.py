"""How much people moved, and how far two answers agree, each in one number."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array, Floats
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, Estimates, Totals, label_rows, repeated
from opinionpanel.measures.bases import Base, By
from opinionpanel.measures.flow_sums import table_keys
from opinionpanel.measures.pairs_of_waves import Waves
from opinionpanel.measures.reference_groups import compared
from opinionpanel.measures.scale_totals import scale_totals
from opinionpanel.panel import Panel

Weighting = Literal["linear", "quadratic"] | None

# What rounding leaves of the distance from an end of a scale.
ROUNDING = 1e-12
PRAIS, BARTHOLOMEW, INFORMATION = "Prais", "Bartholomew", "mutual information"


@checked
def mobility_indices(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
    ordered: bool = False,
    without: Sequence[str] = (),
) -> Estimates:
    """Measure mobility: how far the later state is from being settled by the earlier one.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. Who was not interviewed has no state to move to.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.
    ordered : bool
        Whether the order of the item's states is a scale; the Bartholomew index is then added.
    without : str or sequence of str
        States that have no place on the scale, such as "don't know". People in one of them at
        either wave of a pair are left out of its base; a note says how many.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``index``; numbers:

        - ``Prais``: 0 where nobody moves, 1 where the later state does not depend on the earlier;
          NaN where nobody is in one of the states at the earlier wave, and a note says so;
        - ``mutual information``, in nats: 0 where the later state does not depend on the earlier,
          and log k at most;
        - ``Bartholomew``: the mean number of steps moved, of k − 1 possible ones.

        Limits are cut at the ends of these scales. At the ends themselves linearisation has no
        standard error to give (NaN): where nobody moves, or where the later state does not depend
        on the earlier.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories; ``base="panel"``; fewer than
        two states that are not left out.

    Notes
    -----
    Prais (Shorrocks 1978, Econometrica 46): (k − tr P)/(k − 1) with P the transition matrix.
    Mutual information: Σ π_ij log(π_ij / (r_i c_j)), with π the flows and r and c their margins;
    it is biased upward in small samples. Bartholomew: Σ π_i P_ij d_ij / (k − 1), with d_ij the
    steps between two states and π_i the shares of the states at the earlier wave in the same base.
    The indices compare tables with the same
    states. Response error lowers mutual information and, as a rule, raises the others.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("thomas_1991_3")
    >>> indices = op.mobility_indices(panel, "opinion", ordered=True)
    >>> dict(zip(indices.labels["index"], indices.value.round(3).tolist()))
    {'Prais': 0.59, 'mutual information': 0.126, 'Bartholomew': 0.243}
    """
    names = [PRAIS, INFORMATION, *([BARTHOLOMEW] if ordered else [])]
    title = f"Mobility of {item}"
    if ordered:
        title += " (Bartholomew: weighted by the shares at the earlier wave)"
    totals, about, groups, scale = scale_totals(
        panel, item, waves, by, base, without, "mobility_indices", title
    )
    k = len(scale)
    about = replace(about, notes={**about.notes, **_empty_origins(totals, groups)})

    def measure(cells: Totals, by: list[str]) -> Estimates:
        joint = cells.shares([*PAIR, *by], about)
        found = _derived(
            joint,
            k,
            names,
            lambda tables: _mobility(tables, ordered=ordered),
            lambda tables: _mobility_slopes(tables, ordered=ordered),
        )
        most = {PRAIS: k / (k - 1), INFORMATION: np.log(k), BARTHOLOMEW: 1.0}
        return _between(found, 0.0, np.array([most[name] for name in found.labels["index"]]))

    return compared(totals, groups, reference, measure)


@checked
def agreement(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
    weights: Weighting = None,
    without: Sequence[str] = (),
) -> Estimates:
    """Kappa: how far the answers of two waves agree beyond what the margins alone would bring.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. Who was not interviewed has no answer to agree.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.
    weights : {"linear", "quadratic"}, optional
        For ordered states: how much two answers disagree, their distance or its square. By default
        any two different answers disagree equally.
    without : str or sequence of str
        States that have no place on the scale, such as "don't know". People in one of them at
        either wave of a pair are left out of its base; a note says how many.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``index``; numbers: 1 for the same answer
        by everyone, 0 for what independent answers with these margins would give. NaN where
        everybody gives one and the same answer at both waves, and a note says so. At 1
        linearisation has no standard error to give (NaN).

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories; ``base="panel"``; fewer than
        two states that are not left out; unknown weights.

    Notes
    -----
    κ = 1 − Σ v_ij π_ij / Σ v_ij r_i c_j, with v the disagreement, π the flows and r and c their
    margins (Cohen 1960, 1968). These are two answers of the same people at different times:
    change and response error both lower kappa, and two waves cannot tell them apart.

    Examples
    --------
    >>> import opinionpanel as op
    >>> op.agreement(op.datasets.load("thomas_1991"), "opinion").value.round(6).tolist()
    [0.241707]
    """
    if weights not in (None, "linear", "quadratic"):
        raise SelectionError(f"weights must be 'linear', 'quadratic' or None, not {weights!r}.")
    name = "kappa" if weights is None else f"kappa, {weights} weights"
    title = f"Agreement of the answers to {item} at two waves"
    totals, about, groups, scale = scale_totals(
        panel, item, waves, by, base, without, "agreement", title
    )
    about = replace(about, notes={**about.notes, **_one_answer(totals, groups)})
    apart = _apart(len(scale))
    disagreement = {None: np.sign(apart), "linear": apart, "quadratic": apart**2}[weights]

    def disagree(tables: Array) -> tuple[Array, Array]:
        observed, expected = (
            (disagreement * flows).sum(axis=(1, 2)) for flows in (tables, _expected(tables))
        )
        return observed, expected

    def kappa(tables: Array) -> Array:
        observed, expected = disagree(tables)
        return np.asarray(1 - observed / expected)[:, None]

    def slopes(tables: Floats) -> Floats:
        observed, expected = (part[:, None, None] for part in disagree(tables))
        origin, destination = tables.sum(axis=2), tables.sum(axis=1)
        # Of what is expected, by the flow's part in both margins.
        margins = (destination @ disagreement)[:, :, None] + (origin @ disagreement)[:, None, :]
        slope = (observed * margins / expected - disagreement) / expected
        return np.asarray(slope)[:, None]

    def measure(cells: Totals, by: list[str]) -> Estimates:
        joint = cells.shares([*PAIR, *by], about)
        found = _derived(joint, len(scale), [name], kappa, slopes)
        return _between(found, -1.0, 1.0)

    return compared(totals, groups, reference, measure)


def _mobility(tables: Array, *, ordered: bool) -> Array:
    """Compute the indices of flows, shape (tables, k, k); a column for each index."""
    k = tables.shape[1]
    # k − tr P as the sum of the shares that left: exactly 0 where nobody did.
    left = tables * (1 - np.eye(k))
    prais = (left.sum(axis=2) / tables.sum(axis=2)).sum(axis=1) / (k - 1)
    # A replicate may empty a cell; 0 log 0 is 0.
    some = tables != 0
    ratio = np.divide(tables, _expected(tables), out=np.ones_like(tables), where=some)
    information = (tables * np.log(ratio)).sum((1, 2))
    columns = [prais, information]
    if ordered:
        columns.append((tables * _apart(k)).sum((1, 2)) / (k - 1))
    return np.stack(columns, axis=1)


def _mobility_slopes(tables: Floats, *, ordered: bool) -> Floats:
    """Differentiate the indices by every flow, shape (tables, indices, k, k)."""
    k = tables.shape[1]
    moving = 1 - np.eye(k)
    started = tables.sum(axis=2)[:, :, None]
    left = (tables * moving).sum(axis=2)[:, :, None]
    prais = (moving * started - left) / started**2 / (k - 1)
    # A flow that grows brings its margins with it, each by as much again.
    slopes = [prais, np.log(tables / _expected(tables)) - 1]
    if ordered:
        slopes.append(np.broadcast_to(_apart(k) / (k - 1), tables.shape))
    return np.stack(slopes, axis=1)


def _expected(tables: Array) -> Array:
    """Products of the margins of every table."""
    return np.asarray(tables.sum(axis=2)[:, :, None] * tables.sum(axis=1)[:, None, :])


def _apart(k: int) -> Floats:
    """Count the steps between every two of k states."""
    place = np.arange(k, dtype=np.float64)
    return np.abs(place[:, None] - place)


def _derived(
    joint: Estimates,
    k: int,
    names: Sequence[str],
    function: Callable[[Array], Array],
    slopes: Callable[[Floats], Floats],
) -> Estimates:
    """Derive indices from the flows of each table, with the base and df of the table.

    `slopes` gives the derivatives of what `function` gives, by flow: to find them takes far longer
    where states are many.
    """
    # Nobody is in the other cells, nor under any replicate: only these vary. The logarithm of a
    # share is smooth only where there is one.
    some = np.flatnonzero(joint.value > 0)
    cells = joint.at(some)

    def indices(shares: Array) -> Array:
        flows = np.zeros(len(joint), dtype=shares.dtype)
        flows[some] = shares
        tables = flows.reshape(-1, k, k)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = function(tables)
        nobody = (tables == 0).all(axis=(1, 2))
        return np.where(nobody[:, None], np.nan, found).ravel()

    tables = np.nan_to_num(joint.value).reshape(-1, k, k)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = slopes(tables)
    table, flow = np.divmod(some, k * k)
    by_table = np.zeros((len(tables), len(names), len(some)))
    own = found.reshape(*found.shape[:2], k * k)[table, :, flow]
    # An index that is undefined has no slopes.
    by_table[table, :, np.arange(len(some))] = np.nan_to_num(own, posinf=0.0, neginf=0.0)
    first = np.arange(0, len(joint), k * k)
    named = joint.named.only(table_keys(joint)).take(first)
    labels = repeated(label_rows({"index": names}), named)
    of = np.repeat(first, len(names))
    return replace(
        cells.with_slopes(indices, by_table.reshape(len(of), len(some)), labels),
        about=replace(joint.about, roles={**joint.about.roles, "index": "parameter"}),
        freedom=joint.freedom.at(of),
        n=joint.n[of],
        n_effective=joint.n_effective[of],
    )


def _between(found: Estimates, low: float, high: float | Floats) -> Estimates:
    """Say between which ends indices lie, and take the standard error from those at an end.

    There the derivative is zero, whatever the size of the sample: "0 (0 to 0)" is no news.
    """
    at_low, at_high = found.value < low + ROUNDING, found.value > high - ROUNDING
    # Rounding leaves a mutual information of 0 at -1e-17.
    value = np.where(at_low, low, np.where(at_high, high, found.value))
    possible = np.stack(np.broadcast_arrays(low, high, value)[:2], axis=1)
    return replace(found.without_error(at_low | at_high), value=value, possible=possible)


def _tables(totals: Totals, groups: list[str]) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """List the unweighted counts of every table that somebody is in, with its pair of waves."""
    for key, part in totals.labels.groupby([*PAIR, *groups], sort=False):
        counts = part[["origin", "destination"]].assign(n=totals.n[part.index])
        if counts["n"].sum() > 0:
            yield (str(key[0]), str(key[1])), counts


def _empty_origins(totals: Totals, groups: list[str]) -> dict[tuple[str, ...], str]:
    """Say for each pair of waves why it has no Prais index, or some group of it has none."""
    empty: dict[tuple[str, ...], list[str]] = {}
    for pair, part in _tables(totals, groups):
        started = part.groupby("origin", sort=False)["n"].sum()
        empty.setdefault(pair, []).extend(started.index[started == 0])
    where = "" if not groups else ", in one of the groups at least"
    return {
        pair: f"{pair[0]} → {pair[1]}: no Prais index where nobody starts in a state: "
        f"{listing(dict.fromkeys(states))}{where}."
        for pair, states in empty.items()
        if states
    }


def _one_answer(totals: Totals, groups: list[str]) -> dict[tuple[str, ...], str]:
    """Say for each pair of waves why it has no kappa, or some group of it has none."""
    notes: dict[tuple[str, ...], str] = {}
    for pair, part in _tables(totals, groups):
        given = part[part["n"] > 0]
        if len(given) == 1 and (given["origin"] == given["destination"]).all():
            who = "everybody" if not groups else "everybody in a group"
            answer = given["origin"].iloc[0]
            notes[pair] = (
                f"{pair[0]} → {pair[1]}: no kappa where {who} answers {answer!r} at both waves."
            )
    return notes
