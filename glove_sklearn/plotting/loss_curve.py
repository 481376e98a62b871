"""The loss of each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glove_sklearn.plotting.axes import given_or_new
from glove_sklearn.plotting.estimators import fitted_estimator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.lines import Line2D


class LossCurveDisplay:
    """The loss of each epoch of training.

    Use :meth:`from_estimator`, or give the losses.

    Parameters
    ----------
    loss_curve : array-like of shape (n_epochs,)
        Mean weighted squared error of each epoch; `loss_curve_` of an estimator.
    name : str or None, default=None
        Name in the legend; None for no legend.

    Attributes
    ----------
    loss_curve, name
        As given.
    line_ : matplotlib.lines.Line2D
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure

    Examples
    --------
    >>> from glove_sklearn import GloVeVectorizer
    >>> from glove_sklearn.plotting import LossCurveDisplay
    >>> documents = ["the cat sat on the mat", "the dog sat on the log"]
    >>> vectorizer = GloVeVectorizer(2, min_count=1, max_iter=10, random_state=0).fit(documents)
    >>> display = LossCurveDisplay.from_estimator(vectorizer)
    >>> display.ax_.get_xlabel()
    'epoch'
    """

    line_: Line2D
    ax_: Axes
    figure_: Figure | SubFigure

    def __init__(self, loss_curve: Any, *, name: str | None = None) -> None:
        self.loss_curve = np.asarray(loss_curve, dtype=np.float64)
        self.name = name
        if self.loss_curve.ndim != 1 or not len(self.loss_curve):
            raise ValueError(
                f"loss_curve must have one number for each epoch, got an array of shape {self.loss_curve.shape}."
            )

    @classmethod
    def from_estimator(
        cls, estimator: Any, *, name: str | None = None, ax: Axes | None = None, **kwargs: Any
    ) -> LossCurveDisplay:
        """Draw the losses of a fitted estimator.

        Parameters
        ----------
        estimator : GloVe or GloVeVectorizer, or a Pipeline that begins with one
            Fitted.
        name : str or None, default=None
            Name in the legend, to compare several estimators: give `ax` to draw another curve on the same axes.
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        **kwargs
            As in :meth:`plot`.

        Returns
        -------
        LossCurveDisplay

        Raises
        ------
        NotFittedError
            Before `fit`.
        TypeError
            If the estimator has no losses.
        ImportError
            If matplotlib is not installed.
        """
        estimator = fitted_estimator(estimator)
        if not hasattr(estimator, "loss_curve_"):
            raise TypeError(
                f"estimator must be a fitted GloVe or GloVeVectorizer, which has a loss_curve_, got {estimator!r:.200}."
            )
        return cls(estimator.loss_curve_, name=name).plot(ax, **kwargs)

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> LossCurveDisplay:
        """Draw the curve.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        **kwargs
            Of `matplotlib.axes.Axes.plot`.

        Returns
        -------
        self : LossCurveDisplay

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        ax = given_or_new(ax)
        from matplotlib.cbook import normalize_kwargs
        from matplotlib.lines import Line2D
        from matplotlib.ticker import MaxNLocator

        n_epochs = len(self.loss_curve)
        style = {"label": self.name, "marker": "o" if n_epochs <= 30 else None} | normalize_kwargs(kwargs, Line2D)
        (self.line_,) = ax.plot(np.arange(1, n_epochs + 1), self.loss_curve, **style)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        ax.set(xlabel="epoch", ylabel="loss (mean weighted squared error)")
        ax.spines[["top", "right"]].set_visible(False)
        if style["label"] is not None:
            ax.legend(frameon=False)
        self.ax_, self.figure_ = ax, ax.figure
        return self
