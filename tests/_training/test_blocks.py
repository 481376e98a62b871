"""Rows of X -> blocks of records."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from glove_sklearn import CooccurrenceCounter
from glove_sklearn._counting.row_store import CsrRows, cumulative_offsets
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _blocks, blocks
from glove_sklearn._training.blocks import RECORD, NegativeSampling, build_blocks, choose_n_partitions
from tests.assertions import random_sparse


@pytest.fixture(scope="module")
def lee_X(lee):
    return CooccurrenceCounter(window_size=10).fit(lee).cooccurrence_


def arranged(X, n_partitions, *, seed=0, n_jobs=2, **options):
    with ThreadTeam(n_jobs) as team:
        return build_blocks(CsrRows(X), n_partitions, np.random.RandomState(seed), team, Storage(np.inf), **options)


def test_records_are_two_16_bit_indices_and_a_float32():
    assert np.dtype([("row", np.uint16), ("column", np.uint16), ("value", np.float32)]) == RECORD
    assert RECORD.itemsize == 8


def test_blocks_are_the_same_in_memory_and_on_disk_and_in_any_slabs(lee_X):
    expected = arranged(lee_X, 5)
    for options in ({"in_memory": False}, {"chunk_size": 1000}, {"in_memory": False, "chunk_size": 777}):
        blocks = arranged(lee_X, 5, **options)
        np.testing.assert_array_equal(blocks.starts, expected.starts)
        found, wanted = (b.records.read(0, lee_X.nnz).view(np.int64) for b in (blocks, expected))
        np.testing.assert_array_equal(found, wanted)
        blocks.records.close()


def test_blocks_hold_every_entry_once(lee_X):
    blocks = arranged(lee_X, 7)
    found = []
    for i in range(7):
        for j in range(7):
            records = np.concatenate(list(blocks.chunks(i, j)))
            rows = blocks.rows.members[blocks.rows.slice(i)][records["row"]]
            columns = blocks.columns.members[blocks.columns.slice(j)][records["column"]]
            found.append(sparse.coo_array((records["value"], (rows, columns)), shape=lee_X.shape))
            order = np.lexsort((columns, rows))
            assert not np.array_equal(order, np.arange(len(order)))  # shuffled
    total = sum(block.tocsr() for block in found)
    assert sum(block.nnz for block in found) == lee_X.nnz
    assert (total != lee_X).nnz == 0


def test_blocks_weigh_about_the_same(lee_X):
    blocks = arranged(lee_X, 4)
    sizes = blocks.ends - blocks.starts
    assert sizes.max() < 1.1 * sizes.mean()


@pytest.mark.parametrize(
    ("shape", "n_entries", "expected"),
    [
        ((3, 3), 9, 1),
        ((1500, 1500), 200_000, 6),
        ((70_000, 70_000), 60_000_000, 32),
        ((2_000_000, 2_000_000), 2_000_000_000, 163),
        ((300_000, 10), 1000, 5),
    ],
)
def test_number_of_groups(shape, n_entries, expected):
    assert choose_n_partitions(shape, n_entries, 8 * 64) == expected


# Pairs that never occur


def entries_of(blocks):
    """Rows, columns and values of all records, sorted by row and column."""
    found = []
    for i in range(blocks.n_partitions):
        for j in range(blocks.n_partitions):
            for records in blocks.chunks(i, j):
                rows = blocks.rows.members[blocks.rows.slice(i)][records["row"]]
                columns = blocks.columns.members[blocks.columns.slice(j)][records["column"]]
                found.append((rows, columns, records["value"]))
    rows, columns, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((columns, rows))
    return rows[order], columns[order], values[order]


def sparse_matrix(n_rows=400, n_columns=300, density=0.02, seed=0):
    random_state = np.random.RandomState(seed)
    X = random_sparse((n_rows, n_columns), density, random_state)
    X.data += 1
    return X


def split(X, blocks):
    """The records that are entries of X, and those that are not, as two matrices."""
    rows, columns, values = entries_of(blocks)
    assert len(set(zip(rows.tolist(), columns.tolist(), strict=True))) == len(rows)  # none twice
    occurs = X[rows, columns] != 0
    return tuple(sparse.csr_array((values[m], (rows[m], columns[m])), shape=X.shape) for m in (occurs, ~occurs))


@pytest.mark.parametrize("share", [0.1, 0.25, 1.0, 3.0])
@pytest.mark.parametrize("n_partitions", [1, 3])
def test_as_many_pairs_that_never_occur_are_added_as_asked_for(share, n_partitions):
    X = sparse_matrix()
    old, new = split(X, arranged(X, n_partitions, negatives=NegativeSampling(share, 0.125)))
    assert (old != X).nnz == 0
    assert (new.data == 0.125).all()
    # A few draws are lost to pairs that occur, or that were drawn before.
    expected = share * X.nnz
    assert expected * (1 - 0.02 * (2 + share)) - 4 * np.sqrt(expected) < new.nnz <= expected + 4 * np.sqrt(X.shape[0])


def test_rows_and_columns_are_drawn_as_often_as_they_have_entries():
    random_state = np.random.RandomState(0)
    weights = np.arange(1.0, 201) ** -0.5
    X = sparse.csr_array((random_state.uniform(size=(200, 200)) < np.multiply.outer(weights, weights)).astype("f"))
    n_seeds, share = 100, 0.1
    drawn = sum(
        split(X, arranged(X, 2, negatives=NegativeSampling(share, 1), seed=seed))[1].toarray()
        for seed in range(n_seeds)
    )
    expected = n_seeds * share * np.multiply.outer(X.sum(axis=1), X.sum(axis=0)) / X.sum() * (X.toarray() == 0)
    for axis in (0, 1):
        # Some of them twice, which counts once.
        found, wanted = drawn.sum(axis=axis), expected.sum(axis=axis)
        assert (found <= wanted + 5 * np.sqrt(wanted)).all()
        assert (found >= 0.95 * wanted - 5 * np.sqrt(wanted)).all()
        assert not found[wanted == 0].any()


def test_a_full_matrix_has_no_pair_to_add():
    X = sparse.csr_array(np.random.RandomState(0).randint(1, 5, (20, 30)).astype(np.float32))
    for share in (0.25, 10):
        blocks = arranged(X, 2, negatives=NegativeSampling(share, 0.5))
        assert blocks.n_records == X.nnz
        assert not split(X, blocks)[1].nnz


def test_many_draws_reach_every_pair_of_words_that_occur():
    X = sparse_matrix(12, 9, 0.3)
    _, new = split(X, arranged(X, 1, negatives=NegativeSampling(200, 0.5)))
    occur = np.multiply.outer(np.diff(X.indptr) > 0, X.sum(axis=0) > 0)
    np.testing.assert_array_equal(new.toarray() > 0, occur & (X.toarray() == 0))


def test_rows_of_one_entry_have_a_draw_now_and_then():
    n = 20_000
    X = sparse.csr_array((np.ones(n, "f"), np.random.RandomState(0).randint(n, size=n), np.arange(n + 1)), shape=(n, n))
    _, new = split(X, arranged(X, 2, negatives=NegativeSampling(0.25, 0.5)))
    drawn = np.diff(new.indptr)
    assert drawn.max() == 1
    assert drawn.mean() == pytest.approx(0.25, abs=0.02)


def test_rows_without_entries_have_none_added():
    X = sparse.csr_array(np.diag([1.0, 0, 2, 0]).astype("f"))
    for seed in range(20):
        _, new = split(X, arranged(X, 1, negatives=NegativeSampling(5, 0.5), seed=seed))
        assert new.indices.tolist() in ([], [0], [2], [2, 0])


@pytest.mark.parametrize("share", [0.25, 2.0])
def test_what_is_added_does_not_depend_on_slabs_threads_or_files(lee_X, share, monkeypatch):
    negatives = NegativeSampling(share, 0.01)
    expected = arranged(lee_X, 5, negatives=negatives, n_jobs=1)
    assert expected.n_records > lee_X.nnz
    for options in (
        {"n_jobs": 4},
        {"chunk_size": 1000},
        {"chunk_size": 1, "n_jobs": 3},
        {"in_memory": False},
        {"in_memory": False, "chunk_size": 777},
    ):
        blocks = arranged(lee_X, 5, negatives=negatives, **options)
        np.testing.assert_array_equal(blocks.starts, expected.starts)
        found, wanted = (b.records.read(0, expected.n_records).view(np.int64) for b in (blocks, expected))
        np.testing.assert_array_equal(found, wanted)
        blocks.records.close()


def test_another_seed_adds_other_pairs():
    X = sparse_matrix()
    some, others = (split(X, arranged(X, 2, negatives=NegativeSampling(0.5, 0.5), seed=seed))[1] for seed in (0, 1))
    assert (some != others).nnz > 0
    common = some.multiply(others).nnz
    assert common < 0.1 * some.nnz


def test_no_share_draws_nothing_of_the_random_numbers(lee_X):
    expected, found = (arranged(lee_X, 3, **options) for options in ({}, {"negatives": NegativeSampling(0, 0.5)}))
    np.testing.assert_array_equal(found.records.array, expected.records.array)


@given(
    st.integers(0, 8).flatmap(lambda n: st.lists(st.lists(st.integers(0, 7), unique=True), min_size=n, max_size=n)),
    st.floats(0.01, 4),
    st.integers(0, 2**63 - 1),
    st.integers(0, 1000),
    st.sampled_from([np.int32, np.int64]),
)
def test_a_slab_keeps_its_entries_and_has_new_ones_behind_them(rows, share, seed, first_row, index_type):
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    indptr = cumulative_offsets(lengths)
    columns = np.array([column for row in rows for column in row], dtype=index_type)
    values = np.arange(1, len(columns) + 1, dtype=np.float32)
    most = int(share * len(columns)) + len(columns) + len(indptr)
    new_indptr, new_columns = np.empty_like(indptr), np.full(most, -1, dtype=index_type)
    new_values, sampling_table = np.empty(most, dtype=np.float32), np.array([1, 1, 5, 6], dtype=np.int32)
    seen = np.zeros(8, dtype=np.int64)
    arguments = share, 0.5, sampling_table, seen, new_indptr, new_columns, new_values
    _blocks.add_negatives(indptr, columns, values, first_row, seed, *arguments)
    assert new_indptr[0] == 0
    for i, row in enumerate(rows):
        begin, end, n = new_indptr[i], new_indptr[i + 1], len(row)
        assert new_columns[begin : begin + n].tolist() == row
        assert new_values[begin : begin + n].tolist() == values[indptr[i] : indptr[i + 1]].tolist()
        added = new_columns[begin + n : end].tolist()
        assert len(added) == len(set(added)) <= np.ceil(share * n)
        assert set(added) <= {1, 5, 6} - set(row)
        assert (new_values[begin + n : end] == 0.5).all()


@pytest.mark.parametrize("n_columns", [1000, 1_000_000])
def test_rare_columns_of_large_vocabularies_are_not_drawn_too_often(n_columns):
    in_columns = 5 + 10 * n_columns // np.arange(1, n_columns + 1)
    in_columns[7] = 0
    drawn = np.bincount(blocks._sampling_table(in_columns), minlength=n_columns)
    assert drawn[7] == 0
    assert (drawn > 0).sum() == n_columns - 1
    # Rounding up favours them a little.
    share, expected = (numbers[n_columns // 2 :].sum() / numbers.sum() for numbers in (drawn, in_columns))
    assert expected <= share < 1.4 * expected


def test_rows_are_released_once_their_records_are_made(seed):
    X = sparse.random(200, 200, 0.3, "csr", dtype=np.float32, random_state=seed)
    released = []

    class Rows(CsrRows):
        def release(self, first_row, last_row):
            released.extend(range(first_row, last_row))

    with ThreadTeam(2) as team:
        build_blocks(Rows(X), 3, np.random.RandomState(seed), team, Storage(), chunk_size=1000)
    assert sorted(released) == list(range(200))
