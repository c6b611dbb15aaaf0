# The names of reports, for type checkers; `__init__.py` loads them on first use.

from .building import build as build, eject as eject
from .embed import notebook as notebook, table as table
from .quotes import quote as quote
