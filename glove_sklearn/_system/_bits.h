/* What several kernels need of the compiler: prefetching, and the index of the lowest set bit. */

#ifndef GLOVE_SKLEARN_BITS_H
#define GLOVE_SKLEARN_BITS_H

#if !defined(__GNUC__) && !defined(__clang__)
#error "glove_sklearn needs GCC or Clang"
#endif

#define prefetch(address) __builtin_prefetch(address)
#define lowest_bit(word) __builtin_ctzll(word)

#endif
