/* Built-in functions of GCC and Clang that several kernels need, under one name each.

   The package is compiled by one of these two: MSVC has other built-in functions, and nothing like the vector extension of C on
   which training rests. Other compilers are refused here, and nowhere else. */

#ifndef GLOVE_SKLEARN_BITS_H
#define GLOVE_SKLEARN_BITS_H

#include <stdint.h>
#include <string.h>

#if !defined(__GNUC__) && !defined(__clang__)
#error "glove_sklearn needs GCC or Clang: its kernels use their built-in functions and their vector extension of C"
#endif

/* Ask for the cache line that holds this address, which need not be valid. */
static inline void prefetch(const void *address) {
    __builtin_prefetch(address);
}

/* Index of the lowest bit that is set; `word` is not 0. */
static inline int lowest_bit(uint64_t word) {
    return __builtin_ctzll(word);
}

/* The next 8 bytes as a number, the first of them lowest, whatever the byte order of the processor. */
static inline uint64_t load_little_endian(const uint8_t *address) {
    uint64_t word;
    memcpy(&word, address, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

#endif
