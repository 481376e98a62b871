"""Simulate an epoch of training on a cluster, task by task, and print how much of the time workers train.

Discrete events: the scheduler handles one task after the other; a worker receives the parameters of columns over its link, one
group after the other, while its threads train; a thread copies the parameters that it changes, and trains the records of a tile.
The epoch begins when the client begins to send parameters, and ends when the client has all of them again. Sizes of tiles are
those of a text, dealt as in training. Everything else is a cost that was measured; see `Costs`.

    python -m benchmarks.simulations.rounds --corpus FILE

prints tables, and draws docs/cluster-rounds.png (needs matplotlib).
"""

from __future__ import annotations

import argparse
import heapq
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
from scipy import sparse

from benchmarks.harness import corpora
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.settings import COUNTING
from glove_sklearn import CooccurrenceCounter
from glove_sklearn._distributed.crossover import NANOSECONDS_PER_NUMBER, SECONDS_PER_TASK, number_of_groups
from glove_sklearn._training.blocks import deal
from glove_sklearn._training.packed_parameters import padded_width


@dataclass(frozen=True)
class Costs:
    """What things cost."""

    seconds_per_task: float = SECONDS_PER_TASK
    """The scheduler's work for a task; ``python -m benchmarks cluster-training`` measures it."""
    latency: float = 1e-3
    """Seconds from the scheduler to a worker, or back."""
    bandwidth: float = 10e9 / 8
    """Bytes per second of the link of a worker, in each direction, and of that of the client."""
    copying: float = 4e9
    """Bytes per second in which a thread copies parameters."""
    nanoseconds_per_number: float = NANOSECONDS_PER_NUMBER
    """To train one number of a packed row with a record; ``python -m benchmarks train`` measures it."""


@dataclass(frozen=True)
class Training:
    """What is trained."""

    name: str
    n_rows: int
    n_columns: int
    n_records: float
    n_components: int = 300


@dataclass(frozen=True)
class Epoch:
    """What a simulation found."""

    seconds: float
    efficiency: float
    """Of the threads: the time in which they train, as a fraction of the whole."""
    bytes_between_workers: float
    bytes_of_client: float
    """That it sends, and receives."""
    scheduler: float
    """Fraction of the time in which the scheduler is busy."""


#: Rows of X whose entries are counted together.
_ROWS_AT_ONCE = 1 << 10
#: Distinct pairs of the larger texts are estimates: see `benchmarks.simulations.plan`.
CASES = (
    Training("1.7e7 tokens, 70 thousand words", 70_123, 3 * 70_123, 2 * 64e6),
    Training("6e9 tokens, 400 thousand words", 400_000, 3 * 400_000, 2 * 5e9),
    Training("8.4e11 tokens, 2.2 million words", 2_200_000, 3 * 2_200_000, 2 * 2e11),
)


def shares_of_tiles(X: sparse.csr_array, n_groups: int, partitions_per_group: int = 1) -> np.ndarray:
    """Return the fraction of the entries of a CSR array that is in each tile, (n_groups, n_groups).

    Rows and columns are dealt to partitions as in training, and consecutive partitions are a group.
    """
    n_partitions = n_groups * partitions_per_group
    rows = deal(np.diff(X.indptr).astype(np.int64), n_partitions).partitions // partitions_per_group
    columns = deal(np.bincount(X.indices, minlength=X.shape[1]), n_partitions).partitions // partitions_per_group
    counts = np.zeros(n_groups**2)
    for first in range(0, X.shape[0], _ROWS_AT_ONCE):
        ends = X.indptr[first : first + _ROWS_AT_ONCE + 1]
        of_rows = np.repeat(rows[first : first + _ROWS_AT_ONCE], np.diff(ends))
        counts += np.bincount(of_rows * n_groups + columns[X.indices[ends[0] : ends[-1]]], minlength=n_groups**2)
    return counts.reshape(n_groups, n_groups) / counts.sum()


def simulate(
    training: Training, shares: np.ndarray, n_workers: int, n_threads: int = 1, costs: Costs = Costs()
) -> Epoch:
    """Simulate one epoch.

    Parameters
    ----------
    training : Training
    shares : ndarray of shape (n_groups, n_groups)
        The fraction of the records in each tile.
    n_workers, n_threads : int
        Workers, and the threads of each. Groups of rows are on them in their order.
    costs : Costs
    """
    n = len(shares)
    width = padded_width(training.n_components)
    seconds = shares * training.n_records * width * costs.nanoseconds_per_number * 1e-9
    row_bytes, column_bytes = (8 * width * size / n for size in (training.n_rows, training.n_columns))
    copying = (row_bytes + column_bytes) / costs.copying
    worker_of = [group * n_workers // n for group in range(n)]

    events: list[tuple[float, int, str, int, int]] = []
    n_events = 0

    def at(time: float, what: str, group: int, step: int) -> None:
        nonlocal n_events
        n_events += 1
        heapq.heappush(events, (time, n_events, what, group, step))

    # Visits wait for their rows and their columns; in the beginning, for the client to send both.
    waiting = {(group, step): 2 for group in range(n) for step in range(n + 1)}
    scheduler_free = scheduler_busy = 0.0
    link_in, link_out = [0.0] * n_workers, [0.0] * n_workers
    idle = [n_threads] * n_workers
    ready: list[list[tuple[int, int]]] = [[] for _ in range(n_workers)]
    crossed, client_free, finished = 0.0, 0.0, 0.0
    for group in range(n):
        client_free += (row_bytes + column_bytes) / costs.bandwidth
        waiting[group, 0] = 1
        at(client_free, "have", group, 0)

    def schedule(now: float, what: str, group: int, step: int) -> None:
        nonlocal scheduler_free, scheduler_busy
        scheduler_free = max(scheduler_free, now) + costs.seconds_per_task
        scheduler_busy += costs.seconds_per_task
        at(scheduler_free + costs.latency, what, group, step)

    def start_tasks(now: float, worker: int) -> None:
        while idle[worker] and ready[worker]:
            step, group = heapq.heappop(ready[worker])
            idle[worker] -= 1
            # Half of the blocks of a tile on the diagonal are visited in the beginning, and half in the end.
            tile = seconds[group, (group + step) % n] / (2 if step in (0, n) else 1)
            at(now + copying + tile, "visited", group, step)

    while events:
        now, _, what, group, step = heapq.heappop(events)
        worker = worker_of[group]
        if what == "have":  # the scheduler knows that the rows, or the columns, of a visit are there
            waiting[group, step] -= 1
            if not waiting[group, step]:
                schedule(now, "fetch", group, step)
        elif what == "fetch":
            source = worker_of[(group + 1) % n]
            if step > 0 and source != worker:
                begin = max(now, link_out[source], link_in[worker])
                link_out[source] = link_in[worker] = now = begin + column_bytes / costs.bandwidth
                crossed += column_bytes
            at(now, "visit", group, step)
        elif what == "visit":
            heapq.heappush(ready[worker], (step, group))
            start_tasks(now, worker)
        elif what == "visited":
            idle[worker] += 1
            if step == n:
                finished = max(finished, now) + (row_bytes + column_bytes) / costs.bandwidth
            else:
                at(now + costs.latency, "have", group, step + 1)
                # A task that passes columns on has priority, and takes no time.
                schedule(now + costs.latency, "move", group, step)
            start_tasks(now, worker)
        else:
            at(now + costs.latency, "have", (group - 1) % n, step + 1)
    trained = seconds.sum()
    return Epoch(
        finished,
        trained / (finished * n_workers * n_threads),
        crossed,
        2 * n * (row_bytes + column_bytes),
        scheduler_busy / finished,
    )


def groups_of(training: Training, n_threads: int) -> int:
    """Return the number of groups of rows that training makes, of all that the partitions allow."""
    work = training.n_records * padded_width(training.n_components) * NANOSECONDS_PER_NUMBER * 1e-9
    return number_of_groups(1 << 16, n_threads, work)


def rows(shares: Callable[[int], np.ndarray]) -> Iterator[dict[str, str]]:
    """Yield the lines of the table: each text on clusters of several sizes, and the largest with other costs."""
    usual = Costs()
    slow = replace(usual, bandwidth=1e9 / 8)
    plans: list[tuple[Training, int, int | None, Costs]] = [
        *((training, n, None, usual) for training in CASES for n in (2, 8, 64)),
        (CASES[1], 64, None, slow),
        (CASES[2], 64, None, slow),
        *((CASES[2], 64, n_groups, usual) for n_groups in (64, 256)),
        (CASES[2], 64, 128, replace(usual, seconds_per_task=10 * usual.seconds_per_task)),
        (CASES[2], 256, None, usual),
    ]
    for training, n_workers, n_groups, costs in plans:
        n_groups = n_groups or groups_of(training, n_workers)
        epoch = simulate(training, shares(n_groups), n_workers, costs=costs)
        yield {
            "text": training.name,
            "workers": f"{n_workers}",
            "groups": f"{n_groups}",
            "Gbit/s": f"{8 * costs.bandwidth / 1e9:g}",
            "ms / task": f"{1e3 * costs.seconds_per_task:g}",
            "epoch, s": f"{epoch.seconds:,.1f}",
            "efficiency": f"{epoch.efficiency:.0%}",
            "GB between workers": f"{epoch.bytes_between_workers / 1e9:,.1f}",
            "GB of the client": f"{epoch.bytes_of_client / 1e9:,.1f}",
            "scheduler busy": f"{epoch.scheduler:.0%}",
        }


def draw(shares: Callable[[int], np.ndarray], path: Path, sizes: Sequence[int] = (1, 2, 4, 8, 16, 32, 64, 128)) -> None:
    """Draw the efficiency over the number of workers."""
    from matplotlib.figure import Figure

    from benchmarks.plots.style import hide_frame

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, gigabits in zip(figure.subplots(1, 2, sharey=True), (1, 10), strict=True):
        for training in CASES:
            costs = Costs(bandwidth=gigabits * 1e9 / 8)
            epochs = [simulate(training, shares(groups_of(training, n)), n, costs=costs) for n in sizes]
            values = [100 * epoch.efficiency for epoch in epochs]
            axes.plot(sizes, values, marker="o", ms=4, label=training.name)
        axes.set_xscale("log", base=2)
        axes.set_xticks(sizes, [str(n) for n in sizes])
        axes.set_ylim(0, 105)
        axes.set_title(f"{gigabits} Gbit/s", loc="left")
        axes.set_xlabel("workers of one thread (log scale)")
        axes.grid(alpha=0.3)
        hide_frame(axes)
    figure.axes[0].set_ylabel("efficiency, %")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(path, dpi=100)


def main(arguments: Sequence[str] | None = None) -> None:
    """Count the text, simulate, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulations.rounds", description=__doc__)
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="text; default: the text that gensim ships")
    parser.add_argument("--figure", type=Path, metavar="FILE", help="where to draw, such as docs/cluster-rounds.png")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        text = corpora.prepare(options.corpus, Path(folder))
        X = CooccurrenceCounter(**COUNTING).fit(iterate_documents(str(text.path))).cooccurrence_
    shares = cache(partial(shares_of_tiles, X))
    print_table(rows(shares))
    if options.figure is not None:
        draw(shares, options.figure)


def print_table(lines: Iterator[dict[str, str]]) -> None:
    """Print a table in Markdown."""
    for i, line in enumerate(lines):
        if i == 0:
            print("| " + " | ".join(line) + " |")
            print("|" + "---|" * len(line))
        print("| " + " | ".join(line.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
