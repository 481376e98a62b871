"""The kernel against the normal equations, solved by NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._variance.factors import RegressionModel, factor_rows, iterate_factors


def problem(seed, n_rows=6, n_columns=60, d=5, with_bias=True, density=0.6):
    """X and a model that does not fit it well."""
    rng = np.random.default_rng(seed)
    X = sparse.csr_array(
        np.where(rng.random((n_rows, n_columns)) < density, rng.gamma(0.5, 20, (n_rows, n_columns)) + 1e-3, 0)
    )
    sides = [rng.normal(size=shape).astype(np.float32) for shape in ((n_rows, d), n_rows, (n_columns, d), n_columns)]
    return X.astype(np.float32), RegressionModel(*sides, x_max=10.0, alpha=0.75, with_bias=with_bias)


def solved(X, model, row):
    """The residual variance, the covariance of the unknowns, and the step to the least squares solution; by NumPy."""
    entries = X[[row]].tocoo()
    columns, x = entries.col, entries.data.astype(float)
    f = np.minimum(1, (x / model.x_max) ** model.alpha)
    z = model.contexts[columns].astype(float)
    residuals = np.log(x) - model.context_biases[columns] - model.word_biases[row] - z @ model.words[row].astype(float)
    if model.with_bias:
        z = np.column_stack([z, np.ones(len(z))])
    gram = z.T @ (f[:, np.newaxis] * z)
    variance = (f * residuals**2).sum() / (len(x) - z.shape[1])
    step = np.linalg.solve(gram, z.T @ (f * residuals))
    left = (f * (residuals - z @ step) ** 2).sum()
    return variance, variance * np.linalg.inv(gram), step, left


@given(
    seed=st.integers(0, 2**32 - 1), d=st.integers(1, 37), with_bias=st.booleans(), n_columns=st.sampled_from([60, 200])
)
def test_factors_are_those_of_the_normal_equations(seed, d, with_bias, n_columns):
    X, model = problem(seed, n_columns=n_columns, d=d, with_bias=with_bias)
    factors = factor_rows(CsrRows(X).read(0, X.shape[0]), model)
    p = model.n_unknowns
    for row in range(X.shape[0]):
        if X.indptr[row + 1] - X.indptr[row] <= p:
            assert np.isnan(factors.packed[row]).all()
            continue
        variance, covariance, step, left = solved(X, model, row)
        if np.linalg.cond(covariance) > 1e4:
            continue  # the rounding of f and of log x, which are float32, is magnified
        scale = np.abs(covariance).max()
        assert factors.residual_variances[row] == pytest.approx(variance, rel=1e-6)
        coefficients = factors.solve(row, np.eye(d))
        np.testing.assert_allclose(coefficients @ coefficients.T, covariance[:d, :d], rtol=0, atol=1e-5 * scale)
        np.testing.assert_allclose(factors.step(row, np.eye(d)), step[:d], rtol=0, atol=1e-4 * np.abs(step).max())
        distance = np.sqrt(step @ np.linalg.solve(covariance, step) / p)
        assert factors.distance(row) == pytest.approx(distance, rel=1e-3, abs=1e-4)
        assert factors.at_least_squares().losses[row] == pytest.approx(left, rel=1e-3)


def test_word_with_no_more_entries_than_unknowns_has_no_factor():
    X, model = problem(0, n_columns=7, d=5, density=1)
    assert not np.isnan(factor_rows(CsrRows(X).read(0, 6), model).packed).any()  # 7 entries, 6 unknowns
    X, model = problem(0, n_columns=6, d=5, density=1)
    assert np.isnan(factor_rows(CsrRows(X).read(0, 6), model).packed).all()


def test_word_without_entries_has_no_factor():
    _, model = problem(0)
    factors = factor_rows(CsrRows(sparse.csr_array((6, 60), dtype=np.float32)).read(0, 6), model)
    assert np.isnan(factors.packed).all()
    assert np.isnan(factors.residual_variances).all()


def test_dependent_unknowns_have_no_factor():
    X, model = problem(0)
    model.contexts[:, 3] = 2 * model.contexts[:, 1]
    assert np.isnan(factor_rows(CsrRows(X).read(0, 6), model).packed).all()


@pytest.fixture(scope="module")
def expected():
    """Of words with many entries and with few, one task after the other."""
    X, model = problem(1, n_rows=200, n_columns=3000, d=21, density=0.2)
    return X, model, pass_over(X, model, 1)


def pass_over(X, model, n_jobs):
    with ThreadTeam(n_jobs) as team:
        return [(words, *factors) for words, factors in iterate_factors(CsrRows(X), model, team)]


def assert_same_bits(found, expected):
    assert len(found) == len(expected) > 1
    for (words, *arrays), (expected_words, *expected_arrays) in zip(found, expected, strict=True):
        assert words == expected_words
        for array, other in zip(arrays, expected_arrays, strict=True):
            np.testing.assert_array_equal(array, other)


def test_every_instruction_set_computes_the_same_bits(instruction_set, expected):
    X, model, factors = expected
    assert_same_bits(pass_over(X, model, 1), factors)


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_factors_do_not_depend_on_the_number_of_threads(n_jobs, expected):
    X, model, factors = expected
    assert_same_bits(pass_over(X, model, n_jobs), factors)


def test_factor_of_a_word_does_not_depend_on_the_pass(expected):
    X, model, factors = expected
    for words, packed, *_ in factors:
        np.testing.assert_array_equal(
            factor_rows(CsrRows(X).read(words.start, words.start + 1), model).packed[0], packed[0]
        )


def test_columns_beyond_the_model_are_refused():
    X, model = problem(0)
    with pytest.raises(ValueError, match="it has 59 contexts"):
        factor_rows(
            CsrRows(X).read(0, 6),
            model._replace(contexts=model.contexts[:59], context_biases=model.context_biases[:59]),
        )
