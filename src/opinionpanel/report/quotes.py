"""An estimate within a sentence: its figure, its interval and its base."""

import math
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.charts import LanguageName
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.drawing import Language
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Estimates, cell_digits, withheld_of
from opinionpanel.report.blocks import unbroken
from opinionpanel.report.told import report_language


@checked
def quote(
    estimates: Estimates,
    /,
    *,
    language: LanguageName = "en",
    **labels: Hashable | Sequence[Hashable],
) -> str:
    r"""Write an estimate as a sentence does: "4.5% (2.7 to 7.3; n = 461)".

    Parameters
    ----------
    estimates : Estimates
        A table. A base under 10 and a flow of fewer than 5 people are withheld, as are those from
        which they could be computed within the table: give the whole table, and choose by labels.
    language : {"en", "ru"} or Language
        Of the numbers and words. From a table by a group that is itself called ``language`` choose
        first, by ``estimates.select(language=...)``.
    **labels
        Which of the estimates is meant: column names, each to one value, such as
        ``component="total"``. Without any the table has one estimate.

    Returns
    -------
    str
        Shares in per cent, changes in percentage points, with a 95% interval as far as there is
        one; what is withheld is the word for that, and what is undefined (NaN) a dash.

    Raises
    ------
    SelectionError
        No estimate has the labels, or more than one; or the table has several values of a group
        called ``language``.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel import report
    >>> turnover = op.turnover(op.datasets.load("agresti_approval"), "opinion")
    >>> report.quote(turnover, component="total").replace("\u00a0", " ")
    '14.8% (13.1 to 16.6; n = 1,600)'
    """
    if "language" in estimates.labels and estimates.labels["language"].nunique() > 1:
        raise SelectionError(
            "A group of this table is called 'language', and language= is that of the text. Choose "
            "from the group first: quote(estimates.select(language=...))."
        )
    shown = Shown(estimates, withheld_of(estimates, MIN_N))
    return in_a_sentence(shown, row_of(estimates, labels), report_language(language))


def row_of(estimates: Estimates, labels: Mapping[str, Hashable | Sequence[Hashable]]) -> int:
    """Find the one estimate that has some labels.

    Raises
    ------
    SelectionError
        No estimate has them, or more than one.
    """
    chosen = estimates.select(**labels) if labels else estimates
    if len(chosen) != 1:
        raise SelectionError(
            f"A sentence quotes one estimate, and {len(chosen)} are given. Choose one by its "
            f"labels: {', '.join(f'{name}=...' for name in estimates.labels)}."
        )
    columns = [str(name) for name in estimates.labels]
    (wanted,) = chosen.named.keys(columns)
    return list(estimates.named.keys(columns)).index(wanted)


def in_a_sentence(shown: Shown, row: int, language: Language) -> str:
    """Write one estimate of a table, with the digits that it has there."""
    if shown.hidden[row]:
        return language.say("withheld")
    frame, unit = shown.frame(), shown.estimates.unit
    digits = cell_digits(frame, unit)[row]
    figures = frame[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=np.float64)[row]
    value, low, high = (float(figure) for figure in figures)
    figure, limits = language.share(value, digits=digits), language.limits(low, high, digits)
    if unit == "change":
        points = language.points(value, digits=digits)
        figure = language.say("{change} percentage points", change=points)
        limits = language.limits(low, high, digits, signed=True)
    elif unit == "number" and math.isfinite(value):
        figure, *ends = (language.number(one, digits=digits) for one in (value, low, high))
        limits = language.say("{low} to {high}", low=ends[0], high=ends[1])
    n = int(shown.estimates.n[row])
    if not math.isfinite(high - low):
        return unbroken(language.say("{figure} (n = {n})", figure=figure, n=n))
    return unbroken(language.say("{figure} ({limits}; n = {n})", figure=figure, limits=limits, n=n))
