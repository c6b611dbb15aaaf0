"""Whether those who change their answer to one question change that to another one, too."""

from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array, Floats
from opinionpanel.engines import PersonColumn
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, Estimates, label_rows, repeated
from opinionpanel.measures.bases import Own, base_of
from opinionpanel.measures.pairs_of_waves import Waves, pair_names, waves_of
from opinionpanel.measures.tabulation import WAVES, OneTable, tabulate
from opinionpanel.measures.two_items import about_of_two, check_two
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

# What rounding leaves of the distance from an end.
ROUNDING = 1e-12


@checked
def joint_change(
    panel: Panel, first_item: str, second_item: str, *, waves: Waves | None = None
) -> Estimates:
    """Share of people who gave another answer to both of two items, to one of them, or to none.

    Parameters
    ----------
    panel : Panel
    first_item, second_item : str
        The items' names in the panel.
    waves : sequence of str, or of pairs of them, optional
        As in `flows`; by default the pairs that link people at which both items were asked.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave`` and ``moved``: ``both``, the first item only, the second
        only (``"peace only"``), ``neither``. Shares, between 0 and 1, of the people who answered
        both items at both waves; those of a pair of waves add up to 1, and are NaN with n = 0
        where nobody did. ``n_cell`` is the unweighted people.

    Raises
    ------
    SelectionError
        An item or wave that the panel does not have, the same item twice, or no pair of waves at
        which both were asked.

    Notes
    -----
    Both plus the first only is the first item's `turnover` among those who answered both items.
    With the longitudinal weight of the pair, or else the later wave's.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> from opinionpanel.measures import joint_change
    >>> found = joint_change(panel, "support", "peace", waves=["Jul 2024", "Nov 2024"])
    >>> dict(zip(found.labels["moved"], found.value.round(3).tolist()))
    {'both': 0.094, 'support only': 0.168, 'peace only': 0.166, 'neither': 0.571}
    """
    pairs = _pairs(panel, first_item, second_item, waves)
    names = waves_of(panel, pairs)
    cells = ["both", f"{first_item} only", f"{second_item} only", "neither"]
    tables = []
    for pair in pairs:
        inside, weight = base_of(panel, first_item, names, pair, "answered")
        inside = inside & base_of(panel, second_item, names, pair, "answered")[0]
        stayed = [_stayed(panel, item, pair) for item in (first_item, second_item)]
        codes = np.where(stayed[0], 2, 0) + np.where(stayed[1], 1, 0)
        tables.append(OneTable(pair, pair[0], inside, weight, [codes]))
    who = Phrase("people with an answer to both items at both waves")
    about = about_of_two(
        panel,
        (first_item, second_item),
        names,
        [],
        who,
        measure="joint_change",
        title=f"Change of {first_item} and of {second_item}: share of the base",
    )
    own = [Own("moved", cells, "component")]
    totals, about, _ = tabulate(panel, about, [], WAVES, own, tables)
    return totals.shares([*PAIR], about)


@checked
def association_of_change(
    panel: Panel, first_item: str, second_item: str, *, waves: Waves | None = None
) -> Estimates:
    """Correlation of having changed one's answer to two items: phi.

    Parameters
    ----------
    panel, first_item, second_item, waves
        As in `joint_change`.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave`` and ``index`` (``phi``); numbers between −1 and 1: 0
        where those who change one answer change the other as often as everybody, 1 where the same
        people change both. NaN where nobody or everybody changed one of them. At −1 and 1
        linearisation has no standard error to give (NaN).

    Raises
    ------
    SelectionError
        As in `joint_change`.

    Notes
    -----
    φ = (π_b π_n − π_1 π_2) / √(r (1 − r) c (1 − c)), with π the shares of `joint_change`,
    r = π_b + π_1 and c = π_b + π_2: Pearson's correlation of two moves that are 0 or 1. The
    standard error is that of a smooth function of the shares. Unsteady answers to both raise phi
    as change does.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> from opinionpanel.measures import association_of_change
    >>> found = association_of_change(panel, "support", "peace", waves=["Jul 2024", "Nov 2024"])
    >>> found.value.round(3).tolist()
    [0.135]
    """
    shares = joint_change(panel, first_item, second_item, waves=waves)
    tables = shares.value.reshape(-1, 4)
    slopes = np.zeros((len(tables), len(tables), 4))
    own = np.arange(len(tables))
    slopes[own, own] = np.nan_to_num(_slopes(tables))
    named = shares.named.only(PAIR).take(4 * own)
    found = shares.with_slopes(
        lambda values: _phi(values.reshape(-1, 4)),
        slopes.reshape(len(tables), -1),
        repeated(label_rows({"index": ["phi"]}), named),
    )
    about = replace(
        found.about,
        title=f"Correlation of change of {first_item} and of {second_item}",
        roles={**shares.about.roles, "index": "parameter"},
    )
    found = replace(
        found,
        about=about,
        possible=np.tile([-1.0, 1.0], (len(tables), 1)),
        freedom=shares.freedom.at(4 * own),
        n=shares.n[4 * own],
        n_effective=shares.n_effective[4 * own],
    )
    return found.without_error(~(np.abs(found.value) < 1 - ROUNDING))


def _pairs(panel: Panel, first: str, second: str, waves: Waves | None) -> list[tuple[str, str]]:
    """Name the pairs of waves at which both items were asked."""
    check_two(panel, first, second)
    pairs, others = (pair_names(panel, item, waves) for item in (first, second))
    both = [pair for pair in pairs if pair in others]
    if not both:
        raise SelectionError(
            f"Items {first!r} and {second!r} have no pair of waves in common: {first!r} was asked "
            f"at {listing(panel.asked(first))}, {second!r} at {listing(panel.asked(second))}. Name "
            "two waves that asked both with waves=."
        )
    return both


def _stayed(panel: Panel, item: str, pair: tuple[str, str]) -> PersonColumn:
    """Mark who gave the same answer at both waves."""
    codes = panel.answers[item]
    same: PersonColumn = codes[panel.position(pair[0])] == codes[panel.position(pair[1])]
    return same


def _phi(tables: Array) -> Array:
    """Correlate two moves, by their four shares in a row."""
    both, first, second, neither = tables.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((both * neither - first * second) / _spread(tables))


def _spread(tables: Array) -> Array:
    both, first, second, neither = tables.T
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    return np.asarray(np.sqrt(margins))


def _slopes(tables: Floats) -> Floats:
    """Differentiate phi by each of the four shares, shape (tables, 4)."""
    both, first, second, neither = tables.T
    row = np.array([both + first, both + first, second + neither, second + neither])
    column = np.array([both + second, first + neither, both + second, first + neither])
    with np.errstate(divide="ignore", invalid="ignore"):
        direct = np.array([neither, -second, -first, both]) / _spread(tables)
        slopes = direct - _phi(tables) / 2 * (1 / row + 1 / column)
    return np.asarray(slopes.T)
