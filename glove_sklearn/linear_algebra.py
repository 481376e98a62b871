"""Products of tall matrices and eigenvectors of small ones: the same bits for any number of threads, on any processor."""

from __future__ import annotations

import numpy as np

import glove_sklearn._linear_algebra as _linear_algebra
from glove_sklearn.threads import ThreadTeam

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

    def add_up(start: int) -> np.ndarray:
        some = rows[start : start + _ROWS_AT_A_TIME].astype(np.float64)
        factors = np.ones(len(some)) if weights is None else weights[start : start + _ROWS_AT_A_TIME]
        part = np.zeros((d, d))
        _linear_algebra.add_gram(some, np.ascontiguousarray(factors), part)
        return part

    total = np.zeros((d, d))
    for part in team.stream(add_up, ((start,) for start in range(0, n, _ROWS_AT_A_TIME))):
        total += part
    return np.tril(total) + np.tril(total, -1).T


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

    def add_up(start: int) -> np.ndarray:
        part = np.zeros((1, rows.shape[1]))
        end = start + _ROWS_AT_A_TIME
        _linear_algebra.add_product(weights[np.newaxis, start:end], rows[start:end].astype(np.float64), part)
        return part[0]

    mean = np.zeros(rows.shape[1])
    for part in team.stream(add_up, ((start,) for start in range(0, len(rows), _ROWS_AT_A_TIME))):
        mean += part
    return mean


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

    def multiply(start: int) -> None:
        some = rows[start : start + _ROWS_AT_A_TIME].astype(np.float64)
        if center is not None:
            some -= center
        part = np.zeros((len(some), m))
        _linear_algebra.add_product(some, matrix, part)
        result[start : start + len(some)] = part

    team.run(multiply, [(start,) for start in range(0, n, _ROWS_AT_A_TIME)])
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
