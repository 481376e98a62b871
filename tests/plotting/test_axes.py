"""What displays need."""

import subprocess
import sys

import pytest

import glove_sklearn.plotting
from glove_sklearn.plotting import LossCurveDisplay


def test_matplotlib_is_imported_when_something_is_drawn():
    program = "import sys, glove_sklearn.plotting, glove_sklearn.cli.main; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_an_error_says_how_to_install_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"pip install matplotlib"):
        LossCurveDisplay([1.0]).plot()


def test_every_display_draws_on_given_axes(pyplot, vectorizer, word, lee):
    figure, axes = pyplot.subplots(2, 2)
    plotting = glove_sklearn.plotting
    drawn = [
        plotting.WordMapDisplay.from_estimator(vectorizer, ax=axes[0, 0]),
        plotting.NeighborsDisplay.from_estimator(vectorizer, word, ax=axes[0, 1]),
        plotting.DocumentMapDisplay.from_estimator(vectorizer, lee, ax=axes[1, 0]),
        plotting.CooccurrenceDisplay.from_cooccurrences([[0, 1], [1, 0]], ax=axes[1, 1]),
    ]
    for display, ax in zip(drawn, axes.flat, strict=True):
        assert (display.ax_, display.figure_) == (ax, figure)
    assert pyplot.get_fignums() == [figure.number]
