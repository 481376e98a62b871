"""Fixtures of the tests of formats."""

import pytest

from glove_sklearn import GloVeVectorizer


@pytest.fixture
def write(tmp_path):
    """Make a file of bytes."""

    def file(data, name="vectors"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return file


@pytest.fixture(scope="module")
def gensim():
    return pytest.importorskip("gensim")


@pytest.fixture(scope="module")
def vectorizer(lee):
    return GloVeVectorizer(5, max_iter=2, random_state=0).fit(lee)
