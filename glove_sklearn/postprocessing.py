"""Word vectors as trained -> word vectors as used: what the tokens have in common is taken out."""

from __future__ import annotations

import numpy as np

from glove_sklearn.linear_algebra import eigenvectors, gram, product, weighted_mean
from glove_sklearn.threads import ThreadTeam

#: What is so small, compared to all, is rounding error.
_NOISE = 1e-10


def postprocess(vectors: np.ndarray, weights: np.ndarray, how: str | None, team: ThreadTeam) -> np.ndarray:
    """Centre the vectors, take out their first principal component, and bring them to unit scale.

    Mean, components and scale are those of the tokens of the text: a word counts as often as its weight says. Then the
    weighted mean is 0, and the weighted variance of the columns is 1 on average (which no cosine depends on). What would
    leave nothing is not done: vectors that are all alike are not centred, and the last component is not removed.

    J. Mu and P. Viswanath, "All-but-the-top: simple and effective postprocessing for word representations", ICLR 2018;
    there every word counts once.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
    weights : ndarray of shape (n,), float64
        Not negative, and not all 0.
    how : {"center", "all-but-the-top"} or None
        "center" removes no component; None gives the vectors as they are.
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
    all_of_it = second_moments.trace()
    if not variances.sum() > _NOISE * all_of_it:
        return vectors
    transformation = np.eye(len(mean))
    left = variances.sum()
    if how == "all-but-the-top" and variances[1:].sum() > _NOISE * all_of_it:
        transformation -= np.multiply.outer(directions[:, 0], directions[:, 0])
        left = variances[1:].sum()
    transformation *= np.sqrt(len(mean) / left)
    return product(vectors, transformation, team, center=mean)
