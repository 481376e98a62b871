"""Word vectors as trained -> word vectors as used: what the tokens have in common is taken out."""

from __future__ import annotations

import numpy as np

from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, weighted_mean
from glove_sklearn._system.threads import ThreadTeam

#: What is so small, compared to all, is rounding error.
_NOISE = 1e-10
#: Standard deviation of the columns over the tokens. Means of some hundred tokens then have a size at which classifiers with a
#: penalty, such as LogisticRegression by default, do best and converge soon.
_SCALE = 0.5


def postprocess(vectors: np.ndarray, weights: np.ndarray, how: str | None, team: ThreadTeam) -> np.ndarray:
    """Centre the vectors, lessen or take out their first principal component, and bring them to one scale.

    Mean, components and scale are those of the tokens of the text: a word counts as often as its weight says. Then the
    weighted mean is 0, and the weighted variance of the columns is 1/4 on average (which no cosine depends on). What would
    leave nothing is not done: vectors that are all alike are not centred, and the last component is not removed. Words without
    weight, which were never trained, are not centred.

    To remove components is from J. Mu and P. Viswanath, "All-but-the-top: simple and effective postprocessing for word
    representations", ICLR 2018; there every word counts once.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
    weights : ndarray of shape (n,), float64
        Not negative, and not all 0.
    how : {"level", "all-but-the-top", "center"} or None
        "level" makes the first component as large as the second, "all-but-the-top" removes it, "center" leaves it;
        None gives the vectors as they are.
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
        first, second = variances[:2]
        kept = second / first if how == "level" else 0.0
        transformation -= (1 - np.sqrt(kept)) * np.multiply.outer(directions[:, 0], directions[:, 0])
        variances[0] = kept * first
    transformation *= _SCALE * np.sqrt(len(mean) / variances.sum())
    processed = matmul(vectors, transformation, team, center=mean)
    # What never occurs has a vector next to nothing; without the mean it would have the mean's, with the other sign.
    never = np.flatnonzero(weights == 0)
    processed[never] = matmul(vectors[never], transformation, team)
    return processed
