"""Stanford GloVe's ``cooccurrence.bin`` and ``cooccurrence.shuf.bin``, which may be larger than memory."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import closing
from numbers import Integral
from typing import Any, BinaryIO

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted, check_non_negative

from glove_sklearn._counting.external_sort import (
    RECORD,
    Buckets,
    SumOverflowError,
    records_in_memory,
    sort_rows,
)
from glove_sklearn._counting.external_sort import shuffle as shuffle_records
from glove_sklearn._counting.row_store import (
    CsrBuilder,
    CsrRows,
    RowSource,
    SpooledRows,
    cumulative_offsets,
    split_by_size,
)
from glove_sklearn._system import budget
from glove_sklearn._system.files import StrPath, open_each_to_read, open_to_read, open_to_write
from glove_sklearn._system.memory import available_memory
from glove_sklearn._system.progress import progress_bar
from glove_sklearn._system.sparse_matrices import check_structure
from glove_sklearn._system.storage import Storage, readable_size

#: A record of Stanford GloVe's files of co-occurrences.
COOCCURRENCE = RECORD

#: Ids of words are int32, and start with 1.
_MAX_ID = (1 << 31) - 1
#: Records that :func:`iterate_cooccurrences` reads together.
_CHUNK_RECORDS = 1 << 18
#: As many words are believed without asking how many a file can name.
_FEW_WORDS = 1 << 20
#: Bytes of a word while its row is looked for: its number of records, their offset, and the length of its row.
_WORD = 24


def iterate_cooccurrences(path: StrPath, *, n_records: int = _CHUNK_RECORDS) -> Iterator[np.ndarray]:
    """Read Stanford GloVe's ``cooccurrence.bin`` or ``cooccurrence.shuf.bin`` in chunks.

    The file consists of records of 16 bytes and nothing else: int32 `word1`, int32 `word2`, float64 `value`, little-endian. Ids
    are those of ``vocab.txt``, starting with 1: `value` is ``X[word1 - 1, word2 - 1]``. Ids and values are not changed.

    Parameters
    ----------
    path : str or path
        May be compressed.
    n_records : int
        Size of a chunk.

    Yields
    ------
    records : ndarray of shape (n_records,), or fewer at the end, with the fields of `COOCCURRENCE`

    Raises
    ------
    ValueError
        If the file is empty, or ends within a record.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn.formats import iterate_cooccurrences, write_cooccurrences
    >>> with TemporaryDirectory() as folder:
    ...     write_cooccurrences(f"{folder}/cooccurrence.bin", [[0, 2.5], [2.5, 0]])
    ...     [records.tolist() for records in iterate_cooccurrences(f"{folder}/cooccurrence.bin")]
    [[(1, 2, 2.5), (2, 1, 2.5)]]
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


def _next_records(file: BinaryIO, n_records: int, n_read: int, path: StrPath) -> np.ndarray:
    """Return the next records of an open file, or fewer at its end."""
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


def looks_like_cooccurrences(path: StrPath) -> bool:
    """Return whether the first records of a file could be co-occurrences: moderate ids and positive values.

    Of an archive, the first member is looked at.
    """
    with closing(open_each_to_read(path)) as files:
        data = next(files)[1].read(1024 * COOCCURRENCE.itemsize)
    records = np.frombuffer(data[: len(data) // COOCCURRENCE.itemsize * COOCCURRENCE.itemsize], COOCCURRENCE)
    if not len(records):
        return False
    # Four characters of text, even line ends and tabs, make a larger id.
    ids_fit = all(((records[field] > 0) & (records[field] < 1 << 27)).all() for field in ("word1", "word2"))
    # Text in UTF-16 may have such ids, but its values do not look like counts.
    with np.errstate(invalid="ignore"):
        return bool(ids_fit and ((records["value"] > 1e-15) & (records["value"] < 1e15)).all())


def read_cooccurrences(
    path: StrPath, n_words: int | None = None, *, memory_limit: Any = None, temp_dir: Any = None
) -> sparse.csr_array:
    """Read Stanford GloVe's ``cooccurrence.bin`` or ``cooccurrence.shuf.bin``.

    The file consists of records of 16 bytes and nothing else: int32 `word1`, int32 `word2`, float64 `value`, little-endian, in
    any order. Ids are those of ``vocab.txt``, starting with 1: ``X[word1 - 1, word2 - 1]`` is `value`. Records of the same two
    words are added up in float64, in the order of the file. The file is read twice.

    With ``-symmetric 0`` Stanford GloVe writes the word on the left as `word1`: that is ``context="right"`` here. For a small
    corpus, which it keeps in memory, the value of its first record is twice what it should be; it is read unchanged.

    Parameters
    ----------
    path : str or path
        May be compressed, but not a pipe.
    n_words : int or None, default=None
        Size of the vocabulary; None for the largest id, which is refused if it is more than a million and more than twice the
        number of records, because it is likely that the file is damaged.
    memory_limit : number, str or None, default=None
        Memory that reading may take, X included: bytes, or a size such as "2GB". Records that are not in the order of their
        rows are sorted in temporary files if they do not fit. The entries of each row must fit. X has the same bits.
    temp_dir : str, path or None, default=None
        Folder for temporary files; by default the system's. The files have no names, and disappear when the process ends.

    Returns
    -------
    X : scipy.sparse.csr_array of shape (n_words, n_words), float32
        In canonical format. Entries that are 0 in float32 are left out.

    Raises
    ------
    ValueError
        If the file is empty or ends within a record, an id is not between 1 and `n_words`, or a value is negative, NaN or more
        than float32 holds. The message names the record, counting from 1.
    MemoryError
        If X does not fit in `memory_limit`.
    OSError
        If the disk of `temp_dir` is full.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn.formats import read_cooccurrences, write_cooccurrences
    >>> with TemporaryDirectory() as folder:
    ...     write_cooccurrences(f"{folder}/cooccurrence.bin", [[0, 2.5], [2.5, 0]])
    ...     read_cooccurrences(f"{folder}/cooccurrence.bin", n_words=2).toarray().tolist()
    [[0.0, 2.5], [2.5, 0.0]]
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


def rows_of_cooccurrences(path: StrPath, n_words: int | None, storage: Storage, verbose: int = 0) -> RowSource:
    """Read what :func:`read_cooccurrences` reads as rows that need not be in memory.

    A first pass over the file counts the records of each row. Buckets are ranges of rows with as many records as can be sorted in
    memory; a second pass deals the records to them, or takes the buckets from the file one after the other if it is in the order
    of rows. A bucket is sorted by row and column, equal records in the order of the file, so that the sums of records of the same
    two words have the same bits wherever rows are split.

    Parameters
    ----------
    path : str or path
    n_words : int or None
    storage : Storage
    verbose : int

    Returns
    -------
    RowSource
    """
    name = os.fsdecode(path)
    if n_words is not None and not (isinstance(n_words, Integral) and 1 <= n_words <= _MAX_ID):
        raise ValueError(f"n_words must be None or an integer from 1 to {_MAX_ID}, got {n_words!r}.")
    if os.path.exists(name) and not (os.path.isfile(name) or os.path.isdir(name)):
        raise ValueError(
            f"{name} must be a file, which is read twice, not a pipe or a device; write it to a file first."
        )
    n_records_of, in_order = _survey(name, n_words, records_in_memory(storage), verbose)
    n_words, n_records = len(n_records_of), int(n_records_of.sum())
    bucket_size = records_in_memory(storage, n_records)
    ranges = split_by_size(cumulative_offsets(n_records_of), bucket_size)
    sizes = np.add.reduceat(n_records_of, [first for first, _ in ranges])
    rows: SpooledRows | CsrBuilder
    if storage.limit == math.inf:
        rows = CsrBuilder((n_words, n_words), n_records)
    else:
        rows = SpooledRows((n_words, n_words), storage.spool(budget.ROWS / 2), storage.spool(budget.ROWS / 2))
        if 8 * n_records > budget.ROWS * storage.limit:
            storage.check_disk_space((8 if in_order else 24) * n_records)
    with (
        storage.scratch() as scratch,
        progress_bar("sorting", "records", verbose, n_records) as bar,
    ):
        if in_order:
            buckets = _buckets_in_order(name, sizes)
        else:
            dealt = Buckets(sizes, scratch)
            bucket_of = np.repeat(
                np.arange(len(ranges), dtype=np.min_scalar_type(len(ranges))), [last - first for first, last in ranges]
            )
            for records in iterate_cooccurrences(name, n_records=bucket_size):
                dealt.add(bucket_of[records["word1"] - 1], records)
            buckets = iter(dealt)
        n_entries = 0
        for (first_row, last_row), records in zip(ranges, buckets, strict=True):
            try:
                lengths, columns, values = sort_rows(records, first_row, last_row, n_words)
            except SumOverflowError as error:
                raise ValueError(f"{name}: {error}.") from None
            rows.add(first_row, lengths, columns, values)
            n_entries += len(columns)
            bar.update(len(records))
    if not n_entries:
        raise ValueError(f"{name}: none of the {n_records} records has a value that is greater than 0 in float32.")
    return rows.build() if isinstance(rows, CsrBuilder) else rows


def _survey(name: str, n_words: int | None, chunk_size: int, verbose: int) -> tuple[np.ndarray, bool]:
    """Check all records, count those of each row, and find out whether they are in the order of rows."""
    most = _MAX_ID if n_words is None else int(n_words)
    n_records_of = np.zeros(most if n_words is not None else 0, dtype=np.int64)
    in_order = True
    n_read = last = largest = 0
    n_records: float = math.inf
    with progress_bar("reading", "records", verbose) as bar:
        for records in iterate_cooccurrences(name, n_records=chunk_size):
            _check_records(records, n_read, most, name)
            ids = records["word1"].astype(np.int32)
            largest_of_each = np.maximum(ids, records["word2"])
            largest = max(largest, int(largest_of_each.max()))
            if largest > len(n_records_of):
                where = f"record {n_read + int(np.argmax(largest_of_each)) + 1} has the id {largest}"
                # A record names two words. So a file names no more words than this, and words that it leaves out are rare.
                if largest > max(_FEW_WORDS, 2 * n_read):
                    n_records = _count_records(name) if math.isinf(n_records) else n_records
                    if largest > max(_FEW_WORDS, 2 * n_records):
                        raise ValueError(
                            f"{name}: {where}, and {n_records} records cannot name as many words; is it a file of "
                            "co-occurrences? if it is, give n_words, the size of its vocabulary."
                        )
                if largest * _WORD > available_memory():
                    raise MemoryError(
                        f"{name}: {where}, and as many words need {readable_size(largest * _WORD)}, more than is available; "
                        "is it a file of co-occurrences? give n_words to check."
                    )
                more = max(largest, 2 * len(n_records_of)) - len(n_records_of)
                n_records_of = np.concatenate([n_records_of, np.zeros(more, dtype=np.int64)])
            np.add.at(n_records_of, ids - 1, 1)
            in_order = in_order and last <= ids[0] and bool((ids[1:] >= ids[:-1]).all())
            last = ids[-1]
            n_read += len(records)
            bar.update(len(records))
    return n_records_of if n_words is not None else n_records_of[:largest], in_order


def _count_records(name: str) -> int:
    """Return the number of records of a file, compressed or not."""
    with open_to_read(name) as file:
        return file.seek(0, os.SEEK_END) // COOCCURRENCE.itemsize


def _check_records(records: np.ndarray, n_read: int, most: int, name: str) -> None:
    """Refuse records with impossible ids or values."""
    for field in ("word1", "word2"):
        ids = records[field]
        if ids.min() < 1 or ids.max() > most:
            index = int(np.argmax((ids < 1) | (ids > most)))
            raise ValueError(
                f"{name}: record {n_read + index + 1} has {field}={ids[index]}; ids must be from 1 to {most}: is it a file of "
                "co-occurrences, and is n_words the size of its vocabulary?"
            )
    values, largest = records["value"], np.finfo(np.float32).max
    with np.errstate(invalid="ignore"):
        if not (values.min() >= 0 and values.max() <= largest):
            index = int(np.argmax(~((values >= 0) & (values <= largest))))
            raise ValueError(
                f"{name}: record {n_read + index + 1} has the value {values[index]}; values must not be negative, and finite in "
                "float32: is it a file of co-occurrences?"
            )


def _buckets_in_order(name: str, sizes: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the records of each bucket from a file that is in the order of rows."""
    n_read = 0
    with open_to_read(name) as file:
        for size in sizes.tolist():
            records = _next_records(file, size, n_read, name)
            if len(records) < size:
                raise ValueError(f"{name} has changed while it was read.")
            n_read += size
            yield records


def write_cooccurrences(
    path: StrPath,
    X: Any,
    *,
    shuffle: bool = False,
    random_state: Any = None,
    memory_limit: Any = None,
    temp_dir: Any = None,
) -> None:
    """Write Stanford GloVe's ``cooccurrence.bin`` or ``cooccurrence.shuf.bin``.

    The file consists of records of 16 bytes and nothing else: int32 `word1`, int32 `word2`, float64 `value`, little-endian. Ids
    are those of ``vocab.txt``, starting with 1: ``X[i, j]`` is the `value` of the record with `word1` i + 1 and `word2` j + 1.
    Records are sorted by `word1`, then `word2`, or shuffled: Stanford GloVe trains in the order of the file. What it counts with
    ``-symmetric 0``, the word on the left as `word1`, is ``context="right"`` here.

    Parameters
    ----------
    path : str or path
        Compressed if its extension says so; Stanford GloVe reads it uncompressed.
    X : {array-like, sparse matrix, sparse array} of shape (n_words, n_words), or fitted CooccurrenceCounter
        Not negative. Values are written as float64. Entries that are 0, stored or not, are not written.
    shuffle : bool, default=False
        Whether to write records in random order, all orders being equally likely.
    random_state : int, RandomState instance or None, default=None
        Seed of the order. An int makes it reproducible, with any `memory_limit`.
    memory_limit : number, str or None, default=None
        Memory that writing may take besides X: bytes, or a size such as "2GB". Records that do not fit are shuffled in temporary
        files; sorted records need none.
    temp_dir : str, path or None, default=None
        Folder for temporary files; by default the system's. The files have no names, and disappear when the process ends.

    Raises
    ------
    ValueError
        If X is not square, has more rows than int32 holds, has negative, NaN or infinite entries, or none that is positive.
    OSError
        If the disk is full. `path` is then unchanged.

    Examples
    --------
    >>> import os
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn import CooccurrenceCounter
    >>> from glove_sklearn.formats import write_cooccurrences
    >>> counter = CooccurrenceCounter(min_count=1).fit(["ice is cold"])
    >>> with TemporaryDirectory() as folder:
    ...     write_cooccurrences(f"{folder}/cooccurrence.shuf.bin", counter.cooccurrence_, shuffle=True, random_state=0)
    ...     os.path.getsize(f"{folder}/cooccurrence.shuf.bin")
    96
    """
    with Storage(memory_limit, temp_dir) as storage:
        rows = X if isinstance(X, SpooledRows | CsrRows) else CsrRows(_matrix(X))
        _check_shape(rows.shape)
        chunks = rows.ranges(records_in_memory(storage))
        n_records = sum(int(np.count_nonzero(rows.read(*chunk).values > 0)) for chunk in chunks)
        if not n_records:
            raise ValueError("X has no entry that is greater than 0: there is nothing to write.")
        records: Iterator[np.ndarray] = (_records(rows, *chunk) for chunk in chunks)
        if shuffle:
            records = shuffle_records(records, n_records, check_random_state(random_state), storage)
        with open_to_write(path) as file:
            for some in records:
                file.write(some.view(np.uint8).data)


def _matrix(X: Any) -> sparse.csr_array:
    """Convert X to a canonical CSR array of float64 or float32, and refuse what cannot be written."""
    if isinstance(X, BaseEstimator):
        check_is_fitted(X, "cooccurrence_")
        X = X.cooccurrence_
    _check_shape(np.shape(X))
    check_structure(X, "X")
    matrix = sparse.csr_array(check_array(X, accept_sparse="csr", dtype=(np.float64, np.float32), input_name="X"))
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    check_non_negative(matrix, "write_cooccurrences (X holds counts of co-occurrences)")
    return matrix


def _check_shape(shape: tuple[int, ...]) -> None:
    if len(shape) == 2 and shape[0] != shape[1]:
        raise ValueError(
            f"X must be square, because rows and columns are the words of one vocabulary, got shape {shape}; count with "
            "near_size=0, or add rows or columns that are empty."
        )
    if max(shape, default=0) > _MAX_ID:
        raise ValueError(f"X must have no more than {_MAX_ID} rows, as ids are int32, got shape {shape}.")


def _records(rows: RowSource, first_row: int, last_row: int) -> np.ndarray:
    """Return the entries of consecutive rows as records."""
    block = rows.read(first_row, last_row)
    records = np.empty(len(block.columns), COOCCURRENCE)
    records["word1"] = np.repeat(np.arange(first_row + 1, last_row + 1, dtype=np.int32), np.diff(block.indptr))
    records["word2"] = block.columns
    records["word2"] += 1
    records["value"] = block.values
    kept = block.values > 0
    return records if kept.all() else records[kept]
