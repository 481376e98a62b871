"""Kernel: rows of X -> blocks of records.

Rows and columns of X are dealt to groups, and a block holds the entries whose row is in one group and whose column is in
another. Inside a block a row or a column is named by its place in its group, which fits in 16 bits; with the value, a
record is 8 bytes. X is gone through slab by slab, a slab being some consecutive rows: first the entries of each block are
counted, which gives every slab a place of its own in every block, then they are dropped there. So slabs may be
treated at the same time, or one after the other from a file, and the order inside a block is the same: by row, then by column.
Each block is shuffled in the end (Fisher and Yates; Durstenfeld 1964), by a generator of its own.

The entries of a row go to the blocks of one row group only: that many cache lines are written to at a time.
"""

from libc.stdint cimport int32_t, int64_t, uint16_t, uint64_t

from glove_sklearn._records cimport Record

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


def count_blocks(
        const int64_t[::1] indptr,          # IN     a slab, compressed by rows
        const index_t[::1] columns,         # IN
        const float[::1] values,            # IN
        const int32_t[::1] row_groups,      # IN     group of each row of the slab
        const int32_t[::1] column_groups,   # IN     group of each column of X
        int64_t[:, ::1] counts):            # OUT    entries of each block
    """Entries of a slab in each block. Entries that are 0 do not count."""
    cdef int64_t i, k
    cdef int64_t *counts_of_row
    with nogil:
        counts[:] = 0
        for i in range(row_groups.shape[0]):
            counts_of_row = &counts[row_groups[i], 0]
            for k in range(indptr[i], indptr[i + 1]):
                counts_of_row[column_groups[columns[k]]] += values[k] != 0


def fill_blocks(
        const int64_t[::1] indptr,          # IN     a slab, compressed by rows
        const index_t[::1] columns,         # IN
        const float[::1] values,            # IN
        const int32_t[::1] row_groups,      # IN     group of each row of the slab ...
        const uint16_t[::1] row_places,     # IN     ... and place in it
        const int32_t[::1] column_groups,   # IN     group of each column of X ...
        const uint16_t[::1] column_places,  # IN     ... and place in it
        int64_t[:, ::1] ends,               # IN/OUT where the entries of the slab begin in each block; then, where they end
        Record[::1] records):               # OUT    those of the slab are written
    """Write the records of a slab."""
    cdef int64_t i, k, at
    cdef int64_t *ends_of_row
    cdef index_t column
    with nogil:
        for i in range(row_groups.shape[0]):
            ends_of_row = &ends[row_groups[i], 0]
            for k in range(indptr[i], indptr[i + 1]):
                if values[k] == 0:
                    continue
                column = columns[k]
                at = ends_of_row[column_groups[column]]
                records[at].row = row_places[i]
                records[at].column = column_places[column]
                records[at].value = values[k]
                ends_of_row[column_groups[column]] = at + 1
