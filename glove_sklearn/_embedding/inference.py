"""Vectors of words that were not trained, from their contexts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from glove_sklearn._embedding.pooling import Statistics, sif_weights
from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, weighted_mean
from glove_sklearn._system.threads import ThreadTeam

#: How much a vector is drawn towards the mean: in units of the mean eigenvalue, divided by the number of neighbours; and by how
#: much the model's factor exceeds 1. With these two, vectors from 1, 4, 16 and 64 occurrences are least wrong, and as long as
#: they should be: see the benchmark "infer".
_SHRINKAGE, _SCALE = 300.0, 10.0


def infer(
    contexts: Iterable[tuple[np.ndarray, np.ndarray]], embedding: np.ndarray, counts: np.ndarray, team: ThreadTeam
) -> np.ndarray:
    """Compute vectors from the weights of neighbours.

    Where a word i has the vector e_i, its neighbours are about p_j exp(s e_i.e_j), with p_j the frequency of j. So the mean u of
    the vectors of its neighbours differs from that of all tokens, m, by about s H e_i, where H is the second moment of the
    vectors. Solved for e_i by ridge regression, with t the mean eigenvalue of H and n the number of neighbours,

        e = scale (H + 300 t / n)^-1 (u - m).

    Neighbours count as in smooth inverse frequency, a / (a + p_j), in u, m and H. n is the effective number, the square of the
    sum of all weights divided by the sum of their squares: a vector made of few neighbours is drawn towards the mean.

    The linear map is what M. Khodak, N. Saunshi, Y. Liang, T. Ma, B. Stewart and S. Arora, "A la carte embedding: cheap but
    effective induction of semantic feature vectors", ACL 2018, learn by regression on all words of a large text; here it follows
    from the vectors and their counts alone.

    Parameters
    ----------
    contexts : iterable of (ndarray of shape (n_neighbours,), int32; ndarray of shape (n_neighbours,), float32)
        For each word, its neighbours as rows of `embedding`, and the sum of the weights of each. At least one.
    embedding : ndarray of shape (n_words, d), float32
    counts : ndarray of shape (n_words,), int64
        Occurrences of the known words, not all 0.
    team : ThreadTeam

    Returns
    -------
    vectors : ndarray of shape (n_contexts, d), float32
    """
    frequencies = counts / counts.sum()
    center = weighted_mean(embedding, frequencies, team)
    weights = sif_weights(Statistics(counts, None, 0)).astype(np.float64)
    shares = frequencies * weights
    shares /= shares.sum()
    centered = (embedding - center).astype(np.float32)
    mean = weighted_mean(centered, shares, team)
    values, directions = eigenvectors(gram(centered, team, shares), team)
    t = values.sum() / len(values)
    # The mean square of a value of a vector, every word counting once.
    variance = gram(centered, team).trace() / centered.size

    differences, shrinkage = [], []
    for neighbours, sums in contexts:
        of_neighbours = sums * weights[neighbours]
        total = of_neighbours.sum()
        differences.append(weighted_mean(centered[neighbours], of_neighbours / total, team) - mean)
        shrinkage.append(_SHRINKAGE * t * (of_neighbours**2).sum() / total**2)
    projections = matmul(np.array(differences, dtype=np.float32), directions, team)
    denominators = values + np.array(shrinkage)[:, np.newaxis]
    scaled = _SCALE * np.sqrt(t * variance) * np.divide(
        projections, denominators, out=np.zeros(projections.shape), where=denominators > 0
    )  # fmt: skip
    return (matmul(scaled.astype(np.float32), directions.T, team) + center).astype(np.float32)
