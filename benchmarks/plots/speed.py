"""Bars of speed, or points on a log scale, one panel for each benchmark that compares methods."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from benchmarks.harness.columns import METHODS
from benchmarks.plots.style import COLOURS, hide_frame, rows_of, text_of, use_log_scale

#: Benchmark, title, number, unit, label.
PANELS = (
    ("count", "text to co-occurrences", "cpu_seconds", 1, "CPU seconds; less is better"),
    ("train", "training", "nanoseconds", 1, "CPU ns / nonzero entry / epoch; less is better"),
    ("end-to-end", "text to vectors", "wall_seconds", 1, "seconds; less is better"),
    ("transform", "documents to features", "tokens_per_second", 1e6, "million tokens / s, one thread; more is better"),
)
#: Points on a log scale are drawn instead of bars if the largest value is this many times the smallest.
_MAX_LINEAR_RATIO = 20


def draw(rows: list[dict[str, Any]]) -> Figure | None:
    """Draw the benchmarks that have been run; None if none has."""
    panels = []
    for benchmark, title, number, unit, label in PANELS:
        bars = _bars(benchmark, rows, number, unit)
        if bars:
            panels.append((f"{title}: {text_of(rows_of(benchmark, rows)[0])}", label, bars))
    if not panels:
        return None

    n_bars = [len(bars) for *_, bars in panels]
    figure = Figure(figsize=(7.5, 0.95 * len(panels) + 0.32 * sum(n_bars)), layout="constrained")
    all_axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=[n + 0.6 for n in n_bars])[:, 0]
    for axes, (title, label, bars) in zip(all_axes, panels, strict=True):
        values, colours = zip(*bars.values(), strict=True)
        positions = range(len(bars))
        if max(values) > _MAX_LINEAR_RATIO * min(values):
            axes.scatter(values, positions, color=colours, s=60)
            axes.grid(alpha=0.3, axis="x")
            use_log_scale(axes)
            axes.set_xlim(min(values) / 3, 3 * max(values))
            label += " (log scale)"
        else:
            axes.barh(positions, values, color=colours, height=0.7)
            axes.set_xlim(0, 1.15 * max(values))
        for position, value in zip(positions, values, strict=True):
            text = f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
            axes.annotate(text, (value, position), (7, 0), textcoords="offset points", va="center")
        axes.set_yticks(positions, list(bars))
        axes.set_ylim(len(bars) - 0.5, -0.5)
        axes.set_title(title, loc="left")
        axes.set_xlabel(label)
        hide_frame(axes)
    return figure


def _bars(benchmark: str, rows: list[dict[str, Any]], number: str, unit: float) -> dict[str, tuple[float, str]]:
    """Return the length and the colour of each bar, by its label."""
    chosen = rows_of(benchmark, rows)
    if benchmark == "count":  # CPU time hardly depends on the number of threads
        n_jobs = min((row["parameters"]["n_jobs"] for row in chosen), default=1)
        chosen = [row for row in chosen if row["parameters"]["n_jobs"] == n_jobs]
    dimensions = {row["parameters"].get("n_components") for row in chosen} - {None}
    bars = {}
    for row in chosen:
        name = METHODS[row["method"]]
        if len(dimensions) > 1:
            name += f", d = {row['parameters']['n_components']}"
        bars[name] = (row["numbers"][number] / unit, COLOURS[row["method"]])
    return bars
