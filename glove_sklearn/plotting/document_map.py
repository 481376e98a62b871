"""Documents in two dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils import check_array
from sklearn.utils.validation import check_is_fitted

from glove_sklearn.evaluation.vectors import unit_vectors
from glove_sklearn.plotting.axes import as_map, draw_groups, given_or_new
from glove_sklearn.plotting.layout import two_dimensions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure, SubFigure


class DocumentMapDisplay:
    """Documents in two dimensions, coloured by label.

    Use :meth:`from_estimator` or :meth:`from_vectors`, or give coordinates.

    Parameters
    ----------
    coordinates : array-like of shape (n_documents, 2)
    labels : sequence of length n_documents, or None, default=None
        The label of each document; None for a document without one, which is grey.
    axis_names : tuple of two str, or None, default=None

    Attributes
    ----------
    coordinates : ndarray of shape (n_documents, 2), float64
    labels, axis_names
        As given.
    points_ : list of matplotlib.collections.PathCollection
        One for each label.
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure

    Examples
    --------
    >>> from glove_sklearn import GloVeVectorizer
    >>> from glove_sklearn.plotting import DocumentMapDisplay
    >>> documents = ["the cat sat on the mat", "the dog sat on the log", "a cat on a mat", "a dog on a log"]
    >>> vectorizer = GloVeVectorizer(2, min_count=1, random_state=0).fit(documents)
    >>> display = DocumentMapDisplay.from_estimator(vectorizer, documents, ["cat", "dog", "cat", "dog"])
    >>> display.coordinates.shape, len(display.points_)
    ((4, 2), 2)
    """

    points_: list[PathCollection]
    ax_: Axes
    figure_: Figure | SubFigure

    def __init__(
        self, coordinates: Any, labels: Sequence[Any] | None = None, *, axis_names: tuple[str, str] | None = None
    ) -> None:
        self.coordinates = np.asarray(coordinates, dtype=np.float64)
        self.labels = None if labels is None else list(labels)
        self.axis_names = axis_names
        if self.coordinates.ndim != 2 or self.coordinates.shape[1] != 2:
            raise ValueError(f"coordinates must be of shape (n_documents, 2), got {self.coordinates.shape}.")
        if self.labels is not None and len(self.labels) != len(self.coordinates):
            raise ValueError(
                f"expected a label for each of the {len(self.coordinates)} documents, got {len(self.labels)}."
            )

    @classmethod
    def from_estimator(
        cls,
        vectorizer: Any,
        X: Iterable,
        y: Sequence[Any] | None = None,
        *,
        reducer: Any = "pca",
        ax: Axes | None = None,
        **kwargs: Any,
    ) -> DocumentMapDisplay:
        """Transform documents, and draw them.

        Parameters
        ----------
        vectorizer : GloVeVectorizer, EmbeddingVectorizer, or another estimator with a method `transform`
            Fitted; also a Pipeline, of which a last step that does not transform, such as a classifier, is left out.
        X : iterable
            Documents, as `transform` takes them.
        y, reducer, ax, **kwargs
            As in :meth:`from_vectors`.

        Returns
        -------
        DocumentMapDisplay
        """
        if isinstance(vectorizer, Pipeline) and len(vectorizer) > 1 and not hasattr(vectorizer, "transform"):
            vectorizer = vectorizer[:-1]
        if not hasattr(vectorizer, "transform"):
            raise TypeError(f"expected an estimator that transforms documents, got {vectorizer!r:.200}.")
        check_is_fitted(vectorizer)
        return cls.from_vectors(vectorizer.transform(X), y, reducer=reducer, ax=ax, **kwargs)

    @classmethod
    def from_vectors(
        cls,
        vectors: Any,
        y: Sequence[Any] | None = None,
        *,
        reducer: Any = "pca",
        ax: Axes | None = None,
        **kwargs: Any,
    ) -> DocumentMapDisplay:
        """Draw documents that have vectors.

        Vectors are scaled to length 1, so that distances on the map stand for cosines, and short documents are not far outside.

        Parameters
        ----------
        vectors : array-like of shape (n_documents, d)
        y : sequence of length n_documents, or None, default=None
            Labels, one colour each.
        reducer : {"pca", "tsne"} or object with a method `fit_transform`, default="pca"
            What reduces the vectors to two dimensions: a principal component analysis, which keeps parallels parallel, t-SNE,
            which preserves neighbourhoods, or an estimator of your own.
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        **kwargs
            As in :meth:`plot`.

        Returns
        -------
        DocumentMapDisplay

        Raises
        ------
        ValueError
            If there are fewer than two documents, or not one label for each.
        ImportError
            If matplotlib is not installed.
        """
        array = check_array(vectors, dtype=[np.float64, np.float32], input_name="vectors")
        if y is not None and len(y) != len(array):
            raise ValueError(f"expected a label for each of the {len(array)} documents, got {len(y)}.")
        coordinates, axis_names = two_dimensions(unit_vectors(array), reducer)
        return cls(coordinates, y, axis_names=axis_names).plot(ax, **kwargs)

    def plot(self, ax: Axes | None = None, *, legend: bool = True, **kwargs: Any) -> DocumentMapDisplay:
        """Draw the map.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        legend : bool, default=True
            Name the labels, if there are any, and at most 40.
        **kwargs
            Of `matplotlib.axes.Axes.scatter`.

        Returns
        -------
        self : DocumentMapDisplay

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        ax = given_or_new(ax)
        # Many points are small, so that they can be told apart.
        area = float(np.clip(20_000 / max(1, len(self.coordinates)), 4, 25))
        style = {"s": area, "linewidths": 0, "alpha": 0.8, **kwargs}
        self.points_ = draw_groups(ax, self.coordinates, self.labels, legend=legend, **style)
        as_map(ax, self.axis_names)
        ax.margins(0.03)
        self.ax_, self.figure_ = ax, ax.figure
        return self
