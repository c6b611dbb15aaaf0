"""Public-opinion panel surveys: transitions, shares and change, with honest uncertainty.

The public names stand in `__init__.pyi`. Each is loaded on first use: a script needs few of them,
and the package must not take longer to import than what it stands on.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
