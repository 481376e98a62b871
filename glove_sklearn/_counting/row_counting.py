"""Count the co-occurrences of token ids, row by row of X."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

import numpy as np
from tqdm import tqdm

from glove_sklearn._counting import _counting
from glove_sklearn._counting.row_store import (
    CsrBuilder,
    RowBlock,
    RowSink,
    RowSource,
    SpooledRows,
    cumulative_offsets,
    split_by_size,
)
from glove_sklearn._counting.weights import FixedPointWeights
from glove_sklearn._system import budget
from glove_sklearn._system.memory import Reserved, available_memory
from glove_sklearn._system.progress import progress_bar
from glove_sklearn._system.storage import Storage, readable_size
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._system.warning import warn_caller
from glove_sklearn._system.wording import number_of
from glove_sklearn._text.corpus import Corpus

#: The most work in one call of a kernel, so that an interruption need not wait for long.
_VISITS_PER_CALL = 1 << 22
_TOKENS_PER_CALL = 1 << 22
#: With this many columns most rows touch few of the groups of the work arrays, which then have regions.
_LARGE_VOCABULARY = 1 << 18
#: The most entries of a range of rows, unless it is one row.
_MAX_ENTRIES_PER_RANGE = 1 << 22

#: Work is announced where a token has more neighbours than this on average, and warned of where it takes more seconds. A
#: thread visits some 10^9 neighbours in a second.
_MANY_NEIGHBOURS, _MANY_SECONDS, _VISITS_PER_SECOND = 1000, 120, 1e9
#: Bytes of an entry of X, of one whose sum is a fixed-point number, and of a token in the stream, with its position and
#: perhaps its multiplicity.
_ENTRY, _FIXED_POINT_ENTRY, _TOKEN = 8, 12, 12


class _WorkArrays:
    """Work arrays of the kernels, used by one thread at a time."""

    def __init__(self, n_columns: int) -> None:
        size = -(n_columns // -64) * 64
        self.sums = np.zeros(size, dtype=np.int64)
        self.touched = np.zeros(size // 8, dtype=np.uint8)
        self.regions = np.zeros(-(size // -4096) if n_columns > _LARGE_VOCABULARY else 0, dtype=np.uint8)
        self._columns, self._values = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)

    @classmethod
    def acquire(cls, idle: list[_WorkArrays], n_columns: int) -> _WorkArrays:
        """Return idle arrays, or new ones."""
        try:
            return idle.pop()
        except IndexError:
            return cls(n_columns)

    def output(self, n_entries: int, dtype: type) -> tuple[np.ndarray, np.ndarray]:
        """Return arrays for the columns and values of up to `n_entries` entries."""
        if len(self._columns) < n_entries:
            self._columns, self._values = np.empty(n_entries, dtype=np.int32), np.empty(n_entries, dtype=np.int64)
        return self._columns, self._values.view(dtype)


def count_rows(
    tokens: Corpus, counts: np.ndarray, weights: FixedPointWeights, storage: Storage, n_jobs: int | None, verbose: int
) -> RowSource:
    """Count X, row by row.

    Tokens that do not fit in memory are counted in parts, whose sums are exact, so that X has the same bits.

    Parameters
    ----------
    tokens : Corpus
    counts : ndarray of shape (n_terms,), int64
        Occurrences of each term.
    weights : FixedPointWeights
    storage : Storage
    n_jobs : int or None
    verbose : int

    Returns
    -------
    RowSource
    """
    shape = len(counts), weights.n_columns(len(counts))
    parts = _split_into_parts(tokens, storage, shape[1])
    if verbose and storage.limit < math.inf:
        _announce(parts, tokens, counts, weights, storage)
    with (
        ThreadTeam(n_jobs) as team,
        progress_bar("counting", "tokens", verbose, tokens.n_tokens) as bar,
    ):
        _announce_work(tokens, weights, shape[0], team.n_jobs, verbose)
        in_work = budget.ROWS_IN_WORK * storage.limit / team.n_jobs / (2 * _FIXED_POINT_ENTRY)
        entries_per_range = int(max(shape[1], min(_MAX_ENTRIES_PER_RANGE, in_work)))
        builder = None
        if storage.limit == math.inf and len(parts) == 1:
            builder = _reserve_rows(shape, _max_entries(tokens, counts, weights))
        if builder is not None:
            PartCounter(tokens, parts[0], weights, shape).count(builder, np.float32, entries_per_range, team, bar)
            return builder.build()
        x = _empty_rows(shape, storage, budget.ROWS)
        if len(parts) == 1:
            PartCounter(tokens, parts[0], weights, shape).count(x, np.float32, entries_per_range, team, bar)
            return x
        with storage.scratch() as scratch:
            sums = [_empty_rows(shape, scratch, 0) for _ in parts]
            for part, sums_of_part in zip(parts, sums, strict=True):
                PartCounter(tokens, part, weights, shape).count(sums_of_part, np.int64, entries_per_range, team, bar)
            _add_parts(sums, x, weights.unit, entries_per_range, team)
        return x


def _reserve_rows(shape: tuple[int, int], n_entries: int) -> CsrBuilder | None:
    """Reserve memory for up to `n_entries`; None if there may not be enough, although X may turn out much smaller."""
    if n_entries * _ENTRY > available_memory():
        return None
    try:
        return CsrBuilder(shape, n_entries)
    except MemoryError:  # the system may refuse to reserve memory that it has
        return None


def _empty_rows(shape: tuple[int, int], storage: Storage, share: float) -> SpooledRows:
    return SpooledRows(shape, storage.spool(share / 2), storage.spool(share / 2))


def _split_into_parts(tokens: Corpus, storage: Storage, n_columns: int) -> list[range]:
    """Split the batches into parts whose tokens fit in memory, beside everything else that is there."""
    if storage.capacity == math.inf:
        return [range(len(tokens))]
    others = (budget.ROWS + budget.ROWS_IN_WORK) * storage.capacity + 16 * n_columns
    room = max(budget.TOKENS_OF_A_PART * storage.capacity, storage.remaining - others)
    sizes = np.array([n_tokens + n_documents for n_tokens, n_documents in tokens.batch_sizes])
    ranges = split_by_size(cumulative_offsets(sizes), min(room / _TOKEN, sizes.sum()))
    return [range(first, last) for first, last in ranges]


def _max_entries(tokens: Corpus, counts: np.ndarray, weights: FixedPointWeights) -> int:
    """Return an upper bound of the entries of X: a row has at most one per neighbour of its word, and one per column."""
    neighbours = sum(weights.n_neighbours(tokens.lengths(index)) for index in range(len(tokens)))
    of_rows = np.minimum(counts * float(weights.window), weights.n_columns(len(counts))).sum()
    return int(min(neighbours, of_rows))


def _announce(
    parts: list[range], tokens: Corpus, counts: np.ndarray, weights: FixedPointWeights, storage: Storage
) -> None:
    """Print what will be needed, of which only upper bounds are known."""
    entries = _max_entries(tokens, counts, weights)
    size = float(entries * _ENTRY)
    if len(parts) > 1:
        size += len(parts) * min(entries, tokens.n_tokens * weights.window / len(parts)) * _FIXED_POINT_ENTRY
    largest = max(sum(tokens.batch_sizes[i][0] for i in part) for part in parts)
    print(
        f"counting: {number_of(tokens.n_tokens, 'token')} of {number_of(len(counts), 'word')} in "
        f"{number_of(len(parts), 'part')}; {readable_size(largest * _TOKEN)} of memory for a part, "
        f"and at most {readable_size(size)} for X, on disk in "
        f"{storage.folder} ({readable_size(storage.free_disk)} free) if memory does not suffice"
    )


def _announce_work(tokens: Corpus, weights: FixedPointWeights, n_terms: int, n_threads: int, verbose: int) -> None:
    """Say how much work it is to count long documents, where it grows faster than their length."""
    n_visits = 0.0
    longest = max(int(tokens.lengths(index).max(initial=0)) for index in range(len(tokens)))
    is_whole = weights.are_flat(longest)
    for index in range(len(tokens)):
        lengths = tokens.lengths(index)
        n_distinct = np.minimum(lengths, n_terms).astype(np.float64)
        if not is_whole:
            n_visits += weights.n_neighbours(lengths)
        elif len(weights.left) and len(weights.right):
            n_visits += float((n_distinct * n_distinct).sum())
        else:
            n_visits += float((n_distinct * lengths).sum() / 2)
    if n_visits < _MANY_NEIGHBOURS * tokens.n_tokens:
        return
    work = (
        f"counting visits {'up to ' if is_whole else ''}{n_visits:.1e} neighbours, because windows reach across documents of "
        f"up to {longest} tokens"
    )
    seconds = n_visits / _VISITS_PER_SECOND / n_threads
    if seconds > _MANY_SECONDS:
        flat = "" if is_whole else "or weighting='flat', which is counted in a fraction of the time, "
        warn_caller(
            f"{work}; with {n_threads} thread{'s' if n_threads > 1 else ''} that may take {seconds / 60:.0f} minutes or more. "
            f"Set window_size, {flat}or split the documents."
        )
    elif verbose:
        print(work)


class PartCounter:
    """Counts the co-occurrences of some batches: first it lists the positions of each term, then it makes the rows."""

    def __init__(self, tokens: Corpus, part: range, weights: FixedPointWeights, shape: tuple[int, int]) -> None:
        n_terms, n_columns = shape
        self._weights, self._n_terms, self._n_columns = weights, n_terms, n_columns
        self._n_tokens = sum(tokens.batch_sizes[i][0] for i in part)
        longest = max((int(tokens.lengths(i).max(initial=0)) for i in part), default=0)
        self._is_whole = weights.are_flat(longest)
        #: How often each id of the stream occurs in its document, if only that matters.
        self._multiplicities = np.zeros(0, dtype=np.int32)
        self._n_neighbours = 0.0
        if self._is_whole and len(weights.left) and len(weights.right):
            self._stream, self._multiplicities = self._distinct(tokens, part)
        else:
            self._stream = self._concatenated(tokens, part)
            if self._is_whole and len(weights.left):
                # The neighbours on the left are those on the right of the text that is read backwards.
                self._stream = np.ascontiguousarray(self._stream[::-1])
        self._counts = np.zeros(n_terms, dtype=np.int64)
        _counting.count_tokens(self._stream, self._counts)
        #: Where the positions of each term start.
        self._starts = cumulative_offsets(self._counts)
        self._positions = self._sorted_positions()

    def _concatenated(self, tokens: Corpus, part: range) -> np.ndarray:
        """Return the tokens of all documents, with a -1 before, between and after them."""
        stream = np.empty(1 + sum(sum(tokens.batch_sizes[i]) for i in part), dtype=np.int32)
        stream[0] = -1
        end = 1
        for i in part:
            ids, lengths = tokens.batch(i)
            _counting.lay_out(ids, lengths, stream[end : end + len(ids) + len(lengths)])
            end += len(ids) + len(lengths)
            self._n_neighbours += self._weights.n_neighbours(lengths)
        return stream

    def _distinct(self, tokens: Corpus, part: range) -> tuple[np.ndarray, np.ndarray]:
        """Return the distinct tokens of each document, with a -1 before, between and after them, and their multiplicities."""
        size = 1 + sum(sum(tokens.batch_sizes[i]) for i in part)
        stream, multiplicities = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
        stream[0], multiplicities[0] = -1, 0
        slots = np.full(self._n_terms, -1, dtype=np.int64)
        end = 1
        for i in part:
            first = end
            end = _counting.lay_out_distinct(*tokens.batch(i), slots, first, stream, multiplicities)
            lengths = np.diff(np.flatnonzero(stream[first - 1 : end] < 0)) - 1
            self._n_neighbours += float((lengths.astype(np.float64) ** 2).sum())
        for array in (stream, multiplicities):
            array.resize(end, refcheck=False)  # releases what was reserved; the array has no other reference
        return stream, multiplicities

    def _sorted_positions(self) -> np.ndarray:
        stream, ends = self._stream, self._starts[:-1].copy()
        positions = np.empty(self._starts[-1], dtype=np.int32 if len(stream) < 1 << 31 else np.int64)
        for first in range(0, len(stream), _TOKENS_PER_CALL):
            _counting.sort_positions(stream, first, min(first + _TOKENS_PER_CALL, len(stream)), ends, positions)
        return positions

    def __sizeof__(self) -> int:
        # By this, Dask decides where to compute and what to write to disk.
        return sum(value.nbytes for value in self.__dict__.values() if isinstance(value, np.ndarray))

    def count(self, rows: RowSink, dtype: type, entries_per_range: int, team: ThreadTeam, bar: tqdm) -> None:
        """Add all rows to `rows`, with values of type `dtype`: float32, or int64 for fixed-point numbers."""
        n_positions = int(self._starts[-1])
        # Every range costs a scan of the work arrays, which have an entry for each column.
        positions_per_range = max(1, int(max(entries_per_range, self._n_columns) / self._mean_neighbours))
        row_lengths = np.zeros(self._n_terms, dtype=np.int64)
        idle: list[_WorkArrays] = []
        lock = threading.Lock()
        n_done = n_shown = 0

        def show(n: int) -> None:
            """Show that n more positions have been visited, as a fraction of the tokens."""
            nonlocal n_done, n_shown
            with lock:
                n_done += n
                n_tokens = n_done * self._n_tokens // n_positions
                bar.update(n_tokens - n_shown)
                n_shown = n_tokens

        def count_range(first_row: int, last_row: int) -> None:
            work = _WorkArrays.acquire(idle, self._n_columns)
            columns, values = work.output(self._max_entries(first_row, last_row), dtype)
            n_written = self._visit(first_row, last_row, work, columns, values, row_lengths, team, show)
            rows.add(first_row, row_lengths[first_row:last_row], columns[:n_written], values[:n_written])
            idle.append(work)

        team.run(count_range, split_by_size(self._starts, positions_per_range))

    def rows(self, first_row: int, last_row: int, dtype: type, team: ThreadTeam) -> RowBlock:
        """Return some rows, which one thread counts, with values of type `dtype`."""
        size = self._max_entries(first_row, last_row)
        columns, values = Reserved(size, np.int32), Reserved(size, dtype)
        row_lengths, work = np.zeros(self._n_terms, dtype=np.int64), _WorkArrays(self._n_columns)
        n_written = self._visit(first_row, last_row, work, columns.array, values.array, row_lengths, team)
        return _block(first_row, row_lengths[first_row:last_row], columns, values, n_written)

    @property
    def _mean_neighbours(self) -> float:
        return max(1.0, self._n_neighbours / max(1, int(self._starts[-1])))

    def _max_entries(self, first_row: int, last_row: int) -> int:
        """Return an upper bound of the entries of some rows."""
        of_rows = np.minimum(self._counts[first_row:last_row] * self._weights.window, self._n_columns).sum()
        return int(min(of_rows, self._n_neighbours))

    def _visit(
        self,
        first_row: int,
        last_row: int,
        work: _WorkArrays,
        columns: np.ndarray,
        values: np.ndarray,
        row_lengths: np.ndarray,
        team: ThreadTeam,
        show: Callable[[int], object] = lambda n: None,
    ) -> int:
        """Visit the positions of some rows, in calls that are not long; returns the number of entries that were written."""
        weights, n_terms, n_columns, starts = self._weights, self._n_terms, self._n_columns, self._starts
        # Columns of near neighbours follow those of all.
        near_left, near_right = n_terms, n_columns - n_terms
        positions_per_call = max(1, int(_VISITS_PER_CALL / self._mean_neighbours))
        # Every row costs a scan of the regions, or of the groups, beside its positions.
        rows_per_call = 1 + _VISITS_PER_CALL // (1 + n_columns // (4096 if n_columns > _LARGE_VOCABULARY else 64))
        weight = int(max(weights.left.max(initial=0), weights.right.max(initial=0)))
        position, end = int(starts[first_row]), int(starts[last_row])
        row, n_written = first_row, 0
        while position < end and not team.cancelled:
            before = position
            if self._is_whole:
                row, n_written, position = _counting.count_whole_rows(
                    self._stream, self._multiplicities, self._positions, starts, weight, weights.unit, row, position, end,
                    _VISITS_PER_CALL, work.sums, work.touched, work.regions, n_written, columns, values, row_lengths,
                )  # fmt: skip
            else:
                stop = min(position + positions_per_call, end, int(starts[min(row + rows_per_call, n_terms)]))
                row, n_written = _counting.count_rows(
                    self._stream, self._positions, starts,
                    weights.left, weights.right, weights.near, near_left, near_right, weights.unit, row, position, stop,
                    work.sums, work.touched, work.regions, n_written, columns, values, row_lengths,
                )  # fmt: skip
                position = stop
            show(position - before)
        return n_written


def add_blocks(blocks: list[RowBlock], n_columns: int, unit: float | None = None) -> RowBlock:
    """Add up blocks of the same rows, whose values are fixed-point numbers.

    Parameters
    ----------
    blocks : list of RowBlock
    n_columns : int
    unit : float or None, default=None
        Value of the fixed-point number 1, with which the sums become float32; None if they are to stay fixed-point numbers.
    """
    size = _max_entries_of_sum(blocks, n_columns)
    columns, values = Reserved(size, np.int32), Reserved(size, np.int64 if unit is None else np.float32)
    work = _WorkArrays(n_columns)
    lengths, n_written = _add(blocks, work, columns.array, values.array, 1.0 if unit is None else unit)
    return _block(blocks[0].first_row, lengths, columns, values, n_written)


def _block(first_row: int, lengths: np.ndarray, columns: Reserved, values: Reserved, n_written: int) -> RowBlock:
    """Return rows that were written to reserved arrays, the rest of which is given back."""
    columns.truncate(n_written)
    values.truncate(n_written)
    return RowBlock(first_row, first_row + len(lengths), cumulative_offsets(lengths), columns.array, values.array)


def _max_entries_of_sum(blocks: list[RowBlock], n_columns: int) -> int:
    return int(np.minimum(sum(np.diff(block.indptr) for block in blocks), n_columns).sum())


def _add(
    blocks: list[RowBlock], work: _WorkArrays, columns: np.ndarray, values: np.ndarray, unit: float
) -> tuple[np.ndarray, int]:
    """Write the sum of blocks to `columns` and `values`; returns the number of entries of each row, and of all."""
    before = cumulative_offsets(np.array([len(block.columns) for block in blocks]))
    starts = np.array([block.indptr + n for block, n in zip(blocks, before[:-1], strict=True)])
    row_lengths = np.empty(starts.shape[1] - 1, dtype=np.int64)
    n_written = _counting.add_rows(
        np.concatenate([block.columns for block in blocks]), np.concatenate([block.values for block in blocks]),
        starts, unit, work.sums, work.touched, work.regions, columns, values, row_lengths,
    )  # fmt: skip
    return row_lengths, n_written


def _add_parts(
    parts: list[SpooledRows], rows: SpooledRows, unit: float, entries_per_range: int, team: ThreadTeam
) -> None:
    """Add up the rows of parts, whose values are fixed-point numbers."""
    n_terms, n_columns = rows.shape
    idle: list[_WorkArrays] = []

    def add_range(first_row: int, last_row: int) -> None:
        if team.cancelled:
            return
        work = _WorkArrays.acquire(idle, n_columns)
        blocks = [part.read(first_row, last_row) for part in parts]
        columns, values = work.output(_max_entries_of_sum(blocks, n_columns), np.float32)
        row_lengths, n_written = _add(blocks, work, columns, values, unit)
        rows.add(first_row, row_lengths, columns[:n_written], values[:n_written])
        idle.append(work)

    lengths = np.zeros(n_terms, dtype=np.int64)
    for part in parts:
        lengths += part.lengths
    team.run(add_range, split_by_size(cumulative_offsets(lengths), entries_per_range))
