"""Benchmarks that compare digests fail if they differ."""

import pytest

from benchmarks.harness import processes
from benchmarks.harness.corpora import Corpus
from benchmarks.harness.settings import Setting
from benchmarks.measurements import memory_limit, thread_scaling


@pytest.mark.parametrize(
    ("benchmark", "message"),
    [(thread_scaling, "on 1 and on 2 threads differ"), (memory_limit, "memory_limit none and 1GB differ")],
)
def test_results_that_differ_are_an_error(benchmark, message, monkeypatch, tmp_path):
    digests = iter("ab")
    seconds = {"counting_wall_seconds": 1.0, "training_wall_seconds": 1.0}
    monkeypatch.setattr(processes, "in_own_process", lambda *_, **__: {**seconds, "digest": next(digests)})
    setting = Setting(Corpus(tmp_path, {}), ("glove-sklearn",), None, tmp_path)
    options = {"n_jobs": (1, 2)} if benchmark is thread_scaling else {"n_jobs": 1}
    with pytest.raises(AssertionError, match=message):
        list(benchmark.run(setting, **options))
