"""`GloVe`: word vectors from a matrix of co-occurrences."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin
from sklearn.utils import assert_all_finite
from sklearn.utils.validation import _get_feature_names, check_array, check_is_fitted, check_non_negative, validate_data

from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.queries import KeyedVectorsHint, indices_of, log_cooccurrence
from glove_sklearn._embedding.word_vectors import row_names
from glove_sklearn._fitting import open_checkpoint, read_given_words
from glove_sklearn._parameters import GLOVE_PARAMETERS, constraints_of
from glove_sklearn._system.sklearn_compat import NotebookDisplay, clone_sharing, fit_context
from glove_sklearn._system.sparse_matrices import check_structure
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn._training.state import WARM_START_ATTRIBUTES, warm_start_state
from glove_sklearn._training.trainer import TrainedModel, train

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


class GloVe(ClassNamePrefixFeaturesOutMixin, KeyedVectorsHint, NotebookDisplay, BaseEstimator):
    """GloVe: word vectors from a matrix of co-occurrences.

    Minimises, over the entries X_ij > 0 and a sample of those that are 0 (see `negative_ratio`),

        sum f(X_ij) (w_i . c_j + b_i + b'_j - log X_ij)^2,   f(x) = min(1, (x / x_max)^alpha),

    by AdaGrad, one entry at a time, in an order shuffled by `random_state`. The result has the same bits for any `n_jobs`.

    Parameters
    ----------
    n_components : int, default=100
        Dimension d of the word vectors.
    sample : float or None, default=None
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
    embedding_ : ndarray of shape (n_rows, d), or (n_rows, 2 d) with ``combine="concat"``, float32
        The vectors of the rows, combined as `combine` says and post-processed as `postprocess` says.
    word_vectors_ : ndarray of shape (n_rows, d), float32
        w, as trained.
    context_vectors_ : ndarray of shape (n_columns, d), float32
        c, as trained.
    word_biases_ : ndarray of shape (n_rows,), float32
        b.
    context_biases_ : ndarray of shape (n_columns,), float32
        b'.
    loss_curve_ : ndarray of shape (n_epochs,), float64
        Mean of ``f(X_ij) (w_i . c_j + b_i + b'_j - log X_ij)**2`` over the entries, sampled negative pairs included, in each
        epoch; each term is taken just before its own step. Stanford GloVe prints half of it.
    n_iter_ : int
        Number of epochs made.
    fit_time_ : float
        Seconds that the last call of `fit` took.
    x_max_ : float
        The cutoff that was used.
    word_accumulators_ : ndarray of shape (n_rows, d + 1), float32
        With `warm_start`: AdaGrad's accumulators, of the vector and then of the bias.
    context_accumulators_ : ndarray of shape (n_columns, d + 1), float32
        The same for the contexts.
    random_state_ : dict
        With `warm_start`: the state of the random number generator before negative pairs were sampled and entries shuffled.
    n_features_in_ : int
        Number of columns of X.
    feature_names_in_ : ndarray of shape (n_columns,), object
        Names of the columns of X, if it is a DataFrame whose column names are all strings.
    row_names_in_ : ndarray of shape (n_rows,), object
        Labels of the rows of X, if it is a DataFrame of pandas whose index is not a mere count. Ids may be integers.

    Raises
    ------
    ValueError
        From `fit`: X has negative, NaN or infinite entries, or no positive one; `checkpoint` is the file of another run; or
        `warm_start` cannot resume from the earlier fit.
    FloatingPointError
        From `fit`: the loss is not finite, because `learning_rate` is too high for this X.
    MemoryError
        From `fit`, before anything is allocated: the parameters do not fit in memory, or not in `memory_limit`.
    OSError
        From `fit`: the disk of `temp_dir` or of `checkpoint` is full.

    Notes
    -----
    To reproduce Stanford GloVe, set ``x_max=100.0`` (10 in its demonstration), ``negative_ratio=0``, ``init="random"``,
    ``postprocess=None`` and its number of iterations, and count with ``window_size=15, weighting="harmonic"``.

    With `warm_start`, `init` and `learning_rate` have no effect on words that were trained before.

    `GloVe` has no `transform`: as in manifold learning, vectors belong to the rows of X. So it can be the last step of a
    Pipeline, after a `CooccurrenceCounter` for instance, but not one in the middle.

    The model is that of [1]_, equations 8 and 9; the optimiser is [2]_, scaled as in the authors' program. Blocks of X that
    share neither rows nor columns are trained at the same time, as in [3]_.

    References
    ----------
    .. [1] J. Pennington, R. Socher and C. D. Manning, "GloVe: Global vectors for word representation", EMNLP 2014.
    .. [2] J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
       optimization", JMLR 12, 2011.
    .. [3] R. Gemulla, P. J. Haas, E. Nijkamp and Y. Sismanis, "Large-scale matrix factorization with distributed
       stochastic gradient descent", KDD 2011.

    Examples
    --------
    >>> import numpy as np
    >>> from glove_sklearn import GloVe
    >>> X = np.array([[0, 4, 1], [4, 0, 2], [1, 2, 0]])
    >>> glove = GloVe(n_components=2, max_iter=200, random_state=0)
    >>> glove.fit_transform(X).shape
    (3, 2)
    >>> bool(glove.loss_curve_[-1] < 0.01 * glove.loss_curve_[0])
    True
    """

    _parameter_constraints: dict = constraints_of(GLOVE_PARAMETERS)

    def __init__(
        self,
        n_components: int = 100,
        *,
        sample: float | None = None,
        x_max: Any = "auto",
        alpha: float = 0.75,
        negative_ratio: float = 0.5,
        learning_rate: float = 0.05,
        init: Any = "svd",
        anchor: float = 0,
        max_iter: int = 4,
        tol: float | None = None,
        combine: str = "sum",
        postprocess: str | None = "flatten",
        memory_limit: Any = None,
        temp_dir: Any = None,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        checkpoint: Any = None,
        checkpoint_every: int = 1,
        callback: Callable | None = None,
    ) -> None:
        self.n_components = n_components
        self.sample = sample
        self.x_max = x_max
        self.alpha = alpha
        self.negative_ratio = negative_ratio
        self.learning_rate = learning_rate
        self.init = init
        self.anchor = anchor
        self.max_iter = max_iter
        self.tol = tol
        self.combine = combine
        self.postprocess = postprocess
        self.memory_limit = memory_limit
        self.temp_dir = temp_dir
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.checkpoint = checkpoint
        self.checkpoint_every = checkpoint_every
        self.callback = callback

    def fit(self, X: Any, y: Any = None) -> GloVe:
        """Learn vectors for the rows and columns of X.

        Parameters
        ----------
        X : {array-like, sparse matrix, sparse array} of shape (n_rows, n_columns)
            Not negative. Entries that are 0, stored or not, are unobserved pairs; see `negative_ratio`.
        y : None
            Ignored.

        Returns
        -------
        self : GloVe
        """
        self.fit_transform(X)
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X: Any, y: Any = None) -> np.ndarray:
        """Learn vectors for the rows and columns of X, and return those of the rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, sparse array} of shape (n_rows, n_columns)
            Not negative. Entries that are 0, stored or not, are unobserved pairs; see `negative_ratio`.
        y : None
            Ignored.

        Returns
        -------
        embedding : ndarray of shape (n_rows, d) or (n_rows, 2 d), float32
        """
        start = perf_counter()
        settings = TrainingSettings.of(self)
        given = read_given_words(self.init, settings)
        checkpoint = open_checkpoint(settings, given)
        with Storage(self.memory_limit, self.temp_dir) as storage, ThreadTeam(self.n_jobs) as team:
            rows = CsrRows(self._validated(X))
            origin = warm_start_state(self)
            if origin is not None and rows.shape != origin.shape:
                raise ValueError(
                    f"warm_start=True resumes a fit on X of shape {origin.shape}, got X of shape {rows.shape}; fit a clone."
                )

            def make_snapshot(model: TrainedModel) -> GloVe:
                other = object.__new__(type(self))
                other.__dict__ = self.__dict__.copy()
                other._set_names(X)
                other._set_fitted(model)
                return other

            model = train(
                rows, settings, storage, team,
                origin=origin, given=None if given is None else given.rows(_row_names(X), rows.shape[0]),
                checkpoint=checkpoint, make_snapshot=make_snapshot,
            )  # fmt: skip
        # Nothing is set before this line, and everything at once: an error or an interruption leaves the estimator as it was, and
        # another thread that reads or pickles meanwhile sees all of one fit.
        self.__dict__ = {**make_snapshot(model).__dict__, "fit_time_": perf_counter() - start}
        return model.embedding

    def to_keyed_vectors(self, terms: Any = None) -> KeyedVectors:
        """Return the vectors of the rows as a gensim object, for `most_similar` and its other queries.

        Parameters
        ----------
        terms : sequence of str or int, of length n_rows, or None, default=None
            Names of the rows. None takes `row_names_in_`; or else, if X is square, `feature_names_in_`. gensim takes an integer
            that is not a name for the index of a row.

        Returns
        -------
        keyed_vectors : gensim.models.KeyedVectors
            In the order of the rows. The vectors are copied.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If there is not one name for each row, or two are equal.
        ImportError
            If gensim is not installed.
        """
        check_is_fitted(self)
        names = row_names(self) if terms is None else list(terms)
        unhashable = next((name for name in names if not isinstance(name, Hashable)), None)
        if unhashable is not None:
            raise ValueError(f"terms must be str or int, got {unhashable!r:.100} ({type(unhashable).__name__}).")
        row_of = {term: row for row, term in enumerate(names)}
        if len(names) != len(self.embedding_) or len(row_of) != len(names):
            raise ValueError(
                f"terms must be a different name for each of the {len(self.embedding_)} rows, got {len(names)}, of which "
                f"{len(row_of)} are different."
            )
        return make_keyed_vectors(names, self.embedding_.copy(), None, row_of)

    def predict_log_cooccurrence(self, rows: Any = None, columns: Any = None) -> np.ndarray:
        """Estimate the logarithm of entries of X: w . c + b + b'.

        The higher the estimate, the more often the model expects the column in the context of the row. For items in baskets it
        ranks what goes with the items of a basket.

        Parameters
        ----------
        rows : name, index, sequence of either, or None, default=None
            Names, if X was a DataFrame with names of its rows; indices otherwise. None for all.
        columns : name, index, sequence of either, or None, default=None
            The same for columns.

        Returns
        -------
        estimates : ndarray of shape (n_rows, n_columns), float32

        Raises
        ------
        NotFittedError
            Before `fit`.
        KeyError
            If there is no such row or column.
        """
        check_is_fitted(self)
        (n_rows, _), n_columns = self.word_vectors_.shape, len(self.context_vectors_)
        row_names = getattr(self, "row_names_in_", None)
        column_names = getattr(self, "feature_names_in_", None)
        row_of = None if row_names is None else {name: row for row, name in enumerate(row_names)}
        column_of = None if column_names is None else {name: column for column, name in enumerate(column_names)}
        return log_cooccurrence(
            self, indices_of(rows, row_of, n_rows, "row"), indices_of(columns, column_of, n_columns, "column")
        )

    def __getattr__(self, name: str) -> Any:
        if name == "transform":
            raise AttributeError(
                "GloVe has no transform, because vectors belong to the rows of X: use fit_transform, or embedding_ after fit",
                name=name,
                obj=self,
            )
        return super().__getattr__(name)

    def _set_names(self, X: Any) -> None:
        """Set n_features_in_, and the names of the columns and of the rows if X has any."""
        validate_data(self, X, skip_check_array=True)
        self.__dict__.pop("row_names_in_", None)
        if (labels := _labels_of_rows(X)) is not None:
            self.row_names_in_ = np.array(labels, dtype=object)

    def _set_fitted(self, model: TrainedModel) -> None:
        for name in (*WARM_START_ATTRIBUTES, "fit_time_"):
            self.__dict__.pop(name, None)
        self.__dict__.update(
            model.state.attributes(warm_start=self.warm_start), embedding_=model.embedding, x_max_=model.x_max
        )

    def _validated(self, X: Any) -> sparse.csr_array:
        """Convert X to a canonical float32 CSR array, and refuse what cannot be trained on."""
        check_structure(X, "X")
        try:
            X = check_array(X, accept_sparse="csr", dtype=np.float32, input_name="X")
        except ValueError as error:
            if "string" not in str(error):
                raise
            raise ValueError(
                f"X must be a matrix of numbers, the co-occurrences ({error!s:.100}). GloVeVectorizer learns from documents, and "
                "CooccurrenceCounter counts their co-occurrences."
            ) from error
        matrix = sparse.csr_array(X)
        index_type = np.result_type(matrix.indices, matrix.indptr, np.int32)
        matrix = sparse.csr_array(
            (
                np.ascontiguousarray(matrix.data),
                np.ascontiguousarray(matrix.indices, dtype=index_type),
                np.ascontiguousarray(matrix.indptr, dtype=index_type),
            ),
            shape=matrix.shape,
        )
        if not matrix.has_canonical_format:
            matrix = matrix.copy()
            matrix.sum_duplicates()
            assert_all_finite(matrix.data, input_name="X, its duplicate entries added,")
        check_non_negative(matrix, "GloVe (X holds counts of co-occurrences)")
        if not matrix.data.all():
            matrix = matrix.copy()
            matrix.eliminate_zeros()
        if matrix.nnz == 0:
            raise ValueError("X has no entry that is greater than 0 in float32: there is nothing to learn from.")
        if matrix.shape[0] != matrix.shape[1] and self.combine in ("context", "concat"):
            raise ValueError(
                f"combine={self.combine!r} needs a square X, in which rows and columns are the same words; got X of shape "
                f"{matrix.shape}. Use combine='word'."
            )
        return matrix

    @property
    def _n_features_out(self) -> int:
        return self.embedding_.shape[1]

    def __sklearn_clone__(self) -> GloVe:
        return clone_sharing(self, "init")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags


def _labels_of_rows(X: Any) -> list[Any] | None:
    """Return the index of a DataFrame of pandas, unless it only counts the rows from 0."""
    index = getattr(X, "index", None)
    if index is None or not hasattr(X, "columns"):
        return None
    if type(index).__name__ == "RangeIndex" and (index.start, index.step) == (0, 1):
        return None
    return list(index)


def _row_names(X: Any) -> list[str] | None:
    """Return the words of the rows of a DataFrame: of its index, or of its columns where rows and columns are the same."""
    names = _labels_of_rows(X)
    if names is None and (columns := _get_feature_names(X)) is not None and X.shape[0] == X.shape[1]:
        names = list(columns)
    return None if names is None else [str(name) for name in names]
