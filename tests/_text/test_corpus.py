"""Token ids are kept in batches, in memory or in files."""

import numpy as np
import pytest

from glove_sklearn._system.storage import Storage
from glove_sklearn._text.corpus import Corpus


@pytest.fixture(params=[None, 16], ids=["in memory", "in files"])
def corpus(request):
    with Storage(request.param, None) as storage:
        corpus = Corpus(storage, 0.1, 0.1)
        # Documents: "0 1 1", "", "2"; and "1 2".
        corpus.append(np.array([0, 1, 1, 2], np.int32), np.array([3, 0, 1]))
        corpus.append(np.array([1, 2], np.int32), np.array([2]))
        yield corpus
        corpus.close()


def as_lists(corpus):
    return [(ids.tolist(), lengths.tolist()) for ids, lengths in corpus]


def test_batches_are_read_back(corpus):
    assert as_lists(corpus) == [([0, 1, 1, 2], [3, 0, 1]), ([1, 2], [2])]
    assert len(corpus) == 2
    assert (corpus.n_tokens, corpus.n_documents) == (6, 4)
    assert corpus.batch(1)[0].dtype == np.int32
    assert corpus.lengths(0).tolist() == [3, 0, 1]


def test_tokens_are_replaced_by_fewer(corpus):
    corpus.replace(0, np.array([5, 7], np.int32), np.array([1, 0, 1]))
    assert as_lists(corpus) == [([5, 7], [1, 0, 1]), ([1, 2], [2])]
    assert (corpus.n_tokens, corpus.n_documents) == (4, 4)


def test_later_batches_can_be_dropped_and_others_appended(corpus):
    corpus.truncate(1)
    assert as_lists(corpus) == [([0, 1, 1, 2], [3, 0, 1])]
    corpus.append(np.array([3, 3, 3], np.int32), np.array([3]))
    assert as_lists(corpus) == [([0, 1, 1, 2], [3, 0, 1]), ([3, 3, 3], [3])]
    corpus.truncate(0)
    assert (len(corpus), corpus.n_tokens, corpus.n_documents) == (0, 0, 0)


def test_document_frequencies(corpus):
    assert corpus.document_frequencies(4).tolist() == [1, 2, 2, 0]
    assert corpus.document_frequencies(4, [1]).tolist() == [0, 1, 1, 0]
