"""Sums and counts of columns by keys: the only module that knows where the data live."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["column_sums", "counts", "sums"]

Keys = Sequence[npt.NDArray[np.integer]]


def sums(
    keys: Keys, sizes: Sequence[int], values: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Sum `values` by the combination of integer keys.

    Parameters
    ----------
    keys : sequence of numpy.ndarray of int, shape (rows,)
        Codes 0 … size - 1; a row with a negative code in any key counts nowhere.
    sizes : sequence of int
        The number of codes of each key.
    values : numpy.ndarray, shape (rows,)

    Returns
    -------
    numpy.ndarray of float, shape `sizes`
    """
    combined, inside = _combine(keys, sizes)
    flat = np.bincount(combined[inside], values[inside], minlength=int(np.prod(sizes)))
    return flat.astype(np.float64, copy=False).reshape(sizes)


def column_sums(
    key: npt.NDArray[np.integer], size: int, columns: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Sum each of many columns by one integer key.

    Parameters
    ----------
    key : numpy.ndarray of int, shape (rows,)
        Codes 0 … size - 1; a row with a negative code counts nowhere.
    size : int
    columns : numpy.ndarray, shape (rows, R)

    Returns
    -------
    numpy.ndarray of float, shape (R, size)
    """
    from scipy import sparse

    inside = np.flatnonzero(key >= 0)
    indicator = sparse.csr_array(
        (np.ones(len(inside)), (key[inside], inside)), shape=(size, len(key))
    )
    return np.asarray((indicator @ columns).T)


def counts(keys: Keys, sizes: Sequence[int], where: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Count the rows where a condition holds, by the combination of integer keys."""
    combined, inside = _combine(keys, sizes)
    flat = np.bincount(combined[inside & where], minlength=int(np.prod(sizes)))
    return flat.reshape(sizes)


def _combine(
    keys: Keys, sizes: Sequence[int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    combined = np.zeros(len(keys[0]), dtype=np.int64)
    inside = np.ones(len(keys[0]), dtype=bool)
    for key, size in zip(keys, sizes, strict=True):
        combined = combined * size + key
        inside &= key >= 0
    return combined, inside
