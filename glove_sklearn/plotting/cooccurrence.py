"""The co-occurrences from which vectors are learnt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.utils import check_array

from glove_sklearn._text.vocabulary import terms_by_row
from glove_sklearn.plotting.axes import draw_bars, given_or_new
from glove_sklearn.plotting.estimators import fitted_estimator
from glove_sklearn.plotting.similar_words import rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.container import BarContainer
    from matplotlib.figure import Figure, SubFigure

#: Bands of words between the most frequent and the rarest.
_N_BANDS = 32


class CooccurrenceDisplay:
    """X, the weighted co-occurrences: the whole matrix by frequency of the words, or the row of one word as bars.

    Use :meth:`from_estimator` or :meth:`from_cooccurrences`.

    Parameters
    ----------
    X : {array-like, sparse matrix, sparse array} of shape (n_words, n_columns)
        Not negative.
    terms : sequence of str, or None, default=None
        The words of the rows; of the columns, too, if X is square.
    word : str or None, default=None
        The word whose row is drawn; None for the whole matrix.
    topn : int, default=20
        Entries of the row, the largest first.

    Attributes
    ----------
    word : str or None
    near : str or None
        The side of the near neighbours; None for the whole window.
    means : ndarray of shape (n_row_bands, n_column_bands), float64
        Of the matrix: the mean of X over the words of a band of rows and a band of columns, zeros included.
    row_ranks, column_ranks : ndarray of shape (n_bands + 1,), int64
        Where bands begin and end: the first holds the words of the ranks ``row_ranks[0]`` to ``row_ranks[1] - 1``. Words are
        ranked by the sums of their rows and columns; the most frequent has rank 1.
    ranked_terms : list of str or None
        Words of the rows in the order of their ranks.
    contexts, values : list of str, and ndarray of shape (n_contexts,), float64
        Of a row: the words that occur most near the word, and their entries of X.
    mesh_ : matplotlib.collections.QuadMesh
        Of the matrix.
    bars_ : matplotlib.container.BarContainer
        Of a row.
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure

    Examples
    --------
    >>> from glove_sklearn import CooccurrenceCounter
    >>> from glove_sklearn.plotting import CooccurrenceDisplay
    >>> counter = CooccurrenceCounter(min_count=1, window_size=2, weighting="harmonic").fit(["to be or not to be"])
    >>> CooccurrenceDisplay.from_estimator(counter).means.round(1).tolist()
    [[0.0, 2.0, 1.0, 1.0], [2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0]]
    >>> row = CooccurrenceDisplay.from_estimator(counter, "to")
    >>> row.contexts, row.values.tolist()
    (['be', 'not', 'or'], [2.0, 1.0, 1.0])
    """

    near: str | None = None
    contexts: list[str]
    values: np.ndarray
    mesh_: QuadMesh
    bars_: BarContainer
    ax_: Axes
    figure_: Figure | SubFigure

    def __init__(self, X: Any, terms: Sequence[str] | None = None, *, word: str | None = None, topn: int = 20) -> None:
        matrix = sparse.csr_array(check_array(X, accept_sparse="csr", dtype=np.float64, input_name="X"))
        if matrix.nnz == 0 or matrix.data.min() < 0 or not matrix.data.any():
            raise ValueError("X must hold co-occurrences, some of them greater than 0 and none of them negative.")
        names = None if terms is None else list(terms)
        if names is not None and len(names) != matrix.shape[0]:
            raise ValueError(f"expected a word for each of the {matrix.shape[0]} rows of X, got {len(names)} terms.")
        self.word = word
        if word is None:
            self._sum_bands(matrix, names)
        else:
            self._take_row(matrix, names, word, topn)

    def _sum_bands(self, matrix: sparse.csr_array, terms: list[str] | None) -> None:
        row_sums, column_sums = matrix.sum(axis=1), matrix.sum(axis=0)
        if matrix.shape[0] == matrix.shape[1]:
            row_sums = column_sums = row_sums + column_sums
        row_order, column_order = (np.argsort(-sums, kind="stable") for sums in (row_sums, column_sums))
        self.row_ranks, self.column_ranks = _band_ranks(len(row_order)), _band_ranks(len(column_order))
        in_rows, in_columns = _members(row_order, self.row_ranks), _members(column_order, self.column_ranks)
        sums = (in_rows.T @ matrix @ in_columns).toarray()
        self.means = sums / np.multiply.outer(np.diff(self.row_ranks), np.diff(self.column_ranks))
        self.ranked_terms = None if terms is None else [terms[row] for row in row_order]

    def _take_row(self, matrix: sparse.csr_array, terms: list[str] | None, word: str, topn: int) -> None:
        if terms is None:
            raise ValueError(f"the rows of X need names, terms, so that there is one of {word!r}.")
        if matrix.shape[0] != matrix.shape[1]:
            raise ValueError(f"the row of a word needs a square X, whose columns are words, got shape {matrix.shape}.")
        if not isinstance(topn, Integral) or topn < 1:
            raise ValueError(f"topn must be an integer of at least 1, got {topn!r}.")
        values = matrix[rows_of([word], terms)].toarray()[0]
        largest = [column for column in np.argsort(-values, kind="stable")[: int(topn)] if values[column] > 0]
        self.contexts, self.values = [terms[column] for column in largest], values[largest]

    @classmethod
    def from_estimator(
        cls,
        counter: Any,
        word: str | None = None,
        *,
        near: str | None = None,
        topn: int = 20,
        ax: Axes | None = None,
        **kwargs: Any,
    ) -> CooccurrenceDisplay:
        """Draw what a `CooccurrenceCounter` has counted.

        Parameters
        ----------
        counter : CooccurrenceCounter, or a Pipeline that begins with one
            Fitted. (A `GloVeVectorizer` does not keep X.)
        word : str or None, default=None
            Draw the row of this word, and not the whole matrix.
        near : {"left", "right"} or None, default=None
            Draw what was counted of the near neighbours on this side, if the counter has `near_size`; None for the whole window.
        topn, ax, **kwargs
            As in :meth:`from_cooccurrences`.

        Returns
        -------
        CooccurrenceDisplay

        Raises
        ------
        NotFittedError
            Before `fit`.
        TypeError
            If the estimator does not keep co-occurrences.
        ValueError
            If it did not count near neighbours on this side.
        """
        counter = fitted_estimator(counter, otherwise="from_cooccurrences takes matrices")
        if not hasattr(counter, "cooccurrence_"):
            raise TypeError(
                f"counter must be a fitted CooccurrenceCounter, which keeps the co-occurrences, got {counter!r:.200}."
            )
        terms, n = terms_by_row(counter.vocabulary_), len(counter.vocabulary_)
        sides = ["left", "right"] if counter.context == "symmetric" else [counter.context]
        parts = [None, *sides][: counter.cooccurrence_.shape[1] // n]
        if near not in parts:
            choices = "None, because the counter has no near_size" if len(parts) == 1 else f"one of {parts}"
            raise ValueError(f"near must be {choices}, got {near!r}.")
        first = parts.index(near) * n
        X = counter.cooccurrence_ if len(parts) == 1 else counter.cooccurrence_[:, first : first + n]
        display = cls(X, terms, word=word, topn=topn)
        display.near = near
        return display.plot(ax, **kwargs)

    @classmethod
    def from_cooccurrences(
        cls,
        X: Any,
        terms: Iterable[str] | None = None,
        *,
        word: str | None = None,
        topn: int = 20,
        ax: Axes | None = None,
        **kwargs: Any,
    ) -> CooccurrenceDisplay:
        """Draw a matrix of co-occurrences.

        Parameters
        ----------
        X : {array-like, sparse matrix, sparse array} of shape (n_words, n_columns)
            Not negative.
        terms : iterable of str, or None, default=None
            The words of the rows; of the columns, too, if X is square.
        word : str or None, default=None
            Draw the row of this word, and not the whole matrix.
        topn : int, default=20
            Entries of the row, the largest first.
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        **kwargs
            As in :meth:`plot`.

        Returns
        -------
        CooccurrenceDisplay

        Raises
        ------
        KeyError
            If `word` is not among `terms`.
        ValueError
            If X is empty or has negative entries.
        ImportError
            If matplotlib is not installed.
        """
        return cls(X, None if terms is None else list(terms), word=word, topn=topn).plot(ax, **kwargs)

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> CooccurrenceDisplay:
        """Draw the matrix, or the row.

        Both axes of the matrix, and its colours, are logarithmic. White are bands of words that never occur together.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        **kwargs
            Of `matplotlib.axes.Axes.pcolormesh`, or of `matplotlib.axes.Axes.barh` for a row.

        Returns
        -------
        self : CooccurrenceDisplay

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        if self.word is None:
            self._plot_matrix(given_or_new(ax), kwargs)
        else:
            ax = given_or_new(ax, height=1.2 + 0.28 * len(self.contexts))
            self.bars_ = draw_bars(ax, self.contexts, self.values, **kwargs)
            ax.set_xlabel("weighted co-occurrences")
            side = "" if self.near is None else f", on the {self.near}"
            ax.set_title(f"near {self.word}{side}", parse_math=False)
            self.ax_, self.figure_ = ax, ax.figure
        return self

    def _plot_matrix(self, ax: Axes, kwargs: dict[str, Any]) -> None:
        from matplotlib.colors import LogNorm

        shown = np.ma.masked_less_equal(self.means, 0)
        context = "rank of the context" if self.near is None else f"rank of the neighbour on the {self.near}"
        style: dict[str, Any] = {"norm": LogNorm(shown.min(), shown.max()), "cmap": "viridis", **kwargs}
        self.mesh_ = ax.pcolormesh(self.column_ranks, self.row_ranks, shown, **style)
        ax.set(xscale="log", yscale="log", xlabel=context, ylabel="rank of the word")
        ax.set_xlim(self.column_ranks[0], self.column_ranks[-1])
        ax.set_ylim(self.row_ranks[-1], self.row_ranks[0])
        for axis, n in ((ax.xaxis, self.column_ranks[-1]), (ax.yaxis, self.row_ranks[-1])):
            ranks = 10 ** np.arange(int(np.log10(max(n - 1, 1))) + 1)
            names = [f"{rank:,}" for rank in ranks]
            if axis is ax.yaxis and self.ranked_terms is not None:
                names = [f"{self.ranked_terms[rank - 1]}  {name}" for rank, name in zip(ranks, names, strict=True)]
            axis.set_ticks(ranks, names, parse_math=False)
        ax.figure.colorbar(self.mesh_, ax=ax, label="mean of X")
        self.ax_, self.figure_ = ax, ax.figure


def _band_ranks(n: int) -> np.ndarray:
    """Return the ranks at which bands begin, and n + 1: bands are equally wide on a logarithmic scale."""
    return np.unique(np.round(np.geomspace(1, n + 1, _N_BANDS + 1)).astype(np.int64))


def _members(order: np.ndarray, ranks: np.ndarray) -> sparse.csr_array:
    """Return a matrix that sums the words of each band, (n_words, n_bands)."""
    bands = np.repeat(np.arange(len(ranks) - 1), np.diff(ranks))
    n = len(order)
    return sparse.csr_array((np.ones(n), (order, bands)), shape=(n, len(ranks) - 1))
