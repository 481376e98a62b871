"""The documents that a caller passes, whatever holds them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

#: Elements of an Arrow array that are converted together.
_SLICE = 1 << 12


def as_column(documents: Any) -> Any:
    """Return the only column of a table of text, and anything else unchanged.

    Parameters
    ----------
    documents : object
        A DataFrame, an Arrow table or an array of shape (n_documents, 1), such as a ColumnTransformer or an imputer passes on;
        an array of numbers is no text. Or any other documents.
    """
    shape: Any = getattr(documents, "shape", ())
    if len(shape) != 2 or shape[1] != 1 or getattr(getattr(documents, "dtype", None), "kind", "O") in "biufc":
        return documents
    if hasattr(documents, "iloc"):
        return documents.iloc[:, 0]
    arrow = sys.modules.get("pyarrow")
    return documents.column(0) if arrow is not None and isinstance(documents, arrow.Table) else documents[:, 0]


def iterable_of(documents: Any) -> Iterable:
    """Return what yields the documents one by one, as objects of Python.

    Parameters
    ----------
    documents : iterable, column or table of one column
        The elements of an Arrow array are converted a few thousand at a time.
    """
    documents = as_column(documents)
    arrow = sys.modules.get("pyarrow")  # who passes an Arrow array has imported it
    if arrow is None or not isinstance(documents, (arrow.Array, arrow.ChunkedArray)):
        return documents
    return _arrow_elements(documents.chunks if isinstance(documents, arrow.ChunkedArray) else [documents])


def _arrow_elements(chunks: Iterable) -> Iterator:
    for chunk in chunks:
        for start in range(0, len(chunk), _SLICE):
            yield from chunk.slice(start, _SLICE).to_pylist()


def is_missing(value: Any) -> bool:
    """Tell whether a value stands for one that is not there: None, NaN, NaT or the NA of pandas."""
    pandas = sys.modules.get("pandas")
    if value is None or (pandas is not None and value is pandas.NA):
        return True
    try:
        return not isinstance(value, Iterable) and bool(value != value)
    except Exception:  # an object that cannot be compared is some other error of its own
        return False
