"""gensim's Word2Vec."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.settings import EPOCHS, MIN_COUNT, WORD2VEC_WINDOW

if TYPE_CHECKING:
    from gensim.models import Word2Vec

#: gensim leaves out what is beyond so many tokens of a document.
_LONGEST = 10_000


def add_arguments(parser: ArgumentParser, windows: list[int]) -> None:
    """Add ``--word2vec-windows`` and ``--epochs``."""
    text = " ".join(map(str, windows))
    parser.add_argument(
        "--word2vec-windows", type=int, nargs="+", default=windows, metavar="N", help=f"default: {text}"
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help=f"of Word2Vec; default: {EPOCHS}")


class Sentences:
    """The tokens of the documents, read again for each epoch; long documents in pieces."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __iter__(self) -> Iterator[list[str]]:
        for document in iterate_documents(self._text):
            yield from chunks(document.split())


def chunks(tokens: list[str]) -> Iterator[list[str]]:
    """A document in parts of which gensim leaves out nothing."""
    for start in range(0, len(tokens), _LONGEST):
        yield tokens[start : start + _LONGEST]


def fit(
    sentences: Iterable[list[str]],
    method: str,
    n_components: int,
    epochs: int,
    n_jobs: int,
    window_size: int = WORD2VEC_WINDOW,
    seed: int = 0,
) -> Word2Vec:
    """Train; `method` is "skip-gram" or "cbow"."""
    from gensim.models import Word2Vec

    return Word2Vec(
        sentences,
        vector_size=n_components,
        window=window_size,
        min_count=MIN_COUNT,
        sg=int(method == "skip-gram"),
        epochs=epochs,
        workers=n_jobs,
        seed=seed,
    )
