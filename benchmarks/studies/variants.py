"""Configurations of GloVeVectorizer, written as what differs from its defaults: "window_size=15 weighting=harmonic".

"stanford-glove" stands for the settings of Stanford GloVe, which those behind it override: "stanford-glove init=svd".
"""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from ast import literal_eval
from typing import Any

import numpy as np

from benchmarks.harness.settings import STANFORD_GLOVE
from glove_sklearn import GloVeVectorizer
from glove_sklearn._parameters import PARAMETERS

#: Those of the text, which decide what a word is, are left out, and those of the execution, on which no result depends.
_MODEL_PARAMETERS = [
    *("min_count", "min_df", "max_df", "max_features"),
    *(name for name, parameter in PARAMETERS.items() if parameter.effect not in ("text", "execution")),
]


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
        window_size = parameters.get("window_size", PARAMETERS["window_size"].default)
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
    """Return the parameters that decide what the result is; rows outlive the defaults."""
    values = {name: getattr(vectorizer, name) for name in _MODEL_PARAMETERS}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in values.items()}
