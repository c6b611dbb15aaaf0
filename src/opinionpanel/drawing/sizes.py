"""How large a chart is, and its letters: by the place where it is shown, or in pixels."""

from dataclasses import dataclass
from typing import Literal

from opinionpanel.errors import SelectionError, listing

SizeName = Literal["page", "slide", "card", "phone"] | tuple[float, float]
# Pixels between the edges of a chart and what is drawn on it.
MARGIN = 8.0
# Smaller letters are not read.
LEAST_TYPE = 9.0
LEAST_SIZE = (240.0, 180.0)


@dataclass(frozen=True)
class Size:
    """How large a chart is, and its letters, in pixels at the width at which it is shown.

    Attributes
    ----------
    width : float
    height : float or None
        None: as high as what is drawn needs.
    exact : bool
        Whether it is to be this height even where more is needed.
    title, subtitle, label, number, small : float
        Sizes of letters: of the title, the subtitle, names, figures in marks, and captions.
    """

    width: float
    height: float | None
    title: float
    subtitle: float
    label: float
    number: float
    small: float
    exact: bool = False


SIZES = {
    "page": Size(760, None, 19, 13, 13, 12, 11),
    "slide": Size(1280, 720, 32, 20, 19, 18, 14),
    "card": Size(600, 450, 19, 13, 12, 11, 10),
    "phone": Size(358, None, 17, 12, 12, 11, 10),
}


def size_of(size: SizeName) -> Size:
    """Find a named size, or make one of a width and a height."""
    if isinstance(size, str):
        if size not in SIZES:
            raise SelectionError(
                f"size must be one of {listing(SIZES)} or (width, height) in pixels, not {size!r}."
            )
        return SIZES[size]
    if len(size) != 2 or not all(0 < part < 10_000 for part in size):
        raise SelectionError(f"size must be (width, height) in pixels, not {size!r}.")
    width, height = map(float, size)
    if width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
        raise SelectionError(
            f"A chart of {width:g} × {height:g} pixels would have no room for letters of "
            f"{LEAST_TYPE:g} pixels. Make it at least {LEAST_SIZE[0]:g} × {LEAST_SIZE[1]:g}."
        )
    # Letters grow with the picture, as a reader steps back from a large one.
    scale = min(max(width / 760, 0.85), 2.0)
    title, label, number, small = (
        max(round(part * scale), LEAST_TYPE) for part in (19, 13, 12, 11)
    )
    return Size(width, height, title, label, label, number, small, exact=True)
