"""Kernel: rows of X -> blocks of records.

Rows and columns of X are dealt to partitions, and a block holds the entries whose row is in one partition and whose column is
in another. Inside a block a row or a column is named by its index in its partition, which fits in 16 bits; with the value, a
record is 8 bytes. X is processed in slabs of consecutive rows: first the entries of each block are counted, which reserves a
range of its own for every slab in every block, then they are written there. So slabs may be processed at the same time, or one
after the other from a file, and the order inside a block is the same: by row, then by column. In the end each block is
shuffled (Fisher and Yates; Durstenfeld 1964) by a random number generator of its own.

Negative pairs, sampled at random, may be added to a slab before. Each row has a generator of its own, so that what is sampled does
not depend on the slabs.

The entries of a row go to the blocks of one row partition only: no more cache lines than these are written to in turn.
"""

from libc.stdint cimport int32_t, int64_t, uint16_t, uint64_t

from glove_sklearn._training._records cimport Record

ctypedef fused index_t:
    int32_t
    int64_t


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
            # Of 64 random bits the upper 32 choose j in 0..i.
            j = <int64_t> (((next_random(&seed) >> 32) * <uint64_t> (i + 1)) >> 32)
            record = records[i]
            records[i] = records[j]
            records[j] = record


def add_negatives(
        const int64_t[::1] indptr,          # IN     a slab, compressed by rows
        const index_t[::1] columns,         # IN
        const float[::1] values,            # IN
        int64_t first_row,                  # IN     of the slab
        uint64_t seed,                      # IN
        double ratio,                       # IN     draws for each entry
        float value,                        # IN     of a sampled pair
        const int32_t[::1] table,            # IN     columns, as often as they should be drawn
        int64_t[::1] seen,                  # IN/OUT work array (columns of X,): numbers below 1 + the slab's first row
        int64_t[::1] new_indptr,            # OUT
        index_t[::1] new_columns,           # OUT    columns of a row, and after them the sampled ones
        float[::1] new_values):             # OUT
    """Add to each row columns at which it has no entry, each once. A draw that hits an entry is dropped.

    A row of n entries makes ratio * n draws, rounded up or down at random.
    """
    cdef int64_t i, k, _k, at = 0, n_draws, n_table = table.shape[0]
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
                column = table[<int64_t> (((next_random(&state) >> 32) * <uint64_t> n_table) >> 32)]
                if seen[column] != first_row + i + 1:
                    seen[column] = first_row + i + 1
                    new_columns[at], new_values[at] = column, value
                    at += 1
            new_indptr[i + 1] = at


def count_blocks(
        const int64_t[::1] indptr,          # IN     a slab, compressed by rows
        const index_t[::1] columns,         # IN
        const float[::1] values,            # IN
        const int32_t[::1] row_partitions,      # IN     partition of each row of the slab
        const int32_t[::1] column_partitions,   # IN     partition of each column of X
        int64_t[:, ::1] counts):            # OUT    entries of each block
    """Count the entries of a slab in each block, without stored zeros."""
    cdef int64_t i, k
    cdef int64_t *counts_of_row
    with nogil:
        counts[:] = 0
        for i in range(row_partitions.shape[0]):
            counts_of_row = &counts[row_partitions[i], 0]
            for k in range(indptr[i], indptr[i + 1]):
                counts_of_row[column_partitions[columns[k]]] += values[k] != 0


def fill_blocks(
        const int64_t[::1] indptr,          # IN     a slab, compressed by rows
        const index_t[::1] columns,         # IN
        const float[::1] values,            # IN
        const int32_t[::1] row_partitions,      # IN     partition of each row of the slab ...
        const uint16_t[::1] row_indices,     # IN     ... and index in it
        const int32_t[::1] column_partitions,   # IN     partition of each column of X ...
        const uint16_t[::1] column_indices,  # IN     ... and index in it
        int64_t[:, ::1] ends,               # IN/OUT where the slab starts in each block; afterwards, where it ends
        Record[::1] records):               # OUT    those of the slab are written
    """Write the records of a slab."""
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
