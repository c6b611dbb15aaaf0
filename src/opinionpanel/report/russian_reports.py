"""The Russian words of reports, besides those of charts."""

RUSSIAN_REPORTS: dict[str, str | tuple[str, ...]] = {}
