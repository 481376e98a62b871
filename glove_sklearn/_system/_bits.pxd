"""Built-in functions of the compiler that several kernels need; see _bits.h."""

from libc.stdint cimport uint8_t, uint64_t

cdef extern from "glove_sklearn/_system/_bits.h":
    void prefetch(const void *address) noexcept nogil
    int lowest_bit(uint64_t word) noexcept nogil
    uint64_t load_little_endian(const uint8_t *address) noexcept nogil
    const char *instruction_set_name(int index) noexcept nogil
    int number_of_usable_sets() noexcept nogil
