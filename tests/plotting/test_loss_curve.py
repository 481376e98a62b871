"""The loss of each epoch."""

import pytest
from sklearn.exceptions import NotFittedError

from glove_sklearn import CooccurrenceCounter, GloVe
from glove_sklearn.plotting import LossCurveDisplay


def test_the_curve_is_that_of_the_estimator(vectorizer):
    display = LossCurveDisplay.from_estimator(vectorizer)
    x, y = display.line_.get_data()
    assert x.tolist() == list(range(1, vectorizer.n_iter_ + 1))
    assert y.tolist() == vectorizer.loss_curve_.tolist()
    assert display.ax_.get_legend() is None


def test_curves_of_several_estimators_share_axes(vectorizer):
    glove = GloVe(5, max_iter=50, random_state=0).fit([[0, 4, 1], [4, 0, 2], [1, 2, 0]])
    first = LossCurveDisplay.from_estimator(glove, name="small", color="red")
    second = LossCurveDisplay.from_estimator(vectorizer, name="large", ax=first.ax_, lw=3)
    assert second.figure_ is first.figure_
    assert [text.get_text() for text in first.ax_.get_legend().get_texts()] == ["small", "large"]
    assert second.line_.get_linewidth() == 3
    low, high = first.ax_.get_ylim()
    losses = [*glove.loss_curve_, *vectorizer.loss_curve_]
    assert low <= min(losses)
    assert max(losses) <= high


def test_errors(lee):
    with pytest.raises(NotFittedError):
        LossCurveDisplay.from_estimator(GloVe())
    with pytest.raises(TypeError, match="must be a fitted GloVe or GloVeVectorizer"):
        LossCurveDisplay.from_estimator(CooccurrenceCounter().fit(lee))
    with pytest.raises(ValueError, match="one number for each epoch"):
        LossCurveDisplay([])
