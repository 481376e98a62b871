"""Threads that share out tasks."""

import threading

import pytest

from glove_sklearn._system.threads import ThreadTeam


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
