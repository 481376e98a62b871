"""Train on a cluster: records stay on their workers, and the parameters of columns move between them.

An epoch visits the blocks (i, j) in strata, and only two rules matter for the result: block (i, j) comes after (i, j - 1), which
trains the same rows, and after (i + 1, j), which trains the same columns. Here partitions are in groups, and the same rules hold
for tiles, the blocks of a group of rows and a group of columns. So a group of rows visits its tiles from left to right, beginning
with its own group of columns, and each group of columns moves from a group of rows to the one before it. The first tile of a
group, on the diagonal, is visited in two parts: the blocks on and above the diagonal in the beginning, those below it in the end.

::

    step        0        1        2        3                  groups of rows 0 and 1 on one worker, 2 and 3 on another:
    rows 0     (0,0)    (0,1)    (0,2)    (0,3)    (0,0)      in each step two groups of columns move between workers,
    rows 1     (1,1)    (1,2)    (1,3)    (1,0)    (1,1)      and two stay
    rows 2     (2,2)    (2,3)    (2,0)    (2,1)    (2,2)
    rows 3     (3,3)    (3,0)    (3,1)    (3,2)    (3,3)

All parameters begin and end a visit in the memory of the client. So a visit is a pure function of what the client has, and is
repeated when a worker is lost.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from distributed import Client, Future, KilledWorker, get_worker

from glove_sklearn._distributed.cluster import Cluster, explained
from glove_sklearn._distributed.crossover import estimate, number_of_groups, seconds_of_work
from glove_sklearn._distributed.records import (
    Dealing,
    Tile,
    count_records,
    dealing,
    digests,
    make_tiles,
    sampled,
    value_counts,
)
from glove_sklearn._distributed.rows import DistributedRows
from glove_sklearn._system.memory import zeros_on_cache_lines
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training.blocks import (
    RECORD,
    Kernel,
    Partitioning,
    Side,
    TrainingBlocks,
    chunks,
    combined_digest,
    draw_seeds,
    strata,
)
from glove_sklearn._training.checkpoint import Checkpoint
from glove_sklearn._training.memory_plan import plan_memory
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn._training.state import ModelState
from glove_sklearn._training.trainer import TrainedModel, resolve_values, train, train_on_records
from glove_sklearn._training.value_histogram import ValueHistogram

#: How often a visit is begun again after workers were lost.
_MAX_ATTEMPTS = 10
#: The memory of a thread of a worker, if Dask does not limit it, and the fraction that joined records may take of it: their
#: pieces take the same, and so may the tiles that are made of them.
_MEMORY_OF_A_THREAD, _JOINED_SHARE = 4e9, 1 / 8
#: Seconds to wait for a worker if none is left.
_PATIENCE = 60


class WorkerLostError(Exception):
    """A worker is gone that parameters were to be sent to."""


class Visited(NamedTuple):
    """What a task returns that has visited a tile."""

    rows: np.ndarray | None
    """What it changed of the rows."""
    columns: np.ndarray | None
    """What it changed of the columns."""
    losses: np.ndarray
    """(row partitions of the group, n_partitions), float64: the losses of the blocks of this group of rows so far."""


def train_where_it_pays(
    rows: DistributedRows, settings: TrainingSettings, storage: Storage, team: ThreadTeam, **options: Any
) -> TrainedModel:
    """Train on the cluster that the rows are on, or on this machine, wherever it takes less time by estimate; the same bits.

    Parameters
    ----------
    rows : DistributedRows
        Closed when they are no longer needed.
    settings, storage, team, **options
        As for :func:`train_distributed`.
    """
    client: Client = rows.blocks[0].client
    with explained():
        threads = _threads(client)
    seconds = estimate(rows.shape, rows.n_entries, settings, team.n_jobs, len(set(threads)), len(threads))
    if seconds.distributed < seconds.gathered:
        model = train_distributed(rows, settings, storage, team, client, **options)
        rows.close()
        return model
    gathered = rows.gather(storage, settings.verbose)
    rows.close()
    return train(gathered, settings, storage, team, **options)


def train_distributed(
    rows: DistributedRows,
    settings: TrainingSettings,
    storage: Storage,
    team: ThreadTeam,
    client: Client,
    *,
    origin: ModelState | None = None,
    given: np.ndarray | None = None,
    checkpoint: Checkpoint | None = None,
    make_snapshot: Callable[[TrainedModel], Any] = lambda model: model,
) -> TrainedModel:
    """Train on rows of X that are on a cluster, with the same bits as on one machine.

    Nothing of the size of X comes to the client. It holds the parameters, twice while they change, and what the initialisation
    and the post-processing need.

    Parameters
    ----------
    rows : DistributedRows
        Their futures should be kept until the end: what is lost with a worker is made from them again.
    settings : TrainingSettings
    storage : Storage
        Limits the memory of the client.
    team : ThreadTeam
        Threads of the client.
    client : Client
    origin, given, checkpoint, make_snapshot
        As in :func:`~glove_sklearn._training.trainer.train`.

    Returns
    -------
    TrainedModel
    """
    plan_memory(rows.shape, 0, settings, storage, team.n_jobs)
    with explained(), Cluster(client, settings.verbose) as cluster:
        return train_on_records(
            lambda n_partitions, random_state: _make_records(cluster, rows, settings, n_partitions, random_state),
            rows.shape, rows.n_entries, settings, team, origin=origin, given=given, checkpoint=checkpoint,
            make_snapshot=make_snapshot,
        )  # fmt: skip


def _make_records(
    cluster: Cluster,
    rows: DistributedRows,
    settings: TrainingSettings,
    n_partitions: int,
    random_state: np.random.RandomState,
) -> tuple[TrainingBlocks, float]:
    """Make the records of X on the workers; return x_max, too."""
    blocks = sampled(cluster, rows, settings.sample)
    x_max, negatives = resolve_values(settings, lambda: ValueHistogram(value_counts(cluster, blocks).result()))
    seeds = draw_seeds(random_state, n_partitions, negatives)
    threads = _threads(cluster.client)
    n_groups = number_of_groups(n_partitions, len(threads), seconds_of_work(rows.n_entries, settings))
    bounds = [n_partitions * group // n_groups for group in range(n_groups + 1)]
    workers = [threads[group * len(threads) // n_groups] for group in range(n_groups)]
    dealt = dealing(cluster, rows, n_partitions)
    n_bytes = (1 + negatives.ratio) * rows.n_entries * RECORD.itemsize
    n_strips = min(n_groups, math.ceil(n_bytes / n_groups / (_JOINED_SHARE * _memory_of_thread(cluster.client))))
    strip_bounds = [bounds[n_groups * strip // n_strips] for strip in range(n_strips + 1)]
    tiles = make_tiles(cluster, blocks, dealt, bounds, strip_bounds, workers, negatives, seeds)
    return DistributedBlocks(cluster, dealt, bounds, workers, tiles), x_max


def _threads(client: Client) -> list[str]:
    """Return the address of the worker of each thread of the cluster."""
    client.wait_for_workers(1, timeout=_PATIENCE)
    return [address for address, n_threads in sorted(client.nthreads().items()) for _ in range(n_threads)]


def _memory_of_thread(client: Client) -> float:
    """Return the bytes that a thread of a worker may use, of the worker that has least."""
    workers = client.scheduler_info()["workers"].values()
    return min(worker["memory_limit"] / worker["nthreads"] or _MEMORY_OF_A_THREAD for worker in workers)


class DistributedBlocks:
    """The records of X in blocks on the workers of a cluster; see :class:`~glove_sklearn._training.blocks.TrainingBlocks`.

    Parameters
    ----------
    cluster : Cluster
    dealt : Future of Dealing
    bounds : list of int
        The first partition of each group, and the number of partitions.
    workers : list of str
        The address of the worker that keeps each group of rows.
    tiles : list of list of Future of Tile
        By group of rows, and by group of columns.
    """

    def __init__(
        self, cluster: Cluster, dealt: Future, bounds: list[int], workers: list[str], tiles: list[list[Future]]
    ) -> None:
        self._cluster, self._bounds, self._workers, self._tiles = cluster, bounds, workers, tiles
        self.n_partitions, self._n_groups = bounds[-1], len(tiles)
        counts = [
            cluster.submit("count-records", count_records, tile) for tiles_of_rows in tiles for tile in tiles_of_rows
        ]
        result: Dealing = dealt.result()
        self.rows, self.columns = result.rows, result.columns
        self.n_records = sum(cluster.client.gather(counts))

    def visit(
        self,
        kernel: Kernel,
        rows: Side,
        columns: Side,
        team: ThreadTeam,
        on_records: Callable[[int], object] = lambda n_records: None,
    ) -> np.ndarray:
        """Call a kernel on the records of every block, and return the losses."""
        client = self._cluster.client
        topic = f"glove-sklearn-{uuid.uuid4().hex}"
        client.subscribe_topic(topic, lambda event: on_records(event[1]))
        try:
            for attempt in range(_MAX_ATTEMPTS):
                try:
                    results = self._visit(kernel, rows, columns, topic)
                    break
                except (WorkerLostError, CancelledError, KilledWorker) as error:
                    if attempt == _MAX_ATTEMPTS - 1:
                        raise RuntimeError(
                            f"workers were lost {_MAX_ATTEMPTS} times during {kernel.name!r} ({error}); see why they end: often "
                            "because they need more memory."
                        ) from error
                    self._replace_lost_workers()
        finally:
            client.unsubscribe_topic(topic)
        losses = np.concatenate([visited.losses for visited in results])
        for side, partitioning, parts in (
            (rows, self.rows, [visited.rows for visited in results]),
            (columns, self.columns, [visited.columns for visited in results]),
        ):
            if side.changed is not None:
                for group, part in enumerate(parts):
                    side.changed[self._members(partitioning, group)] = part
        return losses

    def _members(self, partitioning: Partitioning, group: int) -> slice:
        """Return the slice of the rows, or of the columns, of a group."""
        return slice(int(partitioning.starts[self._bounds[group]]), int(partitioning.starts[self._bounds[group + 1]]))

    def _visit(self, kernel: Kernel, rows: Side, columns: Side, topic: str) -> list[Visited]:
        """Visit all tiles, and return what the last task of each group of rows returned."""
        n = self._n_groups
        constants, changed = zip(self._scatter(rows, self.rows), self._scatter(columns, self.columns), strict=True)
        # What the last step that visited them returned of a group of rows, and of a group of columns. What was sent is kept: only
        # of data that a client holds does Dask tell it that they are lost.
        before, moving = map(list, changed)
        starts = [
            [part.starts[first : last + 1] - part.starts[first] for first, last in pairwise(self._bounds)]
            for part in (self.rows, self.columns)
        ]
        for step in range(n + 1):
            for group in range(n):
                other = (group + step) % n
                # Futures are arguments of their own, so that the scheduler sees them.
                before[group] = self._cluster.submit(
                    kernel.name, _visit_tile, kernel, self._tiles[group][other],
                    constants[0][group], before[group], starts[0][group],
                    constants[1][other], moving[other], starts[1][other],
                    (self._bounds[other], self.n_partitions), _part_of_diagonal(step, n), topic,
                    worker=self._workers[group],
                )  # fmt: skip
            for group in range(n if step < n else 0):
                moving[(group + step) % n] = self._cluster.submit(
                    "move-columns", _columns_of, before[group], worker=self._workers[group], priority=1
                )
        return self._cluster.client.gather(before)

    def _scatter(self, side: Side, partitioning: Partitioning) -> tuple[list[Any], list[Any]]:
        """Send each group's part of the arrays to its worker; return those of the constants, and of what is changed."""
        n = self._n_groups
        constants: list[Any] = [()] * n
        changed: list[Any] = [None] * n
        for worker in dict.fromkeys(self._workers):
            groups = [group for group, theirs in enumerate(self._workers) if theirs == worker]
            parts = [side.part(self._members(partitioning, group)) for group in groups]
            try:
                if side.constants:
                    sent = self._cluster.send([part.constants for part in parts], worker)
                    constants = _with(constants, groups, sent)
                if side.changed is not None:
                    sent = self._cluster.send([part.changed for part in parts], worker)
                    changed = _with(changed, groups, sent)
            except (KeyError, OSError, TimeoutError) as error:  # a KeyError from a scheduler that no longer knows it
                raise WorkerLostError(worker) from error
        return constants, changed

    def _replace_lost_workers(self) -> None:
        """Give the groups of rows of workers that are gone to others."""
        threads = _threads(self._cluster.client)
        self._workers = [
            worker if worker in threads else threads[group % len(threads)] for group, worker in enumerate(self._workers)
        ]

    def digest(self) -> str:
        """Compute a digest of the records, by which a checkpoint recognises its run."""
        futures = [[self._cluster.submit("digest-records", digests, tile) for tile in tiles] for tiles in self._tiles]
        found: list[list[list[list[bytes]]]] = self._cluster.client.gather(futures)
        table = [[digest for tile in tiles for digest in tile[i]] for tiles in found for i in range(len(tiles[0]))]
        return combined_digest(table[i][j] for i, j in strata(self.n_partitions).reshape(-1, 2))

    def close(self) -> None:
        """Release the records."""
        self._tiles = []


def _part_of_diagonal(step: int, n_groups: int) -> str:
    """Return which blocks of its tile a step visits."""
    if step == 0:
        return "upper"
    return "lower" if step == n_groups else "all"


def _with(items: list[Any], indices: list[int], values: list[Any]) -> list[Any]:
    """Return a list in which some items are others."""
    replaced = dict(zip(indices, values, strict=True))
    return [replaced.get(index, item) for index, item in enumerate(items)]


def _visit_tile(
    kernel: Kernel,
    tile: Tile,
    row_constants: tuple[np.ndarray, ...],
    before: Visited | np.ndarray | None,
    row_starts: np.ndarray,
    column_constants: tuple[np.ndarray, ...],
    moved: np.ndarray | None,
    column_starts: np.ndarray,
    place: tuple[int, int],
    part: str,
    topic: str,
) -> Visited:
    """Call a kernel on the blocks of a tile.

    Parameters
    ----------
    kernel : Kernel
    tile : Tile
    row_constants, column_constants : tuple of ndarray
    before : Visited, ndarray or None
        What the step before returned for these rows; in the first step, what is changed of them.
    moved : ndarray or None
        What is changed of these columns, as the step before left it.
    row_starts, column_starts : ndarray, int64
        Where each partition begins in its group, and the end of the last.
    place : (int, int)
        The first column partition of the tile, and the number of all.
    part : "all", "upper" or "lower"
        Of a tile on the diagonal: the blocks on and above the diagonal, or those below.
    topic : str
        Where the numbers of records are logged.
    """
    first_column, n_partitions = place
    n, m = tile.ends.shape
    rows = Side(row_constants, _copy(before.rows if isinstance(before, Visited) else before))
    columns = Side(column_constants, _copy(moved))
    losses = before.losses.copy() if isinstance(before, Visited) else np.zeros((n, n_partitions))
    n_records = 0
    # From left to right, and from the last row to the first: after (i, j - 1) and after (i + 1, j).
    for j in range(m):
        of_columns = columns.part(slice(column_starts[j], column_starts[j + 1])).arrays
        for i in reversed(range(n)):
            if part != "all" and (j >= i) != (part == "upper"):
                continue
            of_rows = rows.part(slice(row_starts[i], row_starts[i + 1])).arrays
            for start, end in chunks(*tile.block(i, j)):
                losses[i, first_column + j] += kernel(tile.records[start:end], of_rows, of_columns)
                n_records += end - start
    get_worker().log_event(topic, n_records)
    return Visited(rows.changed, columns.changed, losses)


def _columns_of(visited: Visited) -> np.ndarray | None:
    return visited.columns


def _copy(array: np.ndarray | None) -> np.ndarray | None:
    """Copy what a task will change: results of other tasks must stay as they are."""
    if array is None or array.dtype != np.float32:
        return None if array is None else array.copy()
    copy = zeros_on_cache_lines(array.shape)
    copy[:] = array
    return copy
