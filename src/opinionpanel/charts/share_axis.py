"""An axis of shares that starts at 0 and ends little above the highest of them."""

from collections.abc import Sequence
from math import ceil

from opinionpanel.charts.languages import Language

# Between two ticks.
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def share_ticks(most: float, count: int) -> list[float]:
    """Choose the ticks of an axis of shares, the first at 0.

    Parameters
    ----------
    most : float
        The highest share that is drawn.
    count : int
        How many steps there is room for, at least 2.

    Returns
    -------
    list of float
        The last of them is at least `most`.

    Examples
    --------
    >>> share_ticks(0.44, 5)
    [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    """
    step = next(step for step in STEPS if most <= count * step + 1e-9)
    # Whole numbers first: three times 0.1 is not 0.3.
    return [round(k * step, 3) for k in range(max(ceil(most / step - 1e-9), 1) + 1)]


def tick_texts(ticks: Sequence[float], language: Language) -> list[str]:
    """Write ticks in per cent, all with as many digits.

    Examples
    --------
    >>> from opinionpanel.charts.languages import ENGLISH
    >>> tick_texts(share_ticks(0.004, 4), ENGLISH)
    ['0.0%', '0.1%', '0.2%', '0.3%', '0.4%']
    """
    digits = 0 if ticks[1] >= 0.01 else 1
    return [language.share(tick, digits=digits) for tick in ticks]
