"""Words and scores that the tests of evaluation share."""

import numpy as np

TERMS = ["man", "woman", "king", "queen", "apple"]


VECTORS = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1], [-1, 0, 0]], dtype=np.float32)


def by_us(scores):
    share = scores.accuracy if scores.total.n_asked else 0  # gensim's score of no questions
    return share, [(section.name, section.n_correct, section.n_asked) for section in scores.sections]


def unit(vector):
    vector = np.asarray(vector, dtype=np.float64)
    return vector / np.linalg.norm(vector)


def google():
    from gensim.test.utils import datapath

    return datapath("questions-words.txt")
