"""TF-IDF and a truncated SVD of it (latent semantic analysis): dense features of documents."""

from __future__ import annotations

from typing import Any

from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline


def pipeline(n_components: int, seed: int = 0, n_iter: int = 5, **vectorizer: Any) -> Pipeline:
    """Return TfidfVectorizer with the given parameters, then TruncatedSVD."""
    return make_pipeline(TfidfVectorizer(**vectorizer), TruncatedSVD(n_components, n_iter=n_iter, random_state=seed))
