"""A file is told by its content, and summarised."""

import numpy as np
import pytest

from glove_sklearn import GloVe
from glove_sklearn.formats import (
    WordVectors,
    describe,
    save_vectors,
    write_cooccurrences,
    write_parameters,
    write_vocabulary,
)
from tests._vector_files.words import SMALL

X = np.array([[0, 3, 1], [3, 0, 2], [1, 2, 0]], dtype=np.float32)


def test_vectors(tmp_path):
    path = tmp_path / "a.txt"
    save_vectors(path, WordVectors(["a", "b"], np.array([[3, 4], [0, 1]], np.float32)))
    assert describe(path) == {
        "kind": "word vectors",
        "format": "glove",
        "words": 2,
        "dimension": 2,
        "lengths": "1 to 5, on average 3",
        "first words": "a b",
        "last words": "a b",
    }
    save_vectors(tmp_path / "no.words", SMALL, format="word2vec-binary")
    assert describe(tmp_path / "no.words")["format"] == "word2vec-binary"


def test_cooccurrences(tmp_path):
    path = tmp_path / "cooccurrence.bin"
    write_cooccurrences(path, X)
    facts = {"kind": "co-occurrences", "records": 6, "order": "sorted", "largest id": 3, "sum of values": "12"}
    assert describe(path) == facts
    records = np.fromfile(path, "V16")
    records[::-1].tofile(path)
    assert describe(path) == {**facts, "order": "shuffled"}


def test_vocabulary(tmp_path):
    path = tmp_path / "vocab.txt"
    write_vocabulary(path, ["the", "of", "naïve"], [9, 4, 1])
    assert describe(path) == {
        "kind": "vocabulary",
        "words": 3,
        "sum of counts": 14,
        "counts": "9 to 1",
        "first words": "the of naïve",
    }


def test_checkpoint_and_parameters(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    glove = GloVe(2, max_iter=2, random_state=0, checkpoint="run.npz", warm_start=True).fit(X)
    facts = describe("run.npz")
    assert facts["kind"] == "checkpoint of a run of training"
    assert (facts["epochs"], facts["words"], facts["n_components"]) == (2, 3, "2")
    assert facts["loss"] == f"{glove.loss_curve_[-1]:.6g}"
    write_parameters("vectors.bin", glove, "gradsq.bin")
    write_vocabulary("vocab.txt", ["a", "b", "c"], [3, 2, 1])
    assert describe("vectors.bin")["kind"] == "word vectors"
    assert describe("vectors.bin")["counts"] == "3 to 1"
    assert describe("gradsq.bin") == {"kind": "state of the optimiser", "words": 3, "dimension": 2}


def test_anything_else_is_refused(tmp_path):
    (tmp_path / "prose").write_text("Call me Ishmael. Some years ago")
    with pytest.raises(ValueError, match="prose"):
        describe(tmp_path / "prose")
    with pytest.raises(FileNotFoundError):
        describe(tmp_path / "missing")
    with pytest.raises(IsADirectoryError):
        describe(tmp_path)
