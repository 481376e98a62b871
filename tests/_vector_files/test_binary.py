"""Vectors as binary: word2vec, and the parameters that Stanford GloVe saves."""

import numpy as np
import pytest

from glove_sklearn.formats import (
    WordVectors,
    read_vectors,
    save_vectors,
)
from tests._vector_files.words import assert_equal
from tests.stanford_glove import VECTOR_SIZE


def test_binary_of_stanford_glove(stanford_glove):
    path = stanford_glove.path("vectors.005.bin")
    words, contexts = stanford_glove.parameters("vectors.005.bin")[:, :, :VECTOR_SIZE]
    terms = stanford_glove.terms()
    for combine, expected in {
        "sum": words + contexts,
        "word": words,
        "context": contexts,
        "concat": np.hstack([words, contexts]),
    }.items():
        found = read_vectors(path, combine=combine)
        assert_equal(found, WordVectors(terms, expected.astype(np.float32)))
        assert found.counts.tolist() == stanford_glove.counts()
    found = read_vectors(path, format="glove-binary", vocabulary=terms, limit=5)
    assert_equal(found, WordVectors(terms[:5], (words + contexts)[:5].astype(np.float32)))
    assert found.counts is None


@pytest.mark.parametrize("combine", ["sum", "word", "context", "concat"])
def test_all_parameters_as_text_are_the_binary_to_the_printed_digits(stanford_glove, combine):
    text = read_vectors(stanford_glove.path("vectors.005.model0.txt"), combine=combine, format="glove-model0")
    binary = read_vectors(stanford_glove.path("vectors.005.bin"), format="glove-binary", combine=combine)
    assert text.terms == binary.terms
    np.testing.assert_allclose(text.vectors, binary.vectors, rtol=1e-6, atol=1.1e-6)


def test_counts_come_from_the_vocabulary(stanford_glove, write):
    vocabulary = stanford_glove.path("vocab.txt")
    found = read_vectors(stanford_glove.path("vectors.005.txt"), vocabulary=vocabulary, unknown=True)
    assert found.counts.tolist() == [*stanford_glove.counts(), 0]
    path = write(b"zebroid 1 2\n")
    with pytest.raises(ValueError, match="the vocabulary has no count for 'zebroid'"):
        read_vectors(path, vocabulary=vocabulary)
    with pytest.raises(ValueError, match="without counts it is only for formats without words"):
        read_vectors(path, vocabulary=["zebroid"])


def test_binary_of_another_vocabulary_is_refused(stanford_glove, write):
    path = stanford_glove.path("vectors.005.bin")
    with pytest.raises(ValueError, match=r"14464 bytes are not two rows of float64 for each of 3 words"):
        read_vectors(path, vocabulary=["a", "b", "c"])
    with pytest.raises(ValueError, match="give its vocabulary"):
        read_vectors(write(path.read_bytes(), "elsewhere.bin"))
    with pytest.raises(ValueError, match="an even number of values, got 3"):
        read_vectors(write(b"the 1 2 3\n"), format="glove-model0")
    with pytest.raises(ValueError, match=r"vocab, line 2: the count of 'of' must be an integer, got 'many'"):
        read_vectors(path, format="glove-binary", vocabulary=write(b"the 5\nof many\n", "vocab"))


def test_a_short_binary_is_told_from_text_whatever_its_bytes(tmp_path, seed):
    bits = np.random.RandomState(seed).randint(0x21, 0xFF, (200, 1, 4), dtype=np.uint8) | np.array(
        [0, 0, 0x80, 0], np.uint8
    )
    for value in bits.view(np.float32):
        for suffix in ("", ".bin"):
            words = WordVectors(["a"], value if np.isfinite(value).all() else np.ones((1, 1), dtype=np.float32))
            save_vectors(tmp_path / f"vectors{suffix}", words, format="word2vec-binary")
            assert_equal(read_vectors(tmp_path / f"vectors{suffix}"), words)
