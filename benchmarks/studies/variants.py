"""Configurations of GloVeVectorizer, written as what differs from its defaults: "window_size=15 weighting=harmonic".

"stanford-glove" sets everything like Stanford GloVe; with more behind it, as in "stanford-glove init=svd", everything else.
"""

from __future__ import annotations

import inspect
import re
from argparse import ArgumentTypeError
from ast import literal_eval
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from benchmarks.harness.settings import STANFORD_GLOVE
from glove_sklearn import GloVeVectorizer

PARAMETERS = {name: parameter.default for name, parameter in inspect.signature(GloVeVectorizer).parameters.items()}
#: They decide how a fit runs, not what its result is.
_OF_THE_RUN = {
    *("memory_limit", "temp_dir", "memory", "n_jobs", "random_state", "verbose"),
    *("warm_start", "checkpoint", "checkpoint_every", "callback"),
}
#: They decide what a word is.
_OF_THE_TEXT = {*inspect.signature(CountVectorizer).parameters} - {"min_df", "max_df", "max_features"}


def checked(text: str) -> str:
    """Return the text with single spaces; refuse what `parse` cannot read, as a type of argparse does."""
    try:
        parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    return " ".join(text.split())


#: For benchmarks that take configurations.
OPTIONS: dict[str, dict[str, Any]] = {
    "variants": {
        "nargs": "+",
        "type": checked,
        "metavar": "SETTINGS",
        "help": "configurations of GloVeVectorizer, each what differs from its defaults, as in "
        '"window_size=15 weighting=harmonic", "weighting=exponential:0.95" or "stanford-glove"; '
        "of the other methods only those of --only are then run",
    }
}


def parse(text: str) -> dict[str, Any]:
    """Return the parameters of a configuration.

    A value is a literal of Python, a lower-case name, or, for `weighting`, ``exponential:RATE``: the array of the weights 1,
    RATE, RATE**2, ... of the distances 1, 2, 3, ... within the window.
    """
    parameters: dict[str, Any] = {}
    for pair in text.split():
        if pair == "stanford-glove":
            parameters |= STANFORD_GLOVE
            continue
        name, equals, value = pair.partition("=")
        if not equals or name not in PARAMETERS:
            raise ValueError(
                f'expected parameters of GloVeVectorizer, as in "window_size=15 weighting=harmonic", got {pair!r}; '
                f"the parameters are {', '.join(PARAMETERS)}"
            )
        parameters[name] = value if re.fullmatch("[a-z_-]+|exponential:.*", value) else _literal(pair, value)
    weighting = parameters.get("weighting")
    if isinstance(weighting, str) and weighting.startswith("exponential:"):
        window_size = parameters.get("window_size", PARAMETERS["window_size"])
        parameters["weighting"] = _exponential_weights(weighting, window_size)
    return parameters


def _literal(pair: str, value: str) -> Any:
    try:
        return literal_eval(value)
    except (ValueError, SyntaxError) as error:
        raise ValueError(f"{pair!r}: expected a name or a literal of Python, got {value!r}") from error


def _exponential_weights(weighting: str, window_size: int | None) -> np.ndarray:
    rate = weighting.removeprefix("exponential:")
    if window_size is None or not re.fullmatch(r"[01]?\.?\d+", rate):
        raise ValueError(
            f"'weighting={weighting}': expected a rate such as 0.95 and a window_size that is a number, "
            f"got {rate!r} and window_size={window_size}"
        )
    return float(rate) ** np.arange(window_size)


def describe(vectorizer: GloVeVectorizer) -> dict[str, Any]:
    """Return what rows say of a fitted vectorizer."""
    return {
        "n_words": len(vectorizer.vocabulary_),
        "n_epochs": vectorizer.n_iter_,
        "n_components": vectorizer.n_components,
        "window_size": vectorizer.window_size,
        "x_max": vectorizer.x_max_,
        "model_parameters": model_parameters(vectorizer),
    }


def model_parameters(vectorizer: GloVeVectorizer) -> dict[str, Any]:
    """Return the parameters that decide what the result is, but for those of the text: rows outlive the defaults."""
    values = {
        name: getattr(vectorizer, name) for name in PARAMETERS if name not in _OF_THE_RUN and name not in _OF_THE_TEXT
    }
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in values.items()}
