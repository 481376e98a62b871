"""Documents -> token ids -> X, the matrix of co-occurrences."""

from __future__ import annotations

import math
import mmap
import reprlib
import warnings
from collections.abc import Iterable, Sized
from itertools import pairwise
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
from joblib import effective_n_jobs
from scipy import sparse
from sklearn.base import BaseEstimator, _fit_context
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils._param_validation import HasMethods, Interval, RealNotInt, StrOptions
from tqdm.auto import tqdm

import glove_sklearn._counting as _counting
from glove_sklearn.text import Encoder, check_documents, warn_for_unused_parameters
from glove_sklearn.threads import ThreadTeam

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

#: The largest weight as a fixed-point number, where the counts allow it.
_LARGEST_WEIGHT = 1 << 40

#: What a call of a kernel does at most, so that an interruption need not wait.
_VISITS_PER_CALL = 1 << 22
_TOKENS_PER_CALL = 1 << 24


class Counted(NamedTuple):
    """What counting gives; see :class:`CooccurrenceCounter` for `vocabulary`, `counts` and `cooccurrence`."""

    ids: np.ndarray
    """(n_tokens,), int32: the tokens of all documents, by their place in the vocabulary."""
    offsets: np.ndarray
    """(n_documents + 1,), int64: where each document begins in `ids`."""
    vocabulary: dict[str, int]
    counts: np.ndarray
    cooccurrence: sparse.csr_array


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
        ``str -> str``, instead of lower case and accents.
    tokenizer : callable or None, default=None
        ``str -> list of str``, instead of `token_pattern`.
    stop_words : {"english"}, list of str or None, default=None
        Words to remove, as if they were not in the text.
    token_pattern : str or None, default=r"(?u)\b\w+\b"
        Regular expression of a token. The default takes words of one letter too ("a", "I").
    analyzer : {"word", "char", "char_wb"} or callable, default="word"
        A callable takes a document as it is and returns its tokens: with ``analyzer=list`` documents are lists of tokens.
        ``str.split`` splits on white space.
    min_count : int, default=5
        Words with fewer occurrences are left out.
    min_df, max_df : int or float, default=1 and 1.0
        Words in fewer or more documents are left out: a number of documents if int, a share if float.
    max_features : int or None, default=None
        Keep this many of the most frequent words.
    vocabulary : mapping of str to int, iterable of str, or None, default=None
        The words to use, and their rows; `min_count`, `min_df`, `max_df` and `max_features` then do nothing.
    window_size : int, default=10
        Number of neighbours on each side that are counted.
    context : {"symmetric", "left", "right"}, default="symmetric"
        Which neighbours of word i make its row: those on both sides, or those on one. X for ``"right"`` is the transpose
        of X for ``"left"``. (The reference C program calls its one-sided mode "left context" and writes the word on the
        left as the row: that is ``"right"`` here.)
    weighting : {"harmonic", "flat"} or array-like of shape (window_size,), default="harmonic"
        Weight of a neighbour at distance 1, 2, ...: 1/distance, or 1, or as given (not negative).
    n_jobs : int or None, default=None
        Number of threads; -1 for all processors. The result does not depend on it.
    verbose : int, default=0
        1 shows progress bars.

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

    Notes
    -----
    X is that of section 3 of [1]_. Weights are added as multiples of 2**-40, which is exact in any order, and X is rounded
    to float32 once: it is the same bits whatever the number of threads.

    References
    ----------
    .. [1] J. Pennington, R. Socher and C. D. Manning, "GloVe: Global vectors for word representation", EMNLP 2014.

    Examples
    --------
    >>> from glove_sklearn import CooccurrenceCounter
    >>> counter = CooccurrenceCounter(min_count=1, window_size=2).fit(["to be or not to be"])
    >>> counter.vocabulary_
    {'be': 0, 'to': 1, 'not': 2, 'or': 3}
    >>> counter.cooccurrence_.toarray().tolist()
    [[0.0, 2.0, 1.0, 1.0], [2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0]]
    """

    _parameter_constraints: dict = {
        "input": [StrOptions({"filename", "file", "content"})],
        "encoding": [str],
        "decode_error": [StrOptions({"strict", "ignore", "replace"})],
        "strip_accents": [StrOptions({"ascii", "unicode"}), None, callable],
        "lowercase": ["boolean"],
        "preprocessor": [callable, None],
        "tokenizer": [callable, None],
        "stop_words": [StrOptions({"english"}), list, None],
        "token_pattern": [str, None],
        "analyzer": [StrOptions({"word", "char", "char_wb"}), callable],
        "min_count": [Interval(Integral, 1, None, closed="left")],
        "min_df": [Interval(RealNotInt, 0, 1, closed="both"), Interval(Integral, 1, None, closed="left")],
        "max_df": [Interval(RealNotInt, 0, 1, closed="both"), Interval(Integral, 1, None, closed="left")],
        "max_features": [Interval(Integral, 1, None, closed="left"), None],
        "vocabulary": [dict, HasMethods("__iter__"), None],
        "window_size": [Interval(Integral, 1, None, closed="left")],
        "context": [StrOptions({"symmetric", "left", "right"})],
        "weighting": [StrOptions({"harmonic", "flat"}), "array-like"],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
    }

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
        token_pattern: str | None = TOKEN_PATTERN,
        analyzer: Any = "word",
        min_count: int = 5,
        min_df: float = 1,
        max_df: float = 1.0,
        max_features: int | None = None,
        vocabulary: Any = None,
        window_size: int = 10,
        context: str = "symmetric",
        weighting: Any = "harmonic",
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
        self.n_jobs = n_jobs
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
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
        parameters = self.get_params(deep=False)
        counted = count_cooccurrences(X, parameters, parameters.pop("n_jobs"), parameters.pop("verbose"))
        self.cooccurrence_ = counted.cooccurrence
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


def count_cooccurrences(documents: Iterable, parameters: dict[str, Any], n_jobs: int | None, verbose: int) -> Counted:
    """Encode documents and count: all that :meth:`CooccurrenceCounter.fit` does.

    Parameters
    ----------
    documents : iterable
    parameters : dict
        All parameters of CooccurrenceCounter but `n_jobs` and `verbose`.
    n_jobs : int or None
    verbose : int

    Returns
    -------
    Counted
    """
    check_documents(documents)
    effective_n_jobs(n_jobs)  # refuses 0
    window_size = int(parameters["window_size"])
    weights = _given_weights(parameters["weighting"], window_size)
    ids, offsets, vocabulary, counts = _encode(documents, parameters, verbose)
    # No neighbour is farther than the longest document is long.
    farthest = max(0, min(window_size, int(np.diff(offsets).max()) - 1))
    if weights is None:
        weights = np.ones(farthest)
        if parameters["weighting"] == "harmonic":
            weights /= np.arange(1, farthest + 1)
    left, right, unit = _fixed_point_weights(weights[:farthest], parameters["context"])
    cooccurrence = _count(ids, offsets, counts, left, right, unit, n_jobs, verbose)
    return Counted(ids, offsets, vocabulary, counts, cooccurrence)


def _given_weights(weighting: Any, window_size: int) -> np.ndarray | None:
    """The weights of an array that the user gave, as float64; None for those that have a name."""
    if isinstance(weighting, str):
        return None
    weights = np.asarray(weighting, dtype=np.float64)
    if weights.shape != (window_size,):
        raise ValueError(
            f"weighting must have one weight for each distance, window_size={window_size} of them, got an array of "
            f"shape {weights.shape}."
        )
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.any()):
        raise ValueError(f"weighting must be finite, not negative and not all zero, got {reprlib.repr(weighting)}.")
    largest = weights.max()
    if not 2.0**-60 <= largest <= 2.0**60 or (weights[weights > 0] < largest * 2.0**-40).any():
        raise ValueError(
            "weighting must be between 2**-60 and 2**60, and no weight less than 2**-40 of the largest, got "
            f"{reprlib.repr(weighting)}."
        )
    return weights


def _fixed_point_weights(weights: np.ndarray, context: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Weights of the neighbours to the left and right as int64, and the value of the number 1 among them."""
    # In units of 2**exponent, the largest weight is more than 1/2 and at most 1.
    exponent = math.ceil(math.log2(weights.max())) if weights.any() else 0
    fixed = np.rint(np.ldexp(weights, -exponent) * _LARGEST_WEIGHT).astype(np.int64)
    none = np.zeros(0, dtype=np.int64)
    left = fixed if context in ("symmetric", "left") else none
    right = fixed if context in ("symmetric", "right") else none
    return left, right, math.ldexp(1.0, exponent) / _LARGEST_WEIGHT


def _encode(
    documents: Iterable, parameters: dict[str, Any], verbose: int
) -> tuple[np.ndarray, np.ndarray, dict[str, int], np.ndarray]:
    """Ids and offsets of the tokens of documents, the vocabulary, and its counts."""
    text = text_parameters(parameters)
    warn_for_unused_parameters(text, TOKEN_PATTERN)
    terms = None if text.vocabulary is None else _given_terms(text)
    encoder = Encoder(text, terms)
    all_ids, all_lengths = [], []
    total = len(documents) if isinstance(documents, Sized) else None
    with tqdm(total=total, desc="reading", unit=" documents", disable=not verbose) as bar:
        for position, batch in encoder.batches(documents):
            ids, lengths = encoder.encode(position, batch)
            all_ids.append(ids)
            all_lengths.append(lengths)
            bar.update(len(batch))
    if not all_lengths:
        raise ValueError("no documents: X is empty; a generator can be read only once.")
    counts = np.zeros(encoder.n_terms, dtype=np.int64)
    for ids in all_ids:
        counts += np.bincount(ids, minlength=len(counts))
    if terms is not None:
        if not counts.any():
            raise ValueError(f"none of the {len(terms)} terms of vocabulary occurs in the documents.")
        vocabulary = {term: row for row, term in enumerate(terms)}
        return np.concatenate(all_ids), offsets_of(np.concatenate(all_lengths)), vocabulary, counts

    kept = _kept_terms(encoder, counts, all_ids, all_lengths, parameters)
    kept.sort(key=encoder.term)
    order = np.array(kept)[np.argsort(-counts[kept], kind="stable")][: parameters["max_features"]]
    numbers = np.full(encoder.n_terms, -1, dtype=np.int32)
    numbers[order] = np.arange(len(order))
    for i, (ids, lengths) in enumerate(zip(all_ids, all_lengths, strict=True)):
        all_ids[i] = ids[: _counting.renumber(ids, lengths, numbers)]
    vocabulary = {encoder.term(id): row for row, id in enumerate(order.tolist())}
    return np.concatenate(all_ids), offsets_of(np.concatenate(all_lengths)), vocabulary, counts[order]


def _given_terms(text: CountVectorizer) -> list[str]:
    """The terms of the parameter `vocabulary`, in the order of their rows."""
    terms = text.get_feature_names_out().tolist()  # refuses what CountVectorizer refuses
    for term in terms:
        if not isinstance(term, str):
            raise ValueError(f"the terms of vocabulary must be str, got {term!r} ({type(term).__name__}).")
    if text.lowercase and text.analyzer in ("word", "char", "char_wb") and any(term != term.lower() for term in terms):
        warnings.warn(
            "vocabulary has terms with upper-case characters, which no document has while lowercase is True",
            UserWarning,
            stacklevel=2,
        )
    return terms


def offsets_of(lengths: np.ndarray) -> np.ndarray:
    """Where each of so many things of these lengths begins in the row of them all, and the end; int64."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def _kept_terms(
    encoder: Encoder,
    counts: np.ndarray,
    all_ids: list[np.ndarray],
    all_lengths: list[np.ndarray],
    parameters: dict[str, Any],
) -> list[int]:
    """Ids of the terms that are frequent enough, in few and in many enough documents, and not stop words."""
    n_documents = sum(len(lengths) for lengths in all_lengths)
    if encoder.n_terms == 0:
        raise ValueError(
            f"empty vocabulary; the {n_documents} documents have no tokens: they are empty, or hold only stop words or "
            "characters that are in no token (see stop_words, token_pattern)."
        )
    kept = counts >= 1
    for word in encoder.stop_words:
        id = encoder.find(word)
        if id >= 0:
            kept[id] = False
    if not kept.any():
        raise ValueError("empty vocabulary; perhaps the documents only contain stop words")
    n_terms, most_frequent = np.count_nonzero(kept), counts[kept].max()

    min_count = parameters["min_count"]
    kept &= counts >= min_count
    if not kept.any():
        raise ValueError(
            f"empty vocabulary; none of the {n_terms} terms occurs min_count={min_count} times (the most frequent: "
            f"{most_frequent}); lower min_count."
        )

    min_df, max_df = parameters["min_df"], parameters["max_df"]
    least, most = (float(df if isinstance(df, Integral) else df * n_documents) for df in (min_df, max_df))
    if most < least:
        raise ValueError(f"max_df={max_df} corresponds to fewer documents than min_df={min_df}.")
    if least > 1 or most < n_documents:
        frequencies = np.zeros(encoder.n_terms, dtype=np.int64)
        for ids, lengths in zip(all_ids, all_lengths, strict=True):
            frequencies += document_frequencies(ids, offsets_of(lengths), encoder.n_terms)
        kept &= (frequencies >= least) & (frequencies <= most)
        if not kept.any():
            raise ValueError(
                f"empty vocabulary; no term that occurs min_count={min_count} times is in at least min_df={min_df} and at "
                f"most max_df={max_df} of the {n_documents} documents; lower min_df or raise max_df."
            )
    return np.flatnonzero(kept).tolist()


def document_frequencies(ids: np.ndarray, offsets: np.ndarray, n_terms: int) -> np.ndarray:
    """Number of documents that hold each term, as int64."""
    frequencies, last = np.empty(n_terms, dtype=np.int64), np.empty(n_terms, dtype=np.int64)
    _counting.document_frequencies(ids, offsets, frequencies, last)
    return frequencies


def _count(
    ids: np.ndarray,
    offsets: np.ndarray,
    counts: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    unit: float,
    n_jobs: int | None,
    verbose: int,
) -> sparse.csr_array:
    """X, from token ids and fixed-point weights; see the kernel for the method."""
    n_terms = len(counts)
    weight_of_a_token = int(left.sum() + right.sum())
    while int(counts.max()) * weight_of_a_token >= 1 << 63:
        # No entry of X is larger than this product, so none overflows.
        left, right, unit = left >> 1, right >> 1, 2 * unit
        weight_of_a_token = int(left.sum() + right.sum())

    stream = np.empty(len(ids) + len(offsets), dtype=np.int32)
    _counting.lay_out(ids, offsets, stream)
    starts = offsets_of(counts)
    positions = np.empty(len(ids), dtype=np.int32 if len(stream) < 1 << 31 else np.int64)
    ends = starts[:-1].copy()
    for first in range(0, len(stream), _TOKENS_PER_CALL):
        _counting.sort_positions(stream, first, min(first + _TOKENS_PER_CALL, len(stream)), ends, positions)

    row_lengths = np.zeros(n_terms, dtype=np.int64)
    window = len(left) + len(right)
    # Neighbours of a position, on average: windows end with the document.
    lengths = np.diff(offsets).astype(np.float64)
    visits = sum((lengths * np.minimum(lengths, len(side))).sum() for side in (left, right)) / max(1, len(ids))
    positions_per_call = max(1, int(_VISITS_PER_CALL / max(1.0, visits)))
    # A range of rows pays for work arrays with an entry for each term.
    positions_per_range = max(positions_per_call, int(n_terms / max(1.0, visits)))

    with (
        ThreadTeam(n_jobs) as team,
        tqdm(total=len(ids), desc="counting", unit=" tokens", unit_scale=True, disable=not verbose) as bar,
    ):

        def count_rows(first_row: int, last_row: int) -> tuple[np.ndarray, np.ndarray, int]:
            position, end = int(starts[first_row]), int(starts[last_row])
            room = int(np.minimum(counts[first_row:last_row] * window, n_terms).sum())
            columns, values = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.float32)
            sums = np.zeros(n_terms, dtype=np.int64)
            touched = np.zeros(n_terms // 64 + 1, dtype=np.uint64)
            touched_words = np.zeros(len(touched) // 64 + 1, dtype=np.uint64)
            row, n_written = first_row, 0
            while position < end and not team.leaving:
                stop = min(position + positions_per_call, end)
                row, n_written = _counting.count_rows(
                    stream, positions, starts, left, right, unit, row, position, stop,
                    sums, touched, touched_words, n_written, columns, values, row_lengths,
                )  # fmt: skip
                position = stop
            n_positions = end - int(starts[first_row])
            return _in_own_pages(columns[:n_written]), _in_own_pages(values[:n_written]), n_positions

        parts = team.run(count_rows, _row_ranges(starts, positions_per_range), lambda part: bar.update(part[2]))

    indptr = offsets_of(row_lengths)
    n_entries = int(indptr[-1])
    if n_entries == 0:
        raise ValueError(
            "no co-occurrences: no two words of the vocabulary stand in the same document within "
            "the window; are the documents single words?"
        )
    if n_entries < 1 << 31:
        indptr = indptr.astype(np.int32)
    indices, values = np.empty(n_entries, dtype=np.int32), np.empty(n_entries, dtype=np.float32)
    end = 0
    for i, (part_columns, part_values, _) in enumerate(parts):
        begin, end = end, end + len(part_columns)
        indices[begin:end], values[begin:end] = part_columns, part_values
        parts[i] = None
    cooccurrence = sparse.csr_array((values, indices, indptr), shape=(n_terms, n_terms))
    cooccurrence.has_canonical_format = True
    return cooccurrence


def _in_own_pages(array: np.ndarray) -> np.ndarray:
    """A copy whose memory goes back to the system with it; ``malloc`` would keep it, and X is large and built of many."""
    if array.nbytes < 1 << 20:  # a process may have some ten thousands of mappings
        return array.copy()
    copy = np.frombuffer(mmap.mmap(-1, array.nbytes), dtype=array.dtype)
    copy[:] = array
    return copy


def _row_ranges(starts: np.ndarray, n_positions: int) -> list[tuple[int, int]]:
    """Cut the rows into ranges of about `n_positions` positions each, or of one row that has more."""
    cuts = [0]
    while cuts[-1] < len(starts) - 1:
        row = cuts[-1]
        cuts.append(max(row + 1, int(np.searchsorted(starts, starts[row] + n_positions, side="right")) - 1))
    return list(pairwise(cuts))
