"""The rows of X, in pieces of consecutive rows."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse

from glove_sklearn._system.storage import Spool


def cumulative_offsets(lengths: np.ndarray) -> np.ndarray:
    """Where each of so many things of these lengths begins in the row of them all, and the end; int64."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def split_by_size(offsets: np.ndarray, size: float) -> list[tuple[int, int]]:
    """Cut a row of things into ranges of about `size` together, or of one that has more."""
    ends = [0]
    while ends[-1] < len(offsets) - 1:
        first = ends[-1]
        ends.append(max(first + 1, int(np.searchsorted(offsets, offsets[first] + size, side="right")) - 1))
    return list(pairwise(ends))


class RowBlock(NamedTuple):
    """Some consecutive rows, compressed."""

    first_row: int
    last_row: int
    """One past the last."""
    indptr: np.ndarray
    """(last_row - first_row + 1,), int64."""
    columns: np.ndarray
    """(n_entries,), int32 or int64."""
    values: np.ndarray
    """(n_entries,), float32; int64 where sums are fixed-point numbers still."""


class SpooledRows:
    """The rows of a sparse matrix, which come in pieces and in any order.

    Parameters
    ----------
    shape : (int, int)
    columns, values : Spool
        Where the entries are kept.
    """

    def __init__(self, shape: tuple[int, int], columns: Spool, values: Spool) -> None:
        self.shape = shape
        #: (n_rows,), int64: number of entries of each row.
        self.lengths = np.zeros(shape[0], dtype=np.int64)
        self._columns, self._values = columns, values
        self._ranges: list[tuple[int, int, int]] = []
        self._lock = threading.Lock()

    def __getstate__(self) -> dict:
        return {name: value for name, value in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state, _lock=threading.Lock())

    @property
    def n_entries(self) -> int:
        """Number of entries."""
        return int(self.lengths.sum())

    def add(self, first_row: int, lengths: np.ndarray, columns: np.ndarray, values: np.ndarray) -> None:
        """Add a copy of consecutive rows. Any thread may call it."""
        self.lengths[first_row : first_row + len(lengths)] = lengths
        with self._lock:
            place = self._columns.append_copy(columns)
            self._values.append_copy(values)
            self._ranges.append((first_row, first_row + len(lengths), place))
            self._ranges.sort()

    def ranges(self, size: float) -> list[tuple[int, int]]:
        """Ranges of rows with about this many entries together, or of one row that has more."""
        return split_by_size(cumulative_offsets(self.lengths), size)

    def read(self, first_row: int, last_row: int) -> RowBlock:
        """Give the rows from `first_row` to before `last_row`."""
        lengths = self.lengths[first_row:last_row]
        columns, values = [], []
        for first, last, place in self._ranges:
            begin, end = max(first, first_row), min(last, last_row)
            if begin < end:
                start = int(self.lengths[first:begin].sum())
                stop = start + int(self.lengths[begin:end].sum())
                columns.append(self._columns.read(place, start, stop))
                values.append(self._values.read(place, start, stop))
        one = len(columns) == 1
        return RowBlock(
            first_row,
            last_row,
            cumulative_offsets(lengths),
            columns[0] if one else np.concatenate(columns),
            values[0] if one else np.concatenate(values),
        )

    def to_csr(self) -> sparse.csr_array:
        """Make a canonical CSR array of it, and give back the memory of the pieces on the way."""
        indptr = cumulative_offsets(self.lengths)
        n_entries = int(indptr[-1])
        indices, data = np.empty(n_entries, dtype=np.int32), np.empty(n_entries, dtype=np.float32)
        for first, last, place in self._ranges:
            begin, end = indptr[first], indptr[last]
            indices[begin:end], data[begin:end] = self._columns.read(place), self._values.read(place)
            nothing = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
            self._columns.replace(place, nothing[0])
            self._values.replace(place, nothing[1])
        self.close()
        if n_entries < 1 << 31:
            indptr = indptr.astype(np.int32)
        matrix = sparse.csr_array((data, indices, indptr), shape=self.shape)
        matrix.has_canonical_format = True
        return matrix

    def close(self) -> None:
        """Forget everything but the shape and the lengths."""
        self._ranges = []
        self._columns.close()
        self._values.close()


class CsrBuilder:
    """The same in memory, as one CSR array.

    Rows are written where they will stay: memory for as many as there could be is reserved, and becomes real as it is
    written to. Rows that come too early wait.

    Parameters
    ----------
    shape : (int, int)
    n_entries : int
        A bound.
    """

    def __init__(self, shape: tuple[int, int], n_entries: int) -> None:
        self.shape = shape
        self._lengths = np.zeros(shape[0], dtype=np.int64)
        self._columns, self._values = np.empty(n_entries, dtype=np.int32), np.empty(n_entries, dtype=np.float32)
        self._n_rows = self._n_entries = 0
        self._early: dict[int, tuple] = {}
        self._lock = threading.Lock()

    def add(self, first_row: int, lengths: np.ndarray, columns: np.ndarray, values: np.ndarray) -> None:
        """Add a copy of consecutive rows. Any thread may call it."""
        with self._lock:
            is_next = first_row == self._n_rows
            if not is_next:
                columns, values = columns.copy(), values.copy()
            self._early[first_row] = lengths, columns, values
            while self._n_rows in self._early:
                lengths, columns, values = self._early.pop(self._n_rows)
                begin, end = self._n_entries, self._n_entries + len(columns)
                self._lengths[self._n_rows : self._n_rows + len(lengths)] = lengths
                self._columns[begin:end], self._values[begin:end] = columns, values
                self._n_rows, self._n_entries = self._n_rows + len(lengths), end

    def matrix(self) -> CsrRows:
        """What was added, when it is all."""
        for array in (self._columns, self._values):
            array.resize(
                self._n_entries, refcheck=False
            )  # gives back what was reserved; nobody else has seen the array
        indptr = cumulative_offsets(self._lengths)
        if self._n_entries < 1 << 31:
            indptr = indptr.astype(np.int32)
        matrix = sparse.csr_array((self._values, self._columns, indptr), shape=self.shape)
        matrix.has_canonical_format = True
        return CsrRows(matrix)


class CsrRows:
    """What :class:`SpooledRows` does, for a CSR array that is in memory as a whole.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array of float32
    """

    def __init__(self, matrix: sparse.csr_array) -> None:
        self._matrix = matrix
        self.shape: tuple[int, int] = matrix.shape
        self.lengths = np.diff(matrix.indptr).astype(np.int64)
        self.n_entries = int(matrix.nnz)

    def ranges(self, size: float) -> list[tuple[int, int]]:
        """Ranges of rows with about this many entries together, or of one row that has more."""
        return split_by_size(self._matrix.indptr.astype(np.int64), size)

    def read(self, first_row: int, last_row: int) -> RowBlock:
        """Give the rows from `first_row` to before `last_row`."""
        indptr = self._matrix.indptr[first_row : last_row + 1].astype(np.int64)
        begin, end = indptr[0], indptr[-1]
        return RowBlock(
            first_row, last_row, indptr - begin, self._matrix.indices[begin:end], self._matrix.data[begin:end]
        )

    def to_csr(self) -> sparse.csr_array:
        """Give the array itself."""
        return self._matrix

    def close(self) -> None:
        """Forget the matrix."""
        del self._matrix
