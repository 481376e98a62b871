"""Settings that benchmarks share. Those of speed use the settings of Stanford GloVe, whatever the defaults of the package are."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.harness.corpora import Corpus
from glove_sklearn import CooccurrenceCounter, GloVe, _parameters

#: What Stanford GloVe trains: the parameters of GloVeVectorizer that select its model, with the values of its demonstration.
STANFORD_GLOVE: dict[str, Any] = {
    **{
        name: _parameters.STANFORD_GLOVE.get(name, parameter.default)
        for name, parameter in _parameters.PARAMETERS.items()
        if parameter.effect in ("counting", "training", "schedule", "embedding") and name != "n_components"
    },
    "x_max": 10.0,
    "max_iter": 15,
}

MIN_COUNT = 5
#: Tokens are what stands between white space.
TEXT: dict[str, Any] = {"analyzer": str.split, "min_count": MIN_COUNT}


def _of(estimator: type) -> dict[str, Any]:
    return {name: value for name, value in STANFORD_GLOVE.items() if name in inspect.signature(estimator).parameters}


#: For CooccurrenceCounter.
COUNTING = {**TEXT, **_of(CooccurrenceCounter)}
#: For GloVe; benchmarks choose the number of epochs themselves.
MODEL = {name: value for name, value in _of(GloVe).items() if name != "max_iter"}
#: What rows say of these.
COUNTING_PARAMETERS = {"min_count": MIN_COUNT, "window_size": COUNTING["window_size"]}

#: gensim's own defaults.
WORD2VEC_WINDOW = 5
WORD2VEC_EPOCHS = 5


class Setting(NamedTuple):
    """What a benchmark measures: a text, and the methods to compare."""

    corpus: Corpus
    methods: tuple[str, ...]
    stanford_glove: Path | None
    """Folder with a build of Stanford GloVe."""
    folder: Path
    """For temporary files."""
