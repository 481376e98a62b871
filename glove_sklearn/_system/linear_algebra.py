"""Products of tall matrices and eigenvectors of small ones, with the same bits for any number of threads, on any processor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from glove_sklearn._system import _linear_algebra
from glove_sklearn._system.threads import ThreadTeam

#: Rows of a task. The sums of tasks are added in the order of the rows.
_CHUNK_ROWS = 1 << 12


def gram(rows: np.ndarray, team: ThreadTeam, weights: np.ndarray | None = None) -> np.ndarray:
    """Compute the weighted sum of the outer product of each row with itself.

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

    def add(some: slice, part: np.ndarray) -> None:
        factors = np.ones(len(rows[some])) if weights is None else weights[some]
        _linear_algebra.add_gram(rows[some].astype(np.float64), np.ascontiguousarray(factors), part)

    lower = _sum(add, n, (d, d), team)
    return np.tril(lower) + np.tril(lower, -1).T


def weighted_mean(rows: np.ndarray, weights: np.ndarray, team: ThreadTeam) -> np.ndarray:
    """Compute the weighted sum of the rows.

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

    def add(some: slice, part: np.ndarray) -> None:
        _linear_algebra.add_product(weights[np.newaxis, some], rows[some].astype(np.float64), part)

    return _sum(add, len(rows), (1, rows.shape[1]), team)[0]


def matmul(rows: np.ndarray, matrix: np.ndarray, team: ThreadTeam, *, center: np.ndarray | None = None) -> np.ndarray:
    """Multiply rows by a matrix, after subtracting `center` from each.

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


def project(rows: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Multiply rows by a vector.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float64
    direction : ndarray of shape (d,), float64

    Returns
    -------
    products : ndarray of shape (n,), float64
    """
    products = np.zeros((len(rows), 1))
    _linear_algebra.add_product(rows, np.ascontiguousarray(direction[:, np.newaxis]), products)
    return products[:, 0]


def eigenvectors(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute the eigenvalues and eigenvectors of a symmetric, positive semidefinite matrix.

    Parameters
    ----------
    matrix : ndarray of shape (d, d), float64

    Returns
    -------
    values : ndarray of shape (d,), float64
        In falling order.
    vectors : ndarray of shape (d, d), float64
        The eigenvectors, as columns; zeros for an eigenvalue of 0.
    """
    rows = matrix.copy()
    _linear_algebra.orthogonalise(rows)
    # Row by row, because NumPy sums along an axis in an order of its own.
    squares = np.zeros(len(rows))
    for column in rows.T:
        squares += column * column
    values = np.sqrt(squares)
    order = np.argsort(-values, kind="stable")
    values, rows = values[order], rows[order]
    vectors = np.divide(rows.T, values, out=np.zeros_like(rows), where=values > 0)
    return values, vectors


def _slices(n: int) -> list[tuple[slice]]:
    """Split n rows into tasks."""
    return [(slice(start, start + _CHUNK_ROWS),) for start in range(0, n, _CHUNK_ROWS)]


def _sum(add: Callable[[slice, np.ndarray], None], n: int, shape: tuple[int, ...], team: ThreadTeam) -> np.ndarray:
    """Sum what `add` adds to a float64 array of zeros for each slice of n rows, in the order of the slices."""

    def summed(some: slice) -> np.ndarray:
        part = np.zeros(shape)
        add(some, part)
        return part

    total = np.zeros(shape)
    for part in team.stream(summed, _slices(n)):
        total += part
    return total
