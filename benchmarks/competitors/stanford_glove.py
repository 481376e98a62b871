"""The C program of the authors of GloVe, in the user's own build: each of its four programs in a process of its own.

Imports the standard library alone, because the peak memory of a program is never less than that of the process that starts it.
"""

from __future__ import annotations

import re
import resource
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks.harness.measure import MAXRSS_UNIT, in_own_process
from benchmarks.harness.settings import MIN_COUNT, WINDOW_SIZE, X_MAX

PROGRAMS = ("vocab_count", "cooccur", "shuffle", "glove")
_RECORD_SIZE = 16


class CProgram:
    """What it makes of a text, in a folder of its own.

    Parameters
    ----------
    build : Path
        Folder with the four programs, in it or in its folder "build".
    text : Path
        Documents, one a line.
    folder : Path
        Where to write.
    """

    def __init__(self, build: Path, text: Path, folder: Path) -> None:
        folders = [candidate for candidate in (build / "build", build) if (candidate / "glove").is_file()]
        if not folders or not all((folders[0] / name).is_file() for name in PROGRAMS):
            raise SystemExit(f"--glove-c {build}: expected the programs {', '.join(PROGRAMS)} there, or in its build/.")
        self._build, self._text, self._folder = folders[0].resolve(), text, folder

    def count(self) -> dict[str, Any]:
        """vocab_count and cooccur."""
        words = self._run("vocab_count", "-min-count", MIN_COUNT, stdin=self._text, stdout="vocab.txt")
        entries = self._run(
            "cooccur", "-window-size", WINDOW_SIZE, "-vocab-file", "vocab.txt", "-memory", 4,
            stdin=self._text, stdout="cooccurrence.bin",
        )  # fmt: skip
        with open(self._folder / "vocab.txt", "rb") as file:
            n_words = sum(1 for line in file)
        n_entries = (self._folder / "cooccurrence.bin").stat().st_size // _RECORD_SIZE
        return {**added(words, entries), "n_words": n_words, "n_entries": n_entries}

    def shuffle(self) -> dict[str, Any]:
        """shuffle, after `count`."""
        files = {"stdin": self._folder / "cooccurrence.bin", "stdout": "cooccurrence.shuf.bin"}
        return added(self._run("shuffle", "-memory", 4, **files))

    def train(self, n_components: int, max_iter: int, n_jobs: int, seed: int) -> dict[str, Any]:
        """glove, after `shuffle`; with the cost of the last pass, which is half the mean loss."""
        done = self._run(
            "glove", "-input-file", "cooccurrence.shuf.bin", "-vocab-file", "vocab.txt", "-save-file", "vectors",
            "-vector-size", n_components, "-iter", max_iter, "-threads", n_jobs, "-x-max", X_MAX, "-binary", 0,
            "-seed", seed + 1,
        )  # fmt: skip
        costs = re.findall(r"cost: ([-\w.]+)", done["messages"])
        return {**added(done), "half_loss": float(costs[-1])}

    @property
    def vectors(self) -> Path:
        """The file that `train` writes."""
        return self._folder / "vectors.txt"

    def _run(self, name: str, *options: object, stdin: Path | None = None, stdout: str | None = None) -> dict[str, Any]:
        return in_own_process(
            run,
            command=[str(self._build / name), *map(str, options)],
            folder=str(self._folder),
            stdin=str(stdin or "/dev/null"),
            stdout=str(self._folder / stdout) if stdout else "/dev/null",
        )


def added(*steps: dict[str, Any]) -> dict[str, Any]:
    """Seconds of steps that follow each other, and the most memory that one of them had."""
    sums = {name: sum(step[name] for step in steps) for name in ("cpu_seconds", "wall_seconds")}
    return {**sums, "peak_memory": max(step["peak_memory"] for step in steps)}


def run(command: list[str], folder: str, stdin: str, stdout: str) -> dict[str, Any]:
    """Run one program, the only child of this process, and say what it took."""
    with open(stdin, "rb") as source, open(stdout, "wb") as target:
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, stdin=source, stdout=target, stderr=subprocess.PIPE, check=False, text=True
        )
        wall = time.perf_counter() - start
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed ({done.returncode}): {done.stderr[-1000:]}")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "wall_seconds": wall,
        "peak_memory": usage.ru_maxrss * MAXRSS_UNIT,
        "messages": done.stderr,
    }
