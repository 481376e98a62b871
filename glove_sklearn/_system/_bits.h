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

/* Name of an instruction set for which loops are compiled, from the narrowest, 0, to the widest. */
static inline const char *instruction_set_name(int index) {
    return index == 0 ? "baseline" : index == 1 ? "avx2" : "avx512";
}

/* How many of them this processor, and its operating system, can run. */
static inline int number_of_usable_sets(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2"))
        return 1;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")
            || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl"))
        return 2;
    return 3;
#else
    return 1;
#endif
}

#endif
