"""The words nearest to a word."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from glove_sklearn._vector_files.resolution import resolve_vectors
from glove_sklearn.evaluation.vectors import unit_vectors
from glove_sklearn.plotting.axes import draw_bars, given_or_new
from glove_sklearn.plotting.estimators import fitted_estimator
from glove_sklearn.plotting.similar_words import nearest, rows_of
from glove_sklearn.uncertainty.estimates import Estimates

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.container import BarContainer, ErrorbarContainer
    from matplotlib.figure import Figure, SubFigure


class NeighborsDisplay:
    """The words nearest to a word, as bars of their cosines, with confidence intervals where they are known.

    Use :meth:`from_estimator`, :meth:`from_vectors` or :meth:`from_estimates`.

    Parameters
    ----------
    words : sequence of str
        From the top.
    cosines : array-like of shape (n_words,)
    low, high : array-like of shape (n_words,), or None, default=None
        Limits of the confidence intervals; NaN for a word without one.
    level : float or None, default=None
        Confidence level of the intervals, which is written below them.
    title : str or None, default=None

    Attributes
    ----------
    words, cosines, low, high, level, title
        As given.
    bars_ : matplotlib.container.BarContainer
    intervals_ : matplotlib.container.ErrorbarContainer or None
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure

    Examples
    --------
    >>> import numpy as np
    >>> from glove_sklearn.plotting import NeighborsDisplay
    >>> vectors = ["ice", "snow", "fire"], np.array([[1.0, 0.0], [0.8, 0.6], [-1.0, 0.0]])
    >>> display = NeighborsDisplay.from_vectors(vectors, "ice")
    >>> display.words, display.cosines.round(1).tolist()
    (['snow', 'fire'], [0.8, -1.0])
    """

    bars_: BarContainer
    intervals_: ErrorbarContainer | None
    ax_: Axes
    figure_: Figure | SubFigure

    def __init__(
        self,
        words: Sequence[str],
        cosines: Any,
        *,
        low: Any = None,
        high: Any = None,
        level: float | None = None,
        title: str | None = None,
    ) -> None:
        self.words = list(words)
        self.cosines = np.asarray(cosines, dtype=np.float64)
        if (low is None) != (high is None):
            raise ValueError("low and high are limits of intervals: give both, or neither.")
        self.low = None if low is None else np.asarray(low, dtype=np.float64)
        self.high = None if high is None else np.asarray(high, dtype=np.float64)
        self.level, self.title = level, title
        for name, array in (("cosines", self.cosines), ("low", self.low), ("high", self.high)):
            if array is not None and array.shape != (len(self.words),):
                raise ValueError(
                    f"{name} must have one number for each of the {len(self.words)} words, got shape {array.shape}."
                )

    @classmethod
    def from_estimator(
        cls, estimator: Any, word: str, *, topn: int = 10, ax: Axes | None = None, **kwargs: Any
    ) -> NeighborsDisplay:
        """Draw the words nearest to a word of a fitted estimator.

        Parameters
        ----------
        estimator : GloVeVectorizer, EmbeddingVectorizer or GloVe, or a Pipeline that begins with one
            Fitted. A `GloVe` must have been fitted on a DataFrame, whose rows have names.
        word, topn, ax, **kwargs
            As in :meth:`from_vectors`.

        Returns
        -------
        NeighborsDisplay
        """
        estimator = fitted_estimator(estimator, otherwise="from_vectors takes files and KeyedVectors")
        return cls.from_vectors(estimator, word, topn=topn, ax=ax, **kwargs)

    @classmethod
    def from_vectors(
        cls, vectors: Any, word: str, *, topn: int = 10, ax: Axes | None = None, **kwargs: Any
    ) -> NeighborsDisplay:
        """Draw the words nearest to a word.

        Parameters
        ----------
        vectors : str, path, KeyedVectors, fitted estimator, WordVectors, data frame, or tuple of (terms, array)
            Word vectors: a file of any format that `load_vectors` reads, or an object that holds them.
        word : str
        topn : int, default=10
            Number of neighbours.
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        **kwargs
            As in :meth:`plot`.

        Returns
        -------
        NeighborsDisplay

        Raises
        ------
        KeyError
            If the word has no vector.
        ImportError
            If matplotlib is not installed.
        """
        if not isinstance(topn, Integral) or topn < 1:
            raise ValueError(f"topn must be an integer of at least 1, got {topn!r}.")
        terms, rows, _ = resolve_vectors(vectors)
        (neighbors,), (cosines,) = nearest(unit_vectors(rows), rows_of([word], terms), int(topn))
        return cls([terms[row] for row in neighbors], cosines, title=f"nearest to {word}").plot(ax, **kwargs)

    @classmethod
    def from_estimates(cls, estimates: Estimates, *, ax: Axes | None = None, **kwargs: Any) -> NeighborsDisplay:
        """Draw estimates with their confidence intervals.

        Parameters
        ----------
        estimates : Estimates
            What :meth:`~glove_sklearn.uncertainty.WordUncertainty.neighbors` returns; also other estimates of that kind.
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        **kwargs
            As in :meth:`plot`.

        Returns
        -------
        NeighborsDisplay

        Raises
        ------
        TypeError
            If `estimates` are of another type.
        ImportError
            If matplotlib is not installed.
        """
        if not isinstance(estimates, Estimates):
            raise TypeError(
                f"estimates must be Estimates, such as WordUncertainty.neighbors(word) returns, got {estimates!r:.200}."
            )
        rows = estimates.rows
        return cls(
            [row.name for row in rows], [row.value for row in rows],
            low=[row.low for row in rows], high=[row.high for row in rows], level=estimates.level, title=estimates.title,
        ).plot(ax, **kwargs)  # fmt: skip

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> NeighborsDisplay:
        """Draw the bars.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure, as high as the words need.
        **kwargs
            Of `matplotlib.axes.Axes.barh`.

        Returns
        -------
        self : NeighborsDisplay

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        ax = given_or_new(ax, height=1.2 + 0.28 * len(self.words))
        self.bars_ = draw_bars(ax, self.words, self.cosines, **kwargs)
        self.intervals_ = None
        label = "cosine"
        if self.low is not None and self.high is not None:
            positions = np.arange(len(self.words))
            errors = np.maximum([self.cosines - self.low, self.high - self.cosines], 0)
            self.intervals_ = ax.errorbar(
                self.cosines, positions, xerr=errors, fmt="none", ecolor="0.25", elinewidth=1.2, capsize=3
            )
            if self.level is not None:
                label += f", {self.level:.0%} intervals"
        ax.axvline(0, color="0.25", linewidth=0.8)
        ax.set_xlabel(label)
        if self.title is not None:
            ax.set_title(self.title, parse_math=False)
        self.ax_, self.figure_ = ax, ax.figure
        return self
