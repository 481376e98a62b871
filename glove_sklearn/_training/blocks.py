"""Rows of X -> blocks of records."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from glove_sklearn._counting.row_store import CsrRows, RowBlock, SpooledRows, cumulative_offsets
from glove_sklearn._system.storage import Storage, StoredArray
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _blocks

#: One entry of X, named by its places inside a block.
RECORD = np.dtype([("row", np.uint16), ("column", np.uint16), ("value", np.float32)])

#: Places in a group must fit in 16 bits.
_LARGEST_GROUP = 1 << 16
#: Groups there are where X has entries enough: independent blocks for as many threads.
_USUAL_GROUPS = 32
#: A row group and a column group together should take no more bytes than this, to stay in the cache.
_BYTES_OF_A_BLOCK = 12 << 20
#: Fewer records than this in a block do not pay for a call of the kernel.
_RECORDS_OF_A_BLOCK = 1 << 12
#: Records that a call of the training kernel gets at most: an interruption waits for it.
_RECORDS_OF_A_PIECE = 1 << 18
#: Entries of X that are taken apart at a time.
_ENTRIES_AT_A_TIME = 1 << 22
#: Numbers among which a column is drawn by lot: at least so many, and so many for each column.
_LOTS, _LOTS_OF_A_COLUMN = 1 << 20, 8
#: Blocks that the system is asked to read before they are wanted.
_BLOCKS_AHEAD = 8


class NegativeSampling(NamedTuple):
    """Pairs that never occur, to train on with those that do."""

    share: float
    """Number of draws for each entry of X."""
    value: float
    """The value of X that they are taken for."""


NO_NEGATIVES = NegativeSampling(0, 0)


class Partitioning(NamedTuple):
    """Rows, or columns, dealt to groups."""

    members: np.ndarray
    """(n_rows,), int32: the rows, group after group."""
    starts: np.ndarray
    """(n_partitions + 1,), int64: where each group begins in `members`, and in the parameters."""
    groups: np.ndarray
    """(n_rows,), int32: the group of each row."""
    places: np.ndarray
    """(n_rows,), uint16: its place in the group."""

    def slice(self, group: int) -> slice:
        """Where a group is in `members`."""
        return slice(self.starts[group], self.starts[group + 1])

    @property
    def positions(self) -> np.ndarray:
        """(n_rows,), int64: where each row is in `members`."""
        return self.starts[self.groups] + self.places


class Blocks:
    """X as records: ``n_partitions * n_partitions`` blocks, each of which holds the entries of one row group and one column group.

    A pass goes through them in rounds: block ``(i, (i + r) % n_partitions)`` of each row group i is in round r, so that no two of a
    round share a row or a column. They lie in that order, and a pass reads from beginning to end.

    Parameters
    ----------
    rows, columns : Partitioning
    counts : ndarray of shape (n_partitions, n_partitions), int64
        Number of records of each block, by row group and column group.
    records : StoredArray of RECORD
    """

    def __init__(self, rows: Partitioning, columns: Partitioning, counts: np.ndarray, records: StoredArray) -> None:
        self.rows, self.columns, self.records = rows, columns, records
        self.n_partitions = len(counts)
        groups = np.arange(self.n_partitions)
        self.order = np.array([(i, (i + r) % self.n_partitions) for r in groups for i in groups])
        #: (n_partitions, n_partitions), int64: where each block begins and ends in the records.
        self.ends = np.zeros_like(counts)
        self.ends[tuple(self.order.T)] = np.cumsum(counts[tuple(self.order.T)])
        self.starts = self.ends - counts
        self.n_records = int(counts.sum())

    def rounds(self) -> np.ndarray:
        """(n_partitions, n_partitions, 2): the blocks of each round, which may be trained at the same time."""
        return self.order.reshape(self.n_partitions, self.n_partitions, 2)

    def chunks(self, i: int, j: int) -> Iterator[np.ndarray]:
        """The records of a block, in order, a moderate number at a time."""
        shift = (j - i) % self.n_partitions
        ahead = self.order[(shift * self.n_partitions + i + _BLOCKS_AHEAD) % len(self.order)]
        self.records.prefetch(self.starts[tuple(ahead)], self.ends[tuple(ahead)])
        for start in range(self.starts[i, j], self.ends[i, j], _RECORDS_OF_A_PIECE):
            yield self.records.read(start, min(start + _RECORDS_OF_A_PIECE, int(self.ends[i, j])))


def build_blocks(
    rows: SpooledRows | CsrRows,
    n_partitions: int,
    random_state: np.random.RandomState,
    team: ThreadTeam,
    storage: Storage,
    *,
    in_memory: bool = True,
    entries_at_a_time: int = _ENTRIES_AT_A_TIME,
    negatives: NegativeSampling = NO_NEGATIVES,
) -> Blocks:
    """Cut X into blocks, each shuffled.

    Rows are dealt to the groups in turn, those with most entries first, so that the groups weigh the same; and so are columns.

    Parameters
    ----------
    rows : SpooledRows or CsrRows
    n_partitions : int
    random_state : RandomState
        Of the draws and the shuffles.
    team : ThreadTeam
    storage : Storage
    in_memory : bool, default=True
        Whether the records are to be in memory, or in a file.
    entries_at_a_time : int
        Entries of X that a thread has in hand. The result does not depend on it.
    zeros : NegativeSampling
        What to add to X. A row has `share` draws for each of its entries, rounded up or down by lot, and a column is drawn as
        often as it has entries; a draw of a pair that occurs, or was drawn before, is lost.

    Returns
    -------
    Blocks
    """
    # A slab pays for a count of each block.
    slabs = rows.ranges(max(entries_at_a_time, 16 * n_partitions**2))
    in_columns = np.zeros(rows.shape[1], dtype=np.int64)

    lock = threading.Lock()

    def count_columns(first_row: int, last_row: int) -> None:
        columns = rows.read(first_row, last_row).columns
        for start in range(0, len(columns), _ENTRIES_AT_A_TIME):  # bincount makes int64 of what it is given
            counts = np.bincount(columns[start : start + _ENTRIES_AT_A_TIME], minlength=rows.shape[1])
            with lock:
                np.add(in_columns, counts, out=in_columns)

    team.run(count_columns, slabs)
    row_groups, column_groups = _grouping(rows.lengths, n_partitions), _grouping(in_columns, n_partitions)
    counts = np.zeros((len(slabs), n_partitions, n_partitions), dtype=np.int64)
    if negatives.share:
        lots, seed_of_zeros = _lots(in_columns), int(random_state.randint(np.iinfo(np.int64).max, dtype=np.int64))

    def read(first_row: int, last_row: int) -> RowBlock:
        piece = rows.read(first_row, last_row)
        return _add_negatives(piece, negatives, lots, seed_of_zeros, rows.shape[1]) if negatives.share else piece

    def count_blocks(slab: int, first_row: int, last_row: int) -> None:
        piece = read(first_row, last_row)
        groups = row_groups.groups[first_row:last_row]
        _blocks.count_blocks(piece.indptr, piece.columns, piece.values, groups, column_groups.groups, counts[slab])

    tasks = [(slab, *range_) for slab, range_ in enumerate(slabs)]
    team.run(count_blocks, tasks)
    records = storage.array(int(counts.sum()), RECORD, in_memory)
    blocks = Blocks(row_groups, column_groups, counts.sum(axis=0), records)
    # Inside a block the slabs stand one after the other: the order does not depend on who is first.
    starts = np.cumsum(counts, axis=0)
    starts += blocks.starts - counts

    def fill_blocks(slab: int, first_row: int, last_row: int) -> None:
        piece = read(first_row, last_row)
        groups, places = row_groups.groups[first_row:last_row], row_groups.places[first_row:last_row]
        if records.array is not None:
            into, ends = records.array, starts[slab].copy()
        else:
            into = np.empty(counts[slab].sum(), dtype=RECORD)
            ends = (np.cumsum(counts[slab]) - counts[slab].ravel()).reshape(n_partitions, n_partitions)
        _blocks.fill_blocks(
            piece.indptr, piece.columns, piece.values, groups, places,
            column_groups.groups, column_groups.places, ends, into,
        )  # fmt: skip
        if records.array is None:
            for i, j in zip(*np.nonzero(counts[slab]), strict=True):
                records.write(starts[slab, i, j], into[ends[i, j] - counts[slab, i, j] : ends[i, j]])

    team.run(fill_blocks, tasks)
    seeds = random_state.randint(np.iinfo(np.int64).max, size=(n_partitions, n_partitions), dtype=np.int64)

    def shuffle(i: int, j: int) -> None:
        start, end = blocks.starts[i, j], blocks.ends[i, j]
        block = records.read(start, end)
        _blocks.shuffle(block, seeds[i, j])
        if records.array is None:
            records.write(start, block)

    team.run(shuffle, blocks.order)
    return blocks


def sampling_table_size(n_columns: int) -> int:
    """Numbers among which a column is drawn; that no column has less than one adds one for each at most."""
    return max(_LOTS, _LOTS_OF_A_COLUMN * n_columns)


def _lots(in_columns: np.ndarray) -> np.ndarray:
    """Each column about as often as it has entries, and at least once if it has any; int32."""
    quotas = -(in_columns * sampling_table_size(len(in_columns)) // -max(1, int(in_columns.sum())))
    return np.repeat(np.arange(len(in_columns), dtype=np.int32), quotas)


def _add_negatives(
    piece: RowBlock, negatives: NegativeSampling, lots: np.ndarray, seed: int, n_columns: int
) -> RowBlock:
    """The rows with those pairs that were drawn and do not occur."""
    most = len(piece.columns) + int(negatives.share * len(piece.columns)) + len(piece.indptr)
    indptr = np.empty_like(piece.indptr)
    columns, values = np.empty(most, dtype=piece.columns.dtype), np.empty(most, dtype=piece.values.dtype)
    seen = np.zeros(n_columns, dtype=np.int64)
    _blocks.add_negatives(
        piece.indptr, piece.columns, piece.values, piece.first_row, seed, negatives.share, negatives.value, lots, seen,
        indptr, columns, values,
    )  # fmt: skip
    return piece._replace(indptr=indptr, columns=columns[: indptr[-1]], values=values[: indptr[-1]])


def _grouping(n_entries: np.ndarray, n_partitions: int) -> Partitioning:
    """Deal rows with these numbers of entries to groups."""
    by_weight = np.argsort(-n_entries, kind="stable").astype(np.int32)
    rank = np.empty(len(by_weight), dtype=np.int64)
    rank[by_weight] = np.arange(len(by_weight))
    members = [by_weight[group::n_partitions] for group in range(n_partitions)]
    return Partitioning(
        np.concatenate(members),
        cumulative_offsets(np.array([len(group) for group in members])),
        (rank % n_partitions).astype(np.int32),
        (rank // n_partitions).astype(np.uint16),
    )


def choose_n_partitions(shape: tuple[int, int], n_entries: int, bytes_of_a_row: int) -> int:
    """Groups of rows, and of columns. Depends on the data alone, so that results do not depend on threads."""
    for_cache = -(sum(shape) * bytes_of_a_row // -_BYTES_OF_A_BLOCK)
    affordable = math.isqrt(n_entries // _RECORDS_OF_A_BLOCK)
    needed = -(max(shape) // -_LARGEST_GROUP)
    return max(needed, min(affordable, max(for_cache, _USUAL_GROUPS)))
