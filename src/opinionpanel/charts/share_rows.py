"""Shares of states at waves, as several kinds of charts draw them: what each says of itself."""

from typing import Any

from opinionpanel.charts.frame import Frame, own_columns, part_columns
from opinionpanel.drawing import Words, is_narrow
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Estimates


def check_shares(estimates: Estimates, chart: str) -> None:
    """Refuse what is not shares of states at waves; `chart` says what cannot be drawn of it."""
    about = estimates.about
    if estimates.unit != "share" or own_columns(estimates) != {"wave", "state"}:
        raise SelectionError(
            f"{chart} draws the shares of an item's states at waves, and these estimates are "
            f"{about.measure} ({about.title}). Call opinionpanel.shares(panel, item) and draw its "
            "result."
        )


def digits_of(value: float, low: float, high: float) -> int:
    """Choose digits after the point: one where whole per cents would hide the share or its limits.

    Examples
    --------
    >>> digits_of(0.38, 0.34, 0.42), digits_of(0.003, 0.0, 0.02), digits_of(0.5, 0.498, 0.502)
    (0, 1, 1)
    """
    return 1 if not 0.01 <= value <= 0.99 or is_narrow(low, high) else 0


def share_words(frame: Frame, row: int) -> Words:
    """Say a share in words: who, when, which state, how many."""
    figures, groups = frame.figures, part_columns(frame.estimates)
    heads = [*map(frame.column, groups), frame.say("Wave"), frame.say("State")]
    cells = [frame.name(figures.labels.at[row, name]) for name in (*groups, "wave", "state")]
    if figures.hidden[row]:
        return Words((*heads, frame.say("Share")), (*cells, frame.few(figures.n[row])))
    shown = frame.language.estimate(figures.value[row], figures.low[row], figures.high[row])
    n = frame.say("n = {n}", n=int(figures.n[row]))
    return Words((*heads, frame.say("Share"), frame.say("Base")), (*cells, shown, n), figures=2)


def base_words(frame: Frame, row: int, head: str, text: str) -> Words:
    """Say something of a base, all its states together: who, when, and what."""
    figures, groups = frame.figures, part_columns(frame.estimates)
    cells = [frame.name(figures.labels.at[row, name]) for name in (*groups, "wave")]
    return Words((*map(frame.column, groups), frame.say("Wave"), head), (*cells, text))


def withheld_words(frame: Frame, row: int) -> Words:
    """Say that the figures of a base are withheld."""
    return base_words(frame, row, frame.say("Share"), frame.few(frame.figures.n[row]))


def share_data(frame: Frame, row: int) -> dict[str, Any]:
    """Keep names and figures of a share in the chart's data."""
    figures, groups = frame.figures, part_columns(frame.estimates)
    return {
        "groups": tuple(str(figures.labels.at[row, name]) for name in groups),
        "wave": str(figures.labels.at[row, "wave"]),
        "state": str(figures.labels.at[row, "state"]),
        "share": figures.value[row],
    }
