"""Documents that a collection of Dask holds, which is recognised without importing Dask."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client


def as_collection(documents: Any) -> Any:
    """Return a Bag, or a Series of Dask, or the only column of a DataFrame of Dask, that documents are; None for anything else.

    Raises
    ------
    ValueError
        For other collections of Dask.
    """
    base = sys.modules.get("dask.base")  # who passes a collection has imported it
    if base is None or not base.is_dask_collection(documents):
        return None
    bag, frame = sys.modules.get("dask.bag"), sys.modules.get("dask.dataframe")
    if bag is not None and isinstance(documents, bag.Bag):
        return documents
    if frame is not None and isinstance(documents, frame.DataFrame) and len(documents.columns) == 1:
        return documents[documents.columns[0]]
    if frame is not None and isinstance(documents, frame.Series):
        return documents
    what = f"{type(documents).__name__} of Dask"
    if frame is not None and isinstance(documents, frame.DataFrame):
        what += f" with the columns {', '.join(map(repr, documents.columns))}"
    raise ValueError(
        f"documents on a cluster must be a dask.bag.Bag, or a Series of dask.dataframe, got a {what}; "
        + ("pass one column of text." if "columns" in what else "make a Bag of it.")
    )


def refuse_collection(documents: Any, what: str, instead: str) -> None:
    """Raise an error if documents are a collection of Dask."""
    if as_collection(documents) is not None:
        raise ValueError(f"{what} reads documents in this process, but these are a collection of Dask; {instead}.")


def name_of(collection: Any) -> str:
    """Return a name that other documents do not have."""
    return str(collection.__dask_keys__()[0][0])


def scheduler_of(collection: Any) -> tuple[Any, Client | None]:
    """Return the function that computes graphs, and the client it belongs to, if it is one of `distributed`."""
    from dask.base import get_scheduler

    get = get_scheduler(collections=[collection])
    distributed = sys.modules.get("distributed")
    owner = getattr(get, "__self__", None)
    return get, owner if distributed is not None and isinstance(owner, distributed.Client) else None
