"""Cut X into blocks of records that threads can train independently, and sample negative pairs among them."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

import numpy as np

from glove_sklearn._counting.row_store import RowBlock, RowSource, cumulative_offsets
from glove_sklearn._system.storage import Storage, StoredArray
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _blocks

#: A nonzero entry of X, with its row and column numbered inside their partitions.
RECORD = _blocks.RECORD

#: Indices inside a partition must fit in 16 bits.
_MAX_PARTITION_SIZE = 1 << 16
#: Number of partitions where X has enough entries: that many threads can train at the same time.
_DEFAULT_N_PARTITIONS = 32
#: The parameters of a row partition and a column partition together should not take more bytes than this, to stay in the cache.
_MAX_BLOCK_BYTES = 12 << 20
#: Blocks with fewer records than this do not pay for a call of the kernel.
_MIN_BLOCK_RECORDS = 1 << 12
#: Records in one call of the training kernel; an interruption waits for its end.
_CHUNK_RECORDS = 1 << 18
#: Entries of X that a thread works on together.
_CHUNK_ENTRIES = 1 << 22
#: Size of the table from which columns are sampled: at least the first, and at least this many slots for each column.
_MIN_TABLE_SIZE, _TABLE_SLOTS_PER_COLUMN = 1 << 20, 8
#: How many blocks ahead the operating system is asked to read.
_READ_AHEAD = 8


class NegativeSampling(NamedTuple):
    """How many unobserved pairs to train on, and as what."""

    ratio: float
    """Number of draws for each entry of X."""
    value: float
    """The value of X that a sampled pair is given."""


NO_NEGATIVES = NegativeSampling(0, 0)


class Seeds(NamedTuple):
    """What makes the records the same ones each time."""

    negatives: int
    """From which, and the number of a row, its negative pairs are drawn; 0 if there are none."""
    shuffles: np.ndarray
    """(n_partitions, n_partitions), int64: from which the records of a block are shuffled."""


def draw_seeds(random_state: np.random.RandomState, n_partitions: int, negatives: NegativeSampling) -> Seeds:
    """Draw the seeds of the records."""
    bound, shape = np.iinfo(np.int64).max, (n_partitions, n_partitions)
    of_negatives = int(random_state.randint(bound, dtype=np.int64)) if negatives.ratio else 0
    return Seeds(of_negatives, random_state.randint(bound, size=shape, dtype=np.int64))


class Partitioning(NamedTuple):
    """Rows, or columns, dealt to partitions."""

    members: np.ndarray
    """(n_rows,), int32: the rows, partition after partition."""
    starts: np.ndarray
    """(n_partitions + 1,), int64: where each partition begins in `members`, and in the packed parameters."""
    partitions: np.ndarray
    """(n_rows,), int32: the partition of each row."""
    indices: np.ndarray
    """(n_rows,), uint16: the index of each row in its partition."""

    def slice(self, partition: int) -> slice:
        """Return the slice of `members` that holds a partition."""
        return slice(self.starts[partition], self.starts[partition + 1])

    @property
    def positions(self) -> np.ndarray:
        """(n_rows,), int64: the index of each row in `members`."""
        return self.starts[self.partitions] + self.indices


class Side(NamedTuple):
    """What a visit of the blocks reads and writes of the rows, or of the columns, in the order of the partitions."""

    constants: tuple[np.ndarray, ...] = ()
    changed: np.ndarray | None = None
    """Changed in place."""

    def part(self, some: slice) -> Side:
        """Select some rows, or columns."""
        changed = None if self.changed is None else self.changed[some]
        return Side(tuple(array[some] for array in self.constants), changed)

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """What a kernel gets: first the constants, then what it changes."""
        return self.constants if self.changed is None else (*self.constants, self.changed)


class Kernel(Protocol):
    """What a visit calls on the records of each block; it can be pickled, and keeps nothing between calls."""

    name: str
    """What it does, as the name of a task."""

    def __call__(self, records: np.ndarray, rows: tuple[np.ndarray, ...], columns: tuple[np.ndarray, ...]) -> float:
        """Work on records, in order, with what belongs to the rows and to the columns of their block; return a loss."""


class TrainingBlocks(Protocol):
    """X as records in blocks, wherever they are."""

    rows: Partitioning
    columns: Partitioning
    n_partitions: int
    n_records: int

    def visit(
        self,
        kernel: Kernel,
        rows: Side,
        columns: Side,
        team: ThreadTeam,
        on_records: Callable[[int], object] = lambda n_records: None,
    ) -> np.ndarray:
        """Call a kernel on the records of every block, and return the losses.

        Blocks that share a row partition or a column partition are visited in the order of the strata, so that the result does
        not depend on the number of threads.

        Parameters
        ----------
        kernel : Kernel
            Called for one chunk of records of a block after the other.
        rows, columns : Side
        team : ThreadTeam
        on_records : callable
            Called with numbers of records as they are visited, for a progress bar.

        Returns
        -------
        losses : ndarray of shape (n_partitions, n_partitions), float64
            The sums of what the kernel returned for the chunks of each block.
        """

    def digest(self) -> str:
        """Compute a digest of the records, by which a checkpoint recognises its run."""

    def close(self) -> None:
        """Release the records."""


def block_digest(records: np.ndarray) -> bytes:
    """Compute the digest of a block."""
    return hashlib.blake2b(records.view(np.uint8).data, digest_size=16).digest()


def combined_digest(digests: Iterable[bytes]) -> str:
    """Compute a digest of those of all blocks, in the order in which an epoch visits them."""
    combined = hashlib.blake2b(digest_size=16)
    for digest in digests:
        combined.update(digest)
    return combined.hexdigest()


def strata(n_partitions: int) -> np.ndarray:
    """(n_partitions, n_partitions, 2): the blocks of each stratum, which share no row and no column."""
    partitions = np.arange(n_partitions)
    return np.array([[(i, (i + s) % n_partitions) for i in partitions] for s in partitions])


def chunks(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a block into ranges of records that a kernel is called for, one after the other."""
    for first in range(start, end, _CHUNK_RECORDS):
        yield first, min(first + _CHUNK_RECORDS, end)


class Blocks:
    """X as records in ``n_partitions**2`` blocks; a block holds the entries of one row partition and one column partition.

    An epoch visits the blocks in strata: stratum s consists of the blocks ``(i, (i + s) % n_partitions)``, no two of which share
    a row or a column. The records are stored in the order of the visit, so that an epoch reads them from beginning to end.

    Parameters
    ----------
    rows, columns : Partitioning
    counts : ndarray of shape (n_partitions, n_partitions), int64
        Number of records of each block, by row partition and column partition.
    records : StoredArray of RECORD
    """

    def __init__(self, rows: Partitioning, columns: Partitioning, counts: np.ndarray, records: StoredArray) -> None:
        self.rows, self.columns, self.records = rows, columns, records
        self.n_partitions = len(counts)
        self.order = strata(self.n_partitions).reshape(-1, 2)
        #: (n_partitions, n_partitions), int64: where each block begins and ends among the records.
        self.ends = np.zeros_like(counts)
        self.ends[tuple(self.order.T)] = np.cumsum(counts[tuple(self.order.T)])
        self.starts = self.ends - counts
        self.n_records = int(counts.sum())

    def chunks(self, i: int, j: int) -> Iterator[np.ndarray]:
        """Yield the records of a block, in order, in chunks of moderate size."""
        stratum = (j - i) % self.n_partitions
        ahead = self.order[(stratum * self.n_partitions + i + _READ_AHEAD) % len(self.order)]
        self.records.prefetch(self.starts[tuple(ahead)], self.ends[tuple(ahead)])
        for start, end in chunks(int(self.starts[i, j]), int(self.ends[i, j])):
            yield self.records.read(start, end)

    def visit(
        self,
        kernel: Kernel,
        rows: Side,
        columns: Side,
        team: ThreadTeam,
        on_records: Callable[[int], object] = lambda n_records: None,
    ) -> np.ndarray:
        """Call a kernel on the records of every block, and return the losses; see :class:`TrainingBlocks`."""
        losses = np.zeros((self.n_partitions, self.n_partitions))

        def visit(i: int, j: int) -> int:
            n_records = 0
            of_rows, of_columns = rows.part(self.rows.slice(i)).arrays, columns.part(self.columns.slice(j)).arrays
            for records in self.chunks(i, j):
                if team.cancelled:
                    break
                losses[i, j] += kernel(records, of_rows, of_columns)
                n_records += len(records)
            return n_records

        for stratum in strata(self.n_partitions):
            team.run(visit, stratum, on_records)
        return losses

    def digest(self) -> str:
        """Compute a digest of the records, by which a checkpoint recognises its run."""
        return combined_digest(
            block_digest(self.records.read(self.starts[i, j], self.ends[i, j])) for i, j in self.order
        )

    def close(self) -> None:
        """Release the records."""
        self.records.close()


def build_blocks(
    rows: RowSource,
    n_partitions: int,
    random_state: np.random.RandomState,
    team: ThreadTeam,
    storage: Storage,
    *,
    in_memory: bool = True,
    chunk_size: int = _CHUNK_ENTRIES,
    negatives: NegativeSampling = NO_NEGATIVES,
) -> Blocks:
    """Cut X into blocks, each of them shuffled, with negative pairs among them.

    Rows are dealt to the partitions in turn, those with most entries first, so that all partitions have about as many entries;
    and so are columns.

    Parameters
    ----------
    rows : RowSource
        Released as the records are made.
    n_partitions : int
    random_state : RandomState
        Seeds the sampling and the shuffles.
    team : ThreadTeam
    storage : Storage
    in_memory : bool, default=True
        Whether the records are kept in memory, or in a file.
    chunk_size : int
        Entries of X that a thread works on together. The result does not depend on it.
    negatives : NegativeSampling
        Each row makes `ratio` draws for each of its entries, rounded up or down at random, and a column is drawn in proportion to
        its number of entries. A draw that hits an entry, or an earlier draw, is dropped.

    Returns
    -------
    Blocks
    """
    # Each slab of rows costs a table of the counts of all blocks.
    slabs = rows.ranges(max(chunk_size, 16 * n_partitions**2))
    column_lengths = _column_lengths(rows, slabs, team)
    row_partitions, column_partitions = deal(rows.lengths, n_partitions), deal(column_lengths, n_partitions)
    seeds = draw_seeds(random_state, n_partitions, negatives)
    pairs = NegativePairs.of(column_lengths, negatives, seeds.negatives)
    tasks = [(slab, *row_range) for slab, row_range in enumerate(slabs)]

    counts = np.zeros((len(slabs), n_partitions, n_partitions), dtype=np.int64)

    def count(slab: int, first_row: int, last_row: int) -> None:
        entries = pairs.add_to(rows.read(first_row, last_row))
        partitions = row_partitions.partitions[first_row:last_row]
        _blocks.count_blocks(
            entries.indptr, entries.columns, entries.values, partitions, column_partitions.partitions, counts[slab]
        )

    team.run(count, tasks)
    records = storage.array(int(counts.sum()), RECORD, in_memory)
    blocks = Blocks(row_partitions, column_partitions, counts.sum(axis=0), records)
    # Inside a block the slabs follow each other, so that the order does not depend on which thread is first.
    starts = np.cumsum(counts, axis=0)
    starts += blocks.starts - counts

    def fill(slab: int, first_row: int, last_row: int) -> None:
        entries = pairs.add_to(rows.read(first_row, last_row))
        some_rows = slice(first_row, last_row)
        if records.array is not None:
            into, ends = records.array, starts[slab].copy()
        else:
            into = np.empty(counts[slab].sum(), dtype=RECORD)
            ends = (np.cumsum(counts[slab]) - counts[slab].ravel()).reshape(n_partitions, n_partitions)
        _blocks.fill_blocks(
            entries.indptr, entries.columns, entries.values,
            row_partitions.partitions[some_rows], row_partitions.indices[some_rows],
            column_partitions.partitions, column_partitions.indices, ends, into,
        )  # fmt: skip
        if records.array is None:
            for i, j in zip(*np.nonzero(counts[slab]), strict=True):
                records.write(starts[slab, i, j], into[ends[i, j] - counts[slab, i, j] : ends[i, j]])
        # X and the records need not be in memory at the same time.
        rows.release(first_row, last_row)

    team.run(fill, tasks)
    _shuffle(blocks, seeds.shuffles, team)
    return blocks


def _column_lengths(rows: RowSource, slabs: list[tuple[int, int]], team: ThreadTeam) -> np.ndarray:
    """(n_columns,), int64: number of entries of each column."""
    lengths = np.zeros(rows.shape[1], dtype=np.int64)
    lock = threading.Lock()

    def count(first_row: int, last_row: int) -> None:
        columns = rows.read(first_row, last_row).columns
        for start in range(0, len(columns), _CHUNK_ENTRIES):  # bincount converts its argument to int64
            counts = np.bincount(columns[start : start + _CHUNK_ENTRIES], minlength=rows.shape[1])
            with lock:
                np.add(lengths, counts, out=lengths)

    team.run(count, slabs)
    return lengths


def _shuffle(blocks: Blocks, seeds: np.ndarray, team: ThreadTeam) -> None:
    """Shuffle the records inside each block."""

    def shuffle(i: int, j: int) -> None:
        start, end = blocks.starts[i, j], blocks.ends[i, j]
        block = blocks.records.read(start, end)
        _blocks.shuffle(block, seeds[i, j])
        if blocks.records.array is None:
            blocks.records.write(start, block)

    team.run(shuffle, blocks.order)


class NegativePairs(NamedTuple):
    """Draws the negative pairs of rows of X: the same ones each time, however the rows are cut into slabs."""

    n_columns: int
    negatives: NegativeSampling
    table: np.ndarray
    """int32: columns, each as often as it should be drawn; empty where none are drawn."""
    seed: int
    """Of :class:`Seeds`."""

    @classmethod
    def of(cls, column_lengths: np.ndarray, negatives: NegativeSampling, seed: int) -> NegativePairs:
        """Prepare to draw columns in proportion to their numbers of entries."""
        table = _sampling_table(column_lengths) if negatives.ratio else np.zeros(0, dtype=np.int32)
        return cls(len(column_lengths), negatives, table, seed)

    def add_to(self, entries: RowBlock) -> RowBlock:
        """Return rows of X with the negative pairs behind the entries of each."""
        ratio = self.negatives.ratio
        if not ratio:
            return entries
        size = len(entries.columns) + int(ratio * len(entries.columns)) + len(entries.indptr)
        indptr = np.empty_like(entries.indptr)
        columns, values = np.empty(size, dtype=entries.columns.dtype), np.empty(size, dtype=entries.values.dtype)
        seen = np.zeros(self.n_columns, dtype=np.int64)
        _blocks.add_negatives(
            entries.indptr, entries.columns, entries.values, entries.first_row, self.seed, ratio, self.negatives.value,
            self.table, seen, indptr, columns, values,
        )  # fmt: skip
        return entries._replace(indptr=indptr, columns=columns[: indptr[-1]], values=values[: indptr[-1]])


def sampling_table_size(n_columns: int) -> int:
    """Return the number of slots of the sampling table, except that each column is rounded up to a whole slot."""
    return max(_MIN_TABLE_SIZE, _TABLE_SLOTS_PER_COLUMN * n_columns)


def _sampling_table(column_lengths: np.ndarray) -> np.ndarray:
    """Each column about in proportion to its number of entries, and at least once if it has any; int32."""
    slots = -(column_lengths * sampling_table_size(len(column_lengths)) // -max(1, int(column_lengths.sum())))
    return np.repeat(np.arange(len(column_lengths), dtype=np.int32), slots)


def deal(n_entries: np.ndarray, n_partitions: int) -> Partitioning:
    """Deal rows with these numbers of entries to partitions in turn, those with most entries first."""
    by_weight = np.argsort(-n_entries, kind="stable").astype(np.int32)
    rank = np.empty(len(by_weight), dtype=np.int64)
    rank[by_weight] = np.arange(len(by_weight))
    members = [by_weight[partition::n_partitions] for partition in range(n_partitions)]
    return Partitioning(
        np.concatenate(members),
        cumulative_offsets(np.array([len(rows) for rows in members])),
        (rank % n_partitions).astype(np.int32),
        (rank // n_partitions).astype(np.uint16),
    )


def choose_n_partitions(shape: tuple[int, int], n_entries: int, row_bytes: int) -> int:
    """Return the number of partitions of rows, and of columns.

    It depends on the data alone, so that results do not depend on the number of threads.

    Parameters
    ----------
    shape : (int, int)
        Of X.
    n_entries : int
        Number of nonzero entries of X.
    row_bytes : int
        Size of a row of packed parameters.
    """
    for_cache = -(sum(shape) * row_bytes // -_MAX_BLOCK_BYTES)
    affordable = math.isqrt(n_entries // _MIN_BLOCK_RECORDS)
    needed = -(max(shape) // -_MAX_PARTITION_SIZE)
    return max(needed, min(affordable, max(for_cache, _DEFAULT_N_PARTITIONS)))
