"""What Windows tells about memory and processes, by functions that stand in for those of Windows."""

import ctypes
import math
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from glove_sklearn import GloVeVectorizer
from glove_sklearn._system import windows
from glove_sklearn._system.memory import available_memory, resident_memory
from glove_sklearn._system.processes import process_exists

RUNNING, ENDED, FORBIDDEN = 11, 12, 13


class Kernel32:
    """A machine with 5 GB free, on which this process has 3 GB; 11 runs, 12 has ended, 13 belongs to somebody else."""

    def __init__(self, succeeds):
        self.succeeds = succeeds
        self.open_handles = 0

    def GlobalMemoryStatusEx(self, status):
        assert status._obj.dwLength == 64
        status._obj.ullTotalPhys, status._obj.ullAvailPhys = 8 * 10**9, 5 * 10**9
        return self.succeeds

    def GetCurrentProcess(self):
        return 2**64 - 1

    def K32GetProcessMemoryInfo(self, process, counters, size):
        assert process.value == 2**64 - 1
        assert counters._obj.cb == size == 72
        counters._obj.PeakWorkingSetSize, counters._obj.WorkingSetSize = 4 * 10**9, 3 * 10**9
        return self.succeeds

    def OpenProcess(self, access, inherit, pid):
        self.open_handles += pid in (RUNNING, ENDED)
        return pid if pid in (RUNNING, ENDED) else None

    def GetExitCodeProcess(self, handle, status):
        status._obj.value = 259 if handle.value == RUNNING else 1
        return self.succeeds

    def CloseHandle(self, handle):
        self.open_handles -= 1


@pytest.fixture(params=[True, False])
def kernel32(request, monkeypatch):
    library = Kernel32(request.param)
    monkeypatch.setattr(windows, "kernel32", lambda: library)
    monkeypatch.setattr(sys, "platform", "win32")
    return library


def test_memory(kernel32):
    assert available_memory() == (5 * 10**9 if kernel32.succeeds else math.inf)
    assert resident_memory() == (3 * 10**9 if kernel32.succeeds else 0)


def test_a_memory_limit_works_whatever_the_system_tells(kernel32, lee, tmp_path):
    parameters = {"n_components": 4, "max_iter": 1, "random_state": 0}
    expected = GloVeVectorizer(**parameters).fit(lee).embedding_
    vectorizer = GloVeVectorizer(**parameters, memory_limit="20MB", temp_dir=tmp_path).fit(lee)
    assert vectorizer.embedding_.tobytes() == expected.tobytes()


def test_processes(kernel32, monkeypatch):
    errors = {FORBIDDEN: 5, 99: 87}
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("os.kill ends processes on Windows"))
    for pid, exists in ((RUNNING, True), (ENDED, not kernel32.succeeds), (FORBIDDEN, True), (99, False)):
        monkeypatch.setattr(ctypes, "get_last_error", lambda pid=pid: errors[pid], raising=False)
        assert process_exists(pid) == exists
    assert kernel32.open_handles == 0


def test_functions_are_those_of_the_library_of_windows(monkeypatch):
    library = SimpleNamespace(OpenProcess=SimpleNamespace(), GetCurrentProcess=SimpleNamespace())
    monkeypatch.setattr(ctypes, "WinDLL", lambda name, use_last_error: library, raising=False)
    assert windows.kernel32() is library
    # A handle is a pointer; ctypes would cut it to the 32 bits of an int.
    assert library.OpenProcess.restype is library.GetCurrentProcess.restype is ctypes.c_void_p


@pytest.mark.cross
def test_structures_are_those_of_the_headers_of_windows(tmp_path):
    pytest.importorskip("ziglang")
    lines = ["#include <stddef.h>", "#include <windows.h>", "#include <psapi.h>"]
    for structure, name in (
        (windows.MemoryStatus, "MEMORYSTATUSEX"),
        (windows.MemoryCounters, "PROCESS_MEMORY_COUNTERS"),
    ):
        lines.append(f'_Static_assert(sizeof({name}) == {ctypes.sizeof(structure)}, "size");')
        for field, _ in structure._fields_:
            if field != "others":
                offset = getattr(structure, field).offset
                lines.append(f'_Static_assert(offsetof({name}, {field}) == {offset}, "{field}");')
    (tmp_path / "structures.c").write_text("\n".join(lines))
    command = [sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-windows-gnu", "-c", "structures.c"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
