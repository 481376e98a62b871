"""How large the entries of X are."""

import numpy as np
import pytest
from scipy import sparse

from glove_sklearn._counting.row_store import CsrRows, SpooledRows, split_by_size
from glove_sklearn._system.storage import Spool
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training.value_histogram import ValueHistogram
from tests.assertions import random_sparse

SHARES = [0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 0.999, 1.0]


def of(values, n_rows=10, n_jobs=2):
    """The distribution of these numbers as the entries of a matrix."""
    values = np.asarray(values, dtype=np.float32)
    indptr = np.linspace(0, len(values), n_rows + 1).astype(np.int32)
    columns = (np.arange(len(values)) - np.repeat(indptr[:-1], np.diff(indptr))).astype(np.int32)
    X = sparse.csr_array((values, columns, indptr), shape=(n_rows, max(1, len(values))))
    with ThreadTeam(n_jobs) as team:
        return ValueHistogram.of(CsrRows(X), team)


@pytest.mark.parametrize("spread", [0.1, 1, 5])
@pytest.mark.parametrize("share", SHARES)
def test_quantiles_are_those_of_numpy(spread, share, seed):
    values = np.random.RandomState(seed).lognormal(0, spread, 100_000).astype(np.float32)
    found = of(values)
    # The values are rounded down to 1/256 of themselves.
    expected = np.quantile(values, share, method="inverted_cdf")
    assert expected * (1 - 1 / 128) <= found.quantile(share) <= expected


def test_whole_numbers_are_exact():
    values = np.repeat(np.arange(1, 257), np.arange(256, 0, -1))
    found = of(values)
    for share in SHARES:
        assert found.quantile(share) == np.quantile(values, share, method="inverted_cdf")


def test_by_hand():
    found = of([1, 16, 1, 4, 1, 8, 1, 2], n_rows=3)
    assert [found.quantile(share) for share in (0.1, 0.5, 0.51, 0.75, 1)] == [1, 1, 2, 4, 16]


def test_entries_that_are_zero_do_not_count():
    found = of([0, 0, 0, 0, 0, 3, 5, 0])
    assert [found.quantile(share) for share in (0.1, 0.5, 0.6)] == [3, 3, 5]


@pytest.mark.parametrize("value", [1e-45, 1e-40, 1.2e-38, 1e-31])
def test_next_to_nothing_is_a_positive_number(value):
    found = of([value] * 5)
    assert found.quantile(0.5) == 2.0**-100


def test_the_largest_numbers_are_counted():
    found = of([1, 3.4028235e38, 3.4028235e38])
    assert found.quantile(0.3) == 1
    assert found.quantile(1) == pytest.approx(3.4e38, rel=1 / 128)


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_any_slabs_and_threads_count_the_same(n_jobs, monkeypatch):
    values = np.random.RandomState(0).lognormal(0, 2, 50_000)
    expected = of(values, n_rows=100)
    monkeypatch.setattr("glove_sklearn._training.value_histogram._CHUNK_ENTRIES", 777)
    found = of(values, n_rows=7, n_jobs=n_jobs)
    for share in SHARES:
        assert found.quantile(share) == expected.quantile(share)


def test_rows_in_pieces_are_counted_like_those_of_a_matrix():
    X = random_sparse((60, 50), 0.3, np.random.RandomState(0))
    rows = SpooledRows(X.shape, Spool("", np.inf), Spool("", np.inf))
    for first, last in split_by_size(X.indptr, 100):
        begin, end = X.indptr[first], X.indptr[last]
        rows.add(first, np.diff(X.indptr[first : last + 1]), X.indices[begin:end].astype(np.int32), X.data[begin:end])
    with ThreadTeam(1) as team:
        found, expected = ValueHistogram.of(rows, team), ValueHistogram.of(CsrRows(X), team)
    for share in SHARES:
        assert found.quantile(share) == expected.quantile(share)
