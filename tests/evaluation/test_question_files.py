"""Files of questions and pairs, in all their variants."""

import gzip
import math

import numpy as np
import pytest
from scipy import stats

from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities
from tests.evaluation.shared import TERMS, VECTORS, unit


def test_sections_comments_tabs_byte_order_mark_and_line_ends(write):
    lines = [
        "\ufeffman woman king queen",
        "# not a question",
        "",
        ": gram1-adjective to adverb",
        "man\twoman  king\tqueen ",
        ":family",
        "New York\tman\tking\tqueen",
        ": empty",
    ]
    terms, vectors = [*TERMS, "new york"], np.vstack([VECTORS, [[0, 1, 0]]])
    for line_end in ("\n", "\r\n", "\r"):
        scores = evaluate_analogies((terms, vectors), write(line_end.join(lines), "kin.txt"))
        counts = [(section.name, section.n_asked, section.n_questions) for section in scores.sections]
        assert counts == [("kin", 1, 1), ("gram1-adjective to adverb", 1, 1), ("family", 1, 1), ("empty", 0, 0)]
        assert scores.syntactic.n_questions == 1
        assert scores.semantic.n_questions == 2


def test_compressed_files(tmp_path, write):
    path = write(gzip.compress(b"man woman king queen\n"), "kin.tsv.gz")
    assert [section.name for section in evaluate_analogies((TERMS, VECTORS), str(path)).sections] == ["kin"]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", ": section\n"])
def test_files_without_questions_have_no_score(write, text):
    scores = evaluate_analogies((TERMS, VECTORS), write(text))
    assert scores.coverage == 0
    assert math.isnan(scores.accuracy)
    assert math.isnan(scores.accuracy_of_all)
    assert str(scores)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (": kin\nman woman king\n", r"file\.txt, line 2: expected four words .* got 'man woman king'"),
        ("man woman king queen apple", r"file\.txt, line 1: expected four words"),
        ("\n# comment\nman\t\tking\tqueen\n", r"file\.txt, line 3: expected four words"),
        (
            "man woman king queen\r\nm\xe4n woman king queen".encode("latin-1"),
            r"file\.txt, line 2: .*UTF-8.* byte 0xe4",
        ),
        ("man woman king queen".encode("utf-16"), r"file\.txt, line 1: expected text in UTF-8, got the byte 0xff"),
    ],
)
def test_lines_that_are_no_questions(write, text, message):
    with pytest.raises(ValueError, match=message):
        evaluate_analogies((TERMS, VECTORS), write(text))


def test_files_that_are_none(tmp_path):
    with pytest.raises(FileNotFoundError):
        evaluate_analogies((TERMS, VECTORS), tmp_path / "missing.txt")
    with pytest.raises(IsADirectoryError):
        evaluate_analogies((TERMS, VECTORS), tmp_path)
    with pytest.raises(TypeError, match="questions must be the path of a file, got 3"):
        evaluate_analogies((TERMS, VECTORS), 3)
    with pytest.raises(TypeError, match=r"questions must be the path of a file, got \[\('man'"):
        evaluate_analogies((TERMS, VECTORS), [("man", "woman", "king", "queen")])
    with pytest.raises(TypeError, match=r"pairs must be the path of a file or a list of paths, got \('man'"):
        evaluate_similarities((TERMS, VECTORS), [("man", "woman", 3)])
    with pytest.raises(TypeError, match="or a list of paths, got 3"):
        evaluate_similarities((TERMS, VECTORS), 3)
    with pytest.raises(ValueError, match="pairs is empty"):
        evaluate_similarities((TERMS, VECTORS), [])


@pytest.mark.parametrize(
    "text",
    [
        "man\twoman\t9\nking\tqueen\t8.5\nnew york\tking\t1\n",
        "\ufeff# a comment\r\nMan\tWoman\t9.0\r\nking\tqueen\t8.5\r\nNew York\tking\t1",
        "Word 1,Word 2,Human (mean),1,2\nman,woman,9,10,8\nking,queen,8.5,9,8\n\"new york\",king,1,0,2",
        "word1\tword2\tPOS\tSimLex999\tconc(w1)\nman\twoman\tN\t9\t4.5\nking\tqueen\tN\t8.5\t1\nnew york\tking\tN\t1\t2\n",
        "a\tb\tscore\n\nman\twoman\t 9\n king\tqueen\t8.5\t\nnew york\tking\t1e0",
    ],
)  # fmt: skip
def test_formats_of_pairs(write, text):
    terms, vectors = [*TERMS, "new york"], np.vstack([VECTORS, [[0, 1, 0]]])
    (score,) = evaluate_similarities((terms, vectors), write(text, "pairs.csv")).sets
    cosines = [unit(vectors[i]) @ unit(vectors[j]) for i, j in [(0, 1), (2, 3), (5, 2)]]
    assert (score.name, score.n_known, score.n_pairs) == ("pairs", 3, 3)
    assert score.pearson == pytest.approx(stats.pearsonr([9, 8.5, 1], cosines)[0])
    assert score.spearman == pytest.approx(stats.spearmanr([9, 8.5, 1], cosines)[0])


@pytest.mark.filterwarnings("ignore:.* for both words, of:UserWarning")
def test_pairs_between_white_space(write):
    (score,) = evaluate_similarities((TERMS, VECTORS), write("man woman   50.000\nking  queen 48\nsun moon 3")).sets
    assert (score.n_known, score.n_pairs) == (2, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("man\twoman\n", r"file\.txt, line 1: expected two words and, in column 3, their similarity, between tabs"),
        ("man;woman;3\n", r"line 1: .* between white space as in the first line, got 'man;woman;3'"),
        ("man woman high\n", r"line 1: expected a number in column 3, got 'high'"),
        ("man\twoman\t3\nking\tqueen\t4\nking\tman\t4,5\n", r"line 3: expected a number in column 3, got '4,5'"),
        (
            "man\twoman\t3\nking\tqueen\t4\nking man 4\n",
            r"line 3: expected two words .* between tabs .* got 'king man 4'",
        ),
        ("man\twoman\t3\nking\t\t4\n", r"line 2: expected two words"),
        ("man\twoman\t3\nking\tman\t4\nking\tman\tnan", r"line 3: expected a number in column 3, got 'nan'"),
        (b"man\twoman\t3\nk\xf6nig\tman\t4\n", r"line 2: expected text in UTF-8, got the byte 0xf6"),
    ],
)
def test_lines_that_are_no_pairs(write, text, message):
    with pytest.raises(ValueError, match=message):
        evaluate_similarities((TERMS, VECTORS), write(text))
