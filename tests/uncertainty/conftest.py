import numpy as np
import pytest

from glove_sklearn import GloVeVectorizer
from glove_sklearn.uncertainty import WordUncertainty


@pytest.fixture(scope="session")
def fitted(lee):
    return GloVeVectorizer(12, warm_start=True, random_state=0).fit(lee)


@pytest.fixture(scope="session")
def uncertainty(fitted, lee):
    return WordUncertainty.from_estimator(fitted, lee)


@pytest.fixture(scope="session")
def words(uncertainty, fitted):
    """The most frequent words of five letters or more."""
    order = np.argsort(-fitted.counts_, kind="stable")
    return [uncertainty.terms[row] for row in order if len(uncertainty.terms[row]) > 4][:20]
