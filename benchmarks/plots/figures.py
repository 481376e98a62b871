"""Draw figures of the rows of benchmarks (needs matplotlib): speed, accuracy against time, accuracy as features, growth.

A figure shows the largest text that its benchmark was run on; a figure whose benchmarks have not been run is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.plots import accuracy, classification, growth, speed

FIGURES = {"speed": speed.draw, "quality": accuracy.draw, "classify": classification.draw, "growth": growth.draw}
OPTIONS = {"folder": {"type": Path, "metavar": "FOLDER", "help": "where to write"}}


def run(rows: list[dict[str, Any]], *, folder: Path = Path("docs")) -> None:
    """Draw what there are rows for."""
    import matplotlib

    matplotlib.use("Agg")
    for name, draw in FIGURES.items():
        figure = draw(rows)
        if figure is not None:
            path = folder / f"{name}.png"
            figure.savefig(path, dpi=100)
            print(path)
