"""Threads that share out tasks."""

import multiprocessing
import threading
import warnings

import joblib
import pytest

from glove_sklearn import CooccurrenceCounter
from glove_sklearn._system.threads import ThreadTeam, n_threads


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_results_are_in_the_order_of_the_tasks(n_jobs):
    done = []
    with ThreadTeam(n_jobs) as team:
        assert team.run(pow, [(i, 2) for i in range(100)], done.append) == [i * i for i in range(100)]
        assert team.run(pow, []) == []
    assert sorted(done) == [i * i for i in range(100)]


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_the_error_of_the_first_task_that_fails_is_raised_and_no_more_are_started(n_jobs):
    started, later = [], threading.Event()

    def task(i):
        started.append(i)
        if i == 1:
            later.wait(5)  # until a later task has failed
            raise ValueError(i)
        if i == 2:
            later.set()
            raise ValueError(i)

    if n_jobs == 1:
        later.set()
    with ThreadTeam(n_jobs) as team, pytest.raises(ValueError, match="1"):
        team.run(task, [(i,) for i in range(1000)])
    assert len(started) < 1000


def test_cancelling_starts_no_other_task():
    started = []

    def task(i):
        started.append(i)
        if len(started) == 2:
            team._cancelled.set()

    with ThreadTeam(2) as team:
        team.run(task, [(i,) for i in range(1000)])
    assert len(started) < 10


def test_n_jobs_means_what_it_means_in_scikit_learn():
    assert ThreadTeam(None).n_jobs == 1
    assert ThreadTeam(-1).n_jobs >= 1
    with pytest.raises(ValueError, match="n_jobs"):
        ThreadTeam(0)


def threads_and_warnings(n_jobs):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CooccurrenceCounter(min_count=1, n_jobs=n_jobs).fit(["a b c"] * 10)
        return n_threads(n_jobs), [str(warning.message) for warning in caught]


@pytest.mark.long
def test_threads_are_started_inside_a_pool_of_processes():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(threads_and_warnings, (2,)) == (2, [])
    assert joblib.Parallel(2)(joblib.delayed(threads_and_warnings)(2) for _ in range(2)) == [(2, [])] * 2


@pytest.mark.parametrize("backend", [None, "threading", "multiprocessing", "loky"])
def test_number_of_threads_is_that_of_the_context_of_joblib(backend):
    assert n_threads(None) == 1
    assert n_threads(3) == 3
    assert n_threads(-1) == joblib.cpu_count()
    context = {} if backend is None else {"backend": backend}
    with joblib.parallel_config(n_jobs=3, **context):
        assert n_threads(None) == 3
        assert n_threads(2) == 2
    with pytest.raises(ValueError, match="n_jobs == 0"):
        n_threads(0)
