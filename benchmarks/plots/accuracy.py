"""Curves of accuracy over CPU time, one panel for each test, and points of methods that were run once."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from benchmarks.plots.style import COLOURS, MARKERS, hide_frame, label_of, rows_of, text_of, use_log_scale

#: Number, title, label.
PANELS = (
    ("analogies", "Google's analogies", "answered, %"),
    ("wordsim353", "WordSim-353", "rank correlation"),
    ("simlex999", "SimLex-999", "rank correlation"),
)
#: Of methods with one point.
_MARKERS_OF_POINTS = "Dv<>P"


def draw(rows: list[dict[str, Any]]) -> Figure | None:
    """Draw the rows of `epochs`, this package first, and what `quality` says of other methods; None if there are none."""
    chosen = sorted(rows_of("epochs", rows), key=lambda row: row["method"] != "glove-sklearn")
    if not chosen:
        return None
    seen = {label_of(row) for row in chosen}
    others = [row for row in rows_of("quality", rows) if _is_other(row) and label_of(row) not in seen]
    if others and others[0]["corpus"]["n_tokens"] == chosen[0]["corpus"]["n_tokens"]:
        chosen += others

    curves: dict[str, list[dict[str, Any]]] = {}
    styles: dict[str, str] = {}
    for row in chosen:
        curve = curves.setdefault(label_of(row), [])
        if not curve:
            n_of_method = sum(drawn[0]["method"] == row["method"] for drawn in curves.values() if drawn)
            styles[label_of(row)] = ("-", "--", ":", "-.")[n_of_method % 4]
        curve.append(row)
    figure = Figure(figsize=(10, 4), layout="constrained")
    figure.suptitle(text_of(chosen[0]), fontsize="medium")
    for axes, (number, title, label) in zip(figure.subplots(1, 3), PANELS, strict=True):
        for name, curve in curves.items():
            points = sorted(
                (row["numbers"]["cpu_seconds"], row["numbers"][number])
                for row in curve
                if row["numbers"][number] is not None
            )
            # A curve without points, too, has its line in the legend.
            seconds, values = zip(*points, strict=True) if points else ((), ())
            epochs = [{**row["parameters"], **row["numbers"]}.get("n_epochs") for row in curve]
            method = curve[0]["method"]
            axes.plot(
                seconds,
                values,
                color=COLOURS[method],
                marker=MARKERS[method] if len(curve) > 1 else _MARKERS_OF_POINTS[list(curves).index(name) % 5],
                linestyle=styles[name],
                ms=4,
                label=name + _epochs(epochs),
            )
        use_log_scale(axes)
        axes.set_title(title, loc="left")
        axes.set_xlabel("CPU s, text to vectors (log scale)")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        hide_frame(axes)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    return figure


def _is_other(row: dict[str, Any]) -> bool:
    """Return whether a row of `quality` is that of another method, or of Stanford GloVe's settings."""
    return row["method"] != "glove-sklearn" or row["parameters"].get("settings") == "stanford-glove"


def _epochs(numbers: list[Any]) -> str:
    if None in numbers:
        return ""
    first, last = min(numbers), max(numbers)
    if first < last:
        return f", {first} to {last} epochs"
    return f", {first} epoch{'s' if first > 1 else ''}"
