"""Time and memory of this process, and digests of what it computed."""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

#: Unit of ``ru_maxrss``, in bytes.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Stopwatch:
    """Wall seconds and CPU seconds (of all threads) of a ``with`` block, and the peak memory of the process at its end."""

    def __enter__(self) -> Stopwatch:
        self._start = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *exception: object) -> None:
        self.wall = time.perf_counter() - self._start[0]
        self.cpu = time.process_time() - self._start[1]
        self.peak = peak_memory()

    def numbers(self) -> dict[str, float]:
        """Return what was measured, by the names that rows use."""
        return {"cpu_seconds": self.cpu, "wall_seconds": self.wall, "peak_memory": self.peak}


def peak_memory() -> int:
    """Return the peak memory of this process (maximum resident set size), in bytes."""
    try:
        # On Linux, the ru_maxrss of a new process starts at the peak of its parent.
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT


def medians(measured: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each number over several measurements."""
    return {name: median(numbers[name] for numbers in measured) for name in measured[0]}


def digest(*arrays: Any) -> str:
    """Return a hash that is equal for arrays with the same types, shapes and bits, and for no others."""
    sha = hashlib.sha256()
    for array in arrays:
        sha.update(f"{array.dtype} {array.shape}".encode())
        sha.update(array.tobytes())
    return sha.hexdigest()
