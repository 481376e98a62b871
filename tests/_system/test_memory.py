"""How much memory there is, as far as the system tells."""

import subprocess
import sys

import numpy as np
import pytest

from glove_sklearn._system.memory import Reserved, available_memory, resident_memory, zeros_on_cache_lines

V2 = "sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory.current", "sys/fs/cgroup/memory.stat"
V1 = tuple(f"sys/fs/cgroup/memory/memory.{name}" for name in ("limit_in_bytes", "usage_in_bytes", "stat"))


def system(root, files):
    for name, text in {"proc/meminfo": "MemTotal: 9000 kB\nMemAvailable:    8000 kB\n", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return available_memory(root)


@pytest.mark.posix
def test_of_the_machine(tmp_path):
    assert system(tmp_path, {}) == 8000 * 1024
    assert 1 << 20 < available_memory() < 1 << 60


@pytest.mark.posix
@pytest.mark.parametrize("names", [V1, V2])
def test_of_the_control_group_with_the_files_that_it_caches(tmp_path, names):
    texts = ["3000000\n", "2900000\n", "anon 100\ninactive_file 2000000\nactive_file 500000\n"]
    assert system(tmp_path, dict(zip(names, texts, strict=True))) == 2_600_000


@pytest.mark.posix
def test_of_a_control_group_without_limit(tmp_path):
    texts = ["max\n", "2900000\n", "inactive_file 5\n"]
    assert system(tmp_path, dict(zip(V2, texts, strict=True))) == 8000 * 1024


def test_of_an_address_space_that_is_limited():
    resource = pytest.importorskip("resource")
    script = (
        "import resource; from glove_sklearn._system.memory import available_memory\n"
        "resource.setrlimit(resource.RLIMIT_AS, (3 << 30, -1))\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] == 3 << 30, available_memory())"
    )
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY or available_memory() < 1 << 60
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    limited, available = done.stdout.split()
    if limited == "False":
        pytest.skip("this system does not limit address spaces (QEMU does not)")
    assert 0 < float(available) < 3 << 30


@pytest.mark.posix
def test_of_a_system_without_proc(tmp_path, monkeypatch):
    monkeypatch.setattr("os.sysconf_names", {"SC_PHYS_PAGES": 85}, raising=False)
    monkeypatch.setattr("os.sysconf", {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.__getitem__, raising=False)
    assert available_memory(tmp_path) == 4096 * 1000
    monkeypatch.setattr("os.sysconf_names", {})
    assert available_memory(tmp_path) == np.inf
    assert resident_memory(tmp_path) == 0


@pytest.mark.parametrize("shape", [(1, 2, 16), (1000, 2, 64), (70000, 2, 64)])
def test_zeros_begin_on_a_cache_line(shape):
    array = zeros_on_cache_lines(shape)
    assert array.shape == shape
    assert array.dtype == np.float32
    assert array.flags.c_contiguous
    assert array.ctypes.data % 64 == 0
    assert not array.any()


@pytest.mark.parametrize("size", [0, 10, 1 << 18, (1 << 20) + 7])
@pytest.mark.parametrize("dtype", [np.int32, np.float32, np.int64])
def test_reserved_arrays_keep_what_is_written_when_the_rest_is_given_back(size, dtype):
    reserved = Reserved(size, dtype)
    assert reserved.array.shape == (size,)
    assert reserved.array.dtype == dtype
    reserved.array[:] = values = np.arange(size)
    reserved.truncate(size * 2 // 3)
    np.testing.assert_array_equal(reserved.array, values[: size * 2 // 3])
    start, stop = size // 4, size // 2
    reserved.release(start, stop)
    np.testing.assert_array_equal(reserved.array[:start], values[:start])
    np.testing.assert_array_equal(reserved.array[stop:], values[stop : size * 2 // 3])


@pytest.mark.posix
@pytest.mark.skipif(not resident_memory(), reason="the system does not say how much memory is in use")
def test_memory_that_is_released_returns_to_the_system():
    before = resident_memory()
    reserved = Reserved(16 << 20, np.float32)  # 64 MB
    assert resident_memory() - before < 8e6  # nothing is provided before it is written to
    reserved.array[:] = 1
    assert resident_memory() - before > 56e6
    reserved.release(0, 12 << 20)
    assert resident_memory() - before < 24e6
    assert (reserved.array[12 << 20 :] == 1).all()


def test_more_than_the_system_reserves_is_a_memory_error():
    with pytest.raises(MemoryError):
        Reserved(1 << 58, np.float32)
