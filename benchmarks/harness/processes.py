"""Processes of their own, so that the peak memory of what runs in one is its own.

Imports the standard library alone: on Linux, the peak memory of a program is never less than that of the process that starts it.
"""

from __future__ import annotations

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

from benchmarks.harness.measure import MAXRSS_UNIT


def in_own_process(function: Callable[..., Any], **arguments: Any) -> Any:
    """Return ``function(**arguments)``, called in a new process.

    The function is defined at the top level of a module; arguments and result travel as JSON.
    """
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", "from benchmarks.harness.processes import answer; answer()"],
        input=json.dumps([function.__module__, function.__qualname__, arguments], default=str),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    return json.loads(done.stdout)


def answer() -> None:
    """Call the function that `in_own_process` names on standard input; print its result as JSON."""
    module, name, arguments = json.load(sys.stdin)
    out, sys.stdout = sys.stdout, sys.stderr  # what the function prints is no part of the answer
    json.dump(getattr(importlib.import_module(module), name)(**arguments), out)


def run_program(command: list[str], folder: str, stdin: str, stdout: str) -> dict[str, Any]:
    """Run a program, the only child of this process; return its time, its peak memory and what it wrote to standard error."""
    with open(stdin, "rb") as source, open(stdout, "wb") as target:
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, stdin=source, stdout=target, stderr=subprocess.PIPE, check=False, text=True
        )
        wall = time.perf_counter() - start
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed with exit status {done.returncode}: {done.stderr[-1000:]}")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "wall_seconds": wall,
        "peak_memory": usage.ru_maxrss * MAXRSS_UNIT,
        "messages": done.stderr,
    }
