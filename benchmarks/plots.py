"""Plots of the rows of benchmarks (needs matplotlib): speed side by side, accuracy against time, growth.

Of several texts, the largest is drawn. A plot whose benchmarks have not been run is left out.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.results import METHODS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colours of Okabe and Ito, which the colour-blind tell apart.
COLOURS = {
    "glove-sklearn": "#0072B2",
    "skip-gram": "#D55E00",
    "cbow": "#E69F00",
    "count-vectorizer": "#999999",
    "tfidf-svd": "#009E73",
    "c-program": "#CC79A7",
    "c-program-shuffled": "#CC79A7",
}
MARKERS = {"glove-sklearn": "o", "skip-gram": "s", "cbow": "^"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, default=Path("docs"), help="where to; default: docs")


def run(rows: list[dict], folder: Path) -> None:
    """Draw what there are rows for."""
    import matplotlib

    matplotlib.use("Agg")
    for draw, name in ((draw_speed, "speed"), (draw_quality, "quality"), (draw_growth, "growth")):
        figure = draw(rows)
        if figure is not None:
            path = folder / f"{name}.png"
            figure.savefig(path, dpi=100)
            print(path)


def of(benchmark: str, rows: list[dict]) -> list[dict]:
    """The rows of a benchmark, on its largest text."""
    rows = [row for row in rows if row["benchmark"] == benchmark]
    largest = max((row["corpus"]["n_tokens"] for row in rows), default=0)
    return [row for row in rows if row["corpus"]["n_tokens"] == largest]


def draw_speed(rows: list[dict]) -> Any:
    """Bars, one panel for each benchmark that compares methods."""
    panels = []
    for benchmark, title, number, unit, label, is_log in (
        ("count", "text to co-occurrences", "cpu_seconds", 1, "CPU seconds", True),
        ("train", "training", "nanoseconds", 1, "CPU ns an entry of X and pass", True),
        ("end-to-end", "text to vectors", "wall_seconds", 1, "seconds", True),
        ("transform", "documents to features, one thread", "tokens_per_second", 1e6, "million tokens a second", True),
    ):
        chosen = of(benchmark, rows)
        if benchmark == "count":  # CPU time hardly depends on the threads
            least = min((row["parameters"]["n_jobs"] for row in chosen), default=1)
            chosen = [row for row in chosen if row["parameters"]["n_jobs"] == least]
        seen = {}
        for row in chosen:
            parameters = row["parameters"]
            name = METHODS[row["method"]]
            if len({other["parameters"].get("n_components") for other in chosen} - {None}) > 1:
                name += f", d = {parameters['n_components']}"
            seen[name] = (row["method"], row["numbers"][number] / unit)
        if seen:
            panels.append((title, label, is_log, seen))
    if not panels:
        return None

    from matplotlib.figure import Figure

    n_bars = [len(seen) for *_, seen in panels]
    figure = Figure(figsize=(7.5, 0.9 * len(panels) + 0.32 * sum(n_bars)), layout="constrained")
    all_axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=[n + 0.6 for n in n_bars])[:, 0]
    for axes, (title, label, is_log, seen) in zip(all_axes, panels, strict=True):
        names, values = list(seen), [value for _, value in seen.values()]
        bars = axes.barh(names, values, color=[COLOURS[method] for method, _ in seen.values()], height=0.7)
        axes.bar_label(
            bars, labels=[f"{value:,.3g}" if value < 1000 else f"{value:,.0f}" for value in values], padding=3
        )
        axes.invert_yaxis()
        if is_log:
            axes.set_xscale("log")
            axes.set_xlim(min(values) / 4, max(values) * 3)
        axes.set_title(title, loc="left")
        axes.set_xlabel(f"{label} (log scale)" if is_log else label)
        _plain(axes)
    return figure


def draw_quality(rows: list[dict]) -> Any:
    """Curves of accuracy over wall time, one panel for each test."""
    chosen = of("quality", rows)
    if not chosen:
        return None

    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.8), layout="constrained")
    tests = (
        ("analogies", "Google's analogies", "answered, %"),
        ("wordsim353", "WordSim-353", "rank correlation"),
        ("simlex999", "SimLex-999", "rank correlation"),
    )
    for axes, (number, title, label) in zip(figure.subplots(1, 3), tests, strict=True):
        for method in dict.fromkeys(row["method"] for row in chosen):
            curve = sorted(
                (row["numbers"]["wall_seconds"], row["numbers"][number], row["parameters"]["n_passes"])
                for row in chosen
                if row["method"] == method and row["numbers"][number] is not None
            )
            if curve:
                seconds, values, passes = zip(*curve, strict=True)
                name = f"{METHODS[method]}, {min(passes)} to {max(passes)} {'passes' if method == 'glove-sklearn' else 'epochs'}"
                axes.plot(seconds, values, color=COLOURS[method], marker=MARKERS[method], ms=4, label=name)
        axes.set_xscale("log")
        axes.set_title(title, loc="left")
        axes.set_xlabel("seconds, text to vectors (log scale)")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        _plain(axes)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    return figure


def draw_growth(rows: list[dict]) -> Any:
    """Cost of a token and of an entry over the size of the text; from 0, so that flat looks flat."""
    chosen = sorted(of("growth", rows), key=lambda row: row["numbers"]["n_tokens"])
    if not chosen:
        return None

    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5.2), layout="constrained")
    panels = (
        ("nanoseconds_per_token", "counting", "CPU ns a token"),
        ("bytes_per_token", "memory of counting", "bytes a token"),
        ("nanoseconds_per_entry", "training", "CPU ns an entry of X and pass"),
        ("bytes_per_entry", "memory of it all", "bytes an entry of X"),
    )
    tokens = [row["numbers"]["n_tokens"] / 1e6 for row in chosen]
    for axes, (number, title, label) in zip(figure.subplots(2, 2, sharex=True).flat, panels, strict=True):
        axes.plot(tokens, [row["numbers"][number] for row in chosen], color=COLOURS["glove-sklearn"], marker="o", ms=5)
        axes.set_ylim(bottom=0)
        axes.set_xscale("log", base=2)
        axes.set_xticks(tokens, [f"{size:.3g}" for size in tokens])
        axes.set_title(title, loc="left")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        _plain(axes)
    for axes in figure.axes[2:]:
        axes.set_xlabel("million tokens (log scale)")
    return figure


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
