"""``glove-sklearn embed`` writes the features that EmbeddingVectorizer computes."""

import gzip
import io
import os
import shutil
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from glove_sklearn import EmbeddingVectorizer
from glove_sklearn.formats import read_vectors
from tests.cli.runs import DOCUMENTS


@pytest.fixture
def words(vectors):
    return read_vectors(vectors)


@pytest.mark.parametrize(
    ("arguments", "parameters"),
    [
        ([], {}),
        (["--pooling", "sif", "--postprocess", "level"], {"pooling": "sif", "postprocess": "level"}),
        (["--pooling", "idf", "--postprocess", "none", "-j", 1], {"pooling": "idf"}),
        (["--limit", 4], {"limit": 4}),
        (["--tokens", "whitespace", "--no-lowercase"], {"token_pattern": r"\S+", "lowercase": False}),
        (["--lowercase", "--memory-limit", "1MB"], {"lowercase": True}),
    ],
)
def test_options_are_the_parameters(run, vectors, words, monkeypatch, arguments, parameters):
    monkeypatch.setattr("glove_sklearn.cli.embed._N_DOCUMENTS", 5)
    expected = EmbeddingVectorizer(words, **parameters).fit(DOCUMENTS)
    status, output, errors = run("embed", vectors, "corpus.txt", "--output", "features.npy", *arguments)
    assert (status, output) == (0, "")
    assert errors == (
        f"{len(DOCUMENTS)} documents, 5 values each, in features.npy; {expected.coverage_:.1%} of the tokens have a vector\n"
    )
    np.testing.assert_array_equal(np.load("features.npy"), expected.transform(DOCUMENTS))


def test_every_file_has_the_same_numbers(run, vectors, words):
    expected = EmbeddingVectorizer(words).fit_transform(DOCUMENTS)
    assert run("embed", vectors, "corpus.txt", "-o", "features.csv.gz", "--quiet") == (0, "", "")
    assert pd.read_csv("features.csv.gz").columns[0] == "embeddingvectorizer0"
    np.testing.assert_array_equal(np.loadtxt("features.csv.gz", np.float32, delimiter=",", skiprows=1), expected)
    pytest.importorskip("pyarrow")
    assert run("embed", vectors, "corpus.txt", "-o", "features.parquet", "-q")[0] == 0
    np.testing.assert_array_equal(pd.read_parquet("features.parquet").to_numpy(), expected)


@pytest.mark.filterwarnings("always:.*read as text:UserWarning")
@pytest.mark.parametrize("name", ["posts.csv", "posts.tsv.gz", "posts.parquet"])
def test_a_column_of_a_table_is_read(run, vectors, words, name):
    pytest.importorskip("dask.dataframe")
    texts = [*DOCUMENTS, 'the\ncat, "a dog"', ""]
    table = pd.DataFrame({"label": range(len(texts)), "text": texts})
    if name.endswith(".parquet"):
        table.to_parquet(name)
    else:
        table.to_csv(name, index=False, sep="\t" if ".tsv" in name else ",")
    assert run("embed", vectors, name, "--text-column", "text", "-o", "features.npy", "-q") == (0, "", "")
    np.testing.assert_array_equal(np.load("features.npy"), EmbeddingVectorizer(words).fit_transform(texts))


def test_documents_without_text_are_counted(run, vectors):
    Path("posts.txt").write_text("the cat\n\n  \nthe dog\n", encoding="utf-8")
    status, _, errors = run("embed", vectors, "posts.txt", "-o", "features.npy")
    assert (status, "4 documents, 2 of them without text, " in errors) == (0, True)
    assert not np.load("features.npy")[1:3].any()


@pytest.mark.filterwarnings("always:.*read as text:UserWarning")
def test_a_table_that_is_read_as_text_is_reported(run, vectors):
    Path("posts.csv").write_text("label,text\n1,the cat\n", encoding="utf-8")
    status, _, errors = run("embed", vectors, "posts.csv", "-o", "features.npy")
    assert status == 0
    assert "warning: posts.csv is read as text" in errors
    assert "2 documents" in errors
    Path("mixed").mkdir()
    shutil.move("posts.csv", "mixed/posts.csv")
    Path("mixed", "a.txt").write_text("the dog\n", encoding="utf-8")
    status, _, errors = run("embed", vectors, "mixed", "-o", "features.npy")
    assert status == 0
    assert f"warning: {Path('mixed', 'posts.csv')} is read as text" in errors
    assert "3 documents" in errors
    Path("mixed", ".hidden").mkdir()
    shutil.copy("mixed/posts.csv", "mixed/.hidden")
    shutil.copy("mixed/posts.csv", "mixed/q.csv")
    errors = run("embed", vectors, "mixed", "-o", "features.npy")[2]
    assert f"warning: {Path('mixed', 'posts.csv')} and 1 more are read as text" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "--text-column", "text"], "- is standard input, of which --text-column reads no column"),
        (["a.csv", "--text-column", "text", "--document-per-file"], "and --document-per-file from each file"),
    ],
)
def test_options_of_documents_that_contradict_each_other_are_refused(run, vectors, arguments, message):
    for command in (["embed", str(vectors)], ["train"]):
        status, _, errors = run(*command, *arguments, "-o", "features.npy")
        assert status != 0
        assert message in errors


def test_documents_are_lines_of_files_in_any_number_or_files(run, vectors, words):
    Path("more").mkdir()
    for name, text in (("a.txt", "the cat\n\nsaw a dog\n"), ("b.txt", "no man\n")):
        Path("more", name).write_text(text, encoding="utf-8")
    Path("c.txt.gz").write_bytes(gzip.compress(b"the sea"))
    lines = ["the cat", "", "saw a dog", "no man", "the sea"]
    assert run("embed", vectors, "more", "c.txt.gz", "-o", "features.npy")[0] == 0
    np.testing.assert_array_equal(np.load("features.npy"), EmbeddingVectorizer(words).fit_transform(lines))
    assert run("embed", vectors, "more", "--document-per-file", "-o", "features.npy")[0] == 0
    files = ["the cat\n\nsaw a dog\n", "no man\n"]
    np.testing.assert_array_equal(np.load("features.npy"), EmbeddingVectorizer(words).fit_transform(files))


def test_corpus_and_vectors_have_encodings_of_their_own(run, vectors):
    Path("latin.txt").write_bytes("café 1 2\nnaïve 3 4\n".encode("latin-1"))
    Path("posts.txt").write_bytes("Café\nnaïve café\n".encode("utf-16"))
    encodings = ["--vectors-encoding", "latin-1", "--encoding", "utf-16"]
    status, _, errors = run("embed", "latin.txt", "posts.txt", "-o", "features.npy", *encodings)
    assert status == 0, errors
    assert np.load("features.npy").tolist() == [[1, 2], [2, 3]]


@pytest.mark.posix
def test_what_can_be_read_only_once_is_copied(run, vectors, words, monkeypatch):
    expected = EmbeddingVectorizer(words, pooling="sif").fit_transform(DOCUMENTS)
    text = ("\n".join(DOCUMENTS) + "\n").encode()

    class Standard:
        buffer = io.BytesIO(text)

    monkeypatch.setattr(sys, "stdin", Standard)
    assert run("embed", vectors, "-", "-o", "features.npy", "--pooling", "sif")[0] == 0
    np.testing.assert_array_equal(np.load("features.npy"), expected)
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: Path("pipe").write_bytes(text))
    writer.start()
    assert run("embed", vectors, "pipe", "-o", "features.npy", "--pooling", "sif")[0] == 0
    writer.join()
    np.testing.assert_array_equal(np.load("features.npy"), expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.txt", "corpus.txt", "-o", "f.npy"], "missing.txt"),
        (["vectors.txt", "missing.txt", "-o", "f.npy"], "missing.txt"),
        (["corpus.txt", "corpus.txt", "-o", "f.npy"], "is not a file of word vectors"),
        (["vectors.txt", "corpus.txt", "-o", "f.txt"], "the extension must be one of .npy, .csv, .parquet"),
        (["vectors.txt", "corpus.txt", "-o", "folder/f.npy"], "cannot be written"),
        (["vectors.txt", "corpus.npy", "-o", "corpus.npy"], "would replace corpus.npy"),
        (["vectors.txt", "empty.txt", "-o", "f.npy"], "expected text, got nothing"),
        (["vectors.txt", "other.txt", "-o", "f.npy"], "none of the 2 tokens"),
        (["vectors.txt", "corpus.txt"], "Missing option"),
    ],
)
def test_mistakes_are_one_line_and_leave_no_file(run, vectors, arguments, message):
    Path("empty.txt").write_text("", encoding="utf-8")
    Path("other.txt").write_text("völlig anders\n", encoding="utf-8")
    Path("corpus.npy").write_text("the cat\n", encoding="utf-8")
    status, output, errors = run("embed", *arguments)
    assert (status, output) == (2, "")
    assert message in errors
    assert errors.count("\n") == 1
    assert not Path("f.npy").exists()
