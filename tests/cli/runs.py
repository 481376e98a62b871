"""What the program is tried on, and what it must give."""

import os
from pathlib import Path

import numpy as np

from glove_sklearn import GloVeVectorizer
from glove_sklearn.formats import (
    read_vectors,
)

FAST = ["--n-components", "5", "--max-iter", "2", "--min-count", "2"]


DOCUMENTS = [
    f"The {a} saw a {b}, not the {c}." for a in ("cat", "dog") for b in ("man", "bird") for c in ("tree", "sea")
] * 3


def environment_of_programs():
    """The environment of a process that runs the program of this clone from another folder."""
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


def expected(**parameters):
    parameters = {"n_components": 5, "max_iter": 2, "min_count": 2, "random_state": 0, **parameters}
    return GloVeVectorizer(**parameters).fit(DOCUMENTS)


def assert_vectors(path, vectorizer):
    read = read_vectors(path)
    assert read.terms == list(vectorizer.vocabulary_)
    np.testing.assert_array_equal(read.vectors, vectorizer.embedding_)
