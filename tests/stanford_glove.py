"""The output of Stanford GloVe, the reference implementation, on a small text: ``tests/data/stanford_glove``."""

import lzma
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data" / "stanford_glove"

#: How it was made; see the README beside the data.
MIN_COUNT, WINDOW_SIZE, VECTOR_SIZE = 3, 5, 7
X_MAX, ALPHA, LEARNING_RATE = 10.0, 0.75, 0.05

#: What it printed after each iteration. Its cost is half the mean loss.
COSTS = [0.063354, 0.054245, 0.051163, 0.050256, 0.049612]

RECORD = np.dtype([("word1", "<i4"), ("word2", "<i4"), ("value", "<f8")])


@dataclass(frozen=True)
class StanfordGlove:
    """The files, uncompressed, and their contents by name."""

    folder: Path

    @classmethod
    def uncompressed_to(cls, folder):
        for path in DATA.iterdir():
            if path.suffix == ".xz":
                (folder / path.stem).write_bytes(lzma.decompress(path.read_bytes()))
            elif path.suffix == ".txt":
                (folder / path.name).write_bytes(path.read_bytes())
        return cls(folder)

    def path(self, name):
        return self.folder / name

    def lines(self, name):
        return self.path(name).read_text(encoding="utf-8").splitlines()

    def terms(self):
        return [line.split()[0] for line in self.lines("vocab.txt")]

    def counts(self):
        return [int(line.split()[1]) for line in self.lines("vocab.txt")]

    def records(self, name):
        """Co-occurrences in the order of the file. Words count from 1."""
        return np.fromfile(self.path(name), dtype=RECORD)

    def parameters(self, name):
        """Words and contexts, each with a vector and a bias per row."""
        return np.fromfile(self.path(name), dtype="<f8").reshape(2, -1, VECTOR_SIZE + 1)
