"""Workers die, partitions fail, clients are interrupted: the bits are the same, or there is an error and nothing is left."""

import os
import signal

import pytest

from glove_sklearn import CooccurrenceCounter, GloVeVectorizer
from tests._distributed.test_counting import assert_same, bag_of, fitted

dask = pytest.importorskip("dask")
db = pytest.importorskip("dask.bag")


def read(part, flag, kills):
    """Return documents; the first call, of all workers, fails or kills its worker."""
    try:
        os.remove(flag)
    except FileNotFoundError:
        return part
    if kills:
        os.kill(os.getpid(), signal.SIGKILL)
    raise OSError("the disk is away for a moment")


def run_at(monkeypatch, stage, function):
    """Call a function when a stage begins."""
    from glove_sklearn._distributed.cluster import Cluster

    results = Cluster.results

    def results_after(self, futures, name, unit):
        if name == stage:
            function()
        return results(self, futures, name, unit)

    monkeypatch.setattr(Cluster, "results", results_after)


def left_on(client):
    """Return the keys of tasks on the cluster, once what has been released is forgotten."""

    async def wait(dask_scheduler):
        import asyncio

        for _ in range(500):
            if not dask_scheduler.tasks:
                break
            await asyncio.sleep(0.02)
        return list(dask_scheduler.tasks)

    return client.run_on_scheduler(wait)


@pytest.mark.parametrize("kills", [False, pytest.param(True, marks=pytest.mark.posix)])
def test_a_partition_that_fails_once_changes_nothing(client, texts, tmp_path, kills):
    flag = tmp_path / "flag"
    flag.touch()
    parts = [dask.delayed(read)(texts[:150], flag, kills), dask.delayed(read)(texts[150:], flag, kills)]
    assert_same(fitted(db.from_delayed(parts)), fitted(texts))
    assert not flag.exists()


@pytest.mark.posix
@pytest.mark.parametrize("stage", ["encoding", "counting"])
def test_a_worker_that_is_killed_changes_nothing(cluster, client, texts, monkeypatch, stage):
    def kill():
        os.kill(next(nanny.pid for nanny in cluster.workers.values() if nanny.pid is not None), signal.SIGKILL)

    run_at(monkeypatch, stage, kill)
    assert_same(fitted(bag_of(texts, 4)), fitted(texts))
    client.wait_for_workers(2)


def fail(part):
    raise OSError("the disk is gone")


def test_a_partition_that_always_fails_is_an_error_that_leaves_nothing(client, texts):
    model = fitted(texts)
    before = model.embedding_
    bag = db.from_delayed([dask.delayed(texts), dask.delayed(fail)(texts)])
    with pytest.raises(OSError, match="the disk is gone") as caught:
        model.fit(bag)
    assert model.embedding_ is before
    assert left_on(client) == []
    assert caught.traceback  # whose frames hold what was submitted


@pytest.mark.parametrize("stage", ["reading", "encoding", "counting"])
def test_an_interruption_leaves_nothing(client, texts, monkeypatch, stage):
    def interrupt():
        raise KeyboardInterrupt

    run_at(monkeypatch, stage, interrupt)
    model = GloVeVectorizer(8)
    with pytest.raises(KeyboardInterrupt) as caught:
        model.fit(bag_of(texts, 4))
    assert not hasattr(model, "embedding_")
    assert left_on(client) == []
    assert caught.traceback


def test_a_fit_leaves_nothing(client, texts):
    fitted(bag_of(texts, 3), pooling="sif")
    assert left_on(client) == []
    counter = CooccurrenceCounter().fit(bag_of(texts, 3))
    assert counter.cooccurrence_.nnz
    assert left_on(client) == []


def test_an_error_while_training_leaves_nothing(client, texts):
    def stop(*arguments):
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop") as caught:
        fitted(bag_of(texts, 3), callback=stop, pooling="idf")
    assert left_on(client) == []
    assert caught.traceback


def test_tasks_have_readable_names_and_stages_have_bars(client, texts, capsys, monkeypatch):
    monkeypatch.setattr("glove_sklearn._distributed.counting._NANOSECONDS_PER_ENTRY", 0)  # a team for each worker
    fitted(bag_of(texts, 3), verbose=1)
    shown = capsys.readouterr().err
    for stage in ("reading", "encoding", "counting", "fetching"):
        assert f"{stage}: 100%" in shown
    names = client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.task_prefixes))
    assert {
        "count-terms",
        "cut-terms",
        "merge-terms",
        "drop-words",
        "list-positions",
        "count-rows",
        "merge-rows",
    } <= set(names)


def test_a_cluster_without_workers_is_a_clear_error(texts):
    from distributed import Client, LocalCluster

    with (
        dask.config.set({"distributed.scheduler.no-workers-timeout": "0.5s"}),
        LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as empty,
        Client(empty),
        pytest.raises(RuntimeError, match="no worker that could go on"),
    ):
        fitted(bag_of(texts, 3))


def test_a_scheduler_that_ends_is_a_clear_error(texts, monkeypatch):
    from distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0")
    with Client(cluster):
        run_at(monkeypatch, "counting", cluster.close)
        with pytest.raises(RuntimeError, match="the cluster has lost what was being computed"):
            fitted(bag_of(texts, 3))
