/* The inner loops of training, once for each instruction set, and the choice among them at run time.

   _simd_body.h holds the loops. It is included here once for each instruction set, with other names, other vectors and the
   compiler told to use that set. The arithmetic is additions, subtractions, multiplications, divisions and integer
   operations only, with one rounding each (-ffp-contract=off), in an order that does not depend on the length of
   the vectors: sums are kept in 16 lanes whatever the registers hold. Every instruction set computes the same bits.

   Vectors are an extension of C that GCC and Clang have and MSVC has not. */

#ifndef GLOVE_SKLEARN_SIMD_H
#define GLOVE_SKLEARN_SIMD_H

#include <stdint.h>
#include <string.h>

#if !defined(__GNUC__) && !defined(__clang__)
#error "glove_sklearn needs GCC or Clang, for their vector extension of C"
#endif

typedef struct {
    uint16_t row;
    uint16_t column;
    float value;
} record_t;

enum {
    SUM_LANES = 16,     /* partial sums of a dot product, and columns of a chunk */
    HALF_CHUNK = 8,     /* a row is padded to a multiple of it: its last chunk may be a half */
    BATCH = 64,         /* records whose logarithms and weights are computed at a time */
    AHEAD = 4,          /* records between the prefetch of parameters and their use */
    CACHE_LINE = 64
};

typedef float float4 __attribute__((vector_size(16)));
typedef float float8 __attribute__((vector_size(32)));
typedef float float16 __attribute__((vector_size(64)));
typedef int32_t int4 __attribute__((vector_size(16)));
typedef int32_t int8 __attribute__((vector_size(32)));
typedef int32_t int16 __attribute__((vector_size(64)));

typedef double train_t(const record_t *, int64_t, float *, float *, int64_t, float, float);
typedef void add_products_t(const record_t *, int64_t, const float *, const float *, const float *, float *, int64_t, int);
typedef void log_and_weight_t(const float *, int64_t, float, float, float *, float *);

#define LANES 4
#define VFLOAT float4
#define VINT int4
#define NAME(name) name##_baseline
#define TARGET
#include "_simd_body.h"

#if defined(__x86_64__)

#define LANES 8
#define VFLOAT float8
#define VINT int8
#define NAME(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#include "_simd_body.h"

#define LANES 16
#define VFLOAT float16
#define VINT int16
#define NAME(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#include "_simd_body.h"

#endif

typedef struct {
    const char *name;
    train_t *train;
    add_products_t *add_products;
    log_and_weight_t *log_and_weight;
} instruction_set_t;

/* From the narrowest to the widest. */
static const instruction_set_t INSTRUCTION_SETS[] = {
    {"baseline", train_baseline, add_products_baseline, log_and_weight_baseline},
#if defined(__x86_64__)
    {"avx2", train_avx2, add_products_avx2, log_and_weight_avx2},
    {"avx512", train_avx512, add_products_avx512, log_and_weight_avx512},
#endif
};

/* How many of them this processor, and its operating system, can run. */
static int usable_instruction_sets(void) {
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
