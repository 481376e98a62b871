"""Seconds, memory, and processes of their own to measure them in."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: What ``ru_maxrss`` counts in.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Stopwatch:
    """Wall seconds, CPU seconds of all threads, and peak memory at the end of a ``with`` block."""

    def __enter__(self) -> Stopwatch:
        self._start = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *exception: object) -> None:
        self.wall = time.perf_counter() - self._start[0]
        self.cpu = time.process_time() - self._start[1]
        self.peak = peak_memory()

    def numbers(self) -> dict[str, float]:
        """What was measured, by the names that rows use."""
        return {"cpu_seconds": self.cpu, "wall_seconds": self.wall, "peak_memory": self.peak}


def peak_memory() -> int:
    """The most memory that this process has had, in bytes."""
    try:
        # On Linux, ru_maxrss of a new process starts at what the process that made it has had.
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT


def digest(*arrays: Any) -> str:
    """The same for arrays of the same bits, and for no others."""
    sha = hashlib.sha256()
    for array in arrays:
        sha.update(f"{array.dtype} {array.shape}".encode())
        sha.update(array.tobytes())
    return sha.hexdigest()


def in_own_process(function: Callable[..., Any], **arguments: Any) -> Any:
    """``function(**arguments)`` in a new process, so that its peak memory is its own.

    The function is one of a module's; arguments and result go through JSON.
    """
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", "from benchmarks.harness.measure import answer; answer()"],
        input=json.dumps([function.__module__, function.__qualname__, arguments], default=str),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    return json.loads(done.stdout)


def answer() -> None:
    """The other side of `in_own_process`."""
    module, name, arguments = json.load(sys.stdin)
    out, sys.stdout = sys.stdout, sys.stderr  # what the function prints is no part of the answer
    json.dump(getattr(importlib.import_module(module), name)(**arguments), out)
