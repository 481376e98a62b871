"""Products of tall matrices and eigenvectors of small ones, with the same bits for any number of threads, on any processor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from glove_sklearn._system import _linear_algebra
from glove_sklearn._system.threads import ThreadTeam

#: Rows of a task whose result is a sum. The sums of tasks are added in the order of the rows.
_CHUNK_ROWS = 1 << 12
#: Rows of a task whose result is rows.
_PRODUCT_ROWS = 1 << 8
#: Rotations that are computed, and then kept, in one piece.
_ROTATIONS = 1 << 18
_EPSILON = np.finfo(np.float64).eps


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
        factors = rows[some].astype(np.float64)
        weighted = factors if weights is None else factors * weights[some, np.newaxis]
        _linear_algebra.add_product(np.ascontiguousarray(weighted.T), factors, part, lower=True)

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
        _linear_algebra.add_product(weights[np.newaxis, some], rows[some].astype(np.float64), part, lower=False)

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
        _linear_algebra.add_product(centered, matrix, part, lower=False)
        result[some] = part

    team.run(multiply, _slices(n, _PRODUCT_ROWS))
    return result


def product(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Multiply two small float64 matrices."""
    result = np.zeros((len(first), second.shape[1]))
    _linear_algebra.add_product(np.ascontiguousarray(first), np.ascontiguousarray(second), result, lower=False)
    return result


def eigenvectors(matrix: np.ndarray, team: ThreadTeam, n_vectors: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Compute the eigenvalues and eigenvectors of a symmetric, positive semidefinite matrix.

    Parameters
    ----------
    matrix : ndarray of shape (d, d), float64
        Finite.
    team : ThreadTeam
    n_vectors : int or None, default=None
        How many eigenvectors are wanted; None for all. Eigenvalues alone take a fraction of the time.

    Returns
    -------
    values : ndarray of shape (d,), float64
        In falling order. Those that are rounding error, relative to the largest, are 0.
    vectors : ndarray of shape (d, n_vectors), float64
        The eigenvectors of the largest, as columns; zeros for an eigenvalue of 0.
    """
    d = len(matrix)
    values, vectors = np.zeros(d), np.zeros((d, d if n_vectors is None else min(n_vectors, d)))
    largest = float(np.abs(matrix).max(initial=0))
    if not np.isfinite(largest):
        raise ValueError("a matrix must be finite to have eigenvectors")
    if largest == 0:
        return values, vectors
    # Multiplication by a power of 2 is exact, and no square overflows afterwards.
    _, exponent = np.frexp(largest)
    reflections = np.ldexp(matrix, -exponent)
    off_diagonal, factors = np.empty(d), np.empty(d)
    noise = d * _EPSILON
    _linear_algebra.tridiagonalise(
        reflections, values, off_diagonal, factors, np.empty((3, d)), noise * float(reflections.trace())
    )
    pieces = _diagonalise(values, off_diagonal)
    order = np.argsort(-values, kind="stable")

    def find(columns: slice) -> None:
        wanted = order[columns]
        strip = np.zeros((d, _linear_algebra.STRIP_WIDTH))
        strip[wanted, np.arange(len(wanted))] = 1
        for rotations, sweeps in reversed(pieces):
            if team.cancelled:
                return
            _linear_algebra.rotate_back(rotations, sweeps, strip)
        _linear_algebra.reflect_back(reflections, factors, strip)
        vectors[:, columns] = strip[:, : len(wanted)]

    team.run(find, _slices(vectors.shape[1], _linear_algebra.STRIP_WIDTH))
    values = values[order]
    values[values <= noise * values[0]] = 0
    vectors[:, values[: vectors.shape[1]] == 0] = 0
    return np.ldexp(values, exponent), vectors


def _diagonalise(diagonal: np.ndarray, off_diagonal: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Make a tridiagonal matrix diagonal, in place, and return the rotations and the sweeps that did so, piece by piece."""
    pieces: list[tuple[np.ndarray, np.ndarray]] = []
    negligible = _EPSILON * float(np.abs(diagonal).max())
    n_done, d = 0, len(diagonal)
    while n_done < d:
        rotations, sweeps = np.empty((max(_ROTATIONS, d), 2)), np.empty((max(_ROTATIONS // d, 1), 2), dtype=np.int64)
        n_done, n_rotations, n_sweeps = _linear_algebra.diagonalise(
            diagonal, off_diagonal, n_done, negligible, rotations, sweeps
        )
        pieces.append((rotations[:n_rotations], sweeps[:n_sweeps]))
    return pieces


def orthonormalise(matrix: np.ndarray, team: ThreadTeam, tolerance: float) -> np.ndarray:
    """Make the columns of a matrix orthonormal, from the first to the last (Gram and Schmidt).

    The coefficients come from the Cholesky factor of the Gram matrix, so that the columns are read twice in all.

    Parameters
    ----------
    matrix : ndarray of shape (n, d), float32
    team : ThreadTeam
    tolerance : float
        Columns that differ from a combination of those before by less, relative to the longest column, depend on them.

    Returns
    -------
    columns : ndarray of shape (n, d), float32
        Zeros for a column that depends on those before.
    """
    products = gram(matrix, team)
    d = len(products)
    coefficients = np.empty((d, d))
    negligible = float(products.diagonal().max(initial=0)) * tolerance**2
    _linear_algebra.orthonormalise(products, negligible, np.empty((d, d)), coefficients)
    return matmul(matrix, coefficients.T, team)


def _slices(n: int, size: int = _CHUNK_ROWS) -> list[tuple[slice]]:
    """Split n rows into tasks."""
    return [(slice(start, min(start + size, n)),) for start in range(0, n, size)]


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
