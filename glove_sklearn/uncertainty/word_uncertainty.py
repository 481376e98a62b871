"""Standard errors of word vectors, and of statistics that are computed from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import ndtr, ndtri
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted
from tqdm.auto import tqdm

from glove_sklearn._counting.counting import count_cooccurrences
from glove_sklearn._counting.row_store import CsrRows, RowSource
from glove_sklearn._embedding.combination import combine
from glove_sklearn._parameters import COUNTER_PARAMETERS
from glove_sklearn._system.files import StrPath
from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, product
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text.vocabulary import terms_by_row
from glove_sklearn._training.subsampling import subsample
from glove_sklearn._variance.factors import Factors, RegressionModel, factor_rows, iterate_factors
from glove_sklearn.evaluation.vectors import dot, unit_vectors
from glove_sklearn.uncertainty import files
from glove_sklearn.uncertainty.estimates import Estimate, Estimates
from glove_sklearn.uncertainty.statistics import (
    Statistic,
    linear,
    projection,
    similarities,
    single_category_weat,
    weat,
)
from glove_sklearn.vectorizer import GloVeVectorizer

#: Words whose factors, and whose covariances, are kept. With d = 100 a word has 41 kB and 81 kB.
_CACHE_SIZE = 1024
#: The embedding and its reconstruction may differ by this fraction of its standard deviation.
_TOLERANCE = 1e-2
#: Directions in which the vectors vary less, relative to the first, have no part in the map.
_NEGLIGIBLE_FRACTION = 1e-12
#: Neighbours and answers are compared with this many times as many candidates.
_CANDIDATES = 5
#: Pairs of words whose similarities are estimated together.
_PAIRS = 64
#: Numbers in the vectors that are drawn together.
_DRAWS_AT_ONCE = 1 << 22


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


class WordUncertainty:
    r"""Standard errors of word vectors, and of statistics that are computed from them.

    Given the context vectors, a word's vector is a weighted least squares estimate from the entries of its row of X, and has the
    covariance of such an estimate [1]_. From it follow standard errors and confidence intervals of similarities, neighbours,
    analogies, projections and association tests and, where a value of 0 is a meaningful hypothesis, p-values.

    Instances are made by :meth:`from_estimator`, :meth:`from_cooccurrences` and :meth:`load`.

    Attributes
    ----------
    terms : list of str
        The words, in the order of the rows.
    vectors : ndarray of shape (n_words, n_features), float64
        Their vectors: combined and post-processed as in the estimator.

    Notes
    -----
    For word i with entries j,

    .. math:: \Sigma_i = s_i^2 \Big(\sum_j f(X_{ij}) z_j z_j'\Big)^{-1}, \qquad
        s_i^2 = \frac{1}{n_i - p} \sum_j f(X_{ij}) (\log X_{ij} - b'_j - b_i - w_i \cdot c_j)^2

    where :math:`z_j = (c_j, 1)`, because the bias of the word is estimated with its vector, and p = d + 1 is the number of
    unknowns. With ``word_bias="known"`` the bias is taken as given, as in [1]_: z is c and p = d. Words that have no more than p
    entries have no estimate, and their standard errors are NaN.

    Assumptions: the context vectors are taken as given, including the word's own in ``combine="sum"``. Entries of X are
    taken as independent, although one document contributes to many of them. Negative pairs, which training samples, are
    left out. Intervals are therefore too narrow for statements about other documents; use
    :func:`~glove_sklearn.uncertainty.bootstrap` for those.

    References
    ----------
    .. [1] A. Vallebueno, C. Handan-Nader, C. D. Manning and D. E. Ho, "Statistical uncertainty in word embeddings: GloVe-V",
       EMNLP 2024.

    Examples
    --------
    >>> from glove_sklearn import GloVeVectorizer
    >>> from glove_sklearn.uncertainty import WordUncertainty
    >>> documents = ["the cat sat on the mat", "a dog sat on the log", "the cat saw a dog on the mat"]
    >>> vectorizer = GloVeVectorizer(2, min_count=1, warm_start=True, random_state=0).fit(documents)
    >>> uncertainty = WordUncertainty.from_estimator(vectorizer, documents)
    >>> estimate = uncertainty.similarity("cat", "dog")[0]
    >>> bool(estimate.low < estimate.value < estimate.high)
    True
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

    @classmethod
    def from_estimator(
        cls,
        vectorizer: Any,
        documents: Iterable,
        *,
        word_bias: str = "estimated",
        center: str = "fitted",
        memory_limit: Any = None,
        temp_dir: Any = None,
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> WordUncertainty:
        """Make an instance from a fitted vectorizer and its documents, which are counted again.

        Counting takes a small part of the time of the fit.

        Parameters
        ----------
        vectorizer : GloVeVectorizer
            Fitted with ``warm_start=True``, which keeps the vectors and biases as trained.
        documents : iterable
            The documents of the fit.
        word_bias : {"estimated", "known"}, default="estimated"
            Whether the bias of a word is estimated with its vector, or taken as given, as in the paper.
        center : {"fitted", "least_squares"}, default="fitted"
            Where intervals are centred: at the vectors of the estimator, or at the least squares estimate given the context
            vectors, which differs because training makes few epochs and also includes negative pairs.
        memory_limit : number, str or None, default=None
            X is kept in temporary files where it does not fit; see `GloVeVectorizer`.
        temp_dir : path or None, default=None
        n_jobs : int or None, default=None
        verbose : int, default=0

        Returns
        -------
        WordUncertainty

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If the vectorizer was fitted without ``warm_start=True``, or on other documents.
        """
        if not isinstance(vectorizer, GloVeVectorizer):
            raise TypeError(
                f"vectorizer must be a fitted GloVeVectorizer, got {type(vectorizer).__name__}; for GloVe, there is "
                "from_cooccurrences."
            )
        check_is_fitted(vectorizer)
        model = _model_of(vectorizer, word_bias)
        terms = terms_by_row(vectorizer.vocabulary_)
        parameters = {parameter.name: getattr(vectorizer, parameter.name) for parameter in COUNTER_PARAMETERS}
        parameters |= {name: value for name, value in vectorizer._fitted_with.items() if name in parameters}
        parameters |= {"vocabulary": terms, "near_size": _fitted_parameter(vectorizer, "near_size")}
        storage = Storage(memory_limit, temp_dir)
        counted = count_cooccurrences(documents, parameters, storage, n_jobs, verbose)
        counted.tokens.close()
        if not np.array_equal(counted.counts, vectorizer.counts_):
            raise ValueError(
                "documents must be those of the fit, but the words occur in them at other frequencies; give the documents that "
                "vectorizer.fit was given."
            )
        rows = subsample(counted.rows, _fitted_parameter(vectorizer, "sample"))
        return cls(
            terms, rows, model, vectorizer.embedding_, _fitted_parameter(vectorizer, "combine"),
            center=center, n_jobs=n_jobs, verbose=verbose,
        )  # fmt: skip

    @classmethod
    def from_cooccurrences(
        cls,
        glove: Any,
        X: Any,
        terms: Iterable[str] | None = None,
        *,
        word_bias: str = "estimated",
        center: str = "fitted",
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> WordUncertainty:
        """Make an instance from a fitted `GloVe` and the matrix that it was fitted on.

        Parameters
        ----------
        glove : GloVe
            Fitted.
        X : {array-like, sparse matrix, sparse array} of shape (n_words, n_columns)
            As in `GloVe.fit`.
        terms : iterable of str or None, default=None
            Names of the rows; None for "0", "1" and so on.
        word_bias, center, n_jobs, verbose
            As in :meth:`from_estimator`.

        Returns
        -------
        WordUncertainty

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If X does not have the shape of the fit, or `terms` has not one name for each row.
        """
        check_is_fitted(glove)
        model = _model_of(glove, word_bias)
        matrix = sparse.csr_array(glove._validated(X))
        shape = len(model.words), len(model.contexts)
        if matrix.shape != shape:
            raise ValueError(f"X must be of the shape of the fit, {shape}, got shape {matrix.shape}.")
        names = [str(row) for row in range(shape[0])] if terms is None else list(terms)
        if len(names) != shape[0]:
            raise ValueError(f"expected a name for each of the {shape[0]} rows of X, got {len(names)} terms.")
        wrong = next((name for name in names if not isinstance(name, str)), None)
        if wrong is not None or len(set(names)) < len(names):
            problem = "one twice" if wrong is None else f"{wrong!r} ({type(wrong).__name__})"
            raise ValueError(
                f"terms must be different str, got {problem}; convert names with str(), and rename equal ones."
            )
        rows = subsample(CsrRows(matrix), glove.sample)
        return cls(names, rows, model, glove.embedding_, glove.combine, center=center, n_jobs=n_jobs, verbose=verbose)

    @classmethod
    def load(
        cls,
        path: StrPath,
        *,
        word_bias: str = "estimated",
        center: str = "fitted",
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> WordUncertainty:
        """Open a file that :meth:`save`, or ``glove-sklearn train --save-uncertainty``, wrote. X stays in the file.

        Parameters
        ----------
        path : str or path
        word_bias, center, n_jobs, verbose
            As in :meth:`from_estimator`.

        Returns
        -------
        WordUncertainty

        Raises
        ------
        OSError
            If the file cannot be read.
        ValueError
            If it is not such a file, or is damaged.
        """
        content = files.read(path)
        model = content.model._replace(with_bias=_is_unknown(word_bias))
        return cls(
            content.terms, content.rows, model, content.embedding, content.combine,
            center=center, n_jobs=n_jobs, verbose=verbose,
        )  # fmt: skip

    def save(self, path: StrPath) -> None:
        """Write X and the model to a file: 8 bytes for an entry of X, and 12 d for a word.

        Parameters
        ----------
        path : str or path
        """
        with files.open_writer(path) as writer:
            writer.add_rows(self._rows)
            writer.add_model(self.terms, self._model, self._embedding, self._combination)

    def n_entries(self, word: str) -> int:
        """Return the number of entries in the row of a word; an estimate needs more of them than unknowns."""
        return int(self._rows.lengths[self._row(word)])

    def has_estimate(self, word: str) -> bool:
        """Whether the variance of a word can be estimated from its entries."""
        return not np.isnan(self._factors(self._row(word)).packed[0, 0])

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
        _check_integer("n_draws", n_draws, 0)
        return self._draw(
            [] if len(words) == 0 else self._rows_of(words, "words"), n_draws, check_random_state(random_state)
        )

    def similarity(self, first: str, second: str, **options: Any) -> Estimates:
        """Estimate the cosine of two words; see :meth:`similarities`."""
        return self.similarities([(first, second)], **options)

    def similarities(self, pairs: Sequence[tuple[str, str]], **options: Any) -> Estimates:
        """Estimate the cosines of pairs of words.

        Parameters
        ----------
        pairs : sequence of (str, str)
        level : float, default=0.95
            Of the confidence intervals.
        method : {"delta", "draws"}, default="delta"
            Linearise the cosine, or draw vectors from their normal distributions and take quantiles. Draws lower cosines
            near 1, so that the interval may not contain the estimate.
        n_draws : int, default=1000
        random_state : int, RandomState instance or None, default=None
            Of the draws.

        Returns
        -------
        Estimates

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.
        """
        pairs = _checked_pairs(pairs)
        names = [f"{first} {second}" for first, second in pairs]
        rows = [(self._row(first), self._row(second)) for first, second in pairs]
        options["random_state"] = check_random_state(options.get("random_state"))
        # A part at a time, because derivatives are computed for each pair with respect to each.
        parts = [
            self._estimate(similarities(rows[start : start + _PAIRS], names[start : start + _PAIRS]), **options)
            for start in range(0, max(1, len(rows)), _PAIRS)
        ]
        notes = dict.fromkeys(note for part in parts for note in part.notes)
        return Estimates(
            parts[0].title, parts[0].level, tuple(row for part in parts for row in part.rows), notes=tuple(notes)
        )

    def compare(self, first: tuple[str, str], second: tuple[str, str], **options: Any) -> Estimates:
        """Estimate the difference of two similarities, and test whether it is 0: is one pair more similar than the other?

        Parameters
        ----------
        first, second : (str, str)
            Pairs of words; they may share one.
        **options
            As in :meth:`similarities`.

        Returns
        -------
        Estimates
            Both similarities and, named "difference", the first minus the second.
        """
        first, second = _checked_pairs((first, second))
        names = (" ".join(first), " ".join(second), "difference")
        rows = [(self._row(a), self._row(b)) for a, b in (first, second)]
        coefficients = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
        return self._estimate(linear("similarity", names, rows, coefficients), tested=("difference",), **options)

    def neighbors(self, word: str, topn: int = 10, **options: Any) -> Estimates:
        """Estimate the similarities of the nearest neighbours of a word.

        Parameters
        ----------
        word : str
        topn : int, default=10
        **options
            As in :meth:`similarities`.

        Returns
        -------
        Estimates
            With a column "stability": the fraction of draws in which the word is among the `topn` nearest.
        """
        row = self._row(word)
        scores = dot(self._units(), self._units()[row][np.newaxis])
        return self._ranking(f"nearest to {word}", scores, {row}, topn, lambda other: [(row, other, 1.0)], **options)

    def analogy(self, a: str, b: str, c: str, topn: int = 10, **options: Any) -> Estimates:
        """Answer "a is to b as c is to what?" by 3CosAdd, cos(d, b) - cos(d, a) + cos(d, c).

        Parameters
        ----------
        a, b, c : str
        topn : int, default=10
        **options
            As in :meth:`similarities`.

        Returns
        -------
        Estimates
            The sums of cosines, with a column "stability": the fraction of draws in which the answer is among the `topn` best.
        """
        given = [(self._row(b), 1.0), (self._row(a), -1.0), (self._row(c), 1.0)]
        units = self._units()
        scores = np.zeros(len(units))
        for row, coefficient in given:
            scores += coefficient * dot(units, units[row][np.newaxis])
        title = f"{a} is to {b} as {c} is to"
        return self._ranking(
            title, scores, {row for row, _ in given}, topn,
            lambda other: [(row, other, coefficient) for row, coefficient in given], **options,
        )  # fmt: skip

    def projection(
        self, words: Sequence[str], positive: Sequence[str], negative: Sequence[str], **options: Any
    ) -> Estimates:
        """Estimate where words lie on an axis between two poles, and test whether they are in the middle.

        Parameters
        ----------
        words : sequence of str
        positive, negative : sequence of str
            The axis is the mean of the positive words' unit vectors minus that of the negative ones'.
        **options
            As in :meth:`similarities`.

        Returns
        -------
        Estimates
            Cosines of the words with the axis.
        """
        x, (a, b) = self._rows_of(words, "words"), self._sets(positive=positive, negative=negative)
        return self._estimate(projection(x, list(words), a, b), tested=tuple(words), **options)

    def weat(self, X: Sequence[str], Y: Sequence[str], A: Sequence[str], B: Sequence[str], **options: Any) -> Estimates:
        """Estimate the word embedding association test: are the words X nearer to A, and Y to B, than the other way round?

        Parameters
        ----------
        X, Y : sequence of str
            Two sets of target words.
        A, B : sequence of str
            Two sets of attribute words.
        **options
            As in :meth:`similarities`.

        Returns
        -------
        Estimates
            The test statistic, sum_x s(x) - sum_y s(y), where s is the mean cosine with A minus that with B, and the effect size,
            the difference of the means of s divided by its standard deviation over X and Y (Caliskan, Bryson and Narayanan,
            Science 2017). The null hypothesis of the p-value is that X and Y are equally near. The test does not say whether
            other words of the same categories would give the same result.
        """
        statistic = weat(*self._sets(X=X, Y=Y, A=A, B=B))
        return self._estimate(statistic, tested=statistic.names, **options)

    def single_category_weat(
        self, words: Sequence[str], A: Sequence[str], B: Sequence[str], **options: Any
    ) -> Estimates:
        """Estimate the single-category association test: is each word nearer to A than to B?

        Parameters
        ----------
        words : sequence of str
        A, B : sequence of str
            Two sets of attribute words.
        **options
            As in :meth:`similarities`.

        Returns
        -------
        Estimates
            The effect size of each word: its mean cosine with A minus that with B, divided by the standard deviation of its
            cosines with all of them.
        """
        x, (a, b) = self._rows_of(words, "words"), self._sets(A=A, B=B)
        return self._estimate(single_category_weat(x, list(words), a, b), tested=tuple(words), **options)

    def _row(self, word: str) -> int:
        try:
            return self._row_of[word]
        except (KeyError, TypeError):
            close = get_close_matches(str(word), self.terms, n=3, cutoff=0.7)
            hint = f"; perhaps: {', '.join(close)}" if close else ""
            raise KeyError(f"{word!r} is not in the vocabulary{hint}") from None

    def _rows_of(self, words: Sequence[str], name: str) -> list[int]:
        if isinstance(words, str) or len(words) == 0:
            raise ValueError(f"{name} must be a sequence of at least one word, got {words!r}.")
        return [self._row(word) for word in words]

    def _sets(self, **sets: Sequence[str]) -> list[list[int]]:
        return [self._rows_of(words, name) for name, words in sets.items()]

    def _units(self) -> np.ndarray:
        return unit_vectors(self.vectors)

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

    def _estimate(
        self,
        statistic: Statistic,
        *,
        tested: Sequence[str] = (),
        level: float = 0.95,
        method: str = "delta",
        n_draws: int = 1000,
        random_state: Any = None,
    ) -> Estimates:
        if not isinstance(level, Real) or not 0 < level < 1:
            raise ValueError(f"level must be between 0 and 1, got {level!r}.")
        if method not in ("delta", "draws"):
            raise ValueError(f"method must be 'delta' or 'draws', got {method!r}.")
        _check_integer("n_draws", n_draws, 2)
        words = list(dict.fromkeys(row for pair in statistic.pairs for row in pair))
        index = {row: position for position, row in enumerate(words)}
        pairs = np.array([(index[first], index[second]) for first, second in statistic.pairs]).reshape(-1, 2)
        vectors = self.vectors[words]
        values = statistic.function(_cosines(vectors[np.newaxis], pairs))[0]
        if method == "delta":
            errors = self._delta(statistic, words, pairs, vectors)
            quantile = ndtri((1 + level) / 2)
            low, high = values - quantile * errors, values + quantile * errors
            with np.errstate(invalid="ignore", divide="ignore"):
                p_values = 2 * ndtr(-np.abs(values) / errors)
        else:
            drawn = self._drawn(statistic, words, pairs, n_draws, check_random_state(random_state))
            errors = drawn.std(axis=0, ddof=1)
            low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
            below = np.minimum((drawn <= 0).sum(axis=0), (drawn >= 0).sum(axis=0))
            p_values = np.minimum(1, 2 * (below + 1) / (n_draws + 1))
            unknown = self._without_estimate(statistic, words, pairs, vectors)
            errors[unknown] = low[unknown] = high[unknown] = p_values[unknown] = np.nan
        numbers = zip(statistic.names, values, errors, low, high, p_values, strict=True)
        rows = tuple(
            Estimate(name, *map(float, (value, error, lower, upper, p if name in tested else np.nan)))
            for name, value, error, lower, upper, p in numbers
        )
        return Estimates(statistic.title, level, rows, notes=self._notes(words))

    def _notes(self, words: Sequence[int]) -> tuple[str, ...]:
        p = self._model.n_unknowns
        return tuple(
            f"no standard error for {self.terms[row]!r}: {self._rows.lengths[row]} entries of X for {p} unknowns"
            for row in words
            if np.isnan(self._factors(row).packed[0, 0])
        )

    def _gradients(
        self, statistic: Statistic, words: list[int], pairs: np.ndarray, vectors: np.ndarray
    ) -> list[dict[int, np.ndarray]]:
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

    def _delta(self, statistic: Statistic, words: list[int], pairs: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """Compute standard errors by the delta method. The estimates of different words are independent given the contexts."""
        gradients = self._gradients(statistic, words, pairs, vectors)
        return np.sqrt([sum(self._variance(words[word], step) for word, step in some.items()) for some in gradients])

    def _without_estimate(
        self, statistic: Statistic, words: list[int], pairs: np.ndarray, vectors: np.ndarray
    ) -> np.ndarray:
        """Return which numbers depend on a word without an estimate."""
        gradients = self._gradients(statistic, words, pairs, vectors)
        return np.array([any(np.isnan(self._factors(words[word]).packed[0, 0]) for word in some) for some in gradients])

    def _drawn(
        self,
        statistic: Statistic,
        words: list[int],
        pairs: np.ndarray,
        n_draws: int,
        random_state: np.random.RandomState,
    ) -> np.ndarray:
        at_once = max(1, _DRAWS_AT_ONCE // (self.vectors.shape[1] * (len(words) + len(pairs))))
        parts = [
            statistic.function(_cosines(self._draw(words, min(at_once, n_draws - start), random_state), pairs))
            for start in range(0, n_draws, at_once)
        ]
        return np.concatenate(parts)

    def _draw(self, rows: Sequence[int], n_draws: int, random_state: np.random.RandomState) -> np.ndarray:
        drawn = np.empty((n_draws, len(rows), self.vectors.shape[1]))
        for index, row in enumerate(rows):
            root = self._square_root(row)
            noise = product(random_state.standard_normal((n_draws, len(root))), root)
            drawn[:, index] = self.vectors[row] + (0 if np.isnan(root[0, 0]) else noise)
        return drawn

    def _ranking(
        self,
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
        """Estimate the best scores, and how often each is among the best in draws of all that come near."""
        _check_integer("topn", topn, 1)
        _check_integer("n_draws", n_draws, 2)
        order = [
            row
            for row in np.argsort(-scores, kind="stable")[: _CANDIDATES * topn + len(excluded)]
            if row not in excluded
        ]
        candidates = [int(row) for row in order[: _CANDIDATES * topn]]
        if not candidates:
            raise ValueError(f"{title}: expected other words, but the vocabulary has only {len(self.terms)}.")
        pairs, coefficients = [], np.zeros((0, len(candidates)))
        for index, row in enumerate(candidates):
            for first, second, coefficient in terms_of(row):
                pairs.append((first, second))
                line = np.zeros((1, len(candidates)))
                line[0, index] = coefficient
                coefficients = np.concatenate([coefficients, line])
        names = [self.terms[row] for row in candidates]
        generator = check_random_state(random_state)
        best = [pair for pair in pairs if pair[1] in candidates[:topn]]
        statistic = linear(title, names[:topn], best, coefficients[: len(best), :topn])
        estimates = self._estimate(statistic, n_draws=n_draws, random_state=generator, **options)
        words = list(dict.fromkeys(row for pair in pairs for row in pair))
        index_of = {row: position for position, row in enumerate(words)}
        of_all = linear(title, names, pairs, coefficients)
        drawn = self._drawn(of_all, words, np.array([(index_of[a], index_of[b]) for a, b in pairs]), n_draws, generator)
        ranks = np.argsort(np.argsort(-drawn, axis=1, kind="stable"), axis=1)
        stability = tuple(float(fraction) for fraction in (ranks[:, : len(estimates)] < topn).mean(axis=0))
        return Estimates(title, estimates.level, estimates.rows, {"stability": stability}, estimates.notes)


def _cosines(vectors: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Compute cosines of pairs of the vectors of each draw: (n_draws, n_words, n_features) -> (n_draws, n_pairs)."""
    lengths = np.sqrt((vectors * vectors).sum(axis=-1))
    first, second = pairs.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return (vectors[:, first] * vectors[:, second]).sum(axis=-1) / (lengths[:, first] * lengths[:, second])


def _checked_pairs(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    checked = [(pair,) if isinstance(pair, str) else tuple(pair) for pair in pairs]
    if not checked:
        raise ValueError("pairs must be a sequence of at least one pair of words, got none.")
    wrong = next((pair for pair, words in zip(pairs, checked, strict=True) if len(words) != 2), None)
    if wrong is not None:
        raise ValueError(f"a pair must be a tuple of two words, got {wrong!r}.")
    return [(first, second) for first, second in checked]


def _check_integer(name: str, value: Any, least: int) -> None:
    if not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} must be an integer of at least {least}, got {value!r}.")


def _is_unknown(word_bias: str) -> bool:
    if word_bias not in ("estimated", "known"):
        raise ValueError(f"word_bias must be 'estimated' or 'known', got {word_bias!r}.")
    return word_bias == "estimated"


def _fitted_parameter(estimator: Any, name: str) -> Any:
    """Return a parameter as it was in the last fit, where the estimator knows that."""
    return getattr(estimator, "_fitted_with", {}).get(name, getattr(estimator, name))


def _model_of(estimator: Any, word_bias: str) -> RegressionModel:
    """Take the parameters of a fitted estimator."""
    if not hasattr(estimator, "word_vectors_"):
        raise ValueError(
            f"the fitted {type(estimator).__name__} has no word_vectors_, from which variances are computed; fit it with "
            "warm_start=True."
        )
    if np.isnan(estimator.word_biases_).any():
        raise ValueError(
            "infer_vectors(extend=True) added words that were not trained and have no variance; take the vectorizer as it was "
            "before, or fit again."
        )
    anchor = _fitted_parameter(estimator, "anchor")
    if anchor:
        raise ValueError(
            f"anchor={anchor} keeps vectors near given ones, so that they are no least squares estimates; fit with "
            "anchor=0."
        )
    if _fitted_parameter(estimator, "combine") == "context":
        raise ValueError(
            "combine='context' has no variances: context vectors are what is taken as given; use combine='sum' or 'word'."
        )
    return RegressionModel(
        estimator.word_vectors_,
        estimator.word_biases_,
        estimator.context_vectors_,
        estimator.context_biases_,
        float(estimator.x_max_),
        float(_fitted_parameter(estimator, "alpha")),
        _is_unknown(word_bias),
    )


def _linear_map(
    model: RegressionModel, embedding: np.ndarray, combination: str, lengths: np.ndarray, n_jobs: int | None
) -> np.ndarray:
    """Return how the vectors of the embedding change with w: the matrix M of shape (d, n_features), where d(vector) = dw M.

    Post-processing is an affine map, the same for all words, which is found by least squares from the vectors before and after.
    """
    used = lengths > 0
    before = combine(model.words, model.contexts, combination)[used]
    before = before - before.mean(axis=0)
    after = embedding[used] - embedding[used].mean(axis=0)
    n_features = before.shape[1]
    with ThreadTeam(n_jobs) as team:
        moments = gram(np.hstack([before, after]), team)
        values, directions = eigenvectors(moments[:n_features, :n_features], team)
        kept = values > _NEGLIGIBLE_FRACTION * values.max(initial=0)
        scaled = directions * np.divide(1, values, out=np.zeros(n_features), where=kept)
        matrix = product(scaled, product(directions.T, moments[:n_features, n_features:]))
        error = np.abs(matmul(before, matrix, team) - after).max(initial=0)
    if not error <= _TOLERANCE * float(after.std()):
        raise ValueError(
            "embedding_ is not what combine and postprocess make of the word and context vectors: was a parameter, or an "
            "attribute, changed since fit? Fit again."
        )
    return matrix[: model.words.shape[1]]
