"""Subsampling of frequent words: X as it would be, on average, if some of their tokens were left out as context and as word."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from glove_sklearn._counting.row_store import RowBlock, RowSource
from glove_sklearn._training import _subsampling

#: Entries that are summed together, so that few are in memory.
_CHUNK_ENTRIES = 1 << 18


def add_sums(block: RowBlock, row_sums: np.ndarray, column_sums: np.ndarray) -> None:
    """Set the sums of some rows among those of all rows, and add to the sums of the columns; float64.

    The sums of the columns depend on the order: rows must be added from the first to the last.
    """
    some = row_sums[block.first_row : block.last_row]
    _subsampling.add_sums(block.indptr, block.columns, block.values, some, column_sums)


class SamplingFactors(NamedTuple):
    """What entries of X are multiplied by; see :class:`SubsampledRows`."""

    rows: np.ndarray
    """(n_rows,), float32: p_i."""
    columns: np.ndarray
    """(n_columns,), float32: p'_j."""

    @classmethod
    def of(cls, row_sums: np.ndarray, column_sums: np.ndarray, sample: float) -> SamplingFactors:
        """Compute the factors from the sums of the rows and of the columns of X."""
        return cls(_factors(row_sums, sample), _factors(column_sums, sample))

    def scale(self, block: RowBlock) -> RowBlock:
        """Return rows of X with each value multiplied by its factors."""
        values = np.empty_like(block.values)
        some = self.rows[block.first_row : block.last_row]
        _subsampling.scale(block.indptr, block.columns, block.values, some, self.columns, values)
        return block._replace(values=values)


class SubsampledRows:
    """The rows of X, each entry multiplied by p_i p'_j as it is read.

    p_i = min(1, sqrt(sample / f_i)), where f_i is the sum of row i as a fraction of the sum of X, and p'_j is the same for column
    j. Word2vec (Mikolov et al., "Distributed representations of words and phrases and their compositionality", NIPS 2013) keeps
    each token of a frequent word with this probability; here co-occurrences get the weight that they would have on average, and
    nothing is drawn. Windows keep their size.

    Parameters
    ----------
    rows : RowSource
        Closed with this object.
    sample : float
        Greater than 0: the frequency above which words count for less.
    """

    def __init__(self, rows: RowSource, sample: float) -> None:
        self._rows = rows
        self.shape, self.lengths = rows.shape, rows.lengths
        row_sums, column_sums = np.zeros(rows.shape[0]), np.zeros(rows.shape[1])
        # By one thread, from the first row to the last: the sums of the columns depend on the order.
        for first_row, last_row in rows.ranges(_CHUNK_ENTRIES):
            add_sums(rows.read(first_row, last_row), row_sums, column_sums)
        self._factors = SamplingFactors.of(row_sums, column_sums, sample)

    @property
    def n_entries(self) -> int:
        """Number of entries."""
        return self._rows.n_entries

    @property
    def memory(self) -> int:
        """Bytes of memory that :meth:`release` gives back."""
        return self._rows.memory

    def ranges(self, size: float) -> list[tuple[int, int]]:
        """Split the rows into ranges with at most `size` entries, or of one row that has more."""
        return self._rows.ranges(size)

    def read(self, first_row: int, last_row: int) -> RowBlock:
        """Return the rows from `first_row` to before `last_row`."""
        return self._factors.scale(self._rows.read(first_row, last_row))

    def release(self, first_row: int, last_row: int) -> None:
        """Give back the memory of rows that will not be read again, where that can be done. Any thread may call it."""
        self._rows.release(first_row, last_row)

    def to_csr(self) -> sparse.csr_array:
        """Return all rows as a canonical CSR array; the source cannot be used afterwards."""
        block = self.read(0, self.shape[0])
        self.close()
        return sparse.csr_array((block.values, block.columns, block.indptr), shape=self.shape)

    def close(self) -> None:
        """Release everything except the shape and the lengths."""
        self._rows.close()


def subsample(rows: RowSource, sample: float | None) -> RowSource:
    """Return the rows of X as training sees them with the parameter `sample`."""
    return SubsampledRows(rows, float(sample)) if sample else rows


def _factors(sums: np.ndarray, sample: float) -> np.ndarray:
    """Compute p of each row or column from its sum, float32; 1 where it is empty."""
    threshold = sample * sums.sum()
    return np.sqrt(np.divide(threshold, sums, out=np.ones_like(sums), where=sums > threshold)).astype(np.float32)
