"""Token ids -> rows of X."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from glove_sklearn._counting import _counting
from glove_sklearn._counting.row_store import CsrBuilder, CsrRows, SpooledRows, cumulative_offsets, split_by_size
from glove_sklearn._system.memory import available_memory
from glove_sklearn._system.storage import Storage, readable_size
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text.corpus import Corpus

#: The largest weight as a fixed-point number, where the counts allow it.
_LARGEST_WEIGHT = 1 << 40

#: What a call of a kernel does at most, so that an interruption need not wait.
_VISITS_PER_CALL = 1 << 22
_TOKENS_PER_CALL = 1 << 22
#: From here on most rows touch few of the groups of the work arrays.
_LARGE_VOCABULARY = 1 << 18
#: Entries of a range of rows at most, unless it is one row; and the share of the memory limit that those in hand may take.
_ENTRIES_PER_RANGE = 1 << 22
_IN_HAND = 1 / 8
#: The share that X may take.
_ROWS = 1 / 4

#: Bytes of an entry of X, and of one whose sum is a fixed-point number still; of a token in the stream, with its position.
_ENTRY, _FIXED_ENTRY, _TOKEN = 8, 12, 8


class Weights(NamedTuple):
    """Weights of the neighbours at distance 1, 2, ..., as fixed-point numbers."""

    left: np.ndarray
    """(n_left,), int64."""
    right: np.ndarray
    """(n_right,), int64."""
    unit: float
    """Value of the number 1 among them."""

    @classmethod
    def of(cls, weights: np.ndarray, context: str, most_frequent: int) -> Weights:
        """Fixed-point numbers for these float64 weights, where no term has more than `most_frequent` occurrences."""
        # In units of 2**exponent, the largest weight is more than 1/2 and at most 1.
        exponent = math.ceil(math.log2(weights.max())) if weights.any() else 0
        fixed = np.rint(np.ldexp(weights, -exponent) * _LARGEST_WEIGHT).astype(np.int64)
        none = np.zeros(0, dtype=np.int64)
        left = fixed if context in ("symmetric", "left") else none
        right = fixed if context in ("symmetric", "right") else none
        unit = math.ldexp(1.0, exponent) / _LARGEST_WEIGHT
        while most_frequent * int(left.sum() + right.sum()) >= 1 << 63:
            # No entry of X is larger than this product, so none overflows.
            left, right, unit = left >> 1, right >> 1, 2 * unit
        return cls(left, right, unit)


class _Work:
    """Work arrays of the kernels, for one thread at a time."""

    def __init__(self, n_terms: int) -> None:
        size = -(n_terms // -64) * 64
        self.sums = np.zeros(size, dtype=np.int64)
        self.touched = np.zeros(size // 8, dtype=np.uint8)
        self.regions = np.zeros(-(size // -4096) if n_terms > _LARGE_VOCABULARY else 0, dtype=np.uint8)
        self._columns, self._values = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)

    @classmethod
    def take(cls, idle: list[_Work], n_terms: int) -> _Work:
        """One that is idle, or a new one."""
        try:
            return idle.pop()
        except IndexError:
            return cls(n_terms)

    def room(self, n_entries: int, dtype: type) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values to write to."""
        if len(self._columns) < n_entries:
            self._columns, self._values = np.empty(n_entries, dtype=np.int32), np.empty(n_entries, dtype=np.int64)
        return self._columns, self._values.view(dtype)


def count(
    tokens: Corpus, counts: np.ndarray, weights: Weights, storage: Storage, n_jobs: int | None, verbose: int
) -> SpooledRows | CsrRows:
    """X, row by row.

    Tokens for which there is no room are counted part by part; the parts are added up exactly, so that X is the same bits.

    Parameters
    ----------
    tokens : Corpus
    counts : ndarray of shape (n_terms,), int64
    weights : Weights
    storage : Storage
    n_jobs : int or None
    verbose : int

    Returns
    -------
    Rows or CsrRows
    """
    n_terms = len(counts)
    parts = _parts(tokens, storage, n_terms)
    if verbose and storage.limit < math.inf:
        _announce(parts, tokens, counts, weights, storage)
    with (
        ThreadTeam(n_jobs) as team,
        tqdm(total=tokens.n_tokens, desc="counting", unit=" tokens", unit_scale=True, disable=not verbose) as bar,
    ):
        in_hand = _IN_HAND * storage.limit / team.n_jobs / (2 * _FIXED_ENTRY)
        entries_per_range = int(max(n_terms, min(_ENTRIES_PER_RANGE, in_hand)))
        in_memory = None
        if storage.limit == math.inf:
            in_memory = _rows_in_memory(n_terms, _largest_number_of_entries(tokens, counts, weights))
        if in_memory is not None:
            _count_part(tokens, parts[0], in_memory, np.float32, weights, entries_per_range, team, bar)
            return in_memory.matrix()
        x = _empty_rows(n_terms, storage, _ROWS)
        if len(parts) == 1:
            _count_part(tokens, parts[0], x, np.float32, weights, entries_per_range, team, bar)
        else:
            with storage.scratch() as scratch:
                sums = [_empty_rows(n_terms, scratch, 0) for _ in parts]
                for part, sums_of_part in zip(parts, sums, strict=True):
                    _count_part(tokens, part, sums_of_part, np.int64, weights, entries_per_range, team, bar)
                _add_up(sums, x, weights.unit, entries_per_range, team)
    return x


def _rows_in_memory(n_terms: int, n_entries: int) -> CsrBuilder | None:
    """Reserve memory for so many entries; None if that is more than there is, though there may be far fewer in the end."""
    if n_entries * _ENTRY > available_memory():
        return None
    try:
        return CsrBuilder((n_terms, n_terms), n_entries)
    except MemoryError:  # the system may not let reserve what is there
        return None


def _empty_rows(n_terms: int, storage: Storage, share: float) -> SpooledRows:
    return SpooledRows((n_terms, n_terms), storage.spool(share / 2), storage.spool(share / 2))


def _parts(tokens: Corpus, storage: Storage, n_terms: int) -> list[range]:
    """Batches whose tokens can be counted at a time, with what else is in memory."""
    if storage.limit == math.inf:
        return [range(len(tokens))]
    room = max(storage.limit / 8, storage.remaining - (_ROWS + _IN_HAND) * storage.limit - 16 * n_terms)
    sizes = np.array([n_tokens + n_documents for n_tokens, n_documents in tokens.batch_sizes])
    return [
        range(first, last) for first, last in split_by_size(cumulative_offsets(sizes), min(room / _TOKEN, sizes.sum()))
    ]


def _neighbours(lengths: np.ndarray, weights: Weights) -> float:
    """Neighbours of all positions in documents of these lengths: windows end with the document."""
    total = 0.0
    for side in (weights.left, weights.right):
        farthest = np.clip(lengths - 1, 0, len(side))
        total += (farthest * (lengths - (farthest + 1) / 2)).sum()
    return total


def _largest_number_of_entries(tokens: Corpus, counts: np.ndarray, weights: Weights) -> int:
    """As many as X could have: a row has no more than its word has neighbours, or the vocabulary words."""
    neighbours = sum(_neighbours(tokens.lengths(place), weights) for place in range(len(tokens)))
    of_rows = np.minimum(counts * float(len(weights.left) + len(weights.right)), len(counts)).sum()
    return int(min(neighbours, of_rows))


def _announce(parts: list[range], tokens: Corpus, counts: np.ndarray, weights: Weights, storage: Storage) -> None:
    """Say what will be needed; of the entries of X only a bound is known."""
    neighbours = len(weights.left) + len(weights.right)
    entries = _largest_number_of_entries(tokens, counts, weights)
    most = float(entries * _ENTRY)
    if len(parts) > 1:
        most += len(parts) * min(entries, tokens.n_tokens * neighbours / len(parts)) * _FIXED_ENTRY
    largest = max(sum(tokens.batch_sizes[i][0] for i in part) for part in parts)
    print(
        f"counting: {tokens.n_tokens} tokens of {len(counts)} words in {len(parts)} part{'s' if len(parts) > 1 else ''}; "
        f"{readable_size(largest * _TOKEN)} of memory for a part, and at most {readable_size(most)} for X, on disk in "
        f"{storage.folder} ({readable_size(storage.free_disk)} free) where there is no room in memory"
    )


def _count_part(
    tokens: Corpus,
    part: range,
    rows: SpooledRows | CsrBuilder,
    dtype: type,
    weights: Weights,
    entries_per_range: int,
    team: ThreadTeam,
    bar: tqdm,
) -> None:
    """Count the co-occurrences in some batches."""
    n_terms = rows.shape[0]
    stream = np.empty(1 + sum(sum(tokens.batch_sizes[i]) for i in part), dtype=np.int32)
    stream[0] = -1
    end = 1
    counts = np.zeros(n_terms, dtype=np.int64)
    lengths_of_windows = 0.0
    for i in part:
        ids, lengths = tokens.batch(i)
        _counting.lay_out(ids, lengths, stream[end : end + len(ids) + len(lengths)])
        end += len(ids) + len(lengths)
        lengths_of_windows += _neighbours(lengths, weights)
    _counting.count_tokens(stream, counts)
    starts = cumulative_offsets(counts)
    n_tokens = int(starts[-1])
    positions = np.empty(n_tokens, dtype=np.int32 if len(stream) < 1 << 31 else np.int64)
    ends = starts[:-1].copy()
    for first in range(0, len(stream), _TOKENS_PER_CALL):
        _counting.sort_positions(stream, first, min(first + _TOKENS_PER_CALL, len(stream)), ends, positions)

    window = len(weights.left) + len(weights.right)
    # Neighbours of a position, on average: windows end with the document.
    visits = max(1.0, lengths_of_windows / max(1, n_tokens))
    positions_per_call = max(1, int(_VISITS_PER_CALL / visits))
    # So many entries at most; and a range pays for the scan of the work arrays, with an entry for each term.
    positions_per_range = max(1, int(max(entries_per_range, n_terms) / visits))
    # The row of a word costs a look at the regions, or at the groups, besides its positions.
    rows_per_call = 1 + _VISITS_PER_CALL // (1 + n_terms // (4096 if n_terms > _LARGE_VOCABULARY else 64))
    idle: list[_Work] = []
    row_lengths = np.zeros(n_terms, dtype=np.int64)

    def count_rows(first_row: int, last_row: int) -> int:
        position, end = int(starts[first_row]), int(starts[last_row])
        work = _Work.take(idle, n_terms)
        most = np.minimum(counts[first_row:last_row] * window, n_terms).sum()
        columns, values = work.room(int(min(most, lengths_of_windows)), dtype)
        row, n_written = first_row, 0
        while position < end and not team.cancelled:
            stop = min(position + positions_per_call, end, int(starts[min(row + rows_per_call, n_terms)]))
            row, n_written = _counting.count_rows(
                stream, positions, starts, weights.left, weights.right, weights.unit, row, position, stop,
                work.sums, work.touched, work.regions, n_written, columns, values, row_lengths,
            )  # fmt: skip
            position = stop
        rows.add(first_row, row_lengths[first_row:last_row], columns[:n_written], values[:n_written])
        idle.append(work)
        return end - int(starts[first_row])

    team.run(count_rows, split_by_size(starts, positions_per_range), bar.update)


def _add_up(parts: list[SpooledRows], rows: SpooledRows, unit: float, entries_per_range: int, team: ThreadTeam) -> None:
    """Add up the rows of parts."""
    n_terms = rows.shape[0]
    idle: list[_Work] = []

    def add_rows(first_row: int, last_row: int) -> None:
        if team.cancelled:
            return
        chunks = [part.read(first_row, last_row) for part in parts]
        before = cumulative_offsets(np.array([len(piece.columns) for piece in chunks]))
        starts = np.array([piece.indptr + n for piece, n in zip(chunks, before[:-1], strict=True)])
        n_entries = np.minimum(sum(np.diff(piece.indptr) for piece in chunks), n_terms)
        work = _Work.take(idle, n_terms)
        columns, values = work.room(int(n_entries.sum()), np.float32)
        row_lengths = np.empty(last_row - first_row, dtype=np.int64)
        n_written = _counting.add_rows(
            np.concatenate([piece.columns for piece in chunks]), np.concatenate([piece.values for piece in chunks]), starts, unit,
            work.sums, work.touched, work.regions, columns, values, row_lengths,
        )  # fmt: skip
        rows.add(first_row, row_lengths, columns[:n_written], values[:n_written])
        idle.append(work)

    lengths = sum(part.lengths for part in parts)
    team.run(add_rows, split_by_size(cumulative_offsets(np.asarray(lengths)), entries_per_range))
