"""Rows in memory and in files."""

import numpy as np
import pytest
from scipy import sparse

from glove_sklearn._counting.row_store import CsrBuilder, CsrRows, SpooledRows, split_by_size
from glove_sklearn._system.storage import Spool
from tests.assertions import random_sparse


def test_rows_may_come_in_any_order():
    random_state = np.random.RandomState(0)
    matrix = random_sparse((40, 30), 0.2, random_state)
    ranges = split_by_size(matrix.indptr, 20)
    assert len(ranges) > 5
    for rows in (
        CsrBuilder(matrix.shape, matrix.nnz + 100),
        SpooledRows(matrix.shape, Spool("", np.inf), Spool("", np.inf)),
    ):
        for i in random_state.permutation(len(ranges)):
            first, last = ranges[i]
            begin, end = matrix.indptr[first], matrix.indptr[last]
            lengths = np.diff(matrix.indptr[first : last + 1])
            rows.add(first, lengths, matrix.indices[begin:end].astype(np.int32), matrix.data[begin:end])
        if isinstance(rows, SpooledRows):
            for first, last in [(0, 40), (3, 17), (39, 40)]:
                piece = rows.read(first, last)
                np.testing.assert_array_equal(piece.indptr, matrix[first:last].indptr)
                np.testing.assert_array_equal(piece.columns, matrix[first:last].indices)
                np.testing.assert_array_equal(piece.values, matrix[first:last].data)
        found = (rows.build() if isinstance(rows, CsrBuilder) else rows).to_csr()
        assert (found != matrix).nnz == 0
        assert found.nnz == matrix.nnz


@pytest.mark.parametrize(
    "make", [CsrBuilder, lambda shape, n: SpooledRows(shape, Spool("", np.inf), Spool("", np.inf))]
)
def test_rows_that_are_released_leave_the_others(make):
    n, row = 400, np.arange(3000, dtype=np.int32)
    sink = make((n, 3000), n * len(row))
    for first in range(0, n, 50):
        sink.add(
            first,
            np.full(50, len(row)),
            np.tile(row, 50),
            np.repeat(np.arange(first, first + 50), len(row)).astype("f"),
        )
    rows = sink.build() if isinstance(sink, CsrBuilder) else sink
    for first, last in rows.ranges(70 * len(row)):
        block = rows.read(first, last)
        np.testing.assert_array_equal(block.columns, np.tile(row, last - first))
        np.testing.assert_array_equal(block.values, np.repeat(np.arange(first, last), len(row)))
        rows.release(first, last)
    if isinstance(rows, SpooledRows):
        assert all(len(rows._columns.read(index)) == 0 for index in range(8))


def test_an_array_that_is_somebody_elses_is_never_released():
    matrix = sparse.csr_array(np.ones((600, 600), dtype=np.float32))
    rows = CsrRows(matrix)
    rows.release(0, 600)
    assert (matrix.data == 1).all()
    builder = CsrBuilder(matrix.shape, matrix.nnz)
    builder.add(0, np.full(600, 600), matrix.indices, matrix.data)
    rows = builder.build()
    given = rows.to_csr()
    rows.release(0, 600)
    assert (given.data == 1).all()
