"""Post-process word vectors: remove what all tokens have in common, and rescale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, project, weighted_mean
from glove_sklearn._system.threads import ThreadTeam

#: A variance that is smaller, relative to the second moments, is rounding error.
_NOISE = 1e-10
#: Standard deviation of the columns over the tokens, at which classifiers with a penalty, such as LogisticRegression by default,
#: do best and converge soon on means of some hundred tokens.
_SCALE = 0.5

#: What the parameter `postprocess` takes, beside None: which fraction of the variance of the first principal component is kept,
#: given that of the first and of the second.
POSTPROCESSINGS: dict[str, Callable[[float, float], float]] = {
    "level": lambda first, second: second / first,
    "all-but-the-top": lambda first, second: 0.0,
    "center": lambda first, second: 1.0,
}


@dataclass(frozen=True)
class Postprocessing:
    """What is done to a vector x: scale * (y - (1 - sqrt(kept)) (y.direction) direction), where y = x - mean."""

    mean: np.ndarray
    """(d,), float64."""
    direction: np.ndarray
    """(d,), float64, of length 1."""
    kept: float
    """Fraction of the variance along `direction` that is kept."""
    scale: float

    def matrix(self) -> np.ndarray:
        """Return the matrix, (d, d), float64, by which centred vectors are multiplied."""
        reduced = (1 - np.sqrt(self.kept)) * np.multiply.outer(self.direction, self.direction)
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
        removed = (1 - np.sqrt(self.kept)) * project(centered, self.direction)
        centered -= np.multiply.outer(removed, self.direction)
        return (self.scale * centered).astype(np.float32)


def learn_postprocessing(
    vectors: np.ndarray, weights: np.ndarray, how: str | None, team: ThreadTeam
) -> Postprocessing | None:
    """Find the mean, the first component and the scale of vectors.

    Mean, components and scale are those of the tokens of the text: a word counts as often as its weight says. Afterwards the
    weighted mean is 0, and the weighted variance of the columns is 1/4 on average (on which no cosine depends). Steps that would
    leave nothing are skipped: identical vectors are not centred, and a single component is not removed.

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
    variances, directions = eigenvectors(second_moments - np.multiply.outer(mean, mean), team, 1)
    noise = _NOISE * second_moments.trace()
    if not variances.sum() > noise:
        return None
    kept = 1.0
    if how != "center" and variances[1:].sum() > noise:
        kept = POSTPROCESSINGS[how](*variances[:2])
    variances[0] = kept * variances[0]
    return Postprocessing(mean, directions[:, 0].copy(), kept, _SCALE * np.sqrt(len(mean) / variances.sum()))


def postprocess(
    vectors: np.ndarray,
    weights: np.ndarray,
    how: str | None,
    team: ThreadTeam,
    *,
    is_trained: np.ndarray | None = None,
) -> np.ndarray:
    """Centre the vectors, shrink or remove their first principal component, and rescale them.

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
