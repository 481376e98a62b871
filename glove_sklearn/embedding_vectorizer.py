"""`EmbeddingVectorizer`: documents in, document vectors out, with pretrained word vectors."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from glove_sklearn._distributed.collections import as_collection, refuse_collection
from glove_sklearn._distributed.transformation import transform_collection
from glove_sklearn._embedding.coverage import measure_coverage
from glove_sklearn._embedding.document_vectors import (
    DocumentPooler,
    fit_pooler,
    vectors_of_corpus,
    vectors_of_documents,
)
from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.pooling import POOLINGS
from glove_sklearn._embedding.postprocessing import Postprocessing, learn_postprocessing
from glove_sklearn._embedding.queries import KeyedVectorsHint
from glove_sklearn._parameters import EMBEDDING_VECTORIZER_PARAMETERS, constraints_of
from glove_sklearn._system.sklearn_compat import NotebookDisplay, clone_sharing, fit_context
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam, n_threads
from glove_sklearn._system.warning import warn_caller
from glove_sklearn._system.wording import number_of
from glove_sklearn._text.encoder import TEXT_PARAMETERS, as_term, check_documents, warn_for_parameters
from glove_sklearn._text.known_words import WordFinder
from glove_sklearn._text.vocabulary import ALL_TERMS, encode, renumber_batches
from glove_sklearn._vector_files.resolution import is_path
from glove_sklearn._vector_files.shared_vectors import SharedVectors, shared_vectors

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

#: Parameters of the fit by which a fitted estimator goes on.
_FITTED_WITH = (*(name for name in TEXT_PARAMETERS if name != "vocabulary"), "vectors", "limit", "cache_dir", "pooling")
#: Attributes that not every fit sets.
_OPTIONAL = ("term_weights_", "common_component_", "_postprocessing", "_checksum")


class EmbeddingVectorizer(
    ClassNamePrefixFeaturesOutMixin, TransformerMixin, KeyedVectorsHint, NotebookDisplay, BaseEstimator
):
    r"""Turn documents into vectors with pretrained word vectors.

    The vector of a document is the mean of the vectors of its words, or another `pooling` of them. Words without a vector are
    ignored.

    Parameters
    ----------
    vectors : str, path, KeyedVectors, fitted estimator, WordVectors, or tuple of (terms, array)
        The word vectors. Either the path of a file of any format that :func:`~glove_sklearn.formats.read_vectors` detects,
        plain, compressed or inside a zip (``"glove.6B.zip/glove.6B.100d.txt"``), or an object: a gensim `KeyedVectors` or a
        model with `wv`, a fitted `GloVeVectorizer` or `EmbeddingVectorizer`, `WordVectors`, a data frame, or a tuple of words
        and an array of shape (n_words, d). Clones share the object, and float32 vectors are not copied.
    input : {"content", "filename", "file"}, default="content"
        What the documents are: text, paths of files, or open files.
    encoding : str, default="utf-8"
        Encoding of documents that are bytes.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes that are not valid in `encoding`.
    strip_accents : {"ascii", "unicode"}, callable or None, default=None
        How accents are removed, as in :class:`~sklearn.feature_extraction.text.CountVectorizer`.
    lowercase : bool or "auto", default="auto"
        Whether the case of a word matters when its vector is looked up. "auto" looks a word up as it is written, then in lower
        case, and then ignoring case, where the first match in `vectors` is used. True converts documents to lower case first.
        False looks words up only as they are written.
    preprocessor : callable or None, default=None
        A function ``str -> str`` that replaces lower-casing and the removal of accents.
    tokenizer : callable or None, default=None
        A function ``str -> list of str`` that replaces `token_pattern`.
    stop_words : "english", list of str or None, default=None
        Words to leave out.
    token_pattern : str or None, default=None
        Regular expression of a token. None, without a `tokenizer`, stands for words: runs of letters, digits and underscores,
        one letter included ("a", "I"), with the combining marks that belong to the letters. That is
        :data:`glove_sklearn.WORD_PATTERN`, which CountVectorizer takes, too.
    analyzer : {"word", "char", "char_wb"} or callable, default="word"
        How a document becomes tokens. A callable takes the document as it is and returns its tokens: with ``analyzer=list``
        documents are lists of tokens, and ``str.split`` splits at white space. Tokens that are integers, such as the ids of
        items, become their digits: 7 is "7".
    limit : int or None, default=None
        Use only this many words, from the start of `vectors`; most files start with the most frequent.
    pooling : {"mean", "sum", "max", "idf", "sif"}, default="mean"
        How the vectors of its words become the vector of a document. "idf" is the mean weighted by inverse document frequency.
        "sif" is the mean weighted by smooth inverse frequency, from which the component that the documents seen in `fit` share
        is then removed.
    postprocess : {"flatten", "level", "all-but-the-top", "center"} or None, default=None
        How the embedding is post-processed. "flatten" centres it, raises the variances of its principal components to the power
        3/4, and shrinks the first three, which mostly encode word frequency, to the size of the fourth. "level" centres it and
        shrinks its first principal component to the size of the second; "all-but-the-top" removes that component; "center" only
        centres; None leaves the vectors as trained. Words count as often as they occur in the documents of `fit`. Columns are
        then rescaled to a standard deviation of 1/2 on average over the tokens, so that default classifiers converge.
    cache_dir : str, path, "auto" or None, default="auto"
        If `vectors` is a path: folder of a cache of the vectors as arrays, so that the file is parsed once. Processes
        memory-map the arrays and share them. "auto" caches vectors of at least 16 MiB, in the folder named by the environment
        variable `GLOVE_SKLEARN_CACHE`, or else in `glove_sklearn` in the user's cache folder (`~/.cache` on Linux), and reads
        the file if that fails. With None, each process reads the file into its own memory.
    pickle_vectors : bool, default=False
        If `vectors` is a path: whether a pickle of the fitted estimator holds the vectors, or only the path. With only the
        path, the file is read at the first use after unpickling, and must hold the same vectors. Vectors given as an object are
        always in the pickle.
    memory_limit : number, str or None, default=None
        Working memory of `fit` for what grows with the documents: bytes, or a size such as "2GB". What does not fit goes to
        temporary files, and results keep the same bits. Vectors and documents do not count.
    temp_dir : str, path or None, default=None
        Folder for temporary files; by default the system's. The files have no names, and disappear when the process ends.
    n_jobs : int or None, default=None
        Number of threads; -1 for all processors. No result depends on it.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_words, d), float32
        Vectors of the words, post-processed according to `postprocess`. If they are memory-mapped from a file, they are
        read-only. With `postprocess`, they are computed each time that the attribute is read.
    vocabulary_ : dict
        Row of each word. Other estimators may share it, so do not modify it.
    coverage_ : float
        Fraction of the tokens of the documents seen in `fit` that have a vector. Stop words do not count.
    type_coverage_ : float
        The same fraction of the distinct tokens.
    missing_terms_ : dict of str to int
        The 1,000 most frequent tokens without a vector, with their counts in `fit`, in descending order.
    term_weights_ : ndarray of shape (n_words,), float32
        Weight of each word; only with ``pooling="idf"`` and ``"sif"``.
    common_component_ : ndarray of shape (d,), float32
        The component that is removed from document vectors; only with ``pooling="sif"``.

    Raises
    ------
    TypeError
        From `fit`: `vectors` is not a path or an object with word vectors.
    ValueError
        From `fit`: there are no documents or no tokens, none of the tokens has a vector, a file holds no word vectors, or they
        have NaN or infinite values. From `fit` and `transform`: a document is not text; the message gives its position. After
        unpickling: the file no longer holds the vectors of `fit`.
    OSError
        If the file of the vectors cannot be read, including at the first use after unpickling.

    Warns
    -----
    UserWarning
        From `fit`: less than a third of the tokens have a vector. The message says what might be wrong.

    Notes
    -----
    `fit` reads the documents once. It learns the weights and the common component that `pooling` needs, and the mean and the
    first principal component for `postprocess`. `transform` also uses the vectors of words that did not occur in `fit`; their
    weight is that of a word with a count of 0.

    Parameters that are changed after `fit` take effect with the next `fit`, except `n_jobs` and `pickle_vectors`, which take
    effect at once. If the file of the vectors has moved, set `vectors` of the unpickled estimator to the new path.

    See Also
    --------
    GloVeVectorizer : Learns word vectors from the documents.

    Examples
    --------
    >>> import numpy as np
    >>> from glove_sklearn import EmbeddingVectorizer
    >>> vectors = ["paris", "rome", "is"], np.array([[1, 2], [3, 2], [0, 1]])
    >>> vectorizer = EmbeddingVectorizer(vectors).fit(["Paris is large", "Rome is old"])
    >>> vectorizer.transform(["Rome!", "nothing known"])
    array([[3., 2.],
           [0., 0.]], dtype=float32)
    >>> round(vectorizer.coverage_, 2), vectorizer.missing_terms_
    (0.67, {'large': 1, 'old': 1})
    """

    _parameter_constraints: dict = constraints_of(EMBEDDING_VECTORIZER_PARAMETERS)

    def __init__(
        self,
        vectors: Any,
        *,
        input: str = "content",
        encoding: str = "utf-8",
        decode_error: str = "strict",
        strip_accents: Any = None,
        lowercase: Any = "auto",
        preprocessor: Any = None,
        tokenizer: Any = None,
        stop_words: Any = None,
        token_pattern: str | None = None,
        analyzer: Any = "word",
        limit: int | None = None,
        pooling: str = "mean",
        postprocess: str | None = None,
        cache_dir: Any = "auto",
        pickle_vectors: bool = False,
        memory_limit: Any = None,
        temp_dir: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.vectors = vectors
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
        self.limit = limit
        self.pooling = pooling
        self.postprocess = postprocess
        self.cache_dir = cache_dir
        self.pickle_vectors = pickle_vectors
        self.memory_limit = memory_limit
        self.temp_dir = temp_dir
        self.n_jobs = n_jobs

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Iterable, y: Any = None) -> EmbeddingVectorizer:
        """Learn what `pooling` and `postprocess` need from documents, and measure how many of their tokens have a vector.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents. They are read once, so X may be a generator.
        y : None
            Ignored.

        Returns
        -------
        self : EmbeddingVectorizer
        """
        self._fit(X, return_features=False)
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X: Iterable, y: Any = None) -> np.ndarray:
        """Learn from documents, which are read once, and return their vectors.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents.
        y : None
            Ignored.

        Returns
        -------
        vectors : ndarray of shape (n_documents, d), float32
            The same as ``fit(X).transform(X)``.
        """
        features = self._fit(X, return_features=True)
        assert features is not None
        return features

    def transform(self, X: Iterable) -> np.ndarray:
        """Compute the vectors of documents, each independently of the others.

        Parameters
        ----------
        X : iterable of str, bytes, or whatever `input` or `analyzer` takes
            The documents. They are read once, so X may be a generator. Or a `dask.bag.Bag` or a Series of `dask.dataframe`.

        Returns
        -------
        vectors : ndarray of shape (n_documents, d), float32
            Zeros for a document without a known word. Of a collection, a Dask array that is computed when it is asked for.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If a document is not text; the message has its position.
        """
        if not hasattr(self, "_fitted_with"):
            check_is_fitted(self)  # which alone takes longer than a short document
        if (collection := as_collection(X)) is None:
            check_documents(X)
        n_threads(self.n_jobs)  # raises for 0
        # One copy, so that everything is of the same fit even if another thread refits meanwhile.
        fitted = self._ready()
        if collection is not None:
            return transform_collection(collection, self, fitted["_n_features_out"])
        return vectors_of_documents(X, fitted["_finder"], _pooler_of(fitted), self.n_jobs)

    def to_keyed_vectors(self) -> KeyedVectors:
        """Return the word vectors as a gensim object, for `most_similar` and its other queries.

        Returns
        -------
        keyed_vectors : gensim.models.KeyedVectors
            In the order of `vectors`, post-processed according to `postprocess`. The vectors are copied.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ImportError
            If gensim is not installed.
        """
        check_is_fitted(self)
        terms, _, counts = self._shared().words
        return make_keyed_vectors(list(terms), self.embedding_.copy(), counts)

    def __getitem__(self, term: str | int) -> np.ndarray:
        """Return the vector of a word of `vocabulary_`, shape (d,), float32; KeyError for other words.

        An integer, such as the id of an item, is the word of its digits.
        """
        check_is_fitted(self)
        shared, term = self._shared(), as_term(term)
        if not isinstance(term, str) or term not in shared.known.row_of:
            raise KeyError(f"{term!r} is not among {number_of(len(shared.known.terms), 'word')} of vocabulary_")
        vector = shared.words.vectors[[shared.known.row_of[term]]]
        postprocessing = self.__dict__.get("_postprocessing")
        return vector[0] if postprocessing is None else Postprocessing(**postprocessing).apply(vector)[0]

    def __contains__(self, term: object) -> bool:
        check_is_fitted(self)
        return as_term(term) in self._shared().known.row_of

    @property
    def embedding_(self) -> np.ndarray:  # noqa: D102, among the attributes above
        vectors = self._shared().words.vectors
        postprocessing = self.__dict__.get("_postprocessing")
        return vectors if postprocessing is None else Postprocessing(**postprocessing).apply(vectors)

    @property
    def vocabulary_(self) -> dict[str, int]:  # noqa: D102, among the attributes above
        return self._shared().known.row_of

    def _fit(self, X: Iterable, return_features: bool) -> np.ndarray | None:
        refuse_collection(X, f"{type(self).__name__}.fit", "fit on a sample of them, and transform them all")
        check_documents(X)
        n_threads(self.n_jobs)
        parameters = {name: getattr(self, name) for name in _FITTED_WITH}
        shared = _load(parameters)
        finder, embedding = WordFinder(shared.known, parameters), shared.words.vectors
        warn_for_parameters(finder.text)
        pooling = POOLINGS[self.pooling]
        with Storage(self.memory_limit, self.temp_dir) as storage, ThreadTeam(self.n_jobs) as team:
            tokens, (terms, counts_of_terms) = encode(X, finder.text, None, ALL_TERMS, storage, self.n_jobs, 0)
            coverage = measure_coverage(terms, counts_of_terms, finder, shared.known)
            if coverage.of_tokens == 0:
                raise ValueError(coverage.advice)
            if coverage.advice:
                warn_caller(coverage.advice)
            if return_features or pooling.needs_tokens:
                renumber_batches(tokens, range(len(tokens)), coverage.rows, team)
            else:
                tokens.close()
            counts, seen = np.zeros(len(embedding), dtype=np.int64), coverage.rows >= 0
            np.add.at(counts, coverage.rows[seen], counts_of_terms[seen])
            occurring = np.flatnonzero(counts) if self.postprocess is not None else ()
            postprocessing = learn_postprocessing(
                embedding[occurring], counts[occurring].astype(np.float64), self.postprocess, team
            )
            pooler = fit_pooler(tokens, counts, embedding, pooling, team, postprocessing)
            features = vectors_of_corpus(tokens, pooler, team) if return_features else None
        if is_path(parameters["vectors"]):
            parameters["vectors"] = os.path.abspath(os.fsdecode(parameters["vectors"]))
        fitted = {
            "coverage_": coverage.of_tokens,
            "type_coverage_": coverage.of_types,
            "missing_terms_": coverage.missing,
            "term_weights_": pooler.weights,
            "common_component_": pooler.component,
            "_postprocessing": None if postprocessing is None else asdict(postprocessing),
            "_n_features_out": embedding.shape[1],
            "_checksum": shared.checksum,
            "_fitted_with": parameters,
            "_vectors": shared,
            "_finder": finder,
        }
        kept = {name: value for name, value in self.__dict__.copy().items() if name not in _OPTIONAL}
        # Nothing is set before this line, and everything at once: an error or an interruption leaves the estimator as it was, and
        # another thread that transforms or pickles meanwhile sees all of one fit.
        self.__dict__ = {**kept, **{name: value for name, value in fitted.items() if value is not None}}
        return features

    def _ready(self) -> dict[str, Any]:
        """Return all that the last fit left, including what is not pickled."""
        fitted = {"_vectors": self._shared(), **self.__dict__}
        if "_finder" not in fitted:  # unpickled
            fitted["_finder"] = self._finder = WordFinder(fitted["_vectors"].known, fitted["_fitted_with"])
        return fitted

    def _terms_of(self, document: Any) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Return the different words of a document, how often each occurs, and the terms that add up to its vector."""
        fitted = self._ready()
        finder, names = fitted["_finder"], fitted["_vectors"].known.terms
        (_, batch), *_ = finder.batches([document])
        rows, counts, terms = _pooler_of(fitted).terms(finder.encode(0, batch)[0])
        return [names[row] for row in rows], counts, terms

    def _shared(self) -> SharedVectors:
        """Return the vectors of the last fit, which are loaded at the first use after unpickling."""
        shared = self.__dict__.get("_vectors")
        if shared is not None:
            return shared
        if not hasattr(self, "_fitted_with"):
            raise AttributeError(f"this {type(self).__name__} is not fitted yet")
        parameters = self._fitted_with
        try:
            shared = _load(parameters)
        except (FileNotFoundError, NotADirectoryError) as error:
            path = parameters["vectors"]
            if not is_path(self.vectors) or os.path.abspath(os.fsdecode(self.vectors)) == path:
                raise FileNotFoundError(
                    f"this {type(self).__name__} was fitted with the vectors of {path}, which is gone: put the file back, set "
                    "`vectors` to its new path, or pickle with pickle_vectors=True."
                ) from error
            shared = _load({**parameters, "vectors": self.vectors})
        if self.__dict__.get("_checksum", shared.checksum) != shared.checksum:
            raise ValueError(
                f"this {type(self).__name__} was fitted with the vectors of {parameters['vectors']}, which holds others now: "
                "put the old file back, or fit again."
            )
        self._vectors = shared
        return shared

    def __sklearn_clone__(self) -> EmbeddingVectorizer:
        return clone_sharing(self, "vectors")

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in super().__getstate__().items() if name not in ("_vectors", "_finder")}
        if self.pickle_vectors and "_fitted_with" in state and is_path(state["_fitted_with"]["vectors"]):
            terms, vectors, _ = self._shared().words
            state["_fitted_with"] = {**state["_fitted_with"], "vectors": (terms, vectors), "limit": None}
            del state["_checksum"]
        return state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def _load(parameters: dict[str, Any]) -> SharedVectors:
    """Load the vectors that parameters name."""
    return shared_vectors(parameters["vectors"], limit=parameters["limit"], cache_dir=parameters["cache_dir"])


def _pooler_of(fitted: dict[str, Any]) -> DocumentPooler:
    """Make the pooler that belongs to fitted attributes."""
    postprocessing = fitted.get("_postprocessing")
    return DocumentPooler(
        fitted["_vectors"].words.vectors,
        POOLINGS[fitted["_fitted_with"]["pooling"]],
        fitted.get("term_weights_"),
        fitted.get("common_component_"),
        None if postprocessing is None else Postprocessing(**postprocessing),
    )
