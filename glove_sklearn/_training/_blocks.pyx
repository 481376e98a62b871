"""Kernel: rows of X -> blocks of records.

Rows and columns of X are dealt to groups, and a block holds the entries whose row is in one group and whose column is in
another. Inside a block a row or a column is named by its place in its group, which fits in 16 bits; with the value, a
record is 8 bytes. X is gone through slab by slab, a slab being some consecutive rows: first the entries of each block are
counted, which gives every slab a place of its own in every block, then they are dropped there. So slabs may be
treated at the same time, or one after the other from a file, and the order inside a block is the same: by row, then by column.
Each block is shuffled in the end (Fisher and Yates; Durstenfeld 1964), by a generator of its own.

Pairs that never occur may be added to a slab before, drawn at random. Each row has a generator of its own, so that what is drawn
does not depend on the slabs.

The entries of a row go to the blocks of one row group only: that many cache lines are written to at a time.
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
        double share,                       # IN     draws for each entry
        float value,                        # IN     of what is drawn
        const int32_t[::1] lots,            # IN     columns, as often as they should be drawn
        int64_t[::1] seen,                  # IN/OUT work array (columns of X,): numbers below 1 + the slab's first row
        int64_t[::1] new_indptr,            # OUT
        index_t[::1] new_columns,           # OUT    columns of a row, and after them those drawn
        float[::1] new_values):             # OUT
    """Add to each row columns at which it has no entry, each once. A draw of a column at which it has one is lost.

    A row of n entries has share * n draws, rounded up or down by lot.
    """
    cdef int64_t i, k, _k, at = 0, n_draws, n_lots = lots.shape[0]
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
            n_draws = <int64_t> (share * <double> (indptr[i + 1] - indptr[i])
                                 + <double> (next_random(&state) >> 32) / 4294967296.0)
            for _k in range(n_draws):
                column = lots[<int64_t> (((next_random(&state) >> 32) * <uint64_t> n_lots) >> 32)]
                if seen[column] != first_row + i + 1:
                    seen[column] = first_row + i + 1
                    new_columns[at], new_values[at] = column, value
                    at += 1
            new_indptr[i + 1] = at


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
