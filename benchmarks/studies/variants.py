"""Configurations of GloVeVectorizer, written as what differs from its defaults: "window_size=15 weighting=harmonic"."""

from __future__ import annotations

import inspect
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from typing import Any

import numpy

from glove_sklearn import GloVeVectorizer
from glove_sklearn._text.encoder import TEXT_PARAMETERS

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
    """The same with single spaces; refuses what `parse` cannot read."""
    for pair in text.split():
        name, equals, value = pair.partition("=")
        if not equals or name not in PARAMETERS:
            raise ArgumentTypeError(
                f'expected parameters of GloVeVectorizer, as in "window_size=15 weighting=harmonic", got {pair!r}; '
                f"there are {', '.join(PARAMETERS)}"
            )
        try:
            _value(value)
        except Exception as error:
            raise ArgumentTypeError(f"{pair!r}: {error}") from error
    return " ".join(text.split())


def parse(text: str) -> dict[str, Any]:
    """The parameters: expressions of Python, in which there is numpy, and strings where a value is none."""
    return {name: _value(value) for name, _, value in (pair.partition("=") for pair in text.split())}


def _value(text: str) -> Any:
    # Names of options, such as all-but-the-top, have neither numbers nor brackets nor dots.
    if text not in ("None", "True", "False") and not re.search(r"[\d.()\[\]]", text):
        return text
    return eval(text, {"__builtins__": {}, "numpy": numpy})


def about(vectorizer: GloVeVectorizer) -> dict[str, Any]:
    """What rows say of a fitted vectorizer."""
    return {
        "n_words": len(vectorizer.vocabulary_),
        "n_passes": vectorizer.n_iter_,
        "n_components": vectorizer.n_components,
        "window_size": vectorizer.window_size,
        "x_max": vectorizer.x_max_,
        "model_parameters": model_parameters(vectorizer),
    }


def model_parameters(vectorizer: GloVeVectorizer) -> dict[str, Any]:
    """All that decide what comes out, but for what is a word: defaults change, and rows should say what they were."""
    names = [name for name in PARAMETERS if name not in _OF_THE_RUN and name not in TEXT_PARAMETERS]
    values = {name: getattr(vectorizer, name) for name in names}
    return {name: value.tolist() if isinstance(value, numpy.ndarray) else value for name, value in values.items()}
