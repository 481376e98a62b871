"""Accuracies are those of gensim."""

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath

from benchmarks.harness.accuracy import evaluate, evaluate_file


@pytest.fixture(scope="module")
def word_vectors():
    """Words of some of the questions, in the order of the vocabulary, and random vectors."""
    with open(datapath("questions-words.txt"), encoding="utf-8") as file:
        family = [line.lower().split() for line in file if line.lower().startswith(("boy ", "brother ", "father "))]
    words = {word for line in family for word in line}
    for name in ("wordsim353.tsv", "simlex999.txt"):
        with open(datapath(name), encoding="utf-8") as file:
            words |= {word for line in file.readlines()[2:300] for word in line.lower().split("\t")[:2]}
    terms = sorted(words)
    return terms, np.random.RandomState(0).standard_normal((len(terms), 3)).astype(np.float32)


def test_evaluation_is_that_of_gensim(word_vectors):
    terms, vectors = word_vectors
    found = evaluate(terms, vectors)
    expected = KeyedVectors(3)
    expected.add_vectors(terms, vectors)
    fraction = expected.evaluate_word_analogies(datapath("questions-words.txt"), restrict_vocab=30_000)[0]
    assert fraction > 0
    assert found["analogies"] == pytest.approx(100 * fraction)
    for number, name in (("wordsim353", "wordsim353.tsv"), ("simlex999", "simlex999.txt")):
        rho = expected.evaluate_word_pairs(datapath(name), restrict_vocab=30_000)[1].statistic
        assert found[number] == pytest.approx(rho, abs=1e-3)


def test_file_of_stanford_glove_is_evaluated_without_the_unknown_word(word_vectors, tmp_path):
    terms, vectors = word_vectors
    lines = [f"{term} {' '.join(map(repr, row.tolist()))}\n" for term, row in zip(terms, vectors, strict=True)]
    (tmp_path / "vectors.txt").write_text("".join([*lines, "<unk> 1 2 3\n"]), encoding="utf-8")
    assert evaluate_file(tmp_path / "vectors.txt") == evaluate(terms, vectors)


def test_too_few_words_have_no_accuracy():
    assert evaluate(["a", "b"], np.eye(2, dtype=np.float32)) == {
        "analogies": None, "wordsim353": None, "simlex999": None
    }  # fmt: skip
