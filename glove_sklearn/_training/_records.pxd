"""A record: one entry of X, named by its indices inside a block; see _records.h."""

from libc.stdint cimport uint16_t

cdef extern from "glove_sklearn/_training/_records.h":
    ctypedef struct Record "record_t":
        uint16_t row
        uint16_t column
        float value
