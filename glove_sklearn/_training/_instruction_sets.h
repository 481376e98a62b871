/* The inner loops of training, once for each instruction set, and the choice among them at run time.

   _simd_body.h holds the loops. It is included here once for each instruction set, with different names and vector types, and
   with the compiler told to use that set. The arithmetic consists of additions, subtractions, multiplications, divisions and
   integer operations only, with one rounding each (-ffp-contract=off), in an order that does not depend on the length of the
   vectors: sums are kept in 16 lanes whatever the registers hold. Every instruction set computes the same bits. */

#ifndef GLOVE_SKLEARN_INSTRUCTION_SETS_H
#define GLOVE_SKLEARN_INSTRUCTION_SETS_H

#include "_simd.h"

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
