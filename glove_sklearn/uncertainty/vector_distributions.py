"""The normal distributions of word vectors, given the context vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import check_random_state
from tqdm.auto import tqdm

from glove_sklearn._counting.row_store import RowSource
from glove_sklearn._embedding.combination import combine
from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, product, weighted_mean
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._system.wording import perhaps
from glove_sklearn._variance.factors import Factors, RegressionModel, factor_rows, iterate_factors
from glove_sklearn.evaluation.vectors import dot

#: Words whose factors, and whose covariances, are kept. With d = 100 a word has 41 kB and 81 kB.
_CACHE_SIZE = 1024
#: The embedding and its reconstruction may differ by this fraction of its standard deviation.
_TOLERANCE = 1e-2
#: Directions in which the vectors vary less, relative to the first, have no part in the map.
_NEGLIGIBLE_FRACTION = 1e-12


class WordVariances(NamedTuple):
    """What :meth:`WordUncertainty.variances` returns: arrays with an entry for each word of the vocabulary."""

    residual: np.ndarray
    """s_i^2, the residual variance of an entry of weight 1: (n_words,), float64; NaN for a word without an estimate."""
    total: np.ndarray
    """Sum of the variances of the components of the vector: (n_words,), float64."""
    directions: np.ndarray
    """Variance of the component in each direction that was asked for: (n_words, n_directions), float64."""
    n_entries: np.ndarray
    """Entries of the word's row of X: (n_words,), int64."""


class VectorDistributions:
    """The normal distributions of word vectors: of least squares estimates, mapped as `combine` and `postprocess` do.

    Parameters
    ----------
    terms : list of str
    rows : RowSource
        X, as training sees it.
    model : RegressionModel
    embedding : ndarray of shape (n_words, n_features), float32
        What `combine` and `postprocess` made of the vectors of the model.
    combination : str
        The parameter `combine`.
    center : {"fitted", "least_squares"}, default="fitted"
    n_jobs : int or None, default=None
    verbose : int, default=0

    Attributes
    ----------
    terms : list of str
    vectors : ndarray of shape (n_words, n_features), float64
        The means.
    """

    def __init__(
        self,
        terms: list[str],
        rows: RowSource,
        model: RegressionModel,
        embedding: np.ndarray,
        combination: str,
        *,
        center: str = "fitted",
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> None:
        if center not in ("fitted", "least_squares"):
            raise ValueError(f"center must be 'fitted' or 'least_squares', got {center!r}.")
        self.terms = terms
        self._rows, self._model, self._combination, self._embedding = rows, model, combination, embedding
        self._center, self._n_jobs, self._verbose = center, n_jobs, verbose
        self._row_of = {term: row for row, term in enumerate(terms)}
        self._map = _linear_map(model, embedding, combination, rows.lengths, n_jobs)
        self._set_caches()
        self.vectors = embedding.astype(np.float64)
        if center == "least_squares":
            self._move_to_least_squares()

    def _set_caches(self) -> None:
        self._factors = lru_cache(_CACHE_SIZE)(self._compute_factors)
        self._square_root = lru_cache(_CACHE_SIZE)(self._compute_square_root)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("_factors", "_square_root")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._set_caches()

    @property
    def n_unknowns(self) -> int:
        """Number of unknowns of a word: the components of its vector, as trained, and its bias if that is estimated."""
        return self._model.n_unknowns

    def n_entries(self, word: str) -> int:
        """Return the number of entries in the row of a word; an estimate needs more of them than unknowns."""
        return int(self._rows.lengths[self._row(word)])

    def has_estimate(self, word: str) -> bool:
        """Whether the variance of a word can be estimated from its entries."""
        return self._is_known(self._row(word))

    def covariance(self, word: str) -> np.ndarray:
        """Compute the covariance of the vector of a word.

        Parameters
        ----------
        word : str

        Returns
        -------
        covariance : ndarray of shape (n_features, n_features), float64
            NaN if the word has no estimate.

        Raises
        ------
        KeyError
            If the word is not in the vocabulary.
        """
        root = self._square_root(self._row(word))
        return product(root.T, root)

    def distance_to_least_squares(self, word: str) -> float:
        """Compute how far the fitted vector of a word is from its least squares estimate.

        Parameters
        ----------
        word : str

        Returns
        -------
        distance : float
            In standard errors: the root mean square over the unknowns, rotated so that they are independent. 1 means that the
            difference is as large as the uncertainty. NaN if the word has no estimate.

        Raises
        ------
        KeyError
            If the word is not in the vocabulary.
        """
        return self._factors(self._row(word)).distance(0)

    def variances(self, directions: np.ndarray | None = None) -> WordVariances:
        """Compute the variances of all words in one pass over X.

        Parameters
        ----------
        directions : ndarray of shape (n_directions, n_features) or None, default=None
            Directions, such as an axis, along which the variance of every word is computed.

        Returns
        -------
        WordVariances

        Raises
        ------
        ValueError
            If a direction does not have as many values as a vector.
        """
        n_features = self.vectors.shape[1]
        asked = np.zeros((0, n_features)) if directions is None else np.asarray(directions, dtype=np.float64)
        if asked.ndim != 2 or asked.shape[1] != n_features:
            raise ValueError(f"directions must be of shape (n_directions, {n_features}), got shape {asked.shape}.")
        # The variance of a linear function of the embedding is that of one of w; the map's columns are those of the components.
        functions = np.array([*self._map.T, *(self._pulled_back(direction) for direction in asked)])
        n_words = len(self.terms)
        residual, total, along = np.empty(n_words), np.empty(n_words), np.empty((n_words, len(asked)))

        def summarise(words: slice, factors: Factors) -> None:
            residual[words] = factors.residual_variances
            for index, row in enumerate(range(words.start, words.stop)):
                coefficients = factors.solve(index, functions)
                variances = dot(coefficients, coefficients)
                total[row], along[row] = variances[:n_features].sum(), variances[n_features:]

        self._for_all(summarise)
        return WordVariances(residual, total, along, self._rows.lengths.copy())

    def draw(self, words: Sequence[str], n_draws: int, random_state: Any = None) -> np.ndarray:
        """Draw vectors of words from their normal distributions, for your own statistics.

        Parameters
        ----------
        words : sequence of str
        n_draws : int
        random_state : int, RandomState instance or None, default=None

        Returns
        -------
        vectors : ndarray of shape (n_draws, n_words, n_features), float64
            For a word without an estimate, every draw is its fitted vector.
        """
        check_integer("n_draws", n_draws, 0)
        return self._draw(
            [] if len(words) == 0 else self._rows_of(words, "words"), n_draws, check_random_state(random_state)
        )

    def _row(self, word: str) -> int:
        try:
            return self._row_of[word]
        except (KeyError, TypeError):
            raise KeyError(f"{word!r} is not in the vocabulary{perhaps(word, self.terms)}") from None

    def _rows_of(self, words: Sequence[str], name: str) -> list[int]:
        if isinstance(words, str) or len(words) == 0:
            raise ValueError(f"{name} must be a sequence of at least one word, got {words!r}.")
        return [self._row(word) for word in words]

    def _is_known(self, row: int) -> bool:
        return not np.isnan(self._factors(row).packed[0, 0])

    def _compute_factors(self, row: int) -> Factors:
        factors = factor_rows(self._rows.read(row, row + 1), self._model)
        return factors.at_least_squares() if self._center == "least_squares" else factors

    def _compute_square_root(self, row: int) -> np.ndarray:
        """Return R of shape (n_unknowns, n_features) so that R'R is the covariance of the vector of a word."""
        return self._factors(row).solve(0, self._map.T).T.copy()

    def _pulled_back(self, direction: np.ndarray) -> np.ndarray:
        """Return the linear function of w that changes as this function of the combined and post-processed vector."""
        return dot(self._map, direction[np.newaxis])

    def _for_all(self, process: Callable[[slice, Factors], None]) -> None:
        least_squares = self._center == "least_squares"
        n_entries = self._rows.n_entries
        with (
            ThreadTeam(self._n_jobs) as team,
            tqdm(total=n_entries, desc="variances", unit=" entries", unit_scale=True, disable=not self._verbose) as bar,
        ):
            for words, factors in iterate_factors(self._rows, self._model, team, bar.update):
                process(words, factors.at_least_squares() if least_squares else factors)

    def _move_to_least_squares(self) -> None:
        def move(words: slice, factors: Factors) -> None:
            for index, row in enumerate(range(words.start, words.stop)):
                if not np.isnan(factors.packed[index, 0]):
                    self.vectors[row] += factors.step(index, self._map.T)

        self._for_all(move)

    def _variance(self, row: int, gradient: np.ndarray) -> float:
        """Return the variance of a linear function of the vector of a word."""
        coefficients = self._factors(row).solve(0, self._pulled_back(gradient)[np.newaxis])
        return float(dot(coefficients, coefficients)[0])

    def _draw(self, rows: Sequence[int], n_draws: int, random_state: np.random.RandomState) -> np.ndarray:
        drawn = np.empty((n_draws, len(rows), self.vectors.shape[1]))
        for index, row in enumerate(rows):
            root = self._square_root(row)
            noise = product(random_state.standard_normal((n_draws, len(root))), root)
            drawn[:, index] = self.vectors[row] + (0 if np.isnan(root[0, 0]) else noise)
        return drawn


def _linear_map(
    model: RegressionModel, embedding: np.ndarray, combination: str, lengths: np.ndarray, n_jobs: int | None
) -> np.ndarray:
    """Return how the vectors of the embedding change with w: the matrix M of shape (d, n_features), where d(vector) = dw M.

    Post-processing is an affine map, the same for all words, which is found by least squares from the vectors before and after.
    """
    used = lengths > 0
    n_used = int(used.sum())
    weights = np.full(n_used, 1 / max(n_used, 1))
    with ThreadTeam(n_jobs) as team:
        before, after = (
            (vectors - weighted_mean(vectors, weights, team)).astype(np.float32)
            for vectors in (combine(model.words, model.contexts, combination)[used], embedding[used])
        )
        n_features = before.shape[1]
        moments = gram(np.hstack([before, after]), team)
        values, directions = eigenvectors(moments[:n_features, :n_features], team)
        kept = values > _NEGLIGIBLE_FRACTION * values.max(initial=0)
        scaled = directions * np.divide(1, values, out=np.zeros(n_features), where=kept)
        matrix = product(scaled, product(directions.T, moments[:n_features, n_features:]))
        error = np.abs(matmul(before, matrix, team) - after).max(initial=0)
    deviation = np.sqrt(np.trace(moments[n_features:, n_features:]) / max(after.size, 1))
    if not error <= _TOLERANCE * deviation:
        raise ValueError(
            "embedding_ is not what combine and postprocess make of the word and context vectors: was a parameter, or an "
            "attribute, changed since fit? Fit again."
        )
    return matrix[: model.words.shape[1]]


def check_integer(name: str, value: Any, least: int) -> None:
    """Refuse what is not an integer of at least `least`."""
    if not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} must be an integer of at least {least}, got {value!r}.")
