"""A record: one entry of X, named by its places inside a block. 8 bytes; record_t of _simd.h is the same."""

from libc.stdint cimport uint16_t

cdef packed struct Record:
    uint16_t row                # place of the row in its group
    uint16_t column             # place of the column in its group
    float value                 # X_ij
