"""What benchmarks set alike. Those of speed set what the demonstration of the C program does, whatever the defaults are."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.harness.corpora import Corpus

MIN_COUNT = 5
WINDOW_SIZE = 15
X_MAX = 10.0
#: gensim's own defaults.
WORD2VEC_WINDOW = 5
EPOCHS = 5

#: What is a word: tokens between white space.
TEXT = {"analyzer": str.split, "min_count": MIN_COUNT}
#: What is near a word.
CONTEXT = {"window_size": WINDOW_SIZE, "context": "symmetric", "weighting": "harmonic"}
#: Of CooccurrenceCounter: both.
COUNTING = {**TEXT, **CONTEXT}
#: Of GloVe, but for the dimension and the number of passes.
MODEL = {
    "x_max": X_MAX,
    "alpha": 0.75,
    "learning_rate": 0.05,
    "negative_ratio": 0,
    "init": "random",
    "tol": None,
    "combine": "sum",
    "postprocess": None,
}
#: Of GloVeVectorizer, but for the dimension and what is a word.
C_PROGRAM: dict[str, Any] = {**CONTEXT, **MODEL, "max_iter": 15}


class Setting(NamedTuple):
    """What a benchmark is to measure, and with what."""

    corpus: Corpus
    methods: tuple[str, ...]
    glove_c: Path | None
    """Folder of the C program."""
    folder: Path
    """For files that are not kept."""
