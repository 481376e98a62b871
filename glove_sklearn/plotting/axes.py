"""The axes that displays draw on, and what several of them draw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.container import BarContainer


#: The most groups of a legend; more have no colours of their own, and no room.
_N_NAMED = 40


def given_or_new(ax: Axes | None, height: float = 4.8) -> Axes:
    """Return the axes that were given, or those of a new figure of this height, in inches.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("displays need matplotlib: pip install matplotlib") from error
    return plt.subplots(figsize=(6.4, height), layout="constrained")[1]


def draw_bars(ax: Axes, names: Sequence[str], values: np.ndarray, **kwargs: Any) -> BarContainer:
    """Draw a horizontal bar for each value, the first at the top, and write its name beside it."""
    from matplotlib.cbook import normalize_kwargs
    from matplotlib.patches import Rectangle

    from glove_sklearn.plotting.fonts import families_for

    positions = np.arange(len(names))
    bars = ax.barh(positions, values, **{"height": 0.7, **normalize_kwargs(kwargs, Rectangle)})
    ax.set_yticks(positions, names, parse_math=False, fontfamily=families_for(names))
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right"]].set_visible(False)
    return bars


def draw_groups(
    ax: Axes, coordinates: np.ndarray, groups: Sequence[Any] | None, *, legend: bool, **kwargs: Any
) -> list[PathCollection]:
    """Draw points, those of each group in a colour of its own; the group None in grey, and not in the legend."""
    from matplotlib import colormaps
    from matplotlib.cbook import normalize_kwargs
    from matplotlib.collections import PathCollection

    style: dict[str, Any] = normalize_kwargs(kwargs, PathCollection)
    if groups is None:
        return [ax.scatter(coordinates[:, 0], coordinates[:, 1], **style)]
    names = [name for name in dict.fromkeys(groups) if name is not None]
    # The usual colours are ten.
    colours = (
        [f"C{index}" for index in range(10)] if len(names) <= 10 else [colormaps["tab20"](index) for index in range(20)]
    )
    drawn = []
    for index, name in enumerate([None, *names]):
        rows = np.array([group == name if group is not None else name is None for group in groups])
        if rows.any():
            colour = "0.6" if name is None else colours[(index - 1) % len(colours)]
            # matplotlib leaves names that begin with an underscore out of legends.
            label = None if name is None else re.sub("^_", " _", str(name))
            x, y = coordinates[rows].T
            drawn.append(ax.scatter(x, y, **{"label": label, "facecolor": colour, **style}))
    if legend and 0 < len(names) <= _N_NAMED:
        drawn_legend = ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, frameon=False)
        for text in drawn_legend.get_texts():
            text.set_parse_math(False)
    return drawn


def as_map(ax: Axes, axis_names: Sequence[str] | None) -> None:
    """Make axes of a map: one scale for both directions, and no numbers, which mean nothing."""
    ax.set_aspect("equal", adjustable="datalim")
    ax.set(xticks=[], yticks=[])
    ax.margins(0.12)
    if axis_names is not None:
        ax.set(xlabel=axis_names[0], ylabel=axis_names[1])
