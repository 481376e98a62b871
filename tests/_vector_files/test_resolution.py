"""Whatever a parameter may be, the same words and vectors come of it, or one clear error."""

import re
import zipfile

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from glove_sklearn import GloVeVectorizer
from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.word_vectors import WordVectors
from glove_sklearn._vector_files.resolution import resolve_vectors
from glove_sklearn._vector_files.vectors import save_vectors

TERMS = ["ice", "steam", "naïve"]
VECTORS = np.array([[0.5, -1], [0.25, 1e-8], [3, 4]], dtype=np.float32)
WORDS = WordVectors(TERMS, VECTORS)


class Model:
    wv = make_keyed_vectors(TERMS, VECTORS)


@pytest.mark.parametrize("vectors", [WORDS, (TERMS, VECTORS), [TERMS, VECTORS.tolist()], Model.wv, Model()])
def test_objects_are_resolved(vectors):
    terms, rows, _ = resolve_vectors(vectors)
    assert terms == TERMS
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, VECTORS)


@pytest.mark.parametrize("name", ["vectors.txt", "vectors.vec", "vectors.bin", "vectors.txt.gz", "vectors.kv"])
def test_files_of_every_format_are_resolved(tmp_path, name):
    save_vectors(tmp_path / name, WORDS)
    for path in (tmp_path / name, str(tmp_path / name)):
        terms, rows, _ = resolve_vectors(path)
        assert terms == TERMS
        np.testing.assert_array_equal(rows, VECTORS)


def test_a_member_of_a_zip_is_a_path(tmp_path):
    save_vectors(tmp_path / "vectors.txt", WORDS)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "vectors.txt", "small.txt")
        archive.writestr("other.txt", "a 1 2 3\n")
    np.testing.assert_array_equal(resolve_vectors(tmp_path / "all.zip" / "small.txt").vectors, VECTORS)


@pytest.mark.parametrize("dtype", ["float16", "float64", "int32", ">f4"])
def test_other_types_become_float32(dtype):
    given = np.array([[1, -2], [3, 4], [0, 1]], dtype=dtype)
    rows = resolve_vectors((TERMS, given)).vectors
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, given)


def test_a_suitable_array_is_not_copied():
    assert np.shares_memory(resolve_vectors(WORDS).vectors, VECTORS)
    assert np.shares_memory(resolve_vectors(WORDS, limit=2).vectors, VECTORS)
    assert resolve_vectors((TERMS, np.asfortranarray(VECTORS))).vectors.flags.c_contiguous


def test_limit_keeps_the_first_words(tmp_path):
    save_vectors(tmp_path / "vectors.txt", WORDS)
    for vectors in (WORDS, tmp_path / "vectors.txt"):
        terms, rows, _ = resolve_vectors(vectors, limit=2)
        assert terms == TERMS[:2]
        np.testing.assert_array_equal(rows, VECTORS[:2])


def test_a_fitted_vectorizer_has_its_words_by_frequency(lee):
    vectorizer = GloVeVectorizer(4, max_iter=1, random_state=0).fit(lee)
    terms, rows, counts = resolve_vectors(vectorizer)
    assert terms[:1] == ["the"]
    np.testing.assert_array_equal(rows, vectorizer.embedding_)
    np.testing.assert_array_equal(counts, vectorizer.counts_)


@pytest.mark.parametrize(
    ("vectors", "error", "message"),
    [
        (None, TypeError, "vectors must be the path of a file, a gensim KeyedVectors"),
        (3, TypeError, "got int"),
        (GloVeVectorizer(), NotFittedError, "not fitted"),
        (([], np.empty((0, 3))), ValueError, "expected at least one word"),
        ((["a", "b", "a"], np.ones((3, 2))), ValueError, "the word 'a' occurs twice"),
        ((["a", "b"], np.ones((3, 2))), ValueError, "got 2 words and 3 vectors"),
        (
            (["a", "b"], np.array([[1, 2], [3, np.nan]])),
            ValueError,
            "NaN or infinite values in 1 vector, first in that of 'b'",
        ),
        (
            (["a", "b"], np.array([[1, 2], [3, 1e300]])),
            ValueError,
            "NaN or infinite values in 1 vector, first in that of 'b'",
        ),
        ((["a", 2.5], np.ones((2, 2))), TypeError, "index 1 is 2.5"),
        ((["a", "b"], np.ones(2)), ValueError, "shape"),
        ((["a"], np.array([["x"]])), TypeError, "real numbers"),
    ],
)
def test_what_is_not_word_vectors_is_refused(vectors, error, message):
    with pytest.raises(error, match=re.escape(message)):
        resolve_vectors(vectors)


def test_files_that_are_not_vectors_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"missing\.txt"):
        resolve_vectors(tmp_path / "missing.txt")
    (tmp_path / "text.txt").write_text("There is nothing here.\nThese are sentences.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a file of word vectors"):
        resolve_vectors(tmp_path / "text.txt")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match=r"empty\.txt is empty"):
        resolve_vectors(tmp_path / "empty.txt")


def test_nan_in_a_file_is_refused(tmp_path):
    (tmp_path / "vectors.txt").write_text("a 1 2\nb nan 2\n", encoding="utf-8")
    with (
        pytest.warns(UserWarning, match="1 vector has infinite values or NaN"),
        pytest.raises(ValueError, match=r"vectors\.txt: NaN or infinite values in 1 vector, first in that of 'b'"),
    ):
        resolve_vectors(tmp_path / "vectors.txt")
