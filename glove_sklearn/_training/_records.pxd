# The record of _simd.h as a packed struct, with which memoryviews of a NumPy array of RECORD are typed. _simd.h asserts the
# layout when it is compiled, and NumPy's dtype is checked against this struct whenever a kernel takes an array.
from libc.stdint cimport uint16_t

cdef packed struct Record:
    uint16_t row
    uint16_t column
    float value
