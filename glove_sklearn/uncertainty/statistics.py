"""Smooth functions of cosines of words: what similarities, analogies, projections and association tests are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

#: Step of the derivatives. It may be so small because nothing is subtracted: see `Statistic.jacobian`.
_STEP = 1e-30
#: Derivatives that are computed together.
_BATCH = 64


class Statistic(NamedTuple):
    """Numbers that depend on words through cosines alone.

    `function` takes cosines of shape (..., n_pairs), real or complex, and returns numbers of shape (..., n_names). It must be
    analytic: no absolute values and no maxima.
    """

    title: str
    names: tuple[str, ...]
    pairs: list[tuple[int, int]]
    """The two words of each cosine, as rows of the vocabulary."""
    function: Callable[[np.ndarray], np.ndarray]
    limits: np.ndarray
    """(n_names,), float64: the largest absolute value that each number can have."""

    def jacobian(self, cosines: np.ndarray) -> np.ndarray:
        """Compute the derivatives of each number with respect to each cosine: (n_names, n_pairs).

        The derivative of an analytic function is the imaginary part of its value an imaginary step away, divided by the step:
        exact to rounding (Squire and Trapp, SIAM Review 40, 1998).
        """
        n = len(cosines)
        parts = []
        for start in range(0, n, _BATCH):
            size = min(_BATCH, n - start)
            shifted = np.tile(cosines.astype(complex), (size, 1))
            shifted[np.arange(size), start + np.arange(size)] += 1j * _STEP
            parts.append(self.function(shifted).imag / _STEP)
        return np.concatenate(parts).T


def similarities(pairs: Sequence[tuple[int, int]], names: Sequence[str]) -> Statistic:
    """Cosines themselves."""
    return Statistic("similarity", tuple(names), list(pairs), lambda cosines: cosines, np.ones(len(names)))


def linear(title: str, names: Sequence[str], pairs: Sequence[tuple[int, int]], coefficients: np.ndarray) -> Statistic:
    """Sums of cosines times coefficients of shape (n_pairs, n_names)."""

    def total(cosines: np.ndarray) -> np.ndarray:
        return (cosines[..., :, np.newaxis] * coefficients).sum(axis=-2)

    return Statistic(title, tuple(names), list(pairs), total, np.abs(coefficients).sum(axis=0))


def projection(
    words: Sequence[int], names: Sequence[str], positive: Sequence[int], negative: Sequence[int]
) -> Statistic:
    """Cosines of words with an axis: the mean of the positive unit vectors minus that of the negative ones."""
    poles = [*positive, *negative]
    weights = np.array([1 / len(positive)] * len(positive) + [-1 / len(negative)] * len(negative))
    n, m = len(words), len(poles)
    pairs = [(word, pole) for word in words for pole in poles] + [
        (first, second) for first in poles for second in poles
    ]

    def project(cosines: np.ndarray) -> np.ndarray:
        shape = cosines.shape[:-1]
        with_poles = (cosines[..., : n * m].reshape(*shape, n, m) * weights).sum(axis=-1)
        between = cosines[..., n * m :].reshape(*shape, m, m) * np.multiply.outer(weights, weights)
        return with_poles / np.sqrt(between.sum(axis=(-2, -1)))[..., np.newaxis]

    return Statistic("projection", tuple(names), pairs, project, np.ones(n))


def weat(x: Sequence[int], y: Sequence[int], a: Sequence[int], b: Sequence[int]) -> Statistic:
    """The test statistic and the effect size of the word embedding association test."""
    n, targets, attributes = len(x), [*x, *y], [*a, *b]
    pairs = [(target, attribute) for target in targets for attribute in attributes]

    def test(cosines: np.ndarray) -> np.ndarray:
        table = cosines.reshape(*cosines.shape[:-1], len(targets), len(attributes))
        associations = table[..., : len(a)].mean(axis=-1) - table[..., len(a) :].mean(axis=-1)
        first, second = associations[..., :n], associations[..., n:]
        effect = (first.mean(axis=-1) - second.mean(axis=-1)) / _standard_deviation(associations)
        return np.stack([first.sum(axis=-1) - second.sum(axis=-1), effect], axis=-1)

    limits = np.array([2 * len(targets), _largest_effect_size(len(x), len(y))])
    return Statistic("WEAT", ("test statistic", "effect size"), pairs, test, limits)


def single_category_weat(words: Sequence[int], names: Sequence[str], a: Sequence[int], b: Sequence[int]) -> Statistic:
    """The effect size of the single-category association test, of each word."""
    attributes = [*a, *b]
    pairs = [(word, attribute) for word in words for attribute in attributes]

    def test(cosines: np.ndarray) -> np.ndarray:
        table = cosines.reshape(*cosines.shape[:-1], len(words), len(attributes))
        difference = table[..., : len(a)].mean(axis=-1) - table[..., len(a) :].mean(axis=-1)
        return difference / _standard_deviation(table)

    limits = np.full(len(words), _largest_effect_size(len(a), len(b)))
    return Statistic("single-category WEAT", tuple(names), pairs, test, limits)


def _standard_deviation(numbers: np.ndarray) -> np.ndarray:
    """Compute the sample standard deviation along the last axis; numpy.std takes absolute values, which are not analytic."""
    deviations = numbers - numbers.mean(axis=-1, keepdims=True)
    return np.sqrt((deviations * deviations).sum(axis=-1) / (numbers.shape[-1] - 1))


def _largest_effect_size(n: int, m: int) -> float:
    """Return the effect size of two groups of n and m numbers when those of a group are equal."""
    return float(np.sqrt((n + m) * (n + m - 1) / (n * m)))
