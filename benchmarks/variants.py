"""Configurations of GloVeVectorizer, written as what differs from its defaults: "window_size=15 weighting=harmonic"."""

from __future__ import annotations

import inspect
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from typing import Any

import numpy

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn.cooccurrence import TEXT_PARAMETERS

PARAMETERS = tuple(inspect.signature(GloVeVectorizer).parameters)
#: Of a run, not of what comes out.
_OF_THE_RUN = {
    *("memory_limit", "temp_dir", "memory", "n_jobs", "random_state", "verbose"),
    *("warm_start", "checkpoint", "checkpoint_every", "callback"),
}


def add_argument(parser: ArgumentParser, defaults: Sequence[str]) -> None:
    """Add ``--variants``, which is None where it is not given."""
    names = ", ".join(f'"{text}"' for text in defaults)
    parser.add_argument(
        "--variants",
        nargs="+",
        type=checked,
        metavar="SETTINGS",
        help='of GloVeVectorizer, what differs from its defaults, as in "window_size=15 weighting=harmonic" or '
        '"weighting=0.9**numpy.arange(50)"; '
        f"other methods are then left out but for those of --only; default: {names}",
    )


def checked(text: str) -> str:
    """The same with single spaces; refuses what `parse` could not read."""
    for pair in text.split():
        name, equals, _ = pair.partition("=")
        if not equals or name not in PARAMETERS:
            raise ArgumentTypeError(
                f'expected parameters of GloVeVectorizer, as in "window_size=15 weighting=harmonic", got {pair!r}; '
                f"there are {', '.join(PARAMETERS)}"
            )
    return " ".join(text.split())


def parse(text: str) -> dict[str, Any]:
    """The parameters: expressions of Python, in which there is numpy, and strings where a value is none."""
    return {name: _value(value) for name, _, value in (pair.partition("=") for pair in text.split())}


def _value(text: str) -> Any:
    try:
        return eval(text, {"__builtins__": {}, "numpy": numpy})
    except (NameError, SyntaxError):
        return text


def parameters_of(estimator: type[CooccurrenceCounter] | type[GloVe], vectorizer: GloVeVectorizer) -> dict[str, Any]:
    """Those of the vectorizer that one of its parts takes."""
    return {name: getattr(vectorizer, name) for name in inspect.signature(estimator).parameters}


def model_parameters(vectorizer: GloVeVectorizer) -> dict[str, Any]:
    """All that decide what comes out, but for what is a word: defaults change, and rows should say what they were."""
    names = [name for name in PARAMETERS if name not in _OF_THE_RUN and name not in TEXT_PARAMETERS]
    values = {name: getattr(vectorizer, name) for name in names}
    return {name: value.tolist() if isinstance(value, numpy.ndarray) else value for name, value in values.items()}
