"""The parameters of the model, with what the optimiser remembers of each."""

from __future__ import annotations

import math

import numpy as np

import glove_sklearn._training as _training
from glove_sklearn.memory import zeros_on_cache_lines

#: The accumulator of a constant: so large that no step changes the constant.
_NEVER = 1e30


def padded_width(n_components: int) -> int:
    """A vector, its bias and a constant, rounded up to what the kernel takes."""
    return -((n_components + 2) // -_training.ROW_MULTIPLE) * _training.ROW_MULTIPLE


class Parameters:
    """Vectors, biases and accumulators of all words, or of all contexts; see the training kernel for the layout.

    Parameters
    ----------
    n : int
        Number of words.
    n_components : int
    bias_first : bool
        Whether the bias comes before the constant, as it does for words, or after it, as for contexts.
    learning_rate : float
    """

    def __init__(self, n: int, n_components: int, bias_first: bool, learning_rate: float) -> None:
        d, width = n_components, padded_width(n_components)
        values, accumulators = _training.places(width)
        bias, one = (d, d + 1) if bias_first else (d + 1, d)
        #: (n, 2 * width), float32: what the kernel trains.
        self.rows = zeros_on_cache_lines((n, 2 * width))
        self._values = np.append(values[:d], values[bias])
        self.rows[:, values[one]] = 1
        self.rows[:, accumulators] = min(learning_rate**-2, _NEVER)
        self.rows[:, accumulators[bias]] = 1
        self.rows[:, accumulators[one]] = _NEVER

    def draw(self, positions: np.ndarray, random_state: np.random.RandomState) -> None:
        """Begin: vectors and biases uniform in (-0.5, 0.5) / d, as in the C program.

        Drawn for `positions` in turn: in the order of the rows of X, the start does not depend on the groups.
        """
        d = len(self._values) - 1
        rows_at_a_time = 1 + (1 << 18) // (d + 1)
        for start in range(0, len(positions), rows_at_a_time):
            some = positions[start : start + rows_at_a_time]
            self.rows[some[:, np.newaxis], self._values] = (random_state.random_sample((len(some), d + 1)) - 0.5) / d

    def vectors(self, positions: np.ndarray) -> np.ndarray:
        """(len(positions), d), float32: the vectors there."""
        return self.rows[positions[:, np.newaxis], self._values[:-1]]

    def biases(self, positions: np.ndarray) -> np.ndarray:
        """(len(positions),), float32: the biases there."""
        return self.rows[positions, self._values[-1]]

    def are_finite(self) -> bool:
        """Whether no number is infinite or NaN."""
        return math.isfinite(self.rows.min()) and math.isfinite(self.rows.max())
