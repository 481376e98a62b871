"""Kernels: rows of X -> blocks of records.

The rows and the columns of X are dealt to partitions, and a block holds the entries whose row is in one row partition and
whose column is in one column partition. Inside a block, rows and columns are named by their index in the partition, which
fits in 16 bits; with the value, a record is 8 bytes. X is visited slab by slab, a slab being some consecutive rows. A first
visit counts the entries of each slab in each block, which reserves a range for every slab in every block; a second visit
writes them there. Slabs can therefore be processed in parallel, or one after the other from a file, and the order inside a
block is the same: by row, then by column. In the end each block is shuffled (Fisher and Yates; Durstenfeld 1964), with a
generator of its own.

Before that, pairs that never occur may be drawn at random and added to a slab. Each row has a generator of its own, so the
draws do not depend on the slabs.

The entries of a row go to the blocks of one row partition only: no more cache lines are written to in turn than there are
column partitions.
"""

from libc.stdint cimport int32_t, int64_t, uint16_t, uint64_t

import numpy as np

from glove_sklearn._training._records cimport Record

ctypedef fused index_t:
    int32_t
    int64_t


cdef Record a_record

#: Data type of a record, with the layout that the C compiler has given it.
RECORD = np.asarray(<Record[:1]> &a_record).dtype


cdef inline uint64_t next_random(uint64_t *state) noexcept nogil:
    # SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    cdef uint64_t z
    state[0] += <uint64_t> 0x9E3779B97F4A7C15
    z = state[0]
    z = (z ^ (z >> 30)) * <uint64_t> 0xBF58476D1CE4E5B9
    z = (z ^ (z >> 27)) * <uint64_t> 0x94D049BB133111EB
    return z ^ (z >> 31)


def shuffle(
        Record[::1] records,                # IN/OUT
        uint64_t seed):                     # IN
    """Put records in random order; fewer than 2**32 of them."""
    cdef int64_t i, j
    cdef Record record
    with nogil:
        for i in range(records.shape[0] - 1, 0, -1):
            # The upper 32 of 64 random bits choose j in 0..i.
            j = <int64_t> (((next_random(&seed) >> 32) * <uint64_t> (i + 1)) >> 32)
            record = records[i]
            records[i] = records[j]
            records[j] = record


def add_negatives(
        const int64_t[::1] indptr,          # IN     a slab, as a CSR matrix
        const index_t[::1] columns,         # IN
        const float[::1] values,            # IN
        int64_t first_row,                  # IN     number of the slab's first row in X
        uint64_t seed,                      # IN
        double ratio,                       # IN     draws for each entry
        float value,                        # IN     value of the negative pairs
        const int32_t[::1] sampling_table,  # IN     columns, each as often as it should be drawn
        int64_t[::1] seen,                  # WORK   (columns of X,): numbers of at most `first_row`, such as 0
        int64_t[::1] new_indptr,            # OUT
        index_t[::1] new_columns,           # OUT    the columns of each row, followed by those drawn for it
        float[::1] new_values):             # OUT
    """Draw columns at which a row has no entry and add each of them once. A draw that hits an entry is not repeated.

    A row of n entries has ratio * n draws, rounded up or down at random so that this is their mean.
    """
    cdef int64_t i, k, _k, at = 0, n_draws, table_size = sampling_table.shape[0]
    cdef uint64_t state
    cdef int32_t column
    new_indptr[0] = 0
    with nogil:
        for i in range(indptr.shape[0] - 1):
            for k in range(indptr[i], indptr[i + 1]):
                new_columns[at], new_values[at] = columns[k], values[k]
                seen[columns[k]] = first_row + i + 1
                at += 1
            state = seed ^ (<uint64_t> (first_row + i + 1) * <uint64_t> 0xD1342543DE82EF95)
            n_draws = <int64_t> (ratio * <double> (indptr[i + 1] - indptr[i])
                                 + <double> (next_random(&state) >> 32) / 4294967296.0)
            for _k in range(n_draws):
                column = sampling_table[<int64_t> (((next_random(&state) >> 32) * <uint64_t> table_size) >> 32)]
                if seen[column] != first_row + i + 1:
                    seen[column] = first_row + i + 1
                    new_columns[at], new_values[at] = column, value
                    at += 1
            new_indptr[i + 1] = at


def count_blocks(
        const int64_t[::1] indptr,              # IN     a slab, as a CSR matrix
        const index_t[::1] columns,             # IN
        const float[::1] values,                # IN
        const int32_t[::1] row_partitions,      # IN     partition of each row of the slab
        const int32_t[::1] column_partitions,   # IN     partition of each column of X
        int64_t[:, ::1] counts):                # OUT    entries of each block
    """Count the entries of a slab in each block. Entries that are 0 do not count."""
    cdef int64_t i, k
    cdef int64_t *counts_of_row
    with nogil:
        counts[:] = 0
        for i in range(row_partitions.shape[0]):
            counts_of_row = &counts[row_partitions[i], 0]
            for k in range(indptr[i], indptr[i + 1]):
                counts_of_row[column_partitions[columns[k]]] += values[k] != 0


def fill_blocks(
        const int64_t[::1] indptr,              # IN     a slab, as a CSR matrix
        const index_t[::1] columns,             # IN
        const float[::1] values,                # IN
        const int32_t[::1] row_partitions,      # IN     partition of each row of the slab ...
        const uint16_t[::1] row_indices,        # IN     ... and its index there
        const int32_t[::1] column_partitions,   # IN     partition of each column of X ...
        const uint16_t[::1] column_indices,     # IN     ... and its index there
        int64_t[:, ::1] ends,                   # IN/OUT where the records of the slab begin in each block; then, where they end
        Record[::1] records):                   # OUT    the records of the slab, and nothing between them
    """Write the records of a slab to the blocks. Entries that are 0 are left out."""
    cdef int64_t i, k, at
    cdef int64_t *ends_of_row
    cdef index_t column
    with nogil:
        for i in range(row_partitions.shape[0]):
            ends_of_row = &ends[row_partitions[i], 0]
            for k in range(indptr[i], indptr[i + 1]):
                if values[k] == 0:
                    continue
                column = columns[k]
                at = ends_of_row[column_partitions[column]]
                records[at].row = row_indices[i]
                records[at].column = column_indices[column]
                records[at].value = values[k]
                ends_of_row[column_partitions[column]] = at + 1
