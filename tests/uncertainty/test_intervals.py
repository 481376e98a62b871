"""Intervals stay within the limits of the numbers, contain the estimates, and agree with the p-values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from glove_sklearn.uncertainty.intervals import intervals_of_draws, normal_intervals


def one(value, error, level, limit):
    """The interval and the p-value of one number."""
    return [
        float(numbers[0]) for numbers in normal_intervals(*map(np.array, ([value], [error])), level, np.array([limit]))
    ]


@given(
    fraction=st.floats(-1, 1),
    error=st.floats(1e-6, 10),
    level=st.floats(0.01, 0.999),
    limit=st.sampled_from([1.0, 2.0, 9.5]),
)
def test_interval_contains_the_value_within_the_limits(fraction, error, level, limit):
    low, high, p_value = one(fraction * limit, error, level, limit)
    assert -limit <= low <= fraction * limit + 1e-9
    assert fraction * limit - 1e-9 <= high <= limit
    assert 0 <= p_value <= 1
    if abs(p_value - (1 - level)) > 1e-6:
        assert (low > 0 or high < 0) == (p_value < 1 - level)


def test_interval_without_a_limit_is_symmetric():
    quantile = norm.ppf(0.975)
    low, high, p_value = one(3.0, 2.0, 0.95, np.inf)
    assert (low, high) == pytest.approx((3 - 2 * quantile, 3 + 2 * quantile))
    assert p_value == pytest.approx(2 * norm.sf(1.5))


def test_interval_far_from_the_limit_is_nearly_symmetric():
    quantile = norm.ppf(0.975)
    assert one(0.1, 0.001, 0.95, 1.0)[:2] == pytest.approx((0.1 - 0.001 * quantile, 0.1 + 0.001 * quantile), abs=1e-6)


def test_number_without_an_error_has_no_interval():
    assert np.isnan(one(0.5, np.nan, 0.95, 1.0)).all()


@pytest.mark.parametrize("limit", [1.0, np.inf])
def test_interval_of_draws_contains_the_estimate_however_biased_they_are(limit):
    values = np.array([0.9, 0.5, -0.95])
    noise = np.random.default_rng(0).gumbel(size=(1000, 3))
    draws = np.tanh(np.arctanh(values) * 0.4 + 0.1 * noise)
    assert (draws.max(axis=0)[:2] < values[:2]).any()
    low, high, p_values = intervals_of_draws(values, draws, 0.95, np.full(3, limit))
    assert ((low < values) & (values < high)).all()
    assert ((-limit <= low) & (high <= limit)).all()
    assert (p_values < 0.05).all()


def test_draws_of_a_normal_distribution_yield_the_normal_interval():
    z = np.array([0.3, 1.5])
    draws = np.tanh(z + 0.2 * np.random.default_rng(0).normal(size=(200_000, 2)))
    errors = 0.2 * (1 - np.tanh(z) ** 2)
    expected = normal_intervals(np.tanh(z), errors, 0.9, np.ones(2))
    found = intervals_of_draws(np.tanh(z), draws, 0.9, np.ones(2))
    np.testing.assert_allclose(found, expected, atol=0.005)
