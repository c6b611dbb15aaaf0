"""Shares and means at waves, as several kinds of charts draw them: what each says of itself."""

from typing import Any

from opinionpanel.charts.frame import Frame, own_columns, part_columns
from opinionpanel.charts.score_figures import of_score, refuse_score, signed
from opinionpanel.charts.wholes import answers_column, time_columns
from opinionpanel.drawing import Words, is_narrow
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Estimates
from opinionpanel.measures import ARROW

# The label columns that tell the figures of one base apart, and what they are called.
ANSWERS = {"state": "State", "quantile": "Quantile"}
# What figures of scores are called, by their measure.
HEADS = {"means": "Mean", "quantiles": "Quantile", "mean_change": "Mean"}


def check_shares(estimates: Estimates, chart: str) -> None:
    """Refuse what is not shares of states at waves; `chart` says what cannot be drawn of it."""
    about = estimates.about
    refuse_score(estimates, f"{chart} draws the shares of an item's states at waves")
    if estimates.unit != "share" or own_columns(estimates) != {"wave", "state"}:
        raise SelectionError(
            f"{chart} draws the shares of an item's states at waves, and these estimates are "
            f"{about.measure} ({about.title}). Call opinionpanel.shares(panel, item) and draw its "
            "result."
        )


def check_waves(estimates: Estimates) -> None:
    """Refuse what a trend does not draw: all but shares, or figures of a score, by wave."""
    score = of_score(estimates) and not signed(estimates)
    if score and own_columns(estimates) - {"quantile"} == {"wave"}:
        return
    about = estimates.about
    if of_score(estimates):
        raise SelectionError(
            f"A trend draws the means of a score at waves, and these estimates are others "
            f"({about.title}). Draw them with opinionpanel.charts.dots."
        )
    check_shares(estimates, "A trend")


def digits_of(value: float, low: float, high: float) -> int:
    """Choose digits after the point: one where whole per cents would hide the share or its limits.

    Examples
    --------
    >>> digits_of(0.38, 0.34, 0.42), digits_of(0.003, 0.0, 0.02), digits_of(0.5, 0.498, 0.502)
    (0, 1, 1)
    """
    return 1 if not 0.01 <= value <= 0.99 or is_narrow(low, high) else 0


def figure_head(frame: Frame) -> str:
    """Name what the figures of a chart are."""
    measure = frame.estimates.about.measure
    return frame.say(HEADS.get(measure, "Share") if of_score(frame.estimates) else "Share")


def share_words(frame: Frame, row: int) -> Words:
    """Say a share, or a mean, in words: who, when, which state, how many."""
    figures, answers = frame.figures, _answers(frame)
    heads, cells = _who(frame, row)
    heads += [frame.say(ANSWERS.get(name, "State")) for name in answers]
    cells += [frame.name(figures.labels.at[row, name]) for name in answers]
    head = figure_head(frame)
    if figures.hidden[row]:
        return Words((*heads, head), (*cells, frame.few(figures.n[row])))
    writing, low, high = frame.writing, figures.low[row], figures.high[row]
    digits = writing.digits([(low, high)]) if writing.numbers else 1
    shown = writing.estimate(figures.value[row], low, high, digits)
    n = frame.say("n = {n}", n=int(figures.n[row]))
    return Words((*heads, head, frame.say("Base")), (*cells, shown, n), figures=2)


def base_words(frame: Frame, row: int, head: str, text: str) -> Words:
    """Say something of a base, all its states together: who, when, and what."""
    heads, cells = _who(frame, row)
    return Words((*heads, head), (*cells, text))


def _who(frame: Frame, row: int) -> tuple[list[str], list[str]]:
    """Name the groups and the wave, or pair of waves, of a figure, with the heads of these."""
    labels, groups = frame.figures.labels, part_columns(frame.estimates)
    times = time_columns(frame.estimates)
    heads, cells = [*map(frame.column, groups)], [frame.name(labels.at[row, n]) for n in groups]
    if times:
        heads.append(frame.say("Wave" if len(times) == 1 else "Waves"))
        cells.append(ARROW.join(frame.name(labels.at[row, name]) for name in times))
    return heads, cells


def _answers(frame: Frame) -> list[str]:
    """Name the label columns that tell the figures of one base apart."""
    groups = part_columns(frame.estimates)
    known = dict.fromkeys([*ANSWERS, answers_column(frame.estimates)])
    return [name for name in known if name in frame.figures.labels and name not in groups]


def withheld_words(frame: Frame, row: int) -> Words:
    """Say that the figures of a base are withheld."""
    return base_words(frame, row, figure_head(frame), frame.few(frame.figures.n[row]))


def share_data(frame: Frame, row: int) -> dict[str, Any]:
    """Keep names and figures of a share, or of a mean, in the chart's data."""
    figures, groups = frame.figures, part_columns(frame.estimates)
    told = [*time_columns(frame.estimates), *_answers(frame)]
    return {
        "groups": tuple(str(figures.labels.at[row, name]) for name in groups),
        **{name: str(figures.labels.at[row, name]) for name in told},
        "estimate" if of_score(frame.estimates) else "share": figures.value[row],
    }
