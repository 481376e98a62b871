"""How much memory is available and in use, and allocation at the granularity of cache lines and pages."""

from __future__ import annotations

import contextlib
import math
import mmap
import os
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

from glove_sklearn._system import windows

_CACHE_LINE = 64

#: Files of control groups, version 2 and version 1: the limit, the usage, and its statistics.
_CONTROL_GROUPS = (
    ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory.current", "sys/fs/cgroup/memory.stat"),
    (
        "sys/fs/cgroup/memory/memory.limit_in_bytes",
        "sys/fs/cgroup/memory/memory.usage_in_bytes",
        "sys/fs/cgroup/memory/memory.stat",
    ),
)


def available_memory(root: Path = Path("/")) -> float:
    """Return the bytes that this process may still take: of the machine, its control group or its address space, the least.

    Parameters
    ----------
    root : Path
        Where proc and sys are mounted.
    """
    if sys.platform == "win32":
        return windows.available_memory() or math.inf
    try:
        lines = dict(line.split(":", 1) for line in (root / "proc/meminfo").read_text().splitlines())
        available: float = int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError):
        available = math.inf
        if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
            available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for limit, usage, statistics in _CONTROL_GROUPS:
        try:
            free = int((root / limit).read_text()) - int((root / usage).read_text())
            numbers = dict(line.split() for line in (root / statistics).read_text().splitlines())
        except (OSError, ValueError):  # the group does not exist, or its limit is "max"
            continue
        # Cached files count as used, but are dropped when memory is needed.
        cached = int(numbers.get("inactive_file", 0)) + int(numbers.get("active_file", 0))
        available = min(available, free + cached)
    return min(available, _free_address_space(root))


def _free_address_space(root: Path) -> float:
    """Return the bytes of addresses that this process may still take, if they are limited, as by ``ulimit -v``."""
    if resource is None:
        return math.inf
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return math.inf
    try:
        taken = int((root / "proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        taken = 0
    return max(0, limit - taken)


def resident_memory(root: Path = Path("/")) -> int:
    """Return the bytes of memory that this process has in use; 0 if the system does not tell."""
    if sys.platform == "win32":
        return windows.resident_memory()
    try:
        return int((root / "proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def zeros_on_cache_lines(shape: tuple[int, ...]) -> np.ndarray:
    """Allocate float32 zeros that start on a cache line, which NumPy does not guarantee."""
    size = math.prod(shape)
    spare = _CACHE_LINE // np.dtype(np.float32).itemsize
    memory = np.zeros(size + spare, dtype=np.float32)
    start = -memory.ctypes.data % _CACHE_LINE // memory.itemsize
    return memory[start : start + size].reshape(shape)


class Reserved:
    """A one-dimensional array in pages of its own: the system provides each as it is written to, and gets it back when asked.

    Where the system has no such pages, and for arrays of less than some pages, it is an ordinary array.

    Parameters
    ----------
    size : int
    dtype : dtype-like

    Raises
    ------
    MemoryError
        If the system refuses to reserve so much.
    """

    def __init__(self, size: int, dtype: npt.DTypeLike) -> None:
        self.dtype = np.dtype(dtype)
        self._pages: mmap.mmap | None = None
        n_bytes = size * self.dtype.itemsize
        if n_bytes < 1 << 20 or not sys.platform.startswith("linux"):
            self.array = np.empty(size, dtype=self.dtype)
            return
        try:
            self._pages = mmap.mmap(-1, n_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        except (OSError, OverflowError) as error:
            raise MemoryError(f"the system does not reserve {n_bytes} bytes") from error
        with contextlib.suppress(OSError):
            # A huge page would be provided as a whole when the first of its bytes is written.
            self._pages.madvise(mmap.MADV_NOHUGEPAGE)
        self.array = np.frombuffer(self._pages, dtype=self.dtype, count=size)

    def truncate(self, size: int) -> None:
        """Give back what is beyond the first `size` elements; nothing else may refer to the array."""
        if self._pages is None:
            self.array.resize(size, refcheck=False)
            return
        self.array = np.empty(0, dtype=self.dtype)
        self._pages.resize(max(1, size * self.dtype.itemsize))
        self.array = np.frombuffer(self._pages, dtype=self.dtype, count=size)

    def release(self, start: int, stop: int) -> None:
        """Give back the pages that hold nothing but elements from `start` to before `stop`, which then have no values."""
        first = -(start * self.dtype.itemsize // -mmap.PAGESIZE) * mmap.PAGESIZE
        last = stop * self.dtype.itemsize // mmap.PAGESIZE * mmap.PAGESIZE
        if self._pages is not None and first < last:
            self._pages.madvise(mmap.MADV_DONTNEED, first, last - first)


def in_own_pages(array: np.ndarray) -> np.ndarray:
    """Copy an array to pages of its own, which return to the system with it, whereas ``malloc`` might keep them."""
    if array.nbytes < 1 << 20 or not hasattr(mmap, "MAP_PRIVATE"):  # a process may have only some ten thousand mappings
        return array.copy()
    pages = mmap.mmap(-1, array.nbytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with contextlib.suppress(OSError):  # the operating system may not support huge pages
            pages.madvise(mmap.MADV_HUGEPAGE)
    copy = np.frombuffer(pages, dtype=array.dtype)
    copy[:] = array
    return copy
