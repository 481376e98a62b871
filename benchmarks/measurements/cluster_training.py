"""An epoch on a cluster whose links are slow, compared with one machine, and with the estimate by which training chooses.

Workers are processes of this machine. What they send is slowed down to a bandwidth, and so is what the client sends; what the
client receives comes from all workers at once. Training itself is replaced by waiting for as long as it takes on an idle
processor, so that many workers can be measured on few processors: parameters, tasks and their order are those of training. Bytes
are counted where they are sent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.harness import processes
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting

COMPETITORS = ()
OPTIONS = {
    "n_workers": {"type": int, "metavar": "N", "help": "numbers of worker processes, of one thread each"},
    "gigabits": {"type": float, "metavar": "N", "help": "bandwidths of a link, in Gbit/s"},
    "work": {"type": float, "metavar": "SECONDS", "help": "what an epoch takes on one thread"},
    "n_words": {"type": int, "metavar": "N", "help": "rows of X, which has three columns for each"},
}


def run(
    setting: Setting,
    *,
    n_workers: tuple[int, ...] = (2, 4),
    gigabits: tuple[float, ...] = (1.0, 10.0),
    work: tuple[float, ...] = (2.0, 8.0, 32.0),
    n_words: int = 10_000,
    n_components: int = 100,
    max_iter: int = 3,
) -> Iterator[Row]:
    for n in n_workers:
        for bandwidth in gigabits:
            for seconds in work:
                case = {"n_workers": n, "gigabits": bandwidth, "work_seconds": seconds, "n_components": n_components}
                numbers = processes.in_own_process(measure, n_words=n_words, n_epochs=max_iter, **case)
                yield Row("glove-sklearn", {**case, "n_words": n_words}, numbers)


@dataclass(frozen=True)
class Waiting:
    """Takes as long as training, and changes nothing."""

    seconds_per_record: float
    name = "train-blocks"

    def __call__(self, records: np.ndarray, rows: tuple[np.ndarray, ...], columns: tuple[np.ndarray, ...]) -> float:
        """See :class:`~glove_sklearn._training.blocks.Kernel`."""
        time.sleep(len(records) * self.seconds_per_record)
        return float(len(records))


def slow_down(bytes_per_second: float) -> dict[str, float]:
    """Slow down what this process sends, all connections together, and count it."""
    from distributed.comm.tcp import TCP

    link = {"sent": 0.0, "free": 0.0}
    write = TCP.write

    async def write_slowly(comm: Any, *args: Any, **options: Any) -> int:
        n_bytes = await write(comm, *args, **options)
        now = time.monotonic()
        link["sent"] += n_bytes
        link["free"] = max(link["free"], now) + n_bytes / bytes_per_second
        await asyncio.sleep(link["free"] - now)
        return n_bytes

    TCP.write = write_slowly
    return link


def measure(
    n_workers: int, gigabits: float, work_seconds: float, n_components: int, n_words: int, n_epochs: int
) -> dict[str, Any]:
    """Train on a random X; return the seconds of the fastest epoch, the first left out, and what it sent."""
    from distributed import Client, LocalCluster, WorkerPlugin
    from distributed.comm.tcp import TCP

    from glove_sklearn import GloVe
    from glove_sklearn._counting.row_store import CsrRows
    from glove_sklearn._distributed import crossover, training
    from glove_sklearn._distributed.rows import DistributedRows
    from glove_sklearn._system.storage import Storage
    from glove_sklearn._system.threads import ThreadTeam
    from glove_sklearn._training import trainer
    from glove_sklearn._training.settings import TrainingSettings

    class SlowLink(WorkerPlugin):
        def __init__(self, bytes_per_second: float) -> None:
            self.bytes_per_second = bytes_per_second

        def setup(self, worker: Any) -> None:
            worker.link = slow_down(self.bytes_per_second)

    X = random_matrix(n_words, 3 * n_words, 100 * n_words)
    times: list[tuple[float, float]] = []
    with (
        replaced(TCP, "write", TCP.write),
        LocalCluster(n_workers=n_workers, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster, direct_to_workers=True) as client,
    ):
        client.register_plugin(SlowLink(gigabits * 1e9 / 8))
        here = slow_down(gigabits * 1e9 / 8)

        def note(*epoch: Any) -> None:
            sent = sum(client.run(lambda dask_worker: dask_worker.link["sent"]).values())
            times.append((time.monotonic(), sent + here["sent"]))

        settings = TrainingSettings.of(
            GloVe(n_components, init="random", negative_ratio=0, max_iter=n_epochs, callback=note, random_state=0)
        )
        rows, bounds = CsrRows(X), [(n_words * i // 8, n_words * (i + 1) // 8) for i in range(8)]
        blocks = client.scatter([rows.read(*some) for some in bounds], hash=False)
        # Work for which the estimate is made, and which is waited for.
        n_records = round(work_seconds / crossover.seconds_of_work(1, settings))
        with (
            Stopwatch() as watch,
            ThreadTeam(1) as team,
            replaced(trainer, "_Step", lambda x_max, alpha: Waiting(work_seconds / X.nnz)),
            replaced(training, "seconds_of_work", lambda n_entries, settings: work_seconds),
        ):
            distributed = DistributedRows(blocks, bounds, X.shape, X.nnz)
            training.train_distributed(distributed, settings, Storage(np.inf), team, client)
        del blocks, distributed
    epochs = np.diff([moment for moment, _ in times])
    expected = crossover.epoch_seconds(X.shape, n_records, settings, n_workers, n_workers, gigabits * 1e9 / 8)
    return {
        **watch.numbers(),
        "epoch_seconds": float(epochs.min()),
        "estimated_seconds": expected,
        "speedup": work_seconds / float(epochs.min()),
        "sent_bytes": float(np.diff([sent for _, sent in times]).min()),
        "estimated_bytes": (n_workers * X.shape[1] + 2 * sum(X.shape)) * crossover.row_bytes(settings),
    }


@contextmanager
def replaced(module: Any, name: str, value: Any) -> Iterator[None]:
    """Replace an attribute of a module for a while."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def random_matrix(n_rows: int, n_columns: int, n_entries: int) -> sparse.csr_array:
    """Make a matrix of which about this many entries, all 1, are not 0; every row and column has some."""
    random_state = np.random.RandomState(0)
    rows, columns = (random_state.randint(n, size=n_entries) for n in (n_rows, n_columns))
    matrix = sparse.csr_array((np.ones(n_entries, dtype=np.float32), (rows, columns)), shape=(n_rows, n_columns))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
