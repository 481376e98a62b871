"""Rows in memory and in files."""

import numpy as np
from scipy import sparse

from glove_sklearn._counting.row_store import CsrBuilder, SpooledRows, split_by_size
from glove_sklearn._system.storage import Spool


def test_rows_may_come_in_any_order():
    random_state = np.random.RandomState(0)
    matrix = sparse.random_array((40, 30), density=0.2, format="csr", dtype=np.float32, rng=random_state)
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
