"""Warnings point at the caller of the package."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from glove_sklearn import CooccurrenceCounter, GloVe


def caught(function):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        function()
    return found


def test_a_warning_from_deep_inside_names_the_line_that_called_the_package():
    (warning,) = caught(lambda: GloVe(2, max_iter=1, tol=0.5).fit(np.ones((3, 3))))
    assert warning.category is ConvergenceWarning
    assert warning.filename == __file__


def test_a_warning_about_a_parameter_names_the_line_that_called_the_package():
    counter = CooccurrenceCounter(analyzer=list, stop_words=["a"], min_count=1)
    (warning,) = caught(lambda: counter.fit([["a", "b"]]))
    assert "'stop_words' will not be used" in str(warning.message)
    assert warning.filename == __file__
