"""Parameters and accumulators in the layout that the training kernel works on."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from glove_sklearn._system.memory import zeros_on_cache_lines
from glove_sklearn._training import _adagrad
from glove_sklearn._training.state import ParameterSet

#: Accumulator of a constant: so large that the constant's step is lost to rounding.
_FROZEN_ACCUMULATOR = 1e30
#: Numbers that are copied per NumPy call, so that temporary arrays stay small.
_CHUNK = 1 << 18


def padded_width(n_components: int) -> int:
    """Return the number of columns of a packed row: a vector, its bias and a constant, rounded up to what the kernel takes."""
    return -((n_components + 2) // -_adagrad.ROW_MULTIPLE) * _adagrad.ROW_MULTIPLE


def initial_accumulators(n_components: int, learning_rate: float) -> np.ndarray:
    """Return the accumulators of a vector and its bias before training: (d + 1,), float32."""
    accumulators = np.full(n_components + 1, min(learning_rate**-2, _FROZEN_ACCUMULATOR), dtype=np.float32)
    accumulators[-1] = 1
    return accumulators


class PackedParameters:
    """Vectors, biases and accumulators of all words, or of all contexts; the layout is described in the training kernel.

    Except for `rows` and `add_initial`, methods take and return arrays in the order of the rows (or columns) of X, not in the
    order of the partitions.

    Parameters
    ----------
    positions : ndarray of shape (n,), int64
        Index of the packed row of each row of X.
    n_components : int
    bias_first : bool
        Whether the bias stands before the constant, as it does for words, or behind it, as for contexts.
    learning_rate : float
    """

    def __init__(self, positions: np.ndarray, n_components: int, bias_first: bool, learning_rate: float) -> None:
        d, width = n_components, padded_width(n_components)
        values, accumulators = _adagrad.row_layout(width)
        bias, constant = (d, d + 1) if bias_first else (d + 1, d)
        #: (n, 2 * width), float32: the array that the kernel trains.
        self.rows = zeros_on_cache_lines((len(positions), 2 * width))
        self._positions = positions
        self._values = np.append(values[:d], values[bias])
        self._accumulators = np.append(accumulators[:d], accumulators[bias])
        self.rows[:, values[constant]] = 1
        of_vector = initial_accumulators(d, learning_rate)[0]
        self.rows[:, accumulators] = of_vector  # those of the padding, too
        self.rows[:, self._accumulators] = initial_accumulators(d, learning_rate)
        self.rows[:, accumulators[constant]] = _FROZEN_ACCUMULATOR

    def initialize(self, random_state: np.random.RandomState, resumed: ParameterSet | None = None) -> None:
        """Set all parameters: those of `resumed` where it has any, random numbers where it is None or a row is new.

        Random vectors and biases are uniform in (-0.5, 0.5) / d, as in Stanford GloVe.
        """
        if resumed is None or resumed.is_new.any():
            self._draw(random_state)
        if resumed is None:
            return
        vectors, biases, accumulators = resumed
        for rows in self._chunks(np.flatnonzero(~resumed.is_new)):
            packed = self._positions[rows]
            self.rows[packed[:, np.newaxis], self._values[:-1]] = vectors[rows]
            self.rows[packed, self._values[-1]] = biases[rows]
            self.rows[packed[:, np.newaxis], self._accumulators] = accumulators[rows]

    def add_initial(self, vectors: np.ndarray, biases: np.ndarray) -> None:
        """Add to the vectors and replace the biases, except in rows whose given bias is infinite.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            In the order of the partitions.
        biases : ndarray of shape (n,), float32
        """
        for rows in self._chunks(np.flatnonzero(np.isfinite(biases))):
            self.rows[rows[:, np.newaxis], self._values[:-1]] += vectors[rows]
            self.rows[rows, self._values[-1]] = biases[rows]

    def _draw(self, random_state: np.random.RandomState) -> None:
        d = len(self._values) - 1
        for rows in self._chunks(self._positions):
            self.rows[rows[:, np.newaxis], self._values] = (random_state.random_sample((len(rows), d + 1)) - 0.5) / d

    def _chunks(self, rows: np.ndarray) -> Iterator[np.ndarray]:
        size = 1 + _CHUNK // len(self._values)
        for start in range(0, len(rows), size):
            yield rows[start : start + size]

    def vectors(self, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """(n, d), float32; of all rows of X or of some."""
        return self.rows[self._positions[rows, np.newaxis], self._values[:-1]]

    def set_vectors(self, rows: np.ndarray, vectors: np.ndarray) -> None:
        """Replace the vectors of some rows of X."""
        self.rows[self._positions[rows, np.newaxis], self._values[:-1]] = vectors

    def biases(self) -> np.ndarray:
        """(n,), float32."""
        return self.rows[self._positions, self._values[-1]]

    def accumulators(self, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """(n, d + 1), float32: of the vector and then of the bias; of all rows of X or of some."""
        return self.rows[self._positions[rows, np.newaxis], self._accumulators]

    def unpacked(self, *, with_accumulators: bool = True) -> ParameterSet:
        """Return copies of all of them; without accumulators, these are an empty array."""
        accumulators = self.accumulators() if with_accumulators else np.empty((0, 0), dtype=np.float32)
        return ParameterSet(self.vectors(), self.biases(), accumulators)

    def are_finite(self) -> bool:
        """Whether no number is infinite or NaN."""
        return math.isfinite(self.rows.min()) and math.isfinite(self.rows.max())
