"""Tagging with word vectors as features."""

import numpy as np
import pytest

from benchmarks.harness.tagging import read_tagged, tagging_accuracy

TEXT = (
    "".join(f"The/DT {noun}/NN {verb}/VB ./.\n" for noun in ("dog", "cat", "fox", "cow") for verb in ("ran", "sat")) * 4
)


@pytest.fixture
def tagged(tmp_path):
    path = tmp_path / "tagged.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_vectors_that_hold_the_tag_tag_every_token(tagged):
    terms = ["the", "dog", "cat", "fox", "cow", "ran", "sat", "."]
    vectors = np.eye(4, dtype=np.float32)[[0, 1, 1, 1, 1, 2, 2, 3]]
    assert tagging_accuracy(tagged, terms, vectors) == 1
    # The scale of the vectors does not matter.
    assert tagging_accuracy(tagged, terms, 1e-4 * vectors) == 1


def test_neighbours_tell_what_a_word_without_a_vector_is(tagged):
    assert tagging_accuracy(tagged, ["the", "."], np.eye(2, dtype=np.float32)) == 1


def test_vectors_that_hold_nothing_get_the_most_frequent_tag(tmp_path):
    path = tmp_path / "tagged.txt"
    path.write_text("a/X a/Y\na/Y\na/Y\na/X a/Y\n", encoding="utf-8")
    found = tagging_accuracy(str(path), ["a", "b"], np.array([[1], [1]], dtype=np.float32))
    assert found == pytest.approx(4 / 6)


def test_words_may_hold_slashes_and_other_lines_are_refused(tmp_path):
    path = tmp_path / "tagged.txt"
    path.write_text("1/2/CD cups/NNS\n\nof/IN\n", encoding="utf-8")
    assert read_tagged(str(path)) == [[("1/2", "CD"), ("cups", "NNS")], [("of", "IN")]]
    path.write_text("of/IN\nno tags/\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 2 is not word/TAG"):
        read_tagged(str(path))
