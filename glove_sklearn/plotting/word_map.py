"""Words in two dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from glove_sklearn._vector_files.resolution import resolve_vectors
from glove_sklearn.evaluation.vectors import unit_vectors
from glove_sklearn.plotting.axes import as_map, draw_groups, given_or_new
from glove_sklearn.plotting.estimators import fitted_estimator
from glove_sklearn.plotting.layout import two_dimensions
from glove_sklearn.plotting.similar_words import rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.text import Annotation

#: Words that are shown if none are named.
N_WORDS = 100
#: Area of a point, in points of 1/72 inch squared.
_AREA = 16.0


class WordMapDisplay:
    """Words in two dimensions, with labels that do not cover each other, colours for groups and arrows for analogies.

    Use :meth:`from_estimator` or :meth:`from_vectors`, or give coordinates.

    Parameters
    ----------
    coordinates : array-like of shape (n_words, 2)
    words : sequence of str
    groups : sequence of length n_words, or None, default=None
        The group of each word, which gives it its colour; None for a word without one.
    analogies : sequence of tuples of str, default=()
        Arrows: from the first word of a tuple to the second, from there to the third, and so on.
    axis_names : tuple of two str, or None, default=None

    Attributes
    ----------
    coordinates : ndarray of shape (n_words, 2), float64
    words, groups, analogies, axis_names
        As given.
    points_ : list of matplotlib.collections.PathCollection
        One for each group.
    labels_ : list of matplotlib.text.Annotation
        One for each word. Those for which there is no room are invisible once the figure is drawn; a larger figure, or zooming
        in, makes room.
    arrows_ : list of matplotlib.patches.FancyArrowPatch
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure

    Examples
    --------
    >>> from glove_sklearn.plotting import WordMapDisplay
    >>> words, vectors = ["man", "king", "woman", "queen"], [[0, 0, 1], [5, 0, 1], [0, 3, 1], [5, 3, 1]]
    >>> display = WordMapDisplay.from_vectors((words, vectors), analogies=[("man", "woman"), ("king", "queen")])
    >>> display.words, len(display.arrows_)
    (['man', 'woman', 'king', 'queen'], 2)
    """

    points_: list[PathCollection]
    labels_: list[Annotation]
    arrows_: list[FancyArrowPatch]
    ax_: Axes
    figure_: Figure | SubFigure

    def __init__(
        self,
        coordinates: Any,
        words: Sequence[str],
        *,
        groups: Sequence[Any] | None = None,
        analogies: Sequence[Sequence[str]] = (),
        axis_names: tuple[str, str] | None = None,
    ) -> None:
        self.coordinates = np.asarray(coordinates, dtype=np.float64)
        self.words = list(words)
        self.groups = None if groups is None else list(groups)
        self.analogies = [tuple(words) for words in analogies]
        self.axis_names = axis_names
        if self.coordinates.shape != (len(self.words), 2):
            raise ValueError(
                f"coordinates must be of shape ({len(self.words)}, 2), for {len(self.words)} words, got shape "
                f"{self.coordinates.shape}."
            )
        if self.groups is not None and len(self.groups) != len(self.words):
            raise ValueError(
                f"groups must name the group of each of the {len(self.words)} words, got {len(self.groups)}."
            )
        unknown = {word for words in self.analogies for word in words} - set(self.words)
        if unknown:
            raise ValueError(f"analogies must be of words of the map, got {sorted(unknown)[0]!r}.")

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        words: Any = None,
        *,
        groups: Sequence[Any] | None = None,
        analogies: Sequence[Sequence[str]] = (),
        reducer: Any = "pca",
        ax: Axes | None = None,
        **kwargs: Any,
    ) -> WordMapDisplay:
        """Draw words of a fitted estimator.

        Parameters
        ----------
        estimator : GloVeVectorizer, EmbeddingVectorizer or GloVe, or a Pipeline that begins with one
            Fitted. A `GloVe` must have been fitted on a DataFrame, whose rows have names.
        words, groups, analogies, reducer, ax, **kwargs
            As in :meth:`from_vectors`.

        Returns
        -------
        WordMapDisplay
        """
        estimator = fitted_estimator(estimator, otherwise="from_vectors takes files and KeyedVectors")
        return cls.from_vectors(
            estimator, words, groups=groups, analogies=analogies, reducer=reducer, ax=ax, **kwargs
        )  # fmt: skip

    @classmethod
    def from_vectors(
        cls,
        vectors: Any,
        words: Any = None,
        *,
        groups: Sequence[Any] | None = None,
        analogies: Sequence[Sequence[str]] = (),
        reducer: Any = "pca",
        ax: Axes | None = None,
        **kwargs: Any,
    ) -> WordMapDisplay:
        """Draw words.

        Vectors are scaled to length 1, so that distances on the map stand for cosines.

        Parameters
        ----------
        vectors : str, path, KeyedVectors, fitted estimator, WordVectors, data frame, or tuple of (terms, array)
            Word vectors: a file of any format that `load_vectors` reads, or an object that holds them.
        words : sequence of str, mapping of group to words, int, or None, default=None
            The words to draw. In a mapping, keys are the names of groups. A number stands for that many words from the beginning
            of `vectors`, which are the most frequent in most files. None stands for the words of `analogies`, or for the first
            100 if there are none.
        groups : sequence, or None, default=None
            The group of each of `words`, such as the labels of a clustering.
        analogies : sequence of tuples of str, default=()
            Arrows between words: ``[("man", "woman"), ("king", "queen")]``, or ``[("slow", "slower", "slowest")]``. Words that
            are not among `words` are added.
        reducer : {"pca", "tsne"} or object with a method `fit_transform`, default="pca"
            What reduces the vectors to two dimensions: a principal component analysis, which keeps parallels parallel, t-SNE,
            which preserves neighbourhoods, or an estimator of your own.
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        **kwargs
            As in :meth:`plot`.

        Returns
        -------
        WordMapDisplay

        Raises
        ------
        KeyError
            If a word has no vector.
        ValueError
            If there are fewer than two words, or `groups` does not fit `words`.
        ImportError
            If matplotlib is not installed.
        """
        terms, array, _ = resolve_vectors(vectors)
        chosen, group_of = choose_words(words, groups, analogies, terms)
        coordinates, axis_names = two_dimensions(unit_vectors(array[rows_of(chosen, terms)]), reducer)
        return cls(
            coordinates, chosen, groups=group_of, analogies=analogies, axis_names=axis_names
        ).plot(ax, **kwargs)  # fmt: skip

    def plot(
        self,
        ax: Axes | None = None,
        *,
        labels: bool = True,
        legend: bool = True,
        text_kwargs: dict[str, Any] | None = None,
        arrow_kwargs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> WordMapDisplay:
        """Draw the map.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.
        labels : bool, default=True
            Write each word beside its point, where there is room. Earlier words come first.
        legend : bool, default=True
            Name the groups, if there are any, and at most 40.
        text_kwargs : dict or None, default=None
            Of `matplotlib.text.Text`, for the labels.
        arrow_kwargs : dict or None, default=None
            Of `matplotlib.patches.FancyArrowPatch`.
        **kwargs
            Of `matplotlib.axes.Axes.scatter`.

        Returns
        -------
        self : WordMapDisplay

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        ax = given_or_new(ax)
        from matplotlib.cbook import normalize_kwargs
        from matplotlib.patches import FancyArrowPatch
        from matplotlib.text import Text

        from glove_sklearn.plotting.fonts import families_for
        from glove_sklearn.plotting.labels import PointLabels

        style = {"s": _AREA, **kwargs}
        radius = float(np.sqrt(np.max(style["s"])) / 2)
        self.points_ = draw_groups(ax, self.coordinates, self.groups, legend=legend, **style)
        as_map(ax, self.axis_names)
        row_of = {word: row for row, word in enumerate(self.words)}
        steps = [(row_of[a], row_of[b]) for words in self.analogies for a, b in pairwise(words)]
        segments = self.coordinates[np.array(steps, dtype=np.intp).reshape(-1, 2)]
        arrow_style: dict[str, Any] = {
            "arrowstyle": "-|>", "mutation_scale": 9, "color": "0.55", "linewidth": 1, "shrinkA": radius + 1,
            "shrinkB": radius + 1,
        } | normalize_kwargs(arrow_kwargs or {}, FancyArrowPatch)  # fmt: skip
        self.arrows_ = [FancyArrowPatch(*ends, **arrow_style) for ends in segments]
        for arrow in self.arrows_:
            ax.add_patch(arrow)
        self.labels_ = []
        if labels:
            families = families_for(self.words)
            text_style = {"fontsize": "small", "fontfamily": families} | normalize_kwargs(text_kwargs or {}, Text)
            self.labels_ = PointLabels(
                ax, self.coordinates, self.words, radius=radius, segments=segments, style=text_style
            ).texts
        self.ax_, self.figure_ = ax, ax.figure
        return self


def choose_words(
    words: Any, groups: Sequence[Any] | None, analogies: Iterable[Sequence[str]], terms: Sequence[str]
) -> tuple[list[str], list[Any] | None]:
    """Return the words of a map, none of them twice, and the group of each, as :meth:`WordMapDisplay.from_vectors` takes them."""
    of_analogies = [word for words in analogies for word in words]
    if words is None:
        words = [] if of_analogies else N_WORDS
    if isinstance(words, Integral) and not isinstance(words, bool):
        if words < 1:
            raise ValueError(f"words must be words, or a number of at least 1, got {words!r}.")
        words = terms[: int(words)]
    if isinstance(words, Mapping):
        if groups is not None:
            raise ValueError("groups are the keys of words, which is a mapping: leave out one of them.")
        groups = [name for name, members in words.items() for _ in members]
        words = [word for members in words.values() for word in members]
    if isinstance(words, (str, bytes)) or not isinstance(words, Iterable):
        raise TypeError(f"words must be a sequence of str, a mapping of groups, or a number, got {words!r:.200}.")
    words = list(words)
    if groups is not None and len(groups) != len(words):
        raise ValueError(f"groups must name the group of each of the {len(words)} words, got {len(groups)}.")
    group_of = dict.fromkeys(of_analogies)
    # The first mention of a word decides on its group.
    group_of |= dict(reversed(list(zip(words, [None] * len(words) if groups is None else groups, strict=True))))
    chosen = list(dict.fromkeys([*words, *of_analogies]))
    return chosen, None if groups is None else [group_of[word] for word in chosen]
