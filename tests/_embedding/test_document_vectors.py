"""From the tokens of documents to their vectors, whatever is done to the words first."""

import numpy as np
import pytest

from glove_sklearn._embedding.document_vectors import (
    fit_pooler,
    iterate_vectors,
    vectors_of_corpus,
    vectors_of_documents,
)
from glove_sklearn._embedding.pooling import POOLINGS
from glove_sklearn._embedding.postprocessing import learn_postprocessing
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text.corpus import Corpus

D = 6


class Numbers:
    """Documents are lists of rows; a batch is three of them."""

    def batches(self, documents):
        documents = list(documents)
        for start in range(0, len(documents), 3):
            yield start, documents[start : start + 3]

    def encode(self, position, batch):
        ids = np.array([row for document in batch for row in document], dtype=np.int32)
        return ids, np.array([len(document) for document in batch], dtype=np.int64)


@pytest.fixture
def embedding(seed):
    return np.random.RandomState(seed).normal(1, 2, size=(30, D)).astype(np.float32)


@pytest.fixture
def documents(seed):
    random_state = np.random.RandomState(seed)
    return [random_state.randint(25, size=length).tolist() for length in (5, 0, 1, 30, 7, 2, 100, 0)]


def corpus_of(documents):
    corpus = Corpus(Storage(), 1, 1)
    for _, batch in Numbers().batches(documents):
        corpus.append(*Numbers().encode(0, batch))
    return corpus


def fitted(documents, embedding, pooling, how, team):
    counts = np.bincount([row for document in documents for row in document], minlength=len(embedding))
    learnt = learn_postprocessing(embedding, counts.astype(np.float64), how, team)
    return learnt, fit_pooler(corpus_of(documents), counts, embedding, POOLINGS[pooling], team, learnt)


@pytest.mark.parametrize("how", ["flatten", "level", "all-but-the-top", "center"])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_processed_documents_are_pooled_from_processed_words(embedding, documents, pooling, how):
    with ThreadTeam(1) as team:
        learnt, pooler = fitted(documents, embedding, pooling, how, team)
        _, plain = fitted(documents, learnt.apply(embedding), pooling, None, team)
        found, expected = (vectors_of_corpus(corpus_of(documents), each, team) for each in (pooler, plain))
    if pooling == "sif":  # the sign of a component is arbitrary
        np.testing.assert_allclose(abs(pooler.component @ plain.component), 1, rtol=1e-4)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
    if pooling != "sif":
        assert not found[[1, 7]].any()


@pytest.mark.parametrize("how", [None, "level"])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_documents_do_not_depend_on_others_nor_on_threads(embedding, documents, pooling, how):
    with ThreadTeam(1) as team:
        _, pooler = fitted(documents, embedding, pooling, how, team)
        expected = vectors_of_corpus(corpus_of(documents), pooler, team)
    for n_jobs in (1, 2, 4):
        np.testing.assert_array_equal(vectors_of_documents(documents, Numbers(), pooler, n_jobs), expected)
        parts = list(iterate_vectors(iter(documents), Numbers(), pooler, n_jobs))
        assert [len(part) for part in parts] == [3, 3, 2]
        np.testing.assert_array_equal(np.concatenate(parts), expected)
    for index, document in enumerate(documents):
        alone = vectors_of_documents([document], Numbers(), pooler, 1)
        np.testing.assert_array_equal(alone, expected[index : index + 1])


def test_no_documents_have_no_vectors(embedding, documents):
    with ThreadTeam(1) as team:
        _, pooler = fitted(documents, embedding, "mean", None, team)
    assert vectors_of_documents([], Numbers(), pooler, 2).shape == (0, D)
