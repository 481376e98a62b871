"""gensim's Word2Vec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.settings import MIN_COUNT

METHODS = ("skip-gram", "cbow")
#: gensim ignores the tokens of a document beyond this number.
_MAX_TOKENS = 10_000


class Sentences:
    """The tokens of the documents of a file, read again in each epoch; long documents are split."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __iter__(self) -> Iterator[list[str]]:
        for document in iterate_documents(self._text):
            yield from split(document.split())


def split(tokens: list[str]) -> Iterator[list[str]]:
    """Yield a document in parts of which gensim ignores nothing."""
    for start in range(0, len(tokens), _MAX_TOKENS):
        yield tokens[start : start + _MAX_TOKENS]


def fit(
    sentences: Iterable[list[str]],
    method: str,
    n_components: int,
    n_epochs: int,
    n_jobs: int,
    window_size: int,
    seed: int,
) -> tuple[list[str], np.ndarray]:
    """Return the words, by falling count, and their vectors of shape (n_words, d); `method` is "skip-gram" or "cbow"."""
    from gensim.models import Word2Vec

    model = Word2Vec(
        sentences,
        vector_size=n_components,
        window=window_size,
        min_count=MIN_COUNT,
        sg=int(method == "skip-gram"),
        epochs=n_epochs,
        workers=n_jobs,
        seed=seed,
    )
    return model.wv.index_to_key, model.wv.vectors
