"""Kernels: a block of records -> sums of its rows and columns; and a block of PPMI times a dense matrix.

The initial vectors come from P, the matrix of positive pointwise mutual information:

    P_ij = max(0, log(X_ij N / (r_i s_j))) = max(0, log X_ij - rows_i - columns_j)

where r_i and s_j are the sums of the rows and columns of X, N is the sum of all its entries, rows_i = log(r_i / sqrt(N)) and
columns_j = log(s_j / sqrt(N)). P is never stored: its entries are computed from the records each time it is multiplied.

Blocks that share neither a row partition nor a column partition write to no common number, and may be visited at the same
time. The loop of the product is in _simd_body.h.
"""

from libc.stdint cimport int64_t

from glove_sklearn._training._instruction_sets cimport SUM_LANES, chosen
from glove_sklearn._training._records cimport Record

#: Columns of the matrices that `add_products` takes are a multiple of this.
WIDTH_MULTIPLE = SUM_LANES


def add_sums(
        const Record[::1] records,      # IN     of one block
        double[::1] rows,               # IN/OUT (rows of the block,): sums of their values
        double[::1] columns):           # IN/OUT (columns of the block,): the same
    """Add the values of a block to the sums of its rows and of its columns."""
    cdef int64_t i
    with nogil:
        for i in range(records.shape[0]):
            rows[records[i].row] += records[i].value
            columns[records[i].column] += records[i].value


def add_products(
        const Record[::1] records,      # IN     of one block
        const float[::1] rows,          # IN     (rows of the block,): rows_i of P
        const float[::1] columns,       # IN     (columns of the block,): columns_j of P
        const float[:, ::1] factor,     # IN     (columns of the block, width); (rows of the block, width) if `transposed`
        float[:, ::1] product,          # IN/OUT (rows of the block, width); (columns of the block, width) if `transposed`
        bint transposed):
    """Add P times ``factor``, or P transposed times ``factor``, for the block of P. The width is a multiple of WIDTH_MULTIPLE."""
    if records.shape[0] == 0:
        return
    with nogil:
        chosen.add_products(&records[0], records.shape[0], &rows[0], &columns[0], &factor[0, 0], &product[0, 0],
                            factor.shape[1], transposed)
