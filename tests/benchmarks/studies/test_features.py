"""All methods see the same tokens; word vectors are averaged over them."""

import collections

import numpy as np

from benchmarks.studies.features import analyzer, averager
from glove_sklearn import GloVeVectorizer


def test_tokens_of_all_methods_are_those_of_the_defaults(lee):
    vectorizer = GloVeVectorizer(2, init="random", max_iter=1).fit(lee)
    counts = collections.Counter(token for document in lee for token in analyzer()(document))
    assert {token: count for token, count in counts.items() if count >= vectorizer.min_count} == {
        term: vectorizer.counts_[row] for term, row in vectorizer.vocabulary_.items()
    }


def test_features_of_word_vectors_are_means_over_the_tokens():
    average = averager(["a", "b"], np.array([[1.0, 2.0], [3.0, 6.0]], dtype=np.float32))
    np.testing.assert_allclose(average(["a b, a unknown", "unknown"]), [[5 / 3, 10 / 3], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(average(["B"]), [[3, 6]])
