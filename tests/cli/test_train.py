"""`glove-sklearn train` gives what the estimators give."""

import io
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from glove_sklearn import GloVe, GloVeVectorizer
from glove_sklearn._counting import weights
from glove_sklearn.cli.main import main
from glove_sklearn.formats import (
    read_cooccurrences,
    read_parameters,
    read_vectors,
    read_vocabulary,
)
from tests.cli.runs import DOCUMENTS, FAST, assert_vectors, environment_of_programs, expected


@pytest.mark.parametrize(
    "name", ["vectors.txt", "vectors.vec", "vectors.bin", "vectors.txt.gz", "vectors.vec.zip", "vectors.kv"]
)
def test_train_writes_the_vectors_of_the_vectorizer_in_the_format_of_the_extension(train, name):
    if name.endswith(".kv"):
        pytest.importorskip("gensim")
    train("corpus.txt", "--output", name)
    assert_vectors(name, expected())


def test_every_option_reaches_the_model(train):
    options = {
        "window_size": 2,
        "near_size": 1,
        "context": "left",
        "weighting": "flat",
        "sample": 0.1,
        "x_max": 3.0,
        "alpha": 0.5,
        "negative_ratio": 0.3,
        "init": "random",
        "learning_rate": 0.1,
    }
    options |= {
        "max_features": 6,
        "combine": "concat",
        "postprocess": "center",
        "random_state": 7,
        "max_iter": 50,
        "tol": 0.1,
        "n_jobs": 2,
        "memory_limit": "50MB",
    }
    arguments = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", value)]
    train("corpus.txt", "-o", "vectors.txt", *arguments)
    vectorizer = expected(**options)
    assert 2 < vectorizer.n_iter_ < 50
    assert_vectors("vectors.txt", vectorizer)


def test_training_begins_at_the_vectors_of_a_file_and_stays_near_them(train):
    train("corpus.txt", "-o", "general.vec", "--random-state", 1)
    train("corpus.txt", "-o", "vectors.txt", "--init", "general.vec", "--anchor", 0.1)
    assert_vectors("vectors.txt", expected(init="general.vec", anchor=0.1))


def test_tokens_and_case(train):
    train("corpus.txt", "-o", "vectors.txt", "--tokens", "whitespace")
    assert_vectors("vectors.txt", expected(token_pattern=r"\S+", lowercase=False))
    train("corpus.txt", "-o", "vectors.txt", "--tokens", "whitespace", "--lowercase")
    assert_vectors("vectors.txt", expected(token_pattern=r"\S+"))
    train("corpus.txt", "-o", "vectors.txt", "--no-lowercase")
    assert_vectors("vectors.txt", expected(lowercase=False))


def test_corpora_are_files_folders_compressed_files_and_standard_input(train):
    import bz2
    import gzip

    folder = Path("folder")
    folder.mkdir()
    (folder / "1.gz").write_bytes(gzip.compress("\n".join(DOCUMENTS[:10]).encode()))
    (folder / "2.txt").write_text("\n".join(DOCUMENTS[10:20]))
    Path("3.bz2").write_bytes(bz2.compress("\n".join(DOCUMENTS[20:]).encode()))
    train("folder", "3.bz2", "-o", "vectors.txt")
    assert_vectors("vectors.txt", expected())
    each = Path("each")
    each.mkdir()
    for i, document in enumerate(DOCUMENTS):
        (each / f"{i:03}.txt").write_text(document.replace(" saw ", "\nsaw\n"))
    train("each", "--document-per-file", "-o", "vectors.txt")
    assert_vectors("vectors.txt", expected())
    done = subprocess.run(
        [sys.executable, "-m", "glove_sklearn", "train", *FAST, "-", "-o", "piped.txt"],
        input="\n".join(DOCUMENTS), text=True, capture_output=True,
        env=environment_of_programs(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "training: 100%" in done.stderr
    assert "10 words, 85 co-occurrences" in done.stderr
    assert done.stdout == ""
    assert_vectors("piped.txt", expected())


def test_a_corpus_may_be_an_archive_or_a_member_of_one(train):
    half = len(DOCUMENTS) // 2
    parts = {"a.txt": DOCUMENTS[:half], "b/c.txt": DOCUMENTS[half:]}
    with tarfile.open("corpus.tar.gz", "w:gz") as tar, zipfile.ZipFile("corpus.zip", "w") as zip_file:
        for name, documents in parts.items():
            text = "\n".join(documents)
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
            zip_file.writestr(name, text)
    for archive in ("corpus.tar.gz", "corpus.zip"):
        train(archive, "-o", "vectors.txt")
        assert_vectors("vectors.txt", expected())
        train(f"{archive}/a.txt", f"{archive}/b/c.txt", "-o", "vectors.txt")
        assert_vectors("vectors.txt", expected())


def test_files_of_stanford_glove_are_saved_and_trained_on(train):
    saved = ["--save-vocabulary", "vocab.txt", "--save-cooccurrence", "cooccurrence.bin"]
    saved += ["--save-parameters", "vectors.bin", "--save-gradsq", "gradsq.bin"]
    train("corpus.txt", "-o", "vectors.txt", *saved)
    vectorizer = expected(near_size=0, warm_start=True)
    assert_vectors("vectors.txt", vectorizer)
    terms, counts = read_vocabulary("vocab.txt")
    assert terms == list(vectorizer.vocabulary_)
    np.testing.assert_array_equal(counts, vectorizer.counts_)
    read = read_parameters("vectors.bin", "gradsq.bin")
    np.testing.assert_array_equal(read.word_vectors_, vectorizer.word_vectors_)
    np.testing.assert_array_equal(read.context_vectors_, vectorizer.context_vectors_)
    np.testing.assert_array_equal(read.word_accumulators_, vectorizer.word_accumulators_)

    train("corpus.txt", "-o", "other.txt", "--save-cooccurrence", "cooccurrence.shuf.bin")
    ids = [np.fromfile(f"cooccurrence{shuf}.bin", "<i4").reshape(-1, 4)[:, 0] for shuf in ("", ".shuf")]
    assert (np.diff(ids[0]) >= 0).all()
    assert (np.diff(ids[1]) < 0).any()
    model = [argument for argument in FAST if argument not in ("--min-count", "2")] + ["2"]
    for name in ("cooccurrence.bin", "cooccurrence.shuf.bin"):
        arguments = ["train", *model, "-q", "--cooccurrence", name, "--vocabulary", "vocab.txt", "-o", "again.txt"]
        assert main(arguments) == 0
        assert_vectors("again.txt", vectorizer)

    # Two more epochs, from the files.
    more = ["--initial-parameters", "vectors.bin", "--initial-gradsq", "gradsq.bin"]
    train("corpus.txt", "-o", "more.txt", *more)
    defaults = {name: GloVe().get_params()[name] for name in ("x_max", "negative_ratio", "postprocess")}
    defaults["sample"] = GloVeVectorizer().sample
    resumed = read_parameters("vectors.bin", "gradsq.bin").set_params(max_iter=2, random_state=0, **defaults)
    X = read_cooccurrences("cooccurrence.bin", len(terms))
    np.testing.assert_array_equal(read_vectors("more.txt").vectors, resumed.fit(X).embedding_)
    four = GloVe(5, sample=defaults["sample"], max_iter=4, random_state=0).fit(X)
    np.testing.assert_array_equal(read_vectors("more.txt").vectors, four.embedding_)


def test_near_contexts_are_left_out_where_files_of_stanford_glove_have_no_place_for_them(train, run, monkeypatch):
    monkeypatch.setattr(weights, "_MIN_WORDS_FOR_NEAR", 1)
    train("corpus.txt", "-o", "vectors.txt")
    assert_vectors("vectors.txt", expected(near_size=2))
    for option in ("--save-parameters", "--save-cooccurrence"):
        status, _, errors = run("train", *FAST, "corpus.txt", "-o", "vectors.txt", option, "saved.bin")
        assert status == 0, errors
        assert f"near contexts are not counted: the file of {option} has one context for each word" in errors
        assert_vectors("vectors.txt", expected(near_size=0))
        status, _, errors = run(
            "train", *FAST, "corpus.txt", "-o", "vectors.txt", option, "saved.bin", "--near-size", 3
        )
        assert status == 2
        assert f"the file of {option} has one context for each word: set --near-size 0, or leave it out" in errors
    train("corpus.txt", "-o", "general.vec")
    train("corpus.txt", "-o", "vectors.txt", "--init", "general.vec")
    assert_vectors("vectors.txt", expected(near_size=0, init="general.vec"))


def test_given_vocabularies_with_and_without_counts(train):
    for content in ("the 9\nman 3\nsea 2\n", "the\nman\nsea\n"):
        Path("words.txt").write_text(content)
        fast = [argument for argument in FAST if argument not in ("--min-count", "2")] + ["2"]
        assert main(["train", *fast, "-q", "corpus.txt", "--vocabulary", "words.txt", "-o", "vectors.txt"]) == 0
        assert_vectors("vectors.txt", expected(vocabulary=["the", "man", "sea"]))


def test_unknown_is_the_mean_of_the_rarest_words(train):
    train("corpus.txt", "-o", "vectors.txt", "--unknown")
    read = read_vectors("vectors.txt", unknown=True)
    assert read.terms[-1] == "<unk>"
    np.testing.assert_allclose(read.vectors[-1], read.vectors[:-1].mean(axis=0), rtol=1e-5)
    assert_vectors("vectors.txt", expected())


def test_a_run_resumes_from_its_checkpoint(train):
    train("corpus.txt", "-o", "vectors.txt", "--checkpoint", "run.npz")
    train("corpus.txt", "-o", "vectors.txt", "--checkpoint", "run.npz", "--max-iter", "5")
    assert_vectors("vectors.txt", expected(max_iter=5))


def test_counting_alone(train):
    train("corpus.txt", "--save-vocabulary", "vocab.txt", "--save-cooccurrence", "cooccurrence.bin")
    assert sorted(os.listdir()) == ["cooccurrence.bin", "corpus.txt", "vocab.txt"]
    assert read_cooccurrences("cooccurrence.bin").shape == (10, 10)


def test_text_that_is_not_utf8(train):
    text = "\n".join(DOCUMENTS).replace("cat", "kätz")
    Path("latin.txt").write_bytes(text.encode("latin-1"))
    train("latin.txt", "-o", "vectors.txt", "--encoding", "latin-1")
    assert "kätz" in read_vectors("vectors.txt").terms
    train("latin.txt", "-o", "vectors.txt", "--decode-error", "ignore")
    assert "ktz" in read_vectors("vectors.txt").terms


def test_short_words_and_wide_characters_are_text(train):
    train_on = ["-o", "vectors.txt", "--min-count", "1"]
    Path("short.txt").write_text("the\ncat\nsat\nmat the\n" * 20)
    train("short.txt", *train_on)
    assert "mat" in read_vectors("vectors.txt").terms
    Path("wide.txt").write_text("\n".join(DOCUMENTS), encoding="utf-16")
    train("wide.txt", *train_on, "--encoding", "utf-16")
    assert "dog" in read_vectors("vectors.txt").terms
