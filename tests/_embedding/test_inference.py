"""Vectors from contexts: the equation, and what they depend on."""

import numpy as np
import pytest

from glove_sklearn._embedding.inference import infer
from glove_sklearn._system.threads import ThreadTeam


def in_float64(contexts, embedding, counts):
    """The equation, by NumPy."""
    p = counts / counts.sum()
    q = 1e-3 / (1e-3 + p)
    center = p @ embedding.astype(float)
    E = embedding - center
    m = (p * q) @ E / (p * q).sum()
    H = (E * (p * q / (p * q).sum())[:, np.newaxis]).T @ E
    d = E.shape[1]
    t = np.trace(H) / d
    result = []
    for neighbours, sums in contexts:
        v = sums * q[neighbours]
        u = v @ E[neighbours] / v.sum()
        n = v.sum() ** 2 / (v**2).sum()
        result.append(10 * np.sqrt(t * (E**2).mean()) * np.linalg.solve(H + 300 * t / n * np.eye(d), u - m) + center)
    return np.array(result)


@pytest.fixture
def case(seed):
    generator = np.random.RandomState(seed)
    embedding = generator.standard_normal((50, 6)).astype(np.float32) + 1
    counts = generator.randint(0, 1000, 50) + np.eye(50, dtype=int)[0]
    sizes = (1, 3, 40)
    contexts = [
        (np.sort(generator.choice(50, n, replace=False)).astype(np.int32), generator.random_sample(n).astype(np.float32) + 0.1)
        for n in sizes
    ]  # fmt: skip
    return contexts, embedding, counts


def test_vectors_solve_the_equation(case):
    with ThreadTeam(2) as team:
        np.testing.assert_allclose(infer(*case, team), in_float64(*case), rtol=1e-4, atol=1e-4)


def test_vectors_have_the_same_bits_for_any_number_of_threads(case):
    found = []
    for n_jobs in (1, 3):
        with ThreadTeam(n_jobs) as team:
            found.append(infer(*case, team))
    np.testing.assert_array_equal(*found)


def test_vectors_scale_and_move_with_the_embedding(case):
    contexts, embedding, counts = case
    with ThreadTeam(1) as team:
        one = infer(contexts, embedding, counts, team)
        other = infer(contexts, 3 * embedding + 2, counts, team)
    np.testing.assert_allclose(other, 3 * one + 2, rtol=1e-3, atol=1e-3)


def test_more_occurrences_make_a_longer_vector_of_the_same_neighbours(case):
    """Two neighbours as frequent as each other, with equal weights or with one of them hardly there."""
    _, embedding, counts = case
    embedding[1], counts[:2] = embedding[0], 100
    neighbours = np.array([0, 1], dtype=np.int32)
    contexts = [(neighbours, np.array(sums, dtype=np.float32)) for sums in ([1, 1], [1, 1e-6])]
    with ThreadTeam(1) as team:
        many, few = infer(contexts, embedding, counts, team) - (counts / counts.sum()) @ embedding
    assert np.linalg.norm(few) < np.linalg.norm(many)


def test_identical_vectors_have_that_vector_inferred(case):
    contexts, embedding, counts = case
    same = np.repeat(embedding[:1], 50, axis=0)
    with ThreadTeam(1) as team:
        np.testing.assert_allclose(infer(contexts, same, counts, team), same[:3], rtol=1e-3, atol=1e-3)
