"""`GloVeVectorizer`: documents in, document vectors out."""

from __future__ import annotations

import inspect
import math
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pickle import PicklingError
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, check_memory

from glove_sklearn._counting.counting import CountResult, count_cooccurrences, count_stored, read_tokens
from glove_sklearn._counting.new_words import contexts_of_new_words
from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._distributed.collections import as_collection, name_of, refuse_collection
from glove_sklearn._distributed.counting import DistributedCounts, count_collection
from glove_sklearn._distributed.transformation import transform_collection
from glove_sklearn._embedding.document_vectors import (
    DocumentPooler,
    fit_pooler,
    vectors_of_corpus,
    vectors_of_documents,
)
from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.inference import infer
from glove_sklearn._embedding.pooling import POOLINGS
from glove_sklearn._embedding.queries import KeyedVectorsHint, indices_of, log_cooccurrence
from glove_sklearn._embedding.word_vectors import as_word_vectors
from glove_sklearn._fitting import count_and_train, open_checkpoint, read_given_words
from glove_sklearn._parameters import VECTORIZER_PARAMETERS, constraints_of
from glove_sklearn._system.sklearn_compat import NotebookDisplay, clone_sharing, fit_context
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam, n_threads
from glove_sklearn._system.wording import number_of
from glove_sklearn._text.encoder import TEXT_PARAMETERS, Encoder, as_term, check_documents, make_count_vectorizer
from glove_sklearn._text.token_store import TokenStore
from glove_sklearn._text.vocabulary import terms_by_row
from glove_sklearn._training.settings import TrainingSettings, is_init_method
from glove_sklearn._training.state import ATTRIBUTES, STATE_ATTRIBUTES, ModelState, kept_state, warm_start_state
from glove_sklearn._training.trainer import TrainedModel
from glove_sklearn.counter import CooccurrenceCounter

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


#: Parameters that say which neighbours count, and how much.
_OF_CONTEXT = ("window_size", "context", "weighting")
#: Parameters of the fit on which the uncertainty of its vectors depends.
_OF_VARIANCE = ("sample", "alpha", "anchor", "combine")


class GloVeVectorizer(
    ClassNamePrefixFeaturesOutMixin, TransformerMixin, KeyedVectorsHint, NotebookDisplay, BaseEstimator
):
    r"""Learn GloVe word vectors from documents, and turn documents into vectors.

    Chains :class:`CooccurrenceCounter` and :class:`GloVe`. The vector of a document is the mean of the vectors of its words, or
    what `pooling` says.

    Parameters
    ----------
    n_components : int, default=100
        Dimension d of the word vectors.
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
    near_size : int or "auto", default="auto"
        Number of neighbours on each side that also count as contexts of their own, those on the left and those on the right
        apart; 0 for none. "auto" stands for 2 in texts with at least 500,000 words of the vocabulary, and for 0 in shorter
        ones. They add two columns for each word to X, so that vectors tell how a word is used, and not only what the text
        around it is about. Each word then has three context vectors: the embedding is w where `combine` says "sum", and c is
        that of the whole window. "auto" also stands for 0 where `weighting` is "flat", because distances mean nothing there,
        and where `init` has vectors; a fit that resumes has as many contexts as the one before.
    sample : float or None, default=0.0003
        Fraction of all co-occurrences above which a word counts for less; 0 or None for no such limit. Each entry of X is
        multiplied by the p of its row and the p of its column, where ``p = min(1, sqrt(sample / f))`` and f is the sum of the
        row or column as a fraction of the sum of X: what Word2Vec's subsampling of frequent words does on average, except that
        windows keep their size. Everything that depends on X, such as `x_max`, sees the products. The biases absorb the
        factors, so that only the weights of the entries change.
    x_max : float or "auto", default="auto"
        The cutoff of the weighting function: co-occurrences of at least `x_max` have weight 1. "auto" takes the 99th percentile
        of the nonzero entries of X.
    alpha : float, default=0.75
        Exponent of the weighting function below `x_max`.
    negative_ratio : float, default=0.5
        Number of unobserved pairs of words sampled for each observed one; 0 for none, as in the paper. They are trained on as
        if they had been seen half as often as the 1st percentile of the observed pairs. At most 100.
    learning_rate : float, default=0.05
        Initial learning rate of AdaGrad. The accumulators of the vectors start at ``1 / learning_rate**2`` and those of the
        biases at 1, as in Stanford GloVe.
    init : {"svd", "random"}, path, ndarray, or word vectors, default="svd"
        Initial vectors: a singular value decomposition of the positive pointwise mutual information of X, small random numbers,
        or given vectors. "svd" takes about as long as an epoch and saves many. Given vectors are a file of any format that
        `load_vectors` reads, gensim's `KeyedVectors`, a fitted `GloVeVectorizer`, a tuple (words, array), or, for `GloVe`, an
        array with a row for each row of X; otherwise X must be a DataFrame whose rows are named. Words start at their vectors,
        matched exactly as written, and words without one where they fit the others best.
    anchor : float, default=0
        How strongly words are kept near the vectors given as `init`; at 0 they move freely. Adds ``anchor * sum(||w_i + c_i -
        r_i||**2)`` to the objective, over the words with a vector r_i. (If `combine` is not "sum", its combination of w_i and
        c_i replaces w_i + c_i.) It affects rare words most, as they have fewer pairs.
    max_iter : int, default=4
        Number of epochs, each of which visits every pair once.
    tol : float or None, default=None
        Stop after the first epoch that lowers the loss by less than this fraction of it; None to make all epochs.
    pooling : {"mean", "sum", "max", "idf", "sif"}, default="mean"
        How the vectors of its words become the vector of a document. "idf" is the mean weighted by inverse document frequency.
        "sif" is the mean weighted by smooth inverse frequency, from which the component that the documents seen in `fit` share
        is then removed.
    combine : {"sum", "word", "context", "concat"}, default="sum"
        Which vectors make a row of the embedding: the sum w + c, the word vector w, the context vector c, or w and c side by
        side. If X is not square, rows have no context vector: "sum" and "word" both mean w, and the others are errors.
    postprocess : {"flatten", "level", "all-but-the-top", "center"} or None, default="flatten"
        How the embedding is post-processed. "flatten" centres it, raises the variances of its principal components to the power
        3/4, and shrinks the first three, which mostly encode word frequency, to the size of the fourth. "level" centres it and
        shrinks its first principal component to the size of the second; "all-but-the-top" removes that component; "center" only
        centres; None leaves the vectors as trained. Words count as often as they occur: by the sums of the rows of X, or of its
        columns with ``combine="context"``. Columns are then rescaled to a standard deviation of 1/2 on average over the tokens,
        so that default classifiers converge.
    memory_limit : number, str or None, default=None
        Working memory for everything that grows with the data: bytes, or a size such as "2GB". What does not fit (tokens,
        counts, entries of X) goes to temporary files, and results keep the same bits. The vectors, and `cooccurrence_` of a
        `CooccurrenceCounter`, must fit; documents, vocabulary and the X given to `GloVe` do not count. None means the memory
        that is available: files are used only where it does not suffice, and a warning says so.
    temp_dir : str, path or None, default=None
        Folder for temporary files; by default the system's. The files have no names, and disappear when the process ends.
    memory : str, path, object with the joblib.Memory interface, or None, default=None
        Cache for the counts: fits that differ only in parameters of the model, as in a grid search, count once. All documents
        are then read into memory. Functions among the parameters are identified by name: clear the cache after changing what a
        tokenizer or an analyzer does.
    n_jobs : int or None, default=None
        Number of threads; -1 for all processors. No result depends on it.
    random_state : int, RandomState instance or None, default=None
        Seed of the initial vectors, of the sampled pairs and of the order of training. An int makes results reproducible, to
        the last bit.
    verbose : int, default=0
        1 shows progress bars, with the loss.
    warm_start : bool, default=False
        If True, the next call to `fit` resumes from the current solution, including the optimiser's state. It makes `max_iter`
        more epochs. On the same data, 10 epochs and 15 more yield the same bits as 25. On other data of the same shape, or
        other documents, known words continue from their vectors; words that no longer occur are dropped (unless `vocabulary`
        lists them), and new words are initialised as `init` says: with "svd", so that they fit the known ones.
    checkpoint : str, path or None, default=None
        File that keeps the state of training; an interrupted run resumes from it and ends with the same bits. Run `fit` again
        with the same data and parameters; counting is repeated, and `max_iter` counts all epochs of the run. The file is kept
        at the end: remove it to start afresh.
    checkpoint_every : int, default=1
        Number of epochs between two writes of `checkpoint`. The last epoch is always written.
    callback : callable or None, default=None
        Called after each epoch as ``callback(n_iter, loss, snapshot)``; training stops if it returns True. `n_iter` is the
        number of epochs so far, `loss` that of the last one, and `snapshot()` returns a fitted copy of the estimator, as if
        training ended here; it can be called until the callback returns.

    Attributes
    ----------
    vocabulary_ : dict
        Row of each word. By falling count, ties in the order of code points; as given if `vocabulary` was given.
    counts_ : ndarray of shape (n_words,), int64
        Occurrences of each word.
    embedding_ : ndarray of shape (n_words, d), or (n_words, 2 d) with ``combine="concat"``, float32
        Vectors of the words, combined as `combine` says and post-processed as `postprocess` says.
    context_embedding_ : ndarray of shape (n_words, d), float32
        The context vectors c alone, as trained; with `near_size`, those of the whole window.
    term_weights_ : ndarray of shape (n_words,), float32
        Weight of each word; only with ``pooling="idf"`` and ``"sif"``.
    common_component_ : ndarray of shape (n_features_out,), float32
        The component that is removed from document vectors; only with ``pooling="sif"``.
    loss_curve_ : ndarray of shape (n_epochs,), float64
        Mean weighted squared error of each epoch; see :class:`GloVe`.
    n_iter_ : int
        Number of epochs made.
    fit_time_ : float
        Seconds that counting and training took in the last call of `fit` or `partial_fit`.
    n_documents_seen_ : int
        After `partial_fit`: number of documents of all calls.
    x_max_ : float
        The cutoff that was used.
    word_vectors_, context_vectors_, word_biases_, context_biases_, word_accumulators_, context_accumulators_, random_state_
        With `warm_start`, and after `partial_fit`: the attributes of :class:`GloVe` of these names.

    Raises
    ------
    ValueError
        From `fit`: there are no documents or no tokens, no word is left in the vocabulary, `weighting` does not fit
        `window_size`, `checkpoint` is the file of another run, or `warm_start` cannot resume from the earlier fit. From `fit` and
        `transform`: a document is not text; the message has its position.
    FloatingPointError
        From `fit`: the loss is not finite, because `learning_rate` is too high.
    MemoryError
        From `fit`, before the parameters are allocated: they do not fit in memory, or not in `memory_limit`.
    OSError
        From `fit`: the disk of `temp_dir` or of `checkpoint` is full.

    Notes
    -----
    Parameters that are changed after `fit` take effect with the next `fit`; `n_jobs` at once. With `warm_start`, `init` and
    `learning_rate` have no effect on words that were trained before.

    See Also
    --------
    CooccurrenceCounter : Counting alone.
    GloVe : Training alone, on any matrix of co-occurrences.

    References
    ----------
    J. Pennington, R. Socher and C. D. Manning, "GloVe: Global vectors for word representation", EMNLP 2014.

    Examples
    --------
    >>> from glove_sklearn import GloVeVectorizer
    >>> documents = ["the cat sat on the mat", "the dog sat on the log", "cats and dogs"]
    >>> vectorizer = GloVeVectorizer(4, min_count=1, random_state=0)
    >>> vectorizer.fit_transform(documents).shape
    (3, 4)
    >>> vectorizer.transform(["a dog on a mat", "nothing known"]).any(axis=1)
    array([ True, False])
    """

    _parameter_constraints: dict = constraints_of(VECTORIZER_PARAMETERS)

    def __init__(
        self,
        n_components: int = 100,
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
        near_size: Any = "auto",
        sample: float | None = 0.0003,
        x_max: Any = "auto",
        alpha: float = 0.75,
        negative_ratio: float = 0.5,
        learning_rate: float = 0.05,
        init: Any = "svd",
        anchor: float = 0,
        max_iter: int = 4,
        tol: float | None = None,
        pooling: str = "mean",
        combine: str = "sum",
        postprocess: str | None = "flatten",
        memory_limit: Any = None,
        temp_dir: Any = None,
        memory: Any = None,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        checkpoint: Any = None,
        checkpoint_every: int = 1,
        callback: Callable | None = None,
    ) -> None:
        self.n_components = n_components
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
        self.sample = sample
        self.x_max = x_max
        self.alpha = alpha
        self.negative_ratio = negative_ratio
        self.learning_rate = learning_rate
        self.init = init
        self.anchor = anchor
        self.max_iter = max_iter
        self.tol = tol
        self.pooling = pooling
        self.combine = combine
        self.postprocess = postprocess
        self.memory_limit = memory_limit
        self.temp_dir = temp_dir
        self.memory = memory
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.checkpoint = checkpoint
        self.checkpoint_every = checkpoint_every
        self.callback = callback

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Iterable, y: Any = None) -> GloVeVectorizer:
        """Learn the vocabulary and the word vectors.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents. They are read once, so X may be a generator. Or a `dask.bag.Bag` or a Series of `dask.dataframe`, whose
            partitions the current scheduler or client reads; the word vectors have the bits of a list of its documents.
        y : None
            Ignored.

        Returns
        -------
        self : GloVeVectorizer
        """
        self._fit(X, return_features=False)
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X: Iterable, y: Any = None) -> np.ndarray:
        """Learn from documents, which are read once, and return their vectors.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents, or a collection of Dask as for `fit`, which is read twice.
        y : None
            Ignored.

        Returns
        -------
        vectors : ndarray of shape (n_documents, n_features_out), float32
            The same as ``fit(X).transform(X)``; of a collection, a Dask array.
        """
        if as_collection(X) is not None:
            return self.fit(X).transform(X)
        return self._fit(X, return_features=True)

    def transform(self, X: Iterable) -> np.ndarray:
        """Compute the vectors of documents, each independently of the others.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents. They are read once, so X may be a generator. Or a collection of Dask, as for `fit`.

        Returns
        -------
        vectors : ndarray of shape (n_documents, n_features_out), float32
            Zeros for a document without a known word. Of a collection, a Dask array that is computed when it is asked for, with a
            chunk for each partition. The lengths of the partitions are those of the last `fit` if it had the same collection;
            otherwise this call counts the documents.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If a document is not text; the message has its position.
        """
        if not hasattr(self, "embedding_"):
            check_is_fitted(self)  # which alone takes longer than a short document
        if (collection := as_collection(X)) is None:
            check_documents(X)
        n_threads(self.n_jobs)  # raises for 0
        # One dict, so that everything is of the same fit even if another thread refits meanwhile.
        attributes = self.__dict__
        fitted = attributes.copy()
        pooler, n_words, encoder = _pooler_of(fitted), len(fitted["vocabulary_"]), fitted["_encoder"]
        if encoder.n_terms != n_words:  # vocabulary_ was changed by hand
            encoder = attributes["_encoder"] = _make_encoder(fitted)
        for name, array in (("embedding_", pooler.embedding), ("term_weights_", pooler.weights)):
            if array is not None and len(array) != n_words:
                raise ValueError(
                    f"{name} has {number_of(len(array), 'row')} for {number_of(n_words, 'word')} of vocabulary_."
                )
        if collection is not None:
            return self._transform_collection(collection, fitted)
        return vectors_of_documents(X, encoder, pooler, self.n_jobs)

    @overload
    def infer_vectors(
        self, documents: Iterable, words: Iterable[str] | None = ..., min_count: int = ..., extend: Literal[False] = ...
    ) -> KeyedVectors: ...
    @overload
    def infer_vectors(
        self, documents: Iterable, words: Iterable[str] | None = ..., min_count: int = ..., *, extend: Literal[True]
    ) -> GloVeVectorizer: ...
    def infer_vectors(
        self, documents: Iterable, words: Iterable[str] | None = None, min_count: int = 1, extend: bool = False
    ) -> KeyedVectors | GloVeVectorizer:
        """Infer vectors of words that are not in the vocabulary from their contexts in documents, without training.

        Neighbours are counted with the window and the weighting of the last fit. The vectors are in the space of `embedding_`,
        post-processing included. One occurrence gives no more than a hint. From about 16 on, most inferred vectors are nearer to
        the trained vector of the word than to that of any other.

        Parameters
        ----------
        documents : iterable of str, bytes, or whatever `input` or `analyzer` takes
            Texts in which the words occur. All are read into memory.
        words : iterable of str or None, default=None
            The words as the analyzer returns them, in lower case by default; None for all that are not in the vocabulary.
        min_count : int, default=1
            Leave out words that occur less often. It has no effect with `words`.
        extend : bool, default=False
            Add the words to the fitted attributes, so that `transform` and `to_keyed_vectors` know them, with their counts in
            the documents. `context_embedding_` gets rows of zeros. A later fit trains them as new words.

        Returns
        -------
        keyed_vectors : gensim.models.KeyedVectors, or the vectorizer itself with ``extend=True``
            The words in descending order of their counts in the documents, with the attribute "count".

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If there are no such words, or one of `words` is in the vocabulary, does not occur, or has no known neighbour.
        ImportError
            If gensim is not installed; not with ``extend=True``.
        """
        check_is_fitted(self)
        check_documents(documents)
        fitted = self.__dict__.copy()
        decode = make_count_vectorizer({**fitted["_fitted_with"], "vocabulary": None}).decode
        parameters = {**self._counting_parameters(), **fitted["_fitted_with"], "vocabulary": None, "input": "content"}
        read = list(documents)
        if fitted["_fitted_with"]["input"] != "content":
            read = [decode(document) for document in read]
        with Storage() as storage, ThreadTeam(self.n_jobs) as team:
            new, counts, contexts = contexts_of_new_words(
                read, terms_by_row(fitted["vocabulary_"]), words, min_count, parameters, storage, self.n_jobs
            )
            vectors = infer(contexts, fitted["embedding_"], fitted["counts_"], team)
        if not extend:
            return make_keyed_vectors(new, vectors, counts)
        self._set_fitted(_extended(fitted, new, vectors, counts))
        return self

    def to_keyed_vectors(self) -> KeyedVectors:
        """Return the word vectors as a gensim object, for `most_similar` and its other queries.

        Returns
        -------
        keyed_vectors : gensim.models.KeyedVectors
            The most frequent word first, with the attribute "count" of each. The vectors are copied.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ImportError
            If gensim is not installed.
        """
        terms, vectors, counts = as_word_vectors(self)
        return make_keyed_vectors(terms, vectors.astype(np.float32), counts)

    def __getitem__(self, term: str | int) -> np.ndarray:
        """Return the vector of a word, shape (d,), float32; KeyError if the word is not in the vocabulary.

        An integer, such as the id of an item, is the word of its digits.
        """
        check_is_fitted(self)
        term = as_term(term)
        if not isinstance(term, str) or term not in self.vocabulary_:
            raise KeyError(f"{term!r} is not among {number_of(len(self.vocabulary_), 'word')} of vocabulary_")
        return self.embedding_[self.vocabulary_[term]].copy()

    def __contains__(self, term: object) -> bool:
        check_is_fitted(self)
        return as_term(term) in self.vocabulary_

    def predict_log_cooccurrence(self, words: Any = None, contexts: Any = None) -> np.ndarray:
        """Estimate the logarithm of entries of X: w . c + b + b'; only after a fit with ``warm_start=True``.

        The higher the estimate, the more often the model expects the context word near the word. For items in baskets it ranks
        what goes with the items of a basket; fit with ``sample=None`` for that, because `sample` scales X, so that popular items
        would count for less.

        Parameters
        ----------
        words, contexts : str, sequence of str, or None, default=None
            None for all, in the order of the rows of `embedding_`.

        Returns
        -------
        estimates : ndarray of shape (n_words, n_contexts), float32

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If the model was fitted without ``warm_start=True``, and did not keep its parameters.
        KeyError
            If a word is not in the vocabulary.
        """
        check_is_fitted(self)
        row_of, n = self.vocabulary_, len(self.vocabulary_)
        return log_cooccurrence(self, indices_of(words, row_of, n, "word"), indices_of(contexts, row_of, n, "word"))

    @overload
    def _fit(self, X: Iterable, return_features: Literal[True]) -> np.ndarray: ...
    @overload
    def _fit(self, X: Iterable, return_features: Literal[False]) -> None: ...
    def _fit(self, X: Iterable, return_features: bool) -> np.ndarray | None:
        state = warm_start_state(self)
        with Storage(self.memory_limit, self.temp_dir) as storage, ThreadTeam(self.n_jobs) as team:
            counted, fitted = self._count_and_train(
                lambda: self._count_or_load(X, state, storage), TrainingSettings.of(self), state, storage, team,
                keeps_tokens=return_features,
            )  # fmt: skip
            features = None
            if return_features:
                assert isinstance(counted, CountResult)
                features = vectors_of_corpus(counted.tokens, _pooler_of(fitted), team)
            if (collection := as_collection(X)) is not None:
                fitted["_partitions"] = name_of(collection), counted.tokens.sizes
        # Nothing is set before this line: an error or an interruption leaves the estimator as it was.
        self._set_fitted(fitted)
        return features

    @fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Iterable, y: Any = None) -> GloVeVectorizer:
        """Add documents to those of earlier calls, and continue training on all of them.

        The vocabulary and the counts are those of all documents so far, bit for bit, as in
        :meth:`CooccurrenceCounter.partial_fit`. Training makes `max_iter` epochs over all documents so far, from the
        current vectors; new words are initialised so that they fit the known ones. The result is that of ``warm_start=True`` and
        `fit` on all documents so far, but the earlier documents are no longer needed. Their tokens are kept, 4 bytes each (in a
        temporary file if they exceed their fraction of `memory_limit`), and so is the state of the optimiser.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            More documents. They are read once, so X may be a generator.
        y : None
            Ignored.

        Returns
        -------
        self : GloVeVectorizer

        Raises
        ------
        ValueError
            If the earlier documents were given to `fit`, which keeps no tokens; if a parameter of the text, such as `lowercase`,
            has changed since the first call; and for the same reasons as in `fit`.
        """
        refuse_collection(X, "partial_fit", "fit takes them, and with warm_start=True it continues training")
        tokens: TokenStore | None = self.__dict__.get("_tokens")
        if tokens is None and hasattr(self, "embedding_"):
            raise ValueError(
                "partial_fit continues partial_fit, but the earlier fit kept no tokens to continue from; begin with partial_fit, "
                "or fit a clone."
            )
        state = None if tokens is None else kept_state(self, "partial_fit")
        settings = replace(TrainingSettings.of(self), warm_start=True)
        parameters = self._counting_parameters(state) | {"memory_limit": self.memory_limit, "temp_dir": self.temp_dir}
        mark, store = None if tokens is None else tokens.mark(), tokens
        try:
            with Storage(self.memory_limit, self.temp_dir) as storage, ThreadTeam(self.n_jobs) as team:

                def count() -> CountResult:
                    nonlocal store
                    store = read_tokens(X, parameters, tokens, storage, self.n_jobs, self.verbose)
                    return count_stored(store, parameters, storage, self.n_jobs, self.verbose)

                _, fitted = self._count_and_train(count, settings, state, storage, team, keeps_tokens=False)
            assert store is not None
            # Nothing is set before this line: an error or an interruption leaves the estimator as it was.
            self._set_fitted({**fitted, "_tokens": store, "n_documents_seen_": store.n_documents})
        except BaseException:
            if tokens is not None and mark is not None:
                tokens.restore(mark)
            raise
        return self

    def _count_and_train(
        self,
        count: Callable[[], CountResult | DistributedCounts],
        settings: TrainingSettings,
        state: ModelState | None,
        storage: Storage,
        team: ThreadTeam,
        *,
        keeps_tokens: bool,
    ) -> tuple[CountResult | DistributedCounts, dict[str, Any]]:
        """Count and train from a state, and return the counts and the fitted attributes."""
        start = perf_counter()
        given = read_given_words(self.init, settings)
        checkpoint = open_checkpoint(settings, given)

        def before_training(counted: CountResult | DistributedCounts) -> tuple[ModelState | None, np.ndarray | None]:
            if not keeps_tokens and not POOLINGS[self.pooling].needs_tokens and self.memory is None:
                counted.tokens.close()
            terms = terms_by_row(counted.vocabulary)
            return (
                None if state is None else self._align_state(state, counted),
                None if given is None else given.rows(terms, len(terms)),
            )

        def make_snapshot(counted: CountResult | DistributedCounts, model: TrainedModel) -> GloVeVectorizer:
            other = object.__new__(type(self))
            other.__dict__ = self.__dict__.copy()
            own = counted._replace(vocabulary=counted.vocabulary.copy(), counts=counted.counts.copy())
            other._set_fitted(self._fitted_attributes(own, model, settings, team))
            return other

        counted, model = count_and_train(
            count, settings, storage, team,
            checkpoint=checkpoint, before_training=before_training, make_snapshot=make_snapshot,
        )  # fmt: skip
        fitted = self._fitted_attributes(counted, model, settings, team)
        return counted, {**fitted, "fit_time_": perf_counter() - start}

    def _fitted_attributes(
        self,
        counted: CountResult | DistributedCounts,
        model: TrainedModel,
        settings: TrainingSettings,
        team: ThreadTeam,
    ) -> dict[str, Any]:
        tokens, counts = counted.tokens, counted.counts
        fitted: dict[str, Any] = {
            "vocabulary_": counted.vocabulary,
            "counts_": counts,
            "embedding_": model.embedding,
            "context_embedding_": model.state.contexts.vectors[: len(counts)],
            "loss_curve_": model.state.loss_curve,
            "n_iter_": len(model.state.loss_curve),
            "x_max_": model.x_max,
            # `transform`, `infer_vectors` and `uncertainty` go by the parameters of the last fit.
            "_fitted_with": {
                **{name: getattr(self, name) for name in (*TEXT_PARAMETERS, *_OF_CONTEXT, "pooling", *_OF_VARIANCE)},
                "near_size": counted.near_size,
            },
        }
        if settings.warm_start:
            fitted.update(model.state.attributes(warm_start=True))
        pooler = fit_pooler(tokens, counts, model.embedding, POOLINGS[self.pooling], team)
        learnt = {"term_weights_": pooler.weights, "common_component_": pooler.component}
        return fitted | {name: array for name, array in learnt.items() if array is not None}

    def _set_fitted(self, fitted: dict[str, Any]) -> None:
        encoder = _make_encoder(fitted)
        obsolete = (
            "term_weights_",
            "common_component_",
            "n_documents_seen_",
            "fit_time_",
            "_tokens",
            "_partitions",
            *STATE_ATTRIBUTES,
        )
        kept = {name: value for name, value in self.__dict__.copy().items() if name not in obsolete}
        # In one step: another thread that transforms or pickles meanwhile sees all of one fit.
        self.__dict__ = {**kept, **fitted, "_encoder": encoder}

    def _align_state(self, state: ModelState, counted: CountResult | DistributedCounts) -> ModelState:
        """Bring the state of the earlier fit into the order of another vocabulary, with rows of NaN for new words."""
        vocabulary, (n_words, n_contexts) = counted.vocabulary, counted.rows.shape
        if state.shape[1] * n_words != state.shape[0] * n_contexts:
            raise ValueError(
                f"training resumes a fit with {state.shape[1] // state.shape[0]} context vectors a word, got "
                f"near_size={self.near_size} and context={self.context!r}, which make {n_contexts // n_words}; fit a clone."
            )
        if vocabulary == self.vocabulary_:
            return state
        rows = np.array([self.vocabulary_.get(term, -1) for term in terms_by_row(vocabulary)])
        if (rows < 0).all():
            raise ValueError("warm_start=True, but no word of X was in the earlier fit; fit a clone.")
        return state.take(rows)

    def _counting_parameters(self, state: ModelState | None = None) -> dict[str, Any]:
        """Return the parameters on which counts depend; `state` is that of the fit that is continued, if any."""
        parameters = {name: getattr(self, name) for name in inspect.signature(CooccurrenceCounter).parameters}
        for name in ("n_jobs", "verbose", "memory_limit", "temp_dir"):
            del parameters[name]
        if self.near_size == "auto" and state is not None:
            parameters["near_size"] = self._fitted_with["near_size"]
        elif self.near_size == "auto" and not is_init_method(self.init):
            # Where a word has one context vector, that begins at its given vector, too; near contexts would begin at nothing.
            parameters["near_size"] = 0
        return parameters

    def _count_or_load(
        self, X: Iterable, state: ModelState | None, storage: Storage
    ) -> CountResult | DistributedCounts:
        """Count, or load the counts of the same documents and parameters from the cache."""
        parameters = self._counting_parameters(state)
        if (collection := as_collection(X)) is not None:
            return self._count_collection(collection, parameters, storage)
        if self.memory is None:
            return count_cooccurrences(X, parameters, storage, self.n_jobs, self.verbose)
        if self.memory_limit is not None:
            raise ValueError(
                f"memory={self.memory!r}, the cache, needs the counts in memory: it cannot be used with memory_limit="
                f"{self.memory_limit!r}; set one of them to None."
            )
        check_documents(X)
        if self.input != "content":
            # The cache should recognise documents by their content, not by where they are.
            decode = make_count_vectorizer(parameters).decode
            X, parameters = [decode(document) for document in X], {**parameters, "input": "content"}
        elif not hasattr(X, "__getitem__"):
            X = list(X)  # a generator or a view cannot be hashed
        memory = os.fspath(self.memory) if hasattr(self.memory, "__fspath__") else self.memory
        count = check_memory(memory).cache(_count_in_memory, ignore=["n_jobs", "verbose"])
        try:
            counted = count(X, parameters, n_jobs=self.n_jobs, verbose=self.verbose)
            # A cache may return the same object twice, and training closes the rows that it is given.
            return counted._replace(rows=CsrRows(counted.rows.to_csr()))
        except PicklingError:
            functions = {name: value for name, value in parameters.items() if callable(value)}
            hint = "define them with def, at the top of a module, instead of lambda"
            if any(getattr(value, "__module__", "") == "__main__" for value in functions.values()):
                hint = (
                    "move them to the top of a module of their own and import them from there, because worker processes do not "
                    "know the functions of a script or notebook, nor any process a lambda"
                )
            raise ValueError(
                f"memory={self.memory!r} must identify the functions among the parameters ({', '.join(functions)}) by name: "
                f"{hint}."
            ) from None

    def _count_collection(
        self, collection: Any, parameters: dict[str, Any], storage: Storage
    ) -> CountResult | DistributedCounts:
        if self.memory is not None:
            raise ValueError(
                f"memory={self.memory!r}, the cache, keeps the counts of documents in this process, but these are a collection "
                "of Dask; set memory to None."
            )
        counted = count_collection(collection, parameters, storage, self.n_jobs, self.verbose)
        if isinstance(counted, DistributedCounts):
            storage.keep(counted.rows)
            storage.keep(counted.tokens)
        return counted

    def _transform_collection(self, collection: Any, fitted: dict[str, Any]) -> Any:
        names = ("vocabulary_", "embedding_", "term_weights_", "common_component_", "_fitted_with")
        model = object.__new__(type(self))
        model.__setstate__({"n_jobs": None, **{name: fitted[name] for name in names if name in fitted}})
        # The documents of the fit have been counted.
        name, n_documents = fitted.get("_partitions", (None, None))
        return transform_collection(
            collection, model, fitted["embedding_"].shape[1], n_documents if name == name_of(collection) else None
        )

    def _terms_of(self, document: Any) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Return the different words of a document, how often each occurs, and the terms that add up to its vector."""
        fitted = self.__dict__.copy()
        (_, batch), *_ = fitted["_encoder"].batches([document])
        rows, counts, terms = _pooler_of(fitted).terms(fitted["_encoder"].encode(0, batch)[0])
        names = terms_by_row(fitted["vocabulary_"])
        return [names[row] for row in rows], counts, terms

    @property
    def _n_features_out(self) -> int:
        return self.embedding_.shape[1]

    def __getstate__(self) -> dict[str, Any]:
        # The encoder is a hash table in memory of its own; it is rebuilt from vocabulary_.
        state = super().__getstate__()
        kept = {name: value for name, value in state.items() if name != "_encoder"}
        return {**kept, "_tokens": kept["_tokens"].state()} if "_tokens" in kept else kept

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if hasattr(self, "vocabulary_"):
            self._encoder = _make_encoder(self.__dict__)
        if "_tokens" in state:
            self._tokens = TokenStore.of_state(state["_tokens"])

    def __sklearn_clone__(self) -> GloVeVectorizer:
        return clone_sharing(self, "init")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def _count_in_memory(documents: Iterable, parameters: dict[str, Any], n_jobs: int | None, verbose: int) -> CountResult:
    """Compute what the cache keeps."""
    return count_cooccurrences(documents, parameters, Storage(math.inf), n_jobs, verbose)


def _pooler_of(fitted: dict[str, Any]) -> DocumentPooler:
    """Make the pooler that belongs to fitted attributes."""
    return DocumentPooler(
        fitted["embedding_"],
        POOLINGS[fitted["_fitted_with"]["pooling"]],
        fitted.get("term_weights_"),
        fitted.get("common_component_"),
    )


def _make_encoder(fitted: dict[str, Any]) -> Encoder:
    """Make the encoder that belongs to fitted attributes; the parameters may have changed since."""
    text = make_count_vectorizer({**fitted["_fitted_with"], "vocabulary": None})
    return Encoder(text, terms_by_row(fitted["vocabulary_"]))


def _extended(fitted: dict[str, Any], terms: list[str], vectors: np.ndarray, counts: np.ndarray) -> dict[str, Any]:
    """Return fitted attributes with more words; to a later fit they are new."""
    n_known, n = len(fitted["vocabulary_"]), len(terms)
    extended = {
        **fitted,
        "vocabulary_": {**fitted["vocabulary_"], **{term: n_known + i for i, term in enumerate(terms)}},
        "counts_": np.append(fitted["counts_"], counts),
        "embedding_": np.vstack([fitted["embedding_"], vectors]),
    }
    fill = {"context_embedding_": 0.0, **{name: np.nan for names in ATTRIBUTES.values() for name in names}}
    for name in fill.keys() & fitted.keys():
        # Where words have several context vectors, those of all words follow each other.
        known = fitted[name].reshape(-1, n_known, *fitted[name].shape[1:])
        new = np.full((len(known), n, *known.shape[2:]), fill[name], dtype=known.dtype)
        extended[name] = np.concatenate([known, new], axis=1).reshape(-1, *known.shape[2:])
    if "term_weights_" in fitted:
        # The documents of the fit do not have these words: they weigh as much as the rarest.
        weights = fitted["term_weights_"]
        extended["term_weights_"] = np.append(weights, np.full(n, weights.max(), dtype=weights.dtype))
    return extended
