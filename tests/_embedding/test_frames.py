"""Word vectors as data frames."""

import numpy as np
import pytest

from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors

WORDS = WordVectors(["b", "a", ""], np.array([[0.5, -1], [1e-7, 3], [0, 2]], dtype=np.float32))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_holds_the_words_and_their_values(library):
    pytest.importorskip(library)
    frame = WORDS.to_frame(library)
    again = as_word_vectors(frame)
    assert again.terms == WORDS.terms
    assert again.vectors.dtype == np.float32
    np.testing.assert_array_equal(again.vectors, WORDS.vectors)


def test_words_may_be_a_column_of_any_name_or_the_index():
    pandas = pytest.importorskip("pandas")
    for frame in (
        pandas.DataFrame({"x": [1.0, 2], "token": ["a", "b"], "y": [3, 4]}),
        pandas.DataFrame({"x": [1.0, 2], "y": [3, 4]}, index=["a", "b"]),
        pandas.DataFrame({"x": [1.0, 2], "token": pandas.Categorical(["a", "b"]), "y": [3, 4]}),
    ):
        words = as_word_vectors(frame)
        assert words.terms == ["a", "b"]
        assert words.vectors.tolist() == [[1, 3], [2, 4]]
    assert as_word_vectors(pandas.DataFrame([[1.0], [2.0]], index=[7, 9])).terms == ["7", "9"]


def test_frames_that_are_not_vectors_are_refused():
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    with pytest.raises(ValueError, match="2 of its columns are not numbers: 'a', 'b'"):
        as_word_vectors(pandas.DataFrame({"a": ["x"], "b": ["y"], "c": [1.0]}))
    with pytest.raises(ValueError, match="0 of its columns are not numbers"):
        as_word_vectors(polars.DataFrame({"a": [1.0]}))
    with pytest.raises(ValueError, match="different names"):
        as_word_vectors(pandas.DataFrame([[1.0, 2.0]], columns=["a", "a"], index=["x"]))
    with pytest.raises(ValueError, match="library must be 'pandas' or 'polars', got 'dask'"):
        WORDS.to_frame("dask")
