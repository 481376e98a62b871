"""Factors of the variances of word vectors, for some rows of X or, in one pass, for all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from glove_sklearn._counting.row_store import RowBlock, RowSource, cumulative_offsets, split_by_size
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _adagrad
from glove_sklearn._variance import _variance

#: Words and entries of a task of a pass over X.
_WORDS_PER_TASK = 32
_ENTRIES_PER_TASK = 1 << 16


class RegressionModel(NamedTuple):
    """What the variances depend on, besides X."""

    words: np.ndarray
    """(n_rows, d), float32: w, as trained."""
    word_biases: np.ndarray
    """(n_rows,), float32."""
    contexts: np.ndarray
    """(n_columns, d), float32: c, as trained."""
    context_biases: np.ndarray
    """(n_columns,), float32."""
    x_max: float
    alpha: float
    with_bias: bool
    """Whether the bias of a word is an unknown, and not known like those of the contexts."""

    @property
    def n_unknowns(self) -> int:
        """Number of unknowns of a word."""
        return self.contexts.shape[1] + self.with_bias


class Factors(NamedTuple):
    """Factors of consecutive words; see `_variance.pyx`."""

    packed: np.ndarray
    """(n_words, q (q + 1) / 2), float64, where q is the number of unknowns and one: NaN for a word that has no estimate."""
    losses: np.ndarray
    """(n_words,), float64: the sum of f times the square of the residual, at the fitted parameters."""
    n_entries: np.ndarray
    """(n_words,), int64."""
    n_unknowns: int

    @property
    def residual_variances(self) -> np.ndarray:
        """The sums of weighted squared residuals divided by their degrees of freedom: (n_words,), float64."""
        degrees = np.maximum(1, self.n_entries - self.n_unknowns)
        return np.where(np.isnan(self.packed[:, 0]), np.nan, self.losses / degrees)

    def at_least_squares(self) -> Factors:
        """Return the factors whose residuals are those of the least squares solution."""
        return self._replace(losses=self.packed[:, -1] ** 2)

    def solve(self, index: int, directions: np.ndarray) -> np.ndarray:
        """Express linear functions of the vector of a word by independent numbers whose variance is 1.

        Parameters
        ----------
        index : int
        directions : ndarray of shape (m, d), float64

        Returns
        -------
        coefficients : ndarray of shape (m, n_unknowns), float64
            The covariance of two functions is the dot product of their rows. NaN if the word has no estimate.
        """
        coefficients = np.zeros((len(directions), self.n_unknowns))
        coefficients[:, : directions.shape[1]] = directions
        _variance.solve_directions(self.packed[index], self.n_unknowns + 1, coefficients)
        return coefficients * np.sqrt(self.residual_variances[index])

    def step(self, index: int, directions: np.ndarray) -> np.ndarray:
        """Compute how far linear functions of the vector of a word are from the fitted to the least squares solution.

        Parameters
        ----------
        index : int
        directions : ndarray of shape (m, d), float64

        Returns
        -------
        steps : ndarray of shape (m,), float64
        """
        q = self.n_unknowns + 1
        coefficients = np.zeros((len(directions), q - 1))
        coefficients[:, : directions.shape[1]] = directions
        _variance.solve_directions(self.packed[index], q, coefficients)
        return (coefficients * self._last_column(index)).sum(axis=1)

    def distance(self, index: int) -> float:
        """Return how far a word is from its least squares solution: root mean square over the unknowns, in standard errors."""
        step = self._last_column(index)
        return float(np.sqrt((step * step).sum() / self.n_unknowns / self.residual_variances[index]))

    def _last_column(self, index: int) -> np.ndarray:
        """Return the step to the least squares solution in terms of independent numbers."""
        return self.packed[index][np.cumsum(np.arange(self.n_unknowns + 1, 1, -1)) - 1]


def factor_rows(block: RowBlock, model: RegressionModel) -> Factors:
    """Compute the factors of some rows.

    Parameters
    ----------
    block : RowBlock
    model : RegressionModel

    Returns
    -------
    Factors
    """
    n_entries = np.diff(block.indptr)
    log_x, f = _logarithms_and_weights(block.values, model)
    q = model.n_unknowns + 1
    width = -(q // -_variance.WIDTH_MULTIPLE) * _variance.WIDTH_MULTIPLE
    factors = Factors(np.empty((len(n_entries), q * (q + 1) // 2)), np.empty(len(n_entries)), n_entries, q - 1)
    if len(block.columns) and not 0 <= block.columns.min() <= block.columns.max() < len(model.contexts):
        raise ValueError(f"X has entries in columns that the model lacks: it has {len(model.contexts)} contexts.")
    words = slice(block.first_row, block.last_row)
    _variance.factor_rows(
        block.indptr, np.ascontiguousarray(block.columns, dtype=np.int32), log_x, f, model.contexts, model.context_biases,
        model.words[words], model.word_biases[words], model.with_bias,
        np.zeros((_variance.DESIGN_ROWS, width)), np.empty((width, width)), np.empty(q), factors.packed, factors.losses,
    )  # fmt: skip
    return factors


def _logarithms_and_weights(values: np.ndarray, model: RegressionModel) -> tuple[np.ndarray, np.ndarray]:
    """Return log x and f(x), as in training."""
    n = len(values)
    x = np.ones(-(max(n, 1) // -_adagrad.BATCH_MULTIPLE) * _adagrad.BATCH_MULTIPLE, dtype=np.float32)
    x[:n] = values
    log_x, f = np.empty_like(x), np.empty_like(x)
    _adagrad.log_and_weight(x, model.x_max, model.alpha, log_x, f)
    return log_x, f


def iterate_factors(
    rows: RowSource, model: RegressionModel, team: ThreadTeam, on_entries: Callable[[int], object] = lambda n: None
) -> Iterator[tuple[slice, Factors]]:
    """Compute the factors of all rows in one pass over X, a few words at a time: all of them would not fit in memory.

    Parameters
    ----------
    rows : RowSource
    model : RegressionModel
    team : ThreadTeam
    on_entries : callable
        Called with numbers of entries, for a progress bar.

    Yields
    ------
    words : slice
    factors : Factors
    """
    sizes = np.maximum(rows.lengths, math.ceil(_ENTRIES_PER_TASK / _WORDS_PER_TASK))
    tasks = split_by_size(cumulative_offsets(sizes), _ENTRIES_PER_TASK)
    results = team.stream(lambda first, last: factor_rows(rows.read(first, last), model), tasks)
    for (first, last), factors in zip(tasks, results, strict=True):
        on_entries(int(factors.n_entries.sum()))
        yield slice(first, last), factors
