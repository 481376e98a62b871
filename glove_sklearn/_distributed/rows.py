"""X on a cluster: consecutive rows in blocks, each in the memory of some worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distributed import Future


@dataclass(frozen=True)
class DistributedRows:
    """Rows of X as futures, which keep them on their workers for as long as this object exists."""

    blocks: list[Future]
    """Of each a :class:`~glove_sklearn._counting.row_store.RowBlock`: canonical, columns int32, values float32; in order."""
    bounds: list[tuple[int, int]]
    """The first row of each block, and one past its last; together they are all rows."""
    shape: tuple[int, int]
    n_entries: int
    """Number of entries of all blocks."""
