/* Built-in functions of GCC and Clang that several kernels need, under one name each.

   The package is compiled by one of these two: MSVC has other built-in functions, and nothing like the vector extension of C on
   which training rests. On Windows that is Clang, also as clang-cl, because GCC does not align vectors of AVX on the stack there.
   Other compilers, and processors on which results would differ, are refused here and nowhere else. */

#ifndef GLOVE_SKLEARN_BITS_H
#define GLOVE_SKLEARN_BITS_H

#include <float.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#if !defined(__GNUC__) && !defined(__clang__)
#error "glove_sklearn needs GCC or Clang: its kernels use their built-in functions and their vector extension of C"
#elif defined(_WIN32) && !defined(__clang__)
#error "glove_sklearn needs Clang on Windows: GCC does not align vectors of AVX on the stack there"
#elif !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "glove_sklearn needs a little-endian processor: its files and records are little-endian"
#elif FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16     /* 16: only half precision is not */
#error "glove_sklearn needs floats that are rounded after each operation: on 32-bit x86, compile with -msse2 -mfpmath=sse"
#endif

/* Ask for the cache line that holds this address, which need not be valid. */
static inline void prefetch(const void *address) {
    __builtin_prefetch(address);
}

/* Index of the lowest bit that is set; `word` is not 0. */
static inline int lowest_bit(uint64_t word) {
    return __builtin_ctzll(word);
}

/* The next 8 bytes as a number, the first of them lowest. */
static inline uint64_t load_little_endian(const uint8_t *address) {
    uint64_t word;
    memcpy(&word, address, 8);
    return word;
}

/* Name of an instruction set for which loops are compiled, from the narrowest, 0, to the widest. */
static inline const char *instruction_set_name(int index) {
    return index == 0 ? "baseline" : index == 1 ? "avx2" : "avx512";
}

#if defined(__x86_64__)

/* The kinds of registers that the operating system keeps for each thread: bits of XCR0. */
static inline uint32_t kept_registers(void) {
    uint32_t low, high;
    __asm__ volatile ("xgetbv" : "=a" (low), "=d" (high) : "c" (0));
    return low;
}

/* How many of them this processor, and its operating system, can run. The processor is asked, and not __builtin_cpu_supports:
   some compilers come without the library behind it, or with one that knows no more than the set they compile for. */
static inline int number_of_usable_sets(void) {
    const uint32_t of_avx = 0x6, of_avx512 = 0xe6;
    const uint32_t avx512 = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
    unsigned int eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_OSXSAVE) || !(ecx & bit_AVX))
        return 1;
    uint32_t kept = kept_registers();
    if ((kept & of_avx) != of_avx || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) || !(ebx & bit_AVX2))
        return 1;
#if defined(__APPLE__)
    kept |= of_avx512;      /* macOS keeps them from their first use in a thread, and does not say so before */
#endif
    return (kept & of_avx512) == of_avx512 && (ebx & avx512) == avx512 ? 3 : 2;
}

#else

static inline int number_of_usable_sets(void) {
    return 1;
}

#endif

#endif
