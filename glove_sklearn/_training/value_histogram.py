"""How large the entries of X are, from which what is relative to them is chosen."""

from __future__ import annotations

import threading

import numpy as np

from glove_sklearn._counting.row_store import CsrRows, SpooledRows
from glove_sklearn._system.threads import ThreadTeam

#: Numbers whose first 17 bits are the same are taken for one: they differ by less than 1/256.
_BITS = 15
_INFINITY = 0x7F800000
#: Smaller entries count as this: next to nothing.
_LEAST = 2.0**-100
#: Entries of X that a thread has in hand: they and what is made of them take some 20 bytes each.
_ENTRIES_AT_A_TIME = 1 << 18


class ValueHistogram:
    """How many entries of X have about which value.

    Parameters
    ----------
    rows : SpooledRows or CsrRows
        Entries that are 0 do not count.
    team : ThreadTeam
    """

    def __init__(self, rows: SpooledRows | CsrRows, team: ThreadTeam) -> None:
        self._counts = np.zeros(_INFINITY >> _BITS, dtype=np.int64)
        lock = threading.Lock()

        def count(first_row: int, last_row: int) -> None:
            values = rows.read(first_row, last_row).values
            for start in range(0, len(values), _ENTRIES_AT_A_TIME):
                bits = values[start : start + _ENTRIES_AT_A_TIME].view(np.int32) >> _BITS
                counts = np.bincount(bits, minlength=len(self._counts))
                with lock:
                    np.add(self._counts, counts, out=self._counts)

        team.run(count, rows.ranges(_ENTRIES_AT_A_TIME))
        self._counts[0] = 0  # zeros
        edges = np.arange(len(self._counts) + 1, dtype=np.int32) << _BITS
        #: (n_values,), float64: the values, rising.
        self._values = edges[:-1].view(np.float32).astype(np.float64)

    def quantile(self, share: float) -> float:
        """The value that this share of the entries do not exceed."""
        sums = np.cumsum(self._counts)
        return max(float(self._values[np.searchsorted(sums, share * sums[-1])]), _LEAST)
