"""Bars of the nearest words."""

import numpy as np
import pytest

from glove_sklearn.plotting import NeighborsDisplay
from glove_sklearn.uncertainty import WordUncertainty


def test_bars_are_the_neighbors_that_gensim_finds(vectorizer, word):
    pytest.importorskip("gensim")
    expected = vectorizer.to_keyed_vectors().most_similar(word, topn=6)
    display = NeighborsDisplay.from_estimator(vectorizer, word, topn=6)
    assert display.words == [other for other, _ in expected]
    np.testing.assert_allclose(display.cosines, [cosine for _, cosine in expected], atol=1e-6)
    assert [bar.get_width() for bar in display.bars_] == display.cosines.tolist()
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == display.words
    assert display.ax_.get_title() == f"nearest to {word}"
    assert display.intervals_ is None


def test_estimates_have_intervals(vectorizer, word, lee):
    uncertainty = WordUncertainty.from_estimator(vectorizer, lee)
    estimates = uncertainty.neighbors(word, 5, level=0.9, n_draws=20, random_state=0)
    display = NeighborsDisplay.from_estimates(estimates)
    assert display.words == [row.name for row in estimates]
    (segments,) = (collection.get_segments() for collection in display.intervals_.lines[2])
    for segment, row in zip(segments, estimates, strict=True):
        np.testing.assert_allclose(segment[:, 0], [row.low, row.high])
    assert display.ax_.get_xlabel() == "cosine, 90% intervals"


def test_a_word_without_an_interval_has_only_a_bar():
    display = NeighborsDisplay(["a", "b"], [0.5, 0.4], low=[0.4, np.nan], high=[0.6, np.nan])
    display.plot(color="red").figure_.canvas.draw()
    assert display.bars_[0].get_facecolor() == (1, 0, 0, 1)


def test_errors(vectorizer, word):
    with pytest.raises(KeyError, match=f"no vector for '{word.title()}'; perhaps: {word}"):
        NeighborsDisplay.from_estimator(vectorizer, word.title())
    with pytest.raises(ValueError, match="topn must be an integer of at least 1, got 0"):
        NeighborsDisplay.from_estimator(vectorizer, word, topn=0)
    with pytest.raises(TypeError, match="estimates must be Estimates"):
        NeighborsDisplay.from_estimates([("a", 0.5)])
    with pytest.raises(ValueError, match="give both, or neither"):
        NeighborsDisplay(["a"], [0.5], low=[0.4])
    with pytest.raises(ValueError, match=r"each of the 1 words, got shape \(2,\)"):
        NeighborsDisplay(["a"], [0.5, 0.4])
