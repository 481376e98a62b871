"""X -> blocks of records -> passes -> word vectors."""

from __future__ import annotations

import math
import warnings
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import assert_all_finite, check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_array, check_non_negative, validate_data
from tqdm.auto import tqdm

import glove_sklearn._blocks as _blocks
import glove_sklearn._training as _training
from glove_sklearn.memory import available_memory, zeros_on_cache_lines
from glove_sklearn.threads import ThreadTeam

#: One entry of X, named by its places inside a block.
RECORD = np.dtype([("row", np.uint16), ("column", np.uint16), ("value", np.float32)])

#: Places in a group must fit in 16 bits.
_LARGEST_GROUP = 1 << 16
#: Groups there are where X has entries enough: independent blocks for as many threads.
_USUAL_GROUPS = 32
#: A row group and a column group together should take no more bytes than this, to stay in the cache.
_BYTES_OF_A_BLOCK = 12 << 20
#: Fewer records than this in a block do not pay for a call of the kernel.
_RECORDS_OF_A_BLOCK = 1 << 12

#: The accumulator of a constant: so large that no step changes the constant.
_NEVER = 1e30


class Grouping(NamedTuple):
    """Rows, or columns, dealt to groups."""

    members: np.ndarray
    """(n_rows,), int32: the rows, group after group."""
    starts: np.ndarray
    """(n_groups + 1,), int64: where each group begins in `members`, and in the parameters."""
    groups: np.ndarray
    """(n_rows,), int32: the group of each row."""
    places: np.ndarray
    """(n_rows,), uint16: its place in the group."""

    def slice(self, group: int) -> slice:
        """Where a group is in `members`."""
        return slice(self.starts[group], self.starts[group + 1])

    @property
    def positions(self) -> np.ndarray:
        """(n_rows,), int64: where each row is in `members`."""
        return self.starts[self.groups] + self.places


class Blocks(NamedTuple):
    """X as records: those of row group i and column group j are ``records[starts[i, j]:starts[i, j + 1]]``."""

    records: np.ndarray
    """(n_entries,), RECORD."""
    starts: np.ndarray
    """(n_groups, n_groups + 1), int64."""
    rows: Grouping
    columns: Grouping


class GloVe(ClassNamePrefixFeaturesOutMixin, BaseEstimator):
    """GloVe: word vectors from a matrix of co-occurrences.

    Minimises, over the entries X_ij > 0,

        sum f(X_ij) (w_i . c_j + b_i + b'_j - log X_ij)^2,   f(x) = min(1, (x / x_max)^alpha),

    by AdaGrad, one entry at a time, in an order shuffled by `random_state`. The result is the same bits for any `n_jobs`.

    Parameters
    ----------
    n_components : int, default=100
        Dimension d of the vectors.
    x_max : float, default=10.0
        Entries from here on have full weight.
    alpha : float, default=0.75
        Exponent of the weight below `x_max`.
    learning_rate : float, default=0.05
        Initial step of AdaGrad. The accumulators of the vectors start at ``1 / learning_rate**2``, those of the biases at 1,
        as in the reference C program.
    max_iter : int, default=25
        Number of passes over X.
    tol : float or None, default=None
        Stop after the first pass that lowers the loss by less than this share of it. None to make all passes.
    combine : {"sum", "word", "context", "concat"}, default="sum"
        What is a row of `embedding_`: w + c, w, c, or w and c side by side. Where X is not square, rows have no context
        vector: "sum" and "word" both give w, the others are errors.
    n_jobs : int or None, default=None
        Number of threads; -1 for all processors.
    random_state : int, RandomState instance or None, default=None
        Of the initial vectors and of the order of visits. An int makes results reproducible.
    verbose : int, default=0
        1 shows a progress bar with the loss.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_rows, d), or (n_rows, 2 d) with ``combine="concat"``, float32
        What `combine` says.
    word_vectors_ : ndarray of shape (n_rows, d), float32
        w.
    context_vectors_ : ndarray of shape (n_columns, d), float32
        c.
    word_biases_ : ndarray of shape (n_rows,), float32
        b.
    context_biases_ : ndarray of shape (n_columns,), float32
        b'.
    loss_curve_ : ndarray of shape (n_iter_,), float64
        Mean over the entries of ``f(X_ij) (w_i . c_j + b_i + b'_j - log X_ij)**2`` in each pass, each term taken just before its
        own step. The C program prints half of it.
    n_iter_ : int
        Number of passes made.
    n_features_in_ : int
        Number of columns of X.

    Raises
    ------
    ValueError
        From `fit`: X has negative, NaN or infinite entries, or none that is positive.
    FloatingPointError
        From `fit`: the loss is not finite, because `learning_rate` is too high for this X.
    MemoryError
        From `fit`, before anything is allocated: the parameters would not fit in memory.

    Notes
    -----
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
        "x_max": [Interval(Real, 0, None, closed="neither")],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "learning_rate": [Interval(Real, 0, None, closed="neither")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left"), None],
        "combine": [StrOptions({"sum", "word", "context", "concat"})],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        n_components: int = 100,
        *,
        x_max: float = 10.0,
        alpha: float = 0.75,
        learning_rate: float = 0.05,
        max_iter: int = 25,
        tol: float | None = None,
        combine: str = "sum",
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
        self.n_components = n_components
        self.x_max = x_max
        self.alpha = alpha
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.tol = tol
        self.combine = combine
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Any, y: Any = None) -> GloVe:
        """Learn vectors for the rows and columns of X.

        Parameters
        ----------
        X : {array-like, sparse matrix, sparse array} of shape (n_rows, n_columns)
            Not negative. Entries that are 0, stored or not, are not used.
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
            Not negative. Entries that are 0, stored or not, are not used.
        y : None
            Ignored.

        Returns
        -------
        embedding : ndarray of shape (n_rows, d) or (n_rows, 2 d), float32
        """
        matrix = self._validated(X)
        random_state = check_random_state(self.random_state)
        d = int(self.n_components)
        width = _padded_width(d)
        with ThreadTeam(self.n_jobs) as team:
            blocks = arrange(matrix, _number_of_groups(matrix.shape, matrix.nnz, 8 * width), random_state, team)
            words = self._initial_parameters(blocks.rows, d, d + 1, random_state)
            contexts = self._initial_parameters(blocks.columns, d + 1, d, random_state)
            loss_curve = self._passes(blocks, words, contexts, team)

        row_positions, column_positions = blocks.rows.positions, blocks.columns.positions
        word_vectors = words[row_positions, 0, :d]
        context_vectors = contexts[column_positions, 0, :d]
        embedding = self._combined(word_vectors, context_vectors)

        # Only now is anything set: an error or an interruption leaves the estimator as it was.
        validate_data(self, X, skip_check_array=True)  # sets n_features_in_ and feature_names_in_
        self.word_vectors_, self.word_biases_ = word_vectors, words[row_positions, 0, d]
        self.context_vectors_, self.context_biases_ = context_vectors, contexts[column_positions, 0, d + 1]
        self.embedding_ = embedding
        self.loss_curve_ = np.array(loss_curve)
        self.n_iter_ = len(loss_curve)
        return self.embedding_

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
        if not matrix.data.any():
            raise ValueError("X has no entry that is greater than 0 in float32: there is nothing to learn from.")
        if matrix.shape[0] != matrix.shape[1] and self.combine in ("context", "concat"):
            raise ValueError(
                f"combine={self.combine!r} needs a square X, in which rows and columns are the same words; got X of shape "
                f"{matrix.shape}. Use combine='word'."
            )
        for name in ("x_max", "learning_rate"):
            if not 1e-30 < getattr(self, name) < 1e30:
                raise ValueError(f"{name} must be between 1e-30 and 1e30, got {getattr(self, name)!r}.")

        d, n_vectors = int(self.n_components), sum(matrix.shape)
        needed = n_vectors * 8 * (_padded_width(d) + d) + matrix.nnz * RECORD.itemsize
        available = available_memory()
        if needed > available:
            raise MemoryError(
                f"{n_vectors} vectors of n_components={self.n_components} and {matrix.nnz} entries of X need "
                f"{needed / 1e9:.1f} GB; {available / 1e9:.1f} GB are available. Lower n_components or the number of words "
                "(min_count, max_features)."
            )
        return matrix

    def _initial_parameters(
        self, grouping: Grouping, bias_column: int, one_column: int, random_state: np.random.RandomState
    ) -> np.ndarray:
        """Parameters and accumulators of words or contexts; see the training kernel for the layout.

        Vectors and biases are uniform in (-0.5, 0.5) / d, as in the C program; drawn row after row of X, so that the
        start does not depend on the groups.
        """
        d, n = int(self.n_components), len(grouping.members)
        parameters = zeros_on_cache_lines((n, 2, _padded_width(d)))
        values, accumulators = parameters[:, 0], parameters[:, 1]
        all_positions = grouping.positions
        rows_at_a_time = 1 + (1 << 22) // (d + 1)
        for start in range(0, n, rows_at_a_time):
            positions = all_positions[start : start + rows_at_a_time]
            drawn = (random_state.random_sample((len(positions), d + 1)) - 0.5) / d
            values[positions, :d] = drawn[:, :d]
            values[positions, bias_column] = drawn[:, d]
        values[:, one_column] = 1
        accumulators[:] = min(float(self.learning_rate) ** -2, _NEVER)
        accumulators[:, bias_column] = 1
        accumulators[:, one_column] = _NEVER
        return parameters

    def _passes(
        self,
        blocks: Blocks,
        words: np.ndarray,
        contexts: np.ndarray,
        team: ThreadTeam,
    ) -> list[float]:
        """Train in place; the mean loss of each pass.

        A pass is n_groups rounds; a round is one block for each row group, no two in the same column group. Every pass goes
        through the rounds in the same order, so that each record is visited at even intervals: a new order for each pass
        gave a lower loss and worse vectors.
        """
        n_groups = len(blocks.rows.starts) - 1
        n_entries = len(blocks.records)
        x_max, alpha, max_iter = float(self.x_max), float(self.alpha), int(self.max_iter)
        losses = np.zeros((n_groups, n_groups))

        def train(i: int, j: int) -> int:
            records = blocks.records[blocks.starts[i, j] : blocks.starts[i, j + 1]]
            losses[i, j] = _training.train_block(
                records, words[blocks.rows.slice(i)], contexts[blocks.columns.slice(j)], x_max, alpha
            )
            return len(records)

        loss_curve: list[float] = []
        with tqdm(
            total=max_iter * n_entries, desc="training", unit=" entries", unit_scale=True, disable=not self.verbose
        ) as bar:
            for iteration in range(1, max_iter + 1):
                for shift in range(n_groups):
                    team.run(train, [(i, (i + shift) % n_groups) for i in range(n_groups)], bar.update)
                loss = float(losses.sum()) / n_entries
                bar.set_postfix(iteration=iteration, loss=f"{loss:.5f}")
                if not math.isfinite(loss):
                    raise self._diverged(iteration)
                loss_curve.append(loss)
                if self.tol is not None and iteration > 1 and loss_curve[-2] - loss < self.tol * loss_curve[-2]:
                    break
            else:
                if self.tol is not None:
                    warnings.warn(
                        f"max_iter={self.max_iter} passes made and the last still lowered the loss by more than "
                        f"tol={self.tol}; raise max_iter.",
                        ConvergenceWarning,
                        stacklevel=3,
                    )
        if not (np.isfinite(words).all() and np.isfinite(contexts).all()):
            raise self._diverged(len(loss_curve))
        return loss_curve

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


def arrange(X: sparse.csr_array, n_groups: int, random_state: np.random.RandomState, team: ThreadTeam) -> Blocks:
    """Cut X into ``n_groups * n_groups`` blocks, each shuffled.

    Rows are dealt to the groups in turn, those with most entries first, so that the groups weigh the same; and so are columns.
    """
    rows = _grouping(np.diff(X.indptr), n_groups)
    in_columns = np.zeros(X.shape[1], dtype=np.int64)
    for start in range(0, X.nnz, 1 << 22):  # bincount makes int64 of what it is given
        in_columns += np.bincount(X.indices[start : start + (1 << 22)], minlength=X.shape[1])
    columns = _grouping(in_columns, n_groups)

    counts = np.empty((n_groups, n_groups), dtype=np.int64)

    def count(i: int) -> None:
        members = rows.members[rows.slice(i)]
        _blocks.count_blocks(X.indptr, X.indices, X.data, members, columns.groups, counts[i])

    team.run(count, [(i,) for i in range(n_groups)])
    ends = np.cumsum(counts).reshape(counts.shape)
    starts = np.column_stack([ends[:, 0] - counts[:, 0], ends])
    records = np.empty(starts[-1, -1], dtype=RECORD)
    seeds = random_state.randint(np.iinfo(np.int64).max, size=n_groups, dtype=np.int64)

    def fill(i: int) -> None:
        members = rows.members[rows.slice(i)]
        work = np.empty(n_groups, dtype=np.int64)
        _blocks.fill_blocks(
            X.indptr, X.indices, X.data, members, columns.groups, columns.places, starts[i], work, seeds[i], records
        )

    team.run(fill, [(i,) for i in range(n_groups)])
    return Blocks(records, starts, rows, columns)


def _grouping(n_entries: np.ndarray, n_groups: int) -> Grouping:
    """Deal rows with these numbers of entries to groups."""
    by_weight = np.argsort(-n_entries, kind="stable").astype(np.int32)
    rank = np.empty(len(by_weight), dtype=np.int64)
    rank[by_weight] = np.arange(len(by_weight))
    members = [by_weight[group::n_groups] for group in range(n_groups)]
    starts = np.zeros(n_groups + 1, dtype=np.int64)
    np.cumsum([len(group) for group in members], out=starts[1:])
    return Grouping(
        np.concatenate(members), starts, (rank % n_groups).astype(np.int32), (rank // n_groups).astype(np.uint16)
    )


def _number_of_groups(shape: tuple[int, int], n_entries: int, bytes_of_a_row: int) -> int:
    """Groups of rows, and of columns. Depends on the data alone, so that results do not depend on threads."""
    for_cache = -(sum(shape) * bytes_of_a_row // -_BYTES_OF_A_BLOCK)
    affordable = math.isqrt(n_entries // _RECORDS_OF_A_BLOCK)
    needed = -(max(shape) // -_LARGEST_GROUP)
    return max(needed, min(affordable, max(for_cache, _USUAL_GROUPS)))


def _padded_width(n_components: int) -> int:
    """A vector, its bias and a constant, rounded up to what the kernel takes."""
    return -((n_components + 2) // -_training.ROW_MULTIPLE) * _training.ROW_MULTIPLE
