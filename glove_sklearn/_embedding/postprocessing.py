"""Post-process word vectors: remove what all tokens have in common, and rescale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, product, weighted_mean
from glove_sklearn._system.threads import ThreadTeam

#: A variance that is smaller, relative to the second moments, is rounding error.
_NOISE = 1e-10
#: Standard deviation of the columns over the tokens, at which classifiers with a penalty, such as LogisticRegression by default,
#: do best and converge soon on means of some hundred tokens.
_SCALE = 0.5


class _Change(NamedTuple):
    """What becomes of the variances of the principal components."""

    n_first: int = 0
    """How many of the first are shrunk."""
    removes_first: bool = False
    """Whether these are removed, rather than made as large as the next."""
    evens_out: bool = False
    """Whether all variances are raised to the power 3/4 before."""


#: What the parameter `postprocess` takes, beside None.
POSTPROCESSINGS = {
    "flatten": _Change(3, evens_out=True),
    "level": _Change(1),
    "all-but-the-top": _Change(1, removes_first=True),
    "center": _Change(),
}


@dataclass(frozen=True)
class Postprocessing:
    """What is done to a vector x: scale * (y - the sum of (1 - sqrt(factor)) (y.direction) direction), where y = x - mean."""

    mean: np.ndarray
    """(d,), float64."""
    directions: np.ndarray
    """(n, d), float64: orthonormal."""
    factors: np.ndarray
    """(n,), float64: by what the variance along each direction is multiplied."""
    scale: float

    def matrix(self) -> np.ndarray:
        """Return the matrix, (d, d), float64, by which centred vectors are multiplied."""
        reduced = product(self.directions.T * (1 - np.sqrt(self.factors)), self.directions)
        return (np.eye(len(self.mean)) - reduced) * self.scale

    def apply(self, vectors: np.ndarray, n_words: np.ndarray | None = None) -> np.ndarray:
        """Post-process vectors of words, or weighted sums of them: it does not matter whether that is done before or after.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
        n_words : ndarray of shape (n,) or None, default=None
            The sum of the weights of the words in each; None for 1.

        Returns
        -------
        vectors : ndarray of shape (n, d), float32
        """
        mean = self.mean if n_words is None else np.multiply.outer(n_words.astype(np.float64), self.mean)
        centered = vectors - mean
        removed = (1 - np.sqrt(self.factors)) * product(centered, self.directions.T)
        centered -= product(removed, self.directions)
        return (self.scale * centered).astype(np.float32)


def learn_postprocessing(
    vectors: np.ndarray, weights: np.ndarray, how: str | None, team: ThreadTeam
) -> Postprocessing | None:
    """Find the mean, the principal components and the scale of vectors.

    Mean, components and scale are those of the tokens of the text: a word counts as often as its weight says. Afterwards the
    weighted mean is 0, and the weighted variance of the columns is 1/4 on average (on which no cosine depends). Steps that would
    leave nothing are skipped: identical vectors are not centred, and the last component is not removed.

    Removing components is due to J. Mu and P. Viswanath, "All-but-the-top: simple and effective postprocessing for word
    representations", ICLR 2018, where every word counts once.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
    weights : ndarray of shape (n,), float64
        Not negative, and not all 0.
    how : str or None
        One of `POSTPROCESSINGS`, or None.
    team : ThreadTeam

    Returns
    -------
    postprocessing : Postprocessing or None
        None if nothing is to be done.
    """
    if how is None:
        return None
    weights = weights / weights.sum()
    mean = weighted_mean(vectors, weights, team)
    second_moments = gram(vectors, team, weights)
    change = POSTPROCESSINGS[how]
    covariance = second_moments - np.multiply.outer(mean, mean)
    variances, directions = eigenvectors(covariance, team, None if change.evens_out else change.n_first)
    noise = _NOISE * second_moments.trace()
    if not variances.sum() > noise:
        return None
    factors = _factors(variances, change, noise)
    variances[: len(factors)] *= factors
    scale = _SCALE * np.sqrt(len(mean) / variances.sum())
    return Postprocessing(mean, directions.T[: len(factors)].copy(), factors, scale)


def _factors(variances: np.ndarray, change: _Change, noise: float) -> np.ndarray:
    """Return by what the variances of the first components, or of all, are multiplied; the last that is no noise stays."""
    n_first = change.n_first
    while n_first and not variances[n_first:].sum() > noise:
        n_first -= 1
    factors = np.ones(len(variances) if change.evens_out else n_first)
    if change.evens_out:
        # By square roots, because the last bit of NumPy's powers depends on the processor.
        shares = variances / variances[0]
        np.divide(1, np.sqrt(np.sqrt(shares)), out=factors, where=shares > _NOISE)
    if n_first:
        following = 0.0
        if not change.removes_first:
            following = variances[n_first] * (factors[n_first] if change.evens_out else 1.0)
        factors[:n_first] = following / variances[:n_first]
    return factors


def postprocess(
    vectors: np.ndarray,
    weights: np.ndarray,
    how: str | None,
    team: ThreadTeam,
    *,
    is_trained: np.ndarray | None = None,
) -> np.ndarray:
    """Centre the vectors, shrink or remove their first principal components, and rescale them.

    As :func:`learn_postprocessing` says. Words that were never trained are not centred.

    Parameters
    ----------
    vectors, weights, how, team
        As for :func:`learn_postprocessing`.
    is_trained : ndarray of shape (n,), bool, or None, default=None
        Which words have a vector of their own; None for those with a weight.

    Returns
    -------
    vectors : ndarray of shape (n, d), float32
        The argument if nothing is to be done.
    """
    learnt = learn_postprocessing(vectors, weights, how, team)
    if learnt is None:
        return vectors
    matrix = learnt.matrix()
    processed = matmul(vectors, matrix, team, center=learnt.mean)
    # The vector of a word that was never trained is almost 0; centred, it would be the mean's, with the other sign.
    unused = np.flatnonzero(weights == 0 if is_trained is None else ~is_trained)
    processed[unused] = matmul(vectors[unused], matrix, team)
    return processed
