"""Public-opinion panel surveys: transitions, shares and change, with honest uncertainty.

The public names stand in `__init__.pyi`. Each is loaded on first use: a script needs few of them,
and the package must not take longer to import than what it stands on.
"""

import lazy_loader

__version__ = "0.1.0"

_load, _, _names = lazy_loader.attach_stub(__name__, __file__)
# Strategies are for tests: `from opinionpanel import *` does without Hypothesis.
__all__ = [name for name in _names if name != "strategies"]
# Rooms whose classes nobody builds, but the reference describes, such as `models.MoverStayer`.
_DESCRIBED = ("design", "models", "weighting")


def __getattr__(name):
    if name in _names:
        return _load(name)
    if name in _DESCRIBED:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from opinionpanel.deprecated import EARLIER, earlier

    if name in EARLIER:
        return earlier(name)
    from opinionpanel.charts import __all__ as kinds
    from opinionpanel.errors import no_such_name

    raise no_such_name(__name__, name, [*__all__, *(f"charts.{kind}" for kind in kinds)])


def __dir__():
    from importlib.util import find_spec

    strategies = ["strategies"] if find_spec("hypothesis") else []
    return sorted([*__all__, *strategies, "__version__"])
