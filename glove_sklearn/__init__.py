"""GloVe word vectors for people who live in scikit-learn and gensim."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glove_sklearn._text.word_pattern import WORD_PATTERN
    from glove_sklearn.counter import CooccurrenceCounter
    from glove_sklearn.embedding_vectorizer import EmbeddingVectorizer
    from glove_sklearn.glove import GloVe
    from glove_sklearn.vectorizer import GloVeVectorizer

__all__ = ["WORD_PATTERN", "CooccurrenceCounter", "EmbeddingVectorizer", "GloVe", "GloVeVectorizer"]
__version__ = "0.1.0"

_MODULES = {
    "WORD_PATTERN": "_text.word_pattern",
    "CooccurrenceCounter": "counter",
    "EmbeddingVectorizer": "embedding_vectorizer",
    "GloVe": "glove",
    "GloVeVectorizer": "vectorizer",
}


def __getattr__(name: str) -> Any:
    # The names are imported when they are used: the program must be able to answer Ctrl-C before NumPy is imported.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_MODULES]
