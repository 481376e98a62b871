"""Colours, markers and axes that the figures share, and the rows that they show."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from benchmarks.harness.columns import METHODS

#: The palette of Okabe and Ito, which colour-blind readers can tell apart.
COLOURS = {
    "glove-sklearn": "#0072B2",
    "skip-gram": "#D55E00",
    "cbow": "#E69F00",
    "count-vectorizer": "#999999",
    "tfidf": "#999999",
    "tfidf-svd": "#009E73",
    "ppmi-svd": "#56B4E9",
    "stanford-glove": "#CC79A7",
    "stanford-glove-shuffled": "#CC79A7",
}
MARKERS = {"glove-sklearn": "o", "skip-gram": "s", "cbow": "^"}


def rows_of(benchmark: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a benchmark on the largest text that it was run on."""
    rows = [row for row in rows if row["benchmark"] == benchmark]
    largest = max((row["corpus"]["n_tokens"] for row in rows), default=0)
    return [row for row in rows if row["corpus"]["n_tokens"] == largest]


def text_of(row: dict[str, Any]) -> str:
    """Return which text a row was measured on, as a title shows it."""
    return f"{row['corpus']['n_tokens'] / 1e6:.3g} million tokens of {row['corpus']['name']}"


def label_of(row: dict[str, Any]) -> str:
    """Return the method and its settings, as a legend shows them."""
    parameters = row["parameters"]
    details = [parameters["settings"]] if parameters.get("settings") else []
    if row["method"] in ("skip-gram", "cbow"):
        details.append(f"window {parameters['window_size']}")
    if row["method"] == "tfidf-svd":
        details.append(f"d = {parameters['n_components']}")
    return ", ".join([METHODS[row["method"]], *details])


def use_log_scale(axes: Axes) -> None:
    """Make the horizontal axis logarithmic, with ticks at 1, 2, 5, 10, ..."""
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, position: f"{value:,g}"))


def hide_frame(axes: Axes) -> None:
    """Draw the left and the lower side of the frame only."""
    axes.spines[["top", "right"]].set_visible(False)
