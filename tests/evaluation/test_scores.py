"""Scores as tables, attributes and data frames."""

import pickle
import sys

import pytest

from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities
from tests.evaluation.shared import TERMS, VECTORS


@pytest.fixture
def analogy_scores(write):
    lines = [
        ": family",
        "man woman king queen",
        "man king woman apple",
        "man woman uncle aunt",
        ": gram1",
        "a b c d",
        ": gram2",
        "man king woman queen",
    ]
    return evaluate_analogies((TERMS, VECTORS), write("\n".join(lines)))


def test_analogies_as_a_table(analogy_scores):
    assert str(analogy_scores).splitlines() == [
        "3CosAdd    correct  asked  in file  accuracy  of all",
        "family           1      2        3    0.5000  0.3333",
        "gram1            0      0        1       nan  0.0000",
        "gram2            1      1        1    1.0000  1.0000",
        "semantic         1      2        3    0.5000  0.3333",
        "syntactic        1      1        2    1.0000  0.5000",
        "total            2      3        5    0.6667  0.4000",
    ]
    assert repr(analogy_scores) == str(analogy_scores)


def test_analogies_as_attributes(analogy_scores):
    assert analogy_scores.accuracy == analogy_scores.total.accuracy == 2 / 3
    assert analogy_scores.coverage == 3 / 5
    assert analogy_scores.accuracy_of_all == 2 / 5
    assert analogy_scores["family"] == analogy_scores.sections[0]
    assert pickle.loads(pickle.dumps(analogy_scores)) == analogy_scores
    with pytest.raises(AttributeError):
        analogy_scores.method = "3CosMul"


@pytest.mark.filterwarnings("ignore:.* for both words, of:UserWarning")
def test_results_as_data_frames(analogy_scores, write):
    pytest.importorskip("pandas")
    frame = analogy_scores.to_frame()
    assert frame.index.tolist() == ["family", "gram1", "gram2", "semantic", "syntactic", "total"]
    assert frame.loc["total"].to_dict() == {
        "n_correct": 2, "n_asked": 3, "n_questions": 5, "accuracy": 2 / 3, "coverage": 3 / 5, "accuracy_of_all": 2 / 5
    }  # fmt: skip
    scores = evaluate_similarities((TERMS, VECTORS), write("man\twoman\t3\nking\tqueen\t4\nsun\tmoon\t1\n", "sky.tsv"))
    frame = scores.to_frame()
    assert frame.index.tolist() == ["sky"]
    assert frame["n_known"].tolist() == [2]
    assert frame["coverage"].tolist() == [2 / 3]
    assert frame["spearman"].tolist() == [scores["sky"].spearman]


def test_without_pandas_the_error_says_what_to_install(analogy_scores, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="to_frame needs pandas: pip install pandas"):
        analogy_scores.to_frame()
