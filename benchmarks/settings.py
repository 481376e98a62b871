"""What all benchmarks set alike: the demonstration of the C program, tokens between white space."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import Corpus

MIN_COUNT = 5
WINDOW_SIZE = 15
X_MAX = 10.0
#: gensim's own defaults.
WORD2VEC_WINDOW = 5
EPOCHS = 5

#: Of CooccurrenceCounter and GloVeVectorizer.
COUNTING = {"analyzer": str.split, "min_count": MIN_COUNT, "window_size": WINDOW_SIZE}


class Setting(NamedTuple):
    """What a benchmark is to measure, and with what."""

    corpus: Corpus
    methods: tuple[str, ...]
    glove_c: Path | None
    """Folder of the C program."""
    folder: Path
    """For files that are not kept."""
