"""An interactive map of words: one HTML file that needs nothing else."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from importlib.resources import files
from numbers import Integral
from typing import Any

import numpy as np

from glove_sklearn._system.files import StrPath, open_to_write
from glove_sklearn._vector_files.resolution import resolve_vectors
from glove_sklearn.evaluation.vectors import unit_vectors
from glove_sklearn.plotting.layout import two_dimensions
from glove_sklearn.plotting.similar_words import nearest, rows_of
from glove_sklearn.plotting.word_map import choose_words

#: The longer side of the map, in the unit of the coordinates in the file.
_SIDE = 10_000
#: What readers of the map are told about the layout.
_NAMES = {"pca": "A principal component analysis", "tsne": "t-SNE"}


def write_word_map(
    path: StrPath,
    vectors: Any,
    words: Any = 5000,
    *,
    groups: Sequence[Any] | None = None,
    reducer: Any = "tsne",
    n_neighbors: int = 10,
    title: str = "Map of words",
) -> None:
    """Write an interactive map of words: one HTML file, for any browser, that needs no network.

    The map can be moved, zoomed and searched, with the mouse, by touch or with the keyboard. Pointing at a word shows the words
    nearest to it. 5,000 words make about half a megabyte.

    Parameters
    ----------
    path : str or path
        The file, which is replaced when the new one is complete.
    vectors : str, path, KeyedVectors, fitted estimator, WordVectors, data frame, or tuple of (terms, array)
        Word vectors: a file of any format that `load_vectors` reads, or an object that holds them.
    words : sequence of str, mapping of group to words, or int, default=5000
        The words of the map. In a mapping, keys are the names of groups, which have colours. A number stands for at most that
        many words from the beginning of `vectors`, which are the most frequent in most files.
    groups : sequence, or None, default=None
        The group of each of `words`, such as the labels of a clustering.
    reducer : {"tsne", "pca"} or object with a method `fit_transform`, default="tsne"
        What reduces the vectors, scaled to length 1, to two dimensions. t-SNE of 5,000 words takes a while, but two
        principal components of so many words are a cloud.
    n_neighbors : int, default=10
        How many of the nearest words are shown. They are words of the map, and nearest by cosine.
    title : str, default="Map of words"

    Raises
    ------
    KeyError
        If a word has no vector.
    ValueError
        If there are fewer than two words, or `groups` does not fit `words`.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from glove_sklearn.plotting import write_word_map
    >>> vectors = ["man", "king", "woman", "queen"], [[0, 0, 1], [5, 0, 1], [0, 3, 1], [5, 3, 1]]
    >>> path = Path(tempfile.mkdtemp(), "map.html")
    >>> write_word_map(path, vectors)
    >>> path.read_text().startswith("<!doctype html>")
    True
    """
    if not isinstance(n_neighbors, Integral) or n_neighbors < 1:
        raise ValueError(f"n_neighbors must be an integer of at least 1, got {n_neighbors!r}.")
    terms, array, _ = resolve_vectors(vectors)
    chosen, group_of = choose_words(words, groups, (), terms)
    units = unit_vectors(array[rows_of(chosen, terms)])
    coordinates, _ = two_dimensions(units, reducer)
    neighbors, cosines = nearest(units, np.arange(len(units)), int(n_neighbors))
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    extent = np.maximum(high - low, 1e-9 * max(1.0, float(np.abs(coordinates).max())))
    scaled = (coordinates - low) * (_SIDE / extent.max())
    content: dict[str, Any] = {
        "words": chosen,
        "x": _integers(scaled[:, 0]),
        "y": _integers(scaled[:, 1].max() - scaled[:, 1]),  # downwards on the screen
        "width": round(float(np.ptp(scaled[:, 0]))) or 1,
        "height": round(float(np.ptp(scaled[:, 1]))) or 1,
        "neighbors": neighbors.tolist(),
        "cosines": _integers(1000 * cosines),
        "layout": _NAMES[reducer] if isinstance(reducer, str) else type(reducer).__name__,
    }
    if group_of is not None:
        names = [name for name in dict.fromkeys(group_of) if name is not None]
        index_of = {None: -1, **{name: index for index, name in enumerate(names)}}
        content |= {"groups": [str(name) for name in names], "group": [index_of[name] for name in group_of]}
    # In a script element only "<" could end or nest it; a JSON string may have it as an escape.
    embedded = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")
    template = files("glove_sklearn.plotting").joinpath("word_map_template.html").read_text(encoding="utf-8")
    before, after = template.replace("<!--TITLE-->", html.escape(title)).split("<!--DATA-->")
    with open_to_write(path) as file:
        file.write((before + embedded + after).encode("utf-8", errors="replace"))


def _integers(numbers: np.ndarray) -> list[Any]:
    return np.rint(numbers).astype(np.int64).tolist()
