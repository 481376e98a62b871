"""Whether training on the cluster pays, or X should be gathered on one machine.

Both have the same bits, so that only time matters. On one machine an epoch costs the time of its records. On the cluster it is
divided among the threads of all workers, but parameters have to travel:

- every group of columns visits every worker, around a ring; all links are used at the same time, so that this takes as long as
  one worker needs to receive the parameters of all columns, however many workers there are;
- the parameters of all rows and columns leave the client when an epoch begins, and come back when it ends, by which it can be
  repeated;
- and each of the tasks keeps the scheduler busy.

``python -m benchmarks cluster-training`` compares this model with what was measured on workers with limited bandwidth.
"""

from __future__ import annotations

from typing import NamedTuple

from glove_sklearn._training.blocks import RECORD, choose_n_partitions
from glove_sklearn._training.packed_parameters import padded_width
from glove_sklearn._training.settings import TrainingSettings

#: Nanoseconds in which a thread trains one number of a packed row with a record: 180 for d = 300.
NANOSECONDS_PER_NUMBER = 0.6
#: Bytes per second between two machines. 1 Gbit/s is little, so that the cluster is chosen where it pays on any network.
BANDWIDTH = 1e9 / 8
#: Seconds in which the scheduler handles a task.
SECONDS_PER_TASK = 1e-3
#: Groups of row partitions for each thread of the cluster: while one of them is trained on, the columns of another arrive.
GROUPS_PER_THREAD = 2
#: Tasks for each tile: one that visits it, and one that passes its columns on.
TASKS_PER_TILE = 2


class Seconds(NamedTuple):
    """What training takes, by estimate."""

    gathered: float
    distributed: float


def seconds_of_work(n_entries: int, settings: TrainingSettings) -> float:
    """Estimate the time of an epoch on one thread, from the number of nonzero entries of X."""
    n_records = n_entries * (1 + float(settings.negative_ratio))
    return n_records * padded_width(int(settings.n_components)) * NANOSECONDS_PER_NUMBER * 1e-9


def number_of_groups(n_partitions: int, n_threads: int, work: float) -> int:
    """Return the number of groups of partitions for a cluster with that many threads.

    With n groups an epoch takes at least work / n + 2 n**2 SECONDS_PER_TASK, which is least for
    n**3 = work / (4 SECONDS_PER_TASK): more groups would keep the scheduler busy, and not the workers.
    """
    affordable = (work / (2 * TASKS_PER_TILE * SECONDS_PER_TASK)) ** (1 / 3)
    n_groups = max(1, int(min(n_partitions, GROUPS_PER_THREAD * n_threads, affordable)))
    # Threads have equally many groups, unless there are not enough for all.
    return n_groups - n_groups % n_threads if n_groups > n_threads else n_groups


def number_of_tasks(n_groups: int) -> int:
    """Return the number of tasks of an epoch; the tiles on the diagonal are visited twice."""
    return TASKS_PER_TILE * n_groups * (n_groups + 1)


def row_bytes(settings: TrainingSettings) -> int:
    """Return the size of the parameters of a row or a column, accumulators included."""
    return 8 * padded_width(int(settings.n_components))


def epoch_seconds(
    shape: tuple[int, int],
    n_entries: int,
    settings: TrainingSettings,
    n_workers: int,
    n_threads: int,
    bandwidth: float = BANDWIDTH,
) -> float:
    """Estimate the time of an epoch on the cluster; see :func:`estimate`."""
    work, size = seconds_of_work(n_entries, settings), row_bytes(settings)
    n_groups = number_of_groups(choose_n_partitions(shape, n_entries, size), n_threads, work)
    ring = shape[1] * size / bandwidth if n_workers > 1 else 0.0
    client = 2 * sum(shape) * size / bandwidth
    return work / min(n_threads, n_groups) + ring + client + number_of_tasks(n_groups) * SECONDS_PER_TASK


def estimate(
    shape: tuple[int, int],
    n_entries: int,
    settings: TrainingSettings,
    n_jobs: int,
    n_workers: int,
    n_threads: int,
    bandwidth: float = BANDWIDTH,
) -> Seconds:
    """Estimate the time of training on one machine, X being brought to it, and on the cluster.

    Parameters
    ----------
    shape : (int, int)
        Of X.
    n_entries : int
        Number of nonzero entries of X.
    settings : TrainingSettings
    n_jobs : int
        Threads of the one machine.
    n_workers, n_threads : int
        Workers of the cluster, and the threads of all of them.
    bandwidth : float
        Bytes per second.
    """
    n_epochs = int(settings.max_iter)
    work = seconds_of_work(n_entries, settings)
    n_records = n_entries * (1 + float(settings.negative_ratio))
    return Seconds(
        n_entries * RECORD.itemsize / bandwidth + n_epochs * work / n_jobs,
        n_records * RECORD.itemsize / (n_workers * bandwidth)
        + n_epochs * epoch_seconds(shape, n_entries, settings, n_workers, n_threads, bandwidth),
    )
