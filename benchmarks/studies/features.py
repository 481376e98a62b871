"""Features of documents by each method: fitted on some documents, for those and for others.

Tokens are for all methods those of GloVeVectorizer at its defaults. The vectors of Word2Vec and of PPMI + SVD are averaged over
the tokens of a document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from benchmarks.competitors import ppmi_svd, tfidf_svd, word2vec
from benchmarks.studies import variants
from benchmarks.studies.word_vectors import glove
from glove_sklearn import WORD_PATTERN, CooccurrenceCounter


class Features(NamedTuple):
    """What a method makes of documents."""

    of_documents: Any
    """Matrix of shape (n_documents, n_features)."""
    transform: Callable[[list[str]], Any]
    """Makes the features of other documents."""
    about: dict[str, Any]
    """What rows say."""


def fit(method: str, documents: list[str], seed: int, n_jobs: int, **case: Any) -> Features:
    """Fit a method.

    Parameters
    ----------
    method : {"glove-sklearn", "skip-gram", "cbow", "ppmi-svd", "tfidf", "tfidf-svd"}
    documents : list of str
    seed, n_jobs : int
    **case
        `n_components`, but for "tfidf"; for Word2Vec `window_size` and `n_epochs`, for glove-sklearn `settings` (see `variants`).
    """
    if method == "glove-sklearn":
        vectorizer = glove(seed=seed, n_jobs=n_jobs, **case)
        X = vectorizer.fit_transform(documents)
        return Features(X, vectorizer.transform, variants.describe(vectorizer))
    if method in ("tfidf", "tfidf-svd"):
        tokens = {"analyzer": analyzer()}
        model = TfidfVectorizer(**tokens) if method == "tfidf" else tfidf_svd.pipeline(**case, seed=seed, **tokens)
        X = model.fit_transform(documents)
        vectorizer = model if method == "tfidf" else model[0]
        return Features(X, model.transform, {"n_words": len(vectorizer.vocabulary_)})
    if method == "ppmi-svd":
        terms, vectors = ppmi_svd.fit(documents, seed=seed, n_jobs=n_jobs, **case)
        about = {"window_size": CooccurrenceCounter().window_size}
    else:
        analyze = analyzer()
        sentences = [sentence for document in documents for sentence in word2vec.split(analyze(document))]
        terms, vectors = word2vec.fit(sentences, method, seed=seed, n_jobs=n_jobs, **case)
        about = {}
    transform = averager(terms, vectors)
    return Features(transform(documents), transform, {"n_words": len(terms), **about})


def averager(terms: list[str], vectors: np.ndarray) -> Callable[[list[str]], np.ndarray]:
    """Return a function that averages word vectors over the tokens of each document; zeros where no token is known."""
    vocabulary = {term: row for row, term in enumerate(terms)}
    counter = CountVectorizer(analyzer=analyzer(), vocabulary=vocabulary, dtype=np.float32)

    def transform(documents: list[str]) -> np.ndarray:
        counts = counter.transform(documents)
        return counts @ vectors / np.maximum(1, np.asarray(counts.sum(axis=1)).reshape(-1, 1))

    return transform


def analyzer() -> Callable[[str], list[str]]:
    """Return what splits a text into tokens in GloVeVectorizer at its defaults."""
    return CountVectorizer(token_pattern=WORD_PATTERN).build_analyzer()
