"""Correlations, against gensim's."""

import math

import numpy as np
import pytest

from glove_sklearn.evaluation import evaluate_similarities
from tests.evaluation.shared import TERMS, VECTORS


@pytest.mark.parametrize("restrict_vocab", [1500, 300_000])
@pytest.mark.parametrize("case_insensitive", [True, False])
@pytest.mark.parametrize("lowercase", [True, False])
def test_similarities_are_gensims(vectorizers, lowercase, case_insensitive, restrict_vocab):
    from gensim.test.utils import datapath

    settings = {"restrict_vocab": restrict_vocab, "case_insensitive": case_insensitive}
    scores = evaluate_similarities(vectorizers[lowercase], **settings)
    assert [score.name for score in scores.sets] == ["wordsim353", "simlex999"]
    assert [score.n_pairs for score in scores.sets] == [353, 999]
    vectors = vectorizers[lowercase].to_keyed_vectors()
    for score, name in zip(scores.sets, ("wordsim353.tsv", "simlex999.txt"), strict=True):
        pearson, spearman, unknown = vectors.evaluate_word_pairs(datapath(name), **settings)
        assert 100 * (1 - score.coverage) == pytest.approx(unknown)
        # gensim's cosines are float32, and nearly equal ones may change places.
        assert score.pearson == pytest.approx(pearson[0], abs=1e-6)
        assert score.pearson_pvalue == pytest.approx(pearson[1], abs=1e-5)
        assert score.spearman == pytest.approx(spearman[0], abs=1e-5)
        assert score.spearman_pvalue == pytest.approx(spearman[1], abs=1e-4)


def test_cosines_with_zero_vectors_are_zero_as_in_gensim(write):
    gensim_models = pytest.importorskip("gensim.models")
    vectors = VECTORS.copy()
    vectors[1] = 0
    keyed = gensim_models.KeyedVectors(3)
    keyed.add_vectors(TERMS, vectors)
    path = write("man\tking\t5\nman\twoman\t1\nking\tqueen\t4\nqueen\tapple\t0\n")
    pearson, spearman, _ = keyed.evaluate_word_pairs(path)
    (score,) = evaluate_similarities(keyed, path).sets
    assert score.pearson == pytest.approx(pearson[0])
    assert score.spearman == pytest.approx(spearman[0])


@pytest.mark.filterwarnings("ignore:.* for both words, of:UserWarning")
@pytest.mark.parametrize(
    ("text", "n_known", "n_pairs"),
    [
        ("sun\tmoon\t3\n", 0, 1),
        ("man\twoman\t3\n", 1, 1),
        ("man\twoman\t3\nking\tqueen\t3\nking\tapple\t3\n", 3, 3),
    ],
)
def test_no_correlation_is_nan(write, text, n_known, n_pairs):
    (score,) = evaluate_similarities((TERMS, VECTORS), write(text)).sets
    assert (score.n_known, score.n_pairs) == (n_known, n_pairs)
    assert score.coverage == n_known / n_pairs
    for number in (score.spearman, score.spearman_pvalue, score.pearson, score.pearson_pvalue):
        assert math.isnan(number)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sun\tmoon\t3\n", "no pair has vectors for both words, of 1;"),
        ("man\twoman\t3\nsun\tmoon\t3\n", "1 pair has vectors for both words, of 2;"),
        ("man\twoman\t3\nking\tqueen\t4\n", r"file\.txt: 2 pairs have vectors for both words, of 2;"),
    ],
)
def test_a_correlation_of_few_pairs_warns(write, text, message):
    with pytest.warns(UserWarning, match=message):
        evaluate_similarities((TERMS, VECTORS), write(text))


def test_files_of_something_else_are_refused(write):
    for text, message in [
        ("", "expected pairs of words with their similarity, got no line"),
        ("# nothing\n\n", "got no line"),
        (
            "man 0.1 0.2 0.3\nwoman 0.5 0.6 0.7\n",
            r"the second of each pair is a number, such as '0\.[15]'; is it a file of word v",
        ),
    ]:
        with pytest.raises(ValueError, match=rf"file\.txt: .*{message}"):
            evaluate_similarities((TERMS, VECTORS), write(text))


def test_several_files_are_several_rows(write):
    paths = [write("man\twoman\t3\nking\tqueen\t4\nking\tman\t1\n", name) for name in ("one.tsv", "two.b.txt")]
    scores = evaluate_similarities((TERMS, VECTORS), paths)
    assert [score.name for score in scores.sets] == ["one", "two.b"]
    assert scores["two.b"].n_pairs == 3
    with pytest.raises(KeyError, match=r"no score is called 'three'; there are 'one', 'two\.b'"):
        scores["three"]


def test_similarities_of_words_with_themselves_have_no_correlation(tmp_path):
    terms = list("abcdefgh")
    (tmp_path / "same.tsv").write_text("".join(f"{term}\t{term}\t{i}\n" for i, term in enumerate(terms)))
    vectors = np.random.RandomState(0).standard_normal((8, 7))
    scores = evaluate_similarities((terms, vectors), tmp_path / "same.tsv")
    assert np.isnan([scores["same"].spearman, scores["same"].pearson]).all()
    assert scores["same"].coverage == 1
