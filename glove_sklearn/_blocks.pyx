"""Kernel: X -> blocks of records.

Rows and columns of X are dealt to groups, and a block holds the entries whose row is in one group and whose column is in
another. Inside a block a row or a column is named by its place in its group, which fits in 16 bits; with the value, a
record is 8 bytes. Two passes over the rows of a group make its blocks: one counts the entries of each, one drops them at
their places. Each block is then shuffled (Fisher and Yates; Durstenfeld 1964), while it is still in the cache, by a
generator of its own, so that groups may be arranged in any order and at the same time.
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


cdef void shuffle(Record *records, int64_t n, uint64_t seed) noexcept nogil:
    cdef int64_t i, j
    cdef Record record
    for i in range(n - 1, 0, -1):
        # Of 64 random bits the upper 32 choose j in 0..i; no block holds 2**32 records.
        j = <int64_t> (((next_random(&seed) >> 32) * <uint64_t> (i + 1)) >> 32)
        record = records[i]
        records[i] = records[j]
        records[j] = record


def count_blocks(
        const index_t[::1] indptr,          # IN     X, compressed by rows
        const index_t[::1] indices,         # IN
        const float[::1] values,            # IN
        const int32_t[::1] rows,            # IN     the rows of one group
        const int32_t[::1] column_groups,   # IN     group of each column
        int64_t[::1] counts):               # OUT    entries of each block of the group
    """Entries of one row group in each column group. Entries that are 0 do not count."""
    cdef int64_t i, k
    with nogil:
        counts[:] = 0
        for i in range(rows.shape[0]):
            for k in range(indptr[rows[i]], indptr[rows[i] + 1]):
                counts[column_groups[indices[k]]] += values[k] != 0


def fill_blocks(
        const index_t[::1] indptr,          # IN     X, compressed by rows
        const index_t[::1] indices,         # IN
        const float[::1] values,            # IN
        const int32_t[::1] rows,            # IN     the rows of one group, by place
        const int32_t[::1] column_groups,   # IN     group of each column ...
        const uint16_t[::1] column_places,  # IN     ... and place in it
        const int64_t[::1] starts,          # IN     where each block of the group begins; one more for the end
        int64_t[::1] ends,                  # WORK   one entry per block
        uint64_t seed,                      # IN     of the shuffles
        Record[::1] records):               # OUT    all records; those of the group are written
    """Write the records of one row group, each block in random order."""
    cdef int64_t i, k, block, at
    cdef index_t column
    with nogil:
        ends[:] = starts[:ends.shape[0]]
        for i in range(rows.shape[0]):
            for k in range(indptr[rows[i]], indptr[rows[i] + 1]):
                if values[k] == 0:
                    continue
                column = indices[k]
                block = column_groups[column]
                at = ends[block]
                records[at].row = <uint16_t> i
                records[at].column = column_places[column]
                records[at].value = values[k]
                ends[block] = at + 1
        for block in range(ends.shape[0]):
            if starts[block] < starts[block + 1]:
                shuffle(&records[starts[block]], starts[block + 1] - starts[block], next_random(&seed))
