"""Draw figures of the rows of benchmarks (needs matplotlib): speed, accuracy, accuracy as features, growth, intervals.

A figure shows the largest text that its benchmark was run on; a figure whose benchmarks have not been run is left out.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

#: The modules that draw them; they are imported late, because matplotlib is optional.
FIGURES = {
    "speed": "speed",
    "quality": "accuracy",
    "classify": "classification",
    "growth": "growth",
    "intervals": "intervals",
}
OPTIONS = {"folder": {"type": Path, "metavar": "FOLDER", "help": "where to write"}}


def run(rows: list[dict[str, Any]], *, folder: Path = Path("docs")) -> None:
    """Draw what there are rows for."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, module in FIGURES.items():
        figure = importlib.import_module(f"benchmarks.plots.{module}").draw(rows)
        if figure is not None:
            path = folder / f"{name}.png"
            figure.savefig(path, dpi=100)
            print(path)
