"""Turn the documents of a Dask collection into the rows of a Dask array."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from glove_sklearn._distributed import tasks
from glove_sklearn._distributed.cluster import Cluster
from glove_sklearn._distributed.collections import scheduler_of


class Transformer(Protocol):
    """A fitted estimator that can be pickled."""

    def transform(self, X: Any) -> np.ndarray:
        """Compute the vectors of documents."""


def transform_collection(
    collection: Any, model: Transformer, n_features: int, n_documents: Sequence[int] | None = None
) -> Any:
    """Compute the vectors of documents where they are, when they are asked for.

    Parameters
    ----------
    collection : dask.bag.Bag or dask.dataframe.Series
    model : Transformer
        Sent to each worker once.
    n_features : int
    n_documents : sequence of int or None, default=None
        Number of documents of each partition, if it is known; otherwise they are counted now, by one pass over the collection.

    Returns
    -------
    vectors : dask.array.Array of shape (n_documents, n_features), float32
        A chunk for each partition.
    """
    import dask.array as da
    from dask import compute, delayed
    from dask.highlevelgraph import HighLevelGraph

    partitions = collection.to_delayed()
    get, client = scheduler_of(collection)
    if n_documents is None:
        count = delayed(tasks.count_elements, pure=False, traverse=False)
        n_documents = compute(*[count(documents) for documents in partitions], scheduler=get)
    name = f"document-vectors-{uuid.uuid4().hex}"
    if client is None:
        shared = delayed(model, name=f"model-{name}", pure=False, traverse=False)
    else:
        shared = delayed(Cluster(client, 0).share(model))
    graph: dict[Any, Any] = {
        (name, i, 0): (tasks.transform_partition, documents.key, shared.key, i)
        for i, documents in enumerate(partitions)
    }
    layers = HighLevelGraph.from_collections(name, graph, dependencies=[shared, *partitions])
    chunks = (tuple(n_documents), (n_features,))
    return da.Array(layers, name, chunks, dtype=np.float32, meta=np.zeros((0, 0), dtype=np.float32))
