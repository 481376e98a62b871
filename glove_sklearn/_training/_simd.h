/* The inner loops of training, compiled for each instruction set, with a table to choose from at run time.

   _simd_body.h holds the loops. It is included here once for each instruction set, with other names for functions, other types
   of vectors, and the compiler told to use that set. The arithmetic consists of additions, subtractions, multiplications,
   divisions and integer operations only, each rounded once (-ffp-contract=off), in an order that does not depend on the width of
   the registers: sums are kept in 16 lanes whatever a register holds. Every instruction set therefore computes the same bits.

   Vectors are an extension of C that GCC and Clang share. */

#ifndef GLOVE_SKLEARN_SIMD_H
#define GLOVE_SKLEARN_SIMD_H

#include <stdint.h>
#include <string.h>

#include "glove_sklearn/_system/_bits.h"
#include "glove_sklearn/_training/_instruction_sets.h"
#include "glove_sklearn/_training/_records.h"

enum {
    BATCH = 64,         /* records whose logarithms and weights are computed together */
    AHEAD = 4,          /* records between the prefetch of parameters and their use */
    CACHE_LINE = 64     /* bytes */
};

typedef float float4 __attribute__((vector_size(16)));
typedef float float8 __attribute__((vector_size(32)));
typedef float float16 __attribute__((vector_size(64)));
typedef int32_t int4 __attribute__((vector_size(16)));
typedef int32_t int8 __attribute__((vector_size(32)));
typedef int32_t int16 __attribute__((vector_size(64)));

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

/* In the order of instruction_set_name. */
static const instruction_set_t INSTRUCTION_SETS[] = {
    {"baseline", train_baseline, add_products_baseline, log_and_weight_baseline},
#if defined(__x86_64__)
    {"avx2", train_avx2, add_products_avx2, log_and_weight_avx2},
    {"avx512", train_avx512, add_products_avx512, log_and_weight_avx512},
#endif
};

#endif
