"""Numbers of several seeds, summarised in one row: means, and standard deviations of what depends on chance."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mean, stdev
from typing import Any


def summarise(of_seeds: list[dict[str, Any]], accuracies: Iterable[str]) -> dict[str, Any]:
    """Return the numbers of one row.

    Parameters
    ----------
    of_seeds : list of dict
        The numbers of each seed.
    accuracies : iterable of str
        Names of numbers that depend on chance.

    Returns
    -------
    numbers : dict
        For each accuracy its mean; NAME_sd, the standard deviation (of samples; None for one seed); and NAME_of_seeds, all
        values. Seconds are means, peak memory is a maximum, everything else is that of the first seed.
    """
    numbers = {**of_seeds[0], "n_seeds": len(of_seeds)}
    for name in ("cpu_seconds", "wall_seconds"):
        numbers[name] = mean(row[name] for row in of_seeds)
    numbers["cpu_seconds_of_seeds"] = [row["cpu_seconds"] for row in of_seeds]
    numbers["peak_memory"] = max(row["peak_memory"] for row in of_seeds)
    for name in accuracies:
        values = numbers[f"{name}_of_seeds"] = [row[name] for row in of_seeds]
        known = None not in values
        numbers[name] = mean(values) if known else None
        numbers[f"{name}_sd"] = stdev(values) if known and len(values) > 1 else None
    return numbers
