"""Kernels: token ids -> one vector for each document.

The vector of a document is the sum, or the maximum, of the rows of a table over its tokens. Four rows are added in one loop
over the columns, always in the order of the tokens: a sum is loaded and stored once for four additions, and the compiler has
one contiguous loop to vectorise. The output row stays in the first-level cache; the rows of the table are scattered over
memory, and those of the next tokens are prefetched.

A float32 sum of millions of terms has few correct digits. Documents of more than CHUNK tokens are therefore summed in
chunks, each in float32, and the sums of the chunks are added in float64. The vector of a document depends on no other
document, so documents may be pooled together or apart, and by several threads.
"""

from libc.stdint cimport int32_t, int64_t
from libc.string cimport memcpy

from glove_sklearn._system._bits cimport prefetch

cdef extern from *:
    """
    /* `restrict`, because the compiler would otherwise have to check at each call whether the arrays overlap. */
    static inline void add_four_rows(float *restrict sums, const float *restrict a, const float *restrict b,
                                     const float *restrict c, const float *restrict d,
                                     float wa, float wb, float wc, float wd, int64_t width) {
        for (int64_t j = 0; j < width; j++)
            sums[j] = (((sums[j] + wa * a[j]) + wb * b[j]) + wc * c[j]) + wd * d[j];
    }

    static inline void add_row(float *restrict sums, const float *restrict a, float wa, int64_t width) {
        for (int64_t j = 0; j < width; j++)
            sums[j] += wa * a[j];
    }

    /* NaN where either number is NaN, as in NumPy. */
    static inline void max_row(float *restrict maxima, const float *restrict a, int64_t width) {
        for (int64_t j = 0; j < width; j++)
            maxima[j] = maxima[j] >= a[j] || maxima[j] != maxima[j] ? maxima[j] : a[j];
    }
    """
    void add_four_rows(float *sums, const float *a, const float *b, const float *c, const float *d,
                       float wa, float wb, float wc, float wd, int64_t width) noexcept nogil
    void add_row(float *sums, const float *a, float wa, int64_t width) noexcept nogil
    void max_row(float *maxima, const float *a, int64_t width) noexcept nogil

cdef enum:
    CHUNK = 1024                # tokens whose rows are summed in float32
    AHEAD = 16                  # tokens between the prefetch of a row and its use
    FLOATS_PER_LINE = 16        # of the cache


cdef inline void prefetch_row(const float *row, int64_t width) noexcept nogil:
    cdef const float *last = row + width - 1
    while row < last:
        prefetch(row)
        row += FLOATS_PER_LINE
    prefetch(last)


cdef inline void add_chunk(
        const int32_t *ids,             # IN
        int64_t n_tokens,
        int64_t n_readable,             # IN     ids that may be read for the prefetch: these tokens and those after them
        const float *table,             # IN
        const float *weights,           # IN     of each row of the table, or NULL
        int64_t width,
        float *sums) noexcept nogil:    # IN/OUT
    """Add the rows of some tokens, times their weights."""
    cdef int64_t i, k
    cdef const int32_t *four
    for i in range(0, n_tokens - 3, 4):
        for k in range(i + AHEAD, min(i + AHEAD + 4, n_readable)):
            prefetch_row(table + ids[k] * width, width)
        four = ids + i
        if weights == NULL:
            add_four_rows(sums, table + four[0] * width, table + four[1] * width, table + four[2] * width,
                          table + four[3] * width, 1, 1, 1, 1, width)
        else:
            add_four_rows(sums, table + four[0] * width, table + four[1] * width, table + four[2] * width,
                          table + four[3] * width, weights[four[0]], weights[four[1]], weights[four[2]], weights[four[3]], width)
    for i in range(n_tokens & ~<int64_t> 3, n_tokens):
        add_row(sums, table + ids[i] * width, 1 if weights == NULL else weights[ids[i]], width)


def sum_pool(
        const int32_t[::1] ids,         # IN     token ids of all documents: rows of the table
        const int64_t[::1] offsets,     # IN     where each document begins in `ids`, and where the last one ends
        const float[:, ::1] table,      # IN
        const float[::1] weights,       # IN     of each row of the table, or None for 1
        float[:, ::1] sums,             # OUT    of each document
        double[::1] total):             # WORK   one number for each column
    """Sum the rows of the tokens of each document, times their weights; zeros for a document without tokens."""
    cdef int64_t width = table.shape[1], n_tokens = ids.shape[0], document, i, j, end
    cdef const float *weights_or_null = NULL
    cdef float *row
    if width == 0 or sums.shape[0] == 0:
        return
    if weights is not None:
        weights_or_null = &weights[0]
    with nogil:
        sums[:] = 0
        for document in range(sums.shape[0]):
            row = &sums[document, 0]
            i, end = offsets[document], offsets[document + 1]
            if i == end:
                continue
            if end - i <= CHUNK:
                add_chunk(&ids[i], end - i, n_tokens - i, &table[0, 0], weights_or_null, width, row)
                continue
            total[:] = 0
            while i < end:
                add_chunk(&ids[i], min(end - i, CHUNK), n_tokens - i, &table[0, 0], weights_or_null, width, row)
                for j in range(width):
                    total[j] += row[j]
                    row[j] = 0
                i += CHUNK
            for j in range(width):
                row[j] = <float> total[j]


def max_pool(
        const int32_t[::1] ids,         # IN     token ids of all documents: rows of the table
        const int64_t[::1] offsets,     # IN     where each document begins in `ids`, and where the last one ends
        const float[:, ::1] table,      # IN
        float[:, ::1] maxima):          # OUT    of each document
    """Take the maximum of each column over the rows of the tokens of each document; zeros for one without tokens."""
    cdef int64_t width = table.shape[1], n_tokens = ids.shape[0], document, i
    if width == 0 or maxima.shape[0] == 0:
        return
    with nogil:
        maxima[:] = 0
        for document in range(maxima.shape[0]):
            if offsets[document] < offsets[document + 1]:
                memcpy(&maxima[document, 0], &table[ids[offsets[document]], 0], width * sizeof(float))
            for i in range(offsets[document] + 1, offsets[document + 1]):
                if i + AHEAD < n_tokens:
                    prefetch_row(&table[ids[i + AHEAD], 0], width)
                max_row(&maxima[document, 0], &table[ids[i], 0], width)
