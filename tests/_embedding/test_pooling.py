"""Token ids + word vectors -> document vectors."""

import itertools
from itertools import pairwise

import numpy as np
import pytest

from glove_sklearn._embedding import pooling
from glove_sklearn._system.threads import ThreadTeam

EMBEDDING = np.array([[1, 0], [0, 2], [-1, -4]], dtype=np.float32)
IDS, OFFSETS = np.array([0, 0, 1, 2], dtype=np.int32), np.array([0, 3, 3, 4])
WEIGHTS = np.array([1, 2, 0.5], dtype=np.float32)


@pytest.mark.parametrize(
    ("name", "weights", "expected"),
    [
        ("sum", None, [[2, 2], [0, 0], [-1, -4]]),
        ("mean", None, [[2 / 3, 2 / 3], [0, 0], [-1, -4]]),
        ("max", None, [[1, 2], [0, 0], [-1, -4]]),
        ("idf", WEIGHTS, [[2 / 4, 4 / 4], [0, 0], [-1, -4]]),
        ("sif", WEIGHTS, [[2 / 3, 4 / 3], [0, 0], [-0.5, -2]]),
    ],
)
def test_pool(name, weights, expected):
    vectors = pooling.pool(IDS, OFFSETS, EMBEDDING, pooling.POOLINGS[name], weights)
    np.testing.assert_allclose(vectors, expected, rtol=1e-6)
    assert vectors.dtype == np.float32


@pytest.mark.parametrize("name", ["sum", "mean", "idf", "sif"])
def test_long_documents_are_added_up_exactly(name):
    random_state = np.random.RandomState(0)
    embedding = random_state.normal(1, 0.1, (50, 3)).astype(np.float32)
    weights = random_state.uniform(0.5, 1, 50).astype(np.float32) if name in ("idf", "sif") else None
    ids = random_state.randint(50, size=3_000_005).astype(np.int32)
    offsets = np.array([0, 3, 3, 2_000_000, 2_000_002, 3_000_005, 3_000_005])
    found = pooling.pool(ids, offsets, embedding, pooling.POOLINGS[name], weights)
    for document, (begin, end) in enumerate(pairwise(offsets)):
        rows = ids[begin:end]
        w = np.ones(len(rows)) if weights is None else weights[rows].astype(np.float64)
        total = (w[:, np.newaxis] * embedding[rows]).sum(axis=0)
        divisor = {"sum": 1, "idf": w.sum() or 1}.get(name, len(rows) or 1)
        np.testing.assert_allclose(found[document], total / divisor, rtol=1e-5)
        alone = pooling.pool(ids[begin:end], np.array([0, end - begin]), embedding, pooling.POOLINGS[name], weights)
        np.testing.assert_array_equal(alone[0], found[document])


@pytest.mark.parametrize("name", ["sum", "idf", "max"])
@pytest.mark.parametrize("d", [1, 3, 16, 17, 50])
def test_vector_of_a_document_depends_on_no_other(name, d):
    random_state = np.random.RandomState(0)
    embedding = random_state.normal(size=(50, d)).astype(np.float32)
    weights = random_state.uniform(0.5, 1, 50).astype(np.float32) if name == "idf" else None
    offsets = np.cumsum([0, 0, 0, *range(12), 0, 30, 0, 1023, 1024, 1025, 2049, 0])
    ids = random_state.randint(50, size=offsets[-1]).astype(np.int32)
    found = pooling.pool(ids, offsets, embedding, pooling.POOLINGS[name], weights)
    for document, (begin, end) in enumerate(pairwise(offsets)):
        rows = embedding[ids[begin:end]].astype(np.float64)
        if begin == end:
            expected = np.zeros(d)
        elif name == "idf":
            expected = np.average(rows, axis=0, weights=weights[ids[begin:end]])
        else:
            expected = {"sum": np.sum, "max": np.max}[name](rows, axis=0)
        np.testing.assert_allclose(found[document], expected, rtol=1e-4, atol=1e-4)
        alone = pooling.pool(
            ids[begin:end].copy(), np.array([0, end - begin]), embedding, pooling.POOLINGS[name], weights
        )
        np.testing.assert_array_equal(alone[0], found[document])


@pytest.mark.parametrize("name", ["mean", "max"])
def test_nan_is_not_hidden(name):
    embedding = np.array([[np.nan], [1], [2]], dtype=np.float32)
    for ids in itertools.permutations([0, 1, 2]):
        assert np.isnan(
            pooling.pool(np.array(ids, dtype=np.int32), np.array([0, 3]), embedding, pooling.POOLINGS[name])
        ).all()


@pytest.mark.parametrize("name", ["mean", "sum", "max"])
def test_no_documents_and_no_tokens(name):
    no_ids = np.array([], dtype=np.int32)
    assert pooling.pool(no_ids, np.array([0]), EMBEDDING, pooling.POOLINGS[name]).shape == (0, 2)
    np.testing.assert_array_equal(
        pooling.pool(no_ids, np.array([0, 0, 0]), EMBEDDING, pooling.POOLINGS[name]), np.zeros((2, 2))
    )


@pytest.mark.parametrize("name", ["mean", "max"])
def test_embedding_may_be_any_array_of_its_shape(name):
    expected = pooling.pool(IDS, OFFSETS, EMBEDDING, pooling.POOLINGS[name])
    read_only = EMBEDDING.copy()
    read_only.flags.writeable = False
    for rows in (np.hstack([EMBEDDING, EMBEDDING])[:, :2], EMBEDDING.astype(np.float64), read_only):
        found = pooling.pool(IDS, OFFSETS, rows, pooling.POOLINGS[name])
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, expected)


def test_idf_weights_are_those_of_scikit_learn(lee):
    from sklearn.feature_extraction.text import TfidfVectorizer

    tfidf = TfidfVectorizer().fit(lee)
    frequencies = np.diff((tfidf.transform(lee) > 0).tocsc().indptr)
    np.testing.assert_allclose(
        pooling.idf_weights(pooling.Statistics(np.zeros(0), frequencies, len(lee))), tfidf.idf_, rtol=1e-6
    )


def test_sif_weights():
    found = pooling.sif_weights(pooling.Statistics(np.array([999, 1]), None, 1))
    weights = np.array([1e-3 / (1e-3 + 0.999), 0.5])
    np.testing.assert_allclose(found, weights / (0.999 * weights[0] + 0.001 * weights[1]), rtol=1e-6)


def test_sif_weights_are_one_on_average_over_the_tokens_however_few_words_there_are(seed):
    for n_words in (1, 10, 10_000):
        counts = np.random.RandomState(seed).zipf(1.5, n_words).clip(max=10**6)
        found = pooling.sif_weights(pooling.Statistics(counts, None, 1))
        assert np.average(found.astype(np.float64), weights=counts) == pytest.approx(1, rel=1e-5)


def test_common_component_is_the_first_singular_vector(seed):
    vectors = np.random.RandomState(seed).normal([3, 1, 0], 0.1, (50, 3)).astype(np.float32)
    with ThreadTeam(2) as team:
        component = pooling.common_component(vectors.T.astype(np.float64) @ vectors, team)
    expected = np.linalg.svd(vectors)[2][0]
    assert abs(component @ expected) == pytest.approx(1, abs=1e-6)
    left = pooling.remove_component(vectors, component)
    np.testing.assert_allclose(left @ component, 0, atol=1e-6)
    np.testing.assert_array_equal(pooling.remove_component(vectors[7:8], component), left[7:8])
