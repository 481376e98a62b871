"""Fixtures of the tests of resumed runs."""

import pytest

from tests._training.runs import make_case


@pytest.fixture(params=["GloVe", "GloVeVectorizer"])
def case(request):
    """An estimator and something to fit it on."""
    return make_case(request.param)
