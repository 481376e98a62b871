"""Products of tall matrices and eigenvectors of small ones against NumPy."""

import numpy as np
import pytest

from glove_sklearn._system import _linear_algebra
from glove_sklearn._system.linear_algebra import eigenvectors, gram, matmul, project, weighted_mean
from glove_sklearn._system.threads import ThreadTeam

#: Among them none at all, and more than a thread takes at a time.
NUMBERS_OF_ROWS = [0, 1, 2, 3, 4, 5, 1000, 4096, 4097, 9001]


@pytest.fixture
def team():
    with ThreadTeam(2) as team:
        yield team


def tall(n, d, seed=0):
    random_state = np.random.RandomState(seed)
    return random_state.normal(size=(n, d)).astype(np.float32), random_state.uniform(size=n)


@pytest.mark.parametrize("n", NUMBERS_OF_ROWS)
@pytest.mark.parametrize("d", [1, 2, 3, 4, 7, 50])
def test_products_are_those_of_numpy(team, n, d):
    rows, weights = tall(n, d)
    exact = rows.astype(np.float64)
    np.testing.assert_allclose(gram(rows, team), exact.T @ exact, rtol=1e-12, atol=1e-12 * n)
    np.testing.assert_allclose(gram(rows, team, weights), exact.T * weights @ exact, rtol=1e-12, atol=1e-12 * n)
    np.testing.assert_allclose(weighted_mean(rows, weights, team), weights @ exact, rtol=1e-12, atol=1e-12 * n)
    for m in (1, 4, 5):
        matrix, center = np.random.RandomState(1).normal(size=(d, m)), np.random.RandomState(2).normal(size=d)
        for found, expected in (
            (matmul(rows, matrix, team), exact @ matrix),
            (matmul(rows, matrix, team, center=center), (exact - center) @ matrix),
        ):
            assert found.dtype == np.float32
            np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)  # rounded to float32 once


def test_gram_is_symmetric_and_float64(team):
    found = gram(tall(5000, 9)[0], team)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, found.T)


def test_projections_are_dot_products_and_do_not_depend_on_other_rows(seed):
    random_state = np.random.RandomState(seed)
    rows, direction = random_state.normal(size=(100, 7)), random_state.normal(size=7)
    products = project(rows, direction)
    np.testing.assert_allclose(products, (rows * direction).sum(axis=1))
    np.testing.assert_array_equal(project(rows[13:14], direction), products[13:14])


def test_a_product_may_have_no_columns(team):
    assert matmul(tall(3, 2)[0], np.empty((2, 0)), team).shape == (3, 0)
    np.testing.assert_array_equal(matmul(tall(3, 0)[0], np.empty((0, 2)), team), np.zeros((3, 2)))


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_every_number_of_threads_gives_the_same_bits(n_jobs):
    rows, weights = tall(30_001, 13)
    matrix, center = np.random.RandomState(1).normal(size=(13, 6)), np.arange(13.0)

    def results(n_jobs):
        with ThreadTeam(n_jobs) as team:
            return (
                gram(rows, team),
                gram(rows, team, weights),
                weighted_mean(rows, weights, team),
                matmul(rows, matrix, team, center=center),
            )

    for found, expected in zip(results(n_jobs), results(1), strict=True):
        np.testing.assert_array_equal(found, expected, strict=True)


def test_matrices_may_be_read_only_and_weights_need_not_be_contiguous(team):
    rows, weights = tall(5000, 6)
    matrix = np.random.RandomState(1).normal(size=(6, 6))
    expected = gram(rows, team, weights), weighted_mean(rows, weights, team), matmul(rows, matrix, team)
    np.testing.assert_array_equal(gram(rows, team, np.repeat(weights, 2)[::2]), expected[0])
    for array in (rows, matrix, weights):
        array.flags.writeable = False
    np.testing.assert_array_equal(gram(rows, team, weights), expected[0])
    np.testing.assert_array_equal(weighted_mean(rows, weights, team), expected[1])
    np.testing.assert_array_equal(matmul(rows, np.asfortranarray(matrix), team), expected[2])


def test_kernels_add_to_what_is_there():
    rows = np.array([[1.0, 2], [3, 4], [5, 6]])
    total = np.full((2, 2), 10.0)
    _linear_algebra.add_gram(rows, np.array([1.0, 0.5, 2]), total)
    # The upper triangle is nobody's.
    assert total[np.tril_indices(2)].tolist() == [10 + 1 + 4.5 + 50, 10 + 2 + 6 + 60, 10 + 4 + 8 + 72]
    total = np.full((3, 1), 10.0)
    _linear_algebra.add_product(rows, np.array([[1.0], [-1]]), total)
    assert total.tolist() == [[9], [9], [9]]


def with_eigenvalues(values, seed=0):
    """A symmetric matrix, and the eigenvectors of which it was made."""
    directions = np.linalg.qr(np.random.RandomState(seed).normal(size=(len(values), len(values))))[0]
    matrix = directions * values @ directions.T
    return (matrix + matrix.T) / 2, directions


SPECTRA = {
    "one": [3.0],
    "falling": np.arange(20.0, 0, -1),
    "repeated": [5.0, 5, 5, 2, 2, 1],
    "all the same": [2.0] * 8,
    "with zeros": [4.0, 1, 0, 0, 0],
    "widely spread": 10.0 ** -np.arange(0, 30, 2),
    "tiny": 1e-30 * np.arange(5.0, 0, -1),
    "large": 1e30 * np.arange(5.0, 0, -1),
    "300": np.random.RandomState(0).exponential(size=300),
}


@pytest.mark.parametrize("spectrum", SPECTRA)
def test_eigenvectors_are_orthonormal_and_make_the_matrix(spectrum):
    values = np.sort(SPECTRA[spectrum])[::-1]
    matrix, _ = with_eigenvalues(values)
    before = matrix.copy()
    found, vectors = eigenvectors(matrix)
    np.testing.assert_array_equal(matrix, before)
    assert (np.diff(found) <= 0).all()
    assert (found >= 0).all()
    # Rounding of the matrix moves eigenvalues by this share of the largest, and no more.
    np.testing.assert_allclose(found, values, rtol=1e-9, atol=1e-13 * values[0])
    np.testing.assert_allclose(vectors * found @ vectors.T, matrix, atol=1e-11 * values[0])
    certain = vectors[:, found > 1e-12 * values[0]]
    np.testing.assert_allclose(certain.T @ certain, np.eye(certain.shape[1]), atol=1e-10)


def test_eigenvectors_are_those_of_numpy_up_to_sign():
    rows = tall(500, 12)[0].astype(np.float64) * np.arange(1, 13)
    matrix = rows.T @ rows
    values, vectors = eigenvectors(matrix)
    expected_values, expected = np.linalg.eigh(matrix)
    np.testing.assert_allclose(values, expected_values[::-1], rtol=1e-12)
    np.testing.assert_allclose(np.abs(np.sum(vectors * expected[:, ::-1], axis=0)), 1, rtol=1e-10)


def test_a_matrix_of_low_rank_has_as_many_eigenvalues():
    factor = tall(40, 3)[0].astype(np.float64)
    matrix = factor @ factor.T
    values, vectors = eigenvectors(matrix)
    np.testing.assert_allclose(values[:3], np.linalg.eigvalsh(factor.T @ factor)[::-1], rtol=1e-12)
    assert (values[3:] < 1e-12 * values[0]).all()
    np.testing.assert_allclose(vectors[:, :3] * values[:3] @ vectors[:, :3].T, matrix, atol=1e-11 * values[0])


def test_a_diagonal_matrix_is_sorted():
    values, vectors = eigenvectors(np.diag([1.0, 0, 9, 4]))
    assert values.tolist() == [9, 4, 1, 0]
    # No direction belongs to an eigenvalue of 0.
    assert vectors.T.tolist() == [[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize("d", [0, 1, 5])
def test_nothing_has_no_directions(d):
    values, vectors = eigenvectors(np.zeros((d, d)))
    assert values.tolist() == [0] * d
    assert not vectors.any()
    assert vectors.shape == (d, d)


def test_rows_that_are_orthogonal_stay_as_they_are():
    rows = np.diag([3.0, 1, 2])
    before = rows.copy()
    assert _linear_algebra.orthogonalise(rows) == 1
    np.testing.assert_array_equal(rows, before)
    rows = tall(30, 30)[0].astype(np.float64)
    assert 1 < _linear_algebra.orthogonalise(rows) < 20
    lengths = np.linalg.norm(rows, axis=1)
    np.testing.assert_allclose(rows @ rows.T / np.multiply.outer(lengths, lengths), np.eye(30), atol=1e-11)
