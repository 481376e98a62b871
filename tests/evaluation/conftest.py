"""Fixtures of the tests of evaluation."""

from pathlib import Path

import numpy as np
import pytest

from glove_sklearn import GloVeVectorizer
from tests.evaluation.shared import google


@pytest.fixture
def write(tmp_path):
    """Writes a file, and gives its path."""

    def write(text, name="file.txt", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


@pytest.fixture(scope="module")
def vectorizers(lee):
    """Vectors of news: in lower case, and with words in several cases."""
    pytest.importorskip("gensim")
    return {
        lowercase: GloVeVectorizer(30, lowercase=lowercase, min_count=2, max_iter=10, random_state=0).fit(lee)
        for lowercase in (True, False)
    }


@pytest.fixture(scope="module")
def in_many_cases():
    """Words that Google's questions ask about, in three cases, with near vectors; some vectors are zero."""
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    rng = np.random.RandomState(0)
    meanings = {}
    for line in Path(google()).read_text(encoding="utf-8").splitlines()[::40]:
        if line[0] == ":":
            continue
        a, b, c, d = line.split()
        # The second word of a pair is the first and a step that depends on its length: some answers are right.
        for first, second in ((a, b), (c, d)):
            meanings.setdefault(first, rng.standard_normal(6))
            meanings.setdefault(second, meanings[first] + np.eye(6)[len(second) % 6])
    vectors = {f"filler{i}": np.zeros(6) for i in range(20)}
    for word in rng.permutation(list(meanings)):
        for form in rng.permutation([word, word.upper(), word.lower()]):
            vectors.setdefault(str(form), rng.uniform(0.5, 2) * (meanings[word] + 0.1 * rng.standard_normal(6)))
    keyed = KeyedVectors(6)
    keyed.add_vectors(list(vectors), np.array(list(vectors.values()), dtype=np.float32))
    return keyed
