"""Post-process word vectors: remove what all tokens have in common, and rescale."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, weighted_mean
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


def postprocess(vectors: np.ndarray, weights: np.ndarray, how: str | None, team: ThreadTeam) -> np.ndarray:
    """Centre the vectors, shrink or remove their first principal component, and rescale them.

    Mean, components and scale are those of the tokens of the text: a word counts as often as its weight says. Afterwards the
    weighted mean is 0, and the weighted variance of the columns is 1/4 on average (on which no cosine depends). Steps that would
    leave nothing are skipped: identical vectors are not centred, and a single component is not removed. Words without weight,
    which were never trained, are not centred.

    Removing components is due to J. Mu and P. Viswanath, "All-but-the-top: simple and effective postprocessing for word
    representations", ICLR 2018, where every word counts once.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
    weights : ndarray of shape (n,), float64
        Not negative, and not all 0.
    how : str or None
        One of `POSTPROCESSINGS`; None returns the vectors unchanged.
    team : ThreadTeam

    Returns
    -------
    vectors : ndarray of shape (n, d), float32
    """
    if how is None:
        return vectors
    weights = weights / weights.sum()
    mean = weighted_mean(vectors, weights, team)
    second_moments = gram(vectors, team, weights)
    variances, directions = eigenvectors(second_moments - np.multiply.outer(mean, mean))
    noise = _NOISE * second_moments.trace()
    if not variances.sum() > noise:
        return vectors
    transformation = np.eye(len(mean))
    if how != "center" and variances[1:].sum() > noise:
        kept = POSTPROCESSINGS[how](*variances[:2])
        transformation -= (1 - np.sqrt(kept)) * np.multiply.outer(directions[:, 0], directions[:, 0])
        variances[0] = kept * variances[0]
    transformation *= _SCALE * np.sqrt(len(mean) / variances.sum())
    processed = matmul(vectors, transformation, team, center=mean)
    # The vector of a word that never occurs is almost 0; centred, it would be the mean's, with the other sign.
    unused = np.flatnonzero(weights == 0)
    processed[unused] = matmul(vectors[unused], transformation, team)
    return processed
