"""Curves of accuracy over CPU time, one panel for each test."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from benchmarks.plots.style import COLOURS, MARKERS, hide_frame, label_of, rows_of, use_log_scale

#: Number, title, label.
PANELS = (
    ("analogies", "Google's analogies", "answered, %"),
    ("wordsim353", "WordSim-353", "rank correlation"),
    ("simlex999", "SimLex-999", "rank correlation"),
)


def draw(rows: list[dict[str, Any]]) -> Figure | None:
    """Draw the rows of `epochs`; None if there are none."""
    chosen = rows_of("epochs", rows)
    if not chosen:
        return None

    curves: dict[str, list[dict[str, Any]]] = {}
    styles: dict[str, str] = {}
    for row in chosen:
        curve = curves.setdefault(label_of(row), [])
        if not curve:
            n_of_method = sum(others[0]["method"] == row["method"] for others in curves.values() if others)
            styles[label_of(row)] = ("-", "--", ":", "-.")[n_of_method % 4]
        curve.append(row)
    figure = Figure(figsize=(10, 4), layout="constrained")
    figure.suptitle(chosen[0]["corpus"]["name"], fontsize="medium")
    for axes, (number, title, label) in zip(figure.subplots(1, 3), PANELS, strict=True):
        for name, curve in curves.items():
            points = sorted(
                (row["numbers"]["cpu_seconds"], row["numbers"][number])
                for row in curve
                if row["numbers"][number] is not None
            )
            # A curve without points, too, has its line in the legend.
            seconds, values = zip(*points, strict=True) if points else ((), ())
            epochs = [{**row["parameters"], **row["numbers"]}["n_epochs"] for row in curve]
            method = curve[0]["method"]
            axes.plot(
                seconds,
                values,
                color=COLOURS[method],
                marker=MARKERS[method],
                linestyle=styles[name],
                ms=4,
                label=f"{name}, {min(epochs)} to {max(epochs)} epochs",
            )
        use_log_scale(axes)
        axes.set_title(title, loc="left")
        axes.set_xlabel("CPU s, text to vectors (log scale)")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        hide_frame(axes)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    return figure
