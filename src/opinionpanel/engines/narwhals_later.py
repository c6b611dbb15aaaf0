"""narwhals, loaded when a frame of an engine is first met: most scripts never meet one."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["nw"]


class Later:
    """What a module offers, which is loaded when it is first asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        # Kept, so that it is asked for once.
        value = getattr(import_module(self._module), name)
        setattr(self, name, value)
        return value


if TYPE_CHECKING:
    import narwhals.stable.v2 as nw
else:
    nw = Later("narwhals.stable.v2")
