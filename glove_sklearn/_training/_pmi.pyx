"""Kernels of the initialisation: sums of X, and products with its positive pointwise mutual information.

The matrix is never stored: its entries are computed from the records whenever it is multiplied. Blocks that share neither a row
partition nor a column partition may be processed at the same time.
"""

from libc.stdint cimport int64_t

from glove_sklearn._training._instruction_sets cimport SUM_LANES, chosen, record_t
from glove_sklearn._training._records cimport Record

#: A multiple of which the width of `add_products` must be.
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
        const float[::1] rows,          # IN     (rows of the block,): what is subtracted from the logarithms of their values
        const float[::1] columns,       # IN     (columns of the block,): the same
        const float[:, ::1] factor,     # IN     (columns of the block, width); (rows of the block, width) with `transposed`
        float[:, ::1] product,          # IN/OUT (rows of the block, width); (columns of the block, width) with `transposed`
        bint transposed):
    """Add P times `factor`, or its transpose times it, where P is max(0, log x - rows_i - columns_j) of each record.

    The width is a multiple of SUM_LANES.
    """
    if records.shape[0] == 0:
        return
    with nogil:
        chosen.add_products(<const record_t *> &records[0], records.shape[0], &rows[0], &columns[0], &factor[0, 0],
                            &product[0, 0], factor.shape[1], transposed)
