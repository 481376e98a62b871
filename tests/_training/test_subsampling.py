"""Frequent words count for less: entries of X, scaled as they are read, against a loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import clone

from glove_sklearn import GloVe
from glove_sklearn._counting.row_store import CsrRows, SpooledRows
from glove_sklearn._system.storage import Spool
from glove_sklearn._training import _subsampling, subsampling
from glove_sklearn._training.subsampling import SubsampledRows
from tests import reference
from tests._training.runs import assert_same_bits

matrices = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2.5, 100, 2.0**-20]), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


def zipfian(shape=(60, 60), seed=0):
    """Counts in which the first rows and columns have most of the sum."""
    rates = np.multiply.outer(*(1 / np.arange(1, n + 1) for n in shape))
    return sparse.csr_array(np.random.RandomState(seed).poisson(40 * rates).astype(np.float32))


@pytest.mark.parametrize("index_type", [np.int32, np.int64])
@given(matrix=matrices)
def test_sums_are_those_of_rows_and_columns(index_type, matrix):
    X = sparse.csr_array(np.array(matrix, dtype=np.float32))
    rows, columns = np.full(X.shape[0], 7.0), np.ones(X.shape[1])
    _subsampling.add_sums(X.indptr.astype(np.int64), X.indices.astype(index_type), X.data, rows, columns)
    np.testing.assert_array_equal(rows, np.sum(matrix, axis=1))
    np.testing.assert_array_equal(columns, 1 + np.sum(matrix, axis=0))


@pytest.mark.parametrize("index_type", [np.int32, np.int64])
@given(matrix=matrices)
def test_entries_are_scaled_by_the_factors_of_their_row_and_column(index_type, matrix):
    X = sparse.csr_array(np.array(matrix, dtype=np.float32))
    factors = [np.linspace(0.1, 1, n, dtype=np.float32) for n in X.shape]
    scaled = np.empty_like(X.data)
    _subsampling.scale(X.indptr.astype(np.int64), X.indices.astype(index_type), X.data, *factors, scaled)
    expected = X.toarray() * np.multiply.outer(*factors)
    np.testing.assert_array_equal(sparse.csr_array((scaled, X.indices, X.indptr), X.shape).toarray(), expected)


@pytest.mark.parametrize("sample", [1e-4, 0.01, 0.1, 1])
@pytest.mark.parametrize("shape", [(40, 40), (30, 12), (12, 30)])
def test_rows_are_those_of_a_loop(shape, sample, seed):
    X = zipfian(shape, seed)
    expected = reference.subsampled(X.toarray(), sample)
    rows = SubsampledRows(CsrRows(X), sample)
    assert (rows.shape, rows.n_entries, rows.lengths.tolist()) == (shape, X.nnz, np.diff(X.indptr).tolist())
    for first_row, last_row in rows.ranges(X.nnz / 5):
        block = rows.read(first_row, last_row)
        part = sparse.csr_array((block.values, block.columns, block.indptr), shape=(last_row - first_row, shape[1]))
        np.testing.assert_allclose(part.toarray(), expected[first_row:last_row], rtol=1e-6)
    np.testing.assert_allclose(rows.to_csr().toarray(), expected, rtol=1e-6)


def test_by_hand():
    # The first word has 8 of 10 occurrences, and counts for a quarter of them if the limit is a twentieth.
    X = sparse.csr_array(np.array([[6, 2], [2, 0]], dtype=np.float32))
    scaled = SubsampledRows(CsrRows(X), 0.05).to_csr().toarray()
    np.testing.assert_allclose(scaled, [[6 / 16, 2 / 4 / 2], [2 / 2 / 4, 0]])


def test_rare_words_and_empty_rows_keep_their_entries():
    X = sparse.csr_array(np.array([[9, 9, 0, 1], [0, 0, 0, 0], [0, 0, 0, 1]], dtype=np.float32))
    scaled = SubsampledRows(CsrRows(X), 0.2).to_csr().toarray()
    assert scaled[2, 3] == 1
    assert (scaled[0, :2] < 9).all()
    np.testing.assert_array_equal(SubsampledRows(CsrRows(X), 1).to_csr().toarray(), X.toarray())


def test_the_rows_that_are_given_do_not_change():
    X = zipfian()
    before = X.copy()
    SubsampledRows(CsrRows(X), 1e-3).read(0, 10)
    np.testing.assert_array_equal(X.data, before.data)


@pytest.mark.parametrize("share", [np.inf, 0], ids=["memory", "file"])
def test_bits_do_not_depend_on_where_rows_are_or_how_they_are_cut(share, tmp_path, monkeypatch):
    X = zipfian((200, 150))
    X.data *= np.float32(1 / 3)
    expected = SubsampledRows(CsrRows(X), 1e-3).to_csr().data
    monkeypatch.setattr(subsampling, "_CHUNK_ENTRIES", 100)
    spooled = SpooledRows(X.shape, Spool(str(tmp_path), share), Spool(str(tmp_path), share))
    for first_row, last_row in ((120, 200), (0, 60), (60, 120)):
        part = X[first_row:last_row]
        spooled.add(first_row, np.diff(part.indptr), part.indices.astype(np.int32), part.data)
    rows = SubsampledRows(spooled, 1e-3)
    found = np.concatenate([rows.read(i, i + 1).values for i in range(200)])
    np.testing.assert_array_equal(found, expected)
    rows.close()


@pytest.mark.parametrize("sample", [1e-4, 0.01])
@pytest.mark.parametrize("parameters", [{}, {"init": "random", "negative_ratio": 0, "x_max": 3}], ids=str)
def test_training_sees_the_scaled_entries_everywhere(parameters, sample):
    X = zipfian()
    model = GloVe(8, random_state=0, **parameters)
    scaled = SubsampledRows(CsrRows(X), sample).to_csr()
    expected = clone(model).fit(scaled)
    found = model.set_params(sample=sample).fit(X)
    assert_same_bits(found, expected)
    assert np.any(found.embedding_ != clone(model).set_params(sample=None).fit(X).embedding_)


@pytest.mark.parametrize("sample", [0, 0.0, 1.0])
def test_no_limit_changes_nothing(sample):
    X = zipfian()
    assert_same_bits(GloVe(8, random_state=0, sample=sample).fit(X), GloVe(8, random_state=0, sample=None).fit(X))


@pytest.mark.parametrize("change", [{"n_jobs": 2}, {"memory_limit": "10MB"}], ids=str)
def test_bits_do_not_depend_on_threads_and_memory(change, seed):
    X = zipfian((300, 300), seed)
    model = GloVe(8, sample=1e-3, random_state=seed)
    assert_same_bits(clone(model).set_params(**change).fit(X), model.fit(X))


def test_a_checkpoint_resumes_to_the_same_bits(tmp_path):
    X = zipfian()
    model = GloVe(8, sample=1e-3, random_state=0, max_iter=4)
    expected = clone(model).fit(X)
    clone(model).set_params(max_iter=2, checkpoint=tmp_path / "run").fit(X)
    resumed = model.set_params(checkpoint=tmp_path / "run").fit(X)
    assert_same_bits(resumed, expected)
    with pytest.raises(ValueError, match=r"with sample=0.001, not 0.0"):
        clone(model).set_params(sample=None).fit(X)


def test_none_and_zero_are_the_same_run(tmp_path):
    X = zipfian()
    GloVe(8, sample=None, random_state=0, checkpoint=tmp_path / "run").fit(X)
    GloVe(8, sample=0, random_state=0, checkpoint=tmp_path / "run").fit(X)


@pytest.mark.parametrize("sample", [-1e-3, 1.5, np.nan, "auto"])
def test_other_limits_are_refused(sample):
    with pytest.raises(ValueError, match="The 'sample' parameter of GloVe must be"):
        GloVe(sample=sample).fit(zipfian())
