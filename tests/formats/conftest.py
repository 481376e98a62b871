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
def c_files(c_output, tmp_path_factory):
    """A folder as the C program leaves it, with d = 10."""
    folder = tmp_path_factory.mktemp("c")
    for name in ("vocab.txt", "vectors.005.txt", "vectors.005.model0.txt"):
        (folder / name).write_text("\n".join([*c_output(name), ""]), encoding="utf-8")
    c_output("vectors.005.bin").tofile(folder / "vectors.005.bin")
    return folder


@pytest.fixture(scope="module")
def gensim():
    return pytest.importorskip("gensim")


@pytest.fixture(scope="module")
def vectorizer(lee):
    return GloVeVectorizer(5, max_iter=2, random_state=0).fit(lee)
