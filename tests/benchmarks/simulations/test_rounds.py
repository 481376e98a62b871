"""The simulation of an epoch on a cluster: what it must find where the answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulations.rounds import Costs, Training, groups_of, rows, shares_of_tiles, simulate
from tests.assertions import random_sparse

TRAINING = Training("a text", 1000, 3000, 1e9, n_components=50)
FREE = Costs(seconds_per_task=0, latency=0, bandwidth=np.inf, copying=np.inf)


def even(n):
    return np.full((n, n), 1 / n**2)


@pytest.mark.parametrize(
    ("n_workers", "n_threads", "n_groups"), [(1, 1, 1), (1, 4, 4), (4, 1, 4), (4, 1, 12), (3, 2, 6)]
)
def test_workers_are_always_busy_if_nothing_else_takes_time(n_workers, n_threads, n_groups):
    epoch = simulate(TRAINING, even(n_groups), n_workers, n_threads, FREE)
    assert epoch.efficiency == pytest.approx(1)
    assert epoch.seconds == pytest.approx(1e9 * 56 * 0.6e-9 / (n_workers * n_threads))


@pytest.mark.parametrize(("n_workers", "n_groups"), [(2, 2), (2, 8), (5, 10)])
def test_the_columns_visit_every_worker_once(n_workers, n_groups):
    epoch = simulate(TRAINING, even(n_groups), n_workers)
    assert epoch.bytes_between_workers == pytest.approx(n_workers * 3000 * 56 * 8)
    assert epoch.bytes_of_client == pytest.approx(2 * 4000 * 56 * 8)
    assert simulate(TRAINING, even(n_groups), 1).bytes_between_workers == 0


@pytest.mark.parametrize(
    "worse", [{"bandwidth": 1e5}, {"seconds_per_task": 1}, {"latency": 0.5}, {"copying": 1e6}], ids=str
)
def test_every_cost_takes_time(worse):
    usual = simulate(TRAINING, even(8), 4)
    costly = simulate(TRAINING, even(8), 4, costs=replace(Costs(), **worse))
    assert costly.seconds > usual.seconds
    assert costly.efficiency < usual.efficiency


def test_the_scheduler_is_the_limit_if_tasks_take_it_long():
    epoch = simulate(TRAINING, even(8), 8, costs=replace(Costs(), seconds_per_task=10))
    # Visits, and columns passed on, except in the end.
    assert epoch.seconds >= 10 * (8 * 9 + 8 * 8)
    assert epoch.scheduler > 0.95


def test_shares_are_those_of_a_double_loop(seed):
    X = random_sparse((60, 90), 0.2, np.random.RandomState(seed))
    n_groups = 4
    of_rows = np.argsort(np.argsort(-np.diff(X.indptr), kind="stable")) % n_groups
    of_columns = np.argsort(np.argsort(-np.bincount(X.indices, minlength=90), kind="stable")) % n_groups
    expected = np.zeros((n_groups, n_groups))
    for i, j in zip(*X.nonzero(), strict=True):
        expected[of_rows[i], of_columns[j]] += 1 / X.nnz
    np.testing.assert_allclose(shares_of_tiles(X, n_groups), expected)


def test_the_table_has_a_line_for_each_cluster():
    lines = list(rows(even))
    assert len({(line["text"], line["workers"]) for line in lines}) >= 9
    assert all(float(line["efficiency"].rstrip("%")) <= 100 for line in lines)
    assert groups_of(TRAINING, 64) < 64
