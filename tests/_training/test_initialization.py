"""What training starts from, against NumPy's decomposition of the dense matrix."""

import numpy as np
import pytest
from scipy import sparse

from glove_sklearn import CooccurrenceCounter
from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _instruction_sets
from glove_sklearn._training.blocks import NegativeSampling, build_blocks
from glove_sklearn._training.initialization import (
    N_SWEEPS,
    N_SWEEPS_FOR_NEW_WORDS,
    InitialVectors,
    initialize_new_words,
    marginal_sums,
    svd_initialization,
    width_of_factors,
)
from glove_sklearn._training.state import ModelState, ParameterSet
from tests import reference


@pytest.fixture(scope="module")
def lee_X(lee):
    return CooccurrenceCounter(window_size=10, max_features=400).fit(lee).cooccurrence_


@pytest.fixture(scope="module")
def decomposed(lee_X):
    """Its mutual information, the singular vectors and the singular values."""
    P = reference.positive_mutual_information(lee_X.toarray())
    return P, *np.linalg.svd(P)


def started(X, n_components, *, n_partitions=1, n_jobs=2, seed=0, on_records=lambda n_records: None, **options):
    """The starts of words and of contexts, and the sums of X."""
    random_state = np.random.RandomState(seed)
    with ThreadTeam(n_jobs) as team:
        blocks = build_blocks(
            CsrRows(sparse.csr_array(X)), n_partitions, random_state, team, Storage(np.inf), **options
        )
        sums = marginal_sums(blocks, team)
        starts = svd_initialization(blocks, sums, n_components, random_state, team, on_records)
        words, contexts = in_order(blocks, starts)
        sums_in_order = sums.rows[blocks.rows.positions], sums.columns[blocks.columns.positions]
        blocks.records.close()
    return words, contexts, sums_in_order


def in_order(blocks, starts):
    """The starts of words and contexts in the order of the rows and columns of X."""
    words, contexts = starts
    return (
        InitialVectors(*(array[blocks.rows.positions] for array in words)),
        InitialVectors(*(array[blocks.columns.positions] for array in contexts)),
    )


def counts(n_rows, n_columns, seed=0, mean=0.7):
    """Whole numbers, many of them 0."""
    return np.random.RandomState(seed).poisson(mean, (n_rows, n_columns)).astype(np.float32)


@pytest.mark.parametrize("shape", [(1, 2), (12, 9), (9, 12), (30, 30), (40, 1)])
@pytest.mark.parametrize("n_partitions", [1, 4])
def test_all_directions_make_the_mutual_information(shape, n_partitions, seed):
    X = counts(*shape, seed)
    X[0] += 1
    for n_components in (min(shape), min(shape) + 5):
        words, contexts, _ = started(X, n_components, n_partitions=n_partitions)
        expected = reference.positive_mutual_information(X)
        np.testing.assert_allclose(words.vectors @ contexts.vectors.T, expected, atol=2e-5)
        assert words.vectors.shape == (shape[0], n_components)
        assert contexts.vectors.shape == (shape[1], n_components)
        assert all(array.dtype == np.float32 for start in (words, contexts) for array in start)


def test_a_matrix_of_low_rank_needs_no_more_directions():
    X = counts(5, 40)[np.arange(60) % 5] + counts(5, 40)[np.arange(60) % 5] * 2
    assert np.linalg.matrix_rank(reference.positive_mutual_information(X)) == 5
    words, contexts, _ = started(X, 8)
    expected = reference.positive_mutual_information(X)
    np.testing.assert_allclose(words.vectors @ contexts.vectors.T, expected, atol=2e-5)
    for start in (words, contexts):
        assert (np.abs(start.vectors[:, :5]).max(axis=0) > 0.1).all()
        assert not start.vectors[:, 5:].any()


@pytest.mark.parametrize(
    ("n_components", "n_partitions", "most"), [(5, 1, 1.06), (20, 1, 1.06), (20, 6, 1.06), (100, 3, 1.15)]
)
def test_error_is_about_the_least_there_can_be(lee_X, decomposed, n_components, n_partitions, most, seed):
    """One iteration: of 400 words, 100 directions that hardly differ are not all found."""
    pytest.importorskip("gensim", reason="the bounds are those of the news that gensim ships")
    P, U, singular_values, V = decomposed
    words, contexts, _ = started(lee_X, n_components, n_partitions=n_partitions, seed=seed)
    error = np.linalg.norm(P - words.vectors @ contexts.vectors.T)
    assert error < most * np.linalg.norm(singular_values[n_components:])
    # Each side has half of the singular value, in columns that are orthogonal.
    for start in (words, contexts):
        squares = start.vectors.T.astype(np.float64) @ start.vectors
        np.testing.assert_allclose(squares, np.diag(np.diag(squares)), atol=1e-4 * squares[0, 0])
        assert (np.diff(np.diag(squares)) <= 1e-3).all()
        assert (np.diag(squares) <= singular_values[:n_components] * 1.0001).all()
        assert squares[0, 0] > 0.98 * singular_values[0]
    assert np.abs(U[:, 0] @ words.vectors[:, 0]) > 0.99 * np.linalg.norm(words.vectors[:, 0])
    assert np.abs(V[0] @ contexts.vectors[:, 0]) > 0.99 * np.linalg.norm(contexts.vectors[:, 0])


@pytest.mark.parametrize("n_partitions", [1, 3])
def test_biases_are_logarithms_of_the_sums(n_partitions):
    X = counts(30, 20)
    words, contexts, (row_sums, column_sums) = started(X, 4, n_partitions=n_partitions)
    r, s, N = X.sum(axis=1), X.sum(axis=0), X.sum()
    np.testing.assert_array_equal(row_sums, r)
    np.testing.assert_array_equal(column_sums, s)
    np.testing.assert_allclose(words.biases, np.log(r) - np.log(N) / 2, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(contexts.biases, np.log(s) - np.log(N) / 2, rtol=1e-5, atol=1e-6)


def test_pairs_that_occur_more_than_by_chance_are_explained():
    X = counts(30, 20)
    words, contexts, _ = started(X, 20)
    explained = words.vectors @ contexts.vectors.T + np.add.outer(words.biases, contexts.biases)
    more = reference.positive_mutual_information(X) > 0
    np.testing.assert_allclose(explained[more], np.log(X[more]), atol=3e-5)


@pytest.mark.parametrize("n_partitions", [1, 2])
def test_rows_and_columns_without_entries_have_no_vector_and_no_bias(n_partitions):
    X = counts(8, 7) + 1
    X[[0, 5]] = 0
    X[:, 2] = 0
    words, contexts, _ = started(X, 3, n_partitions=n_partitions)
    for start, empty in ((words, [0, 5]), (contexts, [2])):
        assert np.flatnonzero(start.biases == -np.inf).tolist() == empty
        assert not start.vectors[empty].any()
        assert np.isfinite(start.vectors).all()
        assert np.isfinite(np.delete(start.biases, empty)).all()
    used = started(np.delete(np.delete(X, [0, 5], axis=0), 2, axis=1), 3, n_partitions=n_partitions)[0]
    np.testing.assert_allclose(np.delete(words.biases, [0, 5]), used.biases, rtol=1e-6)


@pytest.mark.parametrize("X", [[[1.0]], [[1.0, 1], [1, 1]], [[1.0, 2, 3], [2, 4, 6]], [[0.0, 0], [0, 7]]], ids=str)
def test_where_words_meet_by_chance_there_is_nothing_to_tell_them_apart(X):
    for start in started(np.array(X, dtype=np.float32), 3)[:2]:
        assert np.isfinite(start.vectors).all()
        np.testing.assert_allclose(start.vectors, 0, atol=2e-3)  # roots of what float32 rounds


@pytest.mark.parametrize("largest", [1e37, 3e38])
def test_sums_may_be_larger_than_any_entry(largest):
    X = np.full((40, 40), largest, dtype=np.float32)
    for start in started(X, 3)[:2]:
        assert all(np.isfinite(array).all() for array in start)


@pytest.mark.parametrize("smallest", [1e-45, 1e-38, 1e-30])
def test_entries_may_be_next_to_nothing(smallest):
    X = counts(10, 10) * np.float32(smallest)
    words, contexts, _ = started(X, 10)
    for start in (words, contexts):
        assert np.isfinite(start.vectors).all()
    expected = reference.positive_mutual_information(X.astype(np.float64))
    np.testing.assert_allclose(words.vectors @ contexts.vectors.T, expected, atol=2e-4)


def assert_same_bits(one, other):
    for start, wanted in zip(one, other, strict=True):
        for array, expected in zip(start, wanted, strict=True):
            np.testing.assert_array_equal(array, expected, strict=True)


@pytest.mark.parametrize("n_partitions", [1, 5])
@pytest.mark.parametrize("negatives", [NegativeSampling(0, 0), NegativeSampling(0.5, 0.1)], ids=["", "negatives"])
def test_threads_files_and_slabs_give_the_same_bits(lee_X, n_partitions, negatives, monkeypatch):
    expected = started(lee_X, 12, n_partitions=n_partitions, negatives=negatives, n_jobs=1)
    for options in ({"n_jobs": 3}, {"in_memory": False}, {"in_memory": False, "n_jobs": 2, "chunk_size": 999}):
        assert_same_bits(started(lee_X, 12, n_partitions=n_partitions, negatives=negatives, **options), expected)
    for name, number in (("blocks._CHUNK_RECORDS", 1000), ("initialization._CHUNK", 700)):
        monkeypatch.setattr(f"glove_sklearn._training.{name}", number)
        assert_same_bits(started(lee_X, 12, n_partitions=n_partitions, negatives=negatives), expected)


def test_every_instruction_set_starts_from_the_same_bits(lee_X, instruction_set):
    found = started(lee_X, 12, n_partitions=3)
    _instruction_sets.use_instruction_set("baseline")
    assert_same_bits(found, started(lee_X, 12, n_partitions=3))


def test_another_seed_projects_otherwise(lee_X):
    one, other = (started(lee_X, 12, seed=seed)[0].vectors for seed in (0, 1))
    assert not np.array_equal(one, other)


def test_records_are_reported_as_they_are_visited(lee_X):
    seen = []
    started(lee_X, 3, n_partitions=4, on_records=seen.append)
    assert len(seen) == N_SWEEPS * 16
    assert sum(seen) == N_SWEEPS * lee_X.nnz


@pytest.mark.parametrize(("n_components", "expected"), [(1, 16), (6, 16), (7, 32), (100, 112), (300, 320)])
def test_columns_are_those_wanted_some_spare_and_whole_registers(n_components, expected):
    assert width_of_factors(n_components, (1000, 1000)) == expected


@pytest.mark.parametrize(("shape", "expected"), [((2, 2), 16), ((40, 1000), 48), ((1000, 16), 16)])
def test_there_are_no_more_columns_than_x_has_rows_or_columns(shape, expected):
    assert width_of_factors(300, shape) == expected


@pytest.mark.parametrize("shape", [(3, 3), (7, 40), (40, 7)])
def test_more_components_than_rows_or_columns_are_zeros(shape):
    words, contexts, _ = started(counts(*shape), 50)
    for vectors in (words.vectors, contexts.vectors):
        assert vectors.shape[1] == 50
        assert vectors[:, : min(shape)].any()
        assert not vectors[:, min(shape) :].any()


def started_anew(X, words, contexts, *, n_partitions=1, n_jobs=2, on_records=lambda n_records: None):
    """The starts of those of the words and contexts that are NaN."""
    sides = (ParameterSet(side, side[:, 0], np.ones((len(side), side.shape[1] + 1))) for side in (words, contexts))
    state = ModelState(*sides, np.zeros(1), None)
    with ThreadTeam(n_jobs) as team:
        random_state = np.random.RandomState(0)
        blocks = build_blocks(CsrRows(sparse.csr_array(X)), n_partitions, random_state, team, Storage())
        starts = initialize_new_words(blocks, marginal_sums(blocks, team), state, team, on_records)
        starts = in_order(blocks, starts)
        blocks.records.close()
    return starts


@pytest.mark.parametrize("n_partitions", [1, 4])
@pytest.mark.parametrize("d", [1, 5, 40])
def test_new_words_are_the_least_squares_of_the_known(n_partitions, d):
    X, random_state = counts(30, 25), np.random.RandomState(1)
    X[7] = 0
    words, contexts = (random_state.normal(size=(n, d)).astype(np.float32) for n in X.shape)
    P = reference.positive_mutual_information(X)
    expected = []
    new_words, new_contexts = np.array([0, 3, 7, 29]), np.array([24])
    for information, new, others, new_others in (
        (P, new_words, contexts, new_contexts),
        (P.T, new_contexts, words, new_words),
    ):
        known = np.delete(others, new_others, axis=0)
        gram = known.T.astype(float) @ known
        ridge = 1e-3 * np.linalg.eigvalsh(gram)[-1] * np.eye(d)
        expected.append(np.linalg.solve(gram + ridge, known.T @ np.delete(information, new_others, axis=1)[new].T).T)
    words[new_words], contexts[new_contexts] = np.nan, np.nan
    visited = []
    found = started_anew(X, words, contexts, n_partitions=n_partitions, on_records=visited.append)
    for start, new, vectors in zip(found, (new_words, new_contexts), expected, strict=True):
        np.testing.assert_allclose(start.vectors[new], vectors, rtol=1e-3, atol=1e-4)
        known = np.delete(np.arange(len(start.biases)), new)
        assert (start.biases[known] == -np.inf).all()
        assert not start.vectors[known].any()
    # The biases are those of a start of all; a word that does not occur has none.
    of_all = started(X, d)[:2]
    for start, others, new in zip(found, of_all, (new_words, new_contexts), strict=True):
        np.testing.assert_array_equal(start.biases[new], others.biases[new])
    assert found[0].biases[7] == -np.inf
    assert sum(visited) == N_SWEEPS_FOR_NEW_WORDS * np.count_nonzero(X)
    again = started_anew(X, words, contexts, n_partitions=n_partitions, n_jobs=1)
    for start, other in zip(found, again, strict=True):
        for array, another in zip(start, other, strict=True):
            np.testing.assert_array_equal(array, another)


def test_words_of_which_nothing_is_known_are_zeros():
    X = counts(6, 5) + 1
    words, contexts = np.zeros((6, 3), dtype=np.float32), np.zeros((5, 3), dtype=np.float32)
    words[2] = np.nan
    for start in started_anew(X, words, contexts):
        assert not start.vectors.any()
