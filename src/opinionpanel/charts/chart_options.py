"""What every kind of chart can be asked for, checked once; and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from opinionpanel.drawing import Colors, Language, Size, SizeName, size_of
from opinionpanel.estimates import Interval

ThemeName = Literal["light", "dark", "print"]
LanguageName = Literal["en", "ru"] | Language


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options that all kinds of charts have; the kinds describe them.

    ``names`` are labels, too: all that a study has, of which a chart may need none.
    """

    title: str | None = None
    subtitle: str | None = None
    caption: str | None = None
    labels: Mapping[str, str] | None = None
    language: LanguageName = "en"
    colors: Colors = "ordered"
    theme: ThemeName = "light"
    size: SizeName = "page"
    level: float = 0.95
    interval: Interval = "logit"
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_labels(self) -> Mapping[str, str]:
        """What things are called: by the reader of the chart, else by the study."""
        return {**self.names, **(self.labels or {})}

    @property
    def measures(self) -> Size:
        """The size in pixels, and its letters."""
        return size_of(self.size)
