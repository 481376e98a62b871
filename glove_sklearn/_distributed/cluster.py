"""Submit tasks to a cluster of Dask, show their progress, and let go of them where something goes wrong."""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from glove_sklearn._system.progress import progress_bar

if TYPE_CHECKING:
    from distributed import Client, Future

#: How often Dask tries a task that failed once more, such as one that reads from a disk of the network.
RETRIES = 3
#: Results that one task adds up.
_FAN_IN = 8


@contextmanager
def explained() -> Iterator[None]:
    """Turn the errors of Dask after workers or the scheduler have ended into one that says so."""
    from distributed import KilledWorker
    from distributed.comm import CommClosedError
    from distributed.scheduler import NoValidWorkerError, NoWorkerError

    try:
        yield
    except (NoWorkerError, NoValidWorkerError, TimeoutError) as error:
        raise RuntimeError(
            f"the cluster has no worker that could go on ({error}): start workers, and fit again."
        ) from error
    except (CancelledError, KilledWorker, CommClosedError) as error:
        raise RuntimeError(
            f"the cluster has lost what was being computed ({error}): workers or the scheduler have ended, often because they "
            "need more memory; see their logs."
        ) from error


class Cluster:
    """Submits tasks, and lets go of those that are left if the ``with`` block ends by an error or an interruption.

    Tasks are functions of their arguments alone: where a worker dies, Dask computes what was lost again. Their names begin with
    what they do, by which the dashboard groups them.

    Parameters
    ----------
    client : distributed.Client
    verbose : int
    """

    def __init__(self, client: Client, verbose: int) -> None:
        self.client, self._verbose = client, verbose
        self._run = uuid.uuid4().hex
        self._n = 0
        self._futures: weakref.WeakSet[Future] = weakref.WeakSet()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        if kind is not None:
            # Unlike cancelling, that is safe where other tasks depend on them. Frames of a traceback may hold futures for long.
            for future in list(self._futures):
                future.release()

    def key(self, name: str) -> str:
        """Return the key of a new task."""
        self._n += 1
        return f"{name}-{self._run}-{self._n}"

    def submit(
        self, name: str, function: Callable, *arguments: Any, worker: str | None = None, priority: int = 0
    ) -> Future:
        """Submit ``function(*arguments)``, whose arguments may be futures or lists of them.

        If `worker` is the address of one, it runs there, unless that worker is gone.
        """
        where = {} if worker is None else {"workers": [worker], "allow_other_workers": True}
        future = self.client.submit(
            function, *arguments, key=self.key(name), retries=RETRIES, pure=False, priority=priority, **where
        )
        self._futures.add(future)
        return future

    def send(self, values: list, worker: str) -> list[Future]:
        """Send values to a worker; Dask cannot compute them again."""
        futures: list[Future] = self.client.scatter(values, workers=[worker], hash=False)
        self._futures.update(futures)
        return futures

    def compute(self, delayed: list) -> list[Future]:
        """Submit the graphs of delayed objects, which may share tasks."""
        futures = self.client.compute(delayed, retries=RETRIES)
        self._futures.update(futures)
        return futures

    def share(self, value: Any) -> Future:
        """Send a value that is too large for a task to all workers."""
        return self.client.scatter(value, broadcast=True, hash=False)

    def reduce(
        self, name: str, function: Callable, futures: Sequence[Future], always: tuple = (), last: tuple = ()
    ) -> Future:
        """Submit a tree of ``function(list of results, *always)``; the last call gets the arguments `last`, too."""
        while len(futures) > _FAN_IN:
            futures = [
                self.submit(name, function, list(futures[i : i + _FAN_IN]), *always)
                for i in range(0, len(futures), _FAN_IN)
            ]
        return self.submit(name, function, list(futures), *always, *last)

    def results(self, futures: Sequence[Future], name: str, unit: str) -> list[Any]:
        """Wait for small results and return them, showing a progress bar."""
        from distributed import as_completed

        with progress_bar(name, unit, self._verbose, len(futures), unit_scale=False) as bar:
            for future in as_completed(futures):
                if future.status != "finished":
                    future.result()  # raises
                bar.update()
        return self.client.gather(list(futures))
