"""Weights of neighbours by their distance, as float64 and as fixed-point numbers."""

from __future__ import annotations

import math
import reprlib
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

#: Weightings that have a name: the power p of 1 / distance**p.
WEIGHTINGS = {"harmonic": 1.0, "flat": 0.0}

#: What ``near_size="auto"`` stands for, and in texts of how many words.
_NEAR_SIZE, _MIN_WORDS_FOR_NEAR = 2, 500_000

#: The largest weight as a fixed-point number, where the counts allow it.
_LARGEST_FIXED = 1 << 40
#: Smaller weights, relative to the largest, would be lost in the sums.
_MIN_WEIGHT = 2.0**-40


def weights_of(weighting: Any, window_size: int | None, max_distance: int) -> np.ndarray:
    """Return the weight of each distance.

    Parameters
    ----------
    weighting : float, str or array-like
        The parameter of this name, which :func:`check_weighting` has accepted.
    window_size : int or None
    max_distance : int
        The largest distance that occurs.

    Returns
    -------
    weights : ndarray of shape (n,), float64
        For distances 1, 2, ..., up to `max_distance` or to where weights no longer count.
    """
    given = check_weighting(weighting, window_size)
    if given is not None:
        return given[:max_distance]
    return _power_weights(float(WEIGHTINGS.get(weighting, weighting)), max_distance)


def check_weighting(weighting: Any, window_size: int | None) -> np.ndarray | None:
    """Return the weights of an array as float64, or None for a named weighting or a power.

    Raises
    ------
    ValueError
        If an array does not have one weight for each distance, or its weights cannot be added up.
    """
    if isinstance(weighting, str | Real):
        return None
    if window_size is None:
        raise ValueError("an array of weights for each distance needs a window_size, got window_size=None.")
    weights = np.asarray(weighting, dtype=np.float64)
    if weights.shape != (window_size,):
        raise ValueError(
            f"weighting must have one weight for each distance, window_size={window_size} of them, got an array of "
            f"shape {weights.shape}."
        )
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.any()):
        raise ValueError(f"weighting must be finite, not negative and not all zero, got {reprlib.repr(weighting)}.")
    largest = weights.max()
    if not 2.0**-60 <= largest <= 2.0**60 or (weights[weights > 0] < largest * _MIN_WEIGHT).any():
        raise ValueError(
            "weighting must be between 2**-60 and 2**60, and no weight less than 2**-40 of the largest, got "
            f"{reprlib.repr(weighting)}."
        )
    return weights


def near_size_of(near_size: Any, weighting: Any, n_words: int) -> int:
    """Return the number of near neighbours that are counted apart in a text of so many words.

    With "auto" there are none in short texts, nor where distances mean nothing.
    """
    if near_size != "auto":
        return int(near_size)
    power = WEIGHTINGS[weighting] if isinstance(weighting, str) else weighting
    is_flat = isinstance(power, Real) and power == 0
    return 0 if is_flat or n_words < _MIN_WORDS_FOR_NEAR else _NEAR_SIZE


def _power_weights(power: float, max_distance: int) -> np.ndarray:
    """Compute ``distance**-power`` by divisions and square roots: the last bit of NumPy's powers depends on the processor."""
    distances = np.arange(1, max_distance + 1, dtype=np.float64)
    weights = np.ones(max_distance)
    for _ in range(int(power)):
        weights /= distances
    # The binary digits of the fraction: 0.6 is 1/2 + 1/16 + 1/32 + ...
    fraction, root = power % 1, distances
    while fraction:
        fraction, root = 2 * fraction, np.sqrt(root)
        if fraction >= 1:
            weights /= root
            fraction -= 1
    return weights[weights >= _MIN_WEIGHT]


class FixedPointWeights(NamedTuple):
    """Weights of the neighbours at distance 1, 2, ... as fixed-point numbers, whose sums are exact in any order."""

    left: np.ndarray
    """(n_left,), int64."""
    right: np.ndarray
    """(n_right,), int64."""
    unit: float
    """Value of the fixed-point number 1."""
    near: int = 0
    """Number of neighbours on each side that are also counted in columns of their own."""

    @classmethod
    def of(cls, weights: np.ndarray, context: str, most_frequent: int, near: int = 0) -> FixedPointWeights:
        """Convert float64 weights, so that no sum overflows if no term occurs more than `most_frequent` times."""
        # In units of 2**exponent, the largest weight is more than 1/2 and at most 1.
        exponent = math.ceil(math.log2(weights.max())) if weights.any() else 0
        fixed = np.rint(np.ldexp(weights, -exponent) * _LARGEST_FIXED).astype(np.int64)
        none = np.zeros(0, dtype=np.int64)
        left = fixed if context in ("symmetric", "left") else none
        right = fixed if context in ("symmetric", "right") else none
        unit = math.ldexp(1.0, exponent) / _LARGEST_FIXED
        while most_frequent * int(left.sum() + right.sum()) >= 1 << 63:
            # No entry of X is larger than this product, so none overflows.
            left, right, unit = left >> 1, right >> 1, 2 * unit
        return cls(left, right, unit, near)

    @property
    def sides(self) -> tuple[np.ndarray, ...]:
        """The weights of the neighbours that are visited on each side, those of near neighbours once more behind them."""
        return self.left, self.right, self.left[: self.near], self.right[: self.near]

    @property
    def window(self) -> int:
        """Number of neighbours of a position, away from the ends of its document; near ones count twice."""
        return sum(map(len, self.sides))

    def n_columns(self, n_terms: int) -> int:
        """Return the number of columns of X: one for each term, and one more for each side that counts near neighbours apart."""
        return n_terms * (1 + sum(map(bool, map(len, self.sides[2:]))))

    def are_flat(self, longest: int) -> bool:
        """Whether all neighbours in documents of up to `longest` tokens weigh the same, and none is counted apart."""
        sides = [side for side in (self.left, self.right) if len(side)]
        return (
            bool(sides)
            and not self.near
            and all(len(side) >= longest - 1 and (side == side[0]).all() for side in sides)
        )

    def n_neighbours(self, lengths: np.ndarray) -> float:
        """Return the number of neighbours of all positions in documents of these lengths: windows end with the document."""
        total = 0.0
        for side in self.sides:
            farthest = np.clip(lengths - 1, 0, len(side))
            total += (farthest * (lengths - (farthest + 1) / 2)).sum()
        return total
