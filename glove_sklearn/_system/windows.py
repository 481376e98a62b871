"""What only the functions of Windows tell about memory and processes.

Nothing here runs on another system, except in tests, which put their own functions in the place of ``kernel32``.
"""

from __future__ import annotations

import ctypes
from typing import Any

_QUERY_LIMITED_INFORMATION = 0x1000
_INVALID_PARAMETER = 87
_STILL_ACTIVE = 259


class MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX."""

    _fields_ = (
        ("dwLength", ctypes.c_uint32),
        ("dwMemoryLoad", ctypes.c_uint32),
        ("ullTotalPhys", ctypes.c_uint64),
        ("ullAvailPhys", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 5),
    )


class MemoryCounters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS."""

    _fields_ = (
        ("cb", ctypes.c_uint32),
        ("PageFaultCount", ctypes.c_uint32),
        ("PeakWorkingSetSize", ctypes.c_size_t),
        ("WorkingSetSize", ctypes.c_size_t),
        ("others", ctypes.c_size_t * 6),
    )


def kernel32() -> Any:
    """Load the library that holds the functions."""
    library = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    library.OpenProcess.restype = library.GetCurrentProcess.restype = ctypes.c_void_p
    return library


def available_memory() -> int:
    """Return the bytes of memory that are free; 0 if that is unknown."""
    status = MemoryStatus(dwLength=ctypes.sizeof(MemoryStatus))
    return status.ullAvailPhys if kernel32().GlobalMemoryStatusEx(ctypes.byref(status)) else 0


def resident_memory() -> int:
    """Return the bytes of memory that this process has in use; 0 if that is unknown."""
    library, counters = kernel32(), MemoryCounters(cb=ctypes.sizeof(MemoryCounters))
    process = ctypes.c_void_p(library.GetCurrentProcess())
    known = library.K32GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb)
    return counters.WorkingSetSize if known else 0


def process_exists(pid: int) -> bool:
    """Whether a process of this number runs; True if that is unknown."""
    library = kernel32()
    handle = library.OpenProcess(_QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return ctypes.get_last_error() != _INVALID_PARAMETER  # type: ignore[attr-defined]
    status = ctypes.c_uint32()
    known = library.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(status))
    library.CloseHandle(ctypes.c_void_p(handle))
    return not known or status.value == _STILL_ACTIVE
