"""Figures are drawn of what there are rows for."""

import importlib

import pytest

from benchmarks.__main__ import main
from benchmarks.plots import accuracy, intervals
from benchmarks.plots.figures import FIGURES

pytest.importorskip("matplotlib")


def test_figures_are_written(output, tmp_path):
    main(["plots", "--input", str(output), "--folder", str(tmp_path / "figures")])
    for name in FIGURES:
        assert 5_000 < (tmp_path / "figures" / f"{name}.png").stat().st_size < 150_000


def test_halves_of_several_runs_are_not_drawn_together():
    corpus = {"name": "text", "n_tokens": 10}
    rows = [
        {
            "benchmark": "uncertainty",
            "corpus": corpus,
            "parameters": {"part": "halves", "n_splits": 2, "frequency": frequency},
            "numbers": {"held": held, "factor": 1.0},
        }
        for held in (10.0, 90.0)
        for frequency in ("5 to 9", "from 10")
    ]
    axes = intervals.draw(rows).axes[0]
    assert axes.lines[0].get_ydata().tolist() == [90.0, 90.0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["5-9", "from 10"]


def test_methods_that_ran_once_are_points_beside_the_curves_of_this_package():
    corpus = {"name": "text", "n_tokens": 10}

    def row(benchmark, method, accuracy, **parameters):
        numbers = {"cpu_seconds": 1.0, "analogies": accuracy, "wordsim353": 0.5, "simlex999": 0.3}
        parameters = {"window_size": 5, **parameters}
        return {
            "benchmark": benchmark,
            "method": method,
            "corpus": corpus,
            "parameters": parameters,
            "numbers": numbers,
        }

    rows = [
        row("epochs", "skip-gram", 20.0, n_epochs=1),
        *(row("epochs", "glove-sklearn", 30.0 + n, settings="", n_epochs=n) for n in (1, 2)),
        row("quality", "skip-gram", 21.0, n_epochs=5),
        row("quality", "ppmi-svd", 25.0),
        row("quality", "glove-sklearn", 40.0, settings="n_components=300", n_epochs=4),
    ]
    legend = [text.get_text() for text in accuracy.draw(rows).legends[0].get_texts()]
    assert legend == ["glove_sklearn, 1 to 2 epochs", "Word2Vec skip-gram, window 5, 1 epoch", "PPMI + SVD"]


def test_figures_without_rows_are_left_out():
    for module in FIGURES.values():
        assert importlib.import_module(f"benchmarks.plots.{module}").draw([]) is None
