"""NumPy versions of what the kernels compute, in plain loops and float64: slow, and simple enough to be believed."""

import re

import numpy as np

#: The model of Stanford GloVe with the settings of its demonstration.
STANFORD_DEMO = {
    "x_max": 10.0,
    "alpha": 0.75,
    "negative_ratio": 0,
    "init": "random",
    "max_iter": 15,
    "postprocess": None,
}


def tokens(document, token_pattern=r"(?u)\b\w+\b"):
    return re.findall(token_pattern, document)


def cooccurrences(documents, vocabulary, window_size, context="symmetric", weights=None):
    """X by a double loop over the positions of each document, which is a list of tokens."""
    weights = 1 / np.arange(1, window_size + 1) if weights is None else weights
    X = np.zeros((len(vocabulary), len(vocabulary)))
    for document in documents:
        rows = [vocabulary[token] for token in document if token in vocabulary]
        for p, word in enumerate(rows):
            for q, neighbour in enumerate(rows):
                distance = abs(p - q)
                on_the_left = q < p
                if 1 <= distance <= window_size and context in ("symmetric", "left" if on_the_left else "right"):
                    X[word, neighbour] += weights[distance - 1]
    return X


def positive_mutual_information(X):
    """P_ij = max(0, log(X_ij N / (r_i s_j))) where the array X is not 0, and 0 elsewhere."""
    P = np.zeros(X.shape)
    r, s, N = X.sum(axis=1, dtype=np.float64), X.sum(axis=0, dtype=np.float64), X.sum(dtype=np.float64)
    for i, j in zip(*np.nonzero(X), strict=True):
        P[i, j] = max(0, np.log(X[i, j]) + np.log(N) - np.log(r[i]) - np.log(s[j]))
    return P


def subsampled(X, sample):
    """X_ij p_i p'_j with p = min(1, sqrt(sample / f)), where f is the sum of the row or column as a fraction of that of X."""
    scaled = np.zeros(X.shape, dtype=np.float32)
    N = X.sum(dtype=np.float64)
    for i, j in zip(*np.nonzero(X), strict=True):
        p_i, p_j = (np.float32(min(1, np.sqrt(sample * N / f))) for f in (X[i].sum(dtype="d"), X[:, j].sum(dtype="d")))
        scaled[i, j] = np.float32(X[i, j]) * (p_i * p_j)
    return scaled


class AdaGrad:
    """The optimiser of Stanford GloVe, one record after the other.

    A row of parameters is a vector and its bias. The accumulators of Stanford GloVe sum the squares of gradients that are already
    multiplied by the learning rate, and start at 1.
    """

    def __init__(self, words, contexts, learning_rate, x_max, alpha, inverse_square_root=lambda x: 1 / np.sqrt(x)):
        self.words, self.contexts = words.copy(), contexts.copy()
        self.word_sums, self.context_sums = np.ones_like(words), np.ones_like(contexts)
        self.learning_rate, self.x_max, self.alpha = learning_rate, x_max, alpha
        self.inverse_square_root = inverse_square_root

    def train(self, rows, columns, values):
        """One epoch over the records in the order given. Returns the sum of f(x) diff^2."""
        loss = 0.0
        rates = np.full(self.words.shape[1], self.learning_rate)
        rates[-1] = 1  # the bias
        for i, j, x in zip(rows, columns, values, strict=True):
            w, c = self.words[i].copy(), self.contexts[j].copy()
            diff = w[:-1] @ c[:-1] + w[-1] + c[-1] - np.log(x)
            g = min(1, (x / self.x_max) ** self.alpha) * diff
            loss += g * diff
            for parameters, sums, k, other in (
                (self.words, self.word_sums, i, c),
                (self.contexts, self.context_sums, j, w),
            ):
                gradient = rates * g * np.append(other[:-1], 1)
                # The kernel accumulates plain gradients, and takes the inverse square root of sums / rates^2.
                parameters[k] -= gradient / rates * self.inverse_square_root(sums[k] / rates**2)
                sums[k] += gradient**2
        return loss
