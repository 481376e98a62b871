"""Means of given word vectors by other means: gensim in a loop, a dict and NumPy, and model2vec."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

_TOKENS = re.compile(r"(?u)\b\w+\b")


def averager(method: str, terms: list[str], vectors: Any) -> Callable[[Sequence[str]], Any]:
    """Return a function from documents to the means of the vectors of their words, zeros where there are none."""
    return {"gensim-mean": _gensim, "dict-numpy": _dict_and_numpy, "model2vec": _model2vec}[method](terms, vectors)


def _gensim(terms: list[str], vectors: Any) -> Callable[[Sequence[str]], Any]:
    """Call `get_mean_vector` of gensim for each document."""
    import numpy as np
    from gensim.models import KeyedVectors

    keyed_vectors = KeyedVectors(vectors.shape[1])
    keyed_vectors.add_vectors(terms, vectors)

    def mean(document: str) -> Any:
        # It refuses an empty list.
        tokens = _TOKENS.findall(document.lower()) or [""]
        return keyed_vectors.get_mean_vector(tokens, pre_normalize=False, ignore_missing=True)

    return lambda documents: np.array([mean(document) for document in documents])


def _dict_and_numpy(terms: list[str], vectors: Any) -> Callable[[Sequence[str]], Any]:
    """Do as the transformer that is found in most tutorials."""
    import numpy as np

    vector_of = dict(zip(terms, vectors, strict=True))
    nothing = np.zeros(vectors.shape[1], dtype=vectors.dtype)

    def mean(document: str) -> Any:
        tokens = _TOKENS.findall(document.lower())
        return np.mean([vector_of[token] for token in tokens if token in vector_of] or [nothing], axis=0)

    return lambda documents: np.array([mean(document) for document in documents])


def _model2vec(terms: list[str], vectors: Any) -> Callable[[Sequence[str]], Any]:
    """Encode with model2vec's `StaticModel`, whose tokenizer is in Rust."""
    import numpy as np
    from model2vec import StaticModel
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    unknown = "\0unknown"
    vocabulary = {term: row for row, term in enumerate([*terms, unknown])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=unknown))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\w+"), behavior="removed", invert=True)
    rows = np.vstack([vectors, np.zeros((1, vectors.shape[1]), dtype=vectors.dtype)])
    model = StaticModel(rows, tokenizer, normalize=False)
    return lambda documents: model.encode(list(documents), max_length=None, use_multiprocessing=False)
