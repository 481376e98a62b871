"""Sizes, spools and temporary files."""

import os

import numpy as np
import pytest

from glove_sklearn import GloVeVectorizer
from glove_sklearn._system import storage
from glove_sklearn._system.storage import Spool, Storage, StoredArray, TempFile, _is_in_memory, parse_size
from glove_sklearn._system.threads import ThreadTeam


@pytest.mark.parametrize(
    ("memory_limit", "n_bytes"),
    [
        (None, np.inf),
        (1, 1),
        (10**12, 1e12),
        ("2GB", 2e9),
        ("2 gb", 2e9),
        ("1.5GiB", 1.5 * 2**30),
        ("500M", 5e8),
        (".5k", 500),
        ("123", 123),
        (2e9, 2e9),
        ("1e9", 1e9),
        (np.int64(7), 7),
        (10**400, np.inf),
    ],
)
def test_memory_limit_is_bytes_or_a_number_with_a_unit(memory_limit, n_bytes):
    assert parse_size(memory_limit) == n_bytes


@pytest.mark.parametrize("memory_limit", ["", "GB", "1 XB", "-1GB", "0", "two", "nan"])
def test_other_memory_limits_are_refused(memory_limit, lee):
    with pytest.raises(ValueError, match=rf"such as '2GB', got '{memory_limit}'"):
        GloVeVectorizer(memory_limit=memory_limit).fit(lee)


@pytest.mark.parametrize(
    "memory_limit", [np.nan, np.float32("nan"), 0.5, -(10**400)], ids=["nan", "nan32", "half", "huge"]
)
def test_numbers_that_are_no_sizes_are_refused(memory_limit):
    with pytest.raises(ValueError, match="memory_limit must be None, a number of bytes"):
        parse_size(memory_limit)


def test_a_spool_gives_back_what_it_was_given(tmp_path):
    arrays = [np.arange(n, dtype=np.int32) for n in (5, 0, 7, 1)]
    for share in (np.inf, 30, 0):
        spool = Spool(str(tmp_path), share)
        assert [spool.append(array) for array in arrays] == [0, 1, 2, 3]
        assert np.shares_memory(spool.read(0), arrays[0]) == (share == np.inf)
        for place, array in enumerate(arrays):
            np.testing.assert_array_equal(spool.read(place), array, strict=True)
        assert spool.read(2, 3, 5).tolist() == [3, 4]
        spool.replace(2, np.array([9, 8], dtype=np.int32))
        assert spool.read(2).tolist() == [9, 8]
        assert spool.read(3).tolist() == [0]
        spool.close()


def test_a_spool_takes_arrays_from_many_threads(tmp_path):
    with ThreadTeam(4) as team:
        for _ in range(20):
            spool = Spool(str(tmp_path), 500)
            places = team.run(lambda n, spool=spool: (n, spool.append(np.full(n, n))), [(n,) for n in range(60)])
            assert all(spool.read(place).tolist() == [n] * n for n, place in places)
            spool.close()


@pytest.mark.posix
def test_file_systems_in_memory_are_known(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\ntmpfs {tmp_path}/a tmpfs rw 0 0\n/dev/sdb {tmp_path}/a/b xfs rw 0 0\n")
    for folder, expected in (("", False), ("a", True), ("a/c/d", True), ("a/b", False), ("a/b/c", False)):
        assert _is_in_memory(str(tmp_path / folder), str(mounts)) is expected
    assert not _is_in_memory(str(tmp_path), str(tmp_path / "nothing"))


def test_overflow_without_a_limit_is_announced_once(tmp_path, monkeypatch):
    monkeypatch.setattr("glove_sklearn._system.storage.available_memory", lambda: 1000.0)
    with Storage(temp_dir=tmp_path) as storage:
        spool = storage.spool(1 / 2)
        spool.append(np.zeros(400, np.uint8))
        assert spool.memory == 400
        with pytest.warns(UserWarning, match="memory does not suffice"):
            spool.append(np.zeros(400, np.uint8))
        assert spool.memory == 0
        # Not again: a warning would be an error.
        with storage.scratch() as scratch:
            scratch.spool(0).append(np.zeros(4, np.uint8))
        storage.array(10, np.dtype(np.int32), in_memory=False)
    with Storage(np.inf) as storage:
        storage.spool(1 / 2).append(np.zeros(4000, np.uint8))


@pytest.fixture(params=["all", "pwrite", "preadv", "posix_fadvise", "all three"])
def functions(request, monkeypatch):
    """Systems that have all functions on which temporary files rest, and systems that lack some: Windows and macOS."""
    lacking = ("pwrite", "preadv", "posix_fadvise") if request.param == "all three" else (request.param,)
    for name in lacking:
        monkeypatch.delattr(os, name, raising=False)


@pytest.mark.usefixtures("functions")
def test_a_file_gives_back_what_it_was_given_whatever_the_system_has(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_AT_ONCE", 1000)
    with ThreadTeam(4) as team:
        stored = StoredArray(40_000, np.dtype(np.float64), str(tmp_path))

        def write_and_read(part):
            values = np.full(1000, part, dtype=np.float64)
            stored.write(1000 * part, values)
            stored.prefetch(1000 * part, 1000 * part + 1000)
            np.testing.assert_array_equal(stored.read(1000 * part, 1000 * part + 1000), values)

        team.run(write_and_read, [(part,) for part in reversed(range(40))])
    np.testing.assert_array_equal(stored.read(0, 40_000), np.repeat(np.arange(40.0), 1000))
    stored.close()
    assert not os.listdir(tmp_path)


@pytest.mark.usefixtures("functions")
def test_a_file_that_became_shorter_is_an_error_whatever_the_system_has(tmp_path):
    file = TempFile(str(tmp_path))
    file.write(file.allocate(80), np.zeros(10))
    os.ftruncate(file._file.fileno(), 40)
    with pytest.raises(OSError, match="is shorter than it was written"):
        file.read(0, np.empty(10))
    file.close()
