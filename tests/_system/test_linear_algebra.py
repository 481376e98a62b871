"""Products of tall matrices and eigenvectors of small ones against NumPy."""

import numpy as np
import pytest

from glove_sklearn._system import _linear_algebra, linear_algebra
from glove_sklearn._system.linear_algebra import (
    eigenvectors,
    gram,
    matmul,
    orthonormalise,
    product,
    weighted_mean,
)
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _instruction_sets

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


@pytest.mark.parametrize("n_columns", [0, 1, 3, 40])
def test_rows_of_a_product_do_not_depend_on_other_rows(seed, n_columns):
    random_state = np.random.RandomState(seed)
    rows, matrix = random_state.normal(size=(100, 7)), random_state.normal(size=(7, n_columns))
    products = product(rows, matrix)
    np.testing.assert_allclose(products, rows @ matrix)
    np.testing.assert_array_equal(product(rows[13:14], matrix), products[13:14])


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


@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 5, 2), (4, 256, 16), (9, 300, 33), (33, 513, 31)])
def test_kernel_adds_terms_in_order_to_what_is_there(instruction_set, shape, lower):
    n, d, m = shape
    random_state = np.random.RandomState(0)
    left, right, product = (random_state.normal(size=size) for size in ((n, d), (d, m), (n, m)))
    expected = product.copy()
    for t in range(d):
        expected += np.multiply.outer(left[:, t], right[t])
    _linear_algebra.add_product(left, right, product, lower=lower)
    wanted = np.tri(n, m, dtype=bool) if lower else np.ones((n, m), dtype=bool)
    np.testing.assert_array_equal(product[wanted], expected[wanted])


def test_columns_of_zeros_change_nothing(instruction_set):
    random_state = np.random.RandomState(0)
    left, right = random_state.normal(size=(5, 700)), random_state.normal(size=(700, 40))
    right[:, 8:] = 0
    right[100:, 3] = 0
    product = np.zeros((5, 40))
    _linear_algebra.add_product(left, right, product, lower=False)
    np.testing.assert_allclose(product, left @ right, rtol=1e-12, atol=1e-12)
    assert not product[:, 8:].any()


@pytest.mark.parametrize("d", [1, 2, 3, 8, 31, 64, 100])
def test_every_instruction_set_gives_the_same_bits(d):
    rows = tall(4 * d, d)[0]
    square = tall(d, d)[0].astype(np.float64)
    found = []
    for index, name in enumerate(_instruction_sets.instruction_sets()):
        _linear_algebra.use_instruction_set(index)
        with ThreadTeam(1) as team:
            products = gram(rows, team)
            columns = orthonormalise(rows, team, 1e-5)
            found.append((name, products, matmul(rows, square, team), columns, *eigenvectors(products, team)))
    for name, *arrays in found:
        for array, expected in zip(arrays, found[0][1:], strict=True):
            np.testing.assert_array_equal(array, expected, err_msg=name)


@pytest.mark.parametrize(("n", "d"), [(1, 1), (5, 5), (40, 7), (300, 64), (5000, 33)])
def test_columns_become_orthonormal_and_span_the_same(team, instruction_set, n, d):
    rows = tall(n, d)[0]
    columns = orthonormalise(rows, team, 1e-5).astype(np.float64)
    np.testing.assert_allclose(columns.T @ columns, np.eye(d), atol=1e-5)
    # Each column is a combination of those up to it: the triangular matrix of a QR decomposition.
    triangle = columns.T @ rows
    np.testing.assert_allclose(columns @ triangle, rows, atol=1e-4 * np.abs(rows).max())
    assert np.abs(np.tril(triangle, -1)).max(initial=0) < 1e-4 * np.abs(triangle).max()


def test_columns_that_depend_on_others_become_zeros(team):
    rows = tall(50, 9)[0]
    rows[:, 4] = rows[:, 1] + rows[:, 3]
    rows[:, 6] = 0
    columns = orthonormalise(rows, team, 1e-5).astype(np.float64)
    independent = [0, 1, 2, 3, 5, 7, 8]
    assert not columns[:, [4, 6]].any()
    np.testing.assert_allclose(columns[:, independent].T @ columns[:, independent], np.eye(7), atol=1e-5)
    assert not orthonormalise(np.zeros((5, 3), dtype=np.float32), team, 1e-5).any()


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
    "smallest": 1e-300 * np.arange(5.0, 0, -1),
    "largest": 1e300 * np.arange(5.0, 0, -1),
    "clusters": np.r_[np.ones(40), 1 + 1e-10 * np.arange(40), np.full(20, 1e-6), np.zeros(30)],
    "300": np.random.RandomState(0).exponential(size=300),
}


@pytest.mark.parametrize("spectrum", SPECTRA)
def test_eigenvectors_are_orthonormal_and_make_the_matrix(team, instruction_set, spectrum):
    values = np.sort(SPECTRA[spectrum])[::-1]
    matrix, _ = with_eigenvalues(values)
    before = matrix.copy()
    found, vectors = eigenvectors(matrix, team)
    np.testing.assert_array_equal(matrix, before)
    assert (np.diff(found) <= 0).all()
    assert (found >= 0).all()
    # Rounding of the matrix moves eigenvalues by this share of the largest, and no more.
    np.testing.assert_allclose(found, values, rtol=1e-9, atol=1e-13 * values[0])
    np.testing.assert_allclose(vectors * found @ vectors.T, matrix, atol=1e-13 * values[0])
    certain = vectors[:, found > 0]
    assert certain.shape[1] >= (values > 1e-12 * values[0]).sum()
    np.testing.assert_allclose(certain.T @ certain, np.eye(certain.shape[1]), atol=1e-12)


@pytest.mark.parametrize("n_vectors", [0, 1, 5, 16, 17, 40])
def test_some_eigenvectors_are_the_first_of_all(team, n_vectors):
    matrix, _ = with_eigenvalues(np.arange(40.0))
    values, vectors = eigenvectors(matrix, team)
    some_values, some = eigenvectors(matrix, team, n_vectors)
    np.testing.assert_array_equal(some_values, values)
    np.testing.assert_array_equal(some, vectors[:, :n_vectors])


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_eigenvectors_do_not_depend_on_the_number_of_threads(n_jobs):
    matrix, _ = with_eigenvalues(np.arange(100.0))
    with ThreadTeam(1) as one, ThreadTeam(n_jobs) as several:
        for found, expected in zip(eigenvectors(matrix, several), eigenvectors(matrix, one), strict=True):
            np.testing.assert_array_equal(found, expected)
        rows = tall(1000, 100)[0]
        np.testing.assert_array_equal(orthonormalise(rows, several, 1e-5), orthonormalise(rows, one, 1e-5))


def test_rotations_in_many_pieces_are_the_same(team, monkeypatch):
    matrix, _ = with_eigenvalues(np.arange(30.0))
    expected = eigenvectors(matrix, team)
    monkeypatch.setattr(linear_algebra, "_ROTATIONS", 1)  # a piece for each sweep
    for found, before in zip(eigenvectors(matrix, team), expected, strict=True):
        np.testing.assert_array_equal(found, before)


def test_a_matrix_that_is_not_finite_is_refused(team):
    with pytest.raises(ValueError, match="finite"):
        eigenvectors(np.array([[1.0, 0], [0, np.nan]]), team)


def test_eigenvectors_are_those_of_numpy_up_to_sign(team):
    rows = tall(500, 12)[0].astype(np.float64) * np.arange(1, 13)
    matrix = rows.T @ rows
    values, vectors = eigenvectors(matrix, team)
    expected_values, expected = np.linalg.eigh(matrix)
    np.testing.assert_allclose(values, expected_values[::-1], rtol=1e-12)
    np.testing.assert_allclose(np.abs(np.sum(vectors * expected[:, ::-1], axis=0)), 1, rtol=1e-10)


def test_a_matrix_of_low_rank_has_as_many_eigenvalues(team):
    factor = tall(40, 3)[0].astype(np.float64)
    matrix = factor @ factor.T
    values, vectors = eigenvectors(matrix, team)
    np.testing.assert_allclose(values[:3], np.linalg.eigvalsh(factor.T @ factor)[::-1], rtol=1e-12)
    assert (values[3:] < 1e-12 * values[0]).all()
    np.testing.assert_allclose(vectors[:, :3] * values[:3] @ vectors[:, :3].T, matrix, atol=1e-11 * values[0])


def test_a_diagonal_matrix_is_sorted(team):
    values, vectors = eigenvectors(np.diag([1.0, 0, 9, 4]), team)
    assert values.tolist() == [9, 4, 1, 0]
    # No direction belongs to an eigenvalue of 0.
    assert vectors.T.tolist() == [[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize("d", [0, 1, 5])
def test_nothing_has_no_directions(team, d):
    values, vectors = eigenvectors(np.zeros((d, d)), team)
    assert values.tolist() == [0] * d
    assert not vectors.any()
    assert vectors.shape == (d, d)


def test_product_of_small_matrices():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(7, 5)), rng.normal(size=(6, 5)).T
    np.testing.assert_allclose(product(first, second), first @ second, rtol=1e-12, atol=1e-12)
