"""Kernels: token ids -> rows of X.

X is made row by row. A counting sort lists, for each term, the positions of its tokens. The row of a term is the sum, over
these positions, of the weights of the neighbours there, accumulated in a dense array with a number for every term. Every 8 of
these numbers share a flag, a byte that is set, without a test, whenever one of them is added to. A scan of the flags yields the
row sorted by column, and reads and clears only what was touched. In a large vocabulary every 4096 numbers share another flag, so
that the row of a rare word need not scan all of the small ones. There is no hash table, no sorting of pairs and no merging, and
rows share nothing: the result cannot depend on which thread makes which row.

Weights are fixed-point numbers: 64-bit integers add exactly in any order, so X depends neither on the order of the documents
nor on how the work is split. The conversion to float32 is the very last step.

**Whole documents.** Where all neighbours weigh the same and the window reaches from one end of every document to the other, only
numbers of pairs matter. A document with n_i and n_j occurrences of two words adds n_i n_j to X_ij, and n_i (n_i - 1) to X_ii,
whatever their order: it is made a list of its distinct words, each with its multiplicity, and a row visits the list once. If only
the neighbours on the right count, order matters, but one walk from the first occurrence of word i to the end of the document is
enough: word j there is a neighbour of as many occurrences as the walk has passed. Both give the same integers as a visit to every
neighbour of every position, which would take time quadratic in the length of the document.

The tokens of all documents are concatenated in one ``stream``, with a -1 before, between and after the documents: a window
ends at a negative id, and no position needs to know its document.

Columns may be counted apart for near neighbours: one at distance 1, ..., ``near`` adds its weight a second time, to a column of
the same word further to the right, one for those on the left and another for those on the right.

The limit is the latency of memory, because the stream is read in random order: the cache lines around the next positions are
prefetched.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.string cimport memcpy, memset

from glove_sklearn._system._bits cimport lowest_bit, prefetch

ctypedef fused position_t:
    int32_t
    int64_t

ctypedef fused value_t:
    float
    int64_t

cdef enum:
    AHEAD = 8                   # positions between a prefetch and its use


cdef int64_t write_row(
        int64_t *sums,              # IN/OUT 64 * n_words numbers; those whose flag is set are read and set to 0
        uint8_t *touched,           # IN/OUT a flag for each 8 of them, read in words of 8 flags; set to 0
        int64_t n_words,
        uint8_t *regions,           # IN/OUT a flag for each 4096 of them; set to 0. NULL for a small vocabulary
        double unit,
        int32_t *columns,           # OUT
        value_t *values) noexcept nogil:        # OUT
    """Write out the numbers that are not 0, in order. Returns how many were written."""
    cdef int64_t word, n = 0
    cdef uint64_t flags, bits
    cdef int k, byte
    cdef int32_t first
    word = -1
    while word + 1 < n_words:
        word += 1
        if regions != NULL and word % 64 == 0:
            if regions[word // 64] == 0:
                word += 63
                continue
            regions[word // 64] = 0
        memcpy(&flags, touched + 8 * word, 8)
        if flags == 0:
            continue
        for byte in range(8):
            if touched[8 * word + byte] == 0:
                continue
            first = <int32_t> (64 * word + 8 * byte)
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
        memset(touched + 8 * word, 0, 8)
    return n


def lay_out(
        const int32_t[::1] ids,         # IN     token ids of some documents
        const int64_t[::1] lengths,     # IN     number of tokens of each document
        int32_t[::1] stream):           # OUT    (n_tokens + n_documents,): the token ids, with a -1 after each document
    """Write documents to a stream, with a -1 after each."""
    cdef int64_t document, i, begin = 0, n = 0
    with nogil:
        for document in range(lengths.shape[0]):
            for i in range(begin, begin + lengths[document]):
                stream[n] = ids[i]
                n += 1
            stream[n] = -1
            n += 1
            begin += lengths[document]


def lay_out_distinct(
        const int32_t[::1] ids,         # IN     token ids of some documents
        const int64_t[::1] lengths,     # IN     number of tokens of each document
        int64_t[::1] slots,             # WORK   a number for each term, -1 before the first call
        int64_t first,                  # IN     where to write in `stream`
        int32_t[::1] stream,            # OUT    the distinct ids of each document, with a -1 after each document
        int32_t[::1] multiplicities):   # OUT    how often each of them occurs in its document
    """Write the distinct terms of documents to a stream, in the order in which they first occur. Returns where it ends."""
    cdef int64_t document, i, begin = 0, n = first, n_before
    cdef int32_t id
    with nogil:
        for document in range(lengths.shape[0]):
            n_before = n
            for i in range(begin, begin + lengths[document]):
                id = ids[i]
                if slots[id] < n_before:        # of an earlier document
                    slots[id] = n
                    stream[n] = id
                    multiplicities[n] = 0
                    n += 1
                multiplicities[slots[id]] += 1
            stream[n] = -1
            multiplicities[n] = 0
            n += 1
            begin += lengths[document]
    return n


def count_tokens(
        const int32_t[::1] stream,      # IN     token ids and separators
        int64_t[::1] counts):           # OUT    number of tokens of each term
    """Count the tokens of each term."""
    cdef int64_t i
    with nogil:
        counts[:] = 0
        for i in range(stream.shape[0]):
            if stream[i] >= 0:
                counts[stream[i]] += 1


def sort_positions(
        const int32_t[::1] stream,      # IN     token ids and separators
        int64_t first,                  # IN     positions to sort: from this one ...
        int64_t last,                   # IN     ... up to this one, exclusive
        int64_t[::1] ends,              # IN/OUT where the positions of each term begin in `positions`; then, where they end
        position_t[::1] positions):     # OUT    positions of the tokens in the stream, by term, then in rising order
    """Sort positions of the stream by the term found there: a counting sort, which may be called range by range."""
    cdef int64_t i
    cdef int32_t id
    with nogil:
        for i in range(first, last):
            id = stream[i]
            if id >= 0:
                positions[ends[id]] = <position_t> i
                ends[id] += 1


def count_rows(
        const int32_t[::1] stream,      # IN     token ids and separators
        const position_t[::1] positions,    # IN     positions of the tokens of each term
        const int64_t[::1] starts,      # IN     where those of each term begin in `positions`, and where the last ones end
        const int64_t[::1] left,        # IN     fixed-point weights of the neighbours 1, 2, ... to the left
        const int64_t[::1] right,       # IN     the same to the right
        int64_t near,                   # IN     number of neighbours on each side that are also counted apart
        int64_t near_left,              # IN     first column for those on the left
        int64_t near_right,             # IN     first column for those on the right
        double unit,                    # IN     value of the fixed-point number 1
        int64_t row,                    # IN     term whose row comes next, or has been begun
        int64_t first,                  # IN     elements of `positions` to visit: from this one ...
        int64_t last,                   # IN     ... up to this one, exclusive; may be inside a row
        int64_t[::1] sums,              # WORK   a number for each column, rounded up to a multiple of 64; all 0 between rows
        uint8_t[::1] touched,           # WORK   a flag for each 8 of them; all 0 between rows
        uint8_t[::1] regions,           # WORK   a flag for each 4096 of them, or empty for a small vocabulary
        int64_t n_written,              # IN     entries written so far
        int32_t[::1] columns,           # OUT    column of each entry
        value_t[::1] values,            # OUT    value of each entry: as float, or the fixed-point number itself
        int64_t[::1] row_lengths):      # OUT    number of entries of each finished row, indexed by term
    """Visit positions in order, and write out each row whose last position was visited. Returns ``(row, n_written)``.

    Terms without positions get an empty row. If ``last`` is inside a row, its sums stay in the work arrays: the next call, with
    the same work arrays and the returned ``row`` and ``n_written``, continues it.
    """
    cdef int64_t p, k, n, width_left = left.shape[0], width_right = right.shape[0]
    cdef int64_t n_positions = positions.shape[0], n_rows = starts.shape[0] - 1
    cdef const int32_t *here
    cdef int32_t id
    cdef int64_t column
    cdef uint8_t *regions_or_null = &regions[0] if regions.shape[0] else NULL
    with nogil:
        p = first
        while True:
            # p == starts[row + 1]: all positions of the row have been visited.
            while row < n_rows and p == starts[row + 1]:
                n = 0
                if starts[row] < starts[row + 1]:
                    n = write_row(&sums[0], &touched[0], touched.shape[0] // 8, regions_or_null, unit,
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
                if regions_or_null != NULL:
                    regions_or_null[id >> 12] = 1
                sums[id] += left[k]
            for k in range(width_right):
                id = (here + 1 + k)[0]
                if id < 0:
                    break
                touched[id >> 3] = 1
                if regions_or_null != NULL:
                    regions_or_null[id >> 12] = 1
                sums[id] += right[k]
            # The same for near neighbours, in columns of their own.
            for k in range(min(near, width_left)):
                id = (here - 1 - k)[0]
                if id < 0:
                    break
                column = near_left + id
                touched[column >> 3] = 1
                if regions_or_null != NULL:
                    regions_or_null[column >> 12] = 1
                sums[column] += left[k]
            for k in range(min(near, width_right)):
                id = (here + 1 + k)[0]
                if id < 0:
                    break
                column = near_right + id
                touched[column >> 3] = 1
                if regions_or_null != NULL:
                    regions_or_null[column >> 12] = 1
                sums[column] += right[k]
            p += 1
    return row, n_written


def count_whole_rows(
        const int32_t[::1] stream,      # IN     token ids and separators; distinct ids if there are multiplicities
        const int32_t[::1] multiplicities,  # IN     how often each id occurs in its document, or empty
        const position_t[::1] positions,    # IN     positions of each term in the stream
        const int64_t[::1] starts,      # IN     where those of each term begin in `positions`, and where the last ones end
        int64_t weight,                 # IN     fixed-point weight of every neighbour
        double unit,                    # IN     value of the fixed-point number 1
        int64_t row,                    # IN     term whose row comes next, or has been begun
        int64_t first,                  # IN     elements of `positions` to visit: from this one ...
        int64_t last,                   # IN     ... up to this one, exclusive; the end of a row
        int64_t max_visits,             # IN     visits after which to return early
        int64_t[::1] sums,              # WORK   as in `count_rows`
        uint8_t[::1] touched,           # WORK   as in `count_rows`
        uint8_t[::1] regions,           # WORK   as in `count_rows`
        int64_t n_written,              # IN     entries written so far
        int32_t[::1] columns,           # OUT    column of each entry
        value_t[::1] values,            # OUT    value of each entry: as float, or the fixed-point number itself
        int64_t[::1] row_lengths):      # OUT    number of entries of each finished row, indexed by term
    """Count pairs of words in whole documents: all pairs if there are multiplicities, otherwise neighbours on the right.

    Returns ``(row, n_written, first)``, from which the next call continues, with the same work arrays.
    """
    cdef int64_t p = first, q, n, visits = 0, n_rows = starts.shape[0] - 1, row_visits = 1 + touched.shape[0] // 64
    cdef int64_t passed, factor, n_positions = positions.shape[0]
    cdef bint all_pairs = multiplicities.shape[0] > 0
    cdef int32_t id
    cdef uint8_t *regions_or_null = &regions[0] if regions.shape[0] else NULL
    with nogil:
        while True:
            while row < n_rows and p == starts[row + 1]:
                n = 0
                if starts[row] < starts[row + 1]:
                    n = write_row(&sums[0], &touched[0], touched.shape[0] // 8, regions_or_null, unit,
                                  &columns[n_written], &values[n_written])
                row_lengths[row] = n
                n_written += n
                row += 1
                visits += row_visits
                if p == last:
                    break
            if p == last or visits >= max_visits:
                break
            if p + AHEAD < n_positions:
                prefetch(&stream[positions[p + AHEAD]])
            if all_pairs:
                # X_ij += n_i n_j for each other word j of the document, and X_ii += n_i (n_i - 1).
                factor = weight * multiplicities[positions[p]]
                q = positions[p] - 1
                while stream[q] >= 0:
                    id = stream[q]
                    touched[id >> 3] = 1
                    if regions_or_null != NULL:
                        regions_or_null[id >> 12] = 1
                    sums[id] += factor * multiplicities[q]
                    q -= 1
                visits += positions[p] - q
                q = positions[p]
                if multiplicities[q] > 1:
                    touched[row >> 3] = 1
                    if regions_or_null != NULL:
                        regions_or_null[row >> 12] = 1
                    sums[row] += factor * (multiplicities[q] - 1)
                q += 1
                while stream[q] >= 0:
                    id = stream[q]
                    touched[id >> 3] = 1
                    if regions_or_null != NULL:
                        regions_or_null[id >> 12] = 1
                    sums[id] += factor * multiplicities[q]
                    q += 1
                visits += q - positions[p]
                p += 1
            else:
                # X_ij += the number of occurrences of i before each j.
                passed = 1
                factor = weight
                q = positions[p] + 1
                while stream[q] >= 0:
                    id = stream[q]
                    touched[id >> 3] = 1
                    if regions_or_null != NULL:
                        regions_or_null[id >> 12] = 1
                    sums[id] += factor
                    if id == row:
                        passed += 1
                        factor += weight
                    q += 1
                visits += q - positions[p]
                p += passed
    return row, n_written, p


def add_rows(
        const int32_t[::1] columns,     # IN     column of each entry of the rows to add
        const int64_t[::1] values,      # IN     fixed-point value of each
        const int64_t[:, ::1] starts,   # IN     (n_parts, n_rows + 1): where the rows of each part begin in them
        double unit,                    # IN     value of the fixed-point number 1
        int64_t[::1] sums,              # WORK   a number for each term, rounded up to a multiple of 64; all 0 between rows
        uint8_t[::1] touched,           # WORK   a flag for each 8 of them; all 0 between rows
        uint8_t[::1] regions,           # WORK   a flag for each 4096 of them, or empty for a small vocabulary
        int32_t[::1] sum_columns,       # OUT    column of each entry of the sum
        value_t[::1] sum_values,        # OUT    value of each: as float, or the fixed-point number itself
        int64_t[::1] row_lengths):      # OUT    number of entries of each row
    """Add up the rows of parts of the corpus that were counted separately. Returns the number of entries written."""
    cdef int64_t row, part, k, n, n_written = 0
    cdef uint8_t *regions_or_null = &regions[0] if regions.shape[0] else NULL
    with nogil:
        for row in range(row_lengths.shape[0]):
            for part in range(starts.shape[0]):
                for k in range(starts[part, row], starts[part, row + 1]):
                    touched[columns[k] >> 3] = 1
                    if regions_or_null != NULL:
                        regions_or_null[columns[k] >> 12] = 1
                    sums[columns[k]] += values[k]
            n = 0
            if sum_columns.shape[0]:
                n = write_row(&sums[0], &touched[0], touched.shape[0] // 8, regions_or_null, unit,
                              &sum_columns[n_written], &sum_values[n_written])
            row_lengths[row] = n
            n_written += n
    return n_written
