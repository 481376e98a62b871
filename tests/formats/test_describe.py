"""A file is told by its content, and summarised."""

import gzip
import io
import pickle
import zipfile

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
from glove_sklearn.uncertainty import WordUncertainty
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


class Trap:
    """An object whose pickle makes a file when it is read."""

    def __reduce__(self):
        return open, ("trap", "w")


def test_files_for_the_uncertainty_of_vectors(tmp_path):
    path = tmp_path / "uncertainty.npz"
    glove = GloVe(2, random_state=0).fit(X)
    WordUncertainty.from_cooccurrences(glove, X, terms=["a", "b", "c"]).save(path)
    assert describe(path) == {
        "kind": "co-occurrences and a model, for the uncertainty of vectors",
        "words": 3,
        "dimension": 2,
        "entries": 6,
        "first words": "a b c",
    }
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(tmp_path / "part.npz", "w") as part:
        part.writestr("metadata.json", whole.read("metadata.json"))
    with pytest.raises(ValueError, match=r"or it is damaged"):
        describe(tmp_path / "part.npz")


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_pickles_are_not_run(tmp_path, monkeypatch, compress):
    monkeypatch.chdir(tmp_path)
    for name in ("a.kv", "a.model.gz"):
        (tmp_path / name).write_bytes(compress(pickle.dumps(Trap())))
        facts = describe(name)
        assert facts["kind"] == "pickle of gensim"
        assert facts["class"].endswith("io.open")
        assert facts["content"].startswith("not read")
    (tmp_path / "a.kv").write_bytes(b"\x80\4\x95damaged")
    assert describe("a.kv")["class"] in ("none", "unknown: the pickle is damaged")
    (tmp_path / "a.bin").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ValueError, match="is a pickle, which can run any program"):
        describe("a.bin")
    assert not (tmp_path / "trap").exists()


def test_the_class_and_the_arrays_of_keyed_vectors(tmp_path):
    pytest.importorskip("gensim")
    save_vectors(tmp_path / "a.kv", WordVectors(["a"], np.ones((1, 11_000_000), np.float32)))
    facts = describe(tmp_path / "a.kv")
    assert facts["class"] == "gensim.models.keyedvectors.KeyedVectors"
    assert facts["with"] == "a.kv.vectors.npy"


def test_damaged_numbers_give_no_warning_of_numpy(tmp_path):
    words = WordVectors(["a", "b"], np.array([[np.inf, -np.inf], [3e38, 3e38]], np.float32))
    save_vectors(tmp_path / "a.bin", words)
    with pytest.warns(UserWarning, match="1 vector has infinite values or NaN") as caught:
        assert describe(tmp_path / "a.bin")["kind"] == "word vectors"
    assert len(caught) == 1
    # A signalling NaN behind moderate ids.
    (tmp_path / "c.bin").write_bytes(b"\1\0\0\0\1\0\0\0" + bytes.fromhex("010000000000f07f"))
    with pytest.raises(ValueError, match=r"c\.bin"):
        describe(tmp_path / "c.bin")


def test_arrays_with_a_header_that_lies_are_refused_at_once(tmp_path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (10**13, 1)})
    (tmp_path / "a.npy").write_bytes(header.getvalue())
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr("metadata.npy", header.getvalue())
        file.writestr("words_vectors.npy", header.getvalue())
    (tmp_path / "a.words.txt").write_text("word\n")
    for name, message in (("a.npy", "is the file truncated"), ("a.npz", r"a\.npz is a file of NumPy's arrays")):
        with pytest.raises(ValueError, match=message):
            describe(tmp_path / name)


def test_anything_else_is_refused(tmp_path):
    (tmp_path / "prose").write_text("Call me Ishmael. Some years ago")
    with pytest.raises(ValueError, match="prose"):
        describe(tmp_path / "prose")
    with pytest.raises(FileNotFoundError):
        describe(tmp_path / "missing")
    with pytest.raises(IsADirectoryError):
        describe(tmp_path)
