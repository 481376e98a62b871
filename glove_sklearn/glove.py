"""X -> blocks of records -> passes -> word vectors."""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable
from itertools import chain
from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import assert_all_finite, check_random_state
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions
from sklearn.utils.validation import check_array, check_non_negative, validate_data
from tqdm.auto import tqdm

from glove_sklearn._counting.row_store import CsrRows, SpooledRows
from glove_sklearn._embedding.postprocessing import postprocess
from glove_sklearn._system.memory import available_memory
from glove_sklearn._system.storage import Storage, readable_size
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _adagrad as _training
from glove_sklearn._training.blocks import (
    NO_NEGATIVES,
    RECORD,
    Blocks,
    NegativeSampling,
    build_blocks,
    choose_n_partitions,
    sampling_table_size,
)
from glove_sklearn._training.checkpoint import Checkpoint, origin_digest, records_digest
from glove_sklearn._training.initialization import (
    N_VISITS,
    N_VISITS_FOR_NEW_WORDS,
    InitialVectors,
    MarginalSums,
    initialize_new_words,
    marginal_sums,
    svd_initialization,
    width_of_factors,
)
from glove_sklearn._training.state import (
    ModelState,
    PackedParameters,
    ParameterSet,
    generator_state,
    padded_width,
    restore_generator,
)
from glove_sklearn._training.value_histogram import ValueHistogram

#: Entries of X that a thread takes apart at a time, and what each takes: as it is read, put together, and as a record.
_ENTRIES_IN_HAND, _BYTES_IN_HAND = 1 << 22, 8 + 8 + 8


#: With ``x_max="auto"``, the share of entries that are not larger than x_max.
_BELOW_X_MAX = 0.99
#: The share of entries that are counted as the smallest: a pair that never occurs is worth half of that.
_SMALL_ENTRY = 0.01


#: What a fit that goes on needs of the last, besides vectors and biases.
WARM_ATTRIBUTES = ("word_accumulators_", "context_accumulators_", "random_state_")


class GloVe(ClassNamePrefixFeaturesOutMixin, BaseEstimator):
    """GloVe: word vectors from a matrix of co-occurrences.

    Minimises, over the entries X_ij > 0 and some pairs that are 0 (see `negative_ratio`),

        sum f(X_ij) (w_i . c_j + b_i + b'_j - log X_ij)^2,   f(x) = min(1, (x / x_max)^alpha),

    by AdaGrad, one entry at a time, in an order shuffled by `random_state`. The result is the same bits for any `n_jobs`.

    Parameters
    ----------
    n_components : int, default=100
        Dimension d of the vectors.
    x_max : float or "auto", default="auto"
        Entries from here on have full weight. "auto" gives it to one entry in a hundred.
    alpha : float, default=0.75
        Exponent of the weight below `x_max`.
    negative_ratio : float, default=0.5
        Pairs that never occur say something, too. For each entry of X so many pairs are drawn at random, and those that do not
        occur are trained on as if they had been seen half as often as the rarest hundredth of those that do. 0 for none, as in
        the paper; at most 100.
    learning_rate : float, default=0.05
        Initial step of AdaGrad. The accumulators of the vectors start at ``1 / learning_rate**2``, those of the biases at 1,
        as in the reference C program.
    init : {"svd", "random"}, default="svd"
        What training starts from: a singular value decomposition of the positive pointwise mutual information of X, with the
        pairs of `negative_ratio`, which takes about as long as a pass and saves many; or small random numbers, as in the C program.
    max_iter : int, default=4
        Number of passes over X.
    tol : float or None, default=None
        Stop after the first pass that lowers the loss by less than this share of it. None to make all passes.
    combine : {"sum", "word", "context", "concat"}, default="sum"
        What is a row of `embedding_`: w + c, w, c, or w and c side by side. Where X is not square, rows have no context
        vector: "sum" and "word" both give w, the others are errors.
    postprocess : {"level", "all-but-the-top", "center"} or None, default="level"
        What is done to `embedding_` after training. "level": its mean is taken out, and its first principal component, which
        holds how frequent a word is more than what it means, is made no larger than the second. "all-but-the-top": the first
        component is taken out, too. "center": the mean alone. Words count as often as they occur: by the sums of the rows of
        X, or of its columns with ``combine="context"``. The columns then have a standard deviation of 1/2 on average. None leaves
        the vectors as trained.
    n_jobs : int or None, default=None
        Number of threads; -1 for all processors.
    memory_limit : number, str or None, default=None
        Memory that training may take besides X: bytes, or "2GB". Entries of X for which there is no room beside the parameters
        are kept in temporary files and read from there in each pass. The vectors are the same bits.
    temp_dir : str, path or None, default=None
        Folder of the temporary files; None for the system's. They have no name, and vanish when the process ends.
    random_state : int, RandomState instance or None, default=None
        Of the initial vectors, of what is drawn for `negative_ratio` and of the order of visits. An int makes results reproducible.
    verbose : int, default=0
        1 shows a progress bar with the loss.
    warm_start : bool, default=False
        Keep in `fit` what it takes to go on, and go on from there in the next `fit`: `max_iter` more passes. On the same X, 10
        passes and 15 more give the same bits as 25. X may also be another of the same shape.
    checkpoint : str, path or None, default=None
        File in which `fit` keeps the state of training, and from which it goes on if the file is there: a run that was
        killed, and is started again with the same X and parameters, ends with the same bits as one that was not.
        `max_iter` counts all passes of the run. The file stays; remove it to begin anew.
    checkpoint_every : int, default=1
        Number of passes between two writes of `checkpoint`. The last pass is always written.
    callback : callable or None, default=None
        Called after each pass as ``callback(n_iter, loss, snapshot)``: the number of passes so far, the loss of this one, and a
        function without arguments that returns a fitted copy of the estimator, as if training ended here; it can be called
        until the callback returns. Returning True stops training.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_rows, d), or (n_rows, 2 d) with ``combine="concat"``, float32
        What `combine` says, after `postprocess`.
    word_vectors_ : ndarray of shape (n_rows, d), float32
        w.
    context_vectors_ : ndarray of shape (n_columns, d), float32
        c.
    word_biases_ : ndarray of shape (n_rows,), float32
        b.
    context_biases_ : ndarray of shape (n_columns,), float32
        b'.
    loss_curve_ : ndarray of shape (n_iter_,), float64
        Mean over the entries, those of `negative_ratio` included, of ``f(X_ij) (w_i . c_j + b_i + b'_j - log X_ij)**2`` in each pass,
        each term taken just before its own step. The C program prints half of it.
    n_iter_ : int
        Number of passes made.
    x_max_ : float
        What `x_max` was.
    word_accumulators_ : ndarray of shape (n_rows, d + 1), float32
        With `warm_start`: the accumulators of AdaGrad, of the vector and then of the bias.
    context_accumulators_ : ndarray of shape (n_columns, d + 1), float32
        The same of the contexts.
    random_state_ : dict
        With `warm_start`: the state of the random numbers from which `negative_ratio` are drawn and X is shuffled.
    n_features_in_ : int
        Number of columns of X.

    Raises
    ------
    ValueError
        From `fit`: X has negative, NaN or infinite entries, or none that is positive.
        Also if `checkpoint` is a file of another run, or `warm_start` cannot go on from what was fitted.
    FloatingPointError
        From `fit`: the loss is not finite, because `learning_rate` is too high for this X.
    MemoryError
        From `fit`, before anything is allocated: the parameters would not fit in memory, or not in `memory_limit`.
    OSError
        From `fit`: the disk of `temp_dir` or of `checkpoint` is full.

    Notes
    -----
    To reproduce the C program, set ``x_max=100.0`` (its demonstration: 10), ``negative_ratio=0, init="random", postprocess=None`` and
    its number of iterations; and count with ``window_size=15, weighting="harmonic"``.

    With `warm_start`, `init` and `learning_rate` have no effect on words that were trained before.

    The model is that of [1]_, equations 8 and 9; the optimiser is [2]_ with the scaling of the authors' C program. Blocks
    of X that share neither rows nor columns are trained at the same time, as in [3]_.

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

    _parameter_constraints: dict = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "x_max": [Interval(Real, 0, None, closed="neither"), StrOptions({"auto"})],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "learning_rate": [Interval(Real, 0, None, closed="neither")],
        "negative_ratio": [Interval(Real, 0, 100, closed="both")],
        "init": [StrOptions({"svd", "random"})],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left"), None],
        "combine": [StrOptions({"sum", "word", "context", "concat"})],
        "postprocess": [StrOptions({"level", "all-but-the-top", "center"}), None],
        "memory_limit": [Interval(Real, 1, None, closed="left"), str, None],
        "temp_dir": [str, HasMethods(["__fspath__"]), None],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
        "warm_start": ["boolean"],
        "checkpoint": [str, HasMethods(["__fspath__"]), None],
        "checkpoint_every": [Interval(Integral, 1, None, closed="left")],
        "callback": [callable, None],
    }

    def __init__(
        self,
        n_components: int = 100,
        *,
        x_max: Any = "auto",
        alpha: float = 0.75,
        learning_rate: float = 0.05,
        negative_ratio: float = 0.5,
        init: str = "svd",
        max_iter: int = 4,
        tol: float | None = None,
        combine: str = "sum",
        postprocess: str | None = "level",
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
        self.x_max = x_max
        self.alpha = alpha
        self.learning_rate = learning_rate
        self.negative_ratio = negative_ratio
        self.init = init
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
            Not negative. Entries that are 0, stored or not, are pairs that never occur: see `negative_ratio`.
        y : None
            Ignored.

        Returns
        -------
        self : GloVe
        """
        self.fit_transform(X)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X: Any, y: Any = None) -> np.ndarray:
        """Learn vectors for the rows and columns of X; return those of the rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, sparse array} of shape (n_rows, n_columns)
            Not negative. Entries that are 0, stored or not, are pairs that never occur: see `negative_ratio`.
        y : None
            Ignored.

        Returns
        -------
        embedding : ndarray of shape (n_rows, d) or (n_rows, 2 d), float32
        """
        checkpoint = self.open_checkpoint()
        with Storage(self.memory_limit, self.temp_dir) as storage, ThreadTeam(self.n_jobs) as team:
            rows = CsrRows(self._validated(X))

            def snapshot(fitted: dict[str, Any]) -> GloVe:
                other = copy.copy(self)
                validate_data(other, X, skip_check_array=True)
                other._keep(fitted)
                return other

            start = fitted_state(self)
            if start is not None and rows.shape != (shape := (len(start.words.biases), len(start.contexts.biases))):
                raise ValueError(
                    f"warm_start=True goes on with a model of an X of shape {shape}, got X of shape {rows.shape}; fit a clone."
                )
            fitted = self.train(rows, storage, team, start=start, checkpoint=checkpoint, snapshot=snapshot)
        # Only now is anything set: an error or an interruption leaves the estimator as it was.
        validate_data(self, X, skip_check_array=True)  # sets n_features_in_ and feature_names_in_
        self._keep(fitted)
        return self.embedding_

    def open_checkpoint(self) -> Checkpoint | None:
        """The file that keeps the state, if there is to be one. Refuses that of another run."""
        if self.checkpoint is None:
            return None
        names = ("n_components", "x_max", "alpha", "learning_rate", "negative_ratio", "init")
        values = {name: getattr(self, name) for name in names}
        settings: dict[str, Any] = {k: v if isinstance(v, str) else float(v) for k, v in values.items()}
        seed = self.random_state
        settings["random_state"] = int(seed) if isinstance(seed, Integral) else None
        return Checkpoint(self.checkpoint, settings)

    def train(
        self,
        rows: SpooledRows | CsrRows,
        storage: Storage,
        team: ThreadTeam,
        *,
        start: ModelState | None = None,
        checkpoint: Checkpoint | None = None,
        snapshot: Callable[[dict[str, Any]], Any] = dict,
    ) -> dict[str, Any]:
        """Train on rows of X that need not be in memory; `fit` without the validation.

        Parameters
        ----------
        rows : SpooledRows or CsrRows
            Closed when they are not needed any more.
        storage : Storage
        team : ThreadTeam
        start : ModelState or None, default=None
            Where to go on from. Rows that are NaN are new words, which begin as `init` says: "svd" finds vectors that fit
            to those of the others.
        checkpoint : Checkpoint or None, default=None
            Where to keep the state, and to go on from in preference to `start`.
        snapshot : callable, default=dict
            Makes, of the fitted attributes, what the callback may look at.

        Returns
        -------
        fitted : dict
            The attributes that end with an underscore, but for `n_features_in_`.
        """
        for name in ("x_max", "learning_rate"):
            if getattr(self, name) != "auto" and not 1e-30 < getattr(self, name) < 1e30:
                raise ValueError(f"{name} must be between 1e-30 and 1e30, got {getattr(self, name)!r}.")
        n_before = 0 if start is None else len(start.loss_curve)
        last = n_before + int(self.max_iter)
        goes_on: ModelState | Checkpoint | None = start
        if checkpoint is not None and checkpoint.exists:
            checkpoint.check_origin(start, last)
            goes_on = checkpoint
        known = None if goes_on is None else goes_on.random_state
        random_state = check_random_state(self.random_state) if known is None else restore_generator(known)
        before_shuffles = generator_state(random_state)

        d = int(self.n_components)
        width = padded_width(d)
        in_memory, entries_at_a_time = self._plan(rows, storage, team)
        x_max, negatives = self._relative_to(rows, team)
        n_partitions = choose_n_partitions(rows.shape, rows.n_entries, 8 * width)
        blocks = build_blocks(
            rows, n_partitions, random_state, team, storage,
            in_memory=in_memory, entries_at_a_time=entries_at_a_time, negatives=negatives,
        )  # fmt: skip
        rows.close()
        digest, beginning = ("", "") if checkpoint is None else (records_digest(blocks), origin_digest(start))
        if checkpoint is not None and checkpoint.exists:
            checkpoint.check_data(digest, rows.shape)
        sums = marginal_sums(blocks, team)
        # Before there are parameters: it needs as much memory as they.
        start_at = self._start(blocks, sums, goes_on, random_state, team)
        words = PackedParameters(blocks.rows.positions, d, True, float(self.learning_rate))
        contexts = PackedParameters(blocks.columns.positions, d, False, float(self.learning_rate))
        words.begin(random_state, None if goes_on is None else goes_on.words)
        contexts.begin(random_state, None if goes_on is None else goes_on.contexts)
        if start_at is not None:
            words.add(*start_at[0])
            contexts.add(*start_at[1])
            del start_at
        of_contexts = self.combine == "context"
        weights = sums.columns[blocks.columns.positions] if of_contexts else sums.rows[blocks.rows.positions]
        loss_curve = [] if goes_on is None else goes_on.loss_curve.tolist()

        def fitted() -> dict[str, Any]:
            fitted = self._fitted(words, contexts, loss_curve, before_shuffles)
            combined = self._combined(fitted["word_vectors_"], fitted["context_vectors_"])
            return {**fitted, "embedding_": postprocess(combined, weights, self.postprocess, team), "x_max_": x_max}

        # A run that had come to its end before it was killed makes no more passes.
        resumed = goes_on if isinstance(goes_on, Checkpoint) and len(loss_curve) > n_before else None
        is_stopped = resumed is not None and resumed.is_stopped and self.callback is not None
        is_last = resumed is not None and (is_stopped or self._has_converged(loss_curve))
        with self._progress("training", (last - len(loss_curve)) * blocks.n_records) as bar:
            while len(loss_curve) < last and not is_last:
                n_iter = len(loss_curve) + 1
                loss = self._pass(blocks, words, contexts, x_max, team, bar.update)
                bar.set_postfix(iteration=n_iter, loss=f"{loss:.5f}")
                if not (math.isfinite(loss) and words.are_finite() and contexts.are_finite()):
                    raise self._diverged(n_iter)
                loss_curve.append(loss)
                if self.callback is not None:
                    is_stopped = self._asked_to_stop(n_iter, loss, lambda: snapshot(fitted()))
                is_last = is_stopped or n_iter == last or self._has_converged(loss_curve)
                if checkpoint is not None and (is_last or n_iter % int(self.checkpoint_every) == 0):
                    checkpoint.write(
                        chain(words.arrays("words"), contexts.arrays("contexts")),
                        loss_curve=loss_curve,
                        random_state=before_shuffles,
                        is_stopped=is_stopped,
                        digest=digest,
                        start=beginning,
                        shape=rows.shape,
                    )
        blocks.records.close()
        if self.tol is not None and not is_stopped and not self._has_converged(loss_curve):
            warnings.warn(
                f"max_iter={self.max_iter} passes made and the last still lowered the loss by more than tol={self.tol}; raise "
                "max_iter.",
                ConvergenceWarning,
                stacklevel=3,
            )
        return fitted()

    def _relative_to(self, rows: SpooledRows | CsrRows, team: ThreadTeam) -> tuple[float, NegativeSampling]:
        """What depends on how large the entries of X are: x_max, and what pairs that never occur are taken for."""
        if self.x_max != "auto" and not self.negative_ratio:
            return float(self.x_max), NO_NEGATIVES
        distribution = ValueHistogram(rows, team)
        x_max = distribution.quantile(_BELOW_X_MAX) if self.x_max == "auto" else float(self.x_max)
        return x_max, NegativeSampling(float(self.negative_ratio), distribution.quantile(_SMALL_ENTRY) / 2)

    def _start(
        self,
        blocks: Blocks,
        sums: MarginalSums,
        goes_on: ModelState | Checkpoint | None,
        random_state: np.random.RandomState,
        team: ThreadTeam,
    ) -> tuple[InitialVectors, InitialVectors] | None:
        """What to add to random vectors; None where there is nothing."""
        if self.init == "random" or isinstance(goes_on, Checkpoint):
            return None
        if goes_on is not None and not any(np.isnan(side.biases).any() for side in (goes_on.words, goes_on.contexts)):
            return None
        n_visits = N_VISITS if goes_on is None else N_VISITS_FOR_NEW_WORDS
        with self._progress("starting", n_visits * blocks.n_records) as bar:
            if goes_on is not None:
                return initialize_new_words(blocks, sums, goes_on, team, bar.update)
            return svd_initialization(blocks, sums, int(self.n_components), random_state, team, bar.update)

    def _progress(self, name: str, n_records: int) -> tqdm:
        return tqdm(total=n_records, desc=name, unit=" entries", unit_scale=True, disable=not self.verbose)

    def _asked_to_stop(self, n_iter: int, loss: float, snapshot: Callable[[], Any]) -> bool:
        """Call the callback."""
        assert self.callback is not None
        is_over = False

        def snapshot_of_this_pass() -> Any:
            if is_over:
                raise RuntimeError(f"the snapshot of pass {n_iter} must be taken in the callback, before the next pass")
            return snapshot()

        answer = self.callback(n_iter, loss, snapshot_of_this_pass)
        is_over = True
        return isinstance(answer, bool | np.bool_) and bool(answer)

    def _fitted(
        self,
        words: PackedParameters,
        contexts: PackedParameters,
        loss_curve: list[float],
        before_shuffles: dict[str, Any],
    ) -> dict[str, Any]:
        """The fitted attributes, as if training ended here."""
        fitted: dict[str, Any] = {
            "word_vectors_": words.vectors(),
            "word_biases_": words.biases(),
            "context_vectors_": contexts.vectors(),
            "context_biases_": contexts.biases(),
            "loss_curve_": np.array(loss_curve),
            "n_iter_": len(loss_curve),
        }
        if self.warm_start:
            fitted["word_accumulators_"] = words.accumulators()
            fitted["context_accumulators_"] = contexts.accumulators()
            fitted["random_state_"] = before_shuffles
        return fitted

    def _keep(self, fitted: dict[str, Any]) -> None:
        for name in WARM_ATTRIBUTES:
            self.__dict__.pop(name, None)
        self.__dict__.update(fitted)

    def _validated(self, X: Any) -> sparse.csr_array:
        """X as a canonical float32 CSR array. Refuses what cannot be trained on, or what there is no memory for."""
        X = check_array(X, accept_sparse="csr", dtype=np.float32, input_name="X")
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
        matrix.check_format(full_check=True)  # the kernels trust the indices
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

    def _plan(self, rows: SpooledRows | CsrRows, storage: Storage, team: ThreadTeam) -> tuple[bool, int]:
        """Whether the records are in memory, and how many entries of X each thread may have in hand."""
        d, n_vectors = int(self.n_components), sum(rows.shape)
        parameters = n_vectors * 8 * padded_width(d)
        # The embedding is there twice while it is post-processed.
        embeddings = (2 if self.combine == "concat" else 1) * (1 if self.postprocess is None else 2)
        vectors = 4 * (n_vectors * (d + 1) + embeddings * rows.shape[0] * d)
        if self.warm_start:
            vectors += 4 * n_vectors * (d + 1)
        bytes_in_hand = _BYTES_IN_HAND * (1 + self.negative_ratio)
        most_zeros = self.negative_ratio * rows.n_entries + rows.shape[0] if self.negative_ratio else 0
        n_records = int(min(rows.n_entries + most_zeros, rows.shape[0] * rows.shape[1]))
        records = n_records * RECORD.itemsize
        # First the records are made from the rows, then they are trained on, then the vectors are taken out.
        in_hand = min(
            _ENTRIES_IN_HAND / (1 + self.negative_ratio),
            storage.limit / 8 / team.n_jobs / bytes_in_hand,
            rows.n_entries / (8 * team.n_jobs),
        )
        in_hand = max((1 << 14) / (1 + self.negative_ratio), in_hand)
        arranging = (in_hand * bytes_in_hand + 8 * rows.shape[1]) * team.n_jobs
        if self.negative_ratio:
            arranging += 4 * (sampling_table_size(rows.shape[1]) + rows.shape[1])
        training, ending = parameters, parameters + vectors
        if self.init == "svd":
            # What the decomposition works with, of which the allocator may keep what was freed.
            factors = 4 * n_vectors * width_of_factors(d)
            training += 2 * factors
        if self.checkpoint is not None:
            training += 8 * max(rows.shape) * (d + 1)  # of one side, as it is read; less as it is written
        limit, limit_name = storage.limit, f"memory_limit={self.memory_limit!r}"
        available = available_memory()
        room = storage.remaining if limit == math.inf else min(storage.remaining, available)
        in_memory = records + max(arranging, training) <= room
        if limit > available:
            limit, limit_name = available, f"{readable_size(available)} available"
        needed = max(training + (records if in_memory else 0), ending)
        with_zeros = " (negative pairs included)" if self.negative_ratio else ""
        if needed > limit:
            on_disk = ", or set memory_limit to keep the entries on disk" if ending <= limit else ""
            raise MemoryError(
                f"{n_vectors} vectors of n_components={self.n_components}"
                + (f" and {n_records} entries of X{with_zeros}" if in_memory else "")
                + f" need {readable_size(needed)}, which is more than {limit_name}. Lower n_components"
                + (", negative_ratio" if self.negative_ratio and in_memory else "")
                + f" or the number of words (min_count, max_features){on_disk}."
            )
        if self.verbose and storage.limit < math.inf:
            print(
                f"training: {readable_size(ending)} of memory for {n_vectors} vectors; {readable_size(records)} "
                + (
                    "of memory"
                    if in_memory
                    else f"on disk in {storage.folder}, {readable_size(storage.free_disk)} free,"
                )
                + f" for {n_records} entries of X{with_zeros}"
            )
        if not in_memory:
            storage.check_disk_space(records)
        return in_memory, int(in_hand)

    def _pass(
        self,
        blocks: Blocks,
        words: PackedParameters,
        contexts: PackedParameters,
        x_max: float,
        team: ThreadTeam,
        done: Callable[[int], object],
    ) -> float:
        """Train in place; the mean loss. `done` gets numbers of records.

        A pass is n_partitions rounds; a round is one block for each row group, no two in the same column group. Every pass goes
        through the rounds in the same order, so that each record is visited at even intervals: a new order for each pass
        gave a lower loss and worse vectors.
        """
        alpha = float(self.alpha)
        losses = np.zeros((blocks.n_partitions, blocks.n_partitions))

        def train(i: int, j: int) -> int:
            n_records = 0
            words_of_block, contexts_of_block = words.rows[blocks.rows.slice(i)], contexts.rows[blocks.columns.slice(j)]
            for records in blocks.chunks(i, j):
                if team.cancelled:
                    break
                losses[i, j] += _training.train_block(records, words_of_block, contexts_of_block, x_max, alpha)
                n_records += len(records)
            return n_records

        for round_ in blocks.rounds():
            team.run(train, round_, done)
        return float(losses.sum()) / blocks.n_records

    def _has_converged(self, loss_curve: list[float]) -> bool:
        if self.tol is None or len(loss_curve) < 2:
            return False
        return loss_curve[-2] - loss_curve[-1] < self.tol * loss_curve[-2]

    def _diverged(self, iteration: int) -> FloatingPointError:
        return FloatingPointError(
            f"the loss is not finite in pass {iteration}: learning_rate={self.learning_rate} is too high for this X; lower it."
        )

    def _combined(self, words: np.ndarray, contexts: np.ndarray) -> np.ndarray:
        if self.combine == "word" or len(words) != len(contexts):
            return words
        if self.combine == "context":
            return contexts
        if self.combine == "concat":
            return np.hstack([words, contexts])
        return words + contexts

    @property
    def _n_features_out(self) -> int:
        return self.embedding_.shape[1]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags


def fitted_state(estimator: Any) -> ModelState | None:
    """Where `warm_start` goes on: the state of a fitted GloVe or GloVeVectorizer, None if there is nothing to go on from."""
    if not estimator.warm_start or not hasattr(estimator, "embedding_"):
        return None
    if not hasattr(estimator, "word_accumulators_"):
        raise ValueError(
            "warm_start=True, but the earlier fit was made without it and kept no accumulators to go on from; fit with "
            "warm_start=True from the beginning, or fit a clone."
        )
    words = ParameterSet(estimator.word_vectors_, estimator.word_biases_, estimator.word_accumulators_)
    contexts = ParameterSet(estimator.context_vectors_, estimator.context_biases_, estimator.context_accumulators_)
    d = words.vectors.shape[1]
    if d != estimator.n_components:
        raise ValueError(
            f"warm_start=True goes on with n_components={d}, got n_components={estimator.n_components}; fit a clone."
        )
    return ModelState(words, contexts, estimator.loss_curve_, getattr(estimator, "random_state_", None))
