"""Kernels on token ids: renumber them, drop those that are not kept, and count the documents that hold each term.

Documents follow each other in one array of ids, with an array of their lengths beside it. Each kernel visits every token once.
"""

from libc.stdint cimport int32_t, int64_t


def renumber(
        int32_t[::1] ids,               # IN/OUT token ids; those that are kept move to the front
        int64_t[::1] lengths,           # IN/OUT number of tokens of each document
        const int32_t[::1] new_ids):    # IN     new id of each old one, or -1 to drop it
    """Replace each token id by its new one, and drop the tokens that have none. Returns the number of tokens kept."""
    cdef int64_t document, i, end = 0, begin = 0, n = 0, before
    cdef int32_t id
    with nogil:
        for document in range(lengths.shape[0]):
            end = begin + lengths[document]
            before = n
            for i in range(begin, end):
                id = new_ids[ids[i]]
                ids[n] = id
                n += id >= 0
            lengths[document] = n - before
            begin = end
    return n


def document_frequencies(
        const int32_t[::1] ids,         # IN     token ids of some documents
        const int64_t[::1] lengths,     # IN     number of tokens of each document
        int64_t first,                  # IN     number of the first document, greater than that of any counted before
        int64_t[::1] frequencies,       # IN/OUT number of documents that hold each term
        int64_t[::1] last):             # IN/OUT number of the last document that held each term, or -1
    """Count the documents that hold each term at least once, and add them to ``frequencies``."""
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
