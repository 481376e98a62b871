"""Records of X on the workers of a cluster: groups of partitions, and the tasks that make the records of each.

The partitions of rows, and those of columns, are cut into groups of consecutive ones. A tile holds the blocks of a group of
rows and a group of columns. Each range of rows of X is cut into pieces, one for every group of rows and strip of columns, which
is some groups of them; the pieces of a strip are put together, block by block in the order of the rows of X, and shuffled as on
one machine. All tasks are pure functions, so that what is lost with a worker is made again, with the same bits.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glove_sklearn._counting.row_store import RowBlock
from glove_sklearn._distributed.cluster import Cluster
from glove_sklearn._distributed.rows import DistributedRows
from glove_sklearn._training import _blocks
from glove_sklearn._training.blocks import (
    RECORD,
    NegativePairs,
    NegativeSampling,
    Partitioning,
    Seeds,
    block_digest,
    deal,
)
from glove_sklearn._training.subsampling import SamplingFactors, add_sums
from glove_sklearn._training.value_histogram import count_values

if TYPE_CHECKING:
    from distributed import Future


class Tile(NamedTuple):
    """Records of the blocks of a group of row partitions and a group of column partitions."""

    records: np.ndarray
    """Of RECORD: block after block, by row partition and then by column partition."""
    ends: np.ndarray
    """(row partitions, column partitions), int64: where each block ends among the records."""

    def block(self, i: int, j: int) -> tuple[int, int]:
        """Return where a block begins and ends; `i` and `j` are numbers inside the groups."""
        end = int(self.ends[i, j])
        before = i * self.ends.shape[1] + j - 1
        return int(self.ends.ravel()[before]) if before >= 0 else 0, end


class Dealing(NamedTuple):
    """How rows and columns are dealt to partitions."""

    rows: Partitioning
    columns: Partitioning
    column_lengths: np.ndarray
    """(n_columns,), int64: number of entries of each column."""


class Piece(NamedTuple):
    """Records of some rows of X that belong to one group of row partitions and one strip of column partitions."""

    records: np.ndarray
    """Of RECORD, block after block."""
    counts: np.ndarray
    """(row partitions of the group, column partitions of the strip), int64: number of records of each block."""


def sampled(cluster: Cluster, rows: DistributedRows, sample: float | None) -> list[Future]:
    """Return the blocks of X as training sees them with the parameter `sample`."""
    if not sample:
        return list(rows.blocks)
    sums = cluster.submit("sum-rows", _add_sums, rows.blocks[0], None, rows.shape)
    # The sums of the columns depend on the order of the rows: one task after the other.
    for block in rows.blocks[1:]:
        sums = cluster.submit("sum-rows", _add_sums, block, sums, rows.shape)
    factors = cluster.submit("sampling-factors", _factors, sums, float(sample))
    return [cluster.submit("sample-rows", _scale, block, factors) for block in rows.blocks]


def value_counts(cluster: Cluster, blocks: list[Future]) -> Future:
    """Count the entries of X by value, as :class:`~glove_sklearn._training.value_histogram.ValueHistogram` takes them."""
    return cluster.reduce(
        "add-values", _add, [cluster.submit("count-values", _count_values, block) for block in blocks]
    )


def dealing(cluster: Cluster, rows: DistributedRows, n_partitions: int) -> Future:
    """Deal the rows and the columns of X to partitions."""
    lengths = [cluster.submit("count-entries", _lengths, block, rows.shape[1]) for block in rows.blocks]
    return cluster.submit("deal-rows", _deal, cluster.reduce("add-entries", _join_lengths, lengths), n_partitions)


def make_tiles(
    cluster: Cluster,
    blocks: list[Future],
    dealt: Future,
    bounds: list[int],
    strip_bounds: list[int],
    workers: list[str],
    negatives: NegativeSampling,
    seeds: Seeds,
) -> list[list[Future]]:
    """Make the records of X.

    Parameters
    ----------
    cluster : Cluster
    blocks : list of Future of RowBlock
    dealt : Future of Dealing
    bounds : list of int
        The first partition of each group, and the number of partitions.
    strip_bounds : list of int
        Some of them, the first and the last included: a task puts together the records of a group of rows between two of them.
    workers : list of str
        The address of the worker that keeps each group of rows.
    negatives : NegativeSampling
    seeds : Seeds

    Returns
    -------
    tiles : list of list of Future of Tile
        By group of rows, and by group of columns.
    """
    pairs = cluster.submit("sampling-table", _pairs, dealt, negatives, seeds.negatives)
    strips = list(pairwise(strip_bounds))
    cut = [cluster.submit("cut-records", _cut, block, dealt, pairs, bounds, strip_bounds) for block in blocks]
    tiles: list[list[Future]] = []
    for group, (first, last) in enumerate(pairwise(bounds)):
        tiles.append([])
        for strip, columns in enumerate(strips):
            index = group * len(strips) + strip
            pieces = [cluster.submit("send-records", _item, piece, index) for piece in cut]
            here = [bound for bound in bounds if columns[0] <= bound <= columns[1]]
            joined = cluster.submit(
                "join-records", _join, pieces, seeds.shuffles[first:last, slice(*columns)], here, worker=workers[group]
            )
            tiles[group] += [
                cluster.submit("keep-records", _item, joined, other, worker=workers[group])
                for other in range(len(here) - 1)
            ]
    return tiles


def _add_sums(
    block: RowBlock, before: tuple[np.ndarray, np.ndarray] | None, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    sums = (np.zeros(shape[0]), np.zeros(shape[1])) if before is None else (before[0].copy(), before[1].copy())
    add_sums(block, *sums)
    return sums


def _factors(sums: tuple[np.ndarray, np.ndarray], sample: float) -> SamplingFactors:
    return SamplingFactors.of(*sums, sample)


def _scale(block: RowBlock, factors: SamplingFactors) -> RowBlock:
    return factors.scale(block)


def _count_values(block: RowBlock) -> np.ndarray:
    return count_values(block.values)


def _add(parts: list[np.ndarray]) -> np.ndarray:
    return np.sum(parts, axis=0)


def _lengths(block: RowBlock, n_columns: int) -> tuple[np.ndarray, np.ndarray]:
    return np.diff(block.indptr), np.bincount(block.columns, minlength=n_columns)


def _join_lengths(parts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([rows for rows, _ in parts]), _add([columns for _, columns in parts])


def _deal(lengths: tuple[np.ndarray, np.ndarray], n_partitions: int) -> Dealing:
    return Dealing(deal(lengths[0], n_partitions), deal(lengths[1], n_partitions), lengths[1])


def _pairs(dealt: Dealing, negatives: NegativeSampling, seed: int) -> NegativePairs:
    return NegativePairs.of(dealt.column_lengths, negatives, seed)


def _item(items: list, index: int) -> Any:
    return items[index]


def _cut(
    block: RowBlock, dealt: Dealing, pairs: NegativePairs, bounds: list[int], strip_bounds: list[int]
) -> list[Piece]:
    """Turn rows of X into records, a piece for each group of row partitions and strip of column partitions."""
    entries = pairs.add_to(block)
    rows, columns = dealt.rows, dealt.columns
    some_rows = slice(block.first_row, block.last_row)
    counts = np.zeros((bounds[-1], bounds[-1]), dtype=np.int64)
    _blocks.count_blocks(
        entries.indptr, entries.columns, entries.values, rows.partitions[some_rows], columns.partitions, counts
    )
    ends = np.empty_like(counts)
    parts = [(slice(*group), slice(*strip)) for group in pairwise(bounds) for strip in pairwise(strip_bounds)]
    at, starts = 0, [0]
    for part in parts:
        sizes = counts[part]
        ends[part] = at + (np.cumsum(sizes) - sizes.ravel()).reshape(sizes.shape)
        at += int(sizes.sum())
        starts.append(at)
    records = np.empty(at, dtype=RECORD)
    _blocks.fill_blocks(
        entries.indptr, entries.columns, entries.values, rows.partitions[some_rows], rows.indices[some_rows],
        columns.partitions, columns.indices, ends, records,
    )  # fmt: skip
    # Copies, so that a piece that has been sent away is released.
    return [
        Piece(records[start:end].copy(), counts[part].copy())
        for part, (start, end) in zip(parts, pairwise(starts), strict=True)
    ]


def _join(pieces: list[Piece], seeds: np.ndarray, bounds: list[int]) -> list[Tile]:
    """Put the pieces of a strip together, in the order of the rows of X, and shuffle each block.

    Parameters
    ----------
    pieces : list of Piece
    seeds : ndarray
        Of each block.
    bounds : list of int
        The first column partition of each tile, and the end of the last.
    """
    # Where each block begins in each piece.
    begins = [(np.cumsum(piece.counts) - piece.counts.ravel()).reshape(seeds.shape) for piece in pieces]
    totals = _add([piece.counts for piece in pieces])
    tiles = []
    for first, last in pairwise(bound - bounds[0] for bound in bounds):
        sizes = totals[:, first:last]
        tile = Tile(np.empty(sizes.sum(), dtype=RECORD), np.cumsum(sizes).reshape(sizes.shape))
        for i, j in np.ndindex(sizes.shape):
            start, end = tile.block(i, j)
            at = start
            for piece, begin_of in zip(pieces, begins, strict=True):
                begin, size = int(begin_of[i, first + j]), int(piece.counts[i, first + j])
                tile.records[at : at + size] = piece.records[begin : begin + size]
                at += size
            _blocks.shuffle(tile.records[start:end], int(seeds[i, first + j]))
        tiles.append(tile)
    return tiles


def count_records(tile: Tile) -> int:
    """Count the records of a tile."""
    return len(tile.records)


def digests(tile: Tile) -> list[list[bytes]]:
    """Compute the digest of each block of a tile."""
    n, m = tile.ends.shape
    return [[block_digest(tile.records[slice(*tile.block(i, j))]) for j in range(m)] for i in range(n)]
