"""Word vectors as data frames of pandas or polars, and back."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal

import numpy as np


def make_frame(terms: list[str], vectors: np.ndarray, library: Literal["pandas", "polars"]) -> Any:
    """Make a data frame with a row for each word and a column for each value; see :meth:`WordVectors.to_frame`."""
    if library not in ("pandas", "polars"):
        raise ValueError(f"library must be 'pandas' or 'polars', got {library!r}")
    module = import_for_frames(library)
    names = [str(column) for column in range(vectors.shape[1])]
    if library == "pandas":
        return module.DataFrame(vectors, index=module.Index(terms, dtype=object, name="word"), columns=names)
    return module.DataFrame({"word": terms, **{name: vectors[:, i] for i, name in enumerate(names)}})


def import_for_frames(library: str) -> Any:
    """Import pandas or polars.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    try:
        return import_module(library)
    except ImportError as error:
        raise ImportError(f"to_frame needs {library}: pip install {library}") from error


def is_frame(table: Any) -> bool:
    """Whether an object is a data frame of pandas or polars, or looks like one."""
    return hasattr(table, "columns") and hasattr(table, "iloc" if hasattr(table, "index") else "get_column")


def split_frame(frame: Any) -> tuple[list[Any], np.ndarray]:
    """Return the words of a data frame, and the array of its numbers.

    Parameters
    ----------
    frame : pandas.DataFrame or polars.DataFrame
        One column has the words, or the index if no column does; all others are numbers.

    Returns
    -------
    words : list
    values : ndarray of shape (n_words, d)

    Raises
    ------
    ValueError
        If there are several columns of text, or none and no index.
    """
    columns = {name: np.asarray(frame[name]) for name in frame.columns}
    if len(columns) != len(frame.columns):
        raise ValueError("the columns of a frame of vectors must have different names.")
    text = [name for name, values in columns.items() if values.dtype.kind not in "fiub"]
    if len(text) > 1 or not (text or hasattr(frame, "index")):
        raise ValueError(
            "a frame of vectors must have one column of words, or an index of words, and numbers in all others; "
            f"{len(text)} of its columns are not numbers{': ' if text else ''}{', '.join(map(repr, text[:5]))}."
        )
    words = columns.pop(text[0]).tolist() if text else list(frame.index)
    values = np.column_stack(list(columns.values())) if columns else np.empty((len(words), 0), dtype=np.float32)
    return words, values
