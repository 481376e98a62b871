"""Training on a cluster has the bits of training on one machine."""

import os
import signal
import warnings

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone

from glove_sklearn import GloVe, GloVeVectorizer
from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training.checkpoint import Checkpoint
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn._training.trainer import train
from tests.assertions import random_sparse, watch

distributed = pytest.importorskip("distributed")

from glove_sklearn._distributed import training  # noqa: E402
from glove_sklearn._distributed.cluster import Cluster  # noqa: E402
from glove_sklearn._distributed.crossover import Seconds, estimate, number_of_groups, seconds_of_work  # noqa: E402
from glove_sklearn._distributed.rows import DistributedRows  # noqa: E402
from glove_sklearn._distributed.training import train_distributed  # noqa: E402

SHAPE = (190, 320)


def start(n_workers, threads, *, processes=False):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a port that is taken
        return distributed.LocalCluster(
            n_workers=n_workers,
            threads_per_worker=threads,
            processes=processes,
            dashboard_address=None,
            memory_limit="1GB",
        )


@pytest.fixture(scope="module")
def client():
    with start(2, 2) as cluster, distributed.Client(cluster) as made:
        yield made


@pytest.fixture
def partitions(monkeypatch):
    """Set the number of partitions, which depends on the size of X otherwise, and make as many groups as are useful."""

    def choose(n_partitions):
        monkeypatch.setattr("glove_sklearn._training.trainer.choose_n_partitions", lambda *sizes: n_partitions)
        monkeypatch.setattr(training, "seconds_of_work", lambda *sizes: np.inf)

    return choose


def settings_of(**parameters):
    given = parameters.pop("given", None)
    settings = TrainingSettings.of(
        GloVe(**{"n_components": 7, "random_state": 0, "max_iter": 3, "tol": None, **parameters})
    )
    return settings if given is None else settings.__class__(**{**vars(settings), "init": "vectors"})


def distribute(X, client, n_blocks=5):
    rows = CsrRows(X)
    bounds = [(X.shape[0] * block // n_blocks, X.shape[0] * (block + 1) // n_blocks) for block in range(n_blocks)]
    blocks = [client.submit(rows.read, *some, pure=False) for some in bounds]
    return DistributedRows(blocks, bounds, X.shape, X.nnz)


def locally(X, settings, **options):
    with ThreadTeam(1) as team:
        return train(CsrRows(X), settings, Storage(np.inf), team, **options)


def on(client, X, settings, n_blocks=5, **options):
    with ThreadTeam(1) as team:
        return train_distributed(distribute(X, client, n_blocks), settings, Storage(np.inf), team, client, **options)


def assert_same_model(found, expected):
    for name in ("words", "contexts"):
        for one, other in zip(getattr(found.state, name), getattr(expected.state, name), strict=True):
            np.testing.assert_array_equal(one, other, strict=True)
    np.testing.assert_array_equal(found.state.loss_curve, expected.state.loss_curve, strict=True)
    np.testing.assert_array_equal(found.embedding, expected.embedding, strict=True)
    assert found.x_max == expected.x_max


def matrix(seed, shape=SHAPE):
    """Rows of very different lengths, some of them empty."""
    random_state = np.random.RandomState(seed)
    X = random_sparse(shape, 0.2 * random_state.random_sample((shape[0], 1)) ** 2, random_state)
    X.data *= 40
    return X


@pytest.mark.long
@pytest.mark.parametrize(("n_partitions", "d"), [(1, 7), (2, 40), (3, 1), (8, 7), (17, 16)])
def test_numbers_of_partitions_and_dimensions_do_not_matter(client, partitions, n_partitions, d):
    partitions(n_partitions)
    X, settings = matrix(d), settings_of(n_components=d, random_state=d)
    assert_same_model(on(client, X, settings), locally(X, settings))


@pytest.mark.parametrize(
    "parameters",
    [
        {"negative_ratio": 0},
        {"negative_ratio": 2.5},
        {"x_max": 10},
        {"sample": 1e-3},
        {"sample": 1e-2, "negative_ratio": 0, "x_max": 3},
        {"init": "random"},
        {"combine": "concat", "postprocess": None, "warm_start": True},
    ],
    ids=str,
)
def test_every_way_of_training_has_the_bits_of_one_machine(client, partitions, parameters):
    partitions(3)
    square, settings = matrix(0, (200, 200)), settings_of(**parameters)
    assert_same_model(on(client, square, settings), locally(square, settings))


@pytest.mark.parametrize("n_blocks", [1, 30])
def test_how_rows_are_cut_does_not_matter(client, partitions, n_blocks):
    partitions(3)
    X, settings = matrix(1), settings_of(sample=1e-3)
    assert_same_model(on(client, X, settings, n_blocks), locally(X, settings))


@pytest.mark.long
@pytest.mark.parametrize(("memory", "n_strips"), [(1e9, 1), (1, 8)])
def test_records_are_put_together_in_parts_that_fit_in_memory(client, partitions, monkeypatch, memory, n_strips):
    partitions(9)
    X, settings = matrix(1), settings_of(init="random")
    monkeypatch.setattr(training, "_memory_of_thread", lambda client: memory)
    made = []
    watch(monkeypatch, "glove_sklearn._distributed.training.make_tiles", made)
    assert_same_model(on(client, X, settings), locally(X, settings))
    assert len(made[0][4]) == n_strips + 1


@pytest.mark.parametrize("cluster", [(1, 1), (3, 1)], ids=str)
def test_the_size_of_the_cluster_does_not_matter(partitions, cluster):
    partitions(5)
    X, settings = matrix(2), settings_of()
    with start(*cluster) as made, distributed.Client(made) as client:
        assert_same_model(on(client, X, settings), locally(X, settings))


def test_text_is_trained_on_as_on_one_machine(client, lee):
    from glove_sklearn import CooccurrenceCounter

    X = sparse.csr_array(CooccurrenceCounter(min_count=2).fit_transform(lee), dtype=np.float32)
    settings = settings_of(n_components=50)
    assert 1 < number_of_groups(17, 4, seconds_of_work(X.nnz, settings)) < 8
    assert_same_model(on(client, X, settings), locally(X, settings))


@pytest.mark.parametrize("distributed_pays", [False, True])
def test_a_vectorizer_trains_where_it_takes_less_time(client, monkeypatch, lee, distributed_pays):
    bag = pytest.importorskip("dask.bag")
    calls = []
    watch(monkeypatch, "glove_sklearn._distributed.training.train_distributed", calls)
    seconds = Seconds(1, 0) if distributed_pays else Seconds(0, 1)
    monkeypatch.setattr(training, "estimate", lambda *sizes: seconds)
    vectorizer = GloVeVectorizer(20, max_iter=2, random_state=0, near_size=2, sample=1e-3)
    found = clone(vectorizer).fit(bag.from_sequence(lee[:90], npartitions=3))
    expected = vectorizer.fit(lee[:90])
    assert len(calls) == distributed_pays
    np.testing.assert_array_equal(found.embedding_, expected.embedding_, strict=True)
    np.testing.assert_array_equal(found.loss_curve_, expected.loss_curve_, strict=True)


def test_the_cluster_is_chosen_for_many_entries_and_not_for_few():
    settings, shape = settings_of(n_components=300), (400_000, 1_200_000)
    for n_entries, pays in ((10**7, False), (10**10, True)):
        seconds = estimate(shape, n_entries, settings, 16, 64, 64 * 4)
        assert (seconds.distributed < seconds.gathered) == pays


@pytest.mark.parametrize(("anchor", "combine"), [(0, "sum"), (0.1, "sum"), (0.1, "word")])
def test_given_vectors_are_begun_at_and_kept_near(client, partitions, anchor, combine):
    partitions(3)
    X, settings = matrix(0, (150, 150)), settings_of(given=True, anchor=anchor, combine=combine)
    given = np.random.RandomState(0).standard_normal((150, 7)).astype(np.float32)
    given[::9] = np.nan
    assert_same_model(on(client, X, settings, given=given), locally(X, settings, given=given))


def test_training_stops_when_the_loss_has_converged(client, partitions):
    partitions(3)
    X, settings = matrix(3), settings_of(tol=0.1, max_iter=30)
    expected = locally(X, settings)
    assert 2 <= len(expected.state.loss_curve) < 30
    assert_same_model(on(client, X, settings), expected)


def test_a_callback_sees_the_model_of_each_epoch(client, partitions):
    partitions(3)
    seen = {}

    def note(place):
        return lambda n_iter, loss, snapshot: (
            seen.setdefault(place, []).append((n_iter, loss, snapshot().embedding)) or n_iter == 2
        )

    X = matrix(4)
    for place, fit in (("here", locally), ("there", lambda *args: on(client, *args))):
        fit(X, settings_of(max_iter=5, callback=note(place)))
    assert len(seen["here"]) == 2
    for one, other in zip(seen["here"], seen["there"], strict=True):
        assert one[:2] == other[:2]
        np.testing.assert_array_equal(one[2], other[2])


def test_a_diverging_loss_is_an_error_that_leaves_nothing_on_the_workers(client, partitions):
    partitions(3)
    with pytest.raises(FloatingPointError, match="learning_rate=1e\\+30"):
        on(client, matrix(5), settings_of(learning_rate=1e30, max_iter=10))
    assert keys(client) == set()


def keys(client):
    """Names of the tasks of training that the scheduler knows, once it has forgotten what has been released."""

    async def wait(dask_scheduler):
        import asyncio

        for _ in range(500):
            left = {str(key).split("-")[0] for key in dask_scheduler.tasks} - {"read"}
            if not left:
                break
            await asyncio.sleep(0.02)
        return left

    return client.run_on_scheduler(wait)


def test_an_interrupted_client_leaves_nothing_on_the_workers(client, partitions):
    partitions(3)

    def interrupt(n_iter, loss, snapshot):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        on(client, matrix(6), settings_of(callback=interrupt))
    assert keys(client) == set()


@pytest.mark.parametrize("first", ["here", "there"])
def test_a_checkpoint_is_continued_on_a_cluster_and_on_one_machine(client, partitions, tmp_path, first):
    partitions(3)
    X, path = matrix(7), tmp_path / "run"

    def fit(place, **parameters):
        settings = settings_of(checkpoint=path, max_iter=4, **parameters)
        run = locally if place == "here" else lambda *args, **options: on(client, *args, **options)
        return run(X, settings, checkpoint=Checkpoint(path, {"n_components": 7}))

    def interrupt(n_iter, loss, snapshot):
        if n_iter == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(first, callback=interrupt)
    found = fit("there" if first == "here" else "here")
    assert_same_model(found, locally(X, settings_of(max_iter=4)))


@pytest.fixture(scope="module")
def processes():
    """A client whose workers are processes, which can be killed."""
    with start(2, 1, processes=True) as cluster, distributed.Client(cluster) as made:
        yield made


@pytest.mark.long
@pytest.mark.parametrize("moment", ["join-records", "multiply-blocks", "train-blocks"])
@pytest.mark.posix
def test_a_worker_that_is_killed_does_not_change_the_bits(processes, partitions, monkeypatch, moment):
    partitions(3)
    X, settings, submitted = matrix(8), settings_of(), []

    def submit(made, name, *args, **options):
        future = original(made, name, *args, **options)
        submitted.append(name)
        if name == moment and submitted.count(name) == 2:
            os.kill(next(iter(processes.run(os.getpid).values())), signal.SIGKILL)
        return future

    original = Cluster.submit
    monkeypatch.setattr(Cluster, "submit", submit)
    found = on(processes, X, settings, 7)
    assert submitted.count(moment) >= 2
    assert_same_model(found, locally(X, settings))


def test_workers_that_are_always_lost_are_an_error(client, partitions, monkeypatch):
    partitions(2)

    def lose(*args):
        raise training.WorkerLostError("tcp://10.0.0.1:1")

    monkeypatch.setattr(Cluster, "send", lose)
    with pytest.raises(RuntimeError, match="workers were lost 10 times during 'sum-blocks'"):
        on(client, matrix(9), settings_of())
