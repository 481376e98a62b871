from contextlib import nullcontext
from pathlib import Path

import pytest

pytest.importorskip("distributed")


@pytest.fixture(scope="session")
def cluster():
    """Two worker processes."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", memory_limit="1GB") as made:
        yield made


@pytest.fixture
def client(cluster):
    from distributed import Client

    with Client(cluster) as made:
        yield made


@pytest.fixture
def use(request):
    """Return a function that makes a context, in which a scheduler is used."""

    def enter(scheduler):
        from dask import config

        if scheduler == "cluster":
            request.getfixturevalue("client")
            return nullcontext()
        return config.set(scheduler=scheduler)

    return enter


@pytest.fixture(scope="session")
def texts():
    datapath = pytest.importorskip("gensim.test.utils").datapath
    return Path(datapath("lee_background.cor")).read_text(encoding="utf-8").splitlines()
