"""Kernel: str -> token ids.

A token is a run of characters between separators. Three kinds of run are known here, because three regular expressions
cover nearly all uses: maximal runs of word characters, which ``\\b\\w+\\b`` finds; such runs together with the combining marks
and joiners that continue them, which ``WORD_PATTERN`` of ``word_pattern.py`` finds; and maximal runs of anything but white
space, which ``\\S+`` and ``str.split`` find. "Word character" and "white space" are CPython's own ``Py_UNICODE_ISALNUM`` (or
``_``) and ``Py_UNICODE_ISSPACE``, the very functions that ``re`` calls, and marks are looked up in a bit set that is filled
from the ranges of that pattern: so the tokens are the same for every code point of the running interpreter. The tokens of any
other analyser are looked up one by one.

Terms live in one open-addressed hash table. The key of a term is its UTF-8 (lone surrogates as three bytes), because an
ASCII document is then its own key and need not be copied. The first 8 bytes of a term are read as one 64-bit number, the
next 8 as another, and for terms of up to 16 bytes the hash is a bijection of the first number for each value of the second.
Up to 8 bytes, equal hash and equal length therefore mean equal terms, and no memory beyond the slot is touched; up to 16
bytes, the second numbers must be equal too. Longer terms are compared byte by byte in the arena.

ASCII documents, which make up most of the bytes of most corpora, have a scanner of their own. It classifies 64 characters
into the bits of a word, in a branch-free loop that the compiler vectorises; tokens begin and end where a bit differs from
the one before, and counting trailing zeros finds these borders. The scanner then hashes the tokens of several such words and
prefetches their slots before it looks up the first, so that cache misses overlap. Upper-case letters become lower-case as
the bytes of a key are loaded, which for ASCII is all that ``str.lower`` does. In documents that are not ASCII, long runs of
ASCII between other characters go the same way.

Ids are assigned in order of first occurrence and have no meaning outside the table. A table that does not learn is only
read, so several threads may share it. A table that learns belongs to one thread at a time; it also counts the tokens of each
term. Tables that learnt separately are merged by :meth:`TermTable.absorb`, part by part if one table of all their terms
would be too large; a part is a range of hashes.

Given vectors may distinguish upper case from lower case. ``any_case`` then looks a token up as it stands, and in lower case
if that is not a term: a second search for the few tokens that need one. Letters are converted one by one, so that a token has
as many characters in lower case; ``str.lower`` differs for a sigma at the end of a word and for a capital i with a dot.

The characters of a ``str`` never change, and the caller holds a reference to each document: the scan runs without the GIL.
"""

from cython cimport auto_pickle, final
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy, memset

import numpy as np

from glove_sklearn._system._bits cimport load_little_endian, lowest_bit, prefetch
from glove_sklearn._text.word_pattern import MARK_RANGES

cdef extern from "Python.h":
    ctypedef uint32_t Py_UCS4
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    int PyUnicode_KIND(object)
    void *PyUnicode_DATA(object)
    bint PyUnicode_IS_ASCII(object)
    bint PyUnicode_Check(object)
    str PyUnicode_DecodeUTF8(const char *, Py_ssize_t, const char *)
    bint Py_UNICODE_ISALNUM(Py_UCS4) nogil
    bint Py_UNICODE_ISSPACE(Py_UCS4) nogil
    Py_UCS4 Py_UNICODE_TOLOWER(Py_UCS4) nogil

ctypedef fused char_t:
    uint8_t
    uint16_t
    uint32_t

cdef enum:
    WORD_RULE = 0
    MARKED_WORD_RULE = 1
    SPACE_RULE = 2

WORDS = WORD_RULE
MARKED_WORDS = MARKED_WORD_RULE
NON_SPACE = SPACE_RULE

cdef enum:
    UNKNOWN = -1
    OUT_OF_MEMORY = -2

cdef enum:
    STRETCH = 64                # characters classified together, into the bits of a word
    GROUP = 256                 # characters whose tokens are looked up together
    MAX_GROUP_TOKENS = 129      # tokens in a group, with one that began before it
    MAX_NARROWED = 4096         # ASCII characters copied together from a document that is not ASCII
    FIRST_MARK = 0x300          # no character before this one is a mark or a joiner
    NON_JOINER = 0x200C
    JOINER = 0x200D

cdef uint64_t FOLD = 0x2020202020202020     # the bit of each byte that distinguishes lower-case from upper-case letters

cdef struct Slot:
    uint64_t hash
    int32_t id                  # UNKNOWN where the slot is empty
    uint32_t length             # bytes of the term

cdef struct Token:
    const uint8_t *key
    Py_ssize_t length
    uint64_t hash
    uint64_t tail               # bytes 8 to 15 of the key

cdef struct Text:
    void *data
    Py_ssize_t length
    int kind                    # bytes of a character: 1, 2 or 4
    bint ascii


class NotTextError(TypeError):
    """An object that should have been a str; the arguments are the index of its document in the call, and the object."""


cdef uint8_t ASCII_IN_TOKEN[3][128]
# One bit for each code point: whether it is a combining mark.
cdef uint8_t MARKS[0x110000 >> 3]
# Masks of the bytes in memory that a term of n bytes, up to 16, has in its first and in its second 8 bytes.
cdef uint64_t HEAD_BYTES[17]
cdef uint64_t TAIL_BYTES[17]


cdef void fill_tables() noexcept:
    cdef int character, n
    for character in range(128):
        ASCII_IN_TOKEN[WORD_RULE][character] = Py_UNICODE_ISALNUM(character) or character == 95      # "_"
        ASCII_IN_TOKEN[MARKED_WORD_RULE][character] = ASCII_IN_TOKEN[WORD_RULE][character]
        ASCII_IN_TOKEN[SPACE_RULE][character] = not Py_UNICODE_ISSPACE(character)
    for n in range(17):
        HEAD_BYTES[n] = TAIL_BYTES[n] = 0
        memset(&HEAD_BYTES[n], 0xFF, min(n, 8))
        memset(&TAIL_BYTES[n], 0xFF, max(n, 8) - 8)


cdef int fill_marks() except -1:
    cdef uint32_t first, last, code
    for first, last in MARK_RANGES:
        for code in range(first, last + 1):
            MARKS[code >> 3] |= 1 << (code & 7)
    return 0


fill_tables()
fill_marks()


cdef inline bint begins_token(uint32_t character, int rule) noexcept nogil:
    if character < 128:
        return ASCII_IN_TOKEN[rule][character]
    if rule != SPACE_RULE:
        return Py_UNICODE_ISALNUM(character)
    return not Py_UNICODE_ISSPACE(character)


cdef inline bint is_mark(uint32_t character) noexcept nogil:
    return MARKS[character >> 3] >> (character & 7) & 1


cdef inline bint is_joiner(uint32_t character) noexcept nogil:
    return character == NON_JOINER or character == JOINER


cdef inline Py_ssize_t end_of_token(const char_t *text, Py_ssize_t i, Py_ssize_t length, int rule) noexcept nogil:
    """Return where the token ends whose first character stands at i - 1."""
    cdef Py_ssize_t k
    while True:
        while i < length and begins_token(text[i], rule):
            i += 1
        if rule != MARKED_WORD_RULE or i == length or text[i] < FIRST_MARK:
            return i
        k = i
        while k < length and is_joiner(text[k]):
            k += 1
        if k < length and (is_mark(text[k]) or (k > i and begins_token(text[k], rule))):
            i = k + 1
        else:
            return i + 1 if text[i] == JOINER and is_mark(text[i - 1]) else i


cdef inline uint64_t mix(uint64_t x) noexcept nogil:
    # Multiplication by an odd number and a shifted exclusive or can both be undone: a bijection.
    x ^= x >> 32
    x *= <uint64_t> 0x9FB21C651E98DF25
    x ^= x >> 29
    x *= <uint64_t> 0xD6E8FEB86659FD93
    x ^= x >> 32
    return x


cdef inline uint64_t fold_case(uint64_t chunk, uint64_t fold) noexcept nogil:
    """Make 8 ASCII characters lower-case if ``fold`` is FOLD; leave any 8 bytes unchanged if it is 0."""
    # The first sum sets the highest bit of each byte from "A" upwards, the second of each byte above "Z".
    cdef uint64_t capitals = (chunk + <uint64_t> 0x3F3F3F3F3F3F3F3F) & ~(chunk + <uint64_t> 0x2525252525252525)
    return chunk | ((capitals & <uint64_t> 0x8080808080808080) >> 2 & fold)


cdef inline uint64_t hash_pair(uint64_t head, uint64_t tail) noexcept nogil:
    return mix(head ^ tail * <uint64_t> 0xE7037ED1A0B428DB)


cdef inline uint64_t load(const uint8_t *key, Py_ssize_t length, uint64_t fold) noexcept nogil:
    cdef uint64_t chunk = 0
    memcpy(&chunk, key, min(length, 8))
    return fold_case(chunk, fold)


cdef uint64_t hash_bytes(const uint8_t *key, Py_ssize_t length, uint64_t fold) noexcept nogil:
    cdef uint64_t value = <uint64_t> length
    if length <= 16:
        return hash_pair(load(key, length, fold), load(key + 8, length - 8, fold) if length > 8 else 0)
    while length > 0:
        value = mix(value ^ load(key, length, fold))
        key += 8
        length -= 8
    return value


cdef bint same_bytes(const uint8_t *term, const uint8_t *key, Py_ssize_t length, uint64_t fold) noexcept nogil:
    while length > 0:
        if load(term, length, 0) != load(key, length, fold):
            return False
        term += 8
        key += 8
        length -= 8
    return True


cdef inline uint64_t token_bits(const uint8_t *text, int rule) noexcept nogil:
    """Classify 64 ASCII characters: bit k says whether character k belongs to a token."""
    cdef uint8_t flags[STRETCH]
    cdef uint8_t character
    cdef uint64_t bits = 0
    cdef int k
    if rule != SPACE_RULE:
        for k in range(STRETCH):
            character = text[k]
            flags[k] = (
                (<uint8_t> ((character | 32) - 97) < 26)            # a to z
                | (<uint8_t> (character - 48) < 10)                 # 0 to 9
                | (character == 95))                                # _
    else:
        for k in range(STRETCH):
            character = text[k]
            flags[k] = (
                (character != 32)
                & (<uint8_t> (character - 9) >= 5)                  # tabulator to carriage return
                & (<uint8_t> (character - 28) >= 4))                # separators of files, groups, records and units
    for k in range(0, STRETCH, 8):
        # The product brings 8 bytes, each 0 or 1, together in its highest byte, the first in memory lowest.
        bits |= (load_little_endian(flags + k) * <uint64_t> 0x0102040810204080 >> 56) << k
    return bits


cdef Py_ssize_t to_utf8(const char_t *text, Py_ssize_t length, bint lowercase, uint8_t *out) noexcept nogil:
    """Encode characters as UTF-8, surrogates like any other; ``out`` has room for 4 bytes each. Returns the number of bytes."""
    cdef Py_ssize_t i, n = 0
    cdef uint32_t character
    for i in range(length):
        character = Py_UNICODE_TOLOWER(text[i]) if lowercase else text[i]
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


cdef inline Py_ssize_t narrow(const char_t *text, Py_ssize_t length, uint8_t *out) noexcept nogil:
    """Copy characters up to the first that is not ASCII. Returns how many were copied."""
    cdef Py_ssize_t n = 0, k
    cdef uint32_t seen
    while length - n >= STRETCH:
        seen = 0
        for k in range(STRETCH):
            seen |= text[n + k]
            out[n + k] = <uint8_t> text[n + k]
        if seen >= 128:
            break
        n += STRETCH
    while n < length and text[n] < 128:
        out[n] = <uint8_t> text[n]
        n += 1
    return n


@final
@auto_pickle(False)
cdef class TermTable:
    """Terms and their ids, 0, 1, ... in order of arrival.

    Parameters
    ----------
    terms : iterable of str, default=()
        Initial terms, which get the ids 0, 1, ...
    """

    cdef Slot *slots
    cdef uint64_t mask              # number of slots - 1; the number is a power of two
    cdef int64_t n_terms
    cdef uint8_t *arena             # the UTF-8 of all terms, concatenated
    cdef int64_t *starts            # where each term begins in the arena, and where the last one ends
    cdef int64_t *n_tokens          # tokens of each term that were counted while learning
    cdef int64_t arena_size, starts_size        # starts_size is also the size of n_tokens

    def __cinit__(self, terms=()):
        cdef uint64_t i
        self.mask = 1023
        self.arena_size = 1 << 13
        self.starts_size = 1 << 10
        self.slots = <Slot *> malloc((self.mask + 1) * sizeof(Slot))
        self.arena = <uint8_t *> malloc(self.arena_size)
        self.starts = <int64_t *> malloc(self.starts_size * sizeof(int64_t))
        self.n_tokens = <int64_t *> malloc(self.starts_size * sizeof(int64_t))
        if self.slots == NULL or self.arena == NULL or self.starts == NULL or self.n_tokens == NULL:
            raise MemoryError("no memory for an empty table of terms")
        for i in range(self.mask + 1):
            self.slots[i].id = UNKNOWN
        self.starts[0] = 0
        if terms:
            self.encode_tokens([list(terms)], True)
            memset(self.n_tokens, 0, self.n_terms * sizeof(int64_t))

    def __dealloc__(self):
        free(self.slots)
        free(self.arena)
        free(self.starts)
        free(self.n_tokens)

    def __len__(self):
        return self.n_terms

    @property
    def nbytes(self):
        """Bytes of memory held."""
        return (self.mask + 1) * sizeof(Slot) + self.arena_size + self.starts_size * 2 * sizeof(int64_t)

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

    cdef bint reserve(self, Py_ssize_t length) noexcept nogil:
        """Make room for one more term of ``length`` bytes. Returns False if there is no memory."""
        cdef void *memory
        cdef int64_t needed = self.starts[self.n_terms] + length
        if 2 * <uint64_t> (self.n_terms + 1) > self.mask and not self.grow_slots():
            return False
        needed += 8         # `find` may read 8 bytes beyond the last term
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
            memory = realloc(self.n_tokens, 2 * self.starts_size * sizeof(int64_t))
            if memory == NULL:
                return False
            self.n_tokens = <int64_t *> memory
            self.starts_size *= 2
        return True

    cdef int32_t add(self, const uint8_t *key, Py_ssize_t length, uint64_t hashed, uint64_t fold) noexcept nogil:
        cdef uint64_t i, chunk
        cdef Py_ssize_t k
        cdef uint8_t *term
        if self.n_terms >= 0x7FFFFFFF or length > 0x7FFFFFFF or not self.reserve(length):
            return OUT_OF_MEMORY
        i = hashed & self.mask
        while self.slots[i].id != UNKNOWN:
            i = (i + 1) & self.mask
        self.slots[i].hash = hashed
        self.slots[i].length = <uint32_t> length
        self.slots[i].id = <int32_t> self.n_terms
        term = self.arena + self.starts[self.n_terms]
        for k in range(0, length, 8):
            chunk = load(key + k, length - k, fold)
            memcpy(term + k, &chunk, min(length - k, 8))
        self.starts[self.n_terms + 1] = self.starts[self.n_terms] + length
        self.n_tokens[self.n_terms] = 0
        self.n_terms += 1
        return self.slots[i].id

    cdef inline int32_t find(
            self,
            const uint8_t *key,
            Py_ssize_t length,
            uint64_t hashed,
            uint64_t tail,              # bytes 8 to 15 of the key; not used for keys of more than 16
            uint64_t fold,
            bint learn) noexcept nogil:
        cdef uint64_t i = hashed & self.mask, chunk
        cdef Slot slot
        while True:
            slot = self.slots[i]
            if slot.hash == hashed and slot.length == length and slot.id != UNKNOWN:
                if length <= 8:
                    return slot.id
                if length <= 16:
                    memcpy(&chunk, self.arena + self.starts[slot.id] + 8, 8)
                    if chunk & TAIL_BYTES[length] == tail:
                        return slot.id
                elif same_bytes(self.arena + self.starts[slot.id], key, length, fold):
                    return slot.id
            if slot.id == UNKNOWN:
                return self.add(key, length, hashed, fold) if learn else UNKNOWN
            i = (i + 1) & self.mask

    cdef inline int32_t find_bytes(self, const uint8_t *key, Py_ssize_t length, bint learn) noexcept nogil:
        cdef uint64_t tail = load(key + 8, length - 8, 0) if length > 8 else 0
        return self.find(key, length, hash_bytes(key, length, 0), tail, 0, learn)

    cdef int32_t find_folded(self, const uint8_t *key, Py_ssize_t length) noexcept nogil:
        """Look up an ASCII token in lower case."""
        cdef uint64_t tail = load(key + 8, length - 8, FOLD) if length > 8 else 0
        return self.find(key, length, hash_bytes(key, length, FOLD), tail, FOLD, False)

    cdef int64_t scan_ascii(
            self,
            const uint8_t *text,        # IN     characters of a document, all ASCII
            Py_ssize_t length,
            int rule,
            Py_ssize_t min_length,      # shorter tokens are dropped
            uint64_t fold,              # FOLD to make the terms lower-case, else 0
            bint learn,
            bint any_case,              # whether unknown tokens are looked up in lower case
            int32_t *ids) noexcept nogil:       # OUT    id of each token
        """Find the tokens of a document and look up their ids. Returns the number of ids written, or OUT_OF_MEMORY."""
        cdef Py_ssize_t borders[2 * MAX_GROUP_TOKENS]
        cdef Token tokens[MAX_GROUP_TOKENS]
        cdef Token token
        # A copy of the last stretch if it is short, padded so that a key of 16 bytes can be read anywhere in it.
        cdef uint8_t last[STRETCH + 16]
        cdef uint64_t bits, edges, carry = 0, head
        cdef Py_ssize_t i = 0, end, start, copied = length
        cdef int n_borders = 0, n_tokens, k
        cdef int64_t n = 0
        cdef int32_t id
        while i < length:
            end = min(i + GROUP, length)
            while i < end:
                if length - i >= STRETCH:
                    bits = token_bits(text + i, rule)
                else:
                    memset(last, 32, STRETCH + 16)      # a space belongs to no token
                    memcpy(last, text + i, length - i)
                    copied = i
                    bits = token_bits(last, rule)
                edges = bits ^ (bits << 1 | carry)
                carry = bits >> 63
                while edges:
                    borders[n_borders] = i + lowest_bit(edges)
                    n_borders += 1
                    edges &= edges - 1
                i += STRETCH
            if i >= length and n_borders & 1:
                borders[n_borders] = length
                n_borders += 1

            n_tokens = 0
            for k in range(0, n_borders - 1, 2):
                start = borders[k]
                token.key = text + start if start < copied else last + (start - copied)
                token.length = borders[k + 1] - start
                if token.length <= 16 and (start + 16 <= length or start >= copied):
                    # The same hash as hash_bytes, without branches and copies of variable length.
                    memcpy(&head, token.key, 8)
                    memcpy(&token.tail, token.key + 8, 8)
                    head = fold_case(head & HEAD_BYTES[token.length], fold)
                    token.tail = fold_case(token.tail & TAIL_BYTES[token.length], fold)
                    token.hash = hash_pair(head, token.tail)
                else:
                    token.hash = hash_bytes(token.key, token.length, fold)
                    token.tail = load(token.key + 8, token.length - 8, fold) if token.length > 8 else 0
                prefetch(&self.slots[token.hash & self.mask])
                tokens[n_tokens] = token
                n_tokens += token.length >= min_length

            for k in range(n_tokens):
                token = tokens[k]
                id = self.find(token.key, token.length, token.hash, token.tail, fold, learn)
                if id == OUT_OF_MEMORY:
                    return OUT_OF_MEMORY
                if id == UNKNOWN and any_case:
                    id = self.find_folded(token.key, token.length)
                if learn:
                    self.n_tokens[id] += 1
                ids[n] = id
                n += id != UNKNOWN

            # A token may continue in the next group.
            borders[0] = borders[n_borders - 1] if n_borders & 1 else 0
            n_borders &= 1
        return n

    cdef int64_t scan(
            self,
            const char_t *text,         # IN     characters of a document
            Py_ssize_t length,
            int rule,
            Py_ssize_t min_length,      # shorter tokens are dropped
            bint learn,
            bint any_case,
            int32_t *ids) noexcept nogil:       # OUT    id of each token
        """The same for a document that is not ASCII."""
        cdef Py_ssize_t i = 0, start, scratch_size = 0, n_bytes, run, n_ascii, next_try = 0
        cdef int64_t n = 0, written
        cdef int32_t id
        cdef uint8_t *scratch = NULL
        cdef uint8_t ascii[MAX_NARROWED]
        while True:
            if i >= next_try:
                # Documents that are not ASCII often consist of ASCII mostly: whole tokens of it take the fast path.
                run = n_ascii = narrow(text + i, min(length - i, MAX_NARROWED), ascii)
                if i + run < length:
                    while run > 0 and begins_token(ascii[run - 1], rule):
                        run -= 1
                if run >= STRETCH:
                    written = self.scan_ascii(ascii, run, rule, min_length, 0, learn, any_case, ids + n)
                    if written < 0:
                        free(scratch)
                        return OUT_OF_MEMORY
                    n += written
                    next_try = i + n_ascii + 1
                    i += run
                else:
                    next_try = i + STRETCH
            while i < length and not begins_token(text[i], rule):
                i += 1
            if i == length:
                break
            start = i
            i = end_of_token(text, i + 1, length, rule)
            if i - start < min_length:
                continue
            if 4 * (i - start) > scratch_size:
                free(scratch)
                scratch_size = 8 * (i - start) + 64
                scratch = <uint8_t *> malloc(scratch_size)
                if scratch == NULL:
                    return OUT_OF_MEMORY
            n_bytes = to_utf8(text + start, i - start, False, scratch)
            id = self.find_bytes(scratch, n_bytes, learn)
            if id == UNKNOWN and any_case:
                n_bytes = to_utf8(text + start, i - start, True, scratch)
                id = self.find_bytes(scratch, n_bytes, False)
            if id == OUT_OF_MEMORY:
                free(scratch)
                return OUT_OF_MEMORY
            if id != UNKNOWN:
                if learn:
                    self.n_tokens[id] += 1
                ids[n] = id
                n += 1
        free(scratch)
        return n

    def encode(
            self, list documents, int rule, Py_ssize_t min_length, bint learn, bint lowercase=False, bint any_case=False):
        """Find the tokens of each document and look up their ids.

        Parameters
        ----------
        documents : list of str
        rule : {WORDS, MARKED_WORDS, NON_SPACE}
            Whether tokens are maximal runs of word characters, those with the combining marks that follow, or maximal runs of
            anything but white space.
        min_length : int
            Tokens of fewer characters are dropped.
        learn : bool
            Whether new terms are added to the table and all tokens counted; otherwise tokens of unknown terms are dropped.
        lowercase : bool, default=False
            Whether ASCII documents are made lower-case. Others are taken unchanged.
        any_case : bool, default=False
            Whether tokens of unknown terms are looked up again in lower case; not with `learn`.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
        lengths : ndarray of shape (n_documents,), int64
            Number of ids of each document.

        Raises
        ------
        NotTextError
            If a document is not a str.
        """
        cdef Py_ssize_t n_documents = len(documents), i, capacity = 0
        cdef int64_t n
        cdef Text *texts = <Text *> malloc((n_documents + 1) * sizeof(Text))
        if texts == NULL:
            raise MemoryError(f"no memory for {n_documents} documents")
        try:
            for i in range(n_documents):
                document = documents[i]
                if not PyUnicode_Check(document):
                    raise NotTextError(i, document)
                texts[i].data = PyUnicode_DATA(document)
                texts[i].length = PyUnicode_GET_LENGTH(document)
                texts[i].kind = PyUnicode_KIND(document)
                texts[i].ascii = PyUnicode_IS_ASCII(document)
                capacity += texts[i].length // 2 + 1
            ids = np.empty(capacity, dtype=np.int32)
            lengths = np.empty(n_documents, dtype=np.int64)
            n = self.scan_all(texts, n_documents, rule, min_length, FOLD if lowercase else 0, learn,
                              any_case and not learn, ids, lengths)
        finally:
            free(texts)
        return ids[:n].copy(), lengths

    cdef int64_t scan_all(self, Text *texts, Py_ssize_t n_documents, int rule, Py_ssize_t min_length, uint64_t fold,
                          bint learn, bint any_case, int32_t[::1] ids, int64_t[::1] lengths) except -1:
        cdef Py_ssize_t i
        cdef int64_t n = 0, written = 0
        cdef int32_t *out = &ids[0] if ids.shape[0] else NULL
        with nogil:
            for i in range(n_documents):
                if texts[i].ascii:
                    written = self.scan_ascii(<const uint8_t *> texts[i].data, texts[i].length, rule, min_length, fold,
                                              learn, any_case, out + n)
                elif texts[i].kind == 1:
                    written = self.scan(<const uint8_t *> texts[i].data, texts[i].length, rule, min_length, learn, any_case,
                                        out + n)
                elif texts[i].kind == 2:
                    written = self.scan(<const uint16_t *> texts[i].data, texts[i].length, rule, min_length, learn, any_case,
                                        out + n)
                else:
                    written = self.scan(<const uint32_t *> texts[i].data, texts[i].length, rule, min_length, learn, any_case,
                                        out + n)
                if written < 0:
                    break
                lengths[i] = written
                n += written
        if written < 0:
            raise MemoryError(f"no memory for more than {self.n_terms} terms")
        return n

    cdef int32_t find_str(self, object token, bint learn) except? -1:
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(token), n_bytes
        cdef int32_t id
        cdef uint8_t *scratch
        cdef int kind = PyUnicode_KIND(token)
        if PyUnicode_IS_ASCII(token):
            id = self.find_bytes(<const uint8_t *> PyUnicode_DATA(token), length, learn)
        else:
            scratch = <uint8_t *> malloc(4 * length)
            if scratch == NULL:
                raise MemoryError(f"no memory for a term of {length} characters")
            if kind == 1:
                n_bytes = to_utf8(<const uint8_t *> PyUnicode_DATA(token), length, False, scratch)
            elif kind == 2:
                n_bytes = to_utf8(<const uint16_t *> PyUnicode_DATA(token), length, False, scratch)
            else:
                n_bytes = to_utf8(<const uint32_t *> PyUnicode_DATA(token), length, False, scratch)
            id = self.find_bytes(scratch, n_bytes, learn)
            free(scratch)
        if id == OUT_OF_MEMORY:
            raise MemoryError(f"no memory for more than {self.n_terms} terms")
        return id

    def encode_tokens(self, list documents, bint learn):
        """Look up the ids of the tokens of documents that are lists of tokens; see :meth:`encode`.

        Raises
        ------
        NotTextError
            If a token is not a str.
        """
        cdef Py_ssize_t n = 0, capacity = 0
        cdef int32_t id
        for tokens in documents:
            capacity += len(tokens)
        ids = np.empty(capacity, dtype=np.int32)
        lengths = np.empty(len(documents), dtype=np.int64)
        cdef int32_t[::1] ids_view = ids
        cdef int64_t[::1] lengths_view = lengths
        cdef Py_ssize_t i, before
        for i, tokens in enumerate(documents):
            before = n
            for token in tokens:
                if not PyUnicode_Check(token):
                    raise NotTextError(i, token)
                id = self.find_str(token, learn)
                if id != UNKNOWN:
                    if learn:
                        self.n_tokens[id] += 1
                    ids_view[n] = id
                    n += 1
            lengths_view[i] = n - before
        return ids[:n].copy(), lengths

    def find_term(self, term):
        """Id of a term, or -1 if the table does not have it."""
        if not PyUnicode_Check(term):
            raise TypeError(f"a term must be str, got {type(term).__name__}")
        return self.find_str(term, False)

    cdef str decode(self, int64_t id):
        cdef int64_t start
        if not 0 <= id < self.n_terms:
            raise IndexError(f"id {id} of a table with {self.n_terms} terms")
        start = self.starts[id]
        return PyUnicode_DecodeUTF8(<const char *> self.arena + start, self.starts[id + 1] - start, "surrogatepass")

    def term(self, int64_t id):
        """The term with this id."""
        return self.decode(id)

    def terms(self, ids):
        """The terms with these ids, in the same order.

        Parameters
        ----------
        ids : ndarray of shape (n,), int32 or int64

        Returns
        -------
        terms : list of str
        """
        cdef const int64_t[::1] these = np.ascontiguousarray(ids).astype(np.int64, casting="safe", copy=False)
        cdef Py_ssize_t i
        return [self.decode(these[i]) for i in range(these.shape[0])]

    def counts(self):
        """Number of tokens of each term that were encoded while learning; initial terms start at 0.

        Returns
        -------
        counts : ndarray of shape (n_terms,), int64
            A copy.
        """
        counts = np.empty(self.n_terms, dtype=np.int64)
        cdef int64_t[::1] out = counts
        if self.n_terms:
            memcpy(&out[0], self.n_tokens, self.n_terms * sizeof(int64_t))
        return counts

    def contents(self):
        """All terms, for :meth:`absorb`.

        Returns
        -------
        characters : ndarray of shape (n_bytes,), uint8
            The UTF-8 of all terms, concatenated; a copy.
        starts : ndarray of shape (n_terms + 1,), int64
            Where each term begins in `characters`, and where the last one ends; a copy.
        """
        characters = np.empty(self.starts[self.n_terms], dtype=np.uint8)
        starts = np.empty(self.n_terms + 1, dtype=np.int64)
        cdef uint8_t[::1] characters_out = characters
        cdef int64_t[::1] starts_out = starts
        memcpy(&starts_out[0], self.starts, (self.n_terms + 1) * sizeof(int64_t))
        if self.starts[self.n_terms]:
            memcpy(&characters_out[0], self.arena, self.starts[self.n_terms])
        return characters, starts

    def absorb(
            self,
            const uint8_t[::1] characters,      # IN     UTF-8 of all terms of the other table, concatenated
            const int64_t[::1] starts,          # IN     where each begins, and where the last one ends
            int n_parts,
            int part):
        """Add those terms of another table that belong to one part of all terms. No count changes.

        Parameters
        ----------
        characters, starts : ndarrays
            From :meth:`contents` of the other table.
        n_parts : int
            Number of parts. The part of a term follows from its hash, and is the same in every table of a running interpreter.
        part : int
            The part whose terms are added, from 0 to n_parts - 1; the others are skipped.

        Returns
        -------
        ids : ndarray of shape (n_terms of the other table,), int32
            Id of each term in this table, where new terms get ids in the order given; -1 for terms of other parts.
        """
        cdef Py_ssize_t n_other = starts.shape[0] - 1, i
        cdef int64_t length
        cdef int32_t id = 0
        cdef uint64_t hashed
        cdef const uint8_t *term
        if not 0 <= part < n_parts:
            raise ValueError(f"part must be from 0 to n_parts - 1 = {n_parts - 1}, got {part}")
        if n_other < 0 or starts[0] < 0 or starts[n_other] > characters.shape[0] or np.any(np.diff(starts) < 0):
            raise ValueError(f"starts must rise from 0 to at most {characters.shape[0]}, the number of bytes of characters")
        ids = np.full(n_other, UNKNOWN, dtype=np.int32)
        cdef int32_t[::1] out = ids
        # A valid address even if the terms have no characters at all.
        cdef const uint8_t *first = &characters[0] if characters.shape[0] else self.arena
        with nogil:
            for i in range(n_other):
                length = starts[i + 1] - starts[i]
                term = first + starts[i]
                hashed = hash_bytes(term, length, 0)
                # The upper bits choose the part: terms that share their lower bits would crowd some of the slots.
                if ((hashed >> 32) * <uint64_t> n_parts) >> 32 != <uint64_t> part:
                    continue
                id = self.find(term, length, hashed, load(term + 8, length - 8, 0) if length > 8 else 0, 0, True)
                if id == OUT_OF_MEMORY:
                    break
                out[i] = id
        if id == OUT_OF_MEMORY:
            raise MemoryError(f"no memory for more than {self.n_terms} terms")
        return ids
