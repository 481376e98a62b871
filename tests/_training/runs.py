"""What the tests of resumed runs share."""

import numpy as np

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer

DOCUMENTS = [f"{a} {b} c{(i * j) % 7} d{i % 5} {b}" for i, a in enumerate("abcdefgh") for j, b in enumerate("abcdefgh")]
PARAMETERS = {"n_components": 6, "random_state": 3}


def make_case(kind):
    """An estimator and something to fit it on."""
    if kind == "GloVe":
        return GloVe(**PARAMETERS), CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    return GloVeVectorizer(**PARAMETERS, min_count=1, pooling="sif"), DOCUMENTS


def attributes(estimator):
    return {
        name: value
        for name, value in vars(estimator).items()
        if name.endswith("_") and not name.startswith("_") and name != "random_state_"
    }


def assert_same_bits(one, other, *, but=()):
    ours, theirs = attributes(one), attributes(other)
    but = {"fit_time_", *but}
    assert ours.keys() - but == theirs.keys() - but
    for name in ours.keys() - but:
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)


WARM = {
    "word_accumulators_", "context_accumulators_", "random_state_", "word_vectors_", "context_vectors_", "word_biases_",
    "context_biases_",
}  # fmt: skip
