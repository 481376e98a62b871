"""X on a cluster: consecutive rows in blocks, each in the memory of some worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glove_sklearn._counting.row_store import SpooledRows
from glove_sklearn._distributed.cluster import explained
from glove_sklearn._system import budget
from glove_sklearn._system.progress import progress_bar
from glove_sklearn._system.storage import Storage

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

    def close(self) -> None:
        """Let the workers forget the rows."""
        while self.blocks:
            self.blocks.pop().release()

    def gather(self, storage: Storage, verbose: int) -> SpooledRows:
        """Fetch the rows, one block after another, to memory or to a file.

        Parameters
        ----------
        storage : Storage
        verbose : int
        """
        rows = SpooledRows(self.shape, storage.spool(budget.ROWS / 2), storage.spool(budget.ROWS / 2))
        with explained(), progress_bar("fetching", "blocks", verbose, len(self.blocks), unit_scale=False) as bar:
            for future in self.blocks:
                block = future.result()
                rows.add(block.first_row, np.diff(block.indptr), block.columns, block.values)
                bar.update()
        return rows
