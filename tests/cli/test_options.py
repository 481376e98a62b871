"""Options are made from the declared parameters."""

import inspect

import pytest

from glove_sklearn import GloVeVectorizer
from glove_sklearn.cli.main import cli
from tests.cli.runs import assert_vectors, expected


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("window_size", "none", None),
        ("weighting", "0.5", 0.5),
        ("weighting", "harmonic", "harmonic"),
        ("x_max", "auto", "auto"),
        ("postprocess", "none", None),
        ("postprocess", "all-but-the-top", "all-but-the-top"),
    ],
)
def test_options_that_are_numbers_or_words(train, name, text, value):
    others = {"window_size": 3, "weighting": 1.5, "x_max": 2, "postprocess": "center"}
    given = {**others, name: text}
    arguments = [argument for option, value in given.items() for argument in (f"--{option.replace('_', '-')}", value)]
    train("corpus.txt", "-o", "vectors.txt", *arguments)
    assert_vectors("vectors.txt", expected(**{**others, name: value}))


def test_defaults_are_those_of_the_vectorizer():
    parameters = inspect.signature(GloVeVectorizer).parameters
    options = cli.commands["train"].make_context("train", ["corpus.txt"]).params
    shared = options.keys() & parameters.keys()
    assert {"window_size", "weighting", "x_max", "negative_ratio", "init", "max_iter", "postprocess"} <= shared
    others = {"lowercase": None, "n_jobs": -1, "random_state": 0}
    for name in shared:
        assert options[name] == others.get(name, parameters[name].default), name
