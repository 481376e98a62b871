"""Estimates with their standard errors and confidence intervals. Printed, they are a table; they can draw themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Any

from glove_sklearn._embedding.frames import import_for_frames

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame


@dataclass(frozen=True, eq=False)
class Estimate:
    """An estimate with its standard error and confidence interval.

    Two estimates are equal if all their attributes are, or are both NaN.

    Attributes
    ----------
    name : str
    value : float
    standard_error : float
        NaN if a word has no estimate of its variance.
    low, high : float
        Limits of the confidence interval.
    p_value : float
        Two-sided, of the null hypothesis that the value is 0; NaN where that hypothesis is not tested.
    """

    name: str
    value: float
    standard_error: float
    low: float
    high: float
    p_value: float = math.nan

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Estimate):
            return NotImplemented
        pairs = zip(astuple(self), astuple(other), strict=True)
        return all(one == two or (one != one and two != two) for one, two in pairs)

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, repr=False)
class Estimates:
    """Several estimates. Printed, they are a table.

    Attributes
    ----------
    title : str
        What was estimated.
    level : float
        Confidence level: the nominal probability that an interval covers the true value; 1 if the limits are the smallest and the
        largest value.
    rows : tuple of Estimate
        ``estimates["name"]`` is the one of that name, ``estimates[0]`` the first.
    more : dict of str to tuple of float
        Further columns of the table.
    notes : tuple of str
        What the reader of the table should know, such as words without an estimate.
    """

    title: str
    level: float
    rows: tuple[Estimate, ...]
    more: dict[str, tuple[float, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.rows)

    def __getitem__(self, name: str | int) -> Estimate:
        if isinstance(name, int):
            return self.rows[name]
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(f"no estimate is called {name!r}; there are {', '.join(repr(row.name) for row in self.rows)}")

    def to_frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each estimate.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        pandas = import_for_frames("pandas")
        columns: dict[str, Any] = {
            name: [getattr(row, name) for row in self.rows] for name in ("value", "standard_error", "low", "high")
        }
        if self._has_p_values():
            columns["p_value"] = [row.p_value for row in self.rows]
        columns.update(self.more)
        return pandas.DataFrame(columns, index=pandas.Index([row.name for row in self.rows], name=self.title))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the intervals, one below the other.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.

        Returns
        -------
        ax : matplotlib.axes.Axes

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        return draw_intervals([self], ax)

    def __str__(self) -> str:
        limits = ("smallest", "largest") if self.level == 1 else (f"{self.level:.0%} interval", "")
        header = [self.title, "estimate", "std. error", *limits]
        if self._has_p_values():
            header.append("p")
        cells = [[*header, *self.more]]
        for index, row in enumerate(self.rows):
            line = [row.name, *map(_number, (row.value, row.standard_error, row.low, row.high))]
            if self._has_p_values():
                line.append(_p_value(row.p_value))
            cells.append([*line, *(_number(column[index]) for column in self.more.values())])
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip() for line in cells
        ]
        return "\n".join([*lines, *self.notes])

    __repr__ = __str__

    @property
    def what_lines_are(self) -> str:
        """What the lines of a figure, from `low` to `high`, show."""
        return "smallest to largest" if self.level == 1 else f"{self.level:.0%} intervals"

    def _has_p_values(self) -> bool:
        return not all(math.isnan(row.p_value) for row in self.rows)


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4f}"


def _p_value(value: float) -> str:
    return "-" if math.isnan(value) else "<0.0001" if value < 0.0001 else f"{value:.4f}"


def draw_intervals(tables: Sequence[Estimates], ax: Axes | None) -> Axes:
    """Draw the intervals of tables, one below the other; of several, each has a colour of its own.

    Parameters
    ----------
    tables : sequence of Estimates
    ax : matplotlib.axes.Axes or None
        None for a new figure.

    Returns
    -------
    ax : matplotlib.axes.Axes

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("plot needs matplotlib: pip install matplotlib") from error
    names = [row.name for table in tables for row in table]
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 1 + 0.3 * len(names) + 0.3 * (len(tables) > 1)), layout="constrained")
    y = 0
    for index, table in enumerate(tables):
        for row in table:
            ax.plot([row.low, row.high], [y, y], color=f"C{index}", linewidth=2, solid_capstyle="round")
            ax.plot([row.value], [y], marker="o", markersize=5, color=f"C{index}")
            y += 1
        if table._has_p_values():
            ax.axvline(0, color="0.6", linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    labels = [f"{table.title}, {table.what_lines_are}" for table in tables]
    if len(tables) == 1:
        ax.set_xlabel(labels[0])
    else:
        handles = [ax.plot([], [], color=f"C{index}", marker="o")[0] for index in range(len(tables))]
        ax.figure.legend(handles, labels, loc="outside upper center", ncols=1, frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
