"""The names of array types, for annotations."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "Array",
    "Booleans",
    "Floats",
    "Integers",
    "Objects",
    "Places",
    "SignedIntegers",
    "SmallIntegers",
    "WholeNumbers",
]

Array = npt.NDArray[Any]
Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
# States of people, in a byte each.
SmallIntegers = npt.NDArray[np.int8]
SignedIntegers = npt.NDArray[np.signedinteger[Any]]
WholeNumbers = npt.NDArray[np.integer[Any]]
# As numpy.bincount takes them without a copy.
Places = npt.NDArray[np.intp]
Objects = npt.NDArray[np.object_]
