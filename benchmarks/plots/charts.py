"""Plots of the rows of benchmarks (needs matplotlib): speed side by side, accuracy against time, accuracy as features, growth.

Of several texts, the largest is drawn. A plot whose benchmarks have not been run is left out.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness.results import METHODS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colours of Okabe and Ito, which the colour-blind tell apart.
COLOURS = {
    "glove-sklearn": "#0072B2",
    "skip-gram": "#D55E00",
    "cbow": "#E69F00",
    "count-vectorizer": "#999999",
    "tfidf": "#999999",
    "tfidf-svd": "#009E73",
    "lsa": "#009E73",
    "ppmi-svd": "#56B4E9",
    "c-program": "#CC79A7",
    "c-program-shuffled": "#CC79A7",
}
#: Bars of which one is so many times longer than another are drawn on a log scale.
_TOO_FAR_APART = 20
MARKERS = {"glove-sklearn": "o", "skip-gram": "s", "cbow": "^"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, default=Path("docs"), help="where to; default: docs")


def run(rows: list[dict], folder: Path) -> None:
    """Draw what there are rows for."""
    import matplotlib

    matplotlib.use("Agg")
    for draw, name in (
        (draw_speed, "speed"),
        (draw_passes, "quality"),
        (draw_classify, "classify"),
        (draw_growth, "growth"),
    ):
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
    for benchmark, title, number, unit, label in (
        ("count", "text to co-occurrences", "cpu_seconds", 1, "CPU seconds; less is better"),
        ("train", "training", "nanoseconds", 1, "CPU ns an entry of X and pass; less is better"),
        ("end-to-end", "text to vectors", "wall_seconds", 1, "seconds; less is better"),
        (
            "transform",
            "documents to features",
            "tokens_per_second",
            1e6,
            "million tokens a second, one thread; more is better",
        ),
    ):
        chosen = of(benchmark, rows)
        if benchmark == "count":  # CPU time hardly depends on the threads
            least = min((row["parameters"]["n_jobs"] for row in chosen), default=1)
            chosen = [row for row in chosen if row["parameters"]["n_jobs"] == least]
        dimensions = {row["parameters"].get("n_components") for row in chosen} - {None}
        bars = {}
        for row in chosen:
            name = METHODS[row["method"]]
            if len(dimensions) > 1:
                name += f", d = {row['parameters']['n_components']}"
            bars[name] = (row["numbers"][number] / unit, COLOURS[row["method"]])
        if bars:
            panels.append((f"{title}: {chosen[0]['corpus']['name']}", label, bars))
    if not panels:
        return None

    from matplotlib.figure import Figure

    n_bars = [len(bars) for *_, bars in panels]
    figure = Figure(figsize=(7.5, 0.95 * len(panels) + 0.32 * sum(n_bars)), layout="constrained")
    all_axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=[n + 0.6 for n in n_bars])[:, 0]
    for axes, (title, label, bars) in zip(all_axes, panels, strict=True):
        values, colours = zip(*bars.values(), strict=True)
        drawn = axes.barh(list(bars), values, color=colours, height=0.7)
        axes.bar_label(drawn, [f"{value:.3g}" if value < 1000 else f"{value:,.0f}" for value in values], padding=3)
        axes.invert_yaxis()
        axes.set_xlim(0, 1.15 * max(values))
        if max(values) > _TOO_FAR_APART * min(values):
            _logarithmic(axes)
            axes.set_xlim(min(values) / 3, 3 * max(values))
            label += " (log scale)"
        axes.set_title(title, loc="left")
        axes.set_xlabel(label)
        _plain(axes)
    return figure


def draw_passes(rows: list[dict]) -> Any:
    """Curves of accuracy over CPU time, one panel for each test."""
    chosen = of("passes", rows)
    if not chosen:
        return None

    from matplotlib.figure import Figure

    curves: dict[str, list[dict]] = {}
    for row in chosen:
        curves.setdefault(_configuration(row), []).append(row)
    tests = (
        ("analogies", "Google's analogies", "answered, %"),
        ("wordsim353", "WordSim-353", "rank correlation"),
        ("simlex999", "SimLex-999", "rank correlation"),
    )
    figure = Figure(figsize=(10, 4), layout="constrained")
    figure.suptitle(chosen[0]["corpus"]["name"], fontsize="medium")
    lines = dict.fromkeys(row["method"] for row in chosen)
    styles = {name: ("-", "--", ":", "-.")[i % 4] for method in lines for i, name in enumerate(_of(method, curves))}
    for axes, (number, title, label) in zip(figure.subplots(1, 3), tests, strict=True):
        for name, of_it in curves.items():
            method = of_it[0]["method"]
            points = sorted(
                (row["numbers"]["cpu_seconds"], row["numbers"][number], _number_of_passes(row))
                for row in of_it
                if row["numbers"][number] is not None
            )
            # An empty curve, too, has its line in the legend: that a test says nothing is no reason to hide the method.
            seconds, values, _ = zip(*points, strict=True) if points else ((), (), ())
            passes = [_number_of_passes(row) for row in of_it]
            unit = "passes" if method == "glove-sklearn" else "epochs"
            axes.plot(
                seconds,
                values,
                color=COLOURS[method],
                marker=MARKERS[method],
                linestyle=styles[name],
                ms=4,
                label=f"{name}, {min(passes)} to {max(passes)} {unit}",
            )
        _logarithmic(axes)
        axes.set_title(title, loc="left")
        axes.set_xlabel("CPU s, text to vectors (log scale)")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        _plain(axes)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    return figure


def _of(method: str, curves: dict[str, list[dict]]) -> list[str]:
    return [name for name, rows in curves.items() if rows[0]["method"] == method]


def _number_of_passes(row: dict) -> int:
    return {**row["parameters"], **row["numbers"]}["n_passes"]


def _configuration(row: dict) -> str:
    """Method and settings, as the legend has them."""
    parameters = row["parameters"]
    details = [parameters["settings"]] if parameters.get("settings") else []
    if row["method"] in ("skip-gram", "cbow"):
        details.append(f"window {parameters['window_size']}")
    if row["method"] == "lsa":
        details.append(f"d = {parameters['n_components']}")
    return ", ".join([METHODS[row["method"]], *details])


def draw_classify(rows: list[dict]) -> Any:
    """Bars of accuracy for each method, of the classifier's defaults and of the chosen C, one panel for each kind of posts."""
    panels: dict[str, dict[str, dict]] = {}
    for row in rows:
        if row["benchmark"] == "classify":
            panels.setdefault(row["corpus"]["name"], {})[_configuration(row)] = row
    if not panels:
        return None

    from matplotlib.figure import Figure

    most = max(map(len, panels.values()))
    figure = Figure(figsize=(5.5 * len(panels) + 1.5, 0.42 * most + 1.4), layout="constrained")
    figure.supxlabel("accuracy, %; pale: LogisticRegression() as it is, full: C chosen", fontsize="medium")
    for axes, (title, bars) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
        for shift, number, alpha in ((-0.2, "accuracy", 0.45), (0.2, "accuracy_chosen", 1)):
            values = [row["numbers"][number] for row in bars.values()]
            drawn = axes.barh(
                [place + shift for place in range(len(bars))],
                values,
                xerr=[row["numbers"][f"{number}_sd"] or 0 for row in bars.values()],
                color=[COLOURS[row["method"]] for row in bars.values()],
                alpha=alpha,
                height=0.38,
            )
            axes.bar_label(drawn, [f"{value:.1f}" for value in values], padding=3, fontsize="small")
        axes.set_yticks(range(len(bars)), list(bars))
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_title(title, loc="left", fontsize="medium")
        _plain(axes)
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
    figure.suptitle(chosen[0]["corpus"]["name"], fontsize="medium")
    for axes, (number, title, label) in zip(figure.subplots(2, 2, sharex=True).flat, panels, strict=True):
        values = [row["numbers"][number] for row in chosen]
        axes.plot(tokens, values, color=COLOURS["glove-sklearn"], marker="o", ms=5)
        axes.set_ylim(0, 1.15 * max(values) or 1)  # memory may not grow at all
        axes.set_xscale("log", base=2)
        axes.set_xticks(tokens, [f"{size:.3g}" for size in tokens])
        axes.set_title(title, loc="left")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        _plain(axes)
    for axes in figure.axes[2:]:
        axes.set_xlabel("million tokens (log scale)")
    return figure


def _logarithmic(axes: Axes) -> None:
    """Seconds or nanoseconds on a log scale, marked 1, 2, 5, 10, ..."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, position: f"{value:,g}"))


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
