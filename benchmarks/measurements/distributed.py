"""Counting on a cluster of this machine, compared with counting in one process; and workers that are killed.

CPU seconds are those of the client, the scheduler and the workers. What moved between workers is summed from their logs, by the
task that made it. Fails unless X, and with --kills the word vectors, have the bits of one process, whatever happens to workers.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest import mock

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, digest
from benchmarks.harness.results import Row
from benchmarks.harness.settings import MIN_COUNT, Setting

COMPETITORS = ()
OPTIONS = {
    "n_workers": {"type": int, "metavar": "N", "help": "numbers of worker processes, of one thread each"},
    "n_partitions": {"type": int, "metavar": "N", "help": "about how many parts the text is cut into"},
    "kills": {"type": int, "metavar": "N", "help": "fits during each of which a worker is killed at a random moment"},
    "train_on_cluster": {
        "action": "store_true",
        "help": "train on the cluster while workers are killed, though one machine would be faster",
    },
    "worker_memory": {"metavar": "SIZE", "help": "memory_limit of a worker"},
}

#: Analysers are left at their defaults.
COUNTING: dict[str, Any] = {"min_count": MIN_COUNT}


def run(
    setting: Setting,
    *,
    n_workers: tuple[int, ...] = (2,),
    n_partitions: int = 8,
    kills: int = 0,
    train_on_cluster: bool = False,
    worker_memory: str = "4GB",
    n_components: int = 50,
    max_iter: int = 2,
) -> Iterator[Row]:
    text = str(setting.corpus.path)
    local = processes.in_own_process(count, text=text)
    yield Row("glove-sklearn", {"part": "one process"}, local)
    for n in n_workers:
        numbers = processes.in_own_process(
            count_on_cluster, text=text, n_workers=n, n_partitions=n_partitions, worker_memory=worker_memory
        )
        if numbers["digest"] != local["digest"]:
            raise AssertionError(f"X of {n} workers and of one process differ")
        numbers |= {"same_bits": True, "cpu_ratio": numbers["cpu_seconds"] / local["cpu_seconds"]}
        yield Row("glove-sklearn", {"part": "cluster", "n_workers": n, "n_partitions": n_partitions}, numbers)
    if not kills:
        return
    case = {"n_components": n_components, "n_epochs": max_iter}
    expected = processes.in_own_process(fit, text=text, **case)
    yield Row("glove-sklearn", {"part": "one process", **case}, expected)
    for n in n_workers:
        numbers = processes.in_own_process(
            fit_while_workers_die,
            text=text, n_workers=n, n_partitions=n_partitions, worker_memory=worker_memory, kills=kills,
            train_on_cluster=train_on_cluster, **case,
        )  # fmt: skip
        if set(numbers.pop("digests")) != {expected["digest"]}:
            raise AssertionError("vectors differ after a worker was killed")
        yield Row("glove-sklearn", {"part": "cluster", "n_workers": n, **case}, {**numbers, "same_bits": True})


def count(text: str) -> dict[str, Any]:
    """Count in this process."""
    from glove_sklearn import CooccurrenceCounter

    with Stopwatch() as stopwatch:
        counter = CooccurrenceCounter(**COUNTING).fit(iterate_documents(text))
    return {**stopwatch.numbers(), **_described(counter)}


def _described(counter: Any) -> dict[str, Any]:
    x = counter.cooccurrence_
    return {
        "n_words": len(counter.counts_),
        "n_entries": x.nnz,
        "digest": digest(x.data, x.indices, x.indptr, counter.counts_),
    }


def count_on_cluster(text: str, n_workers: int, n_partitions: int, worker_memory: str) -> dict[str, Any]:
    """Count on a cluster whose scheduler is in this process."""
    from distributed import Client, LocalCluster

    from glove_sklearn import CooccurrenceCounter

    with (
        LocalCluster(
            n_workers=n_workers, threads_per_worker=1, dashboard_address=":0", memory_limit=worker_memory
        ) as cluster,
        Client(cluster) as client,
    ):
        documents = _read(text, n_partitions)
        client.run(_import)
        before = client.run(_used)
        with Stopwatch() as stopwatch:
            counter = CooccurrenceCounter(**COUNTING).fit(documents)
            after = client.run(_used)
        numbers = stopwatch.numbers()
        numbers["cpu_seconds"] += sum(after[worker][0] - before[worker][0] for worker in after)
        numbers["peak_memory"] = max(peak for _, peak, _ in after.values())
        moved: Counter[str] = sum((of_worker for *_, of_worker in after.values()), Counter())
        numbers["moved_bytes"] = moved.total()
        numbers["transfers"] = ", ".join(f"{name} {n_bytes / 1e6:,.1f}" for name, n_bytes in moved.most_common(4))
        return {**numbers, **_described(counter)}


def _read(text: str, n_partitions: int) -> Any:
    from glove_sklearn.formats.collections import read_collection

    return read_collection([text], block_size=-(os.path.getsize(text) // -n_partitions))


def _import() -> None:
    """Import in a worker what its tasks need, so that this is not measured."""
    import glove_sklearn._distributed.tasks  # noqa: F401


def _used(dask_worker: Any) -> tuple[float, int, Counter[str]]:
    """Return the CPU seconds of a worker, its peak memory, and the bytes that it fetched from others, by kind of task."""
    from dask.utils import key_split

    from benchmarks.harness.measure import peak_memory

    moved: Counter[str] = Counter()
    for transfer in dask_worker.transfer_incoming_log:
        for key, n_bytes in transfer["keys"].items():
            moved[key_split(key)] += n_bytes
    return sum(os.times()[:2]), peak_memory(), moved


def fit(text: str, n_components: int, n_epochs: int) -> dict[str, Any]:
    """Fit in this process, and make a digest of the vectors."""
    with Stopwatch() as stopwatch:
        made = _fit(iterate_documents(text), n_components, n_epochs)
    return {**stopwatch.numbers(), "digest": made}


def _fit(documents: Any, n_components: int, n_epochs: int) -> str:
    from glove_sklearn import GloVeVectorizer

    model = GloVeVectorizer(n_components, **COUNTING, max_iter=n_epochs, random_state=0).fit(documents)
    return digest(model.embedding_, model.counts_, model.loss_curve_)


def _trained_on_cluster() -> AbstractContextManager:
    """Let the estimate be that training on the cluster takes less time."""
    from glove_sklearn._distributed import training
    from glove_sklearn._distributed.crossover import Seconds

    return mock.patch.object(training, "estimate", return_value=Seconds(gathered=1.0, distributed=0.0))


def fit_while_workers_die(
    text: str,
    n_workers: int,
    n_partitions: int,
    worker_memory: str,
    kills: int,
    train_on_cluster: bool,
    n_components: int,
    n_epochs: int,
) -> dict[str, Any]:
    """Fit on a cluster once, to see how long that takes, and then again and again, killing a worker at a random moment."""
    from distributed import Client, LocalCluster

    rng, digests = random.Random(0), []
    with (
        _trained_on_cluster() if train_on_cluster else nullcontext(),
        Stopwatch() as total,
        LocalCluster(
            n_workers=n_workers, threads_per_worker=1, dashboard_address=":0", memory_limit=worker_memory
        ) as cluster,
        Client(cluster) as client,
    ):
        documents = _read(text, n_partitions)
        with Stopwatch() as one:
            digests.append(_fit(documents, n_components, n_epochs))
        for _ in range(kills):
            cluster.scale(n_workers)  # a worker that is killed while it starts is given up
            client.wait_for_workers(n_workers)
            running = client.run(os.getpid, on_error="return").values()
            process = rng.choice(sorted(pid for pid in running if isinstance(pid, int)))
            timer = threading.Timer(rng.uniform(0, one.wall), os.kill, (process, signal.SIGKILL))
            timer.start()
            digests.append(_fit(documents, n_components, n_epochs))
            timer.join()
            print(f"killed {process}: {digests[-1] == digests[0]}", flush=True)
    return {**total.numbers(), "n_kills": kills, "digests": digests}
