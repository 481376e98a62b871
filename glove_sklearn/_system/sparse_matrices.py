"""Sparse matrices from outside: their index arrays, which compiled code trusts, are checked before anything is converted."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from scipy import sparse


def check_structure(X: Any, name: str) -> None:
    """Refuse a sparse matrix whose index arrays point outside of it.

    SciPy converts and copies such a matrix without a check, which may read or write memory that is not its own.

    Parameters
    ----------
    X : object
        Whatever is not a sparse matrix, or has no index arrays, is accepted.
    name : str
        What messages call it.

    Raises
    ------
    ValueError
        If X is malformed.
    """
    if not sparse.issparse(X):
        return
    try:
        if X.format in ("csr", "csc", "bsr"):
            copy.copy(X).check_format(
                full_check=True
            )  # of a shallow copy, because SciPy cuts off what is beyond the end
        elif X.format == "coo" and X.ndim == 2:
            for axis, indices, size in (("row", X.row, X.shape[0]), ("column", X.col, X.shape[1])):
                if len(indices) != len(X.data):
                    raise ValueError(f"{len(indices)} {axis} indices for {len(X.data)} values")
                if len(indices) and (np.min(indices) < 0 or np.max(indices) >= size):
                    raise ValueError(f"{axis} indices from {np.min(indices)} to {np.max(indices)} for {size} {axis}s")
    except ValueError as error:
        raise ValueError(
            f"{name} must be a valid sparse matrix, but its {X.format.upper()} arrays are malformed ({error}); build it again "
            "from its entries, as in scipy.sparse.coo_array((values, (rows, columns)), shape)."
        ) from error
