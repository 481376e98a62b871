"""Bars of accuracy as features, with the classifier's defaults and with the chosen C, one panel for each version of the posts."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from benchmarks.plots.style import COLOURS, hide_frame, label_of


def draw(rows: list[dict[str, Any]]) -> Figure | None:
    """Draw the rows of `classify`; None if there are none."""
    panels: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        if row["benchmark"] == "classify":
            panels.setdefault(row["corpus"]["name"], {})[label_of(row)] = row
    if not panels:
        return None

    n_bars = max(map(len, panels.values()))
    figure = Figure(figsize=(5.5 * len(panels) + 1.5, 0.42 * n_bars + 1.4), layout="constrained")
    figure.supxlabel("accuracy, %; light: LogisticRegression(), full: C chosen", fontsize="medium")
    for axes, (title, bars) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
        for shift, number, alpha in ((-0.2, "accuracy", 0.45), (0.2, "accuracy_chosen", 1)):
            values = [row["numbers"][number] for row in bars.values()]
            drawn = axes.barh(
                [position + shift for position in range(len(bars))],
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
        hide_frame(axes)
    return figure
