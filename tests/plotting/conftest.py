"""Fixtures of the tests of pictures, which are drawn without a screen."""

import pytest

from glove_sklearn import GloVeVectorizer


@pytest.fixture(autouse=True)
def pyplot():
    """matplotlib.pyplot, with the figures of a test closed after it."""
    pytest.importorskip("matplotlib").use("Agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


@pytest.fixture(scope="session")
def vectorizer(lee):
    return GloVeVectorizer(20, warm_start=True, random_state=0).fit(lee)


@pytest.fixture(scope="session")
def word(vectorizer):
    """A word that is neither the most frequent nor short."""
    return next(word for word in vectorizer.vocabulary_ if len(word) > 6)
