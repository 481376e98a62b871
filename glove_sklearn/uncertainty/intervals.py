"""Confidence intervals and p-values from standard errors, or from draws, on the scale of Fisher's z."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

#: The largest number below 1, whose inverse hyperbolic tangent is finite.
_BELOW_ONE = np.nextafter(1.0, 0.0)


def normal_intervals(
    values: np.ndarray, errors: np.ndarray, level: float, limits: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute intervals of normal distributions, and p-values of the null hypothesis that a value is 0.

    A cosine lies between -1 and 1, and estimates of one near 1 are skewed. So the distributions are normal on the scale of
    z = artanh(value / limit), as is usual for correlations (R. A. Fisher, "On the probable error of a coefficient of correlation
    deduced from a small sample", Metron 1, 1921); standard errors are converted by the delta method. An interval stays within the
    limits, contains the value, and excludes 0 if and only if p < 1 - level. Without a limit, z is the value itself.

    Parameters
    ----------
    values, errors : ndarray of shape (n,), float64
    level : float
        Of confidence.
    limits : ndarray of shape (n,), float64
        The largest absolute value that each can have, or infinity.

    Returns
    -------
    low, high, p_values : ndarray of shape (n,), float64
        NaN where the error is.
    """
    z, slopes = _to_scale(values, limits)
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = errors * slopes
        p_values = 2 * ndtr(-np.abs(z) / errors)
    margins = ndtri((1 + level) / 2) * errors
    return _from_scale(z - margins, limits), _from_scale(z + margins, limits), p_values


def intervals_of_draws(
    values: np.ndarray, draws: np.ndarray, level: float, limits: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute intervals and p-values from draws around estimates.

    Draws add noise to vectors that are noisy already, which lowers cosines near 1. The quantiles of the draws would have this
    bias twice, and could lie beside the estimate. So, on the scale of z, the draws are shifted until their median is the
    estimate: they tell how wide and how skewed the distribution is, and not where it is.

    Parameters
    ----------
    values : ndarray of shape (n,), float64
    draws : ndarray of shape (n_draws, n), float64
    level, limits
        As in :func:`normal_intervals`.

    Returns
    -------
    low, high, p_values : ndarray of shape (n,), float64
    """
    z, _ = _to_scale(values, limits)
    drawn, _ = _to_scale(draws, limits)
    drawn += z - np.median(drawn, axis=0)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    beyond = np.minimum((drawn <= 0).sum(axis=0), (drawn >= 0).sum(axis=0))
    p_values = np.minimum(1, 2 * (beyond + 1) / (len(drawn) + 1))
    return _from_scale(low, limits), _from_scale(high, limits), p_values


def _to_scale(values: np.ndarray, limits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return z, and the derivatives of z."""
    bounded = np.isfinite(limits)
    divisors = np.where(bounded, limits, 1)
    fractions = np.clip(np.where(bounded, values / divisors, 0), -_BELOW_ONE, _BELOW_ONE)
    return np.where(bounded, np.arctanh(fractions), values), 1 / (divisors * (1 - fractions * fractions))


def _from_scale(z: np.ndarray, limits: np.ndarray) -> np.ndarray:
    bounded = np.isfinite(limits)
    return np.where(bounded, np.where(bounded, limits, 1) * np.tanh(z), z)
