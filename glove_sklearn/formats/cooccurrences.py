"""Files of the C program: vocabularies and co-occurrences, also larger than memory."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from numbers import Integral
from typing import Any, BinaryIO

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted, check_non_negative
from tqdm.auto import tqdm

from glove_sklearn._counting.row_store import CsrBuilder, CsrRows, SpooledRows, cumulative_offsets, split_by_size
from glove_sklearn._system.files import open_to_read, open_to_write
from glove_sklearn._system.memory import available_memory
from glove_sklearn._system.storage import Storage, readable_size

#: A record of the files of co-occurrences of the C program.
COOCCURRENCE = np.dtype([("word1", "<i4"), ("word2", "<i4"), ("value", "<f8")])

#: Ids of words are int32, and begin with 1.
_LARGEST_ID = (1 << 31) - 1
#: Records that are sorted or shuffled at a time, and how many at least whatever the memory limit.
_RECORDS_TOGETHER, _FEWEST_TOGETHER = 1 << 18, 1 << 12
#: The share of the memory limit that they may take, and what each takes: as it is read and as it is put in order, with its
#: key and its place.
_IN_HAND, _BYTES_IN_HAND = 1 / 8, 64
#: Shares of the memory limit that records may take until they are in order, and X.
_BUCKETS, _ROWS = 1 / 4, 1 / 4
#: What a word takes while its row is looked for: its number of records, where they begin, the length of its row.
_BYTES_OF_A_WORD = 24


def iterate_cooccurrences(path: Any, *, n_records: int = _RECORDS_TOGETHER) -> Iterator[np.ndarray]:
    """Read ``cooccurrence.bin`` or ``cooccurrence.shuf.bin`` of the C program, some records at a time.

    The file is records of 16 bytes and nothing else: int32 `word1`, int32 `word2`, float64 `value`, little-endian. Ids are
    those of ``vocab.txt``, beginning with 1: `value` is ``X[word1 - 1, word2 - 1]``. Ids and values are given as they are.

    Parameters
    ----------
    path : str or path
        May be compressed.
    n_records : int
        How many at a time.

    Yields
    ------
    records : ndarray of shape (n_records,) or less in the end, with the fields of `COOCCURRENCE`

    Raises
    ------
    ValueError
        Where the file is empty, or ends within a record.
    """
    if not n_records >= 1:
        raise ValueError(f"n_records must be 1 or more, got {n_records!r}.")
    with open_to_read(path) as file:
        n_read = 0
        while len(records := _next_records(file, n_records, n_read, path)):
            n_read += len(records)
            yield records
        if not n_read:
            raise ValueError(
                f"{os.fsdecode(path)}: expected records of {COOCCURRENCE.itemsize} bytes, got an empty file."
            )


def _next_records(file: BinaryIO, n_records: int, n_read: int, path: Any) -> np.ndarray:
    """The next records of an open file, fewer where it ends."""
    records = np.empty(n_records, COOCCURRENCE)
    into = records.view(np.uint8).data
    n_bytes = 0
    while n_bytes < len(into) and (n := file.readinto(into[n_bytes:])):  # type: ignore[attr-defined]
        n_bytes += n
    n_records, rest = divmod(n_bytes, COOCCURRENCE.itemsize)
    if rest:
        n_bytes += n_read * COOCCURRENCE.itemsize
        raise ValueError(
            f"{os.fsdecode(path)} is truncated, or not a file of co-occurrences: expected records of {COOCCURRENCE.itemsize} "
            f"bytes, got {n_bytes} bytes, {rest} of them after the last record."
        )
    return records[:n_records]


def looks_like_cooccurrences(path: Any) -> bool:
    """Whether the first records of a file could be co-occurrences: ids that are not too large, and positive values."""
    with open_to_read(path) as file:
        data = file.read(1024 * COOCCURRENCE.itemsize)
    records = np.frombuffer(data[: len(data) // COOCCURRENCE.itemsize * COOCCURRENCE.itemsize], COOCCURRENCE)
    if not len(records):
        return False
    # Four characters of text, line ends and tabs among them, make a larger number.
    ids_fit = all(((records[field] > 0) & (records[field] < 1 << 27)).all() for field in ("word1", "word2"))
    # So do the values of text in UTF-16 not look like counts.
    return bool(ids_fit and ((records["value"] > 1e-15) & (records["value"] < 1e15)).all())


def read_cooccurrences(
    path: Any, n_words: int | None = None, *, memory_limit: Any = None, temp_dir: Any = None
) -> sparse.csr_array:
    """Read ``cooccurrence.bin`` or ``cooccurrence.shuf.bin`` of the C program.

    The file is records of 16 bytes and nothing else: int32 `word1`, int32 `word2`, float64 `value`, little-endian, in any order.
    Ids are those of ``vocab.txt``, beginning with 1: ``X[word1 - 1, word2 - 1]`` is `value`. Records of the same two words are
    added up in float64, in the order of the file. The file is read twice.

    What the C program counts with ``-symmetric 0`` has the word on the left as `word1`: that is ``context="right"`` here. On
    a small corpus, which it keeps in memory, its first record is twice what it should be; it is read as it is.

    Parameters
    ----------
    path : str or path
        May be compressed, but not a pipe.
    n_words : int or None, default=None
        Number of words of the vocabulary. None for the largest id.
    memory_limit : number, str or None, default=None
        Memory that reading may take, X included: bytes, or "2GB". Records that are not in the order of their rows are sorted in
        temporary files where there is no room for them. The entries of each row must have room. X is the same bits.
    temp_dir : str, path or None, default=None
        Folder of the temporary files; None for the system's. They have no name, and vanish when the process ends.

    Returns
    -------
    X : scipy.sparse.csr_array of shape (n_words, n_words), float32
        Canonical. Entries that are 0, or less than float32 can tell from it, are left out.

    Raises
    ------
    ValueError
        Where the file is empty or ends within a record, an id is not between 1 and `n_words`, or a value is negative, NaN or more
        than float32 holds. The message names the record, the first being 1.
    MemoryError
        If X does not fit in `memory_limit`.
    OSError
        If the disk of `temp_dir` is full.
    """
    with Storage(memory_limit, temp_dir) as storage:
        rows = rows_of_cooccurrences(path, n_words, storage)
        n_bytes = 8 * rows.n_entries
        if n_bytes > storage.limit:
            raise MemoryError(
                f"{os.fsdecode(path)} has {rows.n_entries} entries, which need {readable_size(n_bytes)}, more than "
                f"memory_limit={memory_limit!r}; raise it."
            )
        return rows.to_csr()


def rows_of_cooccurrences(path: Any, n_words: int | None, storage: Storage, verbose: int = 0) -> SpooledRows | CsrRows:
    """What :func:`read_cooccurrences` reads, as rows that need not be in memory.

    The first pass over the file counts the records of each row. Buckets of consecutive rows are made of as many records
    as can be sorted in memory; the second pass deals the records to them, or takes them from the file one after the other if
    it is in the order of rows. A bucket is sorted by row and column, equal ones in the order of the file, so that the sums
    of records of the same two words are the same bits however the rows are cut.

    Parameters
    ----------
    path : str or path
    n_words : int or None
    storage : Storage
    verbose : int

    Returns
    -------
    Rows or CsrRows
    """
    name = os.fsdecode(path)
    if n_words is not None and not (isinstance(n_words, Integral) and 1 <= n_words <= _LARGEST_ID):
        raise ValueError(f"n_words must be None or an integer from 1 to {_LARGEST_ID}, got {n_words!r}.")
    if os.path.exists(name) and not (os.path.isfile(name) or os.path.isdir(name)):
        raise ValueError(
            f"{name} must be a file, which is read twice, not a pipe or a device; write it to a file first."
        )
    n_records_of, in_order = _survey(name, n_words, _records_in_hand(storage), verbose)
    n_words, n_records = len(n_records_of), int(n_records_of.sum())
    in_hand = _records_in_hand(storage, n_records)
    ranges = split_by_size(cumulative_offsets(n_records_of), in_hand)
    sizes = np.add.reduceat(n_records_of, [first for first, _ in ranges])
    rows: SpooledRows | CsrBuilder
    if storage.limit == math.inf:
        rows = CsrBuilder((n_words, n_words), n_records)
    else:
        rows = SpooledRows((n_words, n_words), storage.spool(_ROWS / 2), storage.spool(_ROWS / 2))
        if 8 * n_records > _ROWS * storage.limit:
            storage.check_disk_space((8 if in_order else 24) * n_records)
    with (
        storage.scratch() as scratch,
        tqdm(total=n_records, desc="sorting", unit=" records", unit_scale=True, disable=not verbose) as bar,
    ):
        if in_order:
            buckets = _buckets_in_order(name, sizes)
        else:
            dealt = _Buckets(sizes, scratch)
            bucket_of = np.repeat(
                np.arange(len(ranges), dtype=np.min_scalar_type(len(ranges))), [last - first for first, last in ranges]
            )
            for records in iterate_cooccurrences(name, n_records=in_hand):
                dealt.add(bucket_of[records["word1"] - 1], records)
            buckets = iter(dealt)
        n_entries = 0
        for (first_row, last_row), records in zip(ranges, buckets, strict=True):
            lengths, columns, values = _sorted_rows(records, first_row, last_row, n_words, name)
            rows.add(first_row, lengths, columns, values)
            n_entries += len(columns)
            bar.update(len(records))
    if not n_entries:
        raise ValueError(f"{name}: none of the {n_records} records has a value that is greater than 0 in float32.")
    return rows.matrix() if isinstance(rows, CsrBuilder) else rows


def _records_together(n_records: int) -> int:
    """How many of so many records are to be in a bucket: neither buckets nor what they get at a time are small."""
    return max(_RECORDS_TOGETHER, 32 * math.isqrt(n_records))


def _records_in_hand(storage: Storage, n_records: int = 0) -> int:
    return int(max(_FEWEST_TOGETHER, min(_records_together(n_records), _IN_HAND * storage.limit / _BYTES_IN_HAND)))


def _survey(name: str, n_words: int | None, in_hand: int, verbose: int) -> tuple[np.ndarray, bool]:
    """Check all records; how many each row has, and whether they are in the order of rows."""
    most = _LARGEST_ID if n_words is None else int(n_words)
    n_records_of = np.zeros(most if n_words is not None else 0, dtype=np.int64)
    in_order = True
    n_read = last = largest = 0
    with tqdm(desc="reading", unit=" records", unit_scale=True, disable=not verbose) as bar:
        for records in iterate_cooccurrences(name, n_records=in_hand):
            _check_records(records, n_read, most, name)
            ids = records["word1"].astype(np.int32)
            largest = max(largest, int(ids.max()), int(records["word2"].max()))
            if largest > len(n_records_of):
                if largest * _BYTES_OF_A_WORD > available_memory():
                    raise MemoryError(
                        f"{name}: {readable_size(largest * _BYTES_OF_A_WORD)} are needed for as many words as the largest id, "
                        f"{largest}; is it a file of co-occurrences? n_words would tell."
                    )
                more = max(largest, 2 * len(n_records_of)) - len(n_records_of)
                n_records_of = np.concatenate([n_records_of, np.zeros(more, dtype=np.int64)])
            np.add.at(n_records_of, ids - 1, 1)
            in_order = in_order and last <= ids[0] and bool((ids[1:] >= ids[:-1]).all())
            last = ids[-1]
            n_read += len(records)
            bar.update(len(records))
    return n_records_of if n_words is not None else n_records_of[:largest], in_order


def _check_records(records: np.ndarray, n_read: int, most: int, name: str) -> None:
    """Refuse records with ids or values that cannot be."""
    for field in ("word1", "word2"):
        ids = records[field]
        if ids.min() < 1 or ids.max() > most:
            place = int(np.argmax((ids < 1) | (ids > most)))
            raise ValueError(
                f"{name}: record {n_read + place + 1} has {field}={ids[place]}; ids must be from 1 to {most}: is it a file of "
                "co-occurrences, and is n_words the size of its vocabulary?"
            )
    values, largest = records["value"], np.finfo(np.float32).max
    with np.errstate(invalid="ignore"):
        if not (values.min() >= 0 and values.max() <= largest):
            place = int(np.argmax(~((values >= 0) & (values <= largest))))
            raise ValueError(
                f"{name}: record {n_read + place + 1} has the value {values[place]}; values must not be negative, and finite in "
                "float32: is it a file of co-occurrences?"
            )


def _buckets_in_order(name: str, sizes: np.ndarray) -> Iterator[np.ndarray]:
    """The records of each bucket, of a file that is in the order of rows."""
    n_read = 0
    with open_to_read(name) as file:
        for size in sizes.tolist():
            records = _next_records(file, size, n_read, name)
            if len(records) < size:
                raise ValueError(f"{name} has changed while it was read.")
            n_read += size
            yield records


class _Buckets:
    """Records dealt to buckets, in memory or in a file. In a bucket they stand in the order in which they came.

    Parameters
    ----------
    sizes : ndarray of shape (n_buckets,), int64
        How many records there will be in each.
    storage : Storage
    """

    def __init__(self, sizes: np.ndarray, storage: Storage) -> None:
        n_records = int(sizes.sum())
        n_bytes = n_records * COOCCURRENCE.itemsize
        in_memory = n_bytes <= _BUCKETS * storage.limit
        if not in_memory:
            storage.check_disk_space(n_bytes)
        # In memory each is an array of its own, which is given back when it has been read.
        self._arrays = [
            storage.array(n, COOCCURRENCE, in_memory) for n in (sizes.tolist() if in_memory else [n_records])
        ]
        self._starts = np.zeros(len(sizes), dtype=np.int64) if in_memory else cumulative_offsets(sizes)[:-1]
        self._sizes, self._filled, self._in_memory = sizes, np.zeros_like(sizes), in_memory

    def add(self, buckets: np.ndarray, records: np.ndarray) -> None:
        """Deal records to these buckets."""
        ordered = records.take(np.argsort(buckets, kind="stable"))
        ends = cumulative_offsets(np.bincount(buckets, minlength=len(self._sizes)))
        for bucket in np.flatnonzero(np.diff(ends)).tolist():
            some = ordered[ends[bucket] : ends[bucket + 1]]
            self._array(bucket).write(int(self._starts[bucket] + self._filled[bucket]), some)
            self._filled[bucket] += len(some)

    def _array(self, bucket: int) -> Any:
        return self._arrays[bucket if self._in_memory else 0]

    def __iter__(self) -> Iterator[np.ndarray]:
        """Give the records of each bucket, once."""
        for bucket, (start, size) in enumerate(zip(self._starts.tolist(), self._sizes.tolist(), strict=True)):
            records = self._array(bucket).read(start, start + size)
            if self._in_memory:
                self._array(bucket).close()
            yield records


def _sorted_rows(
    records: np.ndarray, first_row: int, last_row: int, n_words: int, name: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lengths, columns and values of consecutive rows, of all records that they have."""
    bits = (n_words - 1).bit_length()
    cells = records["word1"].astype(np.int64)
    cells -= first_row + 1
    cells <<= bits
    cells |= records["word2"] - 1
    values = records["value"]
    if not (cells[1:] > cells[:-1]).all():
        place_bits = len(cells).bit_length()
        if (last_row - first_row).bit_length() + bits + place_bits < 64:
            # Numbers that hold the place too are sorted several times as fast as places by their numbers.
            cells <<= place_bits
            cells |= np.arange(len(cells))
            cells.sort()
            order = cells & ((1 << place_bits) - 1)
            cells >>= place_bits
        else:
            order = np.argsort(cells, kind="stable")
            cells = cells[order]
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
        raise ValueError(
            f"{name}: the values of word1={(cell >> bits) + first_row + 1}, word2={(cell & ((1 << bits) - 1)) + 1} add up to "
            "more than float32 holds."
        )
    kept = rounded > 0
    if not kept.all():
        cells, rounded = cells[kept], rounded[kept]
    ends = np.searchsorted(cells, np.arange(last_row - first_row + 1) << bits)
    cells &= (1 << bits) - 1
    return np.diff(ends), cells.astype(np.int32), rounded


def write_cooccurrences(
    path: Any,
    X: Any,
    *,
    shuffle: bool = False,
    random_state: Any = None,
    memory_limit: Any = None,
    temp_dir: Any = None,
) -> None:
    """Write ``cooccurrence.bin`` or ``cooccurrence.shuf.bin`` of the C program.

    The file is records of 16 bytes and nothing else: int32 `word1`, int32 `word2`, float64 `value`, little-endian. Ids are
    those of ``vocab.txt``, beginning with 1: ``X[i, j]`` is the `value` where `word1` is i + 1 and `word2` is j + 1. Records are
    sorted by `word1`, then `word2`, or shuffled: the C program trains in the order of the file. What it counts with
    ``-symmetric 0``, the word on the left as `word1`, is ``context="right"`` here.

    Parameters
    ----------
    path : str or path
        Compressed if its extension says so; the C program reads it uncompressed.
    X : {array-like, sparse matrix, sparse array} of shape (n_words, n_words), CooccurrenceCounter, Rows or CsrRows
        Not negative; a counter is fitted. Values are written as float64 whatever they are. Entries that are 0, stored or not,
        are not written.
    shuffle : bool, default=False
        Whether records are in random order, all orders being equally likely.
    random_state : int, RandomState instance or None, default=None
        Of the order. An int makes it reproducible, within any `memory_limit`.
    memory_limit : number, str or None, default=None
        Memory that writing may take besides X: bytes, or "2GB". Records are shuffled in temporary files where there is no
        room for them; in order they need no room.
    temp_dir : str, path or None, default=None
        Folder of the temporary files; None for the system's. They have no name, and vanish when the process ends.

    Raises
    ------
    ValueError
        If X is not square, has more rows than int32 holds, has negative, NaN or infinite entries, or none that is positive.
    OSError
        If the disk is full. `path` is then what it was.
    """
    with Storage(memory_limit, temp_dir) as storage:
        rows = X if isinstance(X, SpooledRows | CsrRows) else CsrRows(_matrix(X))
        _check_shape(rows.shape)
        chunks = rows.ranges(_records_in_hand(storage))
        n_records = sum(int(np.count_nonzero(rows.read(*piece).values > 0)) for piece in chunks)
        if not n_records:
            raise ValueError("X has no entry that is greater than 0: there is nothing to write.")
        records: Iterator[np.ndarray] = (_records(rows, *piece) for piece in chunks)
        if shuffle:
            records = _shuffled(records, n_records, check_random_state(random_state), storage)
        with open_to_write(path) as file:
            for some in records:
                file.write(some.view(np.uint8).data)


def _matrix(X: Any) -> sparse.csr_array:
    """X as a canonical CSR array of float64 or float32 that can be written."""
    if isinstance(X, BaseEstimator):
        check_is_fitted(X, "cooccurrence_")
        X = X.cooccurrence_
    _check_shape(np.shape(X))
    matrix = sparse.csr_array(check_array(X, accept_sparse="csr", dtype=(np.float64, np.float32), input_name="X"))
    matrix.check_format(full_check=True)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    check_non_negative(matrix, "write_cooccurrences (X holds counts of co-occurrences)")
    return matrix


def _check_shape(shape: tuple[int, ...]) -> None:
    if len(shape) == 2 and shape[0] != shape[1]:
        raise ValueError(
            f"X must be square, rows and columns being the words of one vocabulary, got shape {shape}; the C program knows no "
            "other. Add rows or columns that are empty."
        )
    if max(shape, default=0) > _LARGEST_ID:
        raise ValueError(f"X must have no more than {_LARGEST_ID} rows, as ids are int32, got shape {shape}.")


def _records(rows: SpooledRows | CsrRows, first_row: int, last_row: int) -> np.ndarray:
    """The entries of consecutive rows as records."""
    piece = rows.read(first_row, last_row)
    records = np.empty(len(piece.columns), COOCCURRENCE)
    records["word1"] = np.repeat(np.arange(first_row + 1, last_row + 1, dtype=np.int32), np.diff(piece.indptr))
    records["word2"] = piece.columns
    records["word2"] += 1
    records["value"] = piece.values
    kept = piece.values > 0
    return records if kept.all() else records[kept]


def _shuffled(
    chunks: Iterator[np.ndarray], n_records: int, random_state: np.random.RandomState, storage: Storage
) -> Iterator[np.ndarray]:
    """Records in random order: each is dealt to a random bucket, and each bucket is shuffled.

    How many buckets there are depends on the number of records alone, so that the order does not depend on the memory limit.
    """
    together = _records_together(n_records)
    n_buckets = 1 << max(0, math.ceil(math.log2(n_records / together)))  # of a power of 2 no draw is thrown away
    seed, *seeds = random_state.randint(1 << 32, size=1 + n_buckets, dtype=np.int64).tolist()
    # All buckets are drawn twice: first to know how large they are.
    sizes = np.zeros(n_buckets, dtype=np.int64)
    draws = np.random.RandomState(seed)
    for start in range(0, n_records, together):
        drawn = draws.randint(n_buckets, size=min(together, n_records - start), dtype=np.int64)
        sizes += np.bincount(drawn, minlength=n_buckets)
    buckets = _Buckets(sizes, storage)
    draws = np.random.RandomState(seed)
    for records in chunks:
        drawn = draws.randint(n_buckets, size=len(records), dtype=np.int64)
        buckets.add(drawn.astype(np.min_scalar_type(n_buckets - 1)), records)
    for seed_of_bucket, records in zip(seeds, buckets, strict=True):
        yield records.take(np.random.RandomState(seed_of_bucket).permutation(len(records)))
