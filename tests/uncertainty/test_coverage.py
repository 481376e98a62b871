"""Intervals hold the truth as often as they should, on X that is drawn from the model."""

import numpy as np
import pytest
from scipy import sparse

from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._variance.factors import RegressionModel
from glove_sklearn.uncertainty import WordUncertainty

N_WORDS = 2000
#: Fraction of the entries of X that are there.
DENSITY = 0.2


def draw(rng, d, noise):
    """X, and the model that it is drawn from: the noise of log X has the standard deviation noise / sqrt(f)."""
    words, contexts = (rng.normal(size=(N_WORDS, d)) / d**0.25 for _ in range(2))
    word_biases, context_biases = rng.normal(size=(2, N_WORDS))
    means = words @ contexts.T + word_biases[:, np.newaxis] + context_biases
    log_x_max = np.quantile(means, 0.99)
    f = np.exp(np.minimum(0, 0.75 * (means - log_x_max)))
    x = np.exp(means + noise * rng.normal(size=means.shape) / np.sqrt(f))
    X = sparse.csr_array(np.where(rng.random(x.shape) < DENSITY, x, 0).astype(np.float32))
    sides = (array.astype(np.float32) for array in (words, word_biases, contexts, context_biases))
    return X, RegressionModel(*sides, x_max=float(np.exp(log_x_max)), alpha=0.75, with_bias=True)


@pytest.mark.parametrize("d", [20, 50])
def test_intervals_of_95_percent_hold_95_percent_of_what_is_true(seed, d):
    rng = np.random.default_rng(seed)
    X, model = draw(rng, d, noise=0.01)
    words = [str(row) for row in range(N_WORDS)]
    uncertainty = WordUncertainty(words, CsrRows(X), model, model.words, "word", center="least_squares")
    units = model.words / np.linalg.norm(model.words, axis=1, keepdims=True)
    # Each word in two pairs: the fraction has a standard deviation of about 0.5 %.
    first = rng.permutation(N_WORDS)
    second = np.roll(first, 1)
    cosines = (units[first] * units[second]).sum(axis=1)
    estimates = uncertainty.similarities([(words[a], words[b]) for a, b in zip(first, second, strict=True)])
    held = [row.low <= cosine <= row.high for row, cosine in zip(estimates, cosines, strict=True)]
    assert 0.93 <= np.mean(held) <= 0.97
    errors = np.sqrt([np.diag(uncertainty.covariance(word)) for word in words])
    components_held = np.abs(uncertainty.vectors - model.words) <= 1.96 * errors
    assert 0.93 <= components_held.mean() <= 0.97
