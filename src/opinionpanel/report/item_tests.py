"""The tests behind all sentences about an item: one hierarchy, joint tests before single ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel import hypotheses
from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats
from opinionpanel.disclosure import MIN_N, Published, Shown
from opinionpanel.errors import OpinionPanelError
from opinionpanel.estimates import MIN_CELL, Estimates, TestResult
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase
from opinionpanel.report.families import (
    Family,
    Key,
    Kind,
    Unadjusted,
    hierarchy,
    single_comparisons,
    within_family,
)

Pair = tuple[str, str]

ONE_WAVE = Phrase("shares are shown at one wave only")
ASKED_DIFFERENTLY = Phrase("the question was not put in the same way to the same people each time")
TOO_SMALL = Phrase("the sample is too small for this test, or nobody in it changed")
KNOWN = Phrase("the sample is too small for this test, or known results decide it already")
WITHHELD = Phrase("too few people are in what would be compared")
PARTLY = Phrase("some of what would be compared is withheld, as it would tell of few people")


@dataclass(frozen=True, eq=False)
class ItemTests:
    """All tests of an item, adjusted for each other.

    Attributes
    ----------
    item : str
    trend : Family
        Whether shares changed over the waves; single comparisons: each state, the last wave minus
        the first.
    net : dict of (str, str) to Family
        By pair of waves, whether shares changed among the same people; each state.
    balance : dict of (str, str) to Family
        By pair of waves, whether as many went from state to state as came back; each two opposite
        flows that enough people are in.
    turnover_by, net_change_by, shares_by : dict of str to Family
        By group, whether its categories differ between the waves of the main pair, or at its last
        wave; each two categories.
    """

    item: str
    trend: Family
    net: Mapping[Pair, Family]
    balance: Mapping[Pair, Family]
    turnover_by: Mapping[str, Family]
    net_change_by: Mapping[str, Family]
    shares_by: Mapping[str, Family]

    @property
    def families(self) -> list[Family]:
        """All families, in the order in which pages tell of them."""
        by_pair = (self.net, self.balance)
        by_group = (self.turnover_by, self.net_change_by, self.shares_by)
        return [self.trend, *(one for part in (*by_pair, *by_group) for one in part.values())]


@checked
def item_tests(published: Published) -> ItemTests:
    """Make all tests of what is published of an item.

    Parameters
    ----------
    published : Published

    Notes
    -----
    Only what is published is tested: a test of withheld figures would tell of them. Where nothing
    changed and no groups differ, in at most 5% of samples anything is found.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.disclosure import publish
    >>> tests = item_tests(publish(op.datasets.load("thomas_1991_3"), "opinion"))
    >>> tests.trend.holds, [family.holds for family in tests.net.values()]
    (True, [True])
    """
    pairs = [pair for pair in published.panel.pairs(published.item) if published.has(*pair)]
    asked = [_trend(published)]
    for pair in pairs:
        asked += [_net(published, pair), _balance(published, pair)]
    for group in published.groups:
        asked += _by_group(published, group)
    families = hierarchy([_if_known(one, published.panel) for one in asked])

    def by_group(kind: Kind) -> dict[str, Family]:
        return {one.key[0]: one for one in families if one.kind == kind}

    return ItemTests(
        item=published.item,
        trend=families[0],
        net={(a, b): one for one in families if one.kind == "net" for a, b in [one.key]},
        balance={(a, b): one for one in families if one.kind == "balance" for a, b in [one.key]},
        turnover_by=by_group("turnover by"),
        net_change_by=by_group("net change by"),
        shares_by=by_group("shares by"),
    )


def _if_known(asked: Unadjusted, panel: Panel) -> Unadjusted:
    """Say of what has no test between two waves with known results that these may be why."""
    pair: Any = asked.key
    known = any(step.shift for step in panel.calibrations.get(pair, ()))
    return replace(asked, untested=KNOWN) if known and asked.untested == TOO_SMALL else asked


def _trend(published: Published) -> Unadjusted:
    """Compare the shares at every wave with those at the first."""
    shown, _ = published.shares()
    changes = published.trend()
    if shown is None or changes is None:
        columns = ["state", "estimate", "conf_low", "conf_high", "n", "p"]
        return Unadjusted("trend", (), None, ONE_WAVE, pd.DataFrame(columns=columns, dtype=float))
    shares = shown.estimates
    place = {key: row for row, key in enumerate(shares.named.keys(("wave", "state")))}
    first, *later = dict.fromkeys(shares.labels["wave"])
    states = list(dict.fromkeys(shares.labels["state"]))
    pairs = [(place[wave, state], place[first, state]) for wave in later for state in states]

    def joint() -> TestResult:
        return _of_shares(shares, ["wave"], pairs)

    # How far shares vary together tells of the flows between all waves.
    whole = published.every_way()
    singles = single_comparisons(changes)
    return Unadjusted(
        "trend",
        (first, later[-1]),
        *_joint(joint if whole else None, singles, _comparable(shares)),
        singles,
        partly=_partly(changes),
    )


def _net(published: Published, pair: Pair) -> Unadjusted:
    """Test whether any state grew or shrank among the same people."""
    changes = published.net_change(*pair)

    def joint() -> TestResult:
        return hypotheses.marginal_homogeneity(published.panel, published.item, waves=list(pair))

    # With all net changes known, their joint test tells one more thing about the flows.
    whole = published.every_move(*pair)
    singles = single_comparisons(changes)
    return Unadjusted(
        "net",
        pair,
        *_joint(joint if whole else None, singles, _comparable(changes.estimates)),
        singles,
        partly=_partly(changes),
    )


def _balance(published: Published, pair: Pair) -> Unadjusted:
    """Test whether as many people went from each state to each other as came back."""
    flows = published.flows(*pair)

    def joint() -> TestResult:
        return hypotheses.symmetry(published.panel, published.item, waves=list(pair))

    whole = published.every_move(*pair)
    singles = single_comparisons(opposite_flows(flows))
    return Unadjusted(
        "balance",
        pair,
        *_joint(joint if whole else None, singles, _comparable(flows.estimates)),
        singles,
        implied_by=("net", pair),
        # Of two states, one grows by what flows to it beyond what flows back.
        same=len(flows.estimates.about.states) == 2,
        partly="" if whole else PARTLY,
    )


def _by_group(published: Published, group: str) -> list[Unadjusted]:
    """Test whether the categories of a group differ, in what is shown of the main pair of waves.

    Where nobody was asked twice, at the last wave.
    """
    pair, asked = published.main_pair, list[Unadjusted]()
    if pair is None and not published.panel.independent:
        return []
    if pair is None:
        return list(_shares_by(published, group, published.panel.asked(published.item)[-1]))
    turnover = published.turnover_by(group, *pair)
    if turnover is not None:
        comparable = _comparable(turnover.estimates)
        asked.append(_categories("turnover by", (group, *pair), turnover, comparable=comparable))
    changes = published.net_change_by(group, *pair)
    if changes is not None:
        # Its joint test would tell of flows by group, which no table shows.
        singles = single_comparisons(_between_categories(changes))
        result = _joint(None, singles, _comparable(changes.estimates))
        partly = _partly(changes)
        asked.append(Unadjusted("net change by", (group, *pair), *result, singles, partly=partly))
    return [*asked, *_shares_by(published, group, pair[1])]


def _shares_by(published: Published, group: str, wave: str) -> Iterator[Unadjusted]:
    """Test whether the categories of a group differ at a wave, if that is shown."""
    shares = published.shares_by(group, wave)
    if shares is not None:
        yield _categories("shares by", (group, wave), shares, comparable=True)


def _categories(kind: Kind, key: Key, shown: Shown, *, comparable: bool) -> Unadjusted:
    """Compare shares in the categories of a group: jointly, and each two."""
    estimates = shown.estimates
    pairs, _ = _two_categories(shown)
    told = [(row, other) for row, other in pairs if not shown.hidden[[row, other]].any()]

    def joint() -> TestResult:
        return _of_shares(estimates, estimates.about.columns(estimates.labels, "group"), told)

    singles = single_comparisons(_between_categories(shown))
    result = _joint(joint if told else None, singles, comparable)
    return Unadjusted(kind, key, *result, singles, partly=_partly(shown))


def _between_categories(shown: Shown) -> Shown:
    """Take from each category each later one; what lacks an interval is withheld."""
    withheld = shown.withheld
    if withheld.limits is not None:
        withheld = replace(withheld, rows=withheld.rows | withheld.limits, limits=None)
    return _differences(Shown(shown.estimates, withheld), *_two_categories(shown))


def _two_categories(shown: Shown) -> tuple[list[tuple[int, int]], pd.DataFrame]:
    """Find the rows of every two categories, state by state; and name what is compared."""
    estimates = shown.estimates
    labels = estimates.labels
    (group,) = estimates.about.columns(labels, "group")
    columns = ["state"] if "state" in labels else []
    place = {key: row for row, key in enumerate(estimates.named.keys([*columns, group]))}
    states = list(dict.fromkeys(key[:-1] for key in place))
    found = [
        (*state, one, other)
        for one, other in combinations(dict.fromkeys(labels[group]), 2)
        for state in states
    ]
    pairs = [(place[*key[:-2], key[-2]], place[*key[:-2], key[-1]]) for key in found]
    return pairs, pd.DataFrame(found, columns=[*columns, "category", "other"])


def opposite_flows(flows: Shown) -> Shown:
    """Take from each flow between two states the flow back, of one pair of waves.

    Pairs of states that fewer people than `MIN_N` moved between are left out: a symmetric interval
    from so few is too narrow. So are those of which a flow is withheld.
    """
    estimates, people = flows.estimates, flows.estimates.n_cell
    assert people is not None
    place = {key: row for row, key in enumerate(estimates.named.keys(("origin", "destination")))}
    states = list(dict.fromkeys(estimates.labels["origin"]))
    pairs = [(place[a, b], place[b, a]) for a, b in combinations(states, 2)]
    kept = [
        (there, back)
        for there, back in pairs
        if people[there] + people[back] >= MIN_N and not flows.hidden[[there, back]].any()
    ]
    labels = estimates.labels[["origin", "destination"]].iloc[[there for there, _ in kept]]
    return _differences(flows, kept, labels.reset_index(drop=True))


def _differences(shown: Shown, pairs: Sequence[tuple[int, int]], labels: pd.DataFrame) -> Shown:
    """Take the second of two rows from the first, pair by pair."""
    estimates = shown.estimates
    title = f"Differences: {estimates.about.title}"
    return shown.contrast(_minus(pairs, len(estimates)), labels, title)


def _minus(pairs: Sequence[tuple[int, int]], size: int) -> Floats:
    matrix = np.zeros((len(pairs), size))
    for place, (row, other) in enumerate(pairs):
        matrix[place, row], matrix[place, other] = 1.0, -1.0
    return matrix


def _of_shares(
    shares: Estimates, within: list[str], pairs: Sequence[tuple[int, int]]
) -> TestResult:
    """Test jointly whether shares of several tables are alike."""
    matrix = _minus(pairs, len(shares))
    people = shares.value * shares.n
    sparse = bool((people[(matrix != 0).any(axis=0)] < MIN_CELL).any())
    differences = shares.contrast(matrix, {"row": range(len(pairs))})
    return hypotheses.joint_test(
        differences, hypotheses.multinomial(shares, within, matrix), sparse=sparse
    )


def _joint(
    test: Callable[[], TestResult] | None, singles: pd.DataFrame, comparable: bool
) -> tuple[float | None, str]:
    """Make a joint test; or say why there is none.

    Where some of its figures are withheld, so that it would tell of them, the least p-value of
    those that are shown takes its place, adjusted for their number: it can find something, and
    nothing found is no answer where one of them was not compared.
    """
    if not comparable:
        return None, ASKED_DIFFERENTLY
    if test is None:
        least = float(pd.Series(within_family(singles)).min())
        return (least, "") if np.isfinite(least) else (None, WITHHELD)
    try:
        pvalue = test().pvalue
    except OpinionPanelError:
        return None, TOO_SMALL
    return (pvalue, "") if np.isfinite(pvalue) else (None, TOO_SMALL)


def _partly(shown: Shown) -> str:
    """Say that something of a table is withheld, or its interval, so that it was not compared."""
    limits = shown.withheld.limits
    hidden = shown.hidden if limits is None else shown.hidden | limits
    return PARTLY if hidden.any() else ""


def _comparable(estimates: Estimates) -> bool:
    """Tell whether the same question was put to the same share of people at all waves."""
    about = estimates.about
    return not set(about.changes) & set(about.waves) and not about.asked_differently(about.waves)
