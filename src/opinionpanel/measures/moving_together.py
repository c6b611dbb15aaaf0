"""Whether those who change their answer to one question change that to another one, too."""

from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array, Floats
from opinionpanel.design import PersonWeight
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
# Moved on both items, on either one only, on neither.
CELLS = 4
BOTH_AT_BOTH = Phrase("people with an answer to both items at both waves")
INDICES = ("phi", "log odds ratio")


@checked
def joint_change(
    panel: Panel, first_item: str, second_item: str, *, waves: Waves | None = None
) -> Estimates:
    """Share of people who gave another answer to both of two items, to one of them, or to none.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    first_item, second_item : str
        The items' names in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated, or the pairs themselves; by
        default the pairs that link people at which both items were asked.

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
    With the longitudinal weight of the pair, or else the later wave's. Whether the two moves go
    together, `association_of_change` says in a number, and `joint_change_test` tests.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> found = op.joint_change(panel, "support", "peace", waves=["Jul 2024", "Nov 2024"])
    >>> dict(zip(found.labels["moved"], found.value.round(3).tolist()))
    {'both': 0.094, 'support only': 0.168, 'peace only': 0.166, 'neither': 0.571}
    """
    pairs = pairs_of_both(panel, first_item, second_item, waves)
    names = waves_of(panel, pairs)
    cells = ["both", f"{first_item} only", f"{second_item} only", "neither"]
    tables = []
    for pair in pairs:
        inside, weight = base_of_both(panel, first_item, second_item, pair)
        stayed = [_stayed(panel, item, pair) for item in (first_item, second_item)]
        codes = np.where(stayed[0], 2, 0) + np.where(stayed[1], 1, 0)
        tables.append(OneTable(pair, pair[0], inside, weight, [codes]))
    about = about_of_two(
        panel,
        (first_item, second_item),
        names,
        [],
        BOTH_AT_BOTH,
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
    """Association of having changed one's answer to two items: phi, and the log odds ratio.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    first_item, second_item : str
        The items' names in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated, or the pairs themselves; by
        default the pairs that link people at which both items were asked.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave`` and ``index``. ``phi``, between −1 and 1: 0 where those
        who change one answer change the other as often as everybody, 1 where the same people
        change both. NaN where nobody or everybody changed one of them; at −1 and 1 linearisation
        has no standard error to give (NaN). ``log odds ratio``: the logarithm of how many times
        the odds of changing the one answer are, among those who changed the other, those of
        people who did not. NaN where one of the four cells of `joint_change` has nobody.

    Raises
    ------
    SelectionError
        An item or wave that the panel does not have, the same item twice, or no pair of waves at
        which both were asked.

    Notes
    -----
    φ = (π_b π_n − π_1 π_2) / √(r (1 − r) c (1 − c)), with π the shares of `joint_change`,
    r = π_b + π_1 and c = π_b + π_2: Pearson's correlation of two moves that are 0 or 1; and
    log (π_b π_n / π_1 π_2), of which exp gives the odds ratio and its limits. Standard errors are
    those of smooth functions of the shares. Unsteady answers to both raise either as change does.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> waves = ["Jul 2024", "Nov 2024"]
    >>> found = op.association_of_change(panel, "support", "peace", waves=waves)
    >>> found.to_frame()[["index", "estimate", "conf_low", "conf_high"]].round(2)
                index  estimate  conf_low  conf_high
    0             phi      0.13      0.07       0.20
    1  log odds ratio      0.66      0.34       0.98
    """
    shares = joint_change(panel, first_item, second_item, waves=waves)
    tables = shares.value.reshape(-1, CELLS)
    number = len(tables)
    slopes = np.zeros((number, len(INDICES), number, CELLS))
    own = np.arange(number)
    slopes[own, 0, own] = _slopes(tables)
    slopes[own, 1, own] = _log_odds_slopes(tables)
    first = CELLS * np.repeat(own, len(INDICES))
    named = shares.named.only(PAIR).take(CELLS * own)
    found = shares.with_slopes(
        lambda values: _indices(values.reshape(-1, CELLS)),
        np.nan_to_num(slopes, posinf=0.0, neginf=0.0).reshape(len(first), -1),
        repeated(label_rows({"index": INDICES}), named),
    )
    about = replace(
        found.about,
        title=f"Association of change of {first_item} and of {second_item}",
        measure="association_of_change",
        roles={**shares.about.roles, "index": "parameter"},
    )
    found = replace(
        found,
        about=about,
        possible=np.tile([[-1.0, 1.0], [-np.inf, np.inf]], (number, 1)),
        freedom=shares.freedom.at(first),
        n=shares.n[first],
        n_effective=shares.n_effective[first],
    )
    is_phi = np.tile([True, False], number)
    return found.without_error(is_phi & ~(np.abs(found.value) < 1 - ROUNDING))


def pairs_of_both(
    panel: Panel, first: str, second: str, waves: Waves | None, *, in_order: bool = False
) -> list[tuple[str, str]]:
    """Name the pairs of waves at which both of two items were asked, as `pair_names` does."""
    check_two(panel, first, second)
    for item in (first, second):
        if len(states := panel.item(item).state_names) < 2:
            raise SelectionError(
                f"Nobody can change an answer of which there is one: item {item!r} has "
                f"{listing(states)}. Name an item with two states or more."
            )
    pairs, others = (pair_names(panel, item, waves, in_order=in_order) for item in (first, second))
    both = [pair for pair in pairs if pair in others]
    if not both:
        raise SelectionError(
            f"Items {first!r} and {second!r} have no pair of waves in common: {first!r} was asked "
            f"at {listing(panel.asked(first))}, {second!r} at {listing(panel.asked(second))}. Name "
            "two waves that asked both with waves=."
        )
    return both


def base_of_both(
    panel: Panel, first: str, second: str, pair: tuple[str, str]
) -> tuple[PersonColumn, PersonWeight]:
    """Who answered both of two items at both waves of a pair, and with which weight."""
    inside, weight = base_of(panel, first, [*pair], pair, "answered")
    return inside & base_of(panel, second, [*pair], pair, "answered")[0], weight


def _stayed(panel: Panel, item: str, pair: tuple[str, str]) -> PersonColumn:
    """Mark who gave the same answer at both waves."""
    codes = panel.answers[item]
    same: PersonColumn = codes[panel.position(pair[0])] == codes[panel.position(pair[1])]
    return same


def _indices(tables: Array) -> Array:
    """Give both indices of each table, one after the other."""
    both, first, second, neither = tables.T
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = np.log(both * neither / (first * second))
    return np.stack([_phi(tables), log_odds], axis=1).ravel()


def _log_odds_slopes(tables: Floats) -> Floats:
    """Differentiate the log odds ratio by each of the four shares, shape (tables, 4)."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.array([1.0, -1.0, -1.0, 1.0]) / tables)


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
