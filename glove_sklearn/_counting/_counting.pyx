"""Kernel: token ids -> rows of X.

X is made row by row. A counting sort lists the positions of each term; the row of a term is the sum, over its positions, of the
weights of the neighbours there, added into one dense accumulator with an entry for every term. Each group of 8 entries has a
byte that says whether one of them was touched, set unconditionally: the row comes out sorted by column, and only touched groups
are read and cleared. In a large vocabulary each 4096 entries have another such byte, so that the row of a rare word need not
scan all groups. There is no hash table, no sort of pairs and no merging, and rows share nothing: the result cannot depend on
which thread makes which row.

Weights are fixed-point numbers: 64-bit integers add exactly in any order, so neither the order of documents nor the way the
work is cut shows in X. The conversion to float32 is the last step of all.

The tokens of all documents form one array, ``stream``, with a -1 before, between and after the documents: a window ends at a
negative id, and no position needs to know its document.

Reading the stream at random positions is limited by memory latency: the cache lines around the next positions are prefetched.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.string cimport memcpy, memset

cdef extern from "_bits.h":
    void prefetch(const void *address) noexcept nogil
    int lowest_bit(uint64_t word) noexcept nogil

ctypedef fused position_t:
    int32_t
    int64_t

ctypedef fused value_t:
    float
    int64_t

cdef enum:
    AHEAD = 8                   # positions between a prefetch and its use


cdef int64_t write_row(
        int64_t *sums,              # IN/OUT n_groups * 64 numbers; those of touched groups are read and set to 0
        uint8_t *touched,           # IN/OUT a byte for each 8 of them, in groups of 8 bytes; set to 0
        int64_t n_groups,
        uint8_t *regions,           # IN/OUT a byte for each 4096 of them; set to 0. NULL where there are few
        double unit,
        int32_t *columns,           # OUT
        value_t *values) noexcept nogil:        # OUT
    """Write the numbers that are not 0, in order. Returns how many there are."""
    cdef int64_t group, n = 0
    cdef uint64_t bytes, bits
    cdef int k, byte
    cdef int32_t first
    group = -1
    while group + 1 < n_groups:
        group += 1
        if regions != NULL and group % 64 == 0:
            if regions[group // 64] == 0:
                group += 63
                continue
            regions[group // 64] = 0
        memcpy(&bytes, touched + 8 * group, 8)
        if bytes == 0:
            continue
        for byte in range(8):
            if touched[8 * group + byte] == 0:
                continue
            first = <int32_t> (64 * group + 8 * byte)
            bits = 0
            for k in range(8):
                bits |= <uint64_t> (sums[first + k] != 0) << k
            while bits:
                k = lowest_bit(bits)
                bits &= bits - 1
                columns[n] = first + k
                if value_t is float:
                    values[n] = <float> (unit * <double> sums[first + k])
                else:
                    values[n] = sums[first + k]
                n += 1
            for k in range(8):
                sums[first + k] = 0
        memset(touched + 8 * group, 0, 8)
    return n


def lay_out(
        const int32_t[::1] ids,         # IN     tokens of some documents
        const int64_t[::1] lengths,     # IN     number of tokens of each
        int32_t[::1] stream):           # OUT    n_tokens + n_documents: the tokens with a -1 after each document
    """Concatenate documents, with a -1 after each."""
    cdef int64_t document, i, begin = 0, n = 0
    with nogil:
        for document in range(lengths.shape[0]):
            for i in range(begin, begin + lengths[document]):
                stream[n] = ids[i]
                n += 1
            stream[n] = -1
            n += 1
            begin += lengths[document]


def count_tokens(
        const int32_t[::1] stream,      # IN     tokens and separators
        int64_t[::1] counts):           # OUT    occurrences of each term
    """Count the tokens of each term."""
    cdef int64_t i
    with nogil:
        counts[:] = 0
        for i in range(stream.shape[0]):
            if stream[i] >= 0:
                counts[stream[i]] += 1


def sort_positions(
        const int32_t[::1] stream,      # IN     tokens and separators
        int64_t first,                  # IN     positions to sort: from here ...
        int64_t last,                   # IN     ... up to here, exclusive
        int64_t[::1] ends,              # IN/OUT where the positions of each term begin; afterwards, where they end
        position_t[::1] positions):     # OUT    position of each token in the stream, by term, then by position
    """Sort the positions of the tokens by term (a counting sort)."""
    cdef int64_t i
    cdef int32_t id
    with nogil:
        for i in range(first, last):
            id = stream[i]
            if id >= 0:
                positions[ends[id]] = <position_t> i
                ends[id] += 1


def count_rows(
        const int32_t[::1] stream,      # IN     tokens and separators
        const position_t[::1] positions,    # IN     positions of each term
        const int64_t[::1] starts,      # IN     where the positions of each term begin; one more for the end
        const int64_t[::1] left,        # IN     fixed-point weight of the neighbour 1, 2, ... to the left
        const int64_t[::1] right,       # IN     the same to the right
        double unit,                    # IN     value of the fixed-point number 1
        int64_t row,                    # IN     term whose row is being made
        int64_t first,                  # IN     entries of `positions` to visit: from here ...
        int64_t last,                   # IN     ... up to here, exclusive; may end inside a row
        int64_t[::1] sums,              # WORK   one entry per term, up to a multiple of 64; all 0 between rows
        uint8_t[::1] touched,           # WORK   an eighth of that; all 0 between rows
        uint8_t[::1] regions,           # WORK   a byte for each 4096 of them, or nothing where there are few
        int64_t n_written,              # IN     entries written so far
        int32_t[::1] columns,           # OUT    column of each entry
        value_t[::1] values,            # OUT    value of each entry: float, or the fixed-point number itself
        int64_t[::1] row_lengths):      # OUT    entries of each finished row, indexed by term
    """Visit positions in order; write out each row whose last position was visited. Returns ``(row, n_written)``.

    A row without positions is written as empty when it is reached. A row that ``last`` cuts stays in the accumulator: the next
    call, with the same work arrays and the returned ``row`` and ``n_written``, completes it.
    """
    cdef int64_t p, k, n, width_left = left.shape[0], width_right = right.shape[0]
    cdef int64_t n_positions = positions.shape[0], n_rows = starts.shape[0] - 1
    cdef const int32_t *here
    cdef int32_t id
    cdef uint8_t *large = &regions[0] if regions.shape[0] else NULL
    with nogil:
        p = first
        while True:
            # p == starts[row + 1]: all positions of the row have been visited.
            while row < n_rows and p == starts[row + 1]:
                n = 0
                if starts[row] < starts[row + 1]:
                    n = write_row(&sums[0], &touched[0], touched.shape[0] // 8, large, unit,
                                  &columns[n_written], &values[n_written])
                row_lengths[row] = n
                n_written += n
                row += 1
                if p == last:
                    break
            if p == last:
                break
            if p + AHEAD < n_positions:
                here = &stream[positions[p + AHEAD]]
                prefetch(here - width_left)
                prefetch(here + width_right)
            # X_ij += weight of the distance, for each neighbour j on the left, then on the right.
            here = &stream[positions[p]]
            for k in range(width_left):
                id = (here - 1 - k)[0]
                if id < 0:
                    break
                touched[id >> 3] = 1
                if large != NULL:
                    large[id >> 12] = 1
                sums[id] += left[k]
            for k in range(width_right):
                id = (here + 1 + k)[0]
                if id < 0:
                    break
                touched[id >> 3] = 1
                if large != NULL:
                    large[id >> 12] = 1
                sums[id] += right[k]
            p += 1
    return row, n_written


def add_rows(
        const int32_t[::1] columns,     # IN     entries of rows that are to be added
        const int64_t[::1] values,      # IN     their fixed-point numbers
        const int64_t[:, ::1] starts,   # IN     (n_parts, n_rows + 1): where the rows of each part begin in them
        double unit,                    # IN     value of the fixed-point number 1
        int64_t[::1] sums,              # WORK   one entry per term, up to a multiple of 64; all 0 between rows
        uint8_t[::1] touched,           # WORK   an eighth of that; all 0 between rows
        uint8_t[::1] regions,           # WORK   a byte for each 4096 of them, or nothing where there are few
        int32_t[::1] sum_columns,       # OUT    column of each entry of the sum
        float[::1] sum_values,          # OUT    value of each
        int64_t[::1] row_lengths):      # OUT    entries of each row
    """Add up the rows of parts that were counted one by one. Returns the number of entries written."""
    cdef int64_t row, part, k, n, n_written = 0
    cdef uint8_t *large = &regions[0] if regions.shape[0] else NULL
    with nogil:
        for row in range(row_lengths.shape[0]):
            for part in range(starts.shape[0]):
                for k in range(starts[part, row], starts[part, row + 1]):
                    touched[columns[k] >> 3] = 1
                    if large != NULL:
                        large[columns[k] >> 12] = 1
                    sums[columns[k]] += values[k]
            n = 0
            if sum_columns.shape[0]:
                n = write_row(&sums[0], &touched[0], touched.shape[0] // 8, large, unit,
                              &sum_columns[n_written], &sum_values[n_written])
            row_lengths[row] = n
            n_written += n
    return n_written
