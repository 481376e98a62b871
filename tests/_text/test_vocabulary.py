"""Which terms are kept."""

import numpy as np

from glove_sklearn import CooccurrenceCounter
from glove_sklearn._system import budget
from tests.assertions import watch


def test_terms_of_many_tables_are_counted_exactly(monkeypatch):
    """More distinct terms than the tables may hold; each table knows a part of the counts."""
    random_state = np.random.RandomState(0)
    words = random_state.zipf(1.3, 40_000) % 10_000
    documents = [" ".join(map(str, some)) for some in words.reshape(400, 100)]
    monkeypatch.setattr("glove_sklearn._text.encoder._BATCH_SIZE", 3000)
    parts = []
    watch(monkeypatch, "glove_sklearn._text.vocabulary.TermTable", parts)
    expected = CooccurrenceCounter(min_count=7, min_df=5, window_size=2).fit(documents)
    monkeypatch.setattr(budget, "LEARNING_TABLES", 1e-3)
    del parts[:]
    found = CooccurrenceCounter(min_count=7, min_df=5, window_size=2, memory_limit="20MB").fit(documents)
    assert len(parts) > 20
    assert found.vocabulary_ == expected.vocabulary_
    np.testing.assert_array_equal(found.counts_, expected.counts_)
    unique, counts = np.unique(words, return_counts=True)
    frequent = {str(word): count for word, count in zip(unique, counts, strict=True) if count >= 7}
    assert set(found.vocabulary_) <= set(frequent)
    assert all(found.counts_[row] == frequent[word] for word, row in found.vocabulary_.items())
