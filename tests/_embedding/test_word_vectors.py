"""Whatever holds words and vectors becomes one small type."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from glove_sklearn import GloVeVectorizer
from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors

TERMS = ["rare", "often", "once"]
VECTORS = np.arange(6, dtype=np.float32).reshape(3, 2)


def test_tuples_and_word_vectors_are_not_copied():
    for vectors in ((TERMS, VECTORS), [tuple(TERMS), VECTORS], WordVectors(TERMS, VECTORS)):
        terms, rows, counts = as_word_vectors(vectors)
        assert terms == TERMS
        assert np.shares_memory(rows, VECTORS)
        assert counts is None


def test_keyed_vectors_bring_their_counts():
    models = pytest.importorskip("gensim.models")
    keyed_vectors = models.KeyedVectors(2)
    keyed_vectors.add_vectors(TERMS, VECTORS)
    for term, count in zip(TERMS, (2, 9, 1), strict=True):
        keyed_vectors.set_vecattr(term, "count", count)
    for vectors in (keyed_vectors, type("Model", (), {"wv": keyed_vectors})()):
        words = as_word_vectors(vectors)
        assert words.terms == TERMS
        np.testing.assert_array_equal(words.vectors, VECTORS)
        assert list(words.counts) == [2, 9, 1]


def test_the_words_of_a_vectorizer_come_by_falling_count():
    vectorizer = GloVeVectorizer(2, vocabulary=["cc", "bb", "aa"], max_iter=1).fit(["aa bb", "aa bb", "aa cc"])
    words = as_word_vectors(vectorizer)
    assert words.terms == ["aa", "bb", "cc"]
    assert words.counts.tolist() == [3, 2, 1]
    for term, vector in zip(words.terms, words.vectors, strict=True):
        np.testing.assert_array_equal(vector, vectorizer.embedding_[vectorizer.vocabulary_[term]])
    with pytest.raises(NotFittedError):
        as_word_vectors(GloVeVectorizer())


def test_by_frequency():
    words = WordVectors(TERMS, VECTORS, np.array([2, 9, 2]))
    terms, vectors, counts = words.by_frequency()
    assert terms == ["often", "rare", "once"]
    assert vectors.tolist() == [[2, 3], [0, 1], [4, 5]]
    assert counts.tolist() == [9, 2, 2]
    for ordered in (words.by_frequency(), WordVectors(TERMS, VECTORS)):
        assert ordered.by_frequency() is ordered


@pytest.mark.parametrize(
    ("vectors", "error", "message"),
    [
        ("words", TypeError, "got str"),
        (("words", VECTORS), TypeError, "must be a list of str, got 'words'"),
        ((7, VECTORS), TypeError, "must be a list of str, got 7"),
        ((["a", b"b", "c"], VECTORS), TypeError, "the one at index 1 is b'b'"),
        ((TERMS, VECTORS[0]), ValueError, r"got shape \(2,\)"),
        ((TERMS, VECTORS[:, :0]), ValueError, r"d at least 1, got shape \(3, 0\)"),
        ((TERMS, VECTORS.astype(complex)), TypeError, "got dtype complex128"),
        ((TERMS, VECTORS.astype(str)), TypeError, "got dtype <U"),
        ((TERMS, VECTORS[:2]), ValueError, "3 words and 2 vectors"),
        (WordVectors(TERMS, VECTORS, np.ones(2)), ValueError, "3 words and 2 counts"),
    ],
    ids=str,
)
def test_anything_else_is_refused(vectors, error, message):
    with pytest.raises(error, match=message):
        as_word_vectors(vectors)
