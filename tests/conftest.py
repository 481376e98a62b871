"""Fixtures of all tests."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sklearn.utils import all_estimators

from glove_sklearn._training import _instruction_sets
from tests.stanford_glove import StanfordGlove

# Examples take longer on a busy machine, which is no failure.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Skip on Windows what needs the signals, the pipes, the links or the shell of POSIX; group tests for `--dist loadgroup`.

    A process gets whole files, and one process all tests that look at the rows of all benchmarks, which take half a minute.
    """
    for item in items:
        needs_rows = "output" in getattr(item, "fixturenames", ())
        if needs_rows:
            item.add_marker(pytest.mark.long)
        if config.pluginmanager.hasplugin("xdist"):
            item.add_marker(pytest.mark.xdist_group("benchmarks" if needs_rows else item.nodeid.partition("::")[0]))
    if sys.platform == "win32":
        for item in items:
            if item.get_closest_marker("posix"):
                item.add_marker(pytest.mark.skip(reason="needs POSIX"))


@pytest.fixture(scope="session")
def lee():
    """300 short news articles that gensim ships, or the docstrings of scikit-learn's estimators where gensim is not installed."""
    try:
        from gensim.test.utils import datapath
    except ImportError:
        texts = [" ".join((estimator.__doc__ or "").split()[:300]) for _, estimator in all_estimators()]
        return [text for text in texts if text] * 2
    with open(datapath("lee_background.cor"), encoding="utf-8") as file:
        return file.read().splitlines()


@pytest.fixture
def start():
    """Start a process that SIGINT interrupts even if the tests run in the background. It is killed at the end of the test."""
    if sys.platform == "win32":
        pytest.skip("processes are interrupted and killed by signals of POSIX")
    processes = []

    def start(arguments, **options):
        options["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        processes.append(subprocess.Popen(arguments, **options))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture(params=_instruction_sets.instruction_sets())
def instruction_set(request):
    before = _instruction_sets.instruction_set()
    _instruction_sets.use_instruction_set(request.param)
    yield request.param
    _instruction_sets.use_instruction_set(before)


@pytest.fixture(params=[0, 1, 12345])
def seed(request):
    return request.param


@pytest.fixture(scope="session")
def stanford_glove(tmp_path_factory):
    """The output of Stanford GloVe, the reference implementation, on a small text."""
    return StanfordGlove.uncompressed_to(tmp_path_factory.mktemp("stanford_glove"))


@pytest.fixture(scope="session")
def wiki17m():
    """16.7 million tokens of English Wikipedia, one article per line: a file that is not part of the project."""
    default = Path(__file__).resolve().parents[2] / "shared"
    path = Path(os.environ.get("GLOVE_SKLEARN_SHARED", default)) / "data" / "wiki17m.txt.xz"
    if not path.exists():
        pytest.skip(f"{path} does not exist; set GLOVE_SKLEARN_SHARED to the folder that holds data/wiki17m.txt.xz")
    return path
