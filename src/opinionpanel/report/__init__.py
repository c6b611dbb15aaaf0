"""Reports of a study as pages that open from disk, and the means for other pages like them."""

import lazy_loader

# Sphinx loads this package for its extension, and pages made beforehand need nothing else of it.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
