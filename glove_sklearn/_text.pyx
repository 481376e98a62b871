"""Kernel: str -> token ids.

A token is a run of characters between separators. Two kinds of run are known here, because two regular expressions
cover nearly all uses: maximal runs of word characters, which is what ``\\b\\w+\\b`` finds, and maximal runs of
anything but white space, which is what ``\\S+`` and ``str.split`` find. "Word character" and "white space" are
CPython's own ``Py_UNICODE_ISALNUM`` (or ``_``) and ``Py_UNICODE_ISSPACE``, the very functions that ``re`` calls, so the
tokens are the same for every code point of the running interpreter. Any other analyser hands its tokens over one by one.

Terms live in one open-addressed hash table. The key of a term is its UTF-8 (lone surrogates as three bytes), because an
ASCII document then is its own key and need not be copied. A term of up to 8 bytes is loaded as one 64-bit number and
hashed by a bijection: equal hash and equal length mean equal term, and no memory beyond the slot is touched. Longer
terms are compared byte by byte in the arena.

Ids are handed out in order of first occurrence and mean nothing beyond the table. A table that is not learning only
reads, so that several threads may share it. A table that learns belongs to one thread at a time.

The characters of a ``str`` never change, and the caller holds a reference to each document: the scan runs without the GIL.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcmp, memcpy

import numpy as np

cdef extern from "Python.h":
    ctypedef uint32_t Py_UCS4
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    int PyUnicode_KIND(object)
    void *PyUnicode_DATA(object)
    bint PyUnicode_IS_ASCII(object)
    bint PyUnicode_Check(object)
    bint Py_UNICODE_ISALNUM(Py_UCS4) nogil
    bint Py_UNICODE_ISSPACE(Py_UCS4) nogil

cdef extern from *:
    """
    /* The first n (1 to 8) bytes in memory order of a number just loaded from memory. */
    static inline uint64_t keep_bytes(uint64_t chunk, Py_ssize_t n) {
    #if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        return chunk & (~(uint64_t) 0 << (64 - 8 * n));
    #else
        return chunk & (~(uint64_t) 0 >> (64 - 8 * n));
    #endif
    }
    """
    uint64_t keep_bytes(uint64_t chunk, Py_ssize_t n) noexcept nogil

ctypedef fused char_t:
    uint8_t
    uint16_t
    uint32_t

cdef enum:
    WORD_RULE = 0
    SPACE_RULE = 1

WORDS = WORD_RULE
NON_SPACE = SPACE_RULE

cdef enum:
    UNKNOWN = -1
    OUT_OF_MEMORY = -2

cdef struct Slot:
    uint64_t hash
    int32_t id                  # UNKNOWN where the slot is empty
    uint32_t length             # bytes of the term

cdef struct Text:
    void *data
    Py_ssize_t length
    int kind                    # bytes of a character: 1, 2 or 4
    bint ascii


class NotText(TypeError):
    """What should have been a str: its document's position in the call, and the object."""


cdef uint8_t ASCII_IN_TOKEN[2][128]


cdef void fill_ascii_tables() noexcept:
    cdef int character
    for character in range(128):
        ASCII_IN_TOKEN[WORD_RULE][character] = Py_UNICODE_ISALNUM(character) or character == 95      # "_"
        ASCII_IN_TOKEN[SPACE_RULE][character] = not Py_UNICODE_ISSPACE(character)


fill_ascii_tables()


cdef inline bint in_token(uint32_t character, int rule) noexcept nogil:
    if character < 128:
        return ASCII_IN_TOKEN[rule][character]
    if rule == WORD_RULE:
        return Py_UNICODE_ISALNUM(character)
    return not Py_UNICODE_ISSPACE(character)


cdef inline uint64_t mix(uint64_t x) noexcept nogil:
    # Multiplication by an odd number and a shifted exclusive or can both be undone: a bijection.
    x ^= x >> 32
    x *= <uint64_t> 0x9FB21C651E98DF25
    x ^= x >> 29
    x *= <uint64_t> 0xD6E8FEB86659FD93
    x ^= x >> 32
    return x


cdef inline uint64_t hash_bytes(const uint8_t *key, Py_ssize_t length) noexcept nogil:
    cdef uint64_t chunk = 0, value
    if length <= 8:
        memcpy(&chunk, key, length)
        return mix(chunk)
    value = <uint64_t> length
    while length > 8:
        memcpy(&chunk, key, 8)
        value = mix(value ^ chunk)
        key += 8
        length -= 8
    chunk = 0
    memcpy(&chunk, key, length)
    return mix(value ^ chunk)


cdef Py_ssize_t to_utf8(const char_t *text, Py_ssize_t length, uint8_t *out) noexcept nogil:
    """UTF-8 of ``length`` characters, surrogates like any other; ``out`` has room for 4 bytes each. Returns its size."""
    cdef Py_ssize_t i, n = 0
    cdef uint32_t character
    for i in range(length):
        character = text[i]
        if character < 0x80:
            out[n] = character
            n += 1
        elif character < 0x800:
            out[n] = 0xC0 | (character >> 6)
            out[n + 1] = 0x80 | (character & 0x3F)
            n += 2
        elif character < 0x10000:
            out[n] = 0xE0 | (character >> 12)
            out[n + 1] = 0x80 | ((character >> 6) & 0x3F)
            out[n + 2] = 0x80 | (character & 0x3F)
            n += 3
        else:
            out[n] = 0xF0 | (character >> 18)
            out[n + 1] = 0x80 | ((character >> 12) & 0x3F)
            out[n + 2] = 0x80 | ((character >> 6) & 0x3F)
            out[n + 3] = 0x80 | (character & 0x3F)
            n += 4
    return n


cdef class TermTable:
    """Terms and their ids, 0, 1, ... in order of arrival.

    Parameters
    ----------
    terms : iterable of str, default=()
        Terms to start with; they get ids 0, 1, ...
    """

    cdef Slot *slots
    cdef uint64_t mask              # number of slots - 1; the number is a power of two
    cdef int64_t n_terms
    cdef uint8_t *arena             # the terms, one after the other
    cdef int64_t *starts            # where each begins in the arena; one entry more than there are terms
    cdef int64_t arena_size, starts_size

    def __cinit__(self, terms=()):
        cdef uint64_t i
        self.mask = 1023
        self.arena_size = 1 << 13
        self.starts_size = 1 << 10
        self.slots = <Slot *> malloc((self.mask + 1) * sizeof(Slot))
        self.arena = <uint8_t *> malloc(self.arena_size)
        self.starts = <int64_t *> malloc(self.starts_size * sizeof(int64_t))
        if self.slots == NULL or self.arena == NULL or self.starts == NULL:
            raise MemoryError("no memory for an empty table of terms")
        for i in range(self.mask + 1):
            self.slots[i].id = UNKNOWN
        self.starts[0] = 0
        if terms:
            self.encode_tokens([list(terms)], True)

    def __dealloc__(self):
        free(self.slots)
        free(self.arena)
        free(self.starts)

    def __len__(self):
        return self.n_terms

    cdef bint grow_slots(self) noexcept nogil:
        cdef uint64_t size = 2 * (self.mask + 1), mask = size - 1, i, j
        cdef Slot *slots = <Slot *> malloc(size * sizeof(Slot))
        if slots == NULL:
            return False
        for i in range(size):
            slots[i].id = UNKNOWN
        for i in range(self.mask + 1):
            if self.slots[i].id != UNKNOWN:
                j = self.slots[i].hash & mask
                while slots[j].id != UNKNOWN:
                    j = (j + 1) & mask
                slots[j] = self.slots[i]
        free(self.slots)
        self.slots = slots
        self.mask = mask
        return True

    cdef bint make_room(self, Py_ssize_t length) noexcept nogil:
        """Room for one more term of ``length`` bytes."""
        cdef void *memory
        cdef int64_t needed = self.starts[self.n_terms] + length
        if 2 * <uint64_t> (self.n_terms + 1) > self.mask and not self.grow_slots():
            return False
        if needed > self.arena_size:
            memory = realloc(self.arena, 2 * needed)
            if memory == NULL:
                return False
            self.arena = <uint8_t *> memory
            self.arena_size = 2 * needed
        if self.n_terms + 2 > self.starts_size:
            memory = realloc(self.starts, 2 * self.starts_size * sizeof(int64_t))
            if memory == NULL:
                return False
            self.starts = <int64_t *> memory
            self.starts_size *= 2
        return True

    cdef int32_t add(self, const uint8_t *key, Py_ssize_t length, uint64_t hashed) noexcept nogil:
        cdef uint64_t i
        if self.n_terms >= 0x7FFFFFFF or length > 0x7FFFFFFF or not self.make_room(length):
            return OUT_OF_MEMORY
        i = hashed & self.mask
        while self.slots[i].id != UNKNOWN:
            i = (i + 1) & self.mask
        self.slots[i].hash = hashed
        self.slots[i].length = <uint32_t> length
        self.slots[i].id = <int32_t> self.n_terms
        memcpy(self.arena + self.starts[self.n_terms], key, length)
        self.starts[self.n_terms + 1] = self.starts[self.n_terms] + length
        self.n_terms += 1
        return self.slots[i].id

    cdef inline int32_t find(self, const uint8_t *key, Py_ssize_t length, uint64_t hashed, bint learn) noexcept nogil:
        cdef uint64_t i = hashed & self.mask
        cdef Slot slot
        while True:
            slot = self.slots[i]
            if slot.id == UNKNOWN:
                return self.add(key, length, hashed) if learn else UNKNOWN
            if slot.hash == hashed and slot.length == length and (
                    length <= 8 or memcmp(self.arena + self.starts[slot.id], key, length) == 0):
                return slot.id
            i = (i + 1) & self.mask

    cdef int64_t scan(
            self,
            const char_t *text,         # IN     characters of one document
            Py_ssize_t length,
            bint ascii,
            int rule,
            Py_ssize_t min_length,      # shorter tokens are dropped
            bint learn,
            int32_t *ids) noexcept nogil:       # OUT    id of each token
        """Returns the number of ids written, or OUT_OF_MEMORY."""
        cdef Py_ssize_t i = 0, start, scratch_size = 0, n_bytes
        cdef int64_t n = 0
        cdef uint64_t hashed, chunk
        cdef int32_t id
        cdef const uint8_t *key
        cdef uint8_t *scratch = NULL
        while True:
            while i < length and not in_token(text[i], rule):
                i += 1
            if i == length:
                break
            start = i
            i += 1
            while i < length and in_token(text[i], rule):
                i += 1
            n_bytes = i - start
            if n_bytes < min_length:
                continue
            if ascii:
                key = <const uint8_t *> (text + start)
                if n_bytes <= 8 and start + 8 <= length:
                    # What hash_bytes computes, without a memcpy of variable length.
                    memcpy(&chunk, key, 8)
                    hashed = mix(keep_bytes(chunk, n_bytes))
                else:
                    hashed = hash_bytes(key, n_bytes)
            else:
                if 4 * n_bytes > scratch_size:
                    free(scratch)
                    scratch_size = 8 * n_bytes + 64
                    scratch = <uint8_t *> malloc(scratch_size)
                    if scratch == NULL:
                        return OUT_OF_MEMORY
                n_bytes = to_utf8(text + start, n_bytes, scratch)
                key = scratch
                hashed = hash_bytes(key, n_bytes)
            id = self.find(key, n_bytes, hashed, learn)
            if id == OUT_OF_MEMORY:
                free(scratch)
                return OUT_OF_MEMORY
            if id != UNKNOWN:
                ids[n] = id
                n += 1
        free(scratch)
        return n

    def encode(self, list documents, int rule, Py_ssize_t min_length, bint learn):
        """Ids of the tokens of each document.

        Parameters
        ----------
        documents : list of str
        rule : WORDS or NON_SPACE
            What a token is a maximal run of.
        min_length : int
            Shorter tokens, in characters, are dropped.
        learn : bool
            Whether new terms are added; else they are dropped.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
        lengths : ndarray of shape (n_documents,), int64
            Number of ids of each document.
        """
        cdef Py_ssize_t n_documents = len(documents), i, room = 0
        cdef Text *texts = <Text *> malloc((n_documents + 1) * sizeof(Text))
        if texts == NULL:
            raise MemoryError(f"no memory for {n_documents} documents")
        try:
            for i in range(n_documents):
                document = documents[i]
                if not PyUnicode_Check(document):
                    raise NotText(i, document)
                texts[i].data = PyUnicode_DATA(document)
                texts[i].length = PyUnicode_GET_LENGTH(document)
                texts[i].kind = PyUnicode_KIND(document)
                texts[i].ascii = PyUnicode_IS_ASCII(document)
                room += texts[i].length // 2 + 1
            ids = np.empty(room, dtype=np.int32)
            lengths = np.empty(n_documents, dtype=np.int64)
            self.scan_all(texts, n_documents, rule, min_length, learn, ids, lengths)
        finally:
            free(texts)
        return ids[:lengths.sum()].copy(), lengths

    cdef int scan_all(self, Text *texts, Py_ssize_t n_documents, int rule, Py_ssize_t min_length, bint learn,
                      int32_t[::1] ids, int64_t[::1] lengths) except -1:
        cdef Py_ssize_t i
        cdef int64_t n = 0, written = 0
        cdef int32_t *out = &ids[0] if ids.shape[0] else NULL
        with nogil:
            for i in range(n_documents):
                if texts[i].kind == 1:
                    written = self.scan(<const uint8_t *> texts[i].data, texts[i].length, texts[i].ascii, rule,
                                        min_length, learn, out + n)
                elif texts[i].kind == 2:
                    written = self.scan(<const uint16_t *> texts[i].data, texts[i].length, False, rule,
                                        min_length, learn, out + n)
                else:
                    written = self.scan(<const uint32_t *> texts[i].data, texts[i].length, False, rule,
                                        min_length, learn, out + n)
                if written < 0:
                    break
                lengths[i] = written
                n += written
        if written < 0:
            raise MemoryError(f"no memory for more than {self.n_terms} terms")
        return 0

    cdef int32_t find_str(self, object token, bint learn) except? -1:
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(token), n_bytes
        cdef int32_t id
        cdef uint8_t *scratch
        cdef int kind = PyUnicode_KIND(token)
        if PyUnicode_IS_ASCII(token):
            id = self.find(<const uint8_t *> PyUnicode_DATA(token), length,
                           hash_bytes(<const uint8_t *> PyUnicode_DATA(token), length), learn)
        else:
            scratch = <uint8_t *> malloc(4 * length)
            if scratch == NULL:
                raise MemoryError(f"no memory for a term of {length} characters")
            if kind == 1:
                n_bytes = to_utf8(<const uint8_t *> PyUnicode_DATA(token), length, scratch)
            elif kind == 2:
                n_bytes = to_utf8(<const uint16_t *> PyUnicode_DATA(token), length, scratch)
            else:
                n_bytes = to_utf8(<const uint32_t *> PyUnicode_DATA(token), length, scratch)
            id = self.find(scratch, n_bytes, hash_bytes(scratch, n_bytes), learn)
            free(scratch)
        if id == OUT_OF_MEMORY:
            raise MemoryError(f"no memory for more than {self.n_terms} terms")
        return id

    def encode_tokens(self, list documents, bint learn):
        """The same for documents that are lists of tokens already; see :meth:`encode`.

        Raises
        ------
        NotText
            Where a token is not a str.
        """
        cdef Py_ssize_t n = 0, room = 0
        cdef int32_t id
        for tokens in documents:
            room += len(tokens)
        ids = np.empty(room, dtype=np.int32)
        lengths = np.empty(len(documents), dtype=np.int64)
        cdef int32_t[::1] ids_view = ids
        cdef int64_t[::1] lengths_view = lengths
        cdef Py_ssize_t i, before
        for i, tokens in enumerate(documents):
            before = n
            for token in tokens:
                if not PyUnicode_Check(token):
                    raise NotText(i, token)
                id = self.find_str(token, learn)
                if id != UNKNOWN:
                    ids_view[n] = id
                    n += 1
            lengths_view[i] = n - before
        return ids[:n].copy(), lengths

    def find_term(self, term):
        """Id of a term, or -1."""
        if not PyUnicode_Check(term):
            raise TypeError(f"a term must be str, got {type(term).__name__}")
        return self.find_str(term, False)

    def term(self, int64_t id):
        """The term with this id."""
        if not 0 <= id < self.n_terms:
            raise IndexError(f"id {id} of a table with {self.n_terms} terms")
        cdef int64_t start = self.starts[id]
        return (<const char *> self.arena)[start:self.starts[id + 1]].decode("utf-8", "surrogatepass")
