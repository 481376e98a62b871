"""Sort and shuffle records of co-occurrences that need not fit in memory, by dealing them to buckets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from glove_sklearn._counting.row_store import cumulative_offsets
from glove_sklearn._system import budget
from glove_sklearn._system.storage import Storage

#: A co-occurrence: X[word1 - 1, word2 - 1] is `value`.
RECORD = np.dtype([("word1", "<i4"), ("word2", "<i4"), ("value", "<f8")])

#: Records of a bucket that is sorted or shuffled in memory; and the fewest, whatever the memory limit.
_RECORDS_PER_BUCKET, _MIN_RECORDS_PER_BUCKET = 1 << 18, 1 << 12
#: Bytes of a record in a bucket that is sorted: as it is read, as it is sorted, with its key and its index.
_SORTED_RECORD = 64


def records_per_bucket(n_records: int) -> int:
    """Return how many of `n_records` a bucket should hold, so that neither buckets nor what is dealt to them is small."""
    return max(_RECORDS_PER_BUCKET, 32 * math.isqrt(n_records))


def records_in_memory(storage: Storage, n_records: int = 0) -> int:
    """Return how many of `n_records` may be sorted in memory."""
    affordable = budget.SORTED_BUCKET * storage.limit / _SORTED_RECORD
    return int(max(_MIN_RECORDS_PER_BUCKET, min(records_per_bucket(n_records), affordable)))


class Buckets:
    """Records dealt to buckets, in memory or in one file; a bucket keeps the order in which its records arrived.

    Parameters
    ----------
    sizes : ndarray of shape (n_buckets,), int64
        Number of records that each bucket will have.
    storage : Storage
    """

    def __init__(self, sizes: np.ndarray, storage: Storage) -> None:
        n_records = int(sizes.sum())
        n_bytes = n_records * RECORD.itemsize
        in_memory = n_bytes <= budget.BUCKETS * storage.limit
        if not in_memory:
            storage.check_disk_space(n_bytes)
        # In memory each bucket is an array of its own, which is released when it has been read.
        self._arrays = [storage.array(n, RECORD, in_memory) for n in (sizes.tolist() if in_memory else [n_records])]
        self._starts = np.zeros(len(sizes), dtype=np.int64) if in_memory else cumulative_offsets(sizes)[:-1]
        self._sizes, self._filled, self._in_memory = sizes, np.zeros_like(sizes), in_memory

    def add(self, buckets: np.ndarray, records: np.ndarray) -> None:
        """Deal each record to the bucket of this index."""
        ordered = records.take(np.argsort(buckets, kind="stable"))
        ends = cumulative_offsets(np.bincount(buckets, minlength=len(self._sizes)))
        for bucket in np.flatnonzero(np.diff(ends)).tolist():
            some = ordered[ends[bucket] : ends[bucket + 1]]
            self._array(bucket).write(int(self._starts[bucket] + self._filled[bucket]), some)
            self._filled[bucket] += len(some)

    def _array(self, bucket: int) -> Any:
        return self._arrays[bucket if self._in_memory else 0]

    def __iter__(self) -> Iterator[np.ndarray]:
        """Yield the records of each bucket, once."""
        for bucket, (start, size) in enumerate(zip(self._starts.tolist(), self._sizes.tolist(), strict=True)):
            records = self._array(bucket).read(start, start + size)
            if self._in_memory:
                self._array(bucket).close()
            yield records


class SumOverflowError(ValueError):
    """The values of equal records add up to more than float32 holds."""

    def __init__(self, word1: int, word2: int) -> None:
        super().__init__(f"the values of word1={word1}, word2={word2} add up to more than float32 holds")


def sort_rows(
    records: np.ndarray, first_row: int, last_row: int, n_words: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sort the records of consecutive rows by row and column, and add up the values of equal ones.

    Parameters
    ----------
    records : ndarray of RECORD
        All records of these rows, in any order.
    first_row, last_row : int
        The rows from `first_row` to before `last_row`.
    n_words : int
        Number of columns.

    Returns
    -------
    lengths : ndarray of shape (last_row - first_row,), int64
        Number of entries of each row.
    columns : ndarray of shape (n_entries,), int32
    values : ndarray of shape (n_entries,), float32
        Sums in float64, in the order of the records; those that are 0 in float32 are left out.

    Raises
    ------
    SumOverflowError
    """
    bits = (n_words - 1).bit_length()
    cells = records["word1"].astype(np.int64)
    cells -= first_row + 1
    cells <<= bits
    cells |= records["word2"] - 1
    values = records["value"]
    if not (cells[1:] > cells[:-1]).all():
        cells, order = _sorted_with_order(cells, (last_row - first_row).bit_length() + bits)
        values = values[order]
        is_first = np.ones(len(cells), dtype=bool)
        np.not_equal(cells[1:], cells[:-1], out=is_first[1:])
        if not is_first.all():
            values = np.bincount(np.cumsum(is_first) - 1, weights=values)  # adds one after the other
            cells = cells[is_first]
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float32)
    if not np.isfinite(rounded).all():
        cell = int(cells[np.argmin(np.isfinite(rounded))])
        raise SumOverflowError((cell >> bits) + first_row + 1, (cell & ((1 << bits) - 1)) + 1)
    kept = rounded > 0
    if not kept.all():
        cells, rounded = cells[kept], rounded[kept]
    ends = np.searchsorted(cells, np.arange(last_row - first_row + 1) << bits)
    cells &= (1 << bits) - 1
    return np.diff(ends), cells.astype(np.int32), rounded


def _sorted_with_order(keys: np.ndarray, key_bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return keys of up to `key_bits` bits in stable order, and that order; `keys` is overwritten."""
    index_bits = len(keys).bit_length()
    if key_bits + index_bits < 64:
        # Sorting keys that contain their index is several times as fast as sorting indices by their keys.
        keys <<= index_bits
        keys |= np.arange(len(keys))
        keys.sort()
        order = keys & ((1 << index_bits) - 1)
        keys >>= index_bits
        return keys, order
    order = np.argsort(keys, kind="stable")
    return keys[order], order


def shuffle(
    chunks: Iterator[np.ndarray], n_records: int, random_state: np.random.RandomState, storage: Storage
) -> Iterator[np.ndarray]:
    """Yield records in random order: each is dealt to a random bucket, and each bucket is shuffled.

    The number of buckets depends on the number of records alone, so that the order does not depend on the memory limit.
    """
    chunk = records_per_bucket(n_records)
    n_buckets = 1 << max(0, math.ceil(math.log2(n_records / chunk)))  # of a power of 2 no draw is rejected
    seed, *seeds = random_state.randint(1 << 32, size=1 + n_buckets, dtype=np.int64).tolist()
    # All buckets are drawn twice: the first time to find their sizes.
    sizes = np.zeros(n_buckets, dtype=np.int64)
    draws = np.random.RandomState(seed)
    for start in range(0, n_records, chunk):
        drawn = draws.randint(n_buckets, size=min(chunk, n_records - start), dtype=np.int64)
        sizes += np.bincount(drawn, minlength=n_buckets)
    buckets = Buckets(sizes, storage)
    draws = np.random.RandomState(seed)
    for records in chunks:
        drawn = draws.randint(n_buckets, size=len(records), dtype=np.int64)
        buckets.add(drawn.astype(np.min_scalar_type(n_buckets - 1)), records)
    for bucket_seed, records in zip(seeds, buckets, strict=True):
        yield records.take(np.random.RandomState(bucket_seed).permutation(len(records)))
