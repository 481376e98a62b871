"""Products of tall matrices and eigenvectors of small ones: the same bits for any number of threads, on any processor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from glove_sklearn._system import _linear_algebra
from glove_sklearn._system.threads import ThreadTeam

#: Rows that a thread takes at a time. Sums are added up in the order of the rows.
_ROWS_AT_A_TIME = 1 << 12


def gram(rows: np.ndarray, team: ThreadTeam, weights: np.ndarray | None = None) -> np.ndarray:
    """Sum over the rows of weight times the row's outer product with itself.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
    team : ThreadTeam
    weights : ndarray of shape (n,), float64, or None
        None for 1.

    Returns
    -------
    gram : ndarray of shape (d, d), float64
    """
    n, d = rows.shape

    def add_up(some: slice, part: np.ndarray) -> None:
        factors = np.ones(len(rows[some])) if weights is None else weights[some]
        _linear_algebra.add_gram(rows[some].astype(np.float64), np.ascontiguousarray(factors), part)

    lower = _sum(add_up, n, (d, d), team)
    return np.tril(lower) + np.tril(lower, -1).T


def weighted_mean(rows: np.ndarray, weights: np.ndarray, team: ThreadTeam) -> np.ndarray:
    """Sum over the rows of weight times row.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
    weights : ndarray of shape (n,), float64
        Their sum is 1.
    team : ThreadTeam

    Returns
    -------
    mean : ndarray of shape (d,), float64
    """

    def add_up(some: slice, part: np.ndarray) -> None:
        _linear_algebra.add_product(weights[np.newaxis, some], rows[some].astype(np.float64), part)

    return _sum(add_up, len(rows), (1, rows.shape[1]), team)[0]


def product(rows: np.ndarray, matrix: np.ndarray, team: ThreadTeam, *, center: np.ndarray | None = None) -> np.ndarray:
    """Rows, less the center, times a matrix.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
    matrix : ndarray of shape (d, m), float64
    team : ThreadTeam
    center : ndarray of shape (d,), float64, or None
        None for 0.

    Returns
    -------
    product : ndarray of shape (n, m), float32
    """
    n, m = len(rows), matrix.shape[1]
    result = np.empty((n, m), dtype=np.float32)
    matrix = np.ascontiguousarray(matrix)

    def multiply(some: slice) -> None:
        centered = rows[some].astype(np.float64)
        if center is not None:
            centered -= center
        part = np.zeros((len(centered), m))
        _linear_algebra.add_product(centered, matrix, part)
        result[some] = part

    team.run(multiply, _slices(n))
    return result


def eigenvectors(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and eigenvectors of a symmetric, positive semidefinite matrix.

    Parameters
    ----------
    matrix : ndarray of shape (d, d), float64

    Returns
    -------
    values : ndarray of shape (d,), float64
        The largest first.
    vectors : ndarray of shape (d, d), float64
        The eigenvectors are its columns; zeros for an eigenvalue of 0.
    """
    rows = matrix.copy()
    _linear_algebra.orthogonalise(rows)
    # Row by row: the sum over an axis of one row is taken apart by NumPy in its own order.
    squares = np.zeros(len(rows))
    for column in rows.T:
        squares += column * column
    values = np.sqrt(squares)
    order = np.argsort(-values, kind="stable")
    values, rows = values[order], rows[order]
    vectors = np.divide(rows.T, values, out=np.zeros_like(rows), where=values > 0)
    return values, vectors


def _slices(n: int) -> list[tuple[slice]]:
    """Tasks of n rows."""
    return [(slice(start, start + _ROWS_AT_A_TIME),) for start in range(0, n, _ROWS_AT_A_TIME)]


def _sum(add_up: Callable[[slice, np.ndarray], None], n: int, shape: tuple[int, ...], team: ThreadTeam) -> np.ndarray:
    """What `add_up` adds for each slice of n rows to an array of zeros, float64, summed in the order of the slices."""

    def summed(some: slice) -> np.ndarray:
        part = np.zeros(shape)
        add_up(some, part)
        return part

    total = np.zeros(shape)
    for part in team.stream(summed, _slices(n)):
        total += part
    return total
