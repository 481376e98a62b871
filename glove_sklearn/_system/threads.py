"""A pool of worker threads. The kernels release the GIL, so Python threads are sufficient."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from joblib.parallel import ThreadingBackend, get_active_backend


def n_threads(n_jobs: int | None) -> int:
    """Return the number of threads that `n_jobs` stands for.

    joblib's `effective_n_jobs` answers for the backend that is active, which starts processes unless the caller chose
    another: inside a pool of processes it warns that they cannot be started, and allows one job. Threads can be started.

    Parameters
    ----------
    n_jobs : int or None
        As in scikit-learn: None means 1 unless in a :func:`joblib.parallel_config` context, and -1 all processors.

    Raises
    ------
    ValueError
        If `n_jobs` is 0.
    """
    backend, configured = get_active_backend()
    if not getattr(backend, "supports_sharedmem", False):
        backend = ThreadingBackend(nesting_level=backend.nesting_level)
    return backend.effective_n_jobs(configured if n_jobs is None else n_jobs)


_SECONDS_BETWEEN_WAKING = 0.2


class ThreadTeam:
    """Worker threads that take tasks one by one; with one job, the calling thread runs all of them.

    Leaving the ``with`` block, also by an exception such as KeyboardInterrupt, cancels: it waits for the running tasks and
    starts no others.

    Parameters
    ----------
    n_jobs : int or None
        As in scikit-learn: None means 1 unless in a :func:`joblib.parallel_config` context, and -1 all processors.
    """

    def __init__(self, n_jobs: int | None) -> None:
        self.n_jobs = n_threads(n_jobs)
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._pool = ThreadPoolExecutor(self.n_jobs, "glove_sklearn") if self.n_jobs > 1 else None

    @property
    def cancelled(self) -> bool:
        """Whether the ``with`` block is being left: running tasks should return soon."""
        return self._cancelled.is_set()

    def __enter__(self) -> ThreadTeam:
        return self

    def __exit__(self, *exception: object) -> None:
        self._cancelled.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def stream(self, function: Callable[..., Any], tasks: Iterable[tuple]) -> Iterator[Any]:
        """Yield ``function(*task)`` for each task, in order. The calling thread draws tasks, a few ahead of the results."""
        if self._pool is None:
            for task in tasks:
                yield function(*task)
            return
        pending: deque[Future] = deque()
        for task in tasks:
            pending.append(self._pool.submit(function, *task))
            # As soon as they are available, so that an error is raised early.
            while pending and (len(pending) == 2 * self.n_jobs or pending[0].done()):
                yield _result_of(pending.popleft())
        while pending:
            yield pending.popleft().result()

    def run(
        self,
        function: Callable[..., Any],
        tasks: Iterable[tuple],
        on_result: Callable[[Any], object] = lambda result: None,
    ) -> list:
        """Return ``[function(*task) for task in tasks]``, computed by all threads.

        ``on_result`` is called with each result as it arrives, by one thread at a time. After an error no more tasks are
        started, and the error of the first task that failed is raised.
        """
        tasks = list(tasks)
        results: list = [None] * len(tasks)
        if self._pool is None or len(tasks) < 2:
            for i, task in enumerate(tasks):
                results[i] = function(*task)
                on_result(results[i])
            return results

        remaining = iter(range(len(tasks)))
        errors: dict[int, BaseException] = {}

        def work() -> None:
            while not (self.cancelled or errors):
                with self._lock:
                    i = next(remaining, None)
                if i is None:
                    return
                try:
                    results[i] = function(*tasks[i])
                    with self._lock:
                        on_result(results[i])
                except BaseException as error:
                    errors[i] = error

        for future in [self._pool.submit(work) for _ in range(min(self.n_jobs, len(tasks)))]:
            _result_of(future)
        if errors:
            raise errors[min(errors)]
        return results


def _result_of(future: Future) -> Any:
    """Wait for a result. On Windows, Ctrl-C goes unnoticed while a thread waits, so it wakes from time to time."""
    while not wait([future], _SECONDS_BETWEEN_WAKING).done:
        pass
    return future.result()
