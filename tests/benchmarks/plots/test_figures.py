"""Figures are drawn of what there are rows for."""

import importlib

import pytest

from benchmarks.__main__ import main
from benchmarks.plots.figures import FIGURES

pytest.importorskip("matplotlib")


def test_figures_are_written(output, tmp_path):
    main(["plots", "--input", str(output), "--folder", str(tmp_path / "figures")])
    for name in FIGURES:
        assert 5_000 < (tmp_path / "figures" / f"{name}.png").stat().st_size < 150_000


def test_figures_without_rows_are_left_out():
    for module in FIGURES.values():
        assert importlib.import_module(f"benchmarks.plots.{module}").draw([]) is None
