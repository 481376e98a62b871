"""Words and vectors that the tests of formats share."""

import importlib.util
from functools import partial

import numpy as np

from glove_sklearn.formats import (
    WordVectors,
    read_vectors,
    save_vectors,
)

SMALL = WordVectors(["the", "of", "naïve"], np.array([[0.5, -0.25], [1e-7, 3], [-0.0, 1e30]], dtype=np.float32))


#: Names of files from which a format is detected, for the formats that every test of words and numbers covers.
FILES = {
    "glove": "vectors.txt",
    "word2vec": "vectors.vec",
    "word2vec-binary": "vectors.bin",
    "csv": "vectors.csv",
    "tsv": "vectors.tsv",
    "projector": "pair.tsv",
    "npy": "vectors.npy",
    "parquet": "vectors.parquet",
}
if importlib.util.find_spec("pyarrow") is None:
    del FILES["parquet"]

WRITERS = {name: partial(save_vectors, format=name) for name in FILES}


READERS = {name: partial(read_vectors, format=name) for name in WRITERS}


def assert_equal(found, expected):
    """The same words, and the same bits; a NaN is a NaN."""
    assert found.terms == list(expected.terms)
    assert found.vectors.dtype == np.float32
    assert found.vectors.shape == expected.vectors.shape
    nan = np.isnan(expected.vectors)
    np.testing.assert_array_equal(np.isnan(found.vectors), nan)
    np.testing.assert_array_equal(found.vectors[~nan].view(np.uint32), expected.vectors[~nan].view(np.uint32))


def slowly(lines):
    """Words and vectors of lines whose words have no spaces."""
    parts = [line.split(" ") for line in lines]
    vectors = np.array([[float(value) for value in values] for _, *values in parts]).astype(np.float32)
    return WordVectors([word for word, *_ in parts], vectors)


def random_vectors(n, d, seed=0):
    return np.random.RandomState(seed).standard_normal((n, d)).astype(np.float32)


def words_of(keyed_vectors):
    return WordVectors(keyed_vectors.index_to_key, keyed_vectors.vectors)
