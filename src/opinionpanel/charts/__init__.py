"""Charts of estimates, as plain Altair charts: their kinds, titles and captions."""

import lazy_loader

# A first chart takes one kind of them: names are loaded when they are first used.
__getattr__, _, _ = lazy_loader.attach_stub(__name__, __file__)

# What scripts use; the other names of the stub are what the library's rooms hand to each other.
_KINDS = ("dots", "heatmap", "paths", "sankey", "stacked", "trend")
__all__ = [*_KINDS, "Language", "notes", "offline", "save"]


def __dir__():
    return sorted(__all__)
