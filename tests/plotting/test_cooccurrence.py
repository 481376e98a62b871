"""Pictures of X."""

import numpy as np
import pytest
from scipy import sparse

from glove_sklearn import CooccurrenceCounter, GloVe
from glove_sklearn.plotting import CooccurrenceDisplay


@pytest.fixture(scope="module")
def counter(lee):
    return CooccurrenceCounter(window_size=5).fit(lee)


def test_means_are_those_of_the_blocks(counter):
    display = CooccurrenceDisplay.from_estimator(counter)
    X = counter.cooccurrence_.toarray().astype(np.float64)
    order = np.argsort(-(X.sum(axis=0) + X.sum(axis=1)), kind="stable")
    ranked = X[np.ix_(order, order)]
    ranks = display.row_ranks
    assert ranks[0] == 1
    assert ranks[-1] == len(X) + 1
    for i in range(len(ranks) - 1):
        for j in range(len(ranks) - 1):
            block = ranked[ranks[i] - 1 : ranks[i + 1] - 1, ranks[j] - 1 : ranks[j + 1] - 1]
            np.testing.assert_allclose(display.means[i, j], block.mean())
    shown = display.mesh_.get_array()
    np.testing.assert_array_equal(np.ma.getmaskarray(shown).reshape(display.means.shape), display.means == 0)
    words = list(counter.vocabulary_)
    assert display.ranked_terms == [words[row] for row in order]
    display.figure_.canvas.draw()
    assert display.ax_.get_yticklabels()[0].get_text() == f"{display.ranked_terms[0]}  1"


def test_matrices_need_neither_names_nor_be_square():
    X = sparse.random(30, 50, 0.2, random_state=0)
    display = CooccurrenceDisplay.from_cooccurrences(X, cmap="Greys")
    assert (display.row_ranks[-1], display.column_ranks[-1]) == (31, 51)
    assert display.mesh_.cmap.name == "Greys"
    weights = np.multiply.outer(np.diff(display.row_ranks), np.diff(display.column_ranks))
    np.testing.assert_allclose((display.means * weights).sum(), X.sum())


def test_a_row_is_the_largest_entries_of_a_word(counter, word):
    display = CooccurrenceDisplay.from_estimator(counter, word, topn=7)
    row = counter.cooccurrence_[[counter.vocabulary_[word]]].toarray()[0]
    assert display.values.tolist() == sorted(row, reverse=True)[:7]
    assert [row[counter.vocabulary_[other]] for other in display.contexts] == display.values.tolist()
    assert [bar.get_width() for bar in display.bars_] == display.values.tolist()


@pytest.mark.parametrize(
    ("context", "sides"), [("symmetric", ["left", "right"]), ("left", ["left"]), ("right", ["right"])]
)
def test_near_neighbours_are_drawn_apart(lee, word, context, sides):
    counter = CooccurrenceCounter(window_size=5, near_size=1, context=context).fit(lee)
    X, n, row = counter.cooccurrence_.toarray(), len(counter.vocabulary_), counter.vocabulary_[word]
    for part, near in enumerate([None, *sides]):
        display = CooccurrenceDisplay.from_estimator(counter, word, near=near)
        block = X[:, part * n : part * n + n]
        assert display.values[0] == block[row].max()
        assert display.contexts[0] == list(counter.vocabulary_)[block[row].argmax()]
        matrix = CooccurrenceDisplay.from_estimator(counter, near=near)
        weights = np.multiply.outer(np.diff(matrix.row_ranks), np.diff(matrix.column_ranks))
        np.testing.assert_allclose((matrix.means * weights).sum(), block.sum(), rtol=1e-6)
        assert (near or "context") in matrix.ax_.get_xlabel()
    for near in {"left", "right", "window"} - set(sides):
        with pytest.raises(ValueError, match=rf"near must be one of \[None, '{sides[0]}'.*\], got '{near}'"):
            CooccurrenceDisplay.from_estimator(counter, near=near)


def test_without_near_neighbours_there_are_no_sides(counter):
    with pytest.raises(ValueError, match="near must be None, because the counter has no near_size, got 'left'"):
        CooccurrenceDisplay.from_estimator(counter, near="left")


def test_entries_of_zero_are_no_contexts():
    display = CooccurrenceDisplay.from_cooccurrences([[0, 2, 0], [2, 0, 1], [0, 1, 0]], "abc", word="a")
    assert (display.contexts, display.values.tolist()) == (["b"], [2])


def test_errors(vectorizer):
    with pytest.raises(TypeError, match="must be a fitted CooccurrenceCounter"):
        CooccurrenceDisplay.from_estimator(vectorizer)
    with pytest.raises(TypeError, match="must be a fitted CooccurrenceCounter"):
        CooccurrenceDisplay.from_estimator(GloVe(2).fit([[0, 1], [1, 0]]))
    with pytest.raises(ValueError, match="greater than 0"):
        CooccurrenceDisplay([[0, 0], [0, 0]])
    with pytest.raises(ValueError, match="none of them negative"):
        CooccurrenceDisplay([[0, -1], [1, 0]])
    with pytest.raises(ValueError, match="need names"):
        CooccurrenceDisplay([[0, 1], [1, 0]], word="a")
    with pytest.raises(ValueError, match="needs a square X"):
        CooccurrenceDisplay([[0, 1, 1]], ["a"], word="a")
    with pytest.raises(KeyError, match="'c'"):
        CooccurrenceDisplay([[0, 1], [1, 0]], ["a", "b"], word="c")
    with pytest.raises(ValueError, match="each of the 2 rows of X, got 3"):
        CooccurrenceDisplay([[0, 1], [1, 0]], "abc")
