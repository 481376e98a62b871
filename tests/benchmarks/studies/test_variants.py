"""Configurations are parsed, and nothing in them is evaluated."""

import re
from argparse import ArgumentTypeError

import numpy as np
import pytest

from benchmarks.harness.settings import STANFORD_GLOVE
from benchmarks.studies.variants import checked, model_parameters, parse
from glove_sklearn import GloVeVectorizer


def test_variants_are_parameters_by_name():
    text = "window_size=15 weighting=harmonic tol=None x_max=auto combine=concat"
    assert checked(f"  {text} ") == text
    assert parse(text) == {
        "window_size": 15, "weighting": "harmonic", "tol": None, "x_max": "auto", "combine": "concat"
    }  # fmt: skip
    assert parse(checked("")) == {}


def test_settings_of_stanford_glove_have_a_name():
    assert parse("stanford-glove") == STANFORD_GLOVE
    assert parse(checked("stanford-glove init=svd")) == {**STANFORD_GLOVE, "init": "svd"}


def test_weighting_may_be_exponential():
    weights = parse("weighting=exponential:0.9 window_size=3")["weighting"]
    np.testing.assert_array_equal(weights, 0.9 ** np.arange(3))
    assert len(parse("weighting=exponential:0.95")["weighting"]) == GloVeVectorizer().window_size
    # What goes into a row can be written as JSON.
    assert model_parameters(GloVeVectorizer(weighting=weights))["weighting"] == weights.tolist()


@pytest.mark.parametrize(
    "text",
    [
        *("alpha=1/0", "weighting=numpy.foo()", "weighting=0.9**numpy.arange(3", "alpha=0.5.1", "tol=__import__(0)"),
        *("weighting=exponential:x", "weighting=exponential:2**9"),
    ],
)
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(ArgumentTypeError, match=f"^'{re.escape(text)}': expected"):
        checked(text)


def test_exponential_weights_need_a_window():
    with pytest.raises(ArgumentTypeError, match=r"window_size that is a number, got '0\.9' and window_size=None"):
        checked("weighting=exponential:0.9 window_size=None")


@pytest.mark.parametrize("text", ["window=15", "alpha", "alpha=1 =2"])
def test_what_is_no_parameter_is_refused(text):
    with pytest.raises(ArgumentTypeError, match="expected parameters of GloVeVectorizer"):
        checked(text)
