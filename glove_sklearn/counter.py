"""`CooccurrenceCounter`: a sparse matrix of co-occurrences from documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from glove_sklearn._counting.counting import CountResult, count_cooccurrences, count_stored, read_tokens
from glove_sklearn._distributed.collections import as_collection, refuse_collection
from glove_sklearn._distributed.counting import DistributedCounts, count_collection
from glove_sklearn._distributed.rows import DistributedRows
from glove_sklearn._parameters import COUNTER_PARAMETERS, constraints_of
from glove_sklearn._system.sklearn_compat import NotebookDisplay, fit_context
from glove_sklearn._system.storage import Storage, readable_size
from glove_sklearn._system.wording import number_of
from glove_sklearn._text.token_store import TokenStore
from glove_sklearn._text.vocabulary import terms_by_row

#: Fitted attributes that `partial_fit` leaves to be counted.
_COUNTS = ("cooccurrence_", "vocabulary_", "counts_")


class CooccurrenceCounter(TransformerMixin, NotebookDisplay, BaseEstimator):
    r"""Count how often words occur near each other.

    Rows of the result are words, and columns the words around them: each time word j stands at distance k from word i, within
    the window and in the same document, entry (i, j) grows by the weight of k. Words outside the vocabulary are removed before
    distances are measured.

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
    token_pattern : str or None, default=None
        Regular expression of a token. None, without a `tokenizer`, stands for words: runs of letters, digits and underscores,
        one letter included ("a", "I"), with the combining marks that belong to the letters. That is
        :data:`glove_sklearn.WORD_PATTERN`, which CountVectorizer takes, too.
    analyzer : {"word", "char", "char_wb"} or callable, default="word"
        How a document becomes tokens. A callable takes the document as it is and returns its tokens: with ``analyzer=list``
        documents are lists of tokens, and ``str.split`` splits at white space. Tokens that are integers, such as the ids of
        items, become their digits: 7 is "7".
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
    near_size : int or "auto", default=0
        Number of neighbours on each side that also count as contexts of their own, those on the left and those on the right
        apart; 0 for none. "auto" stands for 2 in texts with at least 500,000 words of the vocabulary, and for 0 in shorter
        ones. They add two columns for each word to X: behind the columns of the whole window those of the neighbours on the
        left, and behind these those of the neighbours on the right.
    memory_limit : number, str or None, default=None
        Working memory for everything that grows with the data: bytes, or a size such as "2GB". What does not fit (tokens,
        counts, entries of X) goes to temporary files, and results keep the same bits. The vectors, and `cooccurrence_` of a
        `CooccurrenceCounter`, must fit; documents, vocabulary and the X given to `GloVe` do not count. None means the memory
        that is available: files are used only where it does not suffice, and a warning says so.
    temp_dir : str, path or None, default=None
        Folder for temporary files; by default the system's. The files have no names, and disappear when the process ends.
    n_jobs : int or None, default=None
        Number of threads; -1 for all processors. No result depends on it.
    verbose : int, default=0
        1 shows progress bars, with the loss.

    Attributes
    ----------
    cooccurrence_ : scipy.sparse.csr_array of shape (n_words, n_words), float32
        X, in canonical format. With `near_size`, of shape (n_words, 3 n_words), or (n_words, 2 n_words) if `context` is one side.
    vocabulary_ : dict
        Row of each word: by falling count, ties in the order of code points, or as in the parameter `vocabulary`.
    counts_ : ndarray of shape (n_words,), int64
        Occurrences of each word.
    n_documents_seen_ : int
        After `partial_fit`: number of documents of all calls.

    Raises
    ------
    ValueError
        From `fit`: there are no documents or no tokens, no word is left in the vocabulary, or a document is not text. After
        `partial_fit`, what concerns the vocabulary is raised when an attribute is first asked for.
    MemoryError
        From `fit`: `cooccurrence_` does not fit in `memory_limit`.
    OSError
        From `fit`: the disk of `temp_dir` is full.

    Notes
    -----
    X is defined in section 3 of [1]_. Weights are added as fixed-point numbers (multiples of 2**-40 of the largest weight, or
    coarser if words are very frequent), whose sums are exact in any order, and X is rounded to float32 once: it has the same bits
    for any number of threads.

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
        token_pattern: str | None = None,
        analyzer: Any = "word",
        min_count: int = 5,
        min_df: float = 1,
        max_df: float = 1.0,
        max_features: int | None = None,
        vocabulary: Any = None,
        window_size: int | None = 50,
        context: str = "symmetric",
        weighting: Any = 0.6,
        near_size: Any = 0,
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
        self.near_size = near_size
        self.memory_limit = memory_limit
        self.temp_dir = temp_dir
        self.n_jobs = n_jobs
        self.verbose = verbose

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Iterable, y: Any = None) -> CooccurrenceCounter:
        """Learn the vocabulary and count co-occurrences.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents. They are read once, so X may be a generator. Or a `dask.bag.Bag` or a Series of `dask.dataframe`, whose
            partitions the current scheduler or client reads; the counts are those of a list of its documents. X stays on a
            cluster until `cooccurrence_` is asked for.
        y : None
            Ignored.

        Returns
        -------
        self : CooccurrenceCounter
        """
        obsolete = ("_tokens", "_rows", "n_documents_seen_", *_COUNTS)
        self._set(self._count(X, self.get_params(deep=False)), without=obsolete)
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Iterable, y: Any = None) -> CooccurrenceCounter:
        """Add documents to those of the earlier calls.

        Counting a text in parts gives the bits of counting it at once, whatever decides on the vocabulary. For that, the tokens
        of all documents are kept with the estimator, 4 bytes each (in a temporary file if they exceed their share of
        `memory_limit`); they are counted when a fitted attribute is first asked for.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            More documents. They are read once, so X may be a generator.
        y : None
            Ignored.

        Returns
        -------
        self : CooccurrenceCounter
        """
        refuse_collection(X, "partial_fit", "fit takes them, and the earlier documents with them")
        if "vocabulary_" in self.__dict__ and "_tokens" not in self.__dict__:
            raise ValueError(
                "partial_fit continues partial_fit, but the earlier fit kept no tokens to continue from; begin with partial_fit, "
                "or fit a clone."
            )
        with Storage(self.memory_limit, self.temp_dir) as storage:
            parameters = self.get_params(deep=False)
            tokens = read_tokens(X, parameters, self.__dict__.get("_tokens"), storage, self.n_jobs, self.verbose)
        self._set({"_tokens": tokens, "n_documents_seen_": tokens.n_documents}, without=_COUNTS)
        return self

    def fit_transform(self, X: Iterable, y: Any = None) -> sparse.csr_array:
        """Learn the vocabulary, and return the co-occurrences.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents.
        y : None
            Ignored.

        Returns
        -------
        cooccurrence : csr_array of shape (n_words, n_columns), float32
            `cooccurrence_`. Its rows are words, and not documents: in a Pipeline only what learns from co-occurrences can
            follow, such as :class:`GloVe`.
        """
        return self.fit(X).cooccurrence_

    def transform(self, X: Iterable) -> sparse.csr_array:
        """Count the co-occurrences of the words of `vocabulary_` in other documents.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents.

        Returns
        -------
        cooccurrence : csr_array of shape (n_words, n_columns), float32
            Rows and columns in the order of `vocabulary_`.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If no two words of `vocabulary_` stand near each other in the documents, or a document is not text.
        """
        check_is_fitted(self)
        counted = self._count(X, {**self.get_params(deep=False), "vocabulary": self.vocabulary_})
        return self._fetch(counted["_rows"]) if "_rows" in counted else counted["cooccurrence_"]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the words, in the order of the rows and columns.

        Parameters
        ----------
        input_features : None
            Ignored.

        Returns
        -------
        words : ndarray of shape (n_words,), object
        """
        check_is_fitted(self)
        return np.array(terms_by_row(self.vocabulary_), dtype=object)

    def __getattr__(self, name: str) -> Any:
        # Called for attributes that are not there: after partial_fit, counts are made only when they are needed.
        rows = self.__dict__.get("_rows") if name == "cooccurrence_" else None
        if rows is not None:
            self._set({name: self._fetch(rows)}, without=("_rows",))
        elif name in _COUNTS and "_tokens" in self.__dict__:
            parameters = self.get_params(deep=False)
            self._set(
                self._counted(
                    lambda storage: count_stored(self._tokens, parameters, storage, self.n_jobs, self.verbose)
                )
            )
        else:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.__dict__[name]

    def _set(self, fitted: dict[str, Any], without: tuple[str, ...] = ()) -> None:
        kept = {name: value for name, value in self.__dict__.copy().items() if name not in without}
        # In one step: another thread that reads or pickles meanwhile sees all of one fit.
        self.__dict__ = {**kept, **fitted}

    def _count(self, X: Iterable, parameters: dict[str, Any]) -> dict[str, Any]:
        collection = as_collection(X)
        if collection is None:
            count: Callable = count_cooccurrences
        else:
            X, count = collection, count_collection
        return self._counted(lambda storage: count(X, parameters, storage, self.n_jobs, self.verbose))

    def _counted(self, count: Callable[[Storage], CountResult | DistributedCounts]) -> dict[str, Any]:
        """Count, and return the fitted attributes that hold counts; X stays on a cluster until it is asked for."""
        with Storage(self.memory_limit, self.temp_dir) as storage:
            counted = count(storage)
            counted.tokens.close()
            fitted = {"vocabulary_": counted.vocabulary, "counts_": counted.counts}
            if isinstance(counted.rows, DistributedRows):
                return {**fitted, "_rows": counted.rows}
            self._check_memory(counted.rows.n_entries, storage)
            return {**fitted, "cooccurrence_": counted.rows.to_csr()}

    def _fetch(self, rows: DistributedRows) -> sparse.csr_array:
        """Fetch X from a cluster."""
        with Storage(self.memory_limit, self.temp_dir) as storage:
            self._check_memory(rows.n_entries, storage)
            return rows.gather(storage, self.verbose).to_csr()

    def _check_memory(self, n_entries: int, storage: Storage) -> None:
        if 8 * n_entries > storage.limit:
            raise MemoryError(
                f"cooccurrence_ needs {readable_size(8 * n_entries)} for {number_of(n_entries, 'entry', 'entries')}, "
                f"more than memory_limit={self.memory_limit!r}; raise it, or use GloVeVectorizer, which reads X from disk."
            )

    def __getstate__(self) -> dict[str, Any]:
        if "_rows" in self.__dict__:
            _ = self.cooccurrence_  # futures belong to a client
        state = super().__getstate__()
        return {**state, "_tokens": state["_tokens"].state()} if "_tokens" in state else state

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "_tokens" in state:
            self._tokens = TokenStore.of_state(state["_tokens"])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags
