"""Histogram of the nonzero entries of X, from which `x_max` and the value of negative pairs are chosen."""

from __future__ import annotations

import threading

import numpy as np

from glove_sklearn._counting.row_store import RowSource
from glove_sklearn._system.threads import ThreadTeam

#: Float32 numbers with the same first 17 bits share a bin: they differ by less than 1/256.
_DROPPED_BITS = 15
_INFINITY_BITS = 0x7F800000
#: Smaller quantiles are raised to this, so that they can be divided by.
_MIN_VALUE = 2.0**-100
#: Entries that a thread bins together, which takes some 20 bytes for each.
_CHUNK_ENTRIES = 1 << 18


def count_values(values: np.ndarray) -> np.ndarray:
    """Count float32 values, none of them negative, by bin; (n_bins,), int64."""
    counts = np.zeros(_INFINITY_BITS >> _DROPPED_BITS, dtype=np.int64)
    for start in range(0, len(values), _CHUNK_ENTRIES):
        bins = values[start : start + _CHUNK_ENTRIES].view(np.int32) >> _DROPPED_BITS
        counts += np.bincount(bins, minlength=len(counts))
    counts[0] = 0  # the bin of stored zeros
    return counts


class ValueHistogram:
    """Numbers of nonzero entries of X by value, exact to 1/256.

    Parameters
    ----------
    counts : ndarray of shape (n_bins,), int64
        The sum of what `count_values` returns for parts of X.
    """

    def __init__(self, counts: np.ndarray) -> None:
        self._counts = counts
        edges = np.arange(len(self._counts) + 1, dtype=np.int32) << _DROPPED_BITS
        #: (n_bins,), float64: the smallest value of each bin, rising.
        self._values = edges[:-1].view(np.float32).astype(np.float64)

    @classmethod
    def of(cls, rows: RowSource, team: ThreadTeam) -> ValueHistogram:
        """Read all of X; the result is the same for any number of threads."""
        total = count_values(np.zeros(0, dtype=np.float32))
        lock = threading.Lock()

        def count(first_row: int, last_row: int) -> None:
            counts = count_values(rows.read(first_row, last_row).values)
            with lock:
                np.add(total, counts, out=total)

        team.run(count, rows.ranges(_CHUNK_ENTRIES))
        return cls(total)

    def quantile(self, fraction: float) -> float:
        """Return the value that this fraction of the entries do not exceed."""
        sums = np.cumsum(self._counts)
        return max(float(self._values[np.searchsorted(sums, fraction * sums[-1])]), _MIN_VALUE)
