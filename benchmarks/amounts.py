"""Figures as they are shown: in a unit that fits, with three digits at most and no exponents."""

# Each unit is a thousand of the one before.
UNITS = (("ms", "s"), ("KB", "MB", "GB"))


def digits(value: float) -> str:
    """Round to three significant digits, thousands separated."""
    return f"{float(f'{value:.3g}'):,.9f}".rstrip("0").rstrip(".")


def amount(value: float, unit: str) -> str:
    """Write a time or a size."""
    units = next(units for units in UNITS if unit in units)
    place = units.index(unit)
    # Rounded first: 999.9 ms are 1 s.
    value = float(f"{value:.3g}")
    while place + 1 < len(units) and value >= 1e3:
        value, place = value / 1e3, place + 1
    while place and value < 1:
        value, place = value * 1e3, place - 1
    return f"{digits(value)} {units[place]}"


def times(ratio: float, wanted: str) -> str:
    """Write our figure as so many times the other's, or as so many times faster.

    The second where that is how the limit is put; or where there is none and ours is much smaller.
    """
    if "faster" in wanted or (not wanted and ratio <= 0.5):
        return f"{digits(1 / ratio)} × faster"
    return f"{digits(ratio)} ×"
