"""GloVeVectorizer: documents in, document vectors out."""

from __future__ import annotations

import copy
import inspect
import os
from collections.abc import Callable, Iterable
from itertools import chain, islice
from pickle import PicklingError
from typing import TYPE_CHECKING, Any

import numpy as np
from joblib import effective_n_jobs
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin, _fit_context
from sklearn.utils._param_validation import HasMethods, StrOptions
from sklearn.utils.validation import check_is_fitted, check_memory

from glove_sklearn._counting.row_store import CsrRows, cumulative_offsets
from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.pooling import common_component, idf_weights, pool, remove_component, sif_weights
from glove_sklearn._embedding.word_vectors import as_word_vectors
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text.corpus import Corpus
from glove_sklearn._text.encoder import Encoder, check_documents
from glove_sklearn._text.vocabulary import terms_by_row
from glove_sklearn._training.state import ModelState
from glove_sklearn.counter import (
    TEXT_PARAMETERS,
    TOKEN_PATTERN,
    CooccurrenceCounter,
    CountResult,
    count_cooccurrences,
    text_parameters,
)
from glove_sklearn.glove import WARM_ATTRIBUTES, GloVe, fitted_state

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


#: What a fit that goes on needs of the last, besides what is always there.
_STATE_ATTRIBUTES = ("word_vectors_", "context_vectors_", "word_biases_", "context_biases_", *WARM_ATTRIBUTES)


class GloVeVectorizer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Learn GloVe word vectors from documents, and turn documents into vectors.

    The same as :class:`CooccurrenceCounter` followed by :class:`GloVe`, and then each document is the mean (or what `pooling`
    says) of the vectors of its words.

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
    window_size : int or None, default=50
        Number of neighbours on each side that count as context; None for all in the document. Windows end with the document.
    context : {"symmetric", "left", "right"}, default="symmetric"
        Which neighbours of a word are its context.
    weighting : float, {"harmonic", "flat"} or array-like of shape (window_size,), default=0.6
        Weight of a neighbour at distance 1, 2, ...: a number p is for ``distance**-p``, "harmonic" for 1/distance, "flat" for 1;
        an array has the weight of each distance. Not negative, and a power at most 10.
    x_max : float or "auto", default="auto"
        Co-occurrences from here on have full weight. "auto" gives it to one in a hundred of the pairs that occur.
    alpha : float, default=0.75
        Exponent of the weight below `x_max`.
    negative_ratio : float, default=0.5
        Pairs of words that never occur together, to train on for each pair that does: see :class:`GloVe`. 0 for none.
    learning_rate : float, default=0.05
        Initial step of AdaGrad.
    init : {"svd", "random"}, default="svd"
        What training starts from: a singular value decomposition of positive pointwise mutual information, or random numbers.
    max_iter : int, default=4
        Number of passes over the co-occurrences.
    tol : float or None, default=None
        Stop after the first pass that lowers the loss by less than this share of it. None to make all passes.
    pooling : {"mean", "sum", "max", "idf", "sif"}, default="mean"
        How word vectors make a document vector. "idf": mean weighted by inverse document frequency. "sif": mean weighted by
        smooth inverse frequency, then without the component that the documents seen in `fit` have in common.
    combine : {"sum", "word", "context", "concat"}, default="sum"
        What is the vector of a word: w + c, w, c, or both side by side, which doubles the columns.
    postprocess : {"level", "all-but-the-top", "center"} or None, default="level"
        What is done to the vectors of the words after training. "level": the mean of all tokens is taken out, and their first
        principal component, which holds how frequent a word is more than what it means, is made no larger than the second.
        "all-but-the-top": the first component is taken out, too. "center": the mean alone. The columns then have a standard
        deviation of 1/2 over the tokens, on average. None leaves the vectors as trained.
    memory_limit : number, str or None, default=None
        Memory that `fit` may take for what grows with the documents: bytes, or "2GB". Tokens, counts and entries of X for
        which there is no room are kept in temporary files. The result is the same bits. The documents themselves, the
        vocabulary and the vectors that `fit_transform` returns are not counted.
    temp_dir : str, path or None, default=None
        Folder of the temporary files; None for the system's. They have no name, and vanish when the process ends.
    memory : str, path, object with the joblib.Memory interface, or None, default=None
        Cache of the counting: fits that differ in model parameters only, as in a grid search, count once. Documents are
        then all read into memory. Functions among the parameters are known by their names: after a change of what a
        tokenizer or analyzer does, clear the cache.
    n_jobs : int or None, default=None
        Number of threads; -1 for all processors. No result depends on it.
    random_state : int, RandomState instance or None, default=None
        Of the initial vectors, of what is drawn for `negative_ratio` and of the order of visits. An int makes results reproducible to the
        last bit.
    verbose : int, default=0
        1 shows progress bars, and the loss.
    warm_start : bool, default=False
        Keep in `fit` what it takes to go on, and go on from there in the next `fit`: `max_iter` more passes. On the same
        documents, 10 passes and 15 more give the same bits as 25. On others, words that are known go on from their
        vectors and new words begin as `init` says, with "svd" where they fit to the known; words that do not occur any more are
        dropped, unless `vocabulary` has them.
    checkpoint : str, path or None, default=None
        File in which `fit` keeps the state of training, and from which it goes on if the file is there: a run that was
        killed, and is started again with the same documents and parameters, ends with the same bits as one that was
        not. `max_iter` counts all passes of the run. Counting is done again. The file stays; remove it to begin anew.
    checkpoint_every : int, default=1
        Number of passes between two writes of `checkpoint`. The last pass is always written.
    callback : callable or None, default=None
        Called after each pass as ``callback(n_iter, loss, snapshot)``: the number of passes so far, the loss of this one, and a
        function without arguments that returns a fitted copy of the vectorizer, as if training ended here; it can be
        called until the callback returns. Returning True stops training.

    Attributes
    ----------
    vocabulary_ : dict
        Row of each word. By falling count, ties in the order of code points; as given if `vocabulary` was given.
    counts_ : ndarray of shape (n_words,), int64
        Occurrences of each word.
    embedding_ : ndarray of shape (n_words, d), or (n_words, 2 d) with ``combine="concat"``, float32
        Vectors of the words: what `combine` says, after `postprocess`.
    context_embedding_ : ndarray of shape (n_words, d), float32
        The context vectors c alone, as trained.
    term_weights_ : ndarray of shape (n_words,), float32
        Weight of each word; with ``pooling="idf"`` and ``"sif"`` only.
    common_component_ : ndarray of shape (n_features_out,), float32
        What is removed from document vectors; with ``pooling="sif"`` only.
    loss_curve_ : ndarray of shape (n_iter_,), float64
        Mean weighted squared error of each pass.
    n_iter_ : int
        Number of passes made.
    x_max_ : float
        What `x_max` was.
    word_vectors_, context_vectors_, word_biases_, context_biases_, word_accumulators_, context_accumulators_, random_state_
        With `warm_start`: what :class:`GloVe` has under these names.

    Raises
    ------
    ValueError
        From `fit`: no documents, no tokens, nothing left of the vocabulary; `weighting` does not fit `window_size`; `x_max` or
        `learning_rate` is not between 1e-30 and 1e30; also from `transform`: something among the documents that is not text,
        with its position. Also if `checkpoint` is a file of another run, or `warm_start` cannot
        go on from what was fitted.
    FloatingPointError
        From `fit`: `learning_rate` is too high.
    MemoryError
        From `fit`, before the parameters are allocated: they would not fit in memory, or not in `memory_limit`.
    OSError
        From `fit`: the disk of `temp_dir` or of `checkpoint` is full.

    Notes
    -----
    Parameters that are changed after `fit` take effect with the next `fit`; `n_jobs` at once. With
    `warm_start`, `init` and `learning_rate` have no effect on words that were trained before.

    See Also
    --------
    CooccurrenceCounter : The counting alone.
    GloVe : The training alone, for any matrix of co-occurrences.

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

    _parameter_constraints: dict = {
        **CooccurrenceCounter._parameter_constraints,
        **GloVe._parameter_constraints,
        "pooling": [StrOptions({"mean", "sum", "max", "idf", "sif"})],
        "memory": [str, HasMethods(["__fspath__"]), HasMethods(["cache"]), None],
    }

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
        token_pattern: str | None = TOKEN_PATTERN,
        analyzer: Any = "word",
        min_count: int = 5,
        min_df: float = 1,
        max_df: float = 1.0,
        max_features: int | None = None,
        vocabulary: Any = None,
        window_size: int | None = 50,
        context: str = "symmetric",
        weighting: Any = 0.6,
        x_max: Any = "auto",
        alpha: float = 0.75,
        negative_ratio: float = 0.5,
        learning_rate: float = 0.05,
        init: str = "svd",
        max_iter: int = 4,
        tol: float | None = None,
        pooling: str = "mean",
        combine: str = "sum",
        postprocess: str | None = "level",
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
        self.x_max = x_max
        self.alpha = alpha
        self.negative_ratio = negative_ratio
        self.learning_rate = learning_rate
        self.init = init
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

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Iterable, y: Any = None) -> GloVeVectorizer:
        """Learn the vocabulary and the word vectors.

        Parameters
        ----------
        X : iterable of str, bytes, or what `input` or `analyzer` takes
            The documents; read once, so a generator will do.
        y : None
            Ignored.

        Returns
        -------
        self : GloVeVectorizer
        """
        self._fit(X, wants_vectors=False)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X: Iterable, y: Any = None) -> np.ndarray:
        """Learn, and return the vectors of the same documents, which are read once.

        Parameters
        ----------
        X : iterable of str, bytes, or what `input` or `analyzer` takes
            The documents.
        y : None
            Ignored.

        Returns
        -------
        vectors : ndarray of shape (n_documents, n_features_out), float32
            The same as ``fit(X).transform(X)``.
        """
        return self._fit(X, wants_vectors=True)

    def transform(self, X: Iterable) -> np.ndarray:
        """Vectors of documents. That of a document depends on no other.

        Parameters
        ----------
        X : iterable of str, bytes, or what `input` or `analyzer` takes
            The documents; read once, so a generator will do.

        Returns
        -------
        vectors : ndarray of shape (n_documents, n_features_out), float32
            Zeros for a document with no known word.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            Where a document is not text; with its position.
        """
        if not hasattr(self, "embedding_"):
            check_is_fitted(self)  # which takes longer than a short document
        check_documents(X)
        effective_n_jobs(self.n_jobs)  # refuses 0
        # All of one fit, whatever another thread does meanwhile.
        fitted = self.__dict__.copy()
        pooling, embedding, n_words = (
            fitted["_fitted_with"]["pooling"],
            fitted["embedding_"],
            len(fitted["vocabulary_"]),
        )
        weights: np.ndarray | None = fitted.get("term_weights_")
        component: Any = fitted.get("common_component_")
        encoder = fitted["_encoder"]
        if encoder.n_terms != n_words:  # somebody has changed vocabulary_
            encoder = self._encoder = _encoder(fitted)
        for name, array in (("embedding_", embedding), ("term_weights_", weights)):
            if array is not None and len(array) != n_words:
                raise ValueError(f"{name} has {len(array)} rows for {n_words} words of vocabulary_.")

        def vectors_of(position: int, batch: list) -> np.ndarray:
            ids, lengths = encoder.encode(position, batch)
            vectors = pool(ids, cumulative_offsets(lengths), embedding, pooling, weights)
            return remove_component(vectors, component) if pooling == "sif" else vectors

        batches = encoder.batches(X)
        first = list(islice(batches, 2))
        if len(first) == 1:
            return vectors_of(*first[0])  # nothing for threads to share out
        batches = chain(first, batches)
        parts = [np.zeros((0, embedding.shape[1]), dtype=np.float32)]
        with ThreadTeam(self.n_jobs) as team:
            # A few batches at a time: documents that come from a generator are not all in memory at once.
            while some := list(islice(batches, 4 * team.n_jobs)):
                parts += team.run(vectors_of, some)
        return np.concatenate(parts)

    def to_keyed_vectors(self) -> KeyedVectors:
        """The word vectors as a gensim object, for `most_similar` and its other queries.

        Returns
        -------
        keyed_vectors : gensim.models.KeyedVectors
            The most frequent word first, with the attribute "count" of each. The vectors are a copy.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ImportError
            Where gensim is not installed.
        """
        check_is_fitted(self)
        terms, vectors, counts = as_word_vectors(self)
        return make_keyed_vectors(terms, vectors.astype(np.float32), counts)

    def _fit(self, X: Iterable, wants_vectors: bool) -> Any:
        glove = GloVe(**self._parameters_of(GloVe))
        checkpoint, start = glove.open_checkpoint(), fitted_state(self)
        with Storage(self.memory_limit, self.temp_dir) as storage, ThreadTeam(self.n_jobs) as team:
            counted = self._counted(X, storage)
            tokens = counted.tokens
            if not (wants_vectors or self.pooling in ("idf", "sif")) and self.memory is None:
                tokens.close()

            def snapshot(trained: dict[str, Any]) -> GloVeVectorizer:
                other = copy.copy(self)
                own = counted._replace(vocabulary=counted.vocabulary.copy(), counts=counted.counts.copy())
                other._keep(self._fitted(own, trained, team))
                return other

            if start is not None:
                start = self._of_vocabulary(start, counted.vocabulary)
            trained = glove.train(counted.rows, storage, team, start=start, checkpoint=checkpoint, snapshot=snapshot)
            fitted = self._fitted(counted, trained, team)
            vectors = None
            if wants_vectors:
                vectors = np.empty((tokens.n_documents, fitted["embedding_"].shape[1]), dtype=np.float32)
                offsets = cumulative_offsets(np.array([n_documents for _, n_documents in tokens.batch_sizes]))

                def fill(place: int) -> None:
                    some = self._pooled(tokens, place, fitted)
                    if self.pooling == "sif":
                        some = remove_component(some, fitted["common_component_"])
                    vectors[offsets[place] : offsets[place + 1]] = some

                team.run(fill, [(place,) for place in range(len(tokens))])
        # Only now is anything set: an error or an interruption leaves the estimator as it was.
        self._keep(fitted)
        return vectors

    def _fitted(self, counted: CountResult, trained: dict[str, Any], team: ThreadTeam) -> dict[str, Any]:
        """The fitted attributes."""
        tokens, counts = counted.tokens, counted.counts
        fitted: dict[str, Any] = {
            "vocabulary_": counted.vocabulary,
            "counts_": counts,
            "embedding_": trained["embedding_"],
            "context_embedding_": trained["context_vectors_"],
            "loss_curve_": trained["loss_curve_"],
            "n_iter_": trained["n_iter_"],
            "x_max_": trained["x_max_"],
            "_fitted_with": {name: getattr(self, name) for name in (*TEXT_PARAMETERS, "pooling")},
        }
        if self.warm_start:
            fitted.update({name: trained[name] for name in _STATE_ATTRIBUTES})
        if self.pooling == "idf":
            frequencies = tokens.document_frequencies(len(counts))
            fitted["term_weights_"] = idf_weights(frequencies, tokens.n_documents)
        elif self.pooling == "sif":
            fitted["term_weights_"] = sif_weights(counts)
            parts = (self._pooled(tokens, place, fitted) for place in range(len(tokens)))
            fitted["common_component_"] = common_component(parts, fitted["embedding_"].shape[1], team)
        return fitted

    def _pooled(self, tokens: Corpus, place: int, fitted: dict[str, Any]) -> np.ndarray:
        """Vectors of a batch of documents, before what they have in common is removed."""
        ids, lengths = tokens.batch(place)
        return pool(ids, cumulative_offsets(lengths), fitted["embedding_"], self.pooling, fitted.get("term_weights_"))

    def _keep(self, fitted: dict[str, Any]) -> None:
        encoder = _encoder(fitted)
        for name in ("term_weights_", "common_component_", *_STATE_ATTRIBUTES):
            self.__dict__.pop(name, None)
        self.__dict__.update(fitted, _encoder=encoder)

    def _of_vocabulary(self, start: ModelState, vocabulary: dict[str, int]) -> ModelState:
        """The state in the order of another vocabulary, with NaN for words that are new."""
        if vocabulary == self.vocabulary_:
            return start
        rows = np.array([self.vocabulary_.get(term, -1) for term in terms_by_row(vocabulary)])
        if (rows < 0).all():
            raise ValueError(
                f"warm_start=True, but none of the {len(vocabulary)} words of X was in the earlier fit; fit a clone."
            )
        return start._replace(words=start.words.take(rows), contexts=start.contexts.take(rows))

    def _counted(self, X: Iterable, storage: Storage) -> CountResult:
        """Count, or take the counts of the same documents and parameters from the cache."""
        parameters = self._parameters_of(CooccurrenceCounter)
        for name in ("n_jobs", "verbose", "memory_limit", "temp_dir"):
            del parameters[name]
        if self.memory is None:
            return count_cooccurrences(X, parameters, storage, self.n_jobs, self.verbose)
        if self.memory_limit is not None:
            raise ValueError(
                f"memory={self.memory!r}, the cache, takes counts as a whole: it cannot be used with memory_limit="
                f"{self.memory_limit!r}; set one of them to None."
            )
        check_documents(X)
        if self.input != "content":
            # The cache should know documents by what they say, not by where they are.
            decode = text_parameters(parameters).decode
            X, parameters = [decode(document) for document in X], {**parameters, "input": "content"}
        elif not hasattr(X, "__getitem__"):
            X = list(X)  # a generator or a view cannot be hashed
        memory = os.fspath(self.memory) if hasattr(self.memory, "__fspath__") else self.memory
        count = check_memory(memory).cache(_count_in_memory, ignore=["n_jobs", "verbose"])
        try:
            counted = count(X, parameters, n_jobs=self.n_jobs, verbose=self.verbose)
            # A cache may give the same object again: what is closed must be another.
            return counted._replace(rows=CsrRows(counted.rows.to_csr()))
        except PicklingError:
            functions = [name for name, value in parameters.items() if callable(value)]
            raise ValueError(
                f"memory={self.memory!r} must know the functions that are parameters ({', '.join(functions)}) by name: "
                "define them with def, at the top of a module, instead of lambda."
            ) from None

    def _parameters_of(self, estimator: type) -> dict[str, Any]:
        return {name: getattr(self, name) for name in inspect.signature(estimator).parameters}

    @property
    def _n_features_out(self) -> int:
        return self.embedding_.shape[1]

    def __getstate__(self) -> dict[str, Any]:
        # The encoder is a hash table in memory of its own; it is made again from vocabulary_.
        state = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_encoder"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if hasattr(self, "vocabulary_"):
            self._encoder = _encoder(self.__dict__)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def _count_in_memory(documents: Iterable, parameters: dict[str, Any], n_jobs: int | None, verbose: int) -> CountResult:
    """What the cache keeps."""
    return count_cooccurrences(documents, parameters, Storage(), n_jobs, verbose)


def _encoder(fitted: dict[str, Any]) -> Encoder:
    """Make the encoder that belongs to fitted attributes; the parameters may have changed since."""
    text = text_parameters({**fitted["_fitted_with"], "vocabulary": None})
    return Encoder(text, terms_by_row(fitted["vocabulary_"]))
