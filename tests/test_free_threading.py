"""Many threads at once, which is where a Python without the GIL shows races, and any Python those of the kernels."""

import subprocess
import sys
import sysconfig
import threading

import numpy as np
import pytest

from glove_sklearn import GloVeVectorizer
from glove_sklearn.formats import read_vectors, save_vectors

N_THREADS = 8


def in_threads(function):
    """Call a function in many threads that begin together, with the number of the thread; return the results."""
    results, barrier = {}, threading.Barrier(N_THREADS)

    def run(number):
        barrier.wait()
        results[number] = function(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(N_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == N_THREADS, "a thread raised an error"
    return [results[number] for number in range(N_THREADS)]


def vectorizer(**parameters):
    return GloVeVectorizer(8, **{"max_iter": 3, "random_state": 0, "pooling": "sif", **parameters})


def test_estimators_of_many_threads_learn_the_same_bits(lee, tmp_path):
    expected = vectorizer().fit(lee)

    def fit(number):
        limit = {"memory_limit": "20MB", "temp_dir": tmp_path} if number % 2 else {}
        return vectorizer(n_jobs=1 + number % 3, **limit).fit(iter(lee))

    for fitted in in_threads(fit):
        assert list(fitted.vocabulary_) == list(expected.vocabulary_)
        np.testing.assert_array_equal(fitted.embedding_, expected.embedding_)


def test_one_estimator_serves_many_threads(lee, tmp_path):
    fitted = vectorizer(n_jobs=2).fit(lee)
    expected = fitted.transform(lee)

    def use(number):
        path = tmp_path / f"{number}.txt"
        save_vectors(path, fitted)
        return fitted.transform(lee), fitted.transform(iter(lee[number:])), read_vectors(path).vectors

    for number, (all_rows, some_rows, vectors) in enumerate(in_threads(use)):
        np.testing.assert_array_equal(all_rows, expected)
        np.testing.assert_array_equal(some_rows, expected[number:])
        np.testing.assert_array_equal(vectors, fitted.embedding_)


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this Python always has the GIL")
def test_the_package_does_not_bring_the_gil_back():
    program = "import sys, glove_sklearn.cli.main, glove_sklearn.formats; sys.exit(sys._is_gil_enabled())"
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
