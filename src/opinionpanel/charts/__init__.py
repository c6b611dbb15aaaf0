"""Charts of estimates, as plain Altair charts: their kinds, titles and captions."""

import lazy_loader

# A first chart takes one kind of them: names are loaded when they are first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
