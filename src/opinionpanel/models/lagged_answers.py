"""Whether earlier answers to one item go with later answers to another, both ways."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats
from opinionpanel.errors import DesignError, listing, unknown
from opinionpanel.escaping import terminal_line
from opinionpanel.estimates import (
    LESS,
    PAIR,
    WIDTH,
    About,
    Cells,
    Estimates,
    Labels,
    TestResult,
    crossed,
    label_rows,
    p_text,
    repeated,
    tally,
    text_table,
)
from opinionpanel.hypotheses import same_rows
from opinionpanel.measures import (
    BOTH_AT_BOTH,
    WAVES,
    Waves,
    about_of_two,
    base_of_both,
    cross_of,
    pairs_of_both,
    waves_of,
)
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

CANNOT = Phrase(
    "That earlier answers to one question go with later answers to another does not show that the "
    "one changes the other: both may have a third cause, and as single answers are not fully "
    "reliable, part of the earlier attitude to the one question still shows in the other."
)

NOBODY = (
    "No share where nobody with the answer to the other item gave one of the earlier answers: "
    "{answers}."
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CrossLagged:
    """Later answers to each of two items by the earlier answers to both.

    Attributes
    ----------
    items : tuple of str
        The two items.
    shares : Estimates
        Labels ``from_wave``, ``to_wave``, ``item`` (whose answers are told), ``origin`` (the
        earlier answer to it), ``other`` (the earlier answer to the other item) and
        ``destination`` (the later answer to the item): shares of those with the same two earlier
        answers, NaN with n = 0 where nobody has them.
    standardized : Estimates
        Labels ``from_wave``, ``to_wave``, ``item``, ``other`` and ``state``: what the later
        answers to the item would be in each group by the earlier answer to the other one, if all
        these groups had the earlier answers to the item that everybody has. NaN where that cannot
        be known, as nobody with the answer to the other item gave one of the earlier answers.
    differences : Estimates
        Of the standardized shares: the first state of the other item minus its last.
    by_origin : Estimates
        The same cells as `shares`, as shares of those with the same earlier answer to the item:
        what the tests are of.
    """

    items: tuple[str, str]
    shares: Estimates
    standardized: Estimates
    differences: Estimates
    by_origin: Estimates

    @checked
    def test(self, item: str) -> TestResult:
        """Test whether, given the earlier answers to an item, those to the other one tell nothing.

        Parameters
        ----------
        item : str
            The item whose later answers are told.

        Returns
        -------
        TestResult
            The second-order F of Rao and Scott: that with the same earlier answer to the item
            later ones are unrelated to earlier answers to the other. Of several pairs of waves,
            all at once. Earlier answers with nothing to compare are named in the note.

        Raises
        ------
        SelectionError
            It is none of the two items.
        DesignError
            There is nothing to compare, too many cells are empty, or there is no variance to test
            with.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> fit = op.cross_lagged(panel, "support", "peace", waves=["Jul 2024", "Nov 2024"])
        >>> round(float(fit.test("support").pvalue), 3)
        0.293
        """
        if item not in self.items:
            raise unknown("item", item, self.items)
        other = self.items[1 - self.items.index(item)]
        rows = np.flatnonzero(self.by_origin.named.where("item", item))
        tested = self.by_origin.at(rows)
        about = replace(
            tested.about, title=f"Earlier {other} and later {item}, given earlier {item}"
        )
        test = same_rows(
            replace(tested, about=about),
            [*PAIR, "item", "origin"],
            ["other"],
            found=f"Given the earlier answer to {item}, that to {other} goes with the later answer "
            f"to {item} by more than chance would explain.",
            none=f"Given the earlier answer to {item}, no detectable association of that to "
            f"{other} with the later answer to {item}; that does not show that there is none.",
        )
        return replace(test, textbook=None, textbook_name="", textbook_df=None)

    @property
    def finding(self) -> str:
        """What the two tests found, in a sentence, and what they cannot show."""
        return f"{self._found} {CANNOT}"

    @property
    def _found(self) -> str:
        told = [self._told(*pair) for pair in (self.items, self.items[::-1])]
        return f"With the same earlier answer to the item itself, {told[0]}, and {told[1]}."

    def _told(self, item: str, other: str) -> str:
        try:
            test = self.test(item)
        except DesignError:
            return f"there is no test of earlier {other} with later {item}"
        goes = "goes" if test.pvalue < 0.05 else "does not detectably go"
        return f"earlier {other} {goes} with later {item} ({p_text(test.pvalue)})"

    def __str__(self) -> str:
        tables = [text_table(self.differences.select(item=item)) for item in self.items]
        # What the tests cannot show stands below the tables.
        found = textwrap.fill(terminal_line(self._found), width=WIDTH, break_on_hyphens=False)
        return "\n\n".join([*tables, found])

    __repr__ = __str__


@checked
def cross_lagged(
    panel: Panel, first_item: str, second_item: str, *, waves: Waves | None = None
) -> CrossLagged:
    """Ask whether earlier answers to one item go with later answers to another, and the reverse.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    first_item, second_item : str
        The items' names in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated, or the pairs themselves, in
        the order of fieldwork; by default the pairs that link people at which both items were
        asked.

    Returns
    -------
    CrossLagged
        `Estimates` of the later answers to each item within every two earlier answers, the same
        with the earlier answers to the item held alike, and their differences; a test of each
        direction, and a sentence that says what was found and what it cannot show. All are of the
        people who answered both items at both waves, and have a covariance between them.

    Raises
    ------
    SelectionError
        An item or wave that the panel does not have, the same item twice, or no pair of waves at
        which both were asked.

    Notes
    -----
    With π_iaj the share with the earlier answers i to the item and a to the other, and the later
    answer j: P(j | i, a) = π_iaj / π_ia+, and the standardized share is Σ_i r_i P(j | i, a) with
    r_i = π_i++ (direct standardisation). The test is that of `independence` within every earlier
    answer i, for all of them at once. The two directions rest on the scales of two questions:
    their differences may be compared with each other only as far as points of the one are worth
    points of the other.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> fit = op.cross_lagged(panel, "support", "peace", waves=["Jul 2024", "Nov 2024"])
    >>> fit.differences.to_frame()[["item", "other", "state", "estimate", "std_error"]].round(3)
          item             other    state  estimate  std_error
    0  support          yes − no  approve     0.000      0.034
    1  support          yes − no   unsure    -0.011      0.032
    2  support          yes − no   oppose     0.011      0.031
    3    peace  approve − oppose      yes     0.044      0.028
    4    peace  approve − oppose   unsure    -0.010      0.032
    5    peace  approve − oppose       no    -0.034      0.038
    """
    items = (first_item, second_item)
    pairs = pairs_of_both(panel, first_item, second_item, waves, in_order=True)
    about = about_of_two(
        panel,
        items,
        waves_of(panel, pairs),
        [],
        BOTH_AT_BOTH,
        measure="cross_lagged",
        title=f"Later answers to {first_item} and to {second_item} by the earlier answers to both",
    )
    blocks = [
        _block(panel, pair, own, other) for pair in pairs for own, other in (items, items[::-1])
    ]
    about = replace(
        about,
        weights={pair: block.weight.text for pair, block in zip(pairs, blocks[::2], strict=True)},
        roles={**WAVES, "item": "component", "origin": "origin", "destination": "state"},
    )
    totals = tally(panel.sampling, blocks)
    joint = totals.shares([*PAIR, "item"], about)
    sizes = [
        tuple(len(panel.item(name).state_names) for name in (own, other, own))
        for _ in pairs
        for own, other in (items, items[::-1])
    ]
    standardized = _standardized(joint, items, sizes)
    return CrossLagged(
        items=items,
        shares=totals.shares([*PAIR, "item", "origin", "other"], about),
        standardized=standardized,
        differences=_differences(standardized),
        by_origin=totals.shares([*PAIR, "item", "origin"], about),
    )


def _block(panel: Panel, pair: tuple[str, str], own: str, other: str) -> Cells:
    """Sort those who answered both items at both waves by two earlier answers and a later one."""
    inside, weight = base_of_both(panel, own, other, pair)
    first, last = map(panel.position, pair)
    states = [panel.item(name).state_names for name in (own, other)]
    codes = [panel.answers[own][first], panel.answers[other][first], panel.answers[own][last]]
    sizes = [len(states[0]), len(states[1]), len(states[0])]
    cells = crossed({"origin": states[0], "other": states[1], "destination": states[0]})
    which = label_rows(
        {**{name: [wave] for name, wave in zip(PAIR, pair, strict=True)}, "item": [own]}
    )
    cross = cross_of(panel, [], pair[0], codes, sizes, inside)
    return Cells(cross, weight, repeated(cells, which))


def _standardized(
    joint: Estimates, items: tuple[str, str], sizes: Sequence[tuple[int, ...]]
) -> Estimates:
    """Hold earlier answers to the item alike; `sizes` are those of the tables in their order."""
    ends = np.cumsum([0, *(int(np.prod(size)) for size in sizes)])
    parts = [slice(a, b) for a, b in pairwise(ends)]
    rows = [size[1] * size[2] for size in sizes]
    slopes = np.zeros((sum(rows), len(joint)))
    begin = 0
    for part, size, number in zip(parts, sizes, rows, strict=True):
        slopes[begin : begin + number, part] = _slopes(joint.value[part].reshape(size))
        begin += number

    def held_alike(values: Floats) -> Floats:
        return np.concatenate(
            [
                _shares_held_alike(values[part].reshape(size)).ravel()
                for part, size in zip(parts, sizes, strict=True)
            ]
        )

    assert joint.n_cell is not None
    frames, people, first = [], [], []
    for part, size in zip(parts, sizes, strict=True):
        labels = joint.labels.iloc[part]
        kept = labels.iloc[: size[1] * size[2]].drop(columns="origin")
        frames.append(kept.rename(columns={"destination": "state"}))
        counts = joint.n_cell[part].reshape(size).sum(axis=(0, 2))
        people.append(np.repeat(counts, size[2]))
        first += [part.start] * len(kept)
    found = joint.with_slopes(held_alike, slopes, Labels.of(pd.concat(frames)))
    n = np.concatenate(people)
    at = np.array(first)
    share = np.divide(n, joint.n[at], out=np.zeros(len(n)), where=joint.n[at] > 0)
    about = joint.about
    title = (
        "Later answers by the earlier answer to the other item, those to the item itself held alike"
    )
    roles = {**WAVES, "item": "component", "state": "state"}
    empty = _empty_text(found, items)
    notes = {**about.notes, ("earlier answers",): empty} if empty else about.notes
    return replace(
        found,
        unit="share",
        about=replace(about, title=title, roles=roles, notes={**notes, (): CANNOT}),
        freedom=joint.freedom.at(at),
        n=n,
        n_effective=joint.n_effective[at] * share,
    )


def _shares_held_alike(table: Floats) -> Floats:
    """Give Σ_i r_i P(j | i, a) of shares π_iaj, shape (a, j)."""
    conditional, origins = _conditional(table)
    return np.asarray(np.einsum("i,iaj->aj", origins, conditional))


def _conditional(table: Floats) -> tuple[Floats, Floats]:
    """Give P(j | i, a), and r_i; where nobody began in i it does not count."""
    given, origins = table.sum(axis=2, keepdims=True), table.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        conditional = table / given
    conditional[origins == 0] = 0.0
    return conditional, origins


def _slopes(table: Floats) -> Floats:
    """Differentiate the shares held alike by π, shape (a j, i a j)."""
    conditional, origins = _conditional(table)
    _, others, states = table.shape
    # Everyone who began in i makes r_i larger.
    slopes = np.repeat(conditional[:, :, :, None], others * states, axis=3)
    slopes = slopes.reshape(*table.shape, others, states)
    given = table.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = origins[:, None] / given
    for a in range(others):
        own = np.eye(states)[None] - conditional[:, a, :, None]
        slopes[:, a, :, a, :] += weight[:, a, None, None] * own
    # From (i, a, j, a', j') to (a, j, i, a', j').
    slopes = np.moveaxis(slopes, 0, 2).reshape(others * states, table.size)
    return np.asarray(np.nan_to_num(slopes, posinf=0.0, neginf=0.0))


def _empty_text(found: Estimates, items: tuple[str, str]) -> str:
    """Name the answers of which nobody gave one of the earlier answers to the item."""
    some = found.n > 0
    rows = found.labels.loc[~np.isfinite(found.value) & some, ["item", "other"]].drop_duplicates()
    if rows.empty:
        return ""
    beside = dict(zip(items, items[::-1], strict=True))
    named = [f"{answer} ({beside[item]})" for item, answer in rows.itertuples(index=False)]
    return Phrase(NOBODY, answers=listing(named, most=4))


def _differences(standardized: Estimates) -> Estimates:
    """Subtract the last state of the other item from the first."""
    labels, matrix, named = standardized.labels, [], []
    for key, part in labels.groupby([*PAIR, "item", "state"], sort=False):
        first, last = part.index[0], part.index[-1]
        row = np.zeros(len(labels))
        row[first] += 1.0
        row[last] -= 1.0
        matrix.append(row)
        named.append([*key[:3], LESS.join(labels["other"].iloc[[first, last]]), key[3]])
    about: About = standardized.about
    return standardized.combination(
        np.array(matrix),
        Labels.of(pd.DataFrame(named, columns=[*PAIR, "item", "other", "state"])),
        title=f"Differences: {about.title}",
        base=about.smaller_base,
    )
