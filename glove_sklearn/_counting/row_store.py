"""The rows of X: in memory as a CSR array, or in blocks that may be in files."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from scipy import sparse

from glove_sklearn._system.memory import Reserved
from glove_sklearn._system.storage import Spool


def cumulative_offsets(lengths: np.ndarray) -> np.ndarray:
    """Return the offsets of consecutive segments of these lengths, and the end of the last; int64."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def split_by_size(offsets: np.ndarray, size: float) -> list[tuple[int, int]]:
    """Split consecutive segments into ranges of at most `size` in total, or of one segment that is larger."""
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
    """(n_entries,), float32; int64 while sums are fixed-point numbers."""


class RowSource(Protocol):
    """What counting and reading return and training takes: the rows of X, wherever they are."""

    shape: tuple[int, int]
    lengths: np.ndarray
    """(n_rows,), int64: number of entries of each row."""

    @property
    def n_entries(self) -> int:
        """Number of entries."""

    @property
    def memory(self) -> int:
        """Bytes of memory that :meth:`release` gives back."""

    def ranges(self, size: float) -> list[tuple[int, int]]:
        """Split the rows into ranges with at most `size` entries, or of one row that has more."""

    def read(self, first_row: int, last_row: int) -> RowBlock:
        """Return the rows from `first_row` to before `last_row`."""

    def release(self, first_row: int, last_row: int) -> None:
        """Give back the memory of rows that will not be read again, where that can be done. Any thread may call it."""

    def to_csr(self) -> sparse.csr_array:
        """Return all rows as a canonical CSR array; the source cannot be used afterwards."""

    def close(self) -> None:
        """Release everything except the shape and the lengths."""


class RowSink(Protocol):
    """Where counting puts rows."""

    shape: tuple[int, int]

    def add(self, first_row: int, lengths: np.ndarray, columns: np.ndarray, values: np.ndarray) -> None:
        """Add a copy of consecutive rows. Any thread may call it."""


class SpooledRows:
    """Rows that arrive in blocks and in any order, and stay in these blocks, in memory or in a file.

    Parameters
    ----------
    shape : (int, int)
    columns, values : Spool
        Keep the entries.
    """

    def __init__(self, shape: tuple[int, int], columns: Spool, values: Spool) -> None:
        self.shape = shape
        #: (n_rows,), int64: number of entries of each row.
        self.lengths = np.zeros(shape[0], dtype=np.int64)
        self._columns, self._values = columns, values
        self._ranges: list[tuple[int, int, int]] = []
        #: How many rows of each block are still to be read.
        self._n_unread: dict[int, int] = {}
        self._lock = threading.Lock()

    def __getstate__(self) -> dict:
        return {name: value for name, value in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state, _lock=threading.Lock())

    @property
    def n_entries(self) -> int:
        """Number of entries."""
        return int(self.lengths.sum())

    @property
    def memory(self) -> int:
        """Bytes of memory that :meth:`release` gives back."""
        return self._columns.memory + self._values.memory

    def add(self, first_row: int, lengths: np.ndarray, columns: np.ndarray, values: np.ndarray) -> None:
        """Add a copy of consecutive rows. Any thread may call it."""
        self.lengths[first_row : first_row + len(lengths)] = lengths
        with self._lock:
            index = self._columns.append_copy(columns)
            self._values.append_copy(values)
            self._ranges.append((first_row, first_row + len(lengths), index))
            self._ranges.sort()
            self._n_unread[index] = len(lengths)

    def ranges(self, size: float) -> list[tuple[int, int]]:
        """Split the rows into ranges with at most `size` entries, or of one row that has more."""
        return split_by_size(cumulative_offsets(self.lengths), size)

    def read(self, first_row: int, last_row: int) -> RowBlock:
        """Return the rows from `first_row` to before `last_row`."""
        lengths = self.lengths[first_row:last_row]
        columns, values = [], []
        for first, last, index in self._ranges:
            begin, end = max(first, first_row), min(last, last_row)
            if begin < end:
                start = int(self.lengths[first:begin].sum())
                stop = start + int(self.lengths[begin:end].sum())
                columns.append(self._columns.read(index, start, stop))
                values.append(self._values.read(index, start, stop))
        one = len(columns) == 1
        return RowBlock(
            first_row,
            last_row,
            cumulative_offsets(lengths),
            columns[0] if one else np.concatenate(columns),
            values[0] if one else np.concatenate(values),
        )

    def release(self, first_row: int, last_row: int) -> None:
        """Give back the memory of blocks none of whose rows will be read again. Any thread may call it."""
        with self._lock:
            for first, last, index in self._ranges:
                n_rows = min(last, last_row) - max(first, first_row)
                if n_rows > 0:
                    self._n_unread[index] -= n_rows
                    if self._n_unread[index] == 0:
                        self._empty(index)

    def _empty(self, index: int) -> None:
        self._columns.replace(index, np.zeros(0, dtype=np.int32))
        self._values.replace(index, np.zeros(0, dtype=np.float32))

    def to_csr(self) -> sparse.csr_array:
        """Return all rows as a canonical CSR array, releasing the memory of each block when it is copied."""
        indptr = cumulative_offsets(self.lengths)
        n_entries = int(indptr[-1])
        indices, data = np.empty(n_entries, dtype=np.int32), np.empty(n_entries, dtype=np.float32)
        for first, last, index in self._ranges:
            begin, end = indptr[first], indptr[last]
            indices[begin:end], data[begin:end] = self._columns.read(index), self._values.read(index)
            self._empty(index)
        self.close()
        if n_entries < 1 << 31:
            indptr = indptr.astype(np.int32)
        matrix = sparse.csr_array((data, indices, indptr), shape=self.shape)
        matrix.has_canonical_format = True
        return matrix

    def close(self) -> None:
        """Release everything except the shape and the lengths."""
        self._ranges = []
        self._columns.close()
        self._values.close()


class CsrBuilder:
    """Builds one CSR array from rows that arrive in any order.

    Rows are written where they will stay: address space for the largest possible number of entries is reserved, of which the
    system provides memory as it is written to. Rows that arrive before those in front of them wait.

    Parameters
    ----------
    shape : (int, int)
    n_entries : int
        An upper bound.
    """

    def __init__(self, shape: tuple[int, int], n_entries: int) -> None:
        self.shape = shape
        self._lengths = np.zeros(shape[0], dtype=np.int64)
        self._columns, self._values = Reserved(n_entries, np.int32), Reserved(n_entries, np.float32)
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
                self._columns.array[begin:end], self._values.array[begin:end] = columns, values
                self._n_rows, self._n_entries = self._n_rows + len(lengths), end

    def build(self) -> CsrRows:
        """Return the rows, once all have been added."""
        self._columns.truncate(self._n_entries)
        self._values.truncate(self._n_entries)
        indptr = cumulative_offsets(self._lengths)
        if self._n_entries < 1 << 31:
            indptr = indptr.astype(np.int32)
        matrix = sparse.csr_array((self._values.array, self._columns.array, indptr), shape=self.shape)
        matrix.has_canonical_format = True
        return CsrRows(matrix, (self._columns, self._values))


class CsrRows:
    """The rows of a CSR array in memory.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array of float32
    memory : tuple of Reserved
        What holds its columns and values, if that is nobody else's.
    """

    def __init__(self, matrix: sparse.csr_array, memory: tuple[Reserved, ...] = ()) -> None:
        self._matrix, self._memory = matrix, memory
        self.shape: tuple[int, int] = matrix.shape
        self.lengths = np.diff(matrix.indptr).astype(np.int64)
        self.n_entries = int(matrix.nnz)

    @property
    def memory(self) -> int:
        """Bytes of memory that :meth:`release` gives back."""
        return sum(memory.array.nbytes for memory in self._memory)

    def ranges(self, size: float) -> list[tuple[int, int]]:
        """Split the rows into ranges with at most `size` entries, or of one row that has more."""
        return split_by_size(self._matrix.indptr.astype(np.int64), size)

    def read(self, first_row: int, last_row: int) -> RowBlock:
        """Return the rows from `first_row` to before `last_row`."""
        indptr = self._matrix.indptr[first_row : last_row + 1].astype(np.int64)
        begin, end = indptr[0], indptr[-1]
        return RowBlock(
            first_row, last_row, indptr - begin, self._matrix.indices[begin:end], self._matrix.data[begin:end]
        )

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_memory": ()}

    def release(self, first_row: int, last_row: int) -> None:
        """Give back the memory of rows that will not be read again, unless the array is somebody else's."""
        begin, end = int(self._matrix.indptr[first_row]), int(self._matrix.indptr[last_row])
        for memory in self._memory:
            memory.release(begin, end)

    def to_csr(self) -> sparse.csr_array:
        """Return the array itself."""
        self._memory = ()
        return self._matrix

    def close(self) -> None:
        """Release the array."""
        del self._matrix
        self._memory = ()
