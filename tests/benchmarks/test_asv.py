"""The benchmarks that asv runs over commits run on a few documents."""

from itertools import product

import pytest

from benchmarks.asv.suite import stages


@pytest.mark.parametrize("stage", [stages.Count, stages.Train, stages.MemoryLimit, stages.Fitted])
def test_stage_runs(stage, lee, monkeypatch):
    monkeypatch.setattr(stages, "read_documents", lambda: lee[:20])
    monkeypatch.setattr(stages.Train, "params", ((4,), ("random", "svd")))
    measured = [name for name in vars(stage) if name.startswith(("time_", "peakmem_"))]
    assert measured
    # What asv does: the cache is made once, each combination of parameters is set up, measured and torn down.
    cache = [stage().setup_cache()] if hasattr(stage, "setup_cache") else []
    for parameters in product(*getattr(stage, "params", ())):
        benchmark = stage()
        getattr(benchmark, "setup", lambda *_: None)(*cache, *parameters)
        for name in measured:
            getattr(benchmark, name)(*cache, *parameters)
        getattr(benchmark, "teardown", lambda *_: None)(*cache, *parameters)
