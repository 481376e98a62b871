"""Initial vectors: a truncated singular value decomposition of the positive pointwise mutual information of X."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, orthonormalise
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _adagrad, _pmi
from glove_sklearn._training.blocks import Side, TrainingBlocks
from glove_sklearn._training.state import ModelState, ParameterSet

#: Additional directions of the random projection, which make those that are wanted more accurate.
_OVERSAMPLING = 10
#: A direction whose singular value is a smaller fraction of the largest than this is rounding error.
_RANK_TOLERANCE = 1e-5
#: Random numbers drawn per call, so that the temporary float64 array stays small.
_CHUNK = 1 << 20
#: Regularisation of the least squares of new words, relative to the largest eigenvalue: directions in which the known vectors
#: hardly extend are left out.
_RIDGE = 1e-3
#: How often `svd_initialization`, and `initialize_new_words`, read every record.
N_SWEEPS, N_SWEEPS_FOR_NEW_WORDS = 3, 2


class InitialVectors(NamedTuple):
    """Initial vectors and biases of the words, or of the contexts, in the order of the partitions."""

    vectors: np.ndarray
    """(n, d), float32."""
    biases: np.ndarray
    """(n,), float32; minus infinity where nothing is to be set: the row or column of X is empty, or the word is not new."""


def width_of_factors(n_components: int, shape: tuple[int, int]) -> int:
    """Return the number of columns of the two matrices that `svd_initialization` works with, for X of this shape.

    There are no more directions than X has rows or columns.
    """
    return _padded(min(n_components + _OVERSAMPLING, *shape))


def _padded(n_columns: int) -> int:
    """Round up to a multiple that the kernel takes."""
    return -(n_columns // -_pmi.WIDTH_MULTIPLE) * _pmi.WIDTH_MULTIPLE


class MarginalSums(NamedTuple):
    """Sums of the rows and of the columns of X, in the order of the partitions."""

    rows: np.ndarray
    """(n_rows,), float64."""
    columns: np.ndarray
    """(n_columns,), float64."""


def marginal_sums(blocks: TrainingBlocks, team: ThreadTeam) -> MarginalSums:
    """Sum the rows and the columns of X, with the same bits for any number of threads."""
    sums = MarginalSums(np.zeros(len(blocks.rows.members)), np.zeros(len(blocks.columns.members)))
    blocks.visit(_Summation(), Side(changed=sums.rows), Side(changed=sums.columns), team)
    return sums


@dataclass(frozen=True)
class _Summation:
    """Adds the records of a block to the sums of its rows and of its columns."""

    name = "sum-blocks"

    def __call__(self, records: np.ndarray, rows: tuple[np.ndarray, ...], columns: tuple[np.ndarray, ...]) -> float:
        """See :class:`~glove_sklearn._training.blocks.Kernel`."""
        _pmi.add_sums(records, rows[0], columns[0])
        return 0.0


def svd_initialization(
    blocks: TrainingBlocks,
    sums: MarginalSums,
    n_components: int,
    random_state: np.random.RandomState,
    team: ThreadTeam,
    on_records: Callable[[int], object] = lambda n_records: None,
) -> tuple[InitialVectors, InitialVectors]:
    """Compute vectors whose dot products are close to those of a trained model, for words that co-occur more than by chance.

    X includes the sampled negative pairs, with the value that they are given. With r_i and s_j the sums of its rows and columns,
    and N the sum of all entries, P_ij = max(0, log(X_ij N / (r_i s_j))) is the positive pointwise mutual information. The largest
    singular values of P = U S V' yield w = U sqrt(S) and c = V sqrt(S). The biases are log(r_i / sqrt(N)) and log(s_j / sqrt(N)),
    so that w.c + b + b' = log X_ij wherever w.c = P_ij > 0.

    The decomposition uses a random projection and one power iteration (Halko, Martinsson and Tropp, "Finding structure with
    randomness", SIAM Review 53, 2011, algorithm 4.4), which multiply P three times. It need not be exact, because training
    follows.

    Parameters
    ----------
    blocks : TrainingBlocks
    sums : MarginalSums
    n_components : int
    random_state : RandomState
        Draws the projection.
    team : ThreadTeam
    on_records : callable
        Called with numbers of records as they are read, for a progress bar.

    Returns
    -------
    words, contexts : InitialVectors
        If the rank of P is less than d, the last columns are zeros.
    """
    information = _MutualInformation(blocks, sums, team, on_records)
    shape = len(blocks.rows.members), len(blocks.columns.members)
    projection = _random_matrix(shape[1], width_of_factors(n_components, shape), random_state)
    # Each matrix is released as soon as the next is there, so that no more than two of them are in memory.
    words = information.times(projection)
    del projection
    words = orthonormalise(words, team, _RANK_TOLERANCE)
    contexts = information.times(words, transposed=True)
    del words
    contexts = orthonormalise(contexts, team, _RANK_TOLERANCE)
    words = information.times(contexts)
    # P is approximately `words` times the transpose of `contexts`, which are orthonormal: it remains to decompose `words`.
    squares, directions = eigenvectors(gram(words, team), team, n_components)
    squares = squares[:n_components]
    significant = squares > squares[0] * _RANK_TOLERANCE**2
    roots = np.where(significant, np.sqrt(np.sqrt(squares)), 0)
    words = matmul(words, directions * np.divide(1, roots, out=np.zeros_like(roots), where=significant), team)
    contexts = matmul(contexts, directions * roots, team)
    if (n_missing := n_components - len(roots)) > 0:
        words, contexts = (np.pad(vectors, ((0, 0), (0, n_missing))) for vectors in (words, contexts))
    return InitialVectors(words, information.row_biases), InitialVectors(contexts, information.column_biases)


def _random_matrix(n_rows: int, n_columns: int, random_state: np.random.RandomState) -> np.ndarray:
    """Draw numbers uniformly from (-0.5, 0.5); float32."""
    matrix = np.empty((n_rows, n_columns), dtype=np.float32)
    chunk = 1 + _CHUNK // n_columns
    for first in range(0, n_rows, chunk):
        rows = matrix[first : first + chunk]
        rows[:] = random_state.random_sample(rows.shape) - 0.5
    return matrix


def initialize_new_words(
    blocks: TrainingBlocks,
    sums: MarginalSums,
    state: ModelState,
    team: ThreadTeam,
    on_records: Callable[[int], object] = lambda n_records: None,
    *,
    limit_lengths: bool = False,
) -> tuple[InitialVectors, InitialVectors]:
    """Compute vectors of new words that fit the vectors of the known ones.

    With P as in `svd_initialization`, and C the vectors of the known contexts, the vector of a new word solves C w = P_i by ridge
    regression; new contexts are solved for the known words. Biases are as in `svd_initialization`.

    Parameters
    ----------
    blocks : TrainingBlocks
    sums : MarginalSums
    state : ModelState
        Rows of NaN are new words. At least one word and one context must be known.
    team : ThreadTeam
    on_records : callable
        Called with numbers of records as they are read, for a progress bar.
    limit_lengths : bool, default=False
        Make no vector longer than the longest known one. Known vectors that are much too short for X, normalised ones for
        instance, would otherwise have their inverses as new ones, whose products with each other diverge.

    Returns
    -------
    words, contexts : InitialVectors
        The biases of known words are minus infinity.
    """
    information = _MutualInformation(blocks, sums, team, on_records)

    def solve(side: ParameterSet, others: ParameterSet, biases: np.ndarray, transposed: bool) -> InitialVectors:
        side_partitions, other_partitions = (
            (blocks.columns, blocks.rows) if transposed else (blocks.rows, blocks.columns)
        )
        n, d = others.vectors.shape
        known = np.zeros((n, _padded(d)), dtype=np.float32)
        known[:, :d] = others.vectors[other_partitions.members]
        np.nan_to_num(known, copy=False, nan=0.0)
        squares, directions = eigenvectors(gram(known, team), team)
        directions = directions / np.sqrt(squares + max(_RIDGE * squares[0], np.finfo(np.float64).tiny))
        products = information.times(known, transposed)
        is_new = side.is_new[side_partitions.members]
        products[~is_new] = 0
        vectors = matmul(matmul(products, directions, team), directions.T[:, :d], team)
        if limit_lengths:
            longest = _lengths(side.vectors[~side.is_new]).max(initial=0)
            excess = np.maximum(_lengths(vectors), longest)
            vectors *= np.divide(longest, excess, out=np.ones_like(excess), where=excess > 0)[:, np.newaxis]
        return InitialVectors(vectors, np.where(is_new, biases, np.float32(-np.inf)))

    return (
        solve(state.words, state.contexts, information.row_biases, transposed=False),
        solve(state.contexts, state.words, information.column_biases, transposed=True),
    )


def marginal_biases(sums: MarginalSums) -> tuple[np.ndarray, np.ndarray]:
    """Return log(r_i / sqrt(N)) and log(s_j / sqrt(N)) of `svd_initialization`, float32; minus infinity where the sum is 0."""
    half = _logarithms(np.array([sums.rows.sum()])) / 2
    return _logarithms(sums.rows) - half, _logarithms(sums.columns) - half


@dataclass(frozen=True)
class _Multiplication:
    """Adds the product of a block of P, or of its transpose, and a factor; the sides have their biases, and these matrices."""

    transposed: bool
    name = "multiply-blocks"

    def __call__(self, records: np.ndarray, rows: tuple[np.ndarray, ...], columns: tuple[np.ndarray, ...]) -> float:
        """See :class:`~glove_sklearn._training.blocks.Kernel`."""
        target, source = (columns, rows) if self.transposed else (rows, columns)
        _pmi.add_products(records, rows[0], columns[0], source[1], target[1], self.transposed)
        return 0.0


class _MutualInformation:
    """P of `svd_initialization`, which is never stored: it is computed from the records whenever it is multiplied.

    Rows and columns are in the order of the partitions.
    """

    def __init__(
        self, blocks: TrainingBlocks, sums: MarginalSums, team: ThreadTeam, on_records: Callable[[int], object]
    ) -> None:
        self._blocks, self._team, self._on_records = blocks, team, on_records
        self.row_biases, self.column_biases = marginal_biases(sums)

    def times(self, factor: np.ndarray, transposed: bool = False) -> np.ndarray:
        """Multiply P, or its transpose, by `factor`."""
        target, source = self.row_biases, self.column_biases
        if transposed:
            target, source = source, target
        result = np.zeros((len(target), factor.shape[1]), dtype=np.float32)
        sides = Side((target,), result), Side((source, factor))
        rows, columns = reversed(sides) if transposed else sides
        self._blocks.visit(_Multiplication(transposed), rows, columns, self._team, self._on_records)
        return result


def _lengths(vectors: np.ndarray) -> np.ndarray:
    """Compute Euclidean lengths, float32, column by column: NumPy sums along an axis in an order of its own."""
    squares = np.zeros(len(vectors), dtype=np.float32)
    for column in vectors.T:
        squares += column * column
    return np.sqrt(squares)


def _logarithms(numbers: np.ndarray) -> np.ndarray:
    """Compute logarithms, float32, as the training loop does: the last bit of NumPy's depends on the processor."""
    batch = _adagrad.BATCH_MULTIPLE
    padded = np.ones(-(len(numbers) // -batch) * batch, dtype=np.float32)
    padded[: len(numbers)] = np.minimum(numbers, np.finfo(np.float32).max)  # a sum may exceed the largest float32
    is_zero = padded == 0
    padded[is_zero] = 1
    logarithms, weights = np.empty_like(padded), np.empty_like(padded)
    _adagrad.log_and_weight(padded, 1, 0, logarithms, weights)
    logarithms[is_zero] = -np.inf
    return logarithms[: len(numbers)]
