"""memory_limit: the same bits from files as from memory, and nothing left behind."""

import errno
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn._counting import row_counting
from glove_sklearn._system.storage import Storage
from tests.assertions import assert_same_matrix, watch
from tests.test_glove import assert_same_bits

FITTED = ("counts_", "embedding_", "context_embedding_", "loss_curve_")


@pytest.mark.parametrize("memory_limit", [0, -1, 0.5, float("nan"), "1 1", [1], True])
def test_estimators_refuse_them_too(memory_limit, lee):
    for estimator in (CooccurrenceCounter(), GloVeVectorizer()):
        with pytest.raises(ValueError, match="memory_limit"):
            estimator.set_params(memory_limit=memory_limit).fit(lee)


def small(**parameters):
    return GloVeVectorizer(
        3, **{"min_count": 1, "max_features": 300, "max_iter": 3, "random_state": 0, "window_size": 7, **parameters}
    )


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"pooling": "idf", "min_df": 2, "max_df": 0.9},
        {"pooling": "sif", "stop_words": ["the", "a"]},
        {"context": "left", "weighting": "flat"},
        {"max_features": None, "min_count": 20, "memory_limit": 300_000},
    ],
    ids=str,
)
def test_vectors_are_the_same_bits_within_any_limit(lee, parameters, n_jobs, monkeypatch, tmp_path):
    monkeypatch.setattr("glove_sklearn._text.encoder._BATCH_SIZE", 5000)  # as if there were many batches
    expected = small(n_jobs=n_jobs, **{**parameters, "memory_limit": None})
    vectors = expected.fit_transform(lee)
    files, parts, learners = [], [], []
    watch(monkeypatch, "glove_sklearn._system.storage.TempFile.__init__", files)
    watch(monkeypatch, "glove_sklearn._counting.row_counting.PartCounter.count", parts)
    watch(monkeypatch, "glove_sklearn._text.vocabulary.TermTablePool._put_away", learners)
    limited = small(n_jobs=n_jobs, **{"memory_limit": 150_000, "temp_dir": tmp_path, **parameters})
    np.testing.assert_array_equal(limited.fit_transform(iter(lee)), vectors)
    assert limited.vocabulary_ == expected.vocabulary_
    for name in FITTED:
        np.testing.assert_array_equal(getattr(limited, name), getattr(expected, name))
    # Tokens, their lengths, terms, parts, X and records went to files, parts were added up, and tables put away.
    assert len(files) > 10
    assert len(parts) > 1
    assert len(learners) > 2 * n_jobs
    assert not list(tmp_path.iterdir())


def test_counts_are_the_same_bits_in_parts(lee, monkeypatch):
    expected = CooccurrenceCounter().fit(lee).cooccurrence_
    monkeypatch.setattr("glove_sklearn._text.encoder._BATCH_SIZE", 1000)
    monkeypatch.setattr(row_counting, "_TOKEN", 10**4)  # as if a token took so much
    monkeypatch.setattr(row_counting, "_MAX_ENTRIES_PER_RANGE", 1)
    parts, added = [], []
    watch(monkeypatch, "glove_sklearn._counting.row_counting.PartCounter.count", parts)
    watch(monkeypatch, "glove_sklearn._counting.row_counting._counting.add_rows", added)
    X = CooccurrenceCounter(memory_limit=50_000_000, n_jobs=2).fit(lee).cooccurrence_
    assert len(parts) > 2
    assert len(added) > 2
    assert_same_matrix(X, expected)


def test_glove_reads_records_from_a_file_to_the_same_bits(lee, tmp_path, monkeypatch):
    X = CooccurrenceCounter().fit(lee).cooccurrence_
    expected = GloVe(4, max_iter=3, random_state=0).fit(X)
    files = []
    watch(monkeypatch, "glove_sklearn._system.storage.TempFile.__init__", files)
    for n_jobs in (1, 3):
        limited = GloVe(4, max_iter=3, random_state=0, n_jobs=n_jobs, memory_limit=2 * X.nnz, temp_dir=str(tmp_path))
        assert_same_bits(limited.fit(X), expected)
    assert len(files) == 2


def test_what_cannot_be_within_the_limit_is_refused(lee):
    with pytest.raises(MemoryError, match=r"need \d+\.\d\d MB, which is more than memory_limit=10000\. Lower"):
        small(memory_limit=10_000).fit(lee)
    with pytest.raises(MemoryError, match=r"cooccurrence_ needs .* for \d+ entries, more than memory_limit='100kB'"):
        CooccurrenceCounter(memory_limit="100kB").fit(lee)


def test_a_cache_and_a_limit_exclude_each_other(lee, tmp_path):
    with pytest.raises(ValueError, match="cannot be used with memory_limit='1GB'"):
        small(memory=str(tmp_path), memory_limit="1GB").fit(lee)


def test_a_temp_dir_that_is_none_is_refused(lee, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"temp_dir='.*nowhere' does not exist"):
        small(temp_dir=tmp_path / "nowhere").fit(lee)
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match=r"temp_dir='.*file' is not a folder"):
        small(temp_dir=tmp_path / "file").fit(lee)


def test_what_is_needed_is_said_before(lee, capfd, tmp_path):
    small(memory_limit=150_000, temp_dir=tmp_path, verbose=1).fit(lee)
    said = capfd.readouterr().out
    assert said.startswith("memory_limit: 0.15 MB; what does not fit goes to ")
    for what in ("counting: ", " tokens of 300 words in ", "training: ", f"on disk in {tmp_path}", "B free"):
        assert what in said


def test_too_small_a_disk_is_refused_before_it_is_filled(lee, monkeypatch, tmp_path):
    X = CooccurrenceCounter().fit(lee).cooccurrence_
    monkeypatch.setattr(Storage, "free_disk", 1000)
    model = GloVe(2, memory_limit=2 * X.nnz, temp_dir=tmp_path)
    with pytest.raises(OSError, match=r"temporary files of .* are needed, and temp_dir=") as error:
        model.fit(X)
    assert error.value.errno == errno.ENOSPC
    assert not hasattr(model, "embedding_")


FULL = """
import resource, sys
from glove_sklearn import GloVeVectorizer
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
documents = [" ".join(str(i * j % 401) for j in range(2000)) for i in range(300)]
vectorizer = GloVeVectorizer(2, min_count=1, max_features=300, memory_limit=150_000, temp_dir=sys.argv[1], n_jobs=2)
try:
    vectorizer.fit(documents)
except OSError as error:
    print(error)
    sys.exit(0 if not hasattr(vectorizer, "vocabulary_") else 1)
"""


@pytest.mark.posix
def test_a_disk_that_fills_up_is_an_error_that_names_it(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    assert f"need more room than temp_dir={str(tmp_path)!r} has" in run.stdout
    assert "give another temp_dir, or raise memory_limit" in run.stdout
    assert not list(tmp_path.iterdir())


KILLED = """
import sys
from glove_sklearn import GloVeVectorizer
documents = [" ".join(str(i * j % 401) for j in range(2000)) for i in range(300)]
vectorizer = GloVeVectorizer(2, min_count=1, max_features=300, memory_limit=150_000, temp_dir=sys.argv[1], n_jobs=2)
vectorizer.set_params(near_size=0, max_iter=10_000_000, verbose=1).fit(documents)
"""


@pytest.mark.long
@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT"])
def test_nothing_is_left_by_a_process_that_is_killed(name, start, tmp_path):
    process = start(
        [sys.executable, "-u", "-c", KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    for line in process.stdout:
        if line.startswith("training:"):
            break
    # The files have no names even while they are used; by /proc they can be seen.
    while os.path.isdir(f"/proc/{process.pid}/fd") and process.poll() is None:
        links = [os.readlink(link) for link in os.scandir(f"/proc/{process.pid}/fd")]
        if any(str(tmp_path) in link for link in links):
            break
    assert process.poll() is None
    assert not list(tmp_path.iterdir())
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=20)
    assert process.returncode not in (0, None)
    assert not list(tmp_path.iterdir())


@pytest.mark.long
@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="peak memory is read from /proc")
def test_memory_is_what_the_limit_says(tmp_path):
    """A process of its own, with 8 times as many entries of X as there is room for."""
    program = """
import sys
import numpy as np
from glove_sklearn import GloVeVectorizer

def peak():  # ru_maxrss of a process begins with that of its parent
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])

random_state = np.random.RandomState(0)
before = peak()
documents = (random_state.zipf(1.2, 1000) % 20_000 for _ in range(2500))
documents = (" ".join(map(str, document)) for document in documents)
vectorizer = GloVeVectorizer(4, max_iter=1, memory_limit="60MB", temp_dir=sys.argv[1], window_size=15).fit(documents)
print((peak() - before) * 1024 / 1e6)
"""
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    # The batches of documents that are read ahead are not counted.
    assert 20 < float(run.stdout) < 80


def test_a_limit_larger_than_the_machine_is_what_the_machine_has(lee, monkeypatch, tmp_path):
    X = CooccurrenceCounter().fit(lee).cooccurrence_
    expected = GloVe(2, max_iter=1, random_state=0).fit(X)
    monkeypatch.setattr("glove_sklearn._training.memory_plan.available_memory", lambda: 4.0 * X.nnz)
    assert_same_bits(GloVe(2, max_iter=1, random_state=0, memory_limit="1TB", temp_dir=tmp_path).fit(X), expected)


def test_without_a_limit_records_that_do_not_fit_go_to_a_file(lee, monkeypatch, tmp_path):
    X = CooccurrenceCounter().fit(lee).cooccurrence_
    expected = GloVe(2, max_iter=1, random_state=0).fit(X)
    monkeypatch.setattr("glove_sklearn._training.memory_plan.available_memory", lambda: 4.0 * X.nnz)
    with pytest.warns(UserWarning, match=f"memory does not suffice .* temporary files in {re.escape(str(tmp_path))}"):
        found = GloVe(2, max_iter=1, random_state=0, temp_dir=tmp_path).fit(X)
    assert_same_bits(found, expected)
    monkeypatch.setattr(Storage, "free_disk", 100.0)
    with pytest.raises(
        MemoryError, match=r"or give a temp_dir that has [\d.]+ MB free: the entries could be kept there"
    ):
        GloVe(2, temp_dir=tmp_path).fit(X)


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("available", [1e3, 1e5, 1e6])
def test_without_a_limit_what_does_not_fit_in_memory_goes_to_files(lee, available, n_jobs, monkeypatch, tmp_path):
    """Tokens, the parts that are counted, and X: all of them, some of them or X alone."""
    expected = small(pooling="sif").fit(lee)
    features = expected.transform(lee)
    monkeypatch.setattr("glove_sklearn._system.storage.available_memory", lambda: available)
    monkeypatch.setattr("glove_sklearn._counting.row_counting.available_memory", lambda: available)
    found = small(pooling="sif", temp_dir=tmp_path, n_jobs=n_jobs)
    with pytest.warns(UserWarning, match="memory does not suffice") as warned:
        found_features = found.fit_transform(lee)
    assert len(warned) == 1
    for name in FITTED:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    np.testing.assert_array_equal(found_features, features)
    assert not list(tmp_path.iterdir())


def test_counts_that_are_cached_stay_in_memory(lee, monkeypatch, tmp_path):
    monkeypatch.setattr("glove_sklearn._system.storage.available_memory", lambda: 1e3)
    assert small(memory=str(tmp_path)).fit(lee).embedding_.shape == (300, 3)


def test_no_temporary_folder_is_needed_without_a_limit(lee, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", None)
    assert small().fit(lee).embedding_.shape == (300, 3)


def test_a_cache_that_gives_the_same_object_again(lee):
    cached = {}

    class Memory:
        def cache(self, function, ignore=None):
            def call(*args, **kwargs):
                if "counted" not in cached:
                    cached["counted"] = function(*args, **kwargs)
                return cached["counted"]

            return call

    expected = small().fit(lee)
    for _ in range(3):
        found = small(memory=Memory(), pooling="mean")
        found.fit(lee)
        np.testing.assert_array_equal(found.embedding_, expected.embedding_)
