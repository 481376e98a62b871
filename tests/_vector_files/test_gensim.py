"""Files of gensim, in both directions."""

import os
import pickle
import sys

import numpy as np
import pytest

from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn.formats import (
    WordVectors,
    load_vectors,
    read_vectors,
    save_vectors,
)
from tests._vector_files.words import SMALL, assert_equal, words_of
from tests.disk import limit_of_file_size


def test_files_of_gensim_are_read(gensim, vectorizer, tmp_path):
    expected = vectorizer.to_keyed_vectors()
    path = str(tmp_path / "vectors")
    for options in ({}, {"binary": True}, {"write_header": False}):
        expected.save_word2vec_format(path, **options)
        found = load_vectors(path)
        assert isinstance(found, gensim.models.KeyedVectors)
        assert_equal(words_of(found), words_of(expected))
        assert found.key_to_index == expected.key_to_index
        assert "count" not in found.expandos
        assert found.most_similar("australia") == expected.most_similar("australia")


# 2026-11: gensim 4.4 reads a file without header twice and does not close it.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_gensim_reads_files_written_here(gensim, vectorizer, tmp_path):
    expected = vectorizer.to_keyed_vectors()
    path = str(tmp_path / "vectors")
    load = gensim.models.KeyedVectors.load_word2vec_format
    for format, options in {
        "glove": {"no_header": True},
        "word2vec": {},
        "word2vec-binary": {"binary": True},
    }.items():
        save_vectors(path, vectorizer, format=format)
        assert_equal(words_of(load(path, **options)), words_of(expected))
    save_vectors(path, vectorizer, format="gensim")
    assert_equal(words_of(gensim.models.KeyedVectors.load(path)), words_of(expected))


# 2026-11: gensim 4.4 reads a file without header twice and does not close it.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_random_text_is_read_as_by_gensim(gensim, write, seed):
    random = np.random.RandomState(seed)
    values = random.standard_normal((300, 7)) * 10.0 ** random.randint(-30, 30, (300, 7))
    for digits in ("%f", "%.9g", "%.17g", "%.25e"):
        path = write(
            b"".join(b"w%d %b\n" % (i, b" ".join(digits.encode() % v for v in row)) for i, row in enumerate(values))
        )
        expected = gensim.models.KeyedVectors.load_word2vec_format(str(path), no_header=True)
        assert_equal(read_vectors(path), words_of(expected))


def test_estimators_and_keyed_vectors_are_saved_alike(gensim, vectorizer, tmp_path):
    for suffix in (".txt", ".vec.gz", ".bin", ".kv"):
        save_vectors(tmp_path / f"a{suffix}", vectorizer)
        save_vectors(tmp_path / f"b{suffix}", vectorizer.to_keyed_vectors())
        found = load_vectors(tmp_path / f"a{suffix}")
        assert_equal(words_of(found), words_of(load_vectors(tmp_path / f"b{suffix}")))
        assert found.key_to_index == vectorizer.vocabulary_
        np.testing.assert_array_equal(found.vectors, vectorizer.embedding_)


def test_the_object_holds_the_array_that_was_read(gensim, write):
    words = read_vectors(write(b"a 1 2\nb 3 4\n"))
    found = make_keyed_vectors(*words)
    assert found.vectors is words.vectors
    assert found.index_to_key is words.terms


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_gensim_saved_itself(gensim, lee, tmp_path):
    sentences = [document.split() for document in lee[:50]]
    models = gensim.models
    word2vec = models.Word2Vec(sentences, vector_size=4, epochs=1, workers=1)
    fasttext = models.FastText(sentences, vector_size=4, epochs=1, workers=1, bucket=100)
    for saved, expected in [(word2vec, word2vec.wv), (word2vec.wv, word2vec.wv), (fasttext, fasttext.wv)]:
        for name in ("a.model", "a.model.gz"):
            path = tmp_path / name
            saved.save(str(path))
            found = load_vectors(path)
            assert type(found) is type(expected)
            assert_equal(words_of(found), words_of(expected))
            assert read_vectors(path).counts.tolist() == expected.expandos["count"].tolist()
            assert_equal(
                words_of(load_vectors(path, limit=3)), WordVectors(expected.index_to_key[:3], expected.vectors[:3])
            )
    # Words that it has not seen, from their parts.
    np.testing.assert_array_equal(found["unheardof"], fasttext.wv["unheardof"])
    assert not (tmp_path / "a.model.partial").exists()


@pytest.mark.parametrize("errors", ["ignore", "replace"])
def test_words_that_are_not_utf8_have_the_counts_of_a_vocabulary(gensim, errors):
    path, vocabulary = (
        gensim.test.utils.datapath(f"w2v_keyedvectors_load_test.{name}") for name in ("modeldata", "vocab")
    )
    with pytest.warns(UserWarning, match="2 words are not valid UTF-8"):
        found = load_vectors(path, vocabulary=vocabulary, unicode_errors=errors)
    assert [found.get_vecattr(word, "count") for word in found.index_to_key] == [123, 789]
    assert found.index_to_key[0].startswith("ありがとう")
    with pytest.raises(ValueError, match="is not valid UTF-8"):
        load_vectors(path, vocabulary=vocabulary, unicode_errors="strict")


def test_a_full_disk_leaves_the_old_files(gensim, tmp_path):
    path = tmp_path / "a.kv"
    save_vectors(path, SMALL)
    large = WordVectors([str(i) for i in range(1000)], np.ones((1000, 50), np.float32))
    with limit_of_file_size(20_000), pytest.raises(OSError, match=r"File too large: '.*/a\.kv'"):
        save_vectors(path, large)
    assert os.listdir(tmp_path) == ["a.kv"]
    assert_equal(read_vectors(path), SMALL)
    with limit_of_file_size(20_000), pytest.raises(OSError, match=r"'.*/a\.kv'"):
        save_vectors(path, make_keyed_vectors(*large))
    assert_equal(read_vectors(path), SMALL)


def test_large_arrays_are_in_files_beside_it(gensim, tmp_path):
    path = tmp_path / "a.kv"
    for value in (1, 2):
        save_vectors(path, WordVectors(["a"], np.full((1, 11_000_000), value, np.float32)))
        assert sorted(os.listdir(tmp_path)) == ["a.kv", "a.kv.vectors.npy"]
        assert gensim.models.KeyedVectors.load(str(path), mmap="r")["a"][0] == value


def test_pickles_of_something_else(gensim, write, tmp_path):
    path = write(pickle.dumps({"a": 1}))
    with pytest.raises(ValueError, match=r"holds no vectors or model of gensim .*'dict'"):
        load_vectors(path, format="gensim")
    with pytest.raises(ValueError, match="holds no vectors or model of gensim"):
        load_vectors(write(b"the 0.1 0.2\n"), format="gensim")
    with pytest.raises(ValueError, match=r"vectors\.kv\.gz: files of 'gensim' cannot be compressed"):
        save_vectors(tmp_path / "vectors.kv.gz", SMALL)


def test_without_gensim_all_but_its_own_format_works(tmp_path, monkeypatch):
    for name in ("gensim", "gensim.models", "gensim.utils"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in ("a.txt", "a.vec", "a.bin"):
        save_vectors(tmp_path / name, SMALL)
        assert_equal(read_vectors(tmp_path / name), SMALL)
        with pytest.raises(ImportError, match=r"pip install gensim"):
            load_vectors(tmp_path / name)
    with pytest.raises(ImportError, match=r"pip install gensim"):
        save_vectors(tmp_path / "a.kv", SMALL)
