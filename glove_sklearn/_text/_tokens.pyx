"""Kernels: batches of token ids -> document frequencies, and ids renumbered to a vocabulary.

A batch is the ids of its tokens, document after document, and the number of tokens of each document.
"""

from libc.stdint cimport int32_t, int64_t


def document_frequencies(
        const int32_t[::1] ids,         # IN     tokens of some documents
        const int64_t[::1] lengths,     # IN     number of tokens of each
        int64_t first,                  # IN     number of the first document; no other document may have it, or a larger one
        int64_t[::1] frequencies,       # IN/OUT number of documents that contain each term
        int64_t[::1] last):             # IN/OUT number of the last document that contained each term, or -1
    """Add the number of documents that contain each term."""
    cdef int64_t document, i, begin = 0
    cdef int32_t id
    with nogil:
        for document in range(lengths.shape[0]):
            for i in range(begin, begin + lengths[document]):
                id = ids[i]
                if last[id] != first + document:
                    last[id] = first + document
                    frequencies[id] += 1
            begin += lengths[document]


def renumber(
        int32_t[::1] ids,               # IN/OUT tokens; the kept ones move to the front
        int64_t[::1] lengths,           # IN/OUT number of tokens of each document
        const int32_t[::1] numbers):    # IN     new id of each old one, -1 for those to drop
    """Replace ids by new ones, and drop tokens without one. Returns how many are kept."""
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
