"""The parameters of the model, with what the optimiser remembers of each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from glove_sklearn._system.memory import zeros_on_cache_lines
from glove_sklearn._training import _adagrad as _training

#: The accumulator of a constant: so large that no step changes the constant.
_NEVER = 1e30


class ParameterSet(NamedTuple):
    """Parameters of the words, or of the contexts, with what the optimiser remembers of them."""

    vectors: np.ndarray
    """(n, d), float32."""
    biases: np.ndarray
    """(n,), float32."""
    accumulators: np.ndarray
    """(n, d + 1), float32: of the vector, then of the bias."""

    def take(self, rows: np.ndarray) -> ParameterSet:
        """Those of some rows, and NaN for row -1."""
        taken = ParameterSet(*(array[rows] for array in self))
        for array in taken:
            array[rows < 0] = np.nan
        return taken


class ModelState(NamedTuple):
    """All that the next pass depends on, besides X and the parameters of the estimator."""

    words: ParameterSet
    contexts: ParameterSet
    loss_curve: np.ndarray
    """(n_iter,), float64: the loss of each pass so far."""
    random_state: dict[str, Any] | None
    """State of the random numbers before the entries of X were shuffled; None where it is not known."""


def padded_width(n_components: int) -> int:
    """A vector, its bias and a constant, rounded up to what the kernel takes."""
    return -((n_components + 2) // -_training.ROW_MULTIPLE) * _training.ROW_MULTIPLE


class PackedParameters:
    """Vectors, biases and accumulators of all words, or of all contexts; see the training kernel for the layout.

    What it takes and gives is in the order of the rows (or columns) of X, whatever the groups, but for `rows` and `add`.

    Parameters
    ----------
    positions : ndarray of shape (n,), int64
        Where the parameters of each row of X are.
    n_components : int
    bias_first : bool
        Whether the bias comes before the constant, as it does for words, or after it, as for contexts.
    learning_rate : float
    """

    def __init__(self, positions: np.ndarray, n_components: int, bias_first: bool, learning_rate: float) -> None:
        d, width = n_components, padded_width(n_components)
        values, accumulators = _training.places(width)
        bias, one = (d, d + 1) if bias_first else (d + 1, d)
        #: (n, 2 * width), float32: what the kernel trains.
        self.rows = zeros_on_cache_lines((len(positions), 2 * width))
        self._positions = positions
        self._values = np.append(values[:d], values[bias])
        self._accumulators = np.append(accumulators[:d], accumulators[bias])
        self.rows[:, values[one]] = 1
        self.rows[:, accumulators] = min(learning_rate**-2, _NEVER)
        self.rows[:, accumulators[bias]] = 1
        self.rows[:, accumulators[one]] = _NEVER

    def begin(self, random_state: np.random.RandomState, side: ParameterSet | None = None) -> None:
        """Begin from `side`, and where that is NaN or None at random.

        Random vectors and biases are uniform in (-0.5, 0.5) / d, as in the C program.
        """
        if side is None or np.isnan(side.biases).any():
            self._draw(random_state)
        if side is not None:
            rows = np.flatnonzero(~np.isnan(side.biases))
            vectors, biases, accumulators = side
            for some in self._some(rows):
                at = self._positions[some]
                self.rows[at[:, np.newaxis], self._values[:-1]] = vectors[some]
                self.rows[at, self._values[-1]] = biases[some]
                self.rows[at[:, np.newaxis], self._accumulators] = accumulators[some]

    def add(self, vectors: np.ndarray, biases: np.ndarray) -> None:
        """Add numbers to the vectors, and put biases in the place of those that are there; not where they are infinite.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            In the order of the groups.
        biases : ndarray of shape (n,), float32
        """
        for some in self._some(np.flatnonzero(np.isfinite(biases))):
            self.rows[some[:, np.newaxis], self._values[:-1]] += vectors[some]
            self.rows[some, self._values[-1]] = biases[some]

    def _draw(self, random_state: np.random.RandomState) -> None:
        d = len(self._values) - 1
        for some in self._some(self._positions):
            self.rows[some[:, np.newaxis], self._values] = (random_state.random_sample((len(some), d + 1)) - 0.5) / d

    def _some(self, rows: np.ndarray) -> Iterator[np.ndarray]:
        """A moderate number of them at a time."""
        at_a_time = 1 + (1 << 18) // len(self._values)
        for start in range(0, len(rows), at_a_time):
            yield rows[start : start + at_a_time]

    def vectors(self) -> np.ndarray:
        """(n, d), float32."""
        return self.rows[self._positions[:, np.newaxis], self._values[:-1]]

    def biases(self) -> np.ndarray:
        """(n,), float32."""
        return self.rows[self._positions, self._values[-1]]

    def accumulators(self) -> np.ndarray:
        """(n, d + 1), float32: of the vector and then of the bias."""
        return self.rows[self._positions[:, np.newaxis], self._accumulators]

    def arrays(self, name: str) -> Iterator[tuple[str, np.ndarray]]:
        """The arrays of a :class:`ParameterSet`, one at a time, each with its name."""
        for field in ParameterSet._fields:
            yield f"{name}_{field}", getattr(self, field)()

    def are_finite(self) -> bool:
        """Whether no number is infinite or NaN."""
        return math.isfinite(self.rows.min()) and math.isfinite(self.rows.max())


def generator_state(random_state: np.random.RandomState) -> dict[str, Any]:
    """Where a generator of random numbers is: numbers, strings and arrays."""
    return random_state.get_state(legacy=False)


def restore_generator(state: dict[str, Any]) -> np.random.RandomState:
    """Make a generator of random numbers that is there."""
    random_state = np.random.RandomState(getattr(np.random, state["bit_generator"])())
    random_state.set_state(state)
    return random_state
