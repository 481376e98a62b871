"""Kernel: token ids -> rows of X.

X is made row by row. A counting sort has listed, for each term, the positions at which it stands; the row of a term is
the sum over its positions of the weights of the neighbours there, added into one dense accumulator with an entry for
every term. Which entries were touched is kept in a bitmap, with a second bitmap over its words, so that the row comes out
sorted by column and only touched entries are read and cleared. There is no hash table, no sort of pairs and no merging,
and rows share nothing: the result cannot depend on which thread makes which row.

Weights are fixed-point numbers: 64-bit integers add exactly in any order, so neither the order of documents nor the way the
work is cut shows in X. The conversion to float32 is the last step of all.

The tokens of all documents stand in one line, ``stream``, with a -1 before, between and after the documents: a window
ends at a negative id, and no position needs to know its document.

What is bounded by memory here is the stream itself, at random: the lines around the next positions are prefetched.
"""

from libc.stdint cimport int32_t, int64_t, uint64_t

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define prefetch(address) __builtin_prefetch(address)
    #define lowest_bit(word) __builtin_ctzll(word)
    #else
    #include <intrin.h>
    #define prefetch(address) ((void) 0)
    static inline int lowest_bit(unsigned __int64 word) {
        unsigned long index;
        _BitScanForward64(&index, word);
        return (int) index;
    }
    #endif
    """
    void prefetch(const void *address) noexcept nogil
    int lowest_bit(uint64_t word) noexcept nogil

ctypedef fused position_t:
    int32_t
    int64_t

cdef enum:
    AHEAD = 8                   # positions between a prefetch and its use


cdef inline void touch(int32_t id, uint64_t *touched, uint64_t *touched_words) noexcept nogil:
    touched[id >> 6] |= <uint64_t> 1 << (id & 63)
    touched_words[id >> 12] |= <uint64_t> 1 << ((id >> 6) & 63)


def document_frequencies(
        const int32_t[::1] ids,         # IN     tokens of all documents
        const int64_t[::1] offsets,     # IN     where each document begins; one more for the end
        int64_t[::1] frequencies,       # OUT    number of documents that hold each term
        int64_t[::1] last):             # WORK   one entry per term
    """Documents that hold each term at least once."""
    cdef int64_t document, i
    cdef int32_t id
    with nogil:
        frequencies[:] = 0
        last[:] = -1
        for document in range(offsets.shape[0] - 1):
            for i in range(offsets[document], offsets[document + 1]):
                id = ids[i]
                if last[id] != document:
                    last[id] = document
                    frequencies[id] += 1


def renumber(
        int32_t[::1] ids,               # IN/OUT tokens; the kept ones move to the front
        int64_t[::1] lengths,           # IN/OUT number of tokens of each document
        const int32_t[::1] numbers):    # IN     new id of each old one, -1 for those to drop
    """Give tokens their new ids and drop those that have none. Returns how many are kept."""
    cdef int64_t document, i, end = 0, begin = 0, n = 0, before
    cdef int32_t id
    with nogil:
        for document in range(lengths.shape[0]):
            end = begin + lengths[document]
            before = n
            for i in range(begin, end):
                id = numbers[ids[i]]
                ids[n] = id
                n += id >= 0
            lengths[document] = n - before
            begin = end
    return n


def lay_out(
        const int32_t[::1] ids,         # IN     tokens of all documents
        const int64_t[::1] offsets,     # IN     where each document begins; one more for the end
        int32_t[::1] stream):           # OUT    n_tokens + n_documents + 1: the tokens with -1 around each document
    """Put the documents in line, with a -1 before, between and after them."""
    cdef int64_t document, i, n = 1
    with nogil:
        stream[0] = -1
        for document in range(offsets.shape[0] - 1):
            for i in range(offsets[document], offsets[document + 1]):
                stream[n] = ids[i]
                n += 1
            stream[n] = -1
            n += 1


def sort_positions(
        const int32_t[::1] stream,      # IN     tokens and separators
        int64_t first,                  # IN     places to go through: from here ...
        int64_t last,                   # IN     ... up to here, exclusive
        int64_t[::1] ends,              # IN/OUT where the positions of each term begin; afterwards, where they end
        position_t[::1] positions):     # OUT    place in the stream of each token, by term, then by place
    """Counting sort of the places of the tokens by term."""
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
        const position_t[::1] positions,    # IN     places of each term
        const int64_t[::1] starts,      # IN     where the positions of each term begin; one more for the end
        const int64_t[::1] left,        # IN     fixed-point weight of the neighbour 1, 2, ... to the left
        const int64_t[::1] right,       # IN     the same to the right
        double unit,                    # IN     value of the fixed-point number 1
        int64_t row,                    # IN     term whose row is being made
        int64_t first,                  # IN     entries of `positions` to visit: from here ...
        int64_t last,                   # IN     ... up to here, exclusive; may end inside a row
        int64_t[::1] sums,              # WORK   one entry per term, all 0 between rows
        uint64_t[::1] touched,          # WORK   a bit per term, all 0 between rows
        uint64_t[::1] touched_words,    # WORK   a bit per word of `touched`, all 0 between rows
        int64_t n_written,              # IN     entries written so far
        int32_t[::1] columns,           # OUT    column of each entry
        float[::1] values,              # OUT    value of each entry
        int64_t[::1] row_lengths):      # OUT    entries of each finished row, indexed by term
    """Visit positions in order; write out each row whose last position was visited. Returns ``(row, n_written)``.

    A row of no positions is written as empty when it is passed. A row cut by ``last`` stays in the accumulator: the next
    call, with the same work arrays and the returned ``row`` and ``n_written``, goes on with it.
    """
    cdef int64_t p, k, before, width_left = left.shape[0], width_right = right.shape[0]
    cdef int64_t n_positions = positions.shape[0], n_rows = starts.shape[0] - 1
    cdef uint64_t word, words, i, j
    cdef const int32_t *here
    cdef int32_t id
    with nogil:
        p = first
        while True:
            # p == starts[row + 1]: all positions of the row have been visited.
            while row < n_rows and p == starts[row + 1]:
                before = n_written
                for i in range(<uint64_t> touched_words.shape[0]):
                    words = touched_words[i]
                    touched_words[i] = 0
                    while words:
                        j = 64 * i + <uint64_t> lowest_bit(words)
                        words &= words - 1
                        word = touched[j]
                        touched[j] = 0
                        while word:
                            id = <int32_t> (64 * j) + lowest_bit(word)
                            word &= word - 1
                            if sums[id] == 0:       # neighbours of weight 0 only
                                continue
                            columns[n_written] = id
                            values[n_written] = <float> (unit * <double> sums[id])
                            n_written += 1
                            sums[id] = 0
                row_lengths[row] = n_written - before
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
                if sums[id] == 0:
                    touch(id, &touched[0], &touched_words[0])
                sums[id] += left[k]
            for k in range(width_right):
                id = (here + 1 + k)[0]
                if id < 0:
                    break
                if sums[id] == 0:
                    touch(id, &touched[0], &touched_words[0])
                sums[id] += right[k]
            p += 1
    return row, n_written
