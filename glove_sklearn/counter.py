"""Documents -> token ids -> X, the matrix of co-occurrences."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from joblib import effective_n_jobs
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import CountVectorizer

from glove_sklearn._counting.counting import Weights, count
from glove_sklearn._counting.row_store import CsrRows, SpooledRows
from glove_sklearn._parameters import COUNTER_PARAMETERS, constraints_of
from glove_sklearn._system.sklearn_compat import fit_context
from glove_sklearn._system.storage import Storage, readable_size
from glove_sklearn._text.corpus import Corpus
from glove_sklearn._text.encoder import check_documents, warn_for_unused_parameters
from glove_sklearn._text.vocabulary import encode, given_terms

TOKEN_PATTERN = r"(?u)\b\w+\b"

#: Parameters that mean what they mean to CountVectorizer.
TEXT_PARAMETERS = (
    "input",
    "encoding",
    "decode_error",
    "strip_accents",
    "lowercase",
    "preprocessor",
    "tokenizer",
    "stop_words",
    "token_pattern",
    "analyzer",
    "vocabulary",
)


#: Compared to the largest weight: smaller ones would be lost in the sums.
_LEAST_WEIGHT = 2.0**-40
#: What the names of `weighting` stand for.
_POWERS = {"harmonic": 1.0, "flat": 0.0}


class CountResult(NamedTuple):
    """What counting gives; see :class:`CooccurrenceCounter` for `vocabulary` and `counts`."""

    tokens: Corpus
    """The tokens of all documents, by their place in the vocabulary."""
    vocabulary: dict[str, int]
    counts: np.ndarray
    rows: SpooledRows | CsrRows
    """X."""


class CooccurrenceCounter(BaseEstimator):
    r"""Count how often words occur near each other.

    The rows of the result are words and its columns the words around them: each time word j stands at distance k from word
    i, within the window and in the same document, entry (i, j) grows by the weight of k. Words outside the vocabulary are
    removed before distances are measured.

    Parameters
    ----------
    input : {"content", "filename", "file"}, default="content"
        What the documents are: text, paths of files, or open files.
    encoding : str, default="utf-8"
        Encoding of documents that are bytes.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes that are not valid in `encoding`.
    strip_accents : {"ascii", "unicode"}, callable or None, default=None
        How accents are removed, as in :class:`~sklearn.feature_extraction.text.CountVectorizer`.
    lowercase : bool, default=True
        Convert to lower case before tokenising.
    preprocessor : callable or None, default=None
        A function ``str -> str`` that replaces lower-casing and the removal of accents.
    tokenizer : callable or None, default=None
        A function ``str -> list of str`` that replaces `token_pattern`.
    stop_words : "english", list of str or None, default=None
        Words to remove before windows are formed.
    token_pattern : str or None, default=r"(?u)\b\w+\b"
        Regular expression of a token. The default also matches words of one letter ("a", "I").
    analyzer : {"word", "char", "char_wb"} or callable, default="word"
        How a document becomes tokens. A callable takes the document as it is and returns its tokens: with ``analyzer=list``
        documents are lists of tokens, and ``str.split`` splits at white space.
    min_count : int, default=5
        Ignore words that occur less often.
    min_df : int or float, default=1
        Ignore words that occur in fewer documents: a number of documents if int, a fraction if float.
    max_df : int or float, default=1.0
        Ignore words that occur in more documents: a number of documents if int, a fraction if float.
    max_features : int or None, default=None
        Keep only this many of the most frequent words.
    vocabulary : mapping of str to int, iterable of str, or None, default=None
        The words to use, and their rows. `min_count`, `min_df`, `max_df` and `max_features` then have no effect.
    window_size : int or None, default=50
        Number of neighbours on each side that count as context; None for the whole document. Windows never cross documents.
    context : {"symmetric", "left", "right"}, default="symmetric"
        Which neighbours of a word are its context: those on both sides, or those on one side only. X for ``"right"`` is the
        transpose of X for ``"left"``. (Stanford GloVe calls its one-sided mode "left context", but writes the word on the left
        as the row: that is ``"right"`` here.)
    weighting : float, {"harmonic", "flat"} or array-like of shape (window_size,), default=0.6
        Weight of a neighbour at distance k: a number p stands for 1 / k**p, "harmonic" for 1 / k, and "flat" for 1. An array
        holds the weight of each distance. Weights must not be negative, and p must be at most 10.
    memory_limit : number, str or None, default=None
        Working memory for everything that grows with the data: bytes, or a size such as "2GB". What does not fit (tokens,
        counts, entries of X) goes to temporary files, and results keep the same bits. The vectors, and `cooccurrence_` of a
        `CooccurrenceCounter`, must fit; documents, vocabulary and the X given to `GloVe` do not count.
    temp_dir : str, path or None, default=None
        Folder for temporary files; by default the system's. The files have no names, and disappear when the process ends.
    n_jobs : int or None, default=None
        Number of threads; -1 for all processors. No result depends on it.
    verbose : int, default=0
        1 shows progress bars, with the loss.

    Attributes
    ----------
    cooccurrence_ : scipy.sparse.csr_array of shape (n_words, n_words), float32
        X, in canonical format.
    vocabulary_ : dict
        Row of each word. By falling count, ties in the order of code points; as given if `vocabulary` was given.
    counts_ : ndarray of shape (n_words,), int64
        Occurrences of each word.

    Raises
    ------
    ValueError
        From `fit`: no documents, no tokens, nothing left of the vocabulary, something that is not text among the documents.
    MemoryError
        From `fit`: `cooccurrence_` would not fit in `memory_limit`.
    OSError
        From `fit`: the disk of `temp_dir` is full.

    Notes
    -----
    X is that of section 3 of [1]_. Weights are added as whole multiples of a small number (2**-40 of the largest weight, or more
    where words are very frequent), which is exact in any order, and X is rounded to float32 once: it is the same bits
    whatever the number of threads.

    References
    ----------
    .. [1] J. Pennington, R. Socher and C. D. Manning, "GloVe: Global vectors for word representation", EMNLP 2014.

    Examples
    --------
    >>> from glove_sklearn import CooccurrenceCounter
    >>> counter = CooccurrenceCounter(min_count=1, window_size=2, weighting="harmonic").fit(["to be or not to be"])
    >>> counter.vocabulary_
    {'be': 0, 'to': 1, 'not': 2, 'or': 3}
    >>> counter.cooccurrence_.toarray().tolist()
    [[0.0, 2.0, 1.0, 1.0], [2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0]]
    """

    _parameter_constraints: dict = constraints_of(COUNTER_PARAMETERS)

    def __init__(
        self,
        *,
        input: str = "content",
        encoding: str = "utf-8",
        decode_error: str = "strict",
        strip_accents: Any = None,
        lowercase: bool = True,
        preprocessor: Any = None,
        tokenizer: Any = None,
        stop_words: Any = None,
        token_pattern: str | None = r"(?u)\b\w+\b",
        analyzer: Any = "word",
        min_count: int = 5,
        min_df: float = 1,
        max_df: float = 1.0,
        max_features: int | None = None,
        vocabulary: Any = None,
        window_size: int | None = 50,
        context: str = "symmetric",
        weighting: Any = 0.6,
        memory_limit: Any = None,
        temp_dir: Any = None,
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> None:
        self.input = input
        self.encoding = encoding
        self.decode_error = decode_error
        self.strip_accents = strip_accents
        self.lowercase = lowercase
        self.preprocessor = preprocessor
        self.tokenizer = tokenizer
        self.stop_words = stop_words
        self.token_pattern = token_pattern
        self.analyzer = analyzer
        self.min_count = min_count
        self.min_df = min_df
        self.max_df = max_df
        self.max_features = max_features
        self.vocabulary = vocabulary
        self.window_size = window_size
        self.context = context
        self.weighting = weighting
        self.memory_limit = memory_limit
        self.temp_dir = temp_dir
        self.n_jobs = n_jobs
        self.verbose = verbose

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Iterable, y: Any = None) -> CooccurrenceCounter:
        """Learn the vocabulary and count co-occurrences.

        Parameters
        ----------
        X : iterable of str, bytes, or what `input` or `analyzer` takes
            The documents; read once, so a generator will do.
        y : None
            Ignored.

        Returns
        -------
        self : CooccurrenceCounter
        """
        with Storage(self.memory_limit, self.temp_dir) as storage:
            counted = count_cooccurrences(X, self.get_params(deep=False), storage, self.n_jobs, self.verbose)
            counted.tokens.close()
            n_entries = counted.rows.n_entries
            if 8 * n_entries > storage.limit:
                raise MemoryError(
                    f"cooccurrence_ has {n_entries} entries, which need {readable_size(8 * n_entries)}, more than "
                    f"memory_limit={self.memory_limit!r}; raise it, or use GloVeVectorizer, which reads X from disk."
                )
            cooccurrence = counted.rows.to_csr()
        self.cooccurrence_: sparse.csr_array = cooccurrence
        self.vocabulary_ = counted.vocabulary
        self.counts_ = counted.counts
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def text_parameters(parameters: dict[str, Any]) -> CountVectorizer:
    """The CountVectorizer that stands for the text parameters among `parameters`."""
    return CountVectorizer(**{name: parameters[name] for name in TEXT_PARAMETERS})


def count_cooccurrences(
    documents: Iterable, parameters: dict[str, Any], storage: Storage, n_jobs: int | None, verbose: int
) -> CountResult:
    """Encode documents and count: all that :meth:`CooccurrenceCounter.fit` does.

    Parameters
    ----------
    documents : iterable
    parameters : dict
        The parameters of the text, the vocabulary and the context, by their names.
    storage : Storage
        For the tokens and the rows; to be closed after them.
    n_jobs : int or None
    verbose : int

    Returns
    -------
    CountResult
    """
    check_documents(documents)
    effective_n_jobs(n_jobs)  # refuses 0
    window_size = parameters["window_size"]
    weights = _given_weights(parameters["weighting"], window_size)
    if verbose and storage.limit < math.inf:
        print(
            f"memory_limit: {readable_size(storage.limit)}; what has no room in it goes to {storage.folder} "
            f"({readable_size(storage.free_disk)} free): 4 bytes for a token, 16 for an entry of X, 12 more while "
            f"parts are counted"
        )
    text = text_parameters(parameters)
    warn_for_unused_parameters(text, TOKEN_PATTERN)
    tokens, vocabulary = encode(documents, text, given_terms(text), parameters, storage, n_jobs, verbose)
    # No neighbour is farther than the longest document is long.
    longest = max(int(tokens.lengths(place).max(initial=0)) for place in range(len(tokens)))
    farthest = max(0, longest - 1 if window_size is None else min(int(window_size), longest - 1))
    if weights is None:
        weighting = parameters["weighting"]
        weights = _weights_of_power(float(_POWERS.get(weighting, weighting)), farthest)
    fixed = Weights.of(weights[:farthest], parameters["context"], int(vocabulary.counts.max()))
    rows = count(tokens, vocabulary.counts, fixed, storage, n_jobs, verbose)
    if rows.n_entries == 0:
        raise ValueError(
            "no co-occurrences: no two words of the vocabulary stand in the same document within "
            "the window; are the documents single words?"
        )
    return CountResult(tokens, {term: row for row, term in enumerate(vocabulary.terms)}, vocabulary.counts, rows)


def _weights_of_power(power: float, farthest: int) -> np.ndarray:
    """``distance**-power`` for distances from 1 on, float64, as far as it counts.

    By divisions and square roots alone: the last bit of NumPy's powers depends on the processor.
    """
    distances = np.arange(1, farthest + 1, dtype=np.float64)
    weights = np.ones(farthest)
    for _ in range(int(power)):
        weights /= distances
    # 0.6 is 1/2 + 1/16 + 1/32 + ...
    share, root = power % 1, distances
    while share:
        share, root = 2 * share, np.sqrt(root)
        if share >= 1:
            weights /= root
            share -= 1
    return weights[weights >= _LEAST_WEIGHT]


def _given_weights(weighting: Any, window_size: int | None) -> np.ndarray | None:
    """The weights of an array that the user gave, as float64; None for what stands for a power of the distance."""
    if isinstance(weighting, str | Real):
        return None
    if window_size is None:
        raise ValueError("weighting with a weight for each distance needs a window_size, got window_size=None.")
    weights = np.asarray(weighting, dtype=np.float64)
    if weights.shape != (window_size,):
        raise ValueError(
            f"weighting must have one weight for each distance, window_size={window_size} of them, got an array of "
            f"shape {weights.shape}."
        )
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.any()):
        raise ValueError(f"weighting must be finite, not negative and not all zero, got {reprlib.repr(weighting)}.")
    largest = weights.max()
    if not 2.0**-60 <= largest <= 2.0**60 or (weights[weights > 0] < largest * _LEAST_WEIGHT).any():
        raise ValueError(
            "weighting must be between 2**-60 and 2**60, and no weight less than 2**-40 of the largest, got "
            f"{reprlib.repr(weighting)}."
        )
    return weights
