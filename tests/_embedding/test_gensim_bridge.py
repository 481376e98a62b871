"""Every gensim query works on the vectors handed over."""

import sys

import numpy as np
import pytest

from glove_sklearn import GloVeVectorizer

pytest.importorskip("gensim")
from gensim.models import KeyedVectors
from gensim.test.utils import datapath


@pytest.fixture(scope="module")
def vectorizer(lee):
    return GloVeVectorizer(20, max_iter=5, random_state=0).fit(lee)


@pytest.fixture
def vectors(vectorizer):
    return vectorizer.to_keyed_vectors()


def test_keys_vectors_and_counts_are_those_of_the_estimator(vectorizer, vectors):
    assert len(vectors) == len(vectorizer.vocabulary_)
    assert vectors.key_to_index == vectorizer.vocabulary_
    np.testing.assert_array_equal(vectors.vectors, vectorizer.embedding_)
    counts = [vectors.get_vecattr(key, "count") for key in vectors.index_to_key]
    assert counts == vectorizer.counts_.tolist()
    assert counts == sorted(counts, reverse=True)


def test_vectors_are_a_copy(vectorizer, vectors):
    before = vectorizer.embedding_.copy()
    vectors.unit_normalize_all()
    np.testing.assert_array_equal(vectorizer.embedding_, before)


# 2026-11: gensim 4.4's most_similar_cosmul calls a method that gensim deprecates.
@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`:DeprecationWarning")
def test_queries(vectors):
    assert len(vectors.most_similar("australia", topn=3)) == 3
    assert len(vectors.most_similar(positive=["two", "australia"], negative=["one"], restrict_vocab=100)) == 10
    assert len(vectors.most_similar_cosmul(positive=["two"], negative=["one"])) == 10
    assert vectors.doesnt_match(["one", "two", "australia"]) in {"one", "two", "australia"}
    assert -1 <= vectors.similarity("one", "two") <= 1
    assert vectors.n_similarity(["one"], ["two", "three"]) <= 1
    assert vectors.get_mean_vector(["one", "two"]).shape == (20,)
    assert "one" not in vectors.closer_than("one", "two")
    assert "one" in vectors
    assert vectors.index_to_key[0] == "the"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_evaluation(vectors):
    score, sections = vectors.evaluate_word_analogies(datapath("questions-words.txt"), dummy4unknown=True)
    assert 0 <= score <= 1
    assert len(sections) == 15
    pearson, _, unknown = vectors.evaluate_word_pairs(datapath("wordsim353.tsv"))
    assert -1 <= pearson.statistic <= 1
    assert 0 < unknown < 100


@pytest.mark.parametrize("binary", [False, True])
def test_word2vec_format_and_back(vectors, tmp_path, binary):
    path = str(tmp_path / "vectors")
    counts = str(tmp_path / "counts")
    vectors.save_word2vec_format(path, fvocab=counts, binary=binary)
    loaded = KeyedVectors.load_word2vec_format(path, fvocab=counts, binary=binary)
    assert loaded.index_to_key == vectors.index_to_key
    np.testing.assert_allclose(loaded.vectors, vectors.vectors, rtol=1e-6)
    assert loaded.get_vecattr("the", "count") == vectors.get_vecattr("the", "count")


def test_save_and_load(vectors, tmp_path):
    vectors.save(str(tmp_path / "vectors"))
    loaded = KeyedVectors.load(str(tmp_path / "vectors"), mmap="r")
    np.testing.assert_array_equal(loaded.vectors, vectors.vectors)


def test_more_vectors_can_be_added(vectors):
    vectors.add_vectors(["new"], np.ones((1, 20), dtype=np.float32))
    assert len(vectors) == len(vectors.vectors)
    assert vectors.similarity("new", "one") <= 1


def test_a_vocabulary_in_any_order_is_handed_over_by_falling_count():
    vectorizer = GloVeVectorizer(2, vocabulary=["rare", "absent", "frequent"], max_iter=1)
    vectors = vectorizer.fit(["frequent frequent rare frequent"]).to_keyed_vectors()
    assert vectors.index_to_key == ["frequent", "rare", "absent"]
    assert vectors.expandos["count"].tolist() == [3, 1, 0]
    np.testing.assert_array_equal(vectors["rare"], vectorizer.embedding_[0])


def test_without_gensim_the_error_says_what_to_install(vectorizer, monkeypatch):
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    with pytest.raises(ImportError, match=r"pip install gensim"):
        vectorizer.to_keyed_vectors()
