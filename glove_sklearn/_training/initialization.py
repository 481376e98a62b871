"""Blocks -> what training starts from: a singular value decomposition of positive pointwise mutual information."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from glove_sklearn._system.linear_algebra import eigenvectors, gram, product
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _adagrad as _training
from glove_sklearn._training.blocks import Blocks
from glove_sklearn._training.state import ModelState, ParameterSet

#: Directions that are looked for beyond those that are wanted: with them, those that are wanted are found more exactly.
_SPARE = 10
#: A direction in which a matrix is shorter than this, compared to the longest, is rounding error.
_NOISE = 1e-5
#: Random numbers that are drawn at a time.
_NUMBERS_AT_A_TIME = 1 << 20
#: What is added to the squares in the least squares of new words, compared to the largest: a direction in which the known have
#: next to nothing is then left out.
_RIDGE = 1e-3
#: Times that `svd_initialization`, and `initialize_new_words`, visit every record.
N_VISITS, N_VISITS_FOR_NEW_WORDS = 3, 2


class InitialVectors(NamedTuple):
    """Vectors and biases to start from, of the words or of the contexts, in the order of the groups."""

    vectors: np.ndarray
    """(n, d), float32."""
    biases: np.ndarray
    """(n,), float32; minus infinity where there is no start: X has a row, or a column, of zeros, or the word is not new."""


def width_of_factors(n_components: int) -> int:
    """Columns of the matrices, one for words and one for contexts, that `svd_initialization` works with."""
    return _width(n_components + _SPARE)


def _width(n_columns: int) -> int:
    """Rounded up to what the kernel takes."""
    return -(n_columns // -_training.WIDTH_MULTIPLE) * _training.WIDTH_MULTIPLE


class MarginalSums(NamedTuple):
    """Sums of the rows and of the columns of X, in the order of the groups."""

    rows: np.ndarray
    """(n_rows,), float64."""
    columns: np.ndarray
    """(n_columns,), float64."""


def marginal_sums(blocks: Blocks, team: ThreadTeam) -> MarginalSums:
    """Add up X; the same bits for any number of threads."""
    sums = MarginalSums(np.zeros(len(blocks.rows.members)), np.zeros(len(blocks.columns.members)))

    def add_up(i: int, j: int) -> None:
        for records in blocks.chunks(i, j):
            if team.cancelled:
                break
            _training.add_sums(records, sums.rows[blocks.rows.slice(i)], sums.columns[blocks.columns.slice(j)])

    for round_ in blocks.rounds():
        team.run(add_up, round_)
    return sums


def svd_initialization(
    blocks: Blocks,
    sums: MarginalSums,
    n_components: int,
    random_state: np.random.RandomState,
    team: ThreadTeam,
    done: Callable[[int], object] = lambda n_records: None,
) -> tuple[InitialVectors, InitialVectors]:
    """Vectors whose dot products are already about what they should be, where words occur together more than by chance.

    X is here with the pairs that never occur and were drawn, at the value that they are taken for.
    With r_i and s_j the sums of its rows and columns, and N that of all, P_ij = max(0, log(X_ij N / (r_i s_j))) is the
    positive pointwise mutual information. The largest singular values of P = U S V' give w = U sqrt(S) and c = V sqrt(S).
    The biases are log(r_i / sqrt(N)) and log(s_j / sqrt(N)), so that w.c + b + b' = log X_ij where w.c = P_ij > 0.

    The decomposition is by a random projection and one iteration (Halko, Martinsson and Tropp, "Finding structure with
    randomness", SIAM Review 53, 2011, algorithm 4.4), in which P is multiplied three times. It need not be exact.

    Parameters
    ----------
    blocks : Blocks
    sums : MarginalSums
    n_components : int
    random_state : RandomState
        Of the projection.
    team : ThreadTeam
    done : callable
        Gets numbers of records as they are visited.

    Returns
    -------
    words, contexts : InitialVectors
        Where P has fewer than d directions, the last columns are zeros.
    """
    information = _MutualInformation(blocks, sums, team, done)
    shape = len(blocks.columns.members), width_of_factors(n_components)
    factor = np.empty(shape, dtype=np.float32)
    at_a_time = 1 + _NUMBERS_AT_A_TIME // shape[1]
    for first in range(0, shape[0], at_a_time):
        some = factor[first : first + at_a_time]
        some[:] = random_state.random_sample(some.shape) - 0.5
    # One after the other: no more than two such matrices are ever in memory.
    words = information.times(factor)
    del factor
    words = _orthonormal(words, team)
    contexts = information.times(words, transposed=True)
    del words
    contexts = _orthonormal(contexts, team)
    words = information.times(contexts)
    # P is about words times contexts', and contexts are orthonormal: the rest is the decomposition of words.
    squares, directions = eigenvectors(gram(words, team))
    roots = np.sqrt(np.sqrt(squares))[:n_components]
    directions = directions[:, :n_components]
    found = _is_found(squares)[:n_components]
    words = product(words, directions * np.divide(1, roots, out=np.zeros_like(roots), where=found), team)
    contexts = product(contexts, directions * np.where(found, roots, 0), team)
    return InitialVectors(words, information.row_biases), InitialVectors(contexts, information.column_biases)


def initialize_new_words(
    blocks: Blocks,
    sums: MarginalSums,
    state: ModelState,
    team: ThreadTeam,
    done: Callable[[int], object] = lambda n_records: None,
) -> tuple[InitialVectors, InitialVectors]:
    """Vectors of words that are new, whose dot products with the known are about what they should be.

    With P as in `svd_initialization`, and C the vectors of the contexts that are known, the vector of a new word is the solution of
    C w = P_i by (ridge) least squares; those of new contexts are found from the words that are known. Biases are as there.

    Parameters
    ----------
    blocks : Blocks
    sums : MarginalSums
    state : ModelState
        Its vectors and biases are NaN where a word is new. Some word and some context are not.
    team : ThreadTeam
    done : callable
        Gets numbers of records as they are visited.

    Returns
    -------
    words, contexts : InitialVectors
        Minus infinity in place of the biases of the known.
    """
    information = _MutualInformation(blocks, sums, team, done)

    def start(side: ParameterSet, others: ParameterSet, biases: np.ndarray, transposed: bool) -> InitialVectors:
        of_side, of_others = (blocks.columns, blocks.rows) if transposed else (blocks.rows, blocks.columns)
        n, d = others.vectors.shape
        known = np.zeros((n, _width(d)), dtype=np.float32)
        known[:, :d] = others.vectors[of_others.members]
        np.nan_to_num(known, copy=False, nan=0.0)
        squares, directions = eigenvectors(gram(known, team))
        directions = directions / np.sqrt(squares + max(_RIDGE * squares[0], np.finfo(np.float64).tiny))
        products = information.times(known, transposed)
        is_new = np.isnan(side.biases)[of_side.members]
        products[~is_new] = 0
        vectors = product(product(products, directions, team), directions.T[:, :d], team)
        return InitialVectors(vectors, np.where(is_new, biases, np.float32(-np.inf)))

    return (
        start(state.words, state.contexts, information.row_biases, transposed=False),
        start(state.contexts, state.words, information.column_biases, transposed=True),
    )


class _MutualInformation:
    """P of `svd_initialization`, which is not kept but computed from the records when it is multiplied.

    Rows and columns are in the order of the groups.
    """

    def __init__(self, blocks: Blocks, sums: MarginalSums, team: ThreadTeam, done: Callable[[int], object]) -> None:
        self._blocks, self._team, self._done = blocks, team, done
        half = _logarithms(np.array([sums.rows.sum()])) / 2
        self.row_biases, self.column_biases = _logarithms(sums.rows) - half, _logarithms(sums.columns) - half

    def times(self, factor: np.ndarray, transposed: bool = False) -> np.ndarray:
        """P times `factor`, or its transpose times it."""
        blocks, team = self._blocks, self._team
        ends = (blocks.columns, blocks.rows) if transposed else (blocks.rows, blocks.columns)
        result = np.zeros((len(ends[0].members), factor.shape[1]), dtype=np.float32)

        def multiply(i: int, j: int) -> int:
            rows, columns = blocks.rows.slice(i), blocks.columns.slice(j)
            to, from_ = (columns, rows) if transposed else (rows, columns)
            biases = self.row_biases[rows], self.column_biases[columns]
            n_records = 0
            for records in blocks.chunks(i, j):
                if team.cancelled:
                    break
                _training.add_products(records, *biases, factor[from_], result[to], transposed)
                n_records += len(records)
            return n_records

        for round_ in blocks.rounds():
            team.run(multiply, round_, self._done)
        return result


def _orthonormal(matrix: np.ndarray, team: ThreadTeam) -> np.ndarray:
    """Columns at right angles and of length 1 that span the same, then columns of zeros; float32."""
    squares, directions = eigenvectors(gram(matrix, team))
    scales = np.divide(1, np.sqrt(squares), out=np.zeros_like(squares), where=_is_found(squares))
    return product(matrix, directions * scales, team)


def _is_found(squares: np.ndarray) -> np.ndarray:
    """Which of the directions, whose squared lengths fall, are more than rounding error."""
    return squares > squares[0] * _NOISE**2


def _logarithms(numbers: np.ndarray) -> np.ndarray:
    """Their logarithms as training computes them, float32: those of NumPy depend on the processor."""
    batch = _training.BATCH_MULTIPLE
    padded = np.ones(-(len(numbers) // -batch) * batch, dtype=np.float32)
    padded[: len(numbers)] = np.minimum(numbers, np.finfo(np.float32).max)  # sums may be larger than any entry
    is_zero = padded == 0
    padded[is_zero] = 1
    logarithms, weights = np.empty_like(padded), np.empty_like(padded)
    _training.log_and_weight(padded, 1, 0, logarithms, weights)
    logarithms[is_zero] = -np.inf
    return logarithms[: len(numbers)]
