"""Commands that read vectors: neighbors, analogy, evaluate, convert, info."""

import re
from pathlib import Path

import pytest

from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities
from glove_sklearn.formats import (
    read_vectors,
)
from tests.cli.runs import assert_vectors, expected


@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`:DeprecationWarning")  # gensim 4.4 warns of itself
def test_neighbors_and_analogy(run, vectors):
    pytest.importorskip("gensim")
    status, output, _ = run("neighbors", vectors, "cat", "dog", "-n", 3)
    assert status == 0
    lines = output.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["cat", "dog"]
    assert len(lines) == 8
    keyed_vectors = expected().to_keyed_vectors()
    word, similarity = keyed_vectors.most_similar("cat")[0]
    assert lines[1] == f"  {similarity:.4f}  {word}"
    for method, ask in (("3CosAdd", keyed_vectors.most_similar), ("3CosMul", keyed_vectors.most_similar_cosmul)):
        status, output, _ = run("analogy", vectors, "man", "bird", "cat", "--method", method)
        word, similarity = ask(positive=["bird", "cat"], negative=["man"])[0]
        assert output.splitlines()[:2] == ["man is to bird as cat is to", f"  {similarity:.4f}  {word}"]


def test_evaluate(run, vectors):
    Path("questions.txt").write_text(": animals\nman bird cat dog\n: gram\nthe not saw nothing\n")
    Path("pairs.tsv").write_text("cat\tdog\t9\nman\ttree\t2\nthe\tsea\t1\nsaw\tnot\t3\n")
    status, output, _ = run("evaluate", vectors, "--analogies", "questions.txt", "--similarities", "pairs.tsv")
    assert status == 0
    read = read_vectors(vectors)
    assert output == f"{evaluate_analogies(read, 'questions.txt')}\n{evaluate_similarities(read, 'pairs.tsv')}\n"
    options = ["--method", "3CosMul", "--restrict-vocab", 9, "--case-sensitive"]
    status, output, _ = run("evaluate", vectors, "--analogies", "questions.txt", *options)
    scores = evaluate_analogies(read, "questions.txt", method="3CosMul", restrict_vocab=9, case_insensitive=False)
    assert output == f"{scores}\n"


@pytest.mark.filterwarnings("ignore:.*so few have no correlation")
def test_evaluate_on_the_sets_that_gensim_ships(run, vectors):
    pytest.importorskip("gensim")
    status, output, _ = run("evaluate", vectors)
    assert status == 0
    assert "gram" in output
    assert "simlex" in output.lower()


def test_convert_and_back(run, vectors):
    status, output, errors = run("convert", vectors, "vectors.bin")
    assert (status, output) == (0, "")
    assert errors == "10 words, 5 values each, in vectors.bin\n"
    assert run("convert", "vectors.bin", "again.txt", "--limit", 4)[0] == 0
    assert Path("again.txt").read_text() == "".join(vectors.read_text().splitlines(keepends=True)[:4])
    assert run("convert", vectors, "plain", "--to", "word2vec")[0] == 0
    assert Path("plain").read_text().startswith("10 5\n")


@pytest.mark.filterwarnings("always:left out 2 words that:UserWarning")
def test_convert_tells_which_words_it_cannot_write_and_leaves_them_out(run, vectors):
    Path("phrases.txt").write_text("new york 1 2\nbig apple 2 1\ntown 3 4\n")
    status, _, errors = run("convert", "phrases.txt", "phrases.vec")
    assert status == 2
    assert "'new york', nor 1 other word;" in errors
    assert "with --skip-unwritable" in errors
    status, _, errors = run("convert", "phrases.txt", "phrases.vec", "--skip-unwritable")
    assert status == 0
    assert "left out 2 words that 'word2vec' cannot hold" in errors
    assert Path("phrases.vec").read_text() == "1 2\ntown 3.0 4.0\n"


def test_encoding_of_vectors(run, vectors):
    Path("latin.txt").write_bytes("été 1 2\n".encode("latin-1"))
    assert run("convert", "latin.txt", "utf8.txt", "--encoding", "latin-1")[0] == 0
    assert Path("utf8.txt").read_text(encoding="utf-8") == "été 1.0 2.0\n"


def test_info_tells_what_files_are(run, train):
    saved = ["--save-vocabulary", "vocab.txt", "--save-cooccurrence", "cooccurrence.bin", "--checkpoint", "run.npz"]
    saved += ["--save-parameters", "parameters.bin", "--save-gradsq", "gradsq.bin"]
    train("corpus.txt", "-o", "vectors.txt", *saved)
    run("convert", "vectors.txt", "vectors.bin")
    for name, patterns in {
        "vectors.txt": ["glove", r"words: +10\b", r"dimension: +5\b"],
        "vectors.bin": ["word2vec-binary", r"words: +10\b", r"dimension: +5\b"],
        "vocab.txt": ["vocabulary", r"words: +10\b"],
        "cooccurrence.bin": ["co-occurrences", r"records: +\d+", r"largest id: +10"],
        "parameters.bin": ["glove-binary", r"words: +10\b", r"dimension: +5\b"],
        "gradsq.bin": ["state of the optimiser", r"words: +10\b"],
        "run.npz": ["checkpoint", r"epochs: +2\b", r"n_components: +5"],
    }.items():
        status, output, _ = run("info", name)
        assert status == 0
        for pattern in patterns:
            assert re.search(pattern, output), (name, output)


def test_convert_reads_what_it_is_told(run, train):
    train("corpus.txt", "--save-vocabulary", "words", "--save-parameters", "vectors.bin")
    vectorizer = expected(combine="context", postprocess=None)
    for name, options in (("a.txt", []), ("b.txt", ["--from", "glove-binary"])):
        arguments = ["convert", "vectors.bin", name, "--vocabulary", "words", "--combine", "context", *options]
        assert run(*arguments)[0] == 0
        assert_vectors(name, vectorizer)
    assert run("convert", "a.txt", "c.txt", "--unknown")[0] == 0
    assert read_vectors("c.txt", unknown=True).terms[-1] == "<unk>"
