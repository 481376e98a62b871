"""Token ids: renumbered, dropped, and counted by document."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from glove_sklearn._text._tokens import document_frequencies, renumber

N_TERMS = 6
DOCUMENTS = st.lists(st.lists(st.integers(0, N_TERMS - 1), max_size=10), max_size=10)


def flat(documents):
    """All ids, and the length of each document."""
    ids = np.array([id for document in documents for id in document], dtype=np.int32)
    return ids, np.array([len(document) for document in documents], dtype=np.int64)


@given(DOCUMENTS, st.lists(st.integers(-1, 100), min_size=N_TERMS, max_size=N_TERMS))
def test_tokens_get_new_ids_or_are_dropped(documents, new_ids):
    ids, lengths = flat(documents)
    n_kept = renumber(ids, lengths, np.array(new_ids, dtype=np.int32))
    expected = [[new_ids[id] for id in document if new_ids[id] >= 0] for document in documents]
    expected_ids, expected_lengths = flat(expected)
    assert n_kept == len(expected_ids)
    np.testing.assert_array_equal(ids[:n_kept], expected_ids)
    np.testing.assert_array_equal(lengths, expected_lengths)


@given(DOCUMENTS, DOCUMENTS)
def test_document_frequencies_add_up_over_batches(batch, next_batch):
    frequencies, last = np.zeros(N_TERMS, dtype=np.int64), np.full(N_TERMS, -1, dtype=np.int64)
    document_frequencies(*flat(batch), 0, frequencies, last)
    document_frequencies(*flat(next_batch), len(batch), frequencies, last)
    expected = [sum(term in document for document in batch + next_batch) for term in range(N_TERMS)]
    assert frequencies.tolist() == expected
