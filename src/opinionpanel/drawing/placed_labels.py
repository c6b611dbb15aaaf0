"""Labels beside each other: as near to what they name as they can be without touching."""

from collections.abc import Sequence


def apart(
    middles: Sequence[float], sizes: Sequence[float], low: float, high: float, *, gap: float = 0.0
) -> list[float]:
    """Move labels apart along a line, none further than it takes, and keep their order.

    Parameters
    ----------
    middles : sequence of float
        Where each would best be. Of two at one place the first comes first.
    sizes : sequence of float
        The room that each takes, its middle included.
    low, high : float
        The ends of the line. Where there is too little room for all, they go beyond `high`.
    gap : float
        Between two of them.

    Returns
    -------
    list of float
        Where the middle of each is, in the order in which they were given.

    Examples
    --------
    >>> apart([10, 12, 60], [8, 8, 8], 0, 100)
    [7.0, 15.0, 60.0]
    """
    order = sorted(range(len(middles)), key=lambda place: middles[place])
    taken, before = 0.0, []
    for place in order:
        before.append(taken + sizes[place] / 2)
        taken += sizes[place] + gap
    # Without the room that those before it take, none may be ahead of the next. Where some would
    # be, they share the mean of their places: of all ways that is the one with least moving.
    pools: list[tuple[float, int]] = []
    for place, room in zip(order, before, strict=True):
        total, count = middles[place] - room, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            earlier, others = pools.pop()
            total, count = total + earlier, count + others
        pools.append((total, count))
    starts = [total / count for total, count in pools for _ in range(count)]
    last = max(high - (taken - gap), low)
    found = dict(
        zip(
            order,
            (min(max(start, low), last) + room for start, room in zip(starts, before, strict=True)),
            strict=True,
        )
    )
    return [found[place] for place in range(len(middles))]


def staggered(
    middles: Sequence[float], widths: Sequence[float], low: float, high: float, *, gap: float
) -> list[tuple[float, int]]:
    """Write labels along an axis, in as few rows as keep each near its place.

    Parameters
    ----------
    middles, widths, low, high, gap
        As in `apart`.

    Returns
    -------
    list of tuple
        Of each label its middle and its row, 0 being the one at the axis.

    Examples
    --------
    >>> staggered([10, 30, 50], [30, 30, 30], 0, 70, gap=4)
    [(15.0, 0), (30.0, 1), (50.0, 0)]
    """
    order = sorted(range(len(middles)), key=lambda place: middles[place])
    found: dict[int, tuple[float, int]] = {}
    for rows in range(1, len(order) + 1):
        for row in range(rows):
            members = order[row::rows]
            wanted, room = ([parts[place] for place in members] for parts in (middles, widths))
            placed = apart(wanted, room, low, high, gap=gap)
            found |= {place: (at, row) for place, at in zip(members, placed, strict=True)}
        if all(
            abs(at - middles[place]) <= widths[place] / 2 and at + widths[place] / 2 <= high + 1e-9
            for place, (at, _) in found.items()
        ):
            break
    return [found[place] for place in range(len(middles))]
