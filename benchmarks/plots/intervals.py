"""How often intervals hold the cosines of the other half of a text, and by what factor they are too narrow, over frequency."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from benchmarks.plots.style import COLOURS, hide_frame, rows_of, text_of

#: Number, label, colour and marker of each curve of the second panel.
_FACTORS = (
    ("factor", "GloVe-V", COLOURS["glove-sklearn"], "o"),
    ("factor_of_bootstrap", "bootstrap", COLOURS["skip-gram"], "s"),
    ("factor_of_seeds", "other seeds", COLOURS["tfidf-svd"], "^"),
)
#: What right intervals of 95 % hold: the other half is an estimate, too, so that the difference has twice the variance.
_NOMINAL = 83.4


def draw(rows: list[dict[str, Any]]) -> Figure | None:
    """Draw the halves of `uncertainty`, of the last run with the most splits; None if there are none."""
    halves = [row for row in rows_of("uncertainty", rows) if row["parameters"]["part"] == "halves"]
    if not halves:
        return None
    most = max(row["parameters"]["n_splits"] for row in halves)
    last = {row["parameters"]["frequency"]: row for row in halves if row["parameters"]["n_splits"] == most}
    chosen = list(last.values())

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    figure.suptitle(f"{text_of(chosen[0])}, split into halves {most} times", fontsize="medium")
    left, right = figure.subplots(1, 2)
    positions = range(len(chosen))
    held = [row["numbers"]["held"] for row in chosen]
    left.plot(positions, held, color=COLOURS["glove-sklearn"], marker="o", ms=5)
    left.axhline(_NOMINAL, color="0.6", lw=0.8)
    left.set_ylim(0, 100)
    left.set_title("cosines of the other half that 95 % intervals hold, %", loc="left", fontsize="medium")
    for number, label, colour, marker in _FACTORS:
        values = [row["numbers"].get(number) for row in chosen]
        if None not in values:
            right.plot(positions, values, color=colour, marker=marker, ms=5, label=label)
    right.axhline(1, color="0.6", lw=0.8)
    right.set_ylim(bottom=0)
    right.set_title("factor by which standard errors are too small", loc="left", fontsize="medium")
    right.legend(frameon=False, loc="upper left")
    for axes in (left, right):
        labels = [row["parameters"]["frequency"].replace(" to ", "-") for row in chosen]
        axes.set_xticks(positions, labels, rotation=30, ha="right", fontsize="small")
        axes.set_xlabel("occurrences of the two words")
        axes.grid(alpha=0.3, axis="y")
        hide_frame(axes)
    return figure
