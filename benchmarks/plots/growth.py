"""Curves of the cost of a token and of an entry over the size of the text, from 0, so that flat looks flat."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from benchmarks.plots.style import COLOURS, hide_frame, rows_of, text_of

#: Number, title, label.
PANELS = (
    ("nanoseconds_per_token", "counting", "CPU ns / token"),
    ("bytes_per_token", "memory of counting", "bytes / token"),
    ("nanoseconds", "training", "CPU ns / nonzero entry / epoch"),
    ("bytes_per_entry", "memory of counting and training", "bytes / nonzero entry"),
)


def draw(rows: list[dict[str, Any]]) -> Figure | None:
    """Draw the rows of `growth`; None if there are none."""
    chosen = sorted(rows_of("growth", rows), key=lambda row: row["numbers"]["n_tokens"])
    if not chosen:
        return None

    figure = Figure(figsize=(9, 5.2), layout="constrained")
    figure.suptitle(text_of(chosen[0]), fontsize="medium")
    tokens = [row["numbers"]["n_tokens"] / 1e6 for row in chosen]
    for axes, (number, title, label) in zip(figure.subplots(2, 2, sharex=True).flat, PANELS, strict=True):
        values = [row["numbers"][number] for row in chosen]
        axes.plot(tokens, values, color=COLOURS["glove-sklearn"], marker="o", ms=5)
        axes.set_ylim(0, 1.15 * max(values) or 1)  # memory may not grow at all
        axes.set_xscale("log", base=2)
        axes.set_xticks(tokens, [f"{size:.3g}" for size in tokens])
        axes.set_title(title, loc="left")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        hide_frame(axes)
    for axes in figure.axes[2:]:
        axes.set_xlabel("million tokens (log scale)")
    return figure
