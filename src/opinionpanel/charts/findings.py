"""What estimates support saying in a title, judged by the figures that are shown alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.charts.frame import Frame, own_columns, part_columns
from opinionpanel.charts.score_figures import of_score, signed
from opinionpanel.disclosure import MIN_N
from opinionpanel.drawing import SILENT
from opinionpanel.estimates import LESS, PAIR, Estimates, Withheld, frame_of
from opinionpanel.measures import ARROW, OTHER

# Among more groups nobody looks for the highest, and their pairs are many.
MOST_GROUPS = 12


@dataclass(frozen=True)
class Found:
    """A share and its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """The largest detectable change of a state, or that of a mean, between two waves.

    Attributes
    ----------
    first, last : str
    state : str
        Empty where no change was detectable, and of a mean.
    value : float
        0 where no change was detectable.
    row : Found, optional
        Of a mean, the change with its interval.
    """

    first: str
    last: str
    state: str = ""
    value: float = 0.0
    row: Found | None = None


@dataclass(frozen=True)
class Highest:
    """A state, and the group in which its share is higher than in each of the others.

    Of the mean of a score the state is empty.
    """

    state: str
    group: str
    others: Sequence[str]


@dataclass(frozen=True)
class Opposites:
    """Two states, of which more people moved from the first to the second than back."""

    origin: str
    destination: str
    first: str
    last: str


def told(frame: Frame) -> Booleans:
    """Mark the figures that are shown with an interval."""
    limits = frame.withheld.limits
    shown = ~frame.figures.hidden & np.isfinite(frame.figures.value)
    return np.asarray(shown if limits is None else shown & ~limits)


def undivided(frame: Frame) -> bool:
    """Tell whether all estimates are of one item and the same people: of no group, or one."""
    labels = frame.estimates.labels
    return all(labels[name].nunique() == 1 for name in part_columns(frame.estimates))


def groups_of(frame: Frame) -> list[str]:
    """Name the columns of groups."""
    return frame.estimates.about.columns(frame.estimates.labels, "group")


def pair_of(frame: Frame) -> tuple[str, str] | None:
    """Give the two waves that all estimates are of; None for other waves."""
    labels = frame.estimates.labels
    if not set(PAIR) <= own_columns(frame.estimates) or any(
        labels[name].nunique() > 1 for name in PAIR
    ):
        return None
    return str(labels[PAIR[0]].iloc[0]), str(labels[PAIR[1]].iloc[0])


def changed(frame: Frame) -> Found | None:
    """Find the share of people who gave another answer, between two waves."""
    estimates, about = frame.estimates, frame.estimates.about
    if pair_of(frame) is None or not (undivided(frame) and _opinions(frame) and _comparable(frame)):
        return None
    if about.measure == "turnover" and estimates.unit == "share":
        total = (estimates.labels["component"] == "total").to_numpy()
        return _sum(frame, total) if total.any() else None
    if about.measure != "flows" or estimates.unit != "share" or frame.withheld.moved:
        return None
    same = (estimates.labels["origin"] == estimates.labels["destination"]).to_numpy()
    # Of flows of which some were left out it is not known how many people moved in all.
    if not told(frame)[same].all() or not np.isclose(estimates.value.sum(), 1):
        return None
    return _interval(frame, ~same)


def stayed(frame: Frame) -> Found | None:
    """Find the share of people who gave the same answer at every wave."""
    about, labels = frame.estimates.about, frame.estimates.labels
    if frame.estimates.unit != "share" or not (
        undivided(frame) and _opinions(frame) and _comparable(frame)
    ):
        return None
    if about.measure == "stable_core":
        return _sum(frame, (labels["state"] == about.together["state"]).to_numpy())
    if about.measure != "paths":
        return None
    same = {ARROW.join([state] * len(about.waves)) for state in about.states}
    whole = np.isclose(frame.estimates.value.sum(), 1)
    # Those who stayed in a state without a path of its own are among the others.
    if not whole or (not same <= set(labels["path"]) and (labels["path"] == OTHER).any()):
        return None
    return _sum(frame, labels["path"].isin(same).to_numpy())


def moved_most(frame: Frame) -> int | None:
    """Find the place of the transition that is certain to be large, between two waves."""
    estimates = frame.estimates
    if estimates.about.measure not in ("transitions", "inflows") or estimates.unit != "share":
        return None
    if pair_of(frame) is None or not (undivided(frame) and _opinions(frame) and _comparable(frame)):
        return None
    moves = (estimates.labels["origin"] != estimates.labels["destination"]).to_numpy()
    # By its lower limit: the largest share of a small row may be chance.
    low = np.where(moves & told(frame), frame.figures.low.round(9), np.nan)
    return int(np.nanargmax(low)) if (low > 0).any() else None


def risen(frame: Frame) -> Change | None:
    """Find the state of which the share changed most, from the first wave to the last."""
    if not (undivided(frame) and _opinions(frame) and _comparable(frame)):
        return None
    changes = _changes(frame)
    if changes is None:
        return None
    (first, last), estimates = changes
    real, tested = _detectable(frame, estimates)
    states = estimates.labels["state"]
    if real.any():
        place = _largest(estimates, real)
        return Change(first, last, str(states.iloc[place]), float(estimates.value[place]))
    complete = set(frame.estimates.about.states) == set(states)
    return Change(first, last) if tested.any() and complete else None


def mean_risen(frame: Frame) -> Change | None:
    """Find the change of a score's mean: from the first wave to the last, or of the same people."""
    estimates, about, labels = frame.estimates, frame.estimates.about, frame.estimates.labels
    if not of_score(estimates) or not (undivided(frame) and _comparable(frame)):
        return None
    if about.measure == "mean_change" and signed(estimates) and not about.of_two:
        pair, changes = pair_of(frame), estimates
        if pair is None or not told(frame).all():
            return None
    elif (
        about.measure == "means"
        and len(about.waves) > 1
        and set(labels["wave"])
        >= {
            *about.waves[:1],
            *about.waves[-1:],
        }
    ):
        pair = about.waves[0], about.waves[-1]
        rows = [int(np.flatnonzero(labels["wave"] == wave)[0]) for wave in pair]
        if not told(frame)[rows].all():
            return None
        changes = _differences(estimates, [(rows[1], rows[0])])
    else:
        return None
    real, tested = _detectable(frame, changes)
    if not tested.any():
        return None
    value = float(changes.value[0])
    return Change(*pair, value=value if real.any() else 0.0, row=_limits(frame, changes))


def _limits(frame: Frame, one: Estimates) -> Found:
    """Give a single estimate, all people of which may be told, with its interval."""
    shown = frame_of(one, level=frame.options.level, interval=frame.options.interval, withheld=None)
    return Found(*(float(shown[name].iloc[0]) for name in ("estimate", "conf_low", "conf_high")))


def highest(frame: Frame) -> Highest | None:
    """Find the group in which a share, or a mean, is higher than in every other, of one wave."""
    estimates, labels = frame.estimates, frame.estimates.labels
    about, groups = estimates.about, groups_of(frame)
    times = about.columns(labels, "time")
    mean = of_score(estimates) and about.measure == "means" and not signed(estimates)
    share = about.measure == "shares" and estimates.unit == "share"
    if not (mean or share) or len(groups) != 1:
        return None
    if about.columns(labels, "item"):
        # Groups would differ in one item, and not in another.
        return None
    if labels[times].drop_duplicates().shape[0] > 1 or not _opinions(frame):
        return None
    answers = pd.Series("", index=labels.index) if mean else labels["state"]
    table = pd.Series(np.arange(len(labels)), index=[answers, labels[groups[0]]])
    states, known = answers.unique(), labels[groups[0]][estimates.n > 0].unique()
    rows = table[estimates.n > 0].unstack().reindex(index=states, columns=known)
    if not 2 <= rows.shape[1] <= MOST_GROUPS or rows.isna().any(axis=None):
        return None
    if not told(frame)[estimates.n > 0].all():
        return None
    return _highest(frame, rows.astype(int))


def opposites(frame: Frame) -> Opposites | None:
    """Find the opposite flows that differ most, of those that are large enough to compare."""
    estimates = frame.estimates
    people = estimates.n_cell
    if estimates.about.measure != "flows" or estimates.unit != "share" or people is None:
        return None
    if not (undivided(frame) and _opinions(frame) and _comparable(frame)):
        return None
    labels, shown = estimates.labels, told(frame)
    columns = [*PAIR, "origin", "destination"]
    ways = labels[columns].itertuples(index=False, name=None)
    places = {way: row for row, way in enumerate(ways)}
    pairs = [
        (row, back)
        for (first, last, origin, destination), row in places.items()
        if (back := places.get((first, last, destination, origin), row)) > row
        and shown[[row, back]].all()
        and people[row] + people[back] >= MIN_N
    ]
    if not pairs:
        return None
    differences = _differences(estimates, pairs)
    real, _ = _detectable(frame, differences)
    if not real.any():
        return None
    place = _largest(differences, real)
    row = pairs[place][int(differences.value[place] < 0)]
    first, last, origin, destination = (str(labels[name].iloc[row]) for name in columns)
    return Opposites(origin, destination, first, last)


def detectable(frame: Frame) -> tuple[int, int] | None:
    """Count the differences that are detectable, and those that are shown and can be tested."""
    rows = np.flatnonzero(told(frame))
    estimates = frame.estimates
    differences = estimates.unit == "change" or of_score(estimates)
    if not differences or not estimates.about.of_two or not len(rows):
        return None
    real, tested = _detectable(frame, estimates.at(rows))
    return (int(real.sum()), int(tested.sum())) if tested.any() else None


def _opinions(frame: Frame) -> bool:
    """Tell whether all states are opinions: to fall silent is not to give another answer."""
    return not set(frame.estimates.about.states) & set(SILENT)


def _comparable(frame: Frame) -> bool:
    """Tell whether the same question was put to the same share of people at all waves."""
    about = frame.estimates.about
    return not set(about.changes) & set(about.waves) and not about.asked_differently(about.waves)


def _sum(frame: Frame, rows: Booleans) -> Found | None:
    """Add up shares of one base, all of which are shown."""
    return _interval(frame, rows) if rows.any() and told(frame)[rows].all() else None


def _interval(frame: Frame, rows: Booleans) -> Found | None:
    """Add up shares of one base; None for nobody and everybody, and without an interval."""
    estimates, options = frame.estimates, frame.options
    total = estimates.contrast(rows[None, :].astype(np.float64), {"what": ["sum"]})
    limits = frame_of(
        replace(total, unit="share"),
        level=options.level,
        interval=options.interval,
        withheld=Withheld(np.zeros(1, dtype=bool)),
    )
    names = ("estimate", "conf_low", "conf_high")
    # What rounding leaves of a sum depends on its parts, some of which may be withheld.
    value, low, high = (round(float(limits[name].iloc[0]), 12) for name in names)
    known = 0 < value < 1 and np.isfinite(high - low)
    return Found(value, low, high) if known else None


def _changes(frame: Frame) -> tuple[tuple[str, str], Estimates] | None:
    """Give the changes of all states from a first to a last wave."""
    estimates, about, labels = frame.estimates, frame.estimates.about, frame.estimates.labels
    # Sums and ratios of estimates have labels of their own.
    if "state" not in labels:
        return None
    if about.measure == "net_change" and estimates.unit == "change":
        pair = pair_of(frame)
        whole = not about.of_two and told(frame).all()
        return (pair, estimates) if pair and whole else None
    times = about.columns(labels, "time")
    if about.measure != "shares" or len(times) != 1 or len(about.waves) < 2:
        return None
    wave, first, last = times[0], about.waves[0], about.waves[-1]
    if estimates.unit == "change":
        later = (labels[wave] == f"{last}{LESS}{first}").all()
        # The difference of a group may itself be one between groups.
        whole = later and not part_columns(frame.estimates) and told(frame).all()
        return ((first, last), estimates) if whole else None
    if estimates.unit != "share":
        return None
    before, after = (
        dict(zip(labels["state"][rows], np.flatnonzero(rows), strict=True))
        for rows in (labels[wave] == first, labels[wave] == last)
    )
    pairs = [(after[state], before[state]) for state in before if state in after]
    if not pairs or not told(frame)[np.ravel(pairs)].all():
        return None
    return (first, last), _differences(estimates, pairs)


def _largest(differences: Estimates, real: Booleans) -> int:
    """Find the place of the largest, whatever rounding leaves between two of one size."""
    return int(np.argmax(np.where(real, np.abs(differences.value).round(9), 0.0)))


def _differences(estimates: Estimates, pairs: Sequence[tuple[int, int]]) -> Estimates:
    """Take the second of two rows from the first, pair by pair."""
    matrix = np.zeros((len(pairs), len(estimates)))
    for place, (row, other) in enumerate(pairs):
        matrix[place, row], matrix[place, other] = 1.0, -1.0
    labels = estimates.labels.iloc[[row for row, _ in pairs]].reset_index(drop=True)
    return estimates.contrast(matrix, labels)


def _detectable(frame: Frame, differences: Estimates) -> tuple[Booleans, Booleans]:
    """Mark the differences that chance does not explain, of those that can be tested.

    All that are asked about count: p-values are adjusted for their number (Holm 1979).
    """
    found = differences.comparisons(level=frame.options.level)["pvalue_holm"].to_numpy()
    return np.asarray(found < 1 - frame.options.level), np.isfinite(found)


def _highest(frame: Frame, rows: pd.DataFrame) -> Highest | None:
    """Compare every two groups in every state; `rows` has a row by state, a column by group."""
    pairs = [
        (row, other)
        for places in rows.to_numpy()
        for row, other in combinations(places.tolist(), 2)
    ]
    real, _ = _detectable(frame, _differences(frame.estimates, pairs))
    value: Floats = frame.estimates.value
    lead = {
        (a if value[a] > value[b] else b, b if value[a] > value[b] else a)
        for (a, b), one in zip(pairs, real, strict=True)
        if one
    }
    found: list[tuple[float, Highest]] = []
    for state, places in zip(rows.index, rows.to_numpy(), strict=True):
        top = int(places[np.argmax(value[places])])
        others = [int(place) for place in places if place != top]
        if all((top, other) in lead for other in others):
            gap = float(value[top] - value[others].max())
            groups = dict(zip(places.tolist(), rows.columns, strict=True))
            names = [str(groups[other]) for other in others]
            found.append((gap, Highest(str(state), str(groups[top]), names)))
    # Of two states one mirrors the other, whatever rounding leaves between them.
    return max(found, key=lambda one: round(one[0], 9))[1] if found else None
