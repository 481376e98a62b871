"""Stanford GloVe, the reference implementation, in the user's own build: each of its four programs in a process of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from benchmarks.harness import processes
from benchmarks.harness.accuracy import evaluate_file
from benchmarks.harness.settings import MIN_COUNT, STANFORD_GLOVE, Setting

PROGRAMS = ("vocab_count", "cooccur", "shuffle", "glove")
_RECORD_SIZE = 16


class StanfordGlove:
    """The programs in the user's folder, or in its folder "build", and the files that they make of a corpus."""

    def __init__(self, setting: Setting) -> None:
        build = setting.stanford_glove
        if build is None:
            raise SystemExit("--stanford-glove FOLDER is needed to run Stanford GloVe.")
        folders = [candidate for candidate in (build / "build", build) if (candidate / "glove").is_file()]
        if not folders or not all((folders[0] / name).is_file() for name in PROGRAMS):
            raise SystemExit(
                f"--stanford-glove {build}: expected the programs {', '.join(PROGRAMS)} in this folder or in its build/."
            )
        self._build, self._text, self._folder = folders[0].resolve(), setting.corpus.path, setting.folder

    def count(self) -> dict[str, Any]:
        """Run vocab_count and cooccur."""
        words = self._run("vocab_count", "-min-count", MIN_COUNT, stdin=self._text, stdout="vocab.txt")
        entries = self._run(
            "cooccur", "-window-size", STANFORD_GLOVE["window_size"], "-vocab-file", "vocab.txt", "-memory", 4,
            stdin=self._text, stdout="cooccurrence.bin",
        )  # fmt: skip
        with open(self._folder / "vocab.txt", "rb") as file:
            n_words = sum(1 for line in file)
        n_entries = (self._folder / "cooccurrence.bin").stat().st_size // _RECORD_SIZE
        self._sizes = {"n_words": n_words, "n_entries": n_entries}
        return {**total(words, entries), **self._sizes}

    def shuffle(self) -> dict[str, Any]:
        """Run shuffle, after `count`."""
        files: dict[str, Any] = {"stdin": self._folder / "cooccurrence.bin", "stdout": "cooccurrence.shuf.bin"}
        return total(self._run("shuffle", "-memory", 4, **files))

    def train(self, n_components: int, n_epochs: int, n_jobs: int, seed: int) -> dict[str, Any]:
        """Run glove, after `shuffle`, and evaluate the vectors. The last cost that it prints is half the mean loss."""
        done = self._run(
            "glove", "-input-file", "cooccurrence.shuf.bin", "-vocab-file", "vocab.txt", "-save-file", "vectors",
            "-vector-size", n_components, "-iter", n_epochs, "-threads", n_jobs, "-x-max", STANFORD_GLOVE["x_max"],
            "-binary", 0, "-seed", seed + 1,
        )  # fmt: skip
        costs = re.findall(r"cost: ([-\w.]+)", done["messages"])
        accuracies = processes.in_own_process(evaluate_file, path=self._folder / "vectors.txt")
        return {**total(done), **self._sizes, "half_loss": float(costs[-1]), **accuracies}

    def _run(self, name: str, *options: object, stdin: Path | None = None, stdout: str | None = None) -> dict[str, Any]:
        return processes.in_own_process(
            processes.run_program,
            command=[str(self._build / name), *map(str, options)],
            folder=str(self._folder),
            stdin=str(stdin or "/dev/null"),
            stdout=str(self._folder / stdout) if stdout else "/dev/null",
        )


def total(*steps: dict[str, Any]) -> dict[str, Any]:
    """Return the time of steps that follow each other, and the largest of their peak memories."""
    sums = {name: sum(step[name] for step in steps) for name in ("cpu_seconds", "wall_seconds")}
    return {**sums, "peak_memory": max(step["peak_memory"] for step in steps)}
