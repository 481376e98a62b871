"""Estimates of statistics of cosines, by the delta method or by draws, from the normal distributions of word vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from glove_sklearn.evaluation.vectors import dot, unit_vectors
from glove_sklearn.uncertainty.estimates import Estimate, Estimates
from glove_sklearn.uncertainty.intervals import intervals_of_draws, normal_intervals
from glove_sklearn.uncertainty.statistics import Statistic, linear
from glove_sklearn.uncertainty.vector_distributions import VectorDistributions, check_integer

#: Neighbours and answers are compared with this many times as many candidates.
_CANDIDATES = 5
#: Numbers in the vectors that are drawn together.
_DRAWS_AT_ONCE = 1 << 22


def estimate(
    distributions: VectorDistributions,
    statistic: Statistic,
    *,
    tested: Sequence[str] = (),
    level: float = 0.95,
    method: str = "delta",
    n_draws: int = 1000,
    random_state: Any = None,
) -> Estimates:
    """Estimate the numbers of a statistic.

    Parameters
    ----------
    distributions : VectorDistributions
    statistic : Statistic
    tested : sequence of str, default=()
        Names of the numbers that get a p-value.
    level, method, n_draws, random_state
        As in :meth:`WordUncertainty.similarities`.

    Returns
    -------
    Estimates
    """
    check_level(level)
    if method not in ("delta", "draws"):
        raise ValueError(f"method must be 'delta' or 'draws', got {method!r}.")
    check_integer("n_draws", n_draws, 2)
    words = list(dict.fromkeys(row for pair in statistic.pairs for row in pair))
    index = {row: position for position, row in enumerate(words)}
    pairs = np.array([(index[first], index[second]) for first, second in statistic.pairs]).reshape(-1, 2)
    vectors = distributions.vectors[words]
    values = statistic.function(_cosines(vectors[np.newaxis], pairs))[0]
    gradients = _gradients(statistic, pairs, vectors)
    if method == "delta":
        # The estimates of different words are independent, given the contexts.
        errors = np.sqrt(
            [sum(distributions._variance(words[word], step) for word, step in some.items()) for some in gradients]
        )
        low, high, p_values = normal_intervals(values, errors, level, statistic.limits)
    else:
        drawn = _drawn(distributions, statistic, words, pairs, n_draws, check_random_state(random_state))
        errors = drawn.std(axis=0, ddof=1)
        low, high, p_values = intervals_of_draws(values, drawn, level, statistic.limits)
        unknown = np.array([not all(distributions._is_known(words[word]) for word in some) for some in gradients])
        errors[unknown] = low[unknown] = high[unknown] = p_values[unknown] = np.nan
    numbers = zip(statistic.names, values, errors, low, high, p_values, strict=True)
    rows = tuple(
        Estimate(name, *map(float, (value, error, lower, upper, p if name in tested else np.nan)))
        for name, value, error, lower, upper, p in numbers
    )
    return Estimates(statistic.title, level, rows, notes=_notes(distributions, words))


def rank(
    distributions: VectorDistributions,
    title: str,
    scores: np.ndarray,
    excluded: set[int],
    topn: int,
    terms_of: Callable[[int], list[tuple[int, int, float]]],
    *,
    n_draws: int = 1000,
    random_state: Any = None,
    **options: Any,
) -> Estimates:
    """Estimate the best scores, and how often each is among the best in draws of all that come near.

    Parameters
    ----------
    distributions : VectorDistributions
    title : str
    scores : ndarray of shape (n_words,), float64
        Of all words.
    excluded : set of int
        Rows of words that take no part.
    topn : int
    terms_of : callable
        Returns the terms whose sum is the score of a word: each is a cosine of two words, given by their rows, and a coefficient.
    n_draws, random_state, **options
        As in :func:`estimate`.

    Returns
    -------
    Estimates
    """
    check_integer("topn", topn, 1)
    check_integer("n_draws", n_draws, 2)
    order = [
        row for row in np.argsort(-scores, kind="stable")[: _CANDIDATES * topn + len(excluded)] if row not in excluded
    ]
    candidates = [int(row) for row in order[: _CANDIDATES * topn]]
    if not candidates:
        raise ValueError(f"{title}: expected other words, but the vocabulary has only {len(distributions.terms)}.")
    pairs, coefficients = [], np.zeros((0, len(candidates)))
    for index, row in enumerate(candidates):
        for first, second, coefficient in terms_of(row):
            pairs.append((first, second))
            line = np.zeros((1, len(candidates)))
            line[0, index] = coefficient
            coefficients = np.concatenate([coefficients, line])
    names = [distributions.terms[row] for row in candidates]
    generator = check_random_state(random_state)
    best = [pair for pair in pairs if pair[1] in candidates[:topn]]
    statistic = linear(title, names[:topn], best, coefficients[: len(best), :topn])
    estimates = estimate(distributions, statistic, n_draws=n_draws, random_state=generator, **options)
    words = list(dict.fromkeys(row for pair in pairs for row in pair))
    index_of = {row: position for position, row in enumerate(words)}
    of_all = linear(title, names, pairs, coefficients)
    drawn = _drawn(
        distributions, of_all, words, np.array([(index_of[a], index_of[b]) for a, b in pairs]), n_draws, generator
    )
    ranks = np.argsort(np.argsort(-drawn, axis=1, kind="stable"), axis=1)
    stability = tuple(float(fraction) for fraction in (ranks[:, : len(estimates)] < topn).mean(axis=0))
    return Estimates(title, estimates.level, estimates.rows, {"stability": stability}, estimates.notes)


def check_level(level: float) -> None:
    """Refuse what is not a level of confidence."""
    if not isinstance(level, Real) or not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, got {level!r}.")


def _notes(distributions: VectorDistributions, words: Sequence[int]) -> tuple[str, ...]:
    return tuple(
        f"no standard error for {term!r}: {distributions.n_entries(term)} entries of X for {distributions.n_unknowns} unknowns"
        for term in (distributions.terms[row] for row in words)
        if not distributions.has_estimate(term)
    )


def _gradients(statistic: Statistic, pairs: np.ndarray, vectors: np.ndarray) -> list[dict[int, np.ndarray]]:
    """Compute, for each number, the derivatives with respect to the vectors of the words that it depends on."""
    cosines = _cosines(vectors[np.newaxis], pairs)[0]
    units = unit_vectors(vectors)
    lengths = np.sqrt(dot(vectors, vectors))
    gradients = []
    for derivatives in statistic.jacobian(cosines):
        gradient: dict[int, np.ndarray] = {}
        for index in np.flatnonzero(derivatives):
            first, second = pairs[index]
            for one, other in ((first, second), (second, first)):
                with np.errstate(invalid="ignore", divide="ignore"):
                    step = derivatives[index] * (units[other] - cosines[index] * units[one]) / lengths[one]
                gradient[one] = gradient.get(one, 0) + step
        gradients.append(gradient)
    return gradients


def _drawn(
    distributions: VectorDistributions,
    statistic: Statistic,
    words: list[int],
    pairs: np.ndarray,
    n_draws: int,
    random_state: np.random.RandomState,
) -> np.ndarray:
    """Draw the numbers of a statistic: (n_draws, n_names)."""
    at_once = max(1, _DRAWS_AT_ONCE // (distributions.vectors.shape[1] * (len(words) + len(pairs))))
    parts = [
        statistic.function(_cosines(distributions._draw(words, min(at_once, n_draws - start), random_state), pairs))
        for start in range(0, n_draws, at_once)
    ]
    return np.concatenate(parts)


def _cosines(vectors: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Compute cosines of pairs of the vectors of each draw: (n_draws, n_words, n_features) -> (n_draws, n_pairs)."""
    lengths = np.sqrt((vectors * vectors).sum(axis=-1))
    first, second = pairs.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return (vectors[:, first] * vectors[:, second]).sum(axis=-1) / (lengths[:, first] * lengths[:, second])
