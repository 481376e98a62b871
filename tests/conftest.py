import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from sklearn.utils import all_estimators

from glove_sklearn._training import _instruction_sets

# How long an example takes says nothing on a busy machine.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


@pytest.fixture(scope="session")
def lee():
    """300 short news articles that gensim ships; where gensim is not installed, what scikit-learn says of its estimators."""
    try:
        from gensim.test.utils import datapath
    except ImportError:
        texts = [" ".join((estimator.__doc__ or "").split()[:300]) for _, estimator in all_estimators()]
        return [text for text in texts if text] * 2
    with open(datapath("lee_background.cor"), encoding="utf-8") as file:
        return file.read().splitlines()


@pytest.fixture
def start():
    """Start a process that Ctrl-C can interrupt, also where the tests run in the background, and that ends with the test."""
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


def _shared(name):
    """A file of the folder of reference data, which is not part of the project."""
    default = Path(__file__).resolve().parents[2] / "shared"
    path = Path(os.environ.get("GLOVE_SKLEARN_SHARED", default)) / name
    if not path.exists():
        pytest.skip(f"no reference data at {path}; GLOVE_SKLEARN_SHARED names the folder that holds it")
    return path


@pytest.fixture(scope="session")
def shared():
    """Paths of reference data."""
    return _shared


@pytest.fixture(scope="session")
def c_output():
    """Output of the C program on a small text, by the name of the file."""

    def load(name):
        path = _shared("reference") / name
        if name.startswith("cooccurrence"):
            return np.fromfile(path, dtype=[("word1", "<i4"), ("word2", "<i4"), ("value", "<f8")])
        if name.endswith(".bin"):
            return np.fromfile(path, dtype="<f8").reshape(2, 1454, 11)
        return path.read_text().splitlines()

    return load


@pytest.fixture(scope="session")
def wiki17m():
    return _shared("data/wiki17m.txt.xz")
