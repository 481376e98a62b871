"""Standard errors of word vectors, and of statistics that are computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from glove_sklearn._counting.counting import count_cooccurrences
from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._parameters import COUNTER_PARAMETERS
from glove_sklearn._system.files import StrPath
from glove_sklearn._system.storage import Storage
from glove_sklearn._text.vocabulary import terms_by_row
from glove_sklearn._training.subsampling import subsample
from glove_sklearn._variance.factors import RegressionModel
from glove_sklearn.evaluation.vectors import dot, unit_vectors
from glove_sklearn.uncertainty import files
from glove_sklearn.uncertainty.estimates import Estimates
from glove_sklearn.uncertainty.inference import estimate, rank
from glove_sklearn.uncertainty.statistics import linear, projection, similarities, single_category_weat, weat
from glove_sklearn.uncertainty.vector_distributions import VectorDistributions
from glove_sklearn.vectorizer import GloVeVectorizer

#: Pairs of words whose similarities are estimated together.
_PAIRS = 64


class WordUncertainty(VectorDistributions):
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

    .. math:: \Sigma_i = s_i^2 \left(\sum_j f(X_{ij}) z_j z_j'\right)^{-1}, \qquad
        s_i^2 = \frac{1}{n_i - p} \sum_j f(X_{ij}) (\log X_{ij} - b'_j - b_i - w_i \cdot c_j)^2

    where :math:`z_j = (c_j, 1)`, because the bias of the word is estimated with its vector, and p = d + 1 is the number of
    unknowns. With ``word_bias="known"`` the bias is taken as given, as in [1]_: z is c and p = d. Words that have no more than p
    entries have no estimate, and their standard errors are NaN.

    With `near_size`, j runs over the three context vectors of each word. Assumptions: the context vectors are taken as given,
    including the word's own in ``combine="sum"``. Entries of X are taken as independent, although one document contributes to
    many of them, and a near neighbour to two. Negative pairs, which training samples, are left out. Intervals are therefore too
    narrow for statements about other documents; use :func:`~glove_sklearn.uncertainty.bootstrap` for those.

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
            Linearise the cosine, or draw vectors from their normal distributions and take quantiles. Both intervals are on the
            scale of Fisher's z: they contain the estimate, and lie between -1 and 1.
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
            estimate(self, similarities(rows[start : start + _PAIRS], names[start : start + _PAIRS]), **options)
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
        return estimate(self, linear("similarity", names, rows, coefficients), tested=("difference",), **options)

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
        return rank(self, f"nearest to {word}", scores, {row}, topn, lambda other: [(row, other, 1.0)], **options)

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
        return rank(
            self, title, scores, {row for row, _ in given}, topn,
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
        return estimate(self, projection(x, list(words), a, b), tested=tuple(words), **options)

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
        return estimate(self, statistic, tested=statistic.names, **options)

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
        return estimate(self, single_category_weat(x, list(words), a, b), tested=tuple(words), **options)

    def _sets(self, **sets: Sequence[str]) -> list[list[int]]:
        return [self._rows_of(words, name) for name, words in sets.items()]

    def _units(self) -> np.ndarray:
        return unit_vectors(self.vectors)


def _checked_pairs(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    checked = [(pair,) if isinstance(pair, str) else tuple(pair) for pair in pairs]
    if not checked:
        raise ValueError("pairs must be a sequence of at least one pair of words, got none.")
    wrong = next((pair for pair, words in zip(pairs, checked, strict=True) if len(words) != 2), None)
    if wrong is not None:
        raise ValueError(f"a pair must be a tuple of two words, got {wrong!r}.")
    return [(first, second) for first, second in checked]


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
