"""Kernels: sums of the rows and columns of X, and X scaled by a factor of each row and each column.

Sums are added entry by entry, in the order of the rows, so that they do not depend on how the rows are cut into slabs. Scaled
values are written to an array of their own: X itself may be in use elsewhere. Each value is rounded twice, after the product
of the two factors and after that with the value, on every processor alike.
"""

from libc.stdint cimport int32_t, int64_t

ctypedef fused index_t:
    int32_t
    int64_t


def add_sums(
        const int64_t[::1] indptr,          # IN     a slab, as a CSR matrix
        const index_t[::1] columns,         # IN
        const float[::1] values,            # IN
        double[::1] row_sums,               # OUT    (rows of the slab,)
        double[::1] column_sums):           # IN/OUT (columns of X,): sums of the rows before the slab; then, of those in it, too
    """Sum the values of each row, and add them to the sums of their columns."""
    cdef int64_t i, k
    cdef double total
    with nogil:
        for i in range(row_sums.shape[0]):
            total = 0
            for k in range(indptr[i], indptr[i + 1]):
                total += values[k]
                column_sums[columns[k]] += values[k]
            row_sums[i] = total


def scale(
        const int64_t[::1] indptr,          # IN     a slab, as a CSR matrix
        const index_t[::1] columns,         # IN
        const float[::1] values,            # IN
        const float[::1] row_factors,       # IN     (rows of the slab,)
        const float[::1] column_factors,    # IN     (columns of X,)
        float[::1] scaled):                 # OUT    (entries of the slab,): the values times both factors
    """Multiply each value by the factors of its row and of its column."""
    cdef int64_t i, k
    with nogil:
        for i in range(row_factors.shape[0]):
            for k in range(indptr[i], indptr[i + 1]):
                scaled[k] = values[k] * (row_factors[i] * column_factors[columns[k]])
