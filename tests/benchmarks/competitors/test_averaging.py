"""Every way to average makes the same features, so that their speeds can be compared."""

import numpy as np
import pytest

from benchmarks.competitors.averaging import averager
from glove_sklearn import EmbeddingVectorizer


@pytest.mark.parametrize("method", ["gensim-mean", "dict-numpy", "model2vec"])
def test_features_are_those_of_the_embedding_vectorizer(lee, method):
    if method == "model2vec":
        pytest.importorskip("model2vec")
    terms = sorted({token for document in lee[:200] for token in document.lower().split() if token.isalnum()})
    vectors = np.random.RandomState(0).normal(size=(len(terms), 5)).astype(np.float32)
    documents = [*lee[200:], "", "qqqq zzzz"]
    expected = EmbeddingVectorizer((terms, vectors)).fit_transform(documents)
    found = averager(method, terms, vectors)(documents)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
