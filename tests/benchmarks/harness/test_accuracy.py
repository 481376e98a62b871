"""Accuracies are those of gensim."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath
from scipy.stats import spearmanr

from benchmarks.harness.accuracy import ACCURACIES, SECTIONS, _write_parts, evaluate, evaluate_file, names_of


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
    assert evaluate(["a", "b"], np.eye(2, dtype=np.float32)) == dict.fromkeys(ACCURACIES)


def test_analogies_are_taken_apart_as_in_the_file(word_vectors):
    terms, vectors = word_vectors
    found = evaluate(terms, vectors, sections=True)
    assert names_of(found) == [*ACCURACIES, *SECTIONS]
    with open(datapath("questions-words.txt"), encoding="utf-8") as file:
        assert [line[1:].strip() for line in file if line.startswith(":")] == list(SECTIONS)
    # All questions whose words are known are of this section, which is one of meaning.
    assert found["family"] == found["semantic"] == found["analogies"] > 0
    assert found["gram8-plural"] is found["syntactic"] is None


def test_simlex_is_taken_apart_by_part_of_speech():
    """A vector of each word for which cosines are the judgements of the verbs, and of no other pair."""
    with open(datapath("simlex999.txt"), encoding="utf-8") as file:
        pairs = [line.split("\t") for line in file if not line.startswith("#")]
    # The words that begin and end the adjectives, the nouns and the verbs in the authors' file.
    assert [pairs[i][:2] for i in (0, 111, 777)] == [["old", "new"], ["wife", "husband"], ["go", "come"]]
    terms = sorted({word for pair in pairs[777:] for word in pair[:2]})
    vectors = np.random.RandomState(0).standard_normal((len(terms), 50)).astype(np.float32)
    found = evaluate(terms, vectors)
    expected = KeyedVectors(50)
    expected.add_vectors(terms, vectors)
    cosines = [expected.similarity(*pair[:2]) for pair in pairs[777:]]
    assert found["simlex_verbs"] == pytest.approx(spearmanr(cosines, [float(pair[2]) for pair in pairs[777:]])[0])
    assert found["simlex_adjectives"] is None


def test_wordsim_is_taken_apart_into_similar_and_related_words():
    """Of a few words only: those of each set are found there, and unrelated ones in both."""
    similar, related, neither = [("car", "automobile")], [("money", "withdrawal")], [("king", "cabbage")]
    with open(datapath("wordsim353.tsv"), encoding="utf-8") as file:
        pairs = [tuple(line.lower().split("\t")[:2]) for line in file if not line.startswith("#")]
    with TemporaryDirectory() as folder:
        parts = {
            path.stem: path.read_text(encoding="utf-8").lower().splitlines() for path in _write_parts(Path(folder))
        }
    found = {name: [tuple(line.split("\t")[:2]) for line in lines] for name, lines in parts.items()}
    of_similar, of_related = found["wordsim_similarity"], found["wordsim_relatedness"]
    assert [*map(len, (pairs, of_similar, of_related, set(of_similar) & set(of_related)))] == [353, 204, 250, 101]
    assert set(of_similar) | set(of_related) == set(pairs)
    for pair, in_similar, in_related in zip(similar + related + neither, (1, 0, 1), (0, 1, 1), strict=True):
        assert ((pair in of_similar), (pair in of_related)) == (in_similar, in_related)
